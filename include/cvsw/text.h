/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TEXT_H
#define CVSW_TEXT_H

/*
 * Flows as people write and read them: the syntax of ovs-ofctl(8), in which
 *
 *	priority=100,in_port=1,tcp,nw_dst=10.0.0.0/8,tp_dst=80,
 *		actions=mod_nw_dst:10.0.0.9,output:2
 *
 * is one flow, with our tunnel actions added in the same style.  Userspace
 * only; stateless; may be called from any thread.  What is printed parses to
 * the same struct again.
 *
 * Fields (words are separated by commas or blanks, in any order):
 *
 *	in_port=PORT			PORT: number, LOCAL, or a port's name
 *	ip arp ipv6 icmp tcp udp sctp icmp6 tcp6 udp6 sctp6
 *	dl_vlan=0..4095 | 0xffff	dl_vlan_pcp=0..7	vlan_tci=V[/M]
 *	dl_src=MAC[/M]			dl_dst=MAC[/M]
 *	dl_type=0xN			nw_proto=N
 *	nw_src=A.B.C.D[/BITS|/M]	nw_dst=...	(arp_spa, arp_tpa, ip_src ...)
 *	ipv6_src=ADDR[/BITS|/M]		ipv6_dst=...
 *	nw_tos=0..252 | ip_dscp=0..63	ip_frag=no|yes|first|later|not_later
 *	tp_src=N[/M]			tp_dst=...	(tcp_src, udp_dst ...)
 *	icmp_type=N			icmp_code=N	arp_op=N
 *	tun_id=N[/M]
 *	geneve_opt=CLASS:TYPE		an option without data; several of them
 *	geneve_opt=CLASS:TYPE:DATA[/M]	... with data: 0x and 8 digits for each 4
 *					bytes
 *	geneve_opt=CLASS:TYPE:*N	... with N bytes of any data
 *
 * Of the flow itself: priority, cookie=N[/M], idle_timeout, hard_timeout,
 * send_flow_rem, check_overlap, out_port=PORT, table=0, and, as a dump
 * shows them, duration, n_packets, n_bytes, idle_age, hard_age.
 *
 * Actions: PORT, output:PORT, in_port, all, flood, normal, local,
 * controller[:LEN], controller(max_len=LEN), enqueue:PORT:QUEUE, drop,
 * mod_vlan_vid:N, mod_vlan_pcp:N, strip_vlan, mod_dl_src:MAC, mod_dl_dst:MAC,
 * mod_nw_src:A.B.C.D, mod_nw_dst:A.B.C.D, mod_nw_tos:N, mod_tp_src:N,
 * mod_tp_dst:N, mod_ipv6_src:ADDR, mod_ipv6_dst:ADDR, set_field:VALUE->FIELD,
 * resubmit, resubmit:PORT, resubmit(PORT), resubmit(,0), set_tunnel:N, and
 *
 *	push_vxlan(vni=N|flow,src=ADDR,dst=ADDR,eth_src=MAC,eth_dst=MAC[,port=N]
 *		   [,ttl=N|inherit][,tos=N|inherit][,csum][,nodf]
 *		   [,clamp_mss])
 *	pop_vxlan
 *
 * and the same with geneve (vni), nvgre (vsid) and stt (id) for vxlan; nvgre
 * has no port, and neither it nor stt has csum.  Without csum the outer UDP
 * checksum is 0, over IPv6 too, which the far end must then be told to take.
 * With "flow" as its id the push takes that of the frame, which set_tunnel (also
 * set_tunnel64) or the last pop gave it.
 * push_geneve may say options, opt=CLASS:TYPE[:DATA], as often as it takes;
 * as an action of its own, before the push, one is geneve_opt:CLASS:TYPE[:DATA].
 *
 * Unlike ovs-ofctl: a field said twice, or two words that contradict each
 * other, are errors; addresses must be well formed.  Like ovs-ofctl, a field
 * without its prerequisite (tp_dst without tcp, say) is ignored, with a
 * warning; CVSW_TEXT_STRICT makes that an error.
 */

#include <stddef.h>
#include <cvsw/flow.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct cvsw_text_error - what is wrong with a text, for a person to read
 * @column: where, from 1; 0 when there is nothing to say
 * @word:   the word at fault, shortened if it must be
 * @text:   a sentence that names it: "`nw_dst`: 10.0.0.300 is not an IPv4 address"
 *
 * After a call that succeeded @text is empty or a warning.
 */
struct cvsw_text_error {
	unsigned int	column;
	char		word[48];
	char		text[160];
};

/**
 * struct cvsw_text_names - ports by name; each may be NULL
 * @port_find: number of the port called @name, CVSW_PORT_NONE when there is none
 * @port_name: name of port @no, NULL when it has none
 * @ctx:       handed to both
 */
