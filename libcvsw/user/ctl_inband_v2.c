// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Control of vNICs by frames, version 2.  It has frames for flows, an MTU and
 * offloads, and no answers: what can be sent is said to be done, all else is
 * refused here, where the requests of a connection are read.
 */

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cvsw/inband.h>
#include "ctl_inband.h"
#include "ctl_transport.h"
#include "inband_v2_put.h"
#include "nl_codec.h"
#include "nl_msg.h"

#define V2_VERSION	2
#define V2_WAIT_MS	300	/* for a REGISTER, if it comes at all */
#define V2_BURST	256u	/* frames at once, and then one each */
#define V2_PACE_US	1000u	/* that a vNIC is sure to take them */
#define V2_GUEST	1	/* the port whose device is meant */

/**
 * struct v2_link - a connection
 * @socket: first, of who asks
 * @far:    the other end of it, where answers are put
 * @sock:   frames go there
 * @dst:    to whom
 * @sent:   frames that went
 * @fresh:  a vNIC has just begun to wait for orders
 * @frame:  header, then a payload
 */
struct v2_link {
	struct cvsw_ctl_socket	socket;
	int			far;
	struct cvsw_sock	sock;
	u8			dst[6];
	u32			sent;
	bool			fresh;
	u8	frame[CVSW_INBAND_V2_HLEN + CVSW_V2_FLOW_MAX];
};

/* Frames */

/* send l->frame with @len bytes of payload */
static int v2_frame(struct v2_link *l, u8 type, u16 data, u16 len)
{
	struct cvsw_inband_v2 hdr = {
		.version_type = (u8)(V2_VERSION << 4 | type),
		.len = cpu_to_be16(len),
		.data = cpu_to_be16(data),
		.type = cpu_to_be16(CVSW_INBAND_TYPE),
	};

	memcpy(hdr.dst, l->dst, sizeof(hdr.dst));
	memcpy(l->frame, &hdr, sizeof(hdr));
	if (++l->sent > V2_BURST)
		usleep(V2_PACE_US);
	if (send(l->sock.fd, l->frame, sizeof(hdr) + len, MSG_NOSIGNAL) < 0)
		return -errno;
	l->fresh &= type == CVSW_INBAND_V2_HELLO;
	return 0;
}

/* Requests: 0, or a negative errno with the reason */

static int v2_refuse(struct netlink_ext_ack *extack, const char *text)
{
	return cvsw_nl_refuse(extack, NULL, text, -EOPNOTSUPP);
}

/* the payload of a flow-mod into l->frame: its bytes */
static int v2_put(struct v2_link *l, const struct cvsw_flow_mod *mod,
		  struct netlink_ext_ack *extack)
{
	const char *why;
	int n = cvsw_v2_put_flow(mod, l->frame + CVSW_INBAND_V2_HLEN, &why);

	if (n < 0)
		return v2_refuse(extack, why);
	if (n > l->sock.mtu)
		return v2_refuse(extack, "flow: does not fit in a frame");
	if (l->fresh && mod->cmd != CVSW_FLOW_ADD)
		return v2_refuse(extack, "flow: the vNIC is not told to delete"
				 " before something was set");
	return n;
}

/* all of them can be sent, or none is */
static int v2_check(struct v2_link *l, const struct cvsw_nl_mods *mods,
		    struct netlink_ext_ack *extack)
{
	bool fresh = l->fresh;
	unsigned int i;
	int n = 0;

	for (i = 0; i < mods->n && n >= 0; i++) {
		n = v2_put(l, &mods->mod[i], extack);
		l->fresh &= n < 0;
	}
	l->fresh = fresh;
	if (n < 0)
		cvsw_nl_blame(extack, (s32)i - 1, -1);
	return min(n, 0);
}

static int v2_flow(struct v2_link *l, const struct cvsw_flow_mod *mod,
		   struct netlink_ext_ack *extack)
{
	int n = v2_put(l, mod, extack);

	if (n < 0)
		return n;
	return v2_frame(l, mod->cmd == CVSW_FLOW_ADD ?
			CVSW_INBAND_V2_SET_ENTRY : CVSW_INBAND_V2_DELETE_ENTRY,
			0, (u16)n);
}

static int v2_flows(struct v2_link *l, const struct nlmsghdr *nlh,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *list;
	struct cvsw_nl_mods mods;
	unsigned int i;
	int len, ret;

	list = cvsw_nl_msg_attrs(nlh, &len);
	cvsw_nl_mods_init(&mods);
	ret = cvsw_nl_mods_add(&mods, list, len, extack) ?:
	      v2_check(l, &mods, extack);
	for (i = 0; i < mods.n && !ret; i++)
		ret = v2_flow(l, &mods.mod[i], extack);
	cvsw_nl_mods_free(&mods);
	return ret;
}

#define V2_F(name)	(1u << CVSW_PORT_A_##name)

/* what is to change of a port has a form when it is no more than this */
static int v2_port_check(const struct cvsw_port_info *port, u32 fields,
			 struct netlink_ext_ack *extack)
{
	const u32 all = V2_F(NO) | V2_F(MTU) | V2_F(MTU_AUTO) |
			V2_F(DEVICE_ASKED) | V2_F(RX_OFFLOAD) | V2_F(TX_OFFLOAD);

