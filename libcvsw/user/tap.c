// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "tap.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include "vnet.h"

#define TAP_SUPER	(CVSW_OFFLOAD_CSUM | CVSW_OFFLOAD_TSO4 |	\
			 CVSW_OFFLOAD_TSO6 | CVSW_OFFLOAD_TSO_ECN)
#define TAP_USO		(CVSW_OFFLOAD_USO4 | CVSW_OFFLOAD_USO6)
#define TAP_TUNNEL	(CVSW_OFFLOAD_TUNNEL | CVSW_OFFLOAD_TUNNEL_CSUM)

/*
 * What to ask for, best first.  The CVSW_OFFLOAD_* bits are the TUN_F_* bits
 * of TUNSETOFFLOAD.  The kernel takes tunnel bits (6.17) with any header, but
 * reads the tunnel fields only from one of 24 bytes.
 */
static const struct {
	unsigned int	hdr_len;
	u32		offload;
} tap_probes[] = {
	{ 24, TAP_SUPER | TAP_USO | TAP_TUNNEL },
	{ 24, TAP_SUPER | TAP_TUNNEL },
	{ 24, TAP_SUPER | CVSW_OFFLOAD_TUNNEL },
	{ 12, TAP_SUPER | TAP_USO },
	{ 12, TAP_SUPER },
	{ 12, CVSW_OFFLOAD_CSUM | CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_TSO6 },
	{ 10, CVSW_OFFLOAD_CSUM | CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_TSO6 },
	{ 10, CVSW_OFFLOAD_CSUM },
	{ 10, 0 },
};

static int tap_ioctl(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) < 0 ? -errno : 0;
}

static int tap_offload_ioctl(const struct cvsw_tap *tap, u32 offload)
{
	unsigned long arg = offload;

	return ioctl(tap->fd[0], TUNSETOFFLOAD, arg) < 0 ? -errno : 0;
}

static int tap_attach(int fd, struct ifreq *ifr, unsigned int queues,
		      bool vnet_hdr)
{
	short flags = IFF_TAP | IFF_NO_PI;
	int ret;

	if (vnet_hdr)
		flags |= IFF_VNET_HDR;
	ifr->ifr_flags = flags;
	if (queues > 1)
		ifr->ifr_flags |= IFF_MULTI_QUEUE;
	ret = tap_ioctl(fd, TUNSETIFF, ifr);
	if (ret != -EINVAL || queues > 1)
		return ret;
	/* one queue of a device that was made for several */
	ifr->ifr_flags = (short)(flags | IFF_MULTI_QUEUE);
	return tap_ioctl(fd, TUNSETIFF, ifr);
}

static int tap_hdr_set(const struct cvsw_tap *tap, unsigned int hdr_len)
{
	int len = (int)hdr_len;
	unsigned int i;
	int ret;

	for (i = 0; i < tap->queues; i++) {
		ret = tap_ioctl(tap->fd[i], TUNSETVNETHDRSZ, &len);
		if (ret)
			return ret;
	}
	return 0;
}

static int tap_probe(struct cvsw_tap *tap)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tap_probes); i++) {
		if (tap_hdr_set(tap, tap_probes[i].hdr_len) ||
		    tap_offload_ioctl(tap, tap_probes[i].offload))
			continue;
		tap->hdr_len = tap_probes[i].hdr_len;
		tap->rx_offload = tap_probes[i].offload;
		tap->tx_offload = tap_probes[i].offload;
		return 0;
	}
	return -EOPNOTSUPP;
}

static int tap_queue_open(struct cvsw_tap *tap, const char *name,
			  unsigned int queues, const char **why)
{
	struct ifreq ifr = {};
	unsigned int features = 0;
	int fd, ret;

	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		*why = "/dev/net/tun";
		return -errno;
	}
	tap->fd[tap->queues++] = fd;
	tap_ioctl(fd, TUNGETFEATURES, &features);
	memcpy(ifr.ifr_name, name, strlen(name));
	*why = "TUNSETIFF";
	ret = tap_attach(fd, &ifr, queues, features & IFF_VNET_HDR);
	if (ret)
		return ret;
	tap->hdr_len = features & IFF_VNET_HDR ? 10 : 0;
	memcpy(tap->name, ifr.ifr_name, sizeof(tap->name));
	return 0;
}

int cvsw_tap_open(struct cvsw_tap *tap, const char *name, unsigned int queues,
		  unsigned int flags, const char **why)
{
	const char *next = name;
	int ret = 0;

	*tap = (struct cvsw_tap){};
	*why = "name";
	if (!*name || strlen(name) >= IFNAMSIZ)
		return -EINVAL;
	*why = "queues";
	if (!queues || queues > CVSW_TAP_QUEUES_MAX)
		return -EINVAL;
	while (!ret && tap->queues < queues) {
		ret = tap_queue_open(tap, next, queues, why);
		next = tap->name;
	}
	if (!ret && flags & CVSW_TAP_PERSIST) {
		*why = "TUNSETPERSIST";
		if (ioctl(tap->fd[0], TUNSETPERSIST, 1UL) < 0)
			ret = -errno;
	}
	if (!ret && tap->hdr_len) {
		*why = "TUNSETOFFLOAD";
		ret = tap_probe(tap);
	}
	if (ret)
		cvsw_tap_close(tap);
	return ret;
}

