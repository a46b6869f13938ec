/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_NL_CODEC_H
#define CVSW_NL_CODEC_H

/*
 * The control protocol of <cvsw/nl.h>: its attributes to and from the structs
 * of <cvsw/switch.h>, and the one handler of its requests.
 *
 * Generic netlink in the kernel and cvswd's socket both bring a request here
 * once its attributes have passed cvsw_nl_policy: they find the switch, call
 * cvsw_nl_doit() or the three dump calls, and send what was put into the
 * reply.  Messages and their headers are the transport's; this code sees
 * attributes only.
 *
 * A put function returns 0, or -EMSGSIZE with the message as it was.  A get
 * function returns 0 or a negative errno with the reason and the attribute in
 * @extack, which may be NULL; it expects a nest that passed the policy.
 *
 * Thread-safety: no state but what is handed in.  Calls on one session or dump
 * must not overlap.
 */

#include "os.h"
#include "nla.h"
#include <cvsw/flow.h>
#include <cvsw/nl.h>
#include <cvsw/switch.h>

/* nl_policy.c: one table for each nest, and the top */

extern const struct nla_policy cvsw_nl_policy[CVSW_A_MAX + 1];
extern const struct nla_policy cvsw_nl_stats_policy[CVSW_STATS_A_MAX + 1];
extern const struct nla_policy cvsw_nl_switch_policy[CVSW_SWITCH_A_MAX + 1];
extern const struct nla_policy cvsw_nl_antispoof_policy[CVSW_ANTISPOOF_A_MAX + 1];
extern const struct nla_policy cvsw_nl_port_stats_policy[CVSW_PORT_STATS_A_MAX + 1];
extern const struct nla_policy cvsw_nl_port_policy[CVSW_PORT_A_MAX + 1];
extern const struct nla_policy cvsw_nl_test_policy[CVSW_TEST_A_MAX + 1];
extern const struct nla_policy cvsw_nl_key_policy[CVSW_KEY_A_MAX + 1];
extern const struct nla_policy cvsw_nl_output_policy[CVSW_OUTPUT_A_MAX + 1];
extern const struct nla_policy cvsw_nl_tunnel_policy[CVSW_TUNNEL_A_MAX + 1];
extern const struct nla_policy cvsw_nl_opt_policy[CVSW_OPT_A_MAX + 1];
extern const struct nla_policy cvsw_nl_action_policy[CVSW_ACTION_A_MAX + 1];
extern const struct nla_policy cvsw_nl_flow_policy[CVSW_FLOW_A_MAX + 1];
extern const struct nla_policy cvsw_nl_drop_policy[CVSW_DROP_A_MAX + 1];
extern const struct nla_policy cvsw_nl_step_policy[CVSW_STEP_A_MAX + 1];
extern const struct nla_policy cvsw_nl_path_policy[CVSW_PATH_A_MAX + 1];
extern const struct nla_policy cvsw_nl_queue_policy[CVSW_QUEUE_A_MAX + 1];

/* nl_field.c: members of structs */

/**
 * struct cvsw_nl_field - an attribute that is a member of a struct
 * @offset: where in the struct
 * @attr:   its type
 * @len:    its bytes, 8: a u64
 */
struct cvsw_nl_field {
	u16	offset;
	u8	attr;
	u8	len;
};

#define CVSW_NL_FIELD(type, member, attr)				\
	{ offsetof(type, member), attr, sizeof(((type *)NULL)->member) }

/* those of the @n fields at @field that are @wanted, bits 1 << attribute */
int cvsw_nl_put_fields(struct sk_buff *skb, const struct cvsw_nl_field *field,
		       unsigned int n, u32 wanted, const void *from);

/* those that are there; the others stay as they are */
void cvsw_nl_get_fields(struct nlattr *const *tb,
			const struct cvsw_nl_field *field, unsigned int n,
			void *to);

/* 1 << attribute of those that are there, up to @max */
u32 cvsw_nl_named(struct nlattr *const *tb, unsigned int max);

/* nl_codec.c: keys, actions, flows.  Except for cvsw_nl_get_flow() what is read
 * was checked against the policy of what it is in. */

/* put @text and @attr into @extack; returns @ret */
int cvsw_nl_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
		   const char *text, int ret);

/* put flow @index and action @sub of it (-1: as it is there already) into the
 * cookie of @extack */
void cvsw_nl_blame(struct netlink_ext_ack *extack, s32 index, s32 sub);

/* fields of @key that are not 0 */
int cvsw_nl_put_key(struct sk_buff *skb, int type, const struct cvsw_key *key);
void cvsw_nl_get_key(const struct nlattr *nest, struct cvsw_key *key);

