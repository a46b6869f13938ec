/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OFD_H
#define CVSW_OFD_H

/*
 * cvsw-ofd: the OpenFlow agent.  It stands between switches, which it controls
 * through <cvsw/ctl.h>, and their controllers.
 *
 *	message:  chan -> conn -> msg* -> of10 codec -> ctl
 *	event:	  ctl -> sw -> async -> of10 codec -> conn -> chan
 *
 * One thread per switch (struct sw) does both.  It holds sw->lock except while
 * it waits, so that the main thread can look at it (show.c).
 */

#include <stdio.h>
#include <cvsw/ctl.h>
#include <cvsw/openflow.h>
#include "chan.h"
#include "daemon.h"
#include "ev.h"
#include "of10.h"
#include "os.h"
#include "target.h"

struct conn;
struct keep;
struct msg_room;
struct remote;
struct service;

/* conf.c */

enum ofd_fail_mode {
	OFD_FAIL_SECURE,	/* misses go on to the controller that is not there */
	OFD_FAIL_STANDALONE,	/* misses pass */
};

#define OFD_MISS_KEEP	0xff	/* the switch's own setting stands */

/**
 * struct conf_sw - what a switch is to be managed like
 * @where:     of the switch, for cvsw_ctl_open()
 * @name:      its name; empty: the only one there
 * @targets:   its controllers and where it listens
 * @dpid:      datapath id; 0: the switch's own if it has one, else one that is
 *             always the same for this switch on this machine
 * @probe_ms:  silence after which a peer is asked whether it is there; 0: never
 * @backoff_max_ms: longest wait before a controller is dialled again
 * @fail_mode: enum ofd_fail_mode
 * @miss:      enum cvsw_miss while it is managed, or OFD_MISS_KEEP
 */
struct conf_sw {
	char		*where;
	char		name[CVSW_NAME_LEN];
	struct target	*targets;
	unsigned int	n_targets;
	u64		dpid;
	u32		probe_ms;
	u32		backoff_max_ms;
	u8		fail_mode;
	u8		miss;
};

/* main.c */

/** ofd_now - nanoseconds of the monotonic clock */
u64 ofd_now(void);

/* sw.c: one switch */

/**
 * struct sw - a switch that is managed
 * @conf:    borrowed
 * @tls:     borrowed; NULL: none
 * @lock:    held by its thread but for waiting
 * @ev:      what its thread waits for
 * @thread:  sw_run()
 * @stop:    it is to end
 * @ctl:     for requests; NULL while the switch is not there
 * @ctl_fd:  of it: something that nobody waits for was refused
 * @events:  for events; likewise
 * @events_fd: of it
 * @retry:   when to look for the switch again
 * @gone:    closes @ctl and all connections, since it is not there any more
 * @config:  as the switch told when it was found, with what it was given:
 *           datapath id, miss, fragment mode
 * @flags:   of SET_CONFIG, as they were told
 * @known:   it was found once: @flags and the fragment mode are to stay
 * @since:   real time, s: when @ctl came or went
 * @why:     why @ctl is not there; empty: nothing to say yet
 * @conns:   struct conn, by link
 * @remotes: struct remote, by link: those that are dialled
 * @services: struct service, by link: where it is dialled
 * @fail:    when to go over to standing alone
 * @alone:   and it does
 * @miss:    what it did with misses before it stood alone
 * @lost:    events that the switch could not send to us
 * @tell_until: ns: until then @told lines of sw_tell() were said, and @untold
 *           were not
 * @keep:    flows that controllers made
 * @room:    memory of msg.c for requests that are handled together
 * @buf:     a message being made for several connections
 */
struct sw {
	const struct conf_sw	*conf;
	SSL_CTX			*tls;
	pthread_mutex_t		lock;
	struct ev		*ev;
	pthread_t		thread;
	bool			stop;
	struct cvsw_ctl		*ctl;
	struct ev_fd		ctl_fd;
	struct cvsw_ctl		*events;
	struct ev_fd		events_fd;
	struct ev_timer		retry;
	struct ev_task		gone;
	struct cvsw_config	config;
	u16			flags;
	bool			known;
	u64			since;
	char			why[200];
	struct list_head	conns;
	struct list_head	remotes;
	struct list_head	services;
	struct ev_timer		fail;
	bool			alone;
	u8			miss;
	u64			lost;
	u64			tell_until;
	unsigned int		told;
	unsigned int		untold;
	struct keep		*keep;
	struct msg_room		*room;
	u8			buf[CVSW_OFP_MSG_MAX + 1]
					__attribute__((aligned(8)));
};

