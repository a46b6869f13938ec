// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * In-band control of 2014.  <cvsw/inband.h> says what it is like.
 *
 * A message is checked as a whole before anything is done; each check names the
 * cause under which the frame is counted.
 */

#include "inband_in.h"
#include "of10.h"

#define V2_VERSION	2
#define V2_MTU_MIN	68		/* of IPv4 */

/**
 * struct v2_room - what one message needs
 * @mods:   of its flow-mod
 * @acts:   their actions
 * @target: the port that is being changed
 */
struct v2_room {
	struct cvsw_flow_mod	mods[2];
	struct cvsw_action	acts[CVSW_ACTIONS_MAX];
	struct cvsw_port_info	target;
};

/**
 * struct v2_msg - a message
 * @in:   how it came
 * @hdr:  in the frame, and behind it
 * @body: the payload,
 * @len:  of so many bytes
 * @data: as in the header
 */
struct v2_msg {
	struct cvsw_inband_in		*in;
	const struct cvsw_inband_v2	*hdr;
	const void			*body;
	struct v2_room			*room;
	u16				len;
	u16				data;
};

static enum cvsw_drop v2_result(int ret)
{
	if (ret == -ENOMEM)
		return CVSW_DROP_NO_MEMORY;
	return ret ? CVSW_DROP_INBAND_REFUSED : CVSW_DROP_NONE;
}

static enum cvsw_drop v2_hello(struct v2_msg *m)
{
	struct cvsw_inband_v2 reply = {
		.version_type = V2_VERSION << 4 | CVSW_INBAND_V2_REGISTER,
		.type = cpu_to_be16(CVSW_INBAND_TYPE),
	};

	memcpy(reply.dst, m->in->port.mac, sizeof(reply.dst));
	return v2_result(cvsw_inband_be(m->in, CVSW_INBAND_CONNECTING) ?:
			 cvsw_inband_reply(m->in, &reply, sizeof(reply)));
}

/* Flows */

/* samples have a source MAC that no frame may have */
static void v2_own_mac(struct cvsw_action *acts, unsigned int n,
		       const u8 *mac)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (acts[i].type == CVSW_ACT_PUSH &&
		    acts[i].tunnel.dl_src[0] & 1)
			memcpy(acts[i].tunnel.dl_src, mac,
			       sizeof(acts[i].tunnel.dl_src));
}

static enum cvsw_drop v2_flow(struct v2_msg *m, bool set)
{
	struct v2_room *room = m->room;
	struct cvsw_of10_error err;
	int n;

	n = cvsw_of10_flow_mod_get_2014(m->body, m->len, set, room->mods,
					room->acts, &err);
	if (n < 0)
		return CVSW_DROP_INBAND_REFUSED;
	v2_own_mac(room->acts, room->mods[0].flow.n_actions, m->in->port.mac);
	return v2_result(cvsw_flow_mods(m->in->sw, room->mods, (unsigned int)n,
					m->in->now, NULL));
}

static enum cvsw_drop v2_set_entry(struct v2_msg *m)
{
	return v2_flow(m, true);
}

static enum cvsw_drop v2_delete_entry(struct v2_msg *m)
{
	return v2_flow(m, false);
}

/* The device */

/* what the words of 2014 are now; of the device, of frames both ways, and of
 * frames towards it */
static const struct {
	u16	word;
	u16	device;
	u32	both;
	u32	tx;
} v2_offloads[] = {
	{ CVSW_INBAND_V2_CSUM, CVSW_DEVICE_CSUM | CVSW_DEVICE_RX_CSUM,
	  CVSW_OFFLOAD_CSUM, 0 },
	{ CVSW_INBAND_V2_TSO, CVSW_DEVICE_TSO,
	  CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_TSO6 | CVSW_OFFLOAD_TSO_ECN, 0 },
	{ CVSW_INBAND_V2_UFO, CVSW_DEVICE_USO,
	  CVSW_OFFLOAD_USO4 | CVSW_OFFLOAD_USO6, 0 },
	{ CVSW_INBAND_V2_GSO, CVSW_DEVICE_GSO, 0, 0 },
	{ CVSW_INBAND_V2_GRO, CVSW_DEVICE_GRO, 0, CVSW_OFFLOAD_GRO },
};

static u32 v2_bits(u32 old, u32 bits, bool on)
{
	return on ? old | bits : old & ~bits;
}

static void v2_offload_want(struct cvsw_port_info *p, u16 words)
{
	u32 device = p->device_asked;
	unsigned int i;

	p->rx_offload = p->rx_asked;
	p->tx_offload = p->tx_asked;
	for (i = 0; i < ARRAY_SIZE(v2_offloads); i++) {
		bool on = words & v2_offloads[i].word;

		device = v2_bits(device, v2_offloads[i].device, on);
		p->rx_offload = v2_bits(p->rx_offload, v2_offloads[i].both, on);
		p->tx_offload = v2_bits(p->tx_offload, v2_offloads[i].both |
					v2_offloads[i].tx, on);
	}
	/* what cannot be changed is not asked for */
	p->device_asked = (p->device_asked & p->device_fixed) |
			  (device & ~p->device_fixed);
}

