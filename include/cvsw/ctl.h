/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_CTL_H
#define CVSW_CTL_H

/*
 * Control of a running switch from another program.
 *
 * A struct cvsw_ctl is one connection to one daemon, or to the kernel module.
 * It is used by one thread at a time and its calls wait for their answers;
 * functions they are given to call must not use it.  Errors are negative errno
 * values; cvsw_ctl_error() then tells the reason in words.  What a switch
 * refuses has changed nothing.
 *
 * -ECONNREFUSED, -ENOENT, -EACCES from cvsw_ctl_open() and -ECONNRESET from any
 * other call mean that there is nobody to talk to.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <cvsw/switch.h>
#include <cvsw/nl.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CVSW_CTL_SOCKET		"/run/cvsw/cvswd.sock"

struct cvsw_ctl;

/**
 * struct cvsw_ctl_error - why a call failed
 * @text:  for a person to read; empty when nothing failed
 * @index: which flow of a list is at fault, counted from 0, or -1
 * @sub:   which of its actions, or -1
 */
struct cvsw_ctl_error {
	char	text[200];
	int	index;
	int	sub;
};

/**
 * cvsw_ctl_open - connect
 * @out:   receives the connection
 * @where: "unix:PATH" or a path: a daemon; "netlink:IFACE": the switch that the
 *         kernel module has in that interface, "netlink:": any of the network
 *         namespace; "frame:IFACE[,key=FILE][,vnic=MAC][,lease=SECONDS]": that
 *         of a vNIC, by control frames sent from an interface, of version 3 with
 *         a key, else of version 2, see cvsw-inband(7)
 * @err:   may be NULL
 *
 * -EOPNOTSUPP: the kernel module is not loaded.  Of frames -ETIMEDOUT: no vNIC
 * answers, -ECONNREFUSED: it does not want to.  Version 2 has no answers: calls
 * that have a form in it succeed when it was sent, all others are -EOPNOTSUPP.
 */
int cvsw_ctl_open(struct cvsw_ctl **out, const char *where,
		  struct cvsw_ctl_error *err);

/**
 * cvsw_ctl_open_more - one more connection to where @ctl leads
 *
 * By frames there is one session for all of them, since a vNIC has one at a time,
 * which ends with the last; events are then those that the last of them asked
 * for, to all who ever asked for some.  Elsewhere it is as cvsw_ctl_open().
 */
int cvsw_ctl_open_more(struct cvsw_ctl **out, const struct cvsw_ctl *ctl,
		       struct cvsw_ctl_error *err);

void cvsw_ctl_close(struct cvsw_ctl *ctl);

/**
 * cvsw_ctl_use - which switch further calls are for
 * @name: NULL: the only one there is
 */
int cvsw_ctl_use(struct cvsw_ctl *ctl, const char *name);

/** cvsw_ctl_error - why the last call that failed did */
const struct cvsw_ctl_error *cvsw_ctl_error(const struct cvsw_ctl *ctl);

/** cvsw_ctl_fd - readable when an event (or the end) waits; -1 when there is none */
int cvsw_ctl_fd(const struct cvsw_ctl *ctl);

/**
 * cvsw_ctl_timeout - how long calls wait for a switch that does not answer
 * @ms: -1 for ever, which is so from the beginning
 * Return: 0, or -EINVAL for 0 and less than -1.
 *
 * The time is that without a datagram from it.  Then a call fails with
 * -ETIMEDOUT, whatever became of the request, and all later ones with
 * -ECONNRESET: what is left is cvsw_ctl_close().  Calls that have a timeout of
 * their own keep to that.
 */
int cvsw_ctl_timeout(struct cvsw_ctl *ctl, int ms);

/* Switch */

/**
 * cvsw_ctl_attach - have the kernel module put a switch into an interface
 * @iface: its name, which the switch has, too
 * Return: 0; -ENODEV: no such interface; -EEXIST: it has one; -EINVAL: not an
 * Ethernet device; -EPERM; -EOPNOTSUPP: not of a daemon.
 */