int cvsw_nl_put_match(struct sk_buff *skb, int key_type, int mask_type,
		      const struct cvsw_match *match);
int cvsw_nl_get_match(const struct nlattr *key, const struct nlattr *mask,
		      struct cvsw_match *match, struct netlink_ext_ack *extack);

int cvsw_nl_put_actions(struct sk_buff *skb, int type,
			const struct cvsw_action *actions, unsigned int n);

/* how many actions a nest holds */
unsigned int cvsw_nl_count_actions(const struct nlattr *nest);

/* @actions has room for as many */
int cvsw_nl_get_actions(const struct nlattr *nest, struct cvsw_action *actions,
			struct netlink_ext_ack *extack);

/* what of a flow-mod goes into an attribute */
enum cvsw_nl_flow_form {
	CVSW_NL_FLOW_MOD,	/* command and filters; counters with RESTORE */
	CVSW_NL_FLOW_STATS,	/* counters, no command */
};

int cvsw_nl_put_flow(struct sk_buff *skb, int type,
		     const struct cvsw_flow_mod *mod,
		     enum cvsw_nl_flow_form form);

/* how many actions, and how many options, a flow's nest holds */
unsigned int cvsw_nl_count_flow_actions(const struct nlattr *nest);
unsigned int cvsw_nl_count_flow_opts(const struct nlattr *nest);

/* @actions and @opts have room for as many, or for the most that a flow may
 * have; @mod points to them */
int cvsw_nl_get_flow(const struct nlattr *nest, struct cvsw_flow_mod *mod,
		     struct cvsw_action *actions, struct cvsw_opt_match *opts,
		     struct netlink_ext_ack *extack);

/* nl_state.c: switches, ports, counters, events, trace steps */

int cvsw_nl_put_switch(struct sk_buff *skb, struct cvsw_switch *sw);

/* @fields: 1 << CVSW_SWITCH_A_* of what is put; @stats may be NULL */
int cvsw_nl_put_config(struct sk_buff *skb, const struct cvsw_config *config,
		       u32 fields, const struct cvsw_table_stats *stats);

/* changes in @config what the nest names and adds it to @fields; fills @stats
 * if it has them; @fields and @stats may be NULL */
int cvsw_nl_get_config(const struct nlattr *nest, struct cvsw_config *config,
		       u32 *fields, struct cvsw_table_stats *stats,
		       struct netlink_ext_ack *extack);

/* all there is to tell of a port */
#define CVSW_NL_PORT_ALL	(~(1U << CVSW_PORT_A_CONFIG_MASK | \
				   1U << CVSW_PORT_A_INBAND_KEYS))
CVSW_STATIC_ASSERT(CVSW_PORT_A_MAX < 32, "CVSW_PORT_A_* are bits of a u32");

/* @fields: 1 << CVSW_PORT_A_* of what is put; @mask goes into _CONFIG_MASK */
int cvsw_nl_put_port(struct sk_buff *skb, const struct cvsw_port_info *info,
		     u32 fields, u32 mask);

/* changes in @info what the nest names, adds it to @fields (may be NULL) */
int cvsw_nl_get_port(const struct nlattr *nest, struct cvsw_port_info *info,
		     u32 *fields, struct netlink_ext_ack *extack);

int cvsw_nl_put_test(struct sk_buff *skb, const struct cvsw_test *test);
int cvsw_nl_get_test(const struct nlattr *nest, struct cvsw_test *test,
		     struct netlink_ext_ack *extack);

int cvsw_nl_put_path(struct sk_buff *skb, const struct cvsw_path_info *info);
int cvsw_nl_get_path(const struct nlattr *nest, struct cvsw_path_info *info,
		     struct netlink_ext_ack *extack);

int cvsw_nl_put_drop(struct sk_buff *skb, int type, unsigned int cause,
		     const u64 *frames);

/* @frame: of the @len bytes of step->pkt all or the first CVSW_NL_STEP_FRAME.
 * @shown: the CVSW_STEP_A_FRAME put last or NULL, is replaced: a frame that has
 * not changed since is not put again */
int cvsw_nl_put_step(struct sk_buff *skb, const struct cvsw_trace_step *step,
		     const void *frame, u32 len, const struct nlattr **shown);

int cvsw_nl_put_event(struct sk_buff *skb, const char *name,
		      const struct cvsw_event *event);

/* returns where the @len bytes of the frame that are to go (at most
 * CVSW_NL_FRAME_MAX) belong, or NULL */