/** sw_new - begin to manage a switch, in a thread of its own; it need not be
 * there yet, but if it is, controllers can dial in from now on.  0 or a negative
 * errno, which was said */
int sw_new(struct sw **out, const struct conf_sw *conf, SSL_CTX *tls);

/** sw_free - end the thread, close all connections; the switch stays as it is */
void sw_free(struct sw *sw);

/** sw_there - is the switch there, as far as is known? */
static inline bool sw_there(const struct sw *sw)
{
	return sw->ctl && !sw->gone.armed;
}

/**
 * sw_failed - a call on @ctl failed: is the switch still there?
 * Return: false when it is gone: then it is looked for again soon, and all its
 * connections are closed (by a task, not from inside).
 */
bool sw_failed(struct sw *sw, int err);

/** sw_open - one more connection with it; the caller's to close */
int sw_open(const struct sw *sw, struct cvsw_ctl **out,
	    struct cvsw_ctl_error *err);

/** sw_events - deliver what the switch has told us until now; after it has
 * answered a request that is all that the request caused */
void sw_events(struct sw *sw);

/** sw_miss - have misses treated so (enum cvsw_miss); when the switch is not
 * there, once it is */
void sw_miss(struct sw *sw, u8 miss);

/* tell.c */

/** sw_tell - say what somebody else can cause, of @who (may be ""), as long as
 * there is not too much of it; the rest is counted */
void sw_tell(struct sw *sw, int priority, const char *who, const char *format,
	     ...) __attribute__((format(printf, 4, 5)));

/* dpid.c: which switch it is, to controllers */

/** dpid_make - a datapath id that is always the same for switch @name at @where
 * on this machine, and no other's: a locally administered MAC, never 0 */
u64 dpid_make(const char *where, const char *name);

/* async.c: what switches tell, to those who want to hear it */

void async_event(struct sw *sw, const struct cvsw_ctl_event *event);

/* conn.c: one connection */

/* bounds of what one connection does before others have their turn */
#define CONN_TURN_BYTES		(64u << 10)
#define CONN_TURN_NS		2000000u

#define CONN_HELLO_MS		5000	/* within which HELLO has to come */
#define CONN_PART_MS		1000	/* to read why it is over */
#define CONN_STUCK_MS		15000	/* that a peer may read nothing when it
					 * is not probed; else 3 probes */

/**
 * struct conn_job - an answer that takes several steps
 * @room: there is room for more of it; also called once when it begins
 * @stop: the connection ends; frees the job
 */
struct conn_job {
	void (*room)(struct conn_job *job);
	void (*stop)(struct conn_job *job);
};

/* what a connection is told, by the reasons that messages have */
#define CONN_A_PACKET_IN(reason)	(0x000001u << (reason))
#define CONN_A_PORT(reason)		(0x000100u << (reason))
#define CONN_A_REMOVED(reason)		(0x010000u << (reason))
#define CONN_A_PORTS		0x00ff00u
#define CONN_A_ALL		0xffffffu