int cvsw_ctl_attach(struct cvsw_ctl *ctl, const char *iface);

/** cvsw_ctl_detach - take it out again, with all its flows; errors likewise */
int cvsw_ctl_detach(struct cvsw_ctl *ctl, const char *iface);

/** cvsw_ctl_switch_get - settings and counters; either may be NULL */
int cvsw_ctl_switch_get(struct cvsw_ctl *ctl, struct cvsw_config *config,
			struct cvsw_table_stats *stats);

/** cvsw_ctl_switch_dump - all switches, or the one in use; a non-zero return of
 * @each ends it */
int cvsw_ctl_switch_dump(struct cvsw_ctl *ctl,
			 int (*each)(void *arg, const struct cvsw_config *config,
				     const struct cvsw_table_stats *stats),
			 void *arg);

/**
 * cvsw_ctl_switch_set - change settings
 * @fields: 1 << CVSW_SWITCH_A_* of those in @config that are meant
 */
int cvsw_ctl_switch_set(struct cvsw_ctl *ctl, const struct cvsw_config *config,
			__u32 fields);

/* Ports */

/**
 * cvsw_ctl_port_add - open @spec as a port
 * @no:   its number, 0 for the lowest free one
 * @info: receives it; may be NULL
 */
int cvsw_ctl_port_add(struct cvsw_ctl *ctl, const char *spec, __u16 no,
		      struct cvsw_port_info *info);
int cvsw_ctl_port_del(struct cvsw_ctl *ctl, __u16 no);

/** cvsw_ctl_port_get - port @no, or the one called @name when @name is not NULL */
int cvsw_ctl_port_get(struct cvsw_ctl *ctl, __u16 no, const char *name,
		      struct cvsw_port_info *info);
int cvsw_ctl_port_dump(struct cvsw_ctl *ctl,
		       int (*each)(void *arg, const struct cvsw_port_info *info),
		       void *arg);

/**
 * cvsw_ctl_port_set - change port @info->no
 * @what: CVSW_PORT_SET_CONFIG, _ANTISPOOF, _MTU, _OFFLOAD (of @info->rx_offload
 *        and tx_offload), _DEVICE (of device_asked)
 * @config_mask: with CVSW_PORT_SET_CONFIG: which bits of @info->config count
 */
int cvsw_ctl_port_set(struct cvsw_ctl *ctl, const struct cvsw_port_info *info,
		      unsigned int what, __u32 config_mask);

/** cvsw_ctl_port_test - test the offloads of port @no; see cvsw_port_test() */
int cvsw_ctl_port_test(struct cvsw_ctl *ctl, __u16 no,
		       void (*each)(void *arg, const struct cvsw_test *test),
		       void *arg);

/* Paths */

/** cvsw_ctl_path_dump - the far ends of tunnels, until @each returns non-zero */
int cvsw_ctl_path_dump(struct cvsw_ctl *ctl,
		       int (*each)(void *arg, const struct cvsw_path_info *info),
		       void *arg);

/* Flows */

/** cvsw_ctl_flow_mods - change the table, all or none, any number */
int cvsw_ctl_flow_mods(struct cvsw_ctl *ctl, const struct cvsw_flow_mod *mods,
		       unsigned int n);

/** cvsw_ctl_flow_replace - make the table consist of exactly @flows, all or none */
int cvsw_ctl_flow_replace(struct cvsw_ctl *ctl, const struct cvsw_flow *flows,
			  unsigned int n);

/**
 * cvsw_ctl_flow_dump - flows with their counters
 * @filter: as CVSW_FLOW_DEL selects; NULL for all
 * @each:   a non-zero return ends the dump
 */
int cvsw_ctl_flow_dump(struct cvsw_ctl *ctl, const struct cvsw_flow_mod *filter,
		       int (*each)(void *arg, const struct cvsw_flow *flow),
		       void *arg);

