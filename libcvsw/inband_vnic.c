// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* The vNIC's side of in-band control, version 3: how sessions begin and end. */

#include "inband_vnic.h"

#define VNIC_ANNOUNCE_NS	30000000000ull
/* frames whose tags are looked at, a second and at once */
#define VNIC_CALLS		200u	/* HELLO and START */
#define VNIC_TALKS		10000u	/* of the session */
#define VNIC_MS			1000000ull
#define VNIC_S			1000000000ull

/**
 * struct vnic_key - a pre-shared key
 * @id:   its number
 * @base: what the keys of sessions come of; NULL when there is no key
 * @link: of frames outside of sessions
 */
struct vnic_key {
	u16			id;
	struct cvsw_hmac	*base;
	struct cvsw_hmac	*link;
};

/** struct vnic_rate - @used: the time, ns, whose share is used */
struct vnic_rate {
	u64	used;
};

/**
 * struct cvsw_v3_vnic - a vNIC
 * @peer:     its session
 * @ops:      of its owner
 * @ctx:      which is handed to them
 * @info:     what it says of itself
 * @keys:     what it believes
 * @secret:   of this boot
 * @boot:     name of this boot
 * @sessions: begun since
 * @announce: when to, again
 * @host_mtu: of the session's host
 * @calls:    rate of HELLO and START
 * @talks:    rate of frames of the session
 * @state:    enum cvsw_v3_vnic_state
 */
struct cvsw_v3_vnic {
	struct cvsw_v3_peer		peer;
	const struct cvsw_v3_vnic_ops	*ops;
	void				*ctx;
	struct cvsw_v3_vnic_info	info;
	struct vnic_key			keys[CVSW_V3_KEYS];
	struct cvsw_hmac		*secret;
	u64				boot;
	u64				sessions;
	u64				announce;
	struct vnic_rate		calls;
	struct vnic_rate		talks;
	u16				host_mtu;
	u8				state;
};

/* Keys */

static struct vnic_key *vnic_key_find(struct cvsw_v3_vnic *vnic, u16 id)
{
	unsigned int i;

	for (i = 0; i < CVSW_V3_KEYS; i++)
		if (vnic->keys[i].base && vnic->keys[i].id == id)
			return &vnic->keys[i];
	return NULL;
}

static void vnic_key_drop(struct vnic_key *key)
{
	cvsw_hmac_free(key->base);
	cvsw_hmac_free(key->link);
	*key = (struct vnic_key){};
}

/* a place for key @id: its own, or one that is free */
static struct vnic_key *vnic_key_place(struct cvsw_v3_vnic *vnic, u16 id)
{
	struct vnic_key *key = vnic_key_find(vnic, id);
	unsigned int i;

	for (i = 0; !key && i < CVSW_V3_KEYS; i++)
		if (!vnic->keys[i].base)
			key = &vnic->keys[i];
	return key;
}

int cvsw_v3_vnic_key(struct cvsw_v3_vnic *vnic, u16 id,
		     const u8 bytes[CVSW_HMAC_LEN])
{
	struct vnic_key *key = bytes ? vnic_key_place(vnic, id) :
				       vnic_key_find(vnic, id);
	struct vnic_key new = { .id = id };

	if (!key)
		return bytes ? -ENOSPC : -ENOENT;
	if (bytes) {
		new.base = cvsw_hmac_new(bytes);
		if (new.base)
			new.link = cvsw_v3_link_key(new.base);
		if (!new.link) {
			vnic_key_drop(&new);
			return -ENOMEM;
		}
	}
	vnic_key_drop(key);
	*key = new;
	return 0;
}

u32 cvsw_v3_vnic_key_id(const struct cvsw_v3_vnic *vnic, unsigned int i)
{
	unsigned int at;

	for (at = 0; at < CVSW_V3_KEYS; at++)
		if (vnic->keys[at].base && !i--)
			return vnic->keys[at].id;
	return CVSW_V3_NO_KEY;
}

/* Out */