void cvsw_tap_close(struct cvsw_tap *tap)
{
	while (tap->queues)
		close(tap->fd[--tap->queues]);
}

/* bits that the kernel refuses without the ones they build on */
static u32 tap_offload_sane(u32 offload)
{
	if (!(offload & CVSW_OFFLOAD_CSUM))
		return 0;
	if ((offload & TAP_USO) != TAP_USO)
		offload &= ~(u32)TAP_USO;
	if (!(offload & (CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_TSO6)))
		offload &= ~(u32)(CVSW_OFFLOAD_TSO_ECN | TAP_TUNNEL);
	if (!(offload & CVSW_OFFLOAD_TUNNEL))
		offload &= ~(u32)CVSW_OFFLOAD_TUNNEL_CSUM;
	return offload;
}

int cvsw_tap_offload_set(struct cvsw_tap *tap, u32 want)
{
	u32 offload = tap_offload_sane(want & tap->tx_offload);
	int ret;

	if (!tap->hdr_len)
		return 0;
	ret = tap_offload_ioctl(tap, offload);
	if (!ret)
		tap->rx_offload = offload;
	return ret;
}

int cvsw_tap_mac(const struct cvsw_tap *tap, u8 *mac)
{
	struct ifreq ifr = {};
	int ret;

	ret = tap_ioctl(tap->fd[0], SIOCGIFHWADDR, &ifr);
	if (!ret)
		memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	return ret;
}

/*
 * The header goes straight in front of the frame, where the headroom is, so
 * that one plain read() or write() does.  It is done by syscall(): in a program
 * with threads glibc's own functions are cancellation points, which costs some
 * 4 % of a small frame.
 */
static_assert(CVSW_BUF_HEADROOM >= CVSW_VNET_HLEN_TUNNEL, "room for a header");

int cvsw_tap_read(const struct cvsw_tap *tap, unsigned int queue,
		  struct cvsw_pool *pool, struct cvsw_pkt **frame)
{
	const unsigned int hlen = tap->hdr_len;
	struct cvsw_pkt *pkt = cvsw_frame_new(pool, 0, CVSW_FRAME_MAX);
	ssize_t len;
	u8 *hdr;
	int ret;

	if (unlikely(!pkt))
		return -ENOMEM;
	hdr = pkt->frame->data - hlen;
	len = syscall(SYS_read, tap->fd[queue], hdr, hlen + CVSW_FRAME_MAX);
	if (len < (ssize_t)hlen) {
		ret = len < 0 ? -errno : -EIO;
		cvsw_frame_free(pkt);
		return ret;
	}
	pkt->frame->len = (u32)len - hlen;
	*frame = pkt;
	/* one that fills the buffer may have been cut */
	if (pkt->frame->len == CVSW_FRAME_MAX ||
	    (hlen && cvsw_vnet_decode(pkt, hdr, hlen)))
		return -EPROTO;
	return 0;
}

int cvsw_tap_write(const struct cvsw_tap *tap, unsigned int queue,
		   const struct cvsw_pkt *frame)
{
	const unsigned int hlen = tap->hdr_len;
	struct cvsw_buf *buf = frame->frame;
	u8 hdr[CVSW_VNET_HLEN_TUNNEL];
	struct iovec iov[2] = {
		{ hdr, hlen },
		{ buf->data, buf->len },
	};
	ssize_t len;
	int ret;

	if (hlen) {
		ret = cvsw_vnet_encode(frame, hdr, hlen);
		if (ret)
			return ret;
	}
	if (likely(cvsw_buf_can_push(buf, hlen))) {
		memcpy(buf->data - hlen, hdr, hlen);
		len = syscall(SYS_write, tap->fd[queue], buf->data - hlen,
			      hlen + buf->len);
	} else {
		len = writev(tap->fd[queue], iov, 2);
	}
	return len < 0 ? -errno : 0;
}

/* copied, for the frame may be somebody else's too */
int cvsw_tap_write_tagged(const struct cvsw_tap *tap, unsigned int queue,
			  const struct cvsw_pkt *frame, u16 vid)
{
	const unsigned int hlen = tap->hdr_len;
	const struct cvsw_buf *buf = frame->frame;
	u8 head[CVSW_VNET_HLEN_TUNNEL + 2 * CVSW_ETH_ALEN + CVSW_VLAN_HLEN]
		__attribute__((aligned(8)));
	struct virtio_net_hdr *v = (void *)head;
	u8 *mac = head + hlen, *tag = mac + 2 * CVSW_ETH_ALEN;
	struct iovec iov[2] = {
		{ head, hlen + 2 * CVSW_ETH_ALEN + CVSW_VLAN_HLEN },
		{ buf->data + 2 * CVSW_ETH_ALEN, buf->len - 2 * CVSW_ETH_ALEN },
	};
	int ret;

	if (buf->len < CVSW_ETH_HLEN || cvsw_pkt_is_super(frame))
		return cvsw_tap_write(tap, queue, frame);
	if (hlen) {
		ret = cvsw_vnet_encode(frame, head, hlen);
		if (ret)
			return ret;
		if (v->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
			v->csum_start += CVSW_VLAN_HLEN;
	}
	memcpy(mac, buf->data, 2 * CVSW_ETH_ALEN);
	put_unaligned_be16(ETH_P_8021AD, tag);
	put_unaligned_be16(vid, tag + 2);
	return writev(tap->fd[queue], iov, 2) < 0 ? -errno : 0;
}