/**
 * cvsw_ctl_flow_dump_begin - begin a dump that is read in steps
 *
 * Until it has ended the connection is good for steps and cvsw_ctl_close()
 * only (other calls: -EBUSY), and cvsw_ctl_fd() is readable when a step can be
 * made.  The switch goes on only as fast as steps are made.
 */
int cvsw_ctl_flow_dump_begin(struct cvsw_ctl *ctl,
			     const struct cvsw_flow_mod *filter);

/**
 * cvsw_ctl_flow_dump_step - hand the flows of one datagram to @each
 * @timeout_ms: how long to wait for one, 0: not at all, -1: as
 *              cvsw_ctl_timeout() says
 * @each:       its return value does not count
 * Return: 1 when there may be more, 0 at the end, or a negative errno, which
 * ends the dump too.
 */
int cvsw_ctl_flow_dump_step(struct cvsw_ctl *ctl, int timeout_ms,
			    int (*each)(void *arg, const struct cvsw_flow *flow),
			    void *arg);

/* Queues */

/**
 * cvsw_ctl_queue_set - make a queue of a port, or change its rates
 * @info: port, id and rates
 */
int cvsw_ctl_queue_set(struct cvsw_ctl *ctl, const struct cvsw_queue_info *info);

/** cvsw_ctl_queue_del - remove queue @id of a port; CVSW_QUEUE_ALL: all of them */
int cvsw_ctl_queue_del(struct cvsw_ctl *ctl, __u16 port, __u32 id);

/** cvsw_ctl_queue_dump - the queues of port @port, CVSW_PORT_NONE: of all, until
 * @each returns non-zero */
int cvsw_ctl_queue_dump(struct cvsw_ctl *ctl, __u16 port,
			int (*each)(void *arg, const struct cvsw_queue_info *info),
			void *arg);

/* Frames */

/** cvsw_ctl_drops - drop counters by cause, with name and explanation */
int cvsw_ctl_drops(struct cvsw_ctl *ctl,
		   void (*each)(void *arg, const char *name, const char *text,
				__u64 frames),
		   void *arg);

/**
 * struct cvsw_ctl_step - one step of a trace; see struct cvsw_trace_step
 * @drop_name: DROP: name of the cause
 * @drop_text: DROP: its explanation
 * @key:       LOOKUP: what is looked up, else NULL
 * @flow:      MATCH: the flow, NULL for a miss
 * @action:    ACTION: the action
 * @frame:     OUTPUT, CONTROLLER, DROP: the frame now, at most
 *             CVSW_NL_STEP_FRAME bytes of it, else NULL
 * @frame_len: bytes at @frame
 * @len:       bytes of the whole frame
 */
struct cvsw_ctl_step {
	__u16				what;
	__u16				depth;
	__u16				index;
	__u16				port;
	const char			*drop_name;
	const char			*drop_text;
	const struct cvsw_key		*key;
	const struct cvsw_flow		*flow;
	const struct cvsw_action	*action;
	const void			*frame;
	__u32				frame_len;
	__u32				len;
};

/** cvsw_ctl_trace - what would become of a frame that came in by @in_port */
int cvsw_ctl_trace(struct cvsw_ctl *ctl, __u16 in_port, const void *frame,
		   size_t len,
		   void (*each)(void *arg, const struct cvsw_ctl_step *step),
		   void *arg);

/** cvsw_ctl_packet_out - run actions on a frame; @in_port may be CVSW_PORT_NONE */
int cvsw_ctl_packet_out(struct cvsw_ctl *ctl, __u16 in_port, const void *frame,
			size_t len, const struct cvsw_action *actions,
			unsigned int n);

/**
 * struct cvsw_ctl_packet_out - one of several packet-outs
 * @ret: receives 0 or a negative errno
 * @sub: receives which action is at fault, or -1
 */
struct cvsw_ctl_packet_out {
	const void			*frame;
	size_t				len;
	const struct cvsw_action	*actions;
	__u16				n_actions;
	__u16				in_port;
	int				ret;
	int				sub;
};