static int v2_offload_set(struct v2_msg *m, struct cvsw_port_info *p)
{
	int ret;

	v2_offload_want(p, m->data);
	ret = cvsw_port_set(m->in->sw, p,
			    CVSW_PORT_SET_OFFLOAD | CVSW_PORT_SET_DEVICE, NULL);
	/* frames may come and go as they are, so that all is up to the device */
	if (ret == -EOPNOTSUPP)
		ret = cvsw_port_set(m->in->sw, p, CVSW_PORT_SET_DEVICE, NULL);
	return ret;
}

static int v2_mtu_set(struct v2_msg *m, struct cvsw_port_info *p)
{
	p->mtu = m->data;
	p->mtu_auto = 0;
	return cvsw_port_set(m->in->sw, p, CVSW_PORT_SET_MTU, NULL);
}

/* have @set change each port that is the vNIC's */
static enum cvsw_drop v2_device(struct v2_msg *m,
				int (*set)(struct v2_msg *m,
					   struct cvsw_port_info *p))
{
	struct cvsw_port_info *p = &m->room->target;
	struct cvsw_switch *sw = m->in->sw;
	bool found = false;
	int ret = 0;
	u16 no = 0;

	while (!ret && (no = cvsw_port_next(sw, no)) != CVSW_PORT_NONE) {
		if (no == m->in->port.no || cvsw_port_get(sw, no, p) || !p->mtu)
			continue;
		found = true;
		ret = set(m, p);
	}
	if (!found && !cvsw_port_get(sw, m->in->port.no, p))
		ret = set(m, p);
	return v2_result(ret);
}

static enum cvsw_drop v2_change_mtu(struct v2_msg *m)
{
	return m->data < V2_MTU_MIN ? CVSW_DROP_INBAND_REFUSED :
	       v2_device(m, v2_mtu_set);
}

static enum cvsw_drop v2_change_offload(struct v2_msg *m)
{
	return v2_device(m, v2_offload_set);
}

/* In */

#define V2_IN(state)	(1u << CVSW_INBAND_##state)

/*
 * @least: bytes of the payload
 * @most:  likewise
 * @turn:  states in which it is taken; 0: there is no such message for a vNIC
 * @next:  the state that it leads to
 */
static const struct v2_type {
	enum cvsw_drop	(*run)(struct v2_msg *m);
	u16		least;
	u16		most;
	u8		turn;
	u8		next;
} v2_types[CVSW_INBAND_V2_TYPES] = {
	[CVSW_INBAND_V2_HELLO] = {
		v2_hello, 0, 0, V2_IN(DISCONNECTED),
		CVSW_INBAND_DISCONNECTED },
	[CVSW_INBAND_V2_SET_ENTRY] = {
		v2_set_entry, sizeof(struct cvsw_ofp_flow_mod), 0xffff,
		V2_IN(CONNECTING) | V2_IN(CONNECTED), CVSW_INBAND_CONNECTED },
	[CVSW_INBAND_V2_DELETE_ENTRY] = {
		v2_delete_entry, sizeof(struct cvsw_ofp_flow_mod), 0xffff,
		V2_IN(CONNECTED), CVSW_INBAND_CONNECTED },
	[CVSW_INBAND_V2_CHANGE_MTU] = {
		v2_change_mtu, 0, 0,
		V2_IN(CONNECTING) | V2_IN(CONNECTED), CVSW_INBAND_CONNECTED },
	[CVSW_INBAND_V2_CHANGE_OFFLOAD] = {
		v2_change_offload, 0, 0,
		V2_IN(CONNECTING) | V2_IN(CONNECTED), CVSW_INBAND_CONNECTED },
};

/* is the message well-formed, and for us? */
static enum cvsw_drop v2_check(struct v2_msg *m, const struct v2_type *type)
{
	const struct cvsw_inband_v2 *hdr = m->hdr;

	if (!(hdr->dst[0] & 1) &&
	    memcmp(hdr->dst, m->in->port.mac, sizeof(hdr->dst)))
		return CVSW_DROP_INBAND_OTHER;
	if (hdr->version_type >> 4 != V2_VERSION)
		return CVSW_DROP_INBAND_VERSION;
	if (!type->turn || m->len < type->least || m->len > type->most)
		return CVSW_DROP_INBAND_MALFORMED;
	m->body = cvsw_pkt_header(m->in->pkt, sizeof(*hdr), m->len);
	return m->body ? CVSW_DROP_NONE : CVSW_DROP_INBAND_MALFORMED;
}

/* a message that is in order and not out of turn */
static enum cvsw_drop v2_run(struct v2_msg *m, const struct v2_type *type)
{
	enum cvsw_drop why = CVSW_DROP_NO_MEMORY;

	m->room = kmalloc(sizeof(*m->room), GFP_KERNEL);
	if (m->room && !cvsw_inband_be(m->in, type->next))
		why = type->run(m);
	kfree(m->room);
	return why;
}

enum cvsw_drop cvsw_inband_v2(struct cvsw_inband_in *in)
{
	struct v2_msg m = { .in = in };
	const struct v2_type *type;
	enum cvsw_drop why;

	m.hdr = cvsw_pkt_header(in->pkt, 0, sizeof(*m.hdr));
	if (!m.hdr)
		return CVSW_DROP_INBAND_MALFORMED;
	m.len = be16_to_cpu(m.hdr->len);
	m.data = be16_to_cpu(m.hdr->data);
	type = &v2_types[m.hdr->version_type & 0xf];
	why = v2_check(&m, type);
	if (why)
		return why;
	if (!(type->turn >> in->port.inband_state & 1))
		return CVSW_DROP_INBAND_STATE;
	return v2_run(&m, type);
}
