// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Which vNICs there are on a link: those that announce themselves, and those
 * that answer a HELLO.  No session begins.
 */

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <cvsw/inband.h>
#include "inband_sock.h"
#include "inband_vnic.h"

#define VNICS_MS	1000000	/* ns */
#define VNICS_V2	2

/**
 * struct vnics - looking for them
 * @sock:  frames come and go there
 * @where: keys, and whom to ask
 * @link:  of each key
 * @nonce: of our HELLOs
 * @each:  is told of a vNIC
 * @arg:   its argument
 */
struct vnics {
	struct cvsw_sock	sock;
	struct cvsw_sock_where	where;
	struct cvsw_hmac	*link[CVSW_INBAND_KEYS];
	u8			nonce[CVSW_V3_NONCE_LEN];
	int			(*each)(void *arg,
					const struct cvsw_ctl_vnic *vnic);
	void			*arg;
};

/* Keys */

static struct cvsw_hmac *vnics_link(const u8 *key)
{
	struct cvsw_hmac *base = cvsw_hmac_new(key), *link;

	link = base ? cvsw_v3_link_key(base) : NULL;
	cvsw_hmac_free(base);
	return link;
}

static int vnics_keys(struct vnics *vnics)
{
	u16 i;

	for (i = 0; i < vnics->where.keys.n; i++) {
		vnics->link[i] = vnics_link(vnics->where.keys.key[i]);
		if (!vnics->link[i])
			return -ENOMEM;
	}
	return cvsw_random(vnics->nonce, sizeof(vnics->nonce));
}

/* is a frame of a vNIC what somebody with the key has sent? */
static u8 vnics_trust(const struct vnics *vnics, const u8 *bytes, u16 key_id)
{
	u16 i;

	for (i = 0; i < vnics->where.keys.n; i++)
		if (vnics->where.keys.id[i] == key_id)
			return cvsw_v3_frame_true(vnics->link[i], bytes) ?
			       CVSW_VNIC_TRUE : CVSW_VNIC_FALSE;
	return CVSW_VNIC_UNKNOWN;
}

/* Asking */