/**
 * cvsw_ctl_packet_outs - send several frames, without waiting for each
 * Return: 0 when each has its result, or why the connection failed, which is
 * then also the result of those that have none.
 *
 * They are sent in their order.  One that is refused does not keep the others
 * from being sent.
 */
int cvsw_ctl_packet_outs(struct cvsw_ctl *ctl, struct cvsw_ctl_packet_out *outs,
			 unsigned int n);

/**
 * cvsw_ctl_packet_post - send a frame, and do not wait for an answer
 * @seq: receives the number by which it is told of when it is refused
 *
 * Of @out neither ret nor sub is set.  At most CVSW_CTL_POSTS may be posted
 * between two calls that wait for an answer, which so comes after all of them:
 * cvsw_ctl_switch_get() without anything to be got is the cheapest.
 */
#define CVSW_CTL_POSTS	64

int cvsw_ctl_packet_post(struct cvsw_ctl *ctl,
			 const struct cvsw_ctl_packet_out *out, __u32 *seq);

/**
 * cvsw_ctl_on_refused - who is told what of that which was posted is refused
 * @refused: called from inside calls that wait for an answer, and of
 *           cvsw_ctl_posted(); cvsw_ctl_error() has the reason
 */
void cvsw_ctl_on_refused(struct cvsw_ctl *ctl,
			 void (*refused)(void *arg, __u32 seq, int err),
			 void *arg);

/** cvsw_ctl_posted - look whether some was refused, without waiting; there may be
 * something when cvsw_ctl_fd() is readable */
int cvsw_ctl_posted(struct cvsw_ctl *ctl);

/* Events */

/**
 * struct cvsw_ctl_event - one event
 * @cmd:       CVSW_CMD_FLOW_REMOVED, _PORT_EVENT, _PACKET_IN or _LOST, or
 *             _UNSPEC: see cvsw_ctl_event_mark()
 * @reason:    enum cvsw_removed_reason, cvsw_event_kind or
 *             cvsw_packet_in_reason
 * @name:      the switch
 * @flow:      FLOW_REMOVED
 * @port:      PORT_EVENT
 * @in_port:   PACKET_IN
 * @cookie:    PACKET_IN
 * @tun_id:    PACKET_IN
 * @len:       PACKET_IN: bytes of the whole frame
 * @frame:     PACKET_IN
 * @frame_len: bytes at @frame
 * @lost:      LOST: how many events were not sent
 *
 * Pointers hold until the next call.
 */
struct cvsw_ctl_event {
	__u16				cmd;
	__u16				reason;
	__u16				in_port;
	__u16				pad;
	char				name[CVSW_NAME_LEN];
	const struct cvsw_flow		*flow;
	const struct cvsw_port_info	*port;
	__u64				cookie;
	__be64				tun_id;
	__u32				len;
	__u32				lost;
	const void			*frame;
	size_t				frame_len;
};

/**
 * cvsw_ctl_subscribe - ask for events, CVSW_NL_GROUP_*
 *
 * Use a connection of its own: other calls skip events that arrive before their
 * answer.  What a request causes is sent before the request is answered.
 */
int cvsw_ctl_subscribe(struct cvsw_ctl *ctl, __u32 groups);

/**
 * cvsw_ctl_event - wait for an event
 * @timeout_ms: -1 for ever
 * Return: 1 with an event, 0 when the time is over or a signal came, or a
 * negative errno.
 */
int cvsw_ctl_event(struct cvsw_ctl *ctl, int timeout_ms,
		   struct cvsw_ctl_event *event);

/**
 * cvsw_ctl_event_mark - ask for a mark among the events
 *
 * It is handed out as an event of CVSW_CMD_UNSPEC, behind all that have been sent
 * until now.  That there is nothing to read does not mean as much: what the
 * socket has no room for waits on its other side.
 */
int cvsw_ctl_event_mark(struct cvsw_ctl *ctl);