/* a frame outside of sessions */
static void vnic_send(struct cvsw_v3_vnic *vnic, const struct vnic_key *key,
		      u8 type, const u8 *dst, const void *body, u16 n)
{
	struct cvsw_v3_frame frame = { .type = type, .len = n,
				       .key_id = key->id };
	int len;

	memcpy(frame.dst, dst, sizeof(frame.dst));
	memcpy(frame.src, vnic->info.mac, sizeof(frame.src));
	len = cvsw_v3_put(vnic->peer.frame, &frame, body, key->link);
	if (len > 0)
		vnic->ops->send(vnic->ctx, vnic->peer.frame, (u32)len);
}

/* once for each key: who has one of them sees it */
static void vnic_announce(struct cvsw_v3_vnic *vnic, u64 now)
{
	static const u8 all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct cvsw_v3_announce body = {
		.boot = cpu_to_be64(vnic->boot),
		.dpid = cpu_to_be64(vnic->info.dpid),
		.mtu = cpu_to_be16(vnic->info.mtu),
		.state = vnic->state,
		.policy = vnic->info.policy,
		.order = CVSW_V3_ORDER,
	};
	unsigned int i;

	memcpy(body.name, vnic->info.name, sizeof(body.name));
	for (i = 0; i < CVSW_V3_KEYS; i++)
		if (vnic->keys[i].base)
			vnic_send(vnic, &vnic->keys[i], CVSW_V3_ANNOUNCE, all,
				  &body, sizeof(body));
	vnic->announce = now + VNIC_ANNOUNCE_NS;
}

/* State */

static void vnic_be(struct cvsw_v3_vnic *vnic, u8 state)
{
	vnic->announce = 0;
	if (vnic->state == state)
		return;
	vnic->state = state;
	vnic->ops->state(vnic->ctx, state);
}

static int vnic_deliver(void *ctx, const u8 *msg, u32 len)
{
	struct cvsw_v3_vnic *vnic = ctx;

	return vnic->ops->deliver(vnic->ctx, msg, len);
}

static void vnic_sent(void *ctx)
{
	struct cvsw_v3_vnic *vnic = ctx;

	vnic->ops->sent(vnic->ctx);
}

static void vnic_out(void *ctx, const u8 *frame, u32 len)
{
	struct cvsw_v3_vnic *vnic = ctx;

	vnic->ops->send(vnic->ctx, frame, len);
}

/* the host went in good order: what it made stays as it is */
static void vnic_left(void *ctx, u16 reason, const u8 *text, u32 n)
{
	vnic_be(ctx, CVSW_V3_IDLE);
}

static const struct cvsw_v3_peer_ops vnic_peer_ops = {
	.send = vnic_out,
	.deliver = vnic_deliver,
	.sent = vnic_sent,
	.left = vnic_left,
};

/* Sessions */

/* may one more come? */
static bool vnic_rate_ok(struct vnic_rate *rate, u32 max, u64 now)
{
	u64 each = div_u64(VNIC_S, max), back = VNIC_S;

	/* the time up to which all is used; never more than a second back */
	if (now > back && rate->used < now - back)
		rate->used = now - back;
	if (rate->used + each > now)
		return false;
	rate->used += each;
	return true;
}

/* our nonce for a session that @who's host asks for now */
static int vnic_nonce(struct cvsw_v3_vnic *vnic, struct cvsw_v3_who *who)
{
	struct {
		struct cvsw_v3_who	who;
		__be64			sessions;
	} __packed of = { .who = *who };
	u8 sum[CVSW_HMAC_LEN];
	int ret;

	memcpy(of.who.vnic_mac, vnic->info.mac, sizeof(of.who.vnic_mac));
	memset(of.who.vnic_nonce, 0, sizeof(of.who.vnic_nonce));
	of.sessions = cpu_to_be64(vnic->sessions);
	ret = cvsw_hmac_sum(vnic->secret, &of, sizeof(of), sum);
	*who = of.who;
	memcpy(who->vnic_nonce, sum, sizeof(who->vnic_nonce));
	return ret;
}