struct cvsw_text_names {
	__u16 (*port_find)(void *ctx, const char *name);
	const char *(*port_name)(void *ctx, __u16 no);
	void *ctx;
};

/* for parsing */
#define CVSW_TEXT_STRICT	0x01	/* warnings are errors */
#define CVSW_TEXT_VERB		0x02	/* the text may start with add, modify, delete,
					 * modify_strict or delete_strict */
/* for printing */
#define CVSW_TEXT_STATS		0x04	/* duration, counters and ages */
#define CVSW_TEXT_NO_COOKIE	0x08	/* leave the cookie out */

/**
 * cvsw_text_mod_parse - read a flow-mod
 * @text:    one line; blanks around it and a newline after it do not matter
 * @cmd:     enum cvsw_flow_cmd that it is for, which decides what it may say:
 *           CVSW_FLOW_DEL also for the filter of a dump
 * @flags:   CVSW_TEXT_STRICT, CVSW_TEXT_VERB
 * @names:   may be NULL
 * @mod:     receives it, match in normal form; without a cookie word
 *           @mod->flow.cookie is 0, in a modification CVSW_COOKIE_KEEP
 * @actions: receives the actions; @mod->flow.actions points to it
 * @max:     entries of @actions; CVSW_ACTIONS_MAX is enough for any flow
 * @opts:    receives the options, CVSW_OPT_MATCHES_MAX at most, in order of class
 *           and type; @mod->flow.opts points to it.  NULL: there must be none
 * @err:     receives the error or warning; may be NULL
 * Return: 0, -EINVAL, or -E2BIG for more than @max actions.
 */
int cvsw_text_mod_parse(const char *text, __u16 cmd, unsigned int flags,
			const struct cvsw_text_names *names,
			struct cvsw_flow_mod *mod, struct cvsw_action *actions,
			unsigned int max, struct cvsw_opt_match *opts,
			struct cvsw_text_error *err);

/** cvsw_text_actions_parse - read an action list; returns its length or an error */
int cvsw_text_actions_parse(const char *text,
			    const struct cvsw_text_names *names,
			    struct cvsw_action *actions, unsigned int max,
			    struct cvsw_text_error *err);

/**
 * cvsw_text_key - read the fields of a flow as those of one frame
 * @key: receives it: fields not said are 0
 * Return: 0 or -EINVAL, also for a field with a mask.
 */
int cvsw_text_key(const char *text, const struct cvsw_text_names *names,
		  struct cvsw_key *key, struct cvsw_text_error *err);

/**
 * cvsw_text_frame - make a frame that has the fields of @key
 * @key:   from cvsw_text_key()
 * @frame: receives it, with right lengths and checksums
 * @size:  bytes of @frame; CVSW_TEXT_FRAME_MAX is enough
 * Return: its length, or -EINVAL when no frame has such fields.
 */
#define CVSW_TEXT_FRAME_MAX	128
int cvsw_text_frame(const struct cvsw_key *key, void *frame, size_t size);

/** cvsw_text_port_parse - read a port number, reserved name or port name */
int cvsw_text_port_parse(const char *text, const struct cvsw_text_names *names,
			 __u16 *port);

/*
 * Printing.  As snprintf(): the result is the length that the whole text has,
 * and @buf holds as much of it as fits, with a NUL.  CVSW_TEXT_MAX bytes hold
 * any flow.
 */
#define CVSW_TEXT_MAX		32768

/** cvsw_text_flow_print - a flow as cvsw_text_mod_parse() reads it */
int cvsw_text_flow_print(char *buf, size_t size, const struct cvsw_flow *flow,
			 unsigned int flags,
			 const struct cvsw_text_names *names);

/** cvsw_text_match_print - the fields only; nothing for a match of all frames */
int cvsw_text_match_print(char *buf, size_t size,
			  const struct cvsw_match *match,
			  const struct cvsw_text_names *names);

/** cvsw_text_opts_print - the options of a match only */
int cvsw_text_opts_print(char *buf, size_t size,
			 const struct cvsw_opt_match *opts, unsigned int n);

/** cvsw_text_actions_print - the list without "actions="; "drop" when empty */
int cvsw_text_actions_print(char *buf, size_t size,
			    const struct cvsw_action *actions, unsigned int n,
			    const struct cvsw_text_names *names);

/** cvsw_text_key_print - a key as cvsw_text_key() reads it; 0 fields that
 * the frame's type has are said, others not */
int cvsw_text_key_print(char *buf, size_t size, const struct cvsw_key *key,
			const struct cvsw_text_names *names);

/** cvsw_text_port_print - a port's name or number */
int cvsw_text_port_print(char *buf, size_t size, __u16 port,
			 const struct cvsw_text_names *names);

#ifdef __cplusplus
}
#endif

#endif /* CVSW_TEXT_H */