/* State */

/**
 * cvsw_ctl_save - write settings, ports, their queues and flows with counters to
 * @file
 *
 * The file holds the requests that make them again.  It is for the machine
 * it was written on; use flow text to carry flows elsewhere.  Keys are not in it, so
 * that in-band control, version 3, is not restored.
 */
int cvsw_ctl_save(struct cvsw_ctl *ctl, FILE *file);

/* what of a file cvsw_ctl_restore() takes */
#define CVSW_CTL_RESTORE_SWITCH	0x1
#define CVSW_CTL_RESTORE_PORTS	0x2	/* opens those that are missing; and queues */
#define CVSW_CTL_RESTORE_FLOWS	0x4	/* the table becomes that of the file */
#define CVSW_CTL_RESTORE_ALL	0x7

/** cvsw_ctl_restore - bring back what cvsw_ctl_save() wrote; -EBADMSG when
 * @file is none of its, in which case nothing was changed */
int cvsw_ctl_restore(struct cvsw_ctl *ctl, FILE *file, unsigned int what);

/* vNICs with in-band control */

/** enum cvsw_vnic_trust - does somebody who has our key say so? */
enum cvsw_vnic_trust {
	CVSW_VNIC_UNKNOWN	= 0,	/* version 2, or we do not have that key */
	CVSW_VNIC_FALSE		= 1,	/* no: our key with that id is another one */
	CVSW_VNIC_TRUE		= 2,
};

/**
 * struct cvsw_ctl_vnic - what a vNIC says of itself; all but @mac of version 3
 * @version:   2 or 3
 * @trust:     enum cvsw_vnic_trust
 * @announced: it said so unasked, with @state and @policy
 * @state:     enum cvsw_inband_state
 * @policy:    enum cvsw_inband_policy
 * @mac:       of the port
 * @key_id:    of the key that it used
 * @mtu:       of frames that it takes
 * @boot:      another number after each start
 * @dpid:      datapath id of the switch
 * @name:      of the switch
 */
struct cvsw_ctl_vnic {
	__u8	version;
	__u8	trust;
	__u8	announced;
	__u8	state;
	__u8	policy;
	__u8	pad[3];
	__u8	mac[6];
	__u16	key_id;
	__u16	mtu;
	__u16	pad2[3];
	__u64	boot;
	__u64	dpid;
	char	name[CVSW_NAME_LEN];
};

/**
 * cvsw_ctl_vnics - which vNICs are on a link?
 * @where:      as "frame:..." of cvsw_ctl_open(), the key may be left out
 * @call:       ask them to answer, too: those of version 2, which begin to wait for
 *              orders then, and those that have our keys
 * @timeout_ms: how long to listen, -1 for ever
 * @each:       is told of each that is heard, as often as it is; non-zero ends it
 * @err:        may be NULL
 * Return: 0 when @each or the time ended it, or a signal; a negative errno.
 */
int cvsw_ctl_vnics(const char *where, bool call, int timeout_ms,
		   int (*each)(void *arg, const struct cvsw_ctl_vnic *vnic),
		   void *arg, struct cvsw_ctl_error *err);

/* Keys of in-band control */

/**
 * cvsw_keyfile_read - read keys from a file that nobody but its owner may read
 * @path: lines of ID and KEY, which is 64 hexadecimal digits or 44 characters of
 *        base64; empty lines and words from one that begins with # on are not
 *        looked at
 * @keys: receives them, the first in the file first; to be wiped after use
 * @err:  the reason, and in its index the line, counted from 0, or -1; may be
 *        NULL
 * Return: 0; -EINVAL: it holds something else, or no key; -EACCES: others may read
 * or write it; another negative errno of open(2) or read(2).
 */
int cvsw_keyfile_read(const char *path, struct cvsw_inband_keys *keys,
		      struct cvsw_error *err);

#ifdef __cplusplus
}
#endif

#endif /* CVSW_CTL_H */