static void vnic_reject(struct cvsw_v3_vnic *vnic, const struct vnic_key *key,
			const struct cvsw_v3_frame *frame,
			const struct cvsw_v3_hello *hello, u16 reason)
{
	struct cvsw_v3_reject body = { .reason = cpu_to_be16(reason) };

	memcpy(body.host_nonce, hello->host_nonce, sizeof(body.host_nonce));
	vnic_send(vnic, key, CVSW_V3_REJECT, frame->src, &body, sizeof(body));
}

static void vnic_welcome(struct cvsw_v3_vnic *vnic, const struct vnic_key *key,
			 const struct cvsw_v3_frame *frame,
			 const struct cvsw_v3_hello *hello)
{
	struct cvsw_v3_welcome body = {
		.dpid = cpu_to_be64(vnic->info.dpid),
		.boot = cpu_to_be64(vnic->boot),
		.mtu = cpu_to_be16(vnic->info.mtu),
	};
	struct cvsw_v3_who who;

	memcpy(who.host_nonce, hello->host_nonce, sizeof(who.host_nonce));
	memcpy(who.host_mac, frame->src, sizeof(who.host_mac));
	if (vnic_nonce(vnic, &who))
		return;
	memcpy(body.host_nonce, who.host_nonce, sizeof(body.host_nonce));
	memcpy(body.vnic_nonce, who.vnic_nonce, sizeof(body.vnic_nonce));
	memcpy(body.name, vnic->info.name, sizeof(body.name));
	vnic_send(vnic, key, CVSW_V3_WELCOME, frame->src, &body, sizeof(body));
}

static bool vnic_lease_ok(__be32 lease)
{
	u32 ms = be32_to_cpu(lease);

	return ms >= CVSW_V3_LEASE_MIN_MS && ms <= CVSW_V3_LEASE_MAX_MS;
}

static enum cvsw_drop vnic_hello(struct cvsw_v3_vnic *vnic,
				 const struct vnic_key *key, const u8 *bytes,
				 const struct cvsw_v3_frame *frame)
{
	const struct cvsw_v3_hello *hello = (const void *)(bytes + CVSW_V3_HLEN);

	if (!cvsw_v3_frame_true(key->link, bytes))
		return CVSW_DROP_INBAND_TAG;
	if (frame->len < sizeof(*hello) || hello->zero)
		return CVSW_DROP_INBAND_MALFORMED;
	if (hello->order != CVSW_V3_ORDER)
		vnic_reject(vnic, key, frame, hello, CVSW_V3_REJECT_ORDER);
	else if (!vnic_lease_ok(hello->lease))
		vnic_reject(vnic, key, frame, hello, CVSW_V3_REJECT_LEASE);
	else
		vnic_welcome(vnic, key, frame, hello);
	return CVSW_DROP_NONE;
}

/* the session that @start asks for begins */
static void vnic_begin(struct cvsw_v3_vnic *vnic, struct cvsw_v3_keys *keys,
		       const struct cvsw_v3_who *who, u16 key_id,
		       const struct cvsw_v3_start *start, u64 now)
{
	const struct cvsw_v3_begin begin = {
		.keys = keys,
		.who = who,
		.key_id = key_id,
		.mtu = (u16)min(vnic->info.mtu, be16_to_cpu(start->mtu)),
		.lease = be32_to_cpu(start->lease) * VNIC_MS,
		.now = now,
	};

	cvsw_v3_peer_begin(&vnic->peer, &begin);
	cvsw_v3_window_add(&vnic->peer.window, 1);
	vnic->host_mtu = be16_to_cpu(start->mtu);
	vnic->sessions++;
	/* the other one has come to an end, even where nothing else has */
	vnic->state = CVSW_V3_LIVE;
	vnic->ops->state(vnic->ctx, CVSW_V3_LIVE);
}