static int vnics_send(const struct vnics *vnics, const void *frame, u32 n)
{
	return send(vnics->sock.fd, frame, n, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int vnics_hello_v2(const struct vnics *vnics)
{
	struct cvsw_inband_v2 hello = {
		.version_type = VNICS_V2 << 4 | CVSW_INBAND_V2_HELLO,
		.type = cpu_to_be16(CVSW_INBAND_TYPE),
	};

	memcpy(hello.dst, vnics->where.vnic, sizeof(hello.dst));
	return vnics_send(vnics, &hello, sizeof(hello));
}

static int vnics_hello_v3(const struct vnics *vnics, u16 i)
{
	struct cvsw_v3_frame frame = {
		.type = CVSW_V3_HELLO,
		.len = sizeof(struct cvsw_v3_hello),
		.key_id = vnics->where.keys.id[i],
	};
	struct cvsw_v3_hello body = {
		.lease = cpu_to_be32(vnics->where.lease_ms),
		.order = CVSW_V3_ORDER,
	};
	u8 bytes[CVSW_V3_HLEN + sizeof(body) + CVSW_V3_TAG_LEN];
	int n;

	memcpy(frame.dst, vnics->where.vnic, sizeof(frame.dst));
	memcpy(frame.src, vnics->sock.mac, sizeof(frame.src));
	memcpy(body.host_nonce, vnics->nonce, sizeof(body.host_nonce));
	n = cvsw_v3_put(bytes, &frame, &body, vnics->link[i]);
	return n < 0 ? n : vnics_send(vnics, bytes, (u32)n);
}

/* of both versions */
static int vnics_call(const struct vnics *vnics)
{
	int ret = vnics_hello_v2(vnics);
	u16 i;

	for (i = 0; i < vnics->where.keys.n && !ret; i++)
		ret = vnics_hello_v3(vnics, i);
	return ret;
}

/* Hearing */

static bool vnics_register(const u8 *bytes, u32 n, struct cvsw_ctl_vnic *vnic)
{
	const struct cvsw_inband_v2 *hdr = (const void *)bytes;

	if (n < sizeof(*hdr) ||
	    hdr->version_type != (VNICS_V2 << 4 | CVSW_INBAND_V2_REGISTER))
		return false;
	vnic->version = VNICS_V2;
	memcpy(vnic->mac, hdr->dst, sizeof(vnic->mac));
	return true;
}

static void vnics_name(struct cvsw_ctl_vnic *vnic, const char name[16])
{
	memcpy(vnic->name, name, sizeof(vnic->name));
	vnic->name[sizeof(vnic->name) - 1] = '\0';
}

static bool vnics_announce(const u8 *bytes, const struct cvsw_v3_frame *frame,
			   struct cvsw_ctl_vnic *vnic)
{
	const struct cvsw_v3_announce *body = (const void *)(bytes + CVSW_V3_HLEN);

	if (frame->len != sizeof(*body))
		return false;
	vnic->announced = 1;
	vnic->boot = be64_to_cpu(body->boot);
	vnic->dpid = be64_to_cpu(body->dpid);
	vnic->mtu = be16_to_cpu(body->mtu);
	vnic->state = (u8)(CVSW_INBAND_IDLE + body->state);
	vnic->policy = body->policy;
	vnics_name(vnic, body->name);
	return true;
}

static bool vnics_welcome(const struct vnics *vnics, const u8 *bytes,
			  const struct cvsw_v3_frame *frame,
			  struct cvsw_ctl_vnic *vnic)
{
	const struct cvsw_v3_welcome *body = (const void *)(bytes + CVSW_V3_HLEN);

	if (frame->len != sizeof(*body) ||
	    memcmp(body->host_nonce, vnics->nonce, sizeof(vnics->nonce)))
		return false;
	vnic->boot = be64_to_cpu(body->boot);
	vnic->dpid = be64_to_cpu(body->dpid);
	vnic->mtu = be16_to_cpu(body->mtu);
	vnics_name(vnic, body->name);
	return true;
}

/* does a frame tell of a vNIC? */
static bool vnics_read(const struct vnics *vnics, const u8 *bytes, u32 n,
		       struct cvsw_ctl_vnic *vnic)
{
	struct cvsw_v3_frame frame;

	memset(vnic, 0, sizeof(*vnic));
	if (cvsw_v3_frame_read(bytes, n, &frame))
		return vnics_register(bytes, n, vnic);
	vnic->version = CVSW_INBAND_V3;
	vnic->key_id = frame.key_id;
	memcpy(vnic->mac, frame.src, sizeof(vnic->mac));
	vnic->trust = vnics_trust(vnics, bytes, frame.key_id);
	if (frame.type == CVSW_V3_ANNOUNCE)
		return vnics_announce(bytes, &frame, vnic);
	return frame.type == CVSW_V3_WELCOME &&
	       vnics_welcome(vnics, bytes, &frame, vnic);
}

/* 0, 1 when @each wants no more, or a negative errno */
static int vnics_frame(const struct vnics *vnics)
{
	u8 bytes[CVSW_V3_FRAME_MAX];
	struct cvsw_ctl_vnic vnic;
	ssize_t n = recv(vnics->sock.fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (!vnics_read(vnics, bytes, (u32)n, &vnic))
		return 0;
	return !!vnics->each(vnics->arg, &vnic);
}

static long vnics_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / VNICS_MS;
}

static int vnics_listen(const struct vnics *vnics, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = vnics->sock.fd, .events = POLLIN };
	const long end = vnics_now() + timeout_ms;
	long left = timeout_ms;
	int ret = 0;

	while (!ret && (timeout_ms < 0 || left > 0)) {
		ret = poll(&poll_fd, 1, (int)left);
		if (ret < 0)
			return errno == EINTR ? 0 : -errno;
		if (ret > 0)
			ret = vnics_frame(vnics);
		if (timeout_ms >= 0)
			left = end - vnics_now();
	}
	return min(ret, 0);
}

/* All of it */

static int vnics_run(struct vnics *vnics, bool call, int timeout_ms, char *why)
{
	int ret = cvsw_sock_open(&vnics->sock, vnics->where.iface, why);

	if (ret)
		return ret;
	ret = vnics_keys(vnics) ?: (call ? vnics_call(vnics) : 0) ?:
	      vnics_listen(vnics, timeout_ms);
	if (ret)
		snprintf(why, CVSW_SOCK_WHY, "%s", strerror(-ret));
	close(vnics->sock.fd);
	return ret;
}

int cvsw_ctl_vnics(const char *where, bool call, int timeout_ms,
		   int (*each)(void *arg, const struct cvsw_ctl_vnic *vnic),
		   void *arg, struct cvsw_ctl_error *err)
{
	struct vnics vnics = { .each = each, .arg = arg };
	char why[CVSW_SOCK_WHY];
	unsigned int i;
	int ret;

	if (!strncmp(where, "frame:", 6))
		where += 6;
	ret = cvsw_sock_where_read(&vnics.where, where, why) ?:
	      vnics_run(&vnics, call, timeout_ms, why);
	if (err)
		*err = (struct cvsw_ctl_error){ .index = -1, .sub = -1 };
	if (ret && err)
		snprintf(err->text, sizeof(err->text), "%.*s: %s",
			 (int)strcspn(where, ","), where, why);
	for (i = 0; i < CVSW_INBAND_KEYS; i++)
		cvsw_hmac_free(vnics.link[i]);
	memzero_explicit(&vnics.where, sizeof(vnics.where));
	return ret;
}
