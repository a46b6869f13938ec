// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * packet:IFACE[,queues=N] - an interface that exists, through AF_PACKET.
 *
 * Frames are read and written with a virtio-net header of 10 bytes.  It cannot
 * say that a super-frame is inside a tunnel, yet the kernel hands such frames
 * up: packet_tunnel.c.  VLAN tags come out of band and are put in band.  The
 * host's own stack sees the frames too.
 *
 * A frame finds its queue by the priority of the socket that sends it.  Workers
 * may share a socket, so once there are queues they take turns.
 */

#include "port.h"

#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include "hdr.h"
#include "packet_tunnel.h"
#include "pkt_ops.h"
#include "queue.h"
#include "quiet.h"
#include "vnet.h"

#ifndef PACKET_FANOUT_FLAG_IGNORE_OUTGOING
#define PACKET_FANOUT_FLAG_IGNORE_OUTGOING	0x4000	/* Linux 6.1 */
#endif

#define PACKET_BATCH		32		/* messages of one system call */
#define PACKET_SOCK_BUF		(8 << 20)	/* super-frames take a lot */

/* what the kernel does for us on the way out, with a 10-byte header */
#define PACKET_OFFLOAD	(CVSW_OFFLOAD_CSUM | CVSW_OFFLOAD_TSO4 |	\
			 CVSW_OFFLOAD_TSO6 | CVSW_OFFLOAD_TSO_ECN |	\
			 CVSW_OFFLOAD_USO4 | CVSW_OFFLOAD_USO6)

/* what waits in queues is counted against the socket: more than all of it */
#define PACKET_SEND_QUEUES	(1 << 29)

/**
 * struct packet_turn - who sends by a socket of a port with queues
 * @priority: that the socket has
 */
struct packet_turn {
	pthread_mutex_t	lock;
	u32		priority;
};

struct packet {
	struct quiet		*quiet;
	struct packet_turn	turn[PORT_QUEUES_MAX];
};

union packet_control {
	struct cmsghdr	align;
	u8		room[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
};

static int packet_option(int fd, int option, int value)
{
	return setsockopt(fd, SOL_PACKET, option, &value, sizeof(value)) ?
	       -errno : 0;
}

static void packet_buffers(int fd)
{
	const int size = PACKET_SOCK_BUF;

	/* without CAP_NET_ADMIN the defaults have to do */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
}

static int packet_promisc(int fd, int ifindex)
{
	const struct packet_mreq mreq = {
		.mr_ifindex = ifindex,
		.mr_type = PACKET_MR_PROMISC,
	};

	return setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mreq,
			  sizeof(mreq)) ? -errno : 0;
}

static int packet_bind(int fd, int ifindex)
{
	const struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = cpu_to_be16(ETH_P_ALL),
		.sll_ifindex = ifindex,
	};

	return bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) ?
	       -errno : 0;
}

static int packet_socket(int ifindex, const char **why)
{
	int fd, ret;

	*why = "AF_PACKET";
	/* protocol 0: nothing arrives before bind() */
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	packet_buffers(fd);
	*why = "PACKET_VNET_HDR";
	ret = packet_option(fd, PACKET_VNET_HDR, 1);
	if (!ret) {
		*why = "PACKET_AUXDATA";
		ret = packet_option(fd, PACKET_AUXDATA, 1);
	}
	if (!ret) {
		*why = "PACKET_IGNORE_OUTGOING";
		ret = packet_option(fd, PACKET_IGNORE_OUTGOING, 1);
	}
	if (!ret) {
		*why = "PACKET_MR_PROMISC";
		ret = packet_promisc(fd, ifindex);
	}
	if (!ret) {
		*why = "bind";
		ret = packet_bind(fd, ifindex);
	}
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}

/*
 * Let the kernel spread flows over the sockets of one port.  Without
 * IGNORE_OUTGOING, what we send would come back where the kernel cuts it for
 * an interface: it knows only the last segment of a super-frame for ours.
 */