static enum cvsw_drop vnic_start_new(struct cvsw_v3_vnic *vnic,
				     const struct vnic_key *key,
				     const u8 *bytes,
				     const struct cvsw_v3_frame *frame, u64 now)
{
	const struct cvsw_v3_start *start = (const void *)(bytes + CVSW_V3_HLEN);
	struct cvsw_v3_keys keys;
	struct cvsw_v3_who who;

	memcpy(who.host_nonce, start->host_nonce, sizeof(who.host_nonce));
	memcpy(who.host_mac, frame->src, sizeof(who.host_mac));
	if (vnic_nonce(vnic, &who) ||
	    !cvsw_secret_same(who.vnic_nonce, start->vnic_nonce,
			      sizeof(who.vnic_nonce)))
		return CVSW_DROP_INBAND_SESSION;
	if (cvsw_v3_keys_make(&keys, key->base, &who))
		return CVSW_DROP_NO_MEMORY;
	if (frame->session == keys.session &&
	    cvsw_v3_frame_true(keys.to_vnic, bytes)) {
		vnic_begin(vnic, &keys, &who, key->id, start, now);
		return CVSW_DROP_NONE;
	}
	cvsw_v3_keys_free(&keys);
	return CVSW_DROP_INBAND_TAG;
}

static enum cvsw_drop vnic_start(struct cvsw_v3_vnic *vnic,
				 const struct vnic_key *key, const u8 *bytes,
				 const struct cvsw_v3_frame *frame, u64 now)
{
	const struct cvsw_v3_start *start = (const void *)(bytes + CVSW_V3_HLEN);
	enum cvsw_drop why = CVSW_DROP_NONE;

	if (frame->len != sizeof(*start) || frame->number != 1 || start->zero ||
	    be16_to_cpu(start->mtu) < CVSW_V3_MTU_MIN ||
	    !vnic_lease_ok(start->lease))
		return CVSW_DROP_INBAND_MALFORMED;
	if (!cvsw_v3_peer_live(&vnic->peer) ||
	    frame->session != vnic->peer.keys.session)
		why = vnic_start_new(vnic, key, bytes, frame, now);
	else if (!cvsw_v3_frame_true(vnic->peer.in, bytes))
		why = CVSW_DROP_INBAND_TAG;
	if (!why)
		cvsw_v3_peer_ack(&vnic->peer, false);
	return why;
}

/* a frame that asks for a session */
static enum cvsw_drop vnic_call(struct cvsw_v3_vnic *vnic, const u8 *bytes,
				const struct cvsw_v3_frame *frame, u64 now)
{
	const struct vnic_key *key = vnic_key_find(vnic, frame->key_id);

	if (!key)
		return CVSW_DROP_INBAND_KEY;
	if (!vnic_rate_ok(&vnic->calls, VNIC_CALLS, now))
		return CVSW_DROP_INBAND_RATE;
	if (frame->type == CVSW_V3_HELLO)
		return vnic_hello(vnic, key, bytes, frame);
	return vnic_start(vnic, key, bytes, frame, now);
}

/* a frame of the session; what costs nothing is looked at first, so that only
 * who listens on the link can use up the rate */
static enum cvsw_drop vnic_talk(struct cvsw_v3_vnic *vnic, const u8 *bytes,
				const struct cvsw_v3_frame *frame, u64 now)
{
	enum cvsw_drop why = cvsw_v3_peer_check(&vnic->peer, frame);

	if (why)
		return why;
	if (!vnic_rate_ok(&vnic->talks, VNIC_TALKS, now))
		return CVSW_DROP_INBAND_RATE;
	return cvsw_v3_peer_input(&vnic->peer, bytes, frame, now);
}

static bool vnic_is_for(const struct cvsw_v3_vnic *vnic, const u8 *dst, u8 type)
{
	if (type == CVSW_V3_HELLO && dst[0] & 1)
		return true;
	return !memcmp(dst, vnic->info.mac, sizeof(vnic->info.mac));
}

enum cvsw_drop cvsw_v3_vnic_input(struct cvsw_v3_vnic *vnic, const u8 *bytes,
				  u32 n, u64 now)
{
	struct cvsw_v3_frame frame;

	switch (cvsw_v3_frame_read(bytes, n, &frame)) {
	case CVSW_V3_OK:
		break;
	case CVSW_V3_VERSION:
		return CVSW_DROP_INBAND_VERSION;
	case CVSW_V3_MALFORMED:
		return CVSW_DROP_INBAND_MALFORMED;
	}
	if (!vnic_is_for(vnic, frame.dst, frame.type))
		return CVSW_DROP_INBAND_OTHER;
	switch (frame.type) {
	case CVSW_V3_HELLO:
	case CVSW_V3_START:
		return vnic_call(vnic, bytes, &frame, now);
	case CVSW_V3_DATA:
	case CVSW_V3_ACK:
	case CVSW_V3_DISCONNECT:
		return vnic_talk(vnic, bytes, &frame, now);
	}
	return CVSW_DROP_INBAND_STATE;	/* a vNIC's */
}

