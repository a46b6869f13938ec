/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TEST_RIG_H
#define CVSW_TEST_RIG_H

/*
 * A switch on the bench: its ports lead into lists of what came out of them.
 */

#include "util.h"

#include <cvsw/inband.h>
#include <cvsw/switch.h>
#include "os.h"
#include "pkt_ops.h"

#define RIG_SENT	512	/* 17 lookups of 4 outputs to 4 ports are fewer */
#define RIG_SECOND	1000000000ull

/* a frame that left the switch, or a packet-in (port CVSW_PORT_CONTROLLER) */
struct rig_sent {
	u16			port;
	u32			queue;
	u32			len;
	u8			*bytes;
	struct cvsw_offload	off;
	struct cvsw_packet_in	info;
};

struct rig_event {
	struct cvsw_event	event;
	struct cvsw_flow	flow;
	struct cvsw_action	actions[CVSW_ACTIONS_MAX];
	struct cvsw_opt_match	opts[CVSW_OPT_MATCHES_MAX];
	struct cvsw_port_info	port;
};

/*
 * struct rig
 * @now:      handed to every call; tests move it
 * @sent:     @n_sent of them since rig_clear()
 * @event:    the last one, of @n_events since rig_clear()
 * @closed:   ports whose device was closed since rig_clear()
 * @refuse:   enum cvsw_drop with which the next outputs are refused
 * @deaf:     packet-ins find no listener
 * @paths:    what was told of paths since rig_clear(): "+2" opened, "-2" closed,
 *            "?2" a frame waits; the number is the last byte of the address
 * @control:  @n_control control frames that rig_control() has not yet done
 * @told:     what was told of sessions since rig_clear(): "live2" one begins by
 *            port 2, "end2", "msg2", "sent2"
 * @msg:      what takes a datagram; NULL: it is taken
 * @set_error: what the device answers to a change, and
 * @set_mtu:  the mtu it takes in any case, unless 0
 */
struct rig {
	struct cvsw_switch	*sw;
	struct cvsw_worker	*w;
	struct cvsw_pool	*pool;
	u64			now;
	struct rig_sent		sent[RIG_SENT];
	unsigned int		n_sent;
	struct rig_event	event;
	unsigned int		n_events;
	unsigned int		closed;
	enum cvsw_drop		refuse;
	bool			deaf;
	char			paths[256];
	struct cvsw_pkt		control[CVSW_INBAND_QUEUE];
	unsigned int		n_control;
	char			told[4096];
	int			(*msg)(struct rig *rig, u16 port,
				       const void *msg, u32 len);
	int			set_error;
	u32			set_mtu;
};

/* a switch with ports 1 to @ports; @config NULL: the default, misses dropped */
void rig_open(struct rig *rig, unsigned int ports,
	      const struct cvsw_config *config);
void rig_close(struct rig *rig);
void rig_clear(struct rig *rig);

/* change the settings through @edit */
void rig_configure(struct rig *rig, void (*edit)(struct cvsw_config *config));

extern const struct cvsw_ops rig_ops;

/* what cvsw_port_add() is given for port @no ("p1") */
struct cvsw_port_info rig_port(u16 no);

/* the frame that @frame describes, or these bytes, coming in by @port */
struct cvsw_pkt *rig_frame(struct rig *rig, u16 port,
			   const struct test_frame *frame);
struct cvsw_pkt *rig_bytes(struct rig *rig, u16 port, const void *bytes,
			   u32 len);
void rig_input(struct rig *rig, u16 port, const struct test_frame *frame);

/* do what the control frames that came in ask for */
void rig_control(struct rig *rig);

/* add a flow for all frames of @in_port (0: of any) with these actions */
void rig_add(struct rig *rig, u16 priority, u16 in_port,
	     const struct cvsw_action *actions, unsigned int n);

/* the ports that frames left by, in order: "2 3 C" (C: controller) */
void rig_sent_is(const struct rig *rig, const char *ports);

/* that much was told of paths, in that order: "+2 ?2 -2"; forgets it */
void rig_paths_are(struct rig *rig, const char *told);

/* exactly @n frames were dropped for @why and none for another cause */
void rig_drops_are(const struct rig *rig, enum cvsw_drop why, u64 n);
u64 rig_drops(const struct rig *rig);

/* flows in the table, and the counters of the one with @priority */
unsigned int rig_flows(const struct rig *rig);
struct cvsw_flow rig_flow(const struct rig *rig, u16 priority);

#define RIG_OUT(no)	{ .type = CVSW_ACT_OUTPUT, .output = { .port = (no) } }
#define RIG_RESUBMIT(no) { .type = CVSW_ACT_RESUBMIT, .output = { .port = (no) } }
#define RIG_LIST(...)	((const struct cvsw_action[]){ __VA_ARGS__ }),	      \
	sizeof((const struct cvsw_action[]){ __VA_ARGS__ }) /		      \
	sizeof(struct cvsw_action)

#endif /* CVSW_TEST_RIG_H */