static int packet_fanout(struct port *port, u16 *group)
{
	const int mode = PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_IGNORE_OUTGOING;
	int value, fd = port->queue[0].fd;
	socklen_t len = sizeof(value);
	unsigned int i;
	int ret;

	value = (mode | PACKET_FANOUT_FLAG_UNIQUEID) << 16;
	ret = packet_option(fd, PACKET_FANOUT, value);
	if (ret)
		return ret;
	if (getsockopt(fd, SOL_PACKET, PACKET_FANOUT, &value, &len))
		return -errno;
	*group = (u16)value;
	value = *group | mode << 16;
	for (i = 1; i < port->n_queues && !ret; i++)
		ret = packet_option(port->queue[i].fd, PACKET_FANOUT, value);
	return ret;
}

static struct packet *packet_new(void)
{
	struct packet *packet = calloc(1, sizeof(*packet));
	unsigned int i;

	if (!packet)
		return NULL;
	packet->quiet = quiet_new();
	if (!packet->quiet) {
		free(packet);
		return NULL;
	}
	for (i = 0; i < PORT_QUEUES_MAX; i++)
		pthread_mutex_init(&packet->turn[i].lock, NULL);
	return packet;
}

static int packet_port_open(struct port *port, const struct port_spec *spec,
			    const char **why)
{
	unsigned int i;
	u16 group;
	int fd;

	*why = spec->device;
	port->ifindex = (int)if_nametoindex(spec->device);
	if (!port->ifindex)
		return -errno;
	port->priv = packet_new();	/* from now on there is something to close */
	if (!port->priv)
		return -ENOMEM;
	port->rx_offload = PACKET_OFFLOAD;
	port->tx_offload = PACKET_OFFLOAD | CVSW_OFFLOAD_GRO;
	for (i = 0; i < spec->queues; i++) {
		fd = packet_socket(port->ifindex, why);
		if (fd < 0)
			return fd;
		port->queue[i].fd = fd;
	}
	if (spec->queues == 1)
		return 0;
	*why = "PACKET_FANOUT";
	return packet_fanout(port, &group);
}

static void packet_port_close(struct port *port)
{
	struct packet *packet = port->priv;
	unsigned int i;

	quiet_free(packet->quiet);
	for (i = 0; i < port->n_queues; i++)
		if (port->queue[i].fd >= 0)
			close(port->queue[i].fd);
	free(packet);
}

/* frames for an address of the kernel's own are ours */
static void packet_port_quiet(struct port *port,
			      const struct cvsw_config *config)
{
	const struct packet *packet = port->priv;

	quiet_start(packet->quiet, config);
}

/* In */

static const struct tpacket_auxdata *packet_auxdata(struct msghdr *msg)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c))
		if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA)
			return (const struct tpacket_auxdata *)CMSG_DATA(c);
	return NULL;
}

/* put the tag back that the kernel took out */
static int packet_vlan(struct cvsw_pkt *pkt, struct msghdr *msg)
{
	const struct tpacket_auxdata *aux = packet_auxdata(msg);
	u8 *p;

	if (!aux || !(aux->tp_status & TP_STATUS_VLAN_VALID))
		return 0;
	/* a second tag: push, where vlan_set would overwrite the first */
	p = cvsw_pkt_push(pkt, CVSW_VLAN_HLEN);
	if (!p)
		return -ENOMEM;
	memmove(p, p + CVSW_VLAN_HLEN, 2 * CVSW_ETH_ALEN);
	put_unaligned_be16(aux->tp_status & TP_STATUS_VLAN_TPID_VALID ?
			   aux->tp_vlan_tpid : CVSW_ETH_P_8021Q, p + 12);
	put_unaligned_be16(aux->tp_vlan_tci, p + 14);
	return 0;
}

/* make a frame of what a message brought */
static int packet_finish(struct cvsw_pkt *pkt, struct mmsghdr *m, u8 *hdr)
{
	const struct virtio_net_hdr *v = (const struct virtio_net_hdr *)hdr;
	int ret = -ENOENT;

	pkt->frame->len = m->msg_len - min_t(u32, m->msg_len, CVSW_VNET_HLEN);
	if (!pkt->frame->len || m->msg_hdr.msg_flags & MSG_TRUNC)
		return -EPROTO;
	if (v->gso_type)
		ret = packet_tunnel(pkt, v);
	if (ret == -ENOENT)
		ret = cvsw_vnet_decode(pkt, hdr, CVSW_VNET_HLEN);
	if (ret)
		return -EPROTO;
	return packet_vlan(pkt, &m->msg_hdr);
}