void *cvsw_nl_put_packet_in(struct sk_buff *skb, const char *name,
			    const struct cvsw_packet_in *info, u32 len);

/* nl_queue.c: queues */

/* @fields: 1 << CVSW_QUEUE_A_* of what is put */
int cvsw_nl_put_queue(struct sk_buff *skb, const struct cvsw_queue_info *info,
		      u32 fields);

/* what the nest does not name is 0 in @info; @fields: what it names */
int cvsw_nl_get_queue(const struct nlattr *nest, struct cvsw_queue_info *info,
		      u32 *fields, struct netlink_ext_ack *extack);

/* nl_bundle.c: flow-mods gathered from requests */

#define CVSW_NL_BUNDLES		16		/* of one client */
#define CVSW_NL_BUNDLE_MODS	2097152u	/* flow-mods of one bundle */

/**
 * struct cvsw_nl_mods - flow-mods with their actions and options
 * @mod:    the flow-mods
 * @n:      how many
 * @room:   how many there is memory for
 * @chunks: memory of the actions and options
 */
struct cvsw_nl_mods {
	struct cvsw_flow_mod	*mod;
	unsigned int		n;
	unsigned int		room;
	struct list_head	chunks;
};

void cvsw_nl_mods_init(struct cvsw_nl_mods *mods);
void cvsw_nl_mods_free(struct cvsw_nl_mods *mods);

/* append those of all CVSW_A_FLOW in @len bytes of attributes at @list */
int cvsw_nl_mods_add(struct cvsw_nl_mods *mods, const struct nlattr *list,
		     int len, struct netlink_ext_ack *extack);

/* carry them out, or make them the table; they are used up.  @list and @len
 * are where they came from if that was one message, to name the attribute at
 * fault, else NULL and 0 */
int cvsw_nl_mods_apply(struct cvsw_nl_mods *mods, struct cvsw_switch *sw,
		       bool replace, u64 now, const struct nlattr *list,
		       int len, struct netlink_ext_ack *extack);

/**
 * struct cvsw_nl_bundle - a bundle between its begin and its commit
 * @list:    of those of its switch
 * @client:  whose it is
 * @id:      as the client picked it
 * @replace: its flows are to be the table
 * @mods:    what was added so far
 */
struct cvsw_nl_bundle {
	struct list_head	list;
	u32			client;
	u32			id;
	bool			replace;
	struct cvsw_nl_mods	mods;
};

/* 0, -EEXIST, -ENOSPC or -ENOMEM */
int cvsw_nl_bundle_begin(struct list_head *bundles, u32 client, u32 id,
			 bool replace);

/* NULL when there is none */
struct cvsw_nl_bundle *cvsw_nl_bundle_find(struct list_head *bundles,
					   u32 client, u32 id);
void cvsw_nl_bundle_end(struct cvsw_nl_bundle *bundle);

/* forget those of a client that left, or of all */
#define CVSW_NL_CLIENT_ALL	0
void cvsw_nl_bundles_forget(struct list_head *bundles, u32 client);

/* nl_request.c: the handler */

/**
 * struct cvsw_nl_frames - frames as bytes; this code sees no packets
 * @make: a frame of @len bytes; NULL without memory
 * @look: the bytes of a frame that @make made, all or the first
 *        CVSW_NL_STEP_FRAME, and how many all are; good until the next call
 */
struct cvsw_nl_frames {
	struct cvsw_pkt	*(*make)(void *ctx, u16 in_port, const void *data,
				 u32 len);
	const void	*(*look)(void *ctx, const struct cvsw_pkt *pkt,
				 u32 *len);
};

/**
 * struct cvsw_nl_request - one request, its attributes validated
 * @sw:      the switch it is for
 * @worker:  a worker of @sw that nobody else uses during the call
 * @bundles: struct cvsw_nl_bundle for @sw of all clients; nobody else's either
 * @client:  who asks, not 0
 * @frames:  how frames are made, with
 * @ctx:     which is handed to them
 * @now:     nanoseconds
 * @attrs:   the attributes by type, the last of each
 * @list:    all attributes as they came
 * @len:     bytes of @list
 * @cmd:     enum cvsw_nl_cmd
 * @extack:  receives the reason of a refusal
 */
struct cvsw_nl_request {
	struct cvsw_switch	*sw;
	struct cvsw_worker	*worker;
	struct list_head	*bundles;
	u32			client;
	const struct cvsw_nl_frames *frames;
	void			*ctx;
	u64			now;
	struct nlattr		**attrs;
	const struct nlattr	*list;
	int			len;
	u8			cmd;
	struct netlink_ext_ack	*extack;
};