/**
 * struct conn - a connection with a controller, or with a tool
 * @link:      in sw->conns
 * @chan:      the stream
 * @remote:    it was dialled for it; NULL: it dialled us, a service connection,
 *             which is told nothing unless it sets a miss_send_len
 * @service:   where it dialled us
 * @peer:      who that is: the target's text, or target and address
 * @up:        HELLO came, and a version was agreed
 * @ended:     it is over, and waits to be freed
 * @left:      because the peer closed it
 * @behind:    it does not read, and so is sent no PACKET_INs just now
 * @told:      CONN_A_* in force; conn_async() works it out
 * @async:     CONN_A_* that it wants: as equal or master, and as slave
 *             (NXT_SET_ASYNC_CONFIG)
 * @role:      enum cvsw_ofp_nx_role
 * @miss_send_len: as it was set
 * @nxm:       FLOW_REMOVED is of Nicira's form (NXT_SET_FLOW_FORMAT)
 * @nxm_in:    and so is PACKET_IN (NXT_SET_PACKET_IN_FORMAT)
 * @table_id:  the upper half of its flow-mods' commands is a table id
 *             (NXT_FLOW_MOD_TABLE_ID)
 * @job:       an answer being made; no message is handled meanwhile
 * @probe:     when to ask whether it is there, or to give it up
 * @probed:    ns, when it was asked; 0: it was not since @heard
 * @born:      ns, when it was made
 * @heard:     ns, when something came last
 * @since:     real time, s: when @up
 * @in, @out:  messages by type; @errors: of @out, those that were ERROR, by type
 * @in_strange: of types that there are not
 * @missed:    PACKET_INs that it was not sent because it does not read
 * @last_error: the last ERROR, "sent (2,4) output: no such port" or
 *             "received (1,1)"; empty: there was none
 * @room:      of conn_room(), until conn_put()
 * @go:        goes on with what has come
 * @end:       frees it, once nobody is inside it
 * @why:       why it ends
 */
struct conn {
	struct list_head	link;
	struct sw		*sw;
	struct chan		*chan;
	struct remote		*remote;
	struct service		*service;
	char			peer[TARGET_TEXT_MAX + 64];
	bool			up;
	bool			ended;
	bool			left;
	bool			behind;
	bool			vendor;
	bool			nxm;
	bool			nxm_in;
	bool			table_id;
	u32			told;
	u32			async[2];
	u32			role;
	u16			miss_send_len;
	struct conn_job		*job;
	struct ev_timer		probe;
	u64			probed;
	u64			born;
	u64			heard;
	u64			since;
	u64			in[CVSW_OFP_TYPES];
	u64			out[CVSW_OFP_TYPES];
	u64			in_strange;
	u64			missed;
	char			last_error[160];
	void			*room;
	struct ev_task		go;
	struct ev_task		end;
	char			why[160];
};

/** conn_new - a session over @chan, which it owns also when this fails; it begins
 * with conn_hello(), or when the chan says that it is up */
int conn_new(struct conn **out, struct sw *sw, struct chan *chan,
	     struct remote *remote, const char *peer);
void conn_hello(struct conn *conn);

/** conn_free - close it now, with its job; by those who are not inside it */
void conn_free(struct conn *conn);

/** conn_end - end it soon, because of @why (printf); what was put before goes out
 * as far as the peer takes it.  Its remote or service says so.  All calls are
 * allowed on one that has ended, and do nothing */
void conn_end(struct conn *conn, const char *why, ...)
	__attribute__((format(printf, 2, 3)));

/** conn_part - the same after something was put that the peer ought to read: it
 * has CONN_PART_MS to do so, since there are controllers that forget what they
 * were told once a connection is closed */
void conn_part(struct conn *conn, const char *why, ...)
	__attribute__((format(printf, 2, 3)));

/** conn_room - room for a message of up to @len bytes; NULL: the connection ends */
void *conn_room(struct conn *conn, u32 len);

/** conn_put - the first @len bytes there, a message with its length, are sent
 * and counted by type */
void conn_put(struct conn *conn, u32 len);

/** conn_send - put a copy of a message */
void conn_send(struct conn *conn, const void *msg, u32 len);

/** conn_refuse - answer the request @msg (@len bytes) with an ERROR; the text
 * goes to last_error and, at debug level, to the log */
void conn_refuse(struct conn *conn, const void *msg, u32 len,
		 const struct cvsw_of10_error *err);

/** conn_full - is there no room for more of an answer just now? */
bool conn_full(const struct conn *conn);

/** conn_work - begin a job; until conn_done() it handles no message */
void conn_work(struct conn *conn, struct conn_job *job);

/** conn_done - the job, which the caller frees, is over */
void conn_done(struct conn *conn);

/** conn_async - work out anew what it is told, after role, filters or
 * miss_send_len changed */
void conn_async(struct conn *conn);

/* role.c: Nicira's roles */

/** role_request - NXT_ROLE_REQUEST: a master makes slaves of the other masters */
void role_request(struct conn *conn, const void *msg, u32 len);