/* one message of a batch: @hdr, then the frame */
struct packet_slot {
	u8			hdr[CVSW_VNET_HLEN];
	struct iovec		iov[2];
	union packet_control	control;
};

static int packet_rx_prepare(struct port_queue *q, struct cvsw_pool *pool,
			     struct packet_slot *slot, struct mmsghdr *m,
			     struct cvsw_pkt **frames)
{
	int i;

	for (i = 0; i < PACKET_BATCH; i++, slot++, m++) {
		frames[i] = cvsw_frame_new(pool, q->port->no, CVSW_FRAME_MAX);
		if (!frames[i])
			break;
		slot->iov[0] = (struct iovec){ slot->hdr, CVSW_VNET_HLEN };
		slot->iov[1] = (struct iovec){
			frames[i]->frame->data, CVSW_FRAME_MAX,
		};
		*m = (struct mmsghdr){
			.msg_hdr = {
				.msg_iov = slot->iov,
				.msg_iovlen = 2,
				.msg_control = &slot->control,
				.msg_controllen = sizeof(slot->control),
			},
		};
	}
	return i;
}

/* an error that passes: no frames, or the link is down */
static bool packet_rx_quiet(int err)
{
	return err == EAGAIN || err == EINTR || err == ENETDOWN ||
	       err == ENOBUFS;
}

/* at most PACKET_BATCH frames; how many messages there were, or an error */
static int packet_rx(struct port_queue *q, struct cvsw_pool *pool,
		     struct port_batch *b)
{
	struct cvsw_pkt *frame[PACKET_BATCH];
	struct packet_slot slot[PACKET_BATCH];
	struct mmsghdr m[PACKET_BATCH];
	int i, n, room, err = 0;

	room = packet_rx_prepare(q, pool, slot, m, frame);
	n = recvmmsg(q->fd, m, (unsigned int)room, MSG_DONTWAIT, NULL);
	if (n < 0) {
		err = packet_rx_quiet(errno) ? 0 : -errno;
		n = 0;
	}
	for (i = 0; i < n; i++) {
		if (packet_finish(frame[i], &m[i], slot[i].hdr)) {
			b->bad[b->n_bad++] = frame[i];
			continue;
		}
		b->bytes += cvsw_frame_len(frame[i]);
		b->frame[b->n++] = frame[i];
	}
	for (; i < room; i++)
		cvsw_frame_free(frame[i]);
	return err ? err : n;
}

static_assert(PORT_BATCH % PACKET_BATCH == 0, "a batch is whole reads");

static int packet_port_read(struct port_queue *q, struct cvsw_pool *pool,
			    struct port_batch *b)
{
	int n;

	do
		n = packet_rx(q, pool, b);
	while (n == PACKET_BATCH && b->n + b->n_bad < PORT_BATCH &&
	       b->bytes < PORT_BATCH_BYTES);
	return min(n, 0);
}

/* Out */

static unsigned int packet_tx(struct port_queue *q,
			      struct cvsw_pkt *const *frames, unsigned int n,
			      int *err)
{
	struct packet_slot slot[PACKET_BATCH];
	struct mmsghdr m[PACKET_BATCH];
	struct cvsw_buf *buf;
	unsigned int i;
	int sent;

	for (i = 0; i < n; i++) {
		buf = frames[i]->frame;
		*err = cvsw_vnet_encode(frames[i], slot[i].hdr, CVSW_VNET_HLEN);
		if (*err)
			break;
		slot[i].iov[0] = (struct iovec){ slot[i].hdr, CVSW_VNET_HLEN };
		slot[i].iov[1] = (struct iovec){ buf->data, buf->len };
		m[i] = (struct mmsghdr){
			.msg_hdr = { .msg_iov = slot[i].iov, .msg_iovlen = 2 },
		};
	}
	if (!i)
		return 0;
	sent = sendmmsg(q->fd, m, i, MSG_DONTWAIT);
	if (sent < 0)
		*err = -errno;
	return (unsigned int)max(sent, 0);
}