/* what there is to a command */
#define CVSW_NL_DO		0x1	/* a request */
#define CVSW_NL_DUMP		0x2	/* a dump */
#define CVSW_NL_DEVICE		0x4	/* the request changes the device of a port */
#define CVSW_NL_IFACE		0x8	/* it is of an interface, and the transport's */

/** cvsw_nl_command - CVSW_NL_*; 0: what @cmd is does not concern the core */
unsigned int cvsw_nl_command(u8 cmd);

/** cvsw_nl_check - has a request the attributes that its command takes? 0 or an
 * error; of commands that are the transport's, else part of the calls below */
int cvsw_nl_check(const struct cvsw_nl_request *req);

/** cvsw_nl_no_switch - refuse a request for a switch that is not there;
 * @several: it does not say which */
int cvsw_nl_no_switch(struct netlink_ext_ack *extack, const struct nlattr *name,
		      bool several);

/**
 * cvsw_nl_doit - carry out a request
 * @req:   the request
 * @reply: attributes of the reply go here
 * Return: 1 when there is a reply, 0 when there is none, or a negative errno.
 */
int cvsw_nl_doit(const struct cvsw_nl_request *req, struct sk_buff *reply);

/**
 * struct cvsw_nl_dump - a dump between two of its messages
 * @sw:    the switch; the transport changes it to dump several switches
 * @flows: FLOW_GET: the walk
 * @port:  PORT_GET: the port put last
 * @paths: PATH_GET: how many were put
 * @queue: QUEUE_GET: of @port, those below were put
 * @seq:   FLOW_GET: another one than after the part before when the table has
 *         changed between them; 0 with others
 * @only:  QUEUE_GET: the one port that is meant, CVSW_PORT_NONE: all
 * @cmd:   enum cvsw_nl_cmd
 */
struct cvsw_nl_dump {
	struct cvsw_switch	*sw;
	struct cvsw_flow_dump	*flows;
	u64			queue;
	u32			paths;
	u32			seq;
	u16			port;
	u16			only;
	u8			cmd;
};

/** cvsw_nl_dump_start - begin the dump that @req asks for; 0 or an error */
int cvsw_nl_dump_start(struct cvsw_nl_dump *dump,
		       const struct cvsw_nl_request *req);

/**
 * cvsw_nl_dumpit - put the next part of a dump into an empty message
 * Return: 1 when there is more, 0 when this was the last part, -EMSGSIZE when
 * the message cannot hold even one element.
 */
int cvsw_nl_dumpit(struct cvsw_nl_dump *dump, struct sk_buff *skb, u64 now);

/** cvsw_nl_dump_stop - end a dump, also an unfinished one */
void cvsw_nl_dump_stop(struct cvsw_nl_dump *dump);

/* nl_dump.c's for nl_request.c: how dumps begin, and their parts */

int cvsw_nl_dump_switch(struct cvsw_nl_dump *dump, struct sk_buff *skb,
			u64 now);
int cvsw_nl_dump_flows_start(struct cvsw_nl_dump *dump,
			     const struct cvsw_nl_request *req);
int cvsw_nl_dump_flows(struct cvsw_nl_dump *dump, struct sk_buff *skb, u64 now);
int cvsw_nl_dump_ports_start(struct cvsw_nl_dump *dump,
			     const struct cvsw_nl_request *req);
int cvsw_nl_dump_ports(struct cvsw_nl_dump *dump, struct sk_buff *skb, u64 now);
int cvsw_nl_dump_paths(struct cvsw_nl_dump *dump, struct sk_buff *skb, u64 now);

/* nl_queue.c's for nl_request.c: requests, and a dump */

int cvsw_nl_queue_set(const struct cvsw_nl_request *req, struct sk_buff *reply);
int cvsw_nl_queue_del(const struct cvsw_nl_request *req, struct sk_buff *reply);
int cvsw_nl_dump_queues_start(struct cvsw_nl_dump *dump,
			      const struct cvsw_nl_request *req);
int cvsw_nl_dump_queues(struct cvsw_nl_dump *dump, struct sk_buff *skb,
			u64 now);

/* For the codec files */

/* is attribute @attr among @fields? */
static inline bool nl_wanted(u32 fields, unsigned int attr)
{
	return fields >> attr & 1;
}

static inline int nl_put_u64(struct sk_buff *skb, int type, u64 v)
{
	return nla_put_u64_64bit(skb, type, v, 0);
}

#endif /* CVSW_NL_CODEC_H */