/**
 * role_may - may it send messages of @type (enum cvsw_ofp_type)?
 *
 * A slave may not PACKET_OUT, FLOW_MOD (ask for FLOW_MOD when it comes in a
 * VENDOR) and PORT_MOD, which (1,5) EPERM tells.  Of its SET_CONFIG the
 * miss_send_len counts, which is its own, and the rest is silently left alone.
 */
bool role_may(const struct conn *conn, u8 type);

/* remote.c: controllers that are dialled, and what to do without them */

/**
 * struct remote - a controller that is dialled
 * @link:     in sw->remotes
 * @target:   where
 * @chan:     being dialled
 * @conn:     the session
 * @again:    when to dial again
 * @backoff_ms: what to wait before it is dialled again
 * @tries:    dialled since it was lost
 * @since:    real time, s: when it came or was lost
 * @why:      why it is not there
 */
struct remote {
	struct list_head	link;
	struct sw		*sw;
	const struct target	*target;
	struct chan		*chan;
	struct conn		*conn;
	struct ev_timer		again;
	u32			backoff_ms;
	u32			tries;
	u64			since;
	char			why[160];
};

#define SERVICE_CONNS	32	/* more of one service are closed at once */

/**
 * struct service - where tools and controllers dial in
 * @link:     in sw->services
 * @n:        its connections
 * @full:     that there are too many was said
 * @last:     why the last one ended that came to nothing, as was said
 * @why:      why it does not listen, empty when it does; tried again every second
 */
struct service {
	struct list_head	link;
	struct sw		*sw;
	const struct target	*target;
	struct chan_listener	*listener;
	struct ev_timer		again;
	unsigned int		n;
	bool			full;
	char			last[160];
	char			why[160];
};

/** remotes_new - one for each target, in the lists of @sw, which are empty; none is
 * dialled as yet.  0 or -ENOMEM */
int remotes_new(struct sw *sw);
void remotes_free(struct sw *sw);

/** remotes_start - dial and listen: the switch is there */
void remotes_start(struct sw *sw);

/** remotes_stop - end all of it and all connections, now: the switch is not there;
 * not from inside a connection */
void remotes_stop(struct sw *sw, const char *why);

/** remote_up - its session is agreed; remote_down - it is over (conn.c) */
void remote_up(struct remote *remote);
void remote_down(struct remote *remote, const char *why);

/* service.c */

/** service_new - at the end of sw->services, not listening; 0 or -ENOMEM */
int service_new(struct sw *sw, const struct target *target);
void services_free(struct sw *sw);

void service_start(struct service *service);
void service_stop(struct service *service);

/** service_up - one of its sessions is agreed; service_down - it is over */
void service_up(struct service *service);
void service_down(struct service *service, const struct conn *conn);

/* msg.c and msg_*.c: requests */

/**
 * msg_run - handle requests
 * @msgs: whole messages, at any address, of any version; none is HELLO, ERROR
 *        or ECHO (its cvsw_of10_check() judges the rest)
 * @len:  their bytes
 * Return: how many bytes were handled, at least the first message.
 *
 * It takes as many as are cheaper together, and stops when there is a job, or
 * conn_full().  Answers, errors included, are put on @conn in the order of
 * the requests.
 */
u32 msg_run(struct conn *conn, const void *msgs, u32 len);

/** msg_room_new - memory for msg_run() of one switch; NULL without memory */
struct msg_room *msg_room_new(void);

/** msg_frame_refused - the switch refused what was posted; for
 * cvsw_ctl_on_refused(), with the struct sw */
void msg_frame_refused(void *arg, u32 seq, int err);

/** msg_frames_forget - @conn is about to be freed: tell it nothing more */
void msg_frames_forget(const struct conn *conn);

/** msg_stats - STATS_REQUEST, vendors' included */
void msg_stats(struct conn *conn, const void *msg, u32 len);

/* show.c: what there is to see */

/** show_new - answer on the socket at @path, in the main thread: JSON, one
 * document for each that connects.  0 or a negative errno, which was said */
int show_new(struct ev *ev, const char *path, struct sw *const *sw,
	     unsigned int n);
void show_free(void);

#endif /* CVSW_OFD_H */