	if (port->no != V2_GUEST)
		return v2_refuse(extack, "port: version 2 of in-band control"
				 " changes the guest's only, which is 1");
	if (fields & ~all || port->mtu_auto)
		return v2_refuse(extack, "port: version 2 of in-band control"
				 " changes MTU and offloads only");
	/* those of frames follow the device's */
	if (port->rx_offload || port->tx_offload & ~(u32)CVSW_OFFLOAD_GRO ||
	    ((fields & (V2_F(RX_OFFLOAD) | V2_F(TX_OFFLOAD))) &&
	     !(fields & V2_F(DEVICE_ASKED))) ||
	    cvsw_v2_put_offload(port->device_asked) < 0)
		return v2_refuse(extack, "offloads: version 2 of in-band control"
				 " has csum, tso, uso, gso and gro only");
	return 0;
}

static const struct nlattr *v2_port_nest(const struct nlmsghdr *nlh)
{
	const struct nlattr *nla;
	int rem, len;

	nla = cvsw_nl_msg_attrs(nlh, &len);
	nla_for_each_attr(nla, nla, len, rem)
		if (nla_type(nla) == CVSW_A_PORT)
			return nla;
	return NULL;
}

static int v2_port(struct v2_link *l, const struct nlmsghdr *nlh,
		   struct netlink_ext_ack *extack)
{
	const struct nlattr *nest = v2_port_nest(nlh);
	struct cvsw_port_info port = {};
	u32 fields = 0;
	int ret;

	if (!nest)
		return v2_refuse(extack, "port: which one?");
	ret = cvsw_nl_get_port(nest, &port, &fields, extack) ?:
	      v2_port_check(&port, fields, extack);
	if (!ret && fields & V2_F(MTU))
		ret = v2_frame(l, CVSW_INBAND_V2_CHANGE_MTU, (u16)port.mtu, 0);
	if (!ret && fields & V2_F(DEVICE_ASKED))
		ret = v2_frame(l, CVSW_INBAND_V2_CHANGE_OFFLOAD,
			       (u16)cvsw_v2_put_offload(port.device_asked), 0);
	return ret;
}

static int v2_request(struct v2_link *l, const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack)
{
	u8 cmd = cvsw_nl_msg_ok(nlh) ? cvsw_nl_msg_cmd(nlh) : CVSW_CMD_UNSPEC;

	if (cmd == CVSW_CMD_FLOW_MOD)
		return v2_flows(l, nlh, extack);
	if (cmd == CVSW_CMD_PORT_SET)
		return v2_port(l, nlh, extack);
	return v2_refuse(extack, "version 2 of in-band control has no such"
			 " message; version 3 takes a key=FILE");
}

/* Link */

static int v2_send(void *link, const void *msg, size_t len, bool wait)
{
	const struct nlmsghdr *nlh = msg;
	struct netlink_ext_ack extack = {};
	struct v2_link *l = link;
	u8 buf[512] __attribute__((aligned(8)));
	int err = v2_request(l, nlh, &extack);
	size_t n;

	if (!err && !(nlh->nlmsg_flags & NLM_F_ACK))
		return 0;
	n = cvsw_nl_msg_error(buf, sizeof(buf), nlh, err, &extack, extack._msg);
	if (send(l->far, buf, n, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT)) < 0)
		return -errno;
	return 0;
}

static void v2_close(void *link)
{
	struct v2_link *l = link;

	close(l->socket.fd);
	close(l->far);
	close(l->sock.fd);
	free(l);
}

static const struct cvsw_ctl_transport v2_transport = {
	.send = v2_send,
	.answer = cvsw_ctl_socket_answer,
	.recv = cvsw_ctl_socket_recv,
	.timeout = cvsw_ctl_socket_timeout,
	.fd = cvsw_ctl_socket_fd,
	.close = v2_close,
};

/* Opening */

/* one that was called before says nothing, nor has to be called */
static void v2_hello(struct v2_link *l)
{
	const u8 wanted = V2_VERSION << 4 | CVSW_INBAND_V2_REGISTER;
	struct pollfd poll_fd = { .fd = l->sock.fd, .events = POLLIN };
	struct cvsw_inband_v2 hdr;

	if (v2_frame(l, CVSW_INBAND_V2_HELLO, 0, 0))
		return;
	while (!l->fresh && poll(&poll_fd, 1, V2_WAIT_MS) > 0)
		l->fresh = recv(l->sock.fd, &hdr, sizeof(hdr), MSG_DONTWAIT) ==
			   sizeof(hdr) && hdr.version_type == wanted;
}

int cvsw_ctl_open_v2(struct cvsw_ctl **out, const struct cvsw_sock *sock,
		     const struct cvsw_sock_where *where,
		     struct cvsw_ctl_error *err)
{
	struct v2_link *l = calloc(1, sizeof(*l));
	int fd[2];

	if (!l || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd)) {
		snprintf(err->text, sizeof(err->text), "frame:%s: %m",
			 where->iface);
		close(sock->fd);
		free(l);
		return -ENOMEM;
	}
	l->socket.fd = fd[0];
	l->far = fd[1];
	l->sock = *sock;
	memcpy(l->dst, where->vnic, sizeof(l->dst));
	v2_hello(l);
	return cvsw_ctl_new(out, &v2_transport, l);
}