int cvsw_v3_vnic_send(struct cvsw_v3_vnic *vnic, const void *msg, u32 len,
		      u64 now)
{
	if (!cvsw_v3_peer_live(&vnic->peer))
		return -ENOTCONN;
	return cvsw_chan_send(&vnic->peer.chan, msg, len, now);
}

/* Time */

u64 cvsw_v3_vnic_tick(struct cvsw_v3_vnic *vnic, u64 now)
{
	struct cvsw_v3_peer *peer = &vnic->peer;
	u64 due;

	if (cvsw_v3_peer_live(peer) && cvsw_v3_peer_over(peer, now)) {
		cvsw_v3_peer_end(peer);
		vnic_be(vnic, CVSW_V3_SILENT);
	}
	if (cvsw_v3_peer_live(peer) && cvsw_chan_stuck(&peer->chan)) {
		cvsw_v3_peer_end(peer);
		vnic_be(vnic, CVSW_V3_IDLE);
	}
	if (cvsw_v3_peer_live(peer)) {
		due = cvsw_chan_tick(&peer->chan, now);
		return min(due, peer->heard + peer->lease);
	}
	if (now >= vnic->announce)
		vnic_announce(vnic, now);
	return vnic->announce;
}

/* Life */

void cvsw_v3_vnic_tell(struct cvsw_v3_vnic *vnic,
		       const struct cvsw_v3_vnic_info *info)
{
	vnic->info = *info;
	vnic->announce = 0;
	if (cvsw_v3_peer_live(&vnic->peer))
		cvsw_v3_peer_mtu(&vnic->peer,
				 (u16)min(info->mtu, vnic->host_mtu));
}

static int vnic_secrets(struct cvsw_v3_vnic *vnic)
{
	u8 secret[CVSW_HMAC_LEN];
	int ret = cvsw_random(secret, sizeof(secret)) ?:
		  cvsw_random(&vnic->boot, sizeof(vnic->boot));

	if (!ret)
		vnic->secret = cvsw_hmac_new(secret);
	memzero_explicit(secret, sizeof(secret));
	return vnic->secret ? 0 : -ENOMEM;
}

struct cvsw_v3_vnic *cvsw_v3_vnic_new(const struct cvsw_v3_vnic_ops *ops,
				      void *ctx,
				      const struct cvsw_v3_vnic_info *info)
{
	struct cvsw_v3_vnic *vnic = kzalloc(sizeof(*vnic), GFP_KERNEL);

	if (!vnic)
		return NULL;
	vnic->ops = ops;
	vnic->ctx = ctx;
	vnic->info = *info;
	if (!cvsw_v3_peer_init(&vnic->peer, &vnic_peer_ops, vnic) &&
	    !vnic_secrets(vnic))
		return vnic;
	cvsw_v3_vnic_free(vnic);
	return NULL;
}

void cvsw_v3_vnic_free(struct cvsw_v3_vnic *vnic)
{
	unsigned int i;

	cvsw_v3_peer_leave(&vnic->peer, CVSW_V3_LEAVE_OFF,
			   "in-band control is switched off");
	cvsw_v3_peer_free(&vnic->peer);
	for (i = 0; i < CVSW_V3_KEYS; i++)
		vnic_key_drop(&vnic->keys[i]);
	cvsw_hmac_free(vnic->secret);
	kfree(vnic);
}

const u8 *cvsw_v3_vnic_host(const struct cvsw_v3_vnic *vnic)
{
	return cvsw_v3_peer_live(&vnic->peer) ? vnic->peer.other : NULL;
}