/* @batch: how many with one system call */
static unsigned int packet_tx_all(struct port_queue *q,
				  struct cvsw_pkt *const *frames,
				  unsigned int n, unsigned int batch, int *err)
{
	unsigned int done = 0, sent;

	while (done < n) {
		*err = 0;
		sent = packet_tx(q, frames + done, min(n - done, batch), err);
		done += sent;
		if (!sent)
			break;
	}
	return done;
}

/* frames at the start of @frames that are for the queue of the first */
static unsigned int packet_run(struct cvsw_pkt *const *frames, unsigned int n)
{
	unsigned int i = 1;

	while (i < n && frames[i]->queue == frames[0]->queue)
		i++;
	return i;
}

/* in its turn */
static void packet_priority(const struct port_queue *q, u32 id)
{
	struct packet *packet = q->port->priv;
	struct packet_turn *turn = &packet->turn[q->index];
	const u32 priority = queue_priority(id);

	if (priority != turn->priority &&
	    !setsockopt(q->fd, SOL_SOCKET, SO_PRIORITY, &priority,
			sizeof(priority)))
		turn->priority = priority;
}

/* by the queues that they are for.  One by one: a batch that ends early does not
 * say why, and its next frame would be tried, and maybe dropped, twice */
static noinline unsigned int packet_tx_queues(struct port_queue *q,
					      struct cvsw_pkt *const *frames,
					      unsigned int n, int *err)
{
	struct packet *packet = q->port->priv;
	pthread_mutex_t *lock = &packet->turn[q->index].lock;
	unsigned int done = 0, run, sent;

	pthread_mutex_lock(lock);
	while (done < n) {
		run = packet_run(frames + done, n - done);
		packet_priority(q, READ_ONCE(q->port->shaped) ?
				   frames[done]->queue : 0);
		sent = packet_tx_all(q, frames + done, run, 1, err);
		done += sent;
		if (sent < run)
			break;
	}
	pthread_mutex_unlock(lock);
	return done;
}

static unsigned int packet_port_write(struct port_queue *q,
				      struct cvsw_pkt *const *frames,
				      unsigned int n, enum cvsw_drop *why)
{
	unsigned int done;
	int err = 0;

	if (unlikely(READ_ONCE(q->port->shaped)))
		done = packet_tx_queues(q, frames, n, &err);
	else
		done = packet_tx_all(q, frames, n, PACKET_BATCH, &err);
	*why = CVSW_DROP_TX_ERROR;
	if (done < n && (err == -EAGAIN || err == -ENOBUFS))
		*why = CVSW_DROP_TX_FULL;
	else if (done < n && err == -EMSGSIZE)
		*why = CVSW_DROP_TOO_BIG;
	return done;
}

static void packet_send_buffer(const struct port *port, int size)
{
	unsigned int i;

	for (i = 0; i < port->n_queues; i++)
		setsockopt(port->queue[i].fd, SOL_SOCKET, SO_SNDBUFFORCE, &size,
			   sizeof(size));
}

static int packet_port_shape(struct port *port, int *ifindex, const char **why)
{
	*ifindex = port->ifindex;
	packet_send_buffer(port, PACKET_SEND_QUEUES);
	return 0;
}

static void packet_port_unshape(struct port *port)
{
	struct packet *packet = port->priv;
	unsigned int i;

	for (i = 0; i < port->n_queues; i++) {
		pthread_mutex_lock(&packet->turn[i].lock);
		packet_priority(&port->queue[i], 0);
		pthread_mutex_unlock(&packet->turn[i].lock);
	}
	packet_send_buffer(port, PACKET_SOCK_BUF);
}

static int packet_port_offload(struct port *port, u32 rx, u32 tx)
{
	/* what arrives is the kernel's choice */
	WRITE_ONCE(port->tx_offload, tx);
	return 0;
}

const struct port_ops port_packet = {
	.kind = "packet",
	.options = PORT_O_QUEUES | PORT_O_LINK | PORT_O_OFFLOAD,
	.open = packet_port_open,
	.close = packet_port_close,
	.read = packet_port_read,
	.write = packet_port_write,
	.quiet = packet_port_quiet,
	.shape = packet_port_shape,
	.unshape = packet_port_unshape,
	.queue_max = CVSW_QUEUE_MAX,
	.offload = packet_port_offload,
};
