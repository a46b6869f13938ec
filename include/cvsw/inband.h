/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_INBAND_H
#define CVSW_INBAND_H

/*
 * In-band control: a host switch programs the vNICs of its guests by control
 * frames sent down their own links.  Version 3, which has keys, sessions and
 * answers, is in cvsw-inband(7).  What follows is version 2, the protocol of the
 * CVSW of 2014 (kawa1983/cvsw_net, cvsw_net.h and cvsw_ctl.c), so that hosts
 * which speak it find what they expect.  It knows no authentication: whoever
 * can send a frame to the port commands the switch.  So it is off until a port
 * is told to take it (struct cvsw_port_info.inband).
 *
 * A control frame is an untagged one of EtherType 0xabba.  The fields of the
 * message lie where other frames have their source MAC:
 *
 *	offset	bytes
 *	0	6	destination: a group address, or the vNIC's; of REGISTER the
 *			sender's own
 *	6	1	version 2 in the upper four bits, type in the lower
 *	7	1	not looked at, 0 in what we send
 *	8	2	bytes of the payload
 *	10	2	CHANGE_MTU: the MTU; CHANGE_OFFLOAD: CVSW_INBAND_V2_*; else 0
 *	12	2	0xabba
 *	14		payload, of SET_ENTRY and DELETE_ENTRY: one flow-mod of
 *			OpenFlow 1.0, of which the header, buffer_id, flags and
 *			out_port are not looked at, with the wildcards and tunnel
 *			actions of 2014 (cvsw-openflow(7))
 *
 * Frames may be padded, so that only the message says how long it is.
 *
 * The vNIC, that is the port, is in one of three states.  What it does, by type
 * and state ("-": the message is refused as being out of turn):
 *
 *	type		  DISCONNECTED	CONNECTING	CONNECTED
 *	1 HELLO		  reply REGISTER, -		-
 *			  be CONNECTING
 *	3 SET_ENTRY	  -		be CONNECTED,	add the flow
 *					add the flow
 *	4 DELETE_ENTRY	  -		-		delete flows
 *	5 CHANGE_MTU	  -		be CONNECTED,	set the MTU
 *					set the MTU
 *	6 CHANGE_OFFLOAD  -		be CONNECTED,	set offloads
 *					set offloads
 *
 * CONNECTED is reached even when what was asked for then turns out to be not
 * possible.  There is no way back but to set the port's inband anew.  In 2014
 * the table was looked at in CONNECTED only, and was empty before.  Here others
 * may fill it as well, so it is always looked at; a switch with an empty table
 * and CVSW_MISS_PASS passes frames as that one did.
 *
 * What is wrong with a message is found in this order, counted under one cause
 * (<cvsw/drop.h>) each, and not told to the sender, since version 2 has no
 * answers:
 *
 *	INBAND		it came by a port that has no in-band control, while
 *			another one has
 *	INBAND_RATE	there are more than the switch takes: 2000 a second after a
 *			burst of CVSW_INBAND_QUEUE
 *	INBAND_OTHER	its destination is neither a group address nor the MAC of the
 *			port (another vNIC's REGISTER for one)
 *	INBAND_VERSION	the version is not 2
 *	INBAND_MALFORMED the type is none of the above; the payload is longer than
 *			the frame; there is one where there should be none, or it
 *			is shorter than a flow-mod
 *	INBAND_STATE	out of turn
 *	INBAND_REFUSED	the flow-mod is not valid or the table is full; the device
 *			does not take the MTU or the offloads
 *
 * Where no port has in-band control the frames are like any others.
 *
 * Ports in flow-mods: 1 is the guest's, 2 the network's.  The list of actions ends
 * by sending to the other port, unless it says where to send; an output to NONE
 * drops.  An outer source MAC that is a group address, as the samples of 2014 have
 * it, stands for the MAC of the port that the message came by.  DELETE_ENTRY with
 * the command DELETE takes all flows that are at least as specific, with
 * DELETE_STRICT the very one.  Ports of IP without a protocol are those of TCP and
 * of UDP, which makes two flows.
 *
 * CHANGE_MTU and CHANGE_OFFLOAD are for the vNIC: all other ports that have an MTU,
 * or when there are none the one that the message came by.  Offloads are made those
 * of the message: what it does not name is switched off.
 */

#include <linux/types.h>
#include <cvsw/switch.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CVSW_INBAND_TYPE	0xabba	/* EtherType */
#define CVSW_INBAND_V2_HLEN	14

/** enum cvsw_inband_v2_type - types of messages */
enum cvsw_inband_v2_type {
	CVSW_INBAND_V2_HELLO		= 1,
	CVSW_INBAND_V2_REGISTER		= 2,
	CVSW_INBAND_V2_SET_ENTRY	= 3,
	CVSW_INBAND_V2_DELETE_ENTRY	= 4,
	CVSW_INBAND_V2_CHANGE_MTU	= 5,
	CVSW_INBAND_V2_CHANGE_OFFLOAD	= 6,
	CVSW_INBAND_V2_TYPES		= 16	/* numbers that there are */
};

/* CHANGE_OFFLOAD */
#define CVSW_INBAND_V2_CSUM	0x01
#define CVSW_INBAND_V2_TSO	0x02
#define CVSW_INBAND_V2_UFO	0x04	/* now UDP segmentation */
#define CVSW_INBAND_V2_GSO	0x08
#define CVSW_INBAND_V2_GRO	0x10

/** struct cvsw_inband_v2 - header of a message */
struct cvsw_inband_v2 {
	__u8	dst[6];
	__u8	version_type;
	__u8	pad;
	__be16	len;
	__be16	data;
	__be16	type;		/* CVSW_INBAND_TYPE */
} __attribute__((packed));
CVSW_STATIC_ASSERT(sizeof(struct cvsw_inband_v2) == CVSW_INBAND_V2_HLEN,
		   "struct cvsw_inband_v2");

/**
 * cvsw_inband_input - do what a control frame asks for
 * @w:   a worker that nobody else uses during the call, to send the answer
 * @pkt: from ops->inband, all its bytes contiguous, in_port as it was; taken
 * @now: nanoseconds
 *
 * A control call, which may sleep.  Those on one switch must not overlap.  May
 * call ops->port_set, so hold what that asks for.
 */
void cvsw_inband_input(struct cvsw_switch *sw, struct cvsw_worker *w,
		       struct cvsw_pkt *pkt, __u64 now);

/*
 * Version 3 has sessions, so that things happen without a frame, too.  The three
 * calls must not overlap on one switch, nor with those that change its ports;
 * struct cvsw_ops says what the glue is told from inside them.
 */

/**
 * cvsw_inband_tick - do what is due at @now
 * @w: as above
 *
 * Call it also after anything that may have changed a port or the name or
 * datapath id of the switch, and after cvsw_inband_input() and
 * cvsw_inband_send(); what was changed is acted upon here.
 *
 * Return: when the next time is, ns; all ones: never.
 */
__u64 cvsw_inband_tick(struct cvsw_switch *sw, struct cvsw_worker *w, __u64 now);

/**
 * cvsw_inband_send - send a datagram to the host that @port has a session with
 * @msg: @len bytes, copied
 * Return: 0; -EBUSY: one is under way, ops->inband_sent tells when it is not any
 * more; -ENOTCONN: there is no session; -EMSGSIZE: empty, or too long; -ENOMEM.
 */
int cvsw_inband_send(struct cvsw_switch *sw, struct cvsw_worker *w, __u16 port,
		     const void *msg, __u32 len, __u64 now);

#ifdef __cplusplus
}
#endif

#endif /* CVSW_INBAND_H */
