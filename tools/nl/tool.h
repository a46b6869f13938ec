/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_NL_TOOL_H
#define CVSW_NL_TOOL_H

/*
 * What the files of cvsw-nl share.  A command is a function that is given the
 * words behind its name and returns an exit code; what it needs of the switch
 * it asks through struct tool.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <cvsw/ctl.h>
#include <cvsw/text.h>

/* exit codes */
enum {
	EXIT_OK		= 0,
	EXIT_REFUSED	= 1,	/* the switch said no */
	EXIT_USAGE	= 2,	/* wrong words, flows or files */
	EXIT_UNREACHED	= 3,	/* nobody answers */
	EXIT_DIFFER	= 4,	/* not as it should be: flow diff, port test */
};

#define TOOL_AGENT	"/run/cvsw/cvsw-ofd.sock"

/* options; each command says which it takes beside the general ones */
#define OPT_NAMES	0x01
#define OPT_NO_STATS	0x02
#define OPT_SORT	0x04
#define OPT_STRICT	0x08
#define OPT_BUNDLE	0x10
#define OPT_COUNT	0x20
#define OPT_PROMETHEUS	0x40
#define OPT_FILE	0x80
#define OPT_LISTEN	0x100

/**
 * struct tool - one run of cvsw-nl
 * @where:   address of the switch
 * @agent:   socket of cvsw-ofd
 * @name:    of the switch, NULL for the only one
 * @ctl:     the connection, once tool_ctl() was called
 * @json:    output is JSON
 * @pretty:  with line breaks
 * @options: OPT_* that were given
 * @sort:    argument of --sort
 * @file:    argument of --file
 * @count:   argument of --count
 * @ports:   ports, once tool_names() was asked for one
 * @n_ports: how many
 * @items:   how many a JSON list has so far
 */
struct tool {
	const char		*where;
	const char		*agent;
	const char		*name;
	struct cvsw_ctl		*ctl;
	bool			json;
	bool			pretty;
	unsigned int		options;
	const char		*sort;
	const char		*file;
	unsigned long		count;
	struct cvsw_port_info	*ports;
	unsigned int		n_ports;
	unsigned int		items;
};

/* main.c */

/* the connection; exits when there is none */
struct cvsw_ctl *tool_ctl(struct tool *tool);

/* tell why a call on the connection failed; returns the exit code */
int tool_failed(const struct tool *tool, int err);

/* tell what is wrong with the command line; returns EXIT_USAGE */
int tool_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* the names of the ports, which are read when first asked for */
struct cvsw_text_names tool_names(struct tool *tool);
void tool_load_ports(struct tool *tool);

/* the port that a word names; exits when there is none */
__u16 tool_port(struct tool *tool, const char *word);

void *tool_alloc(void *old, size_t n, size_t size);

/* "key=value" in a word: is it @key?  Then *@value points behind the "=" */
bool tool_key(const char *word, const char *key, const char **value);

/* a number in @min to @max; exits with the name of the field */
unsigned long long tool_number(const char *key, const char *text,
			       unsigned long long min, unsigned long long max);

/* via.c: control by frames */

/* is it by frames that are not answered, of version 2? */
bool via_blind(const struct tool *tool);

/* open the connection, which is left in good order however the tool ends; as
 * cvsw_ctl_open() */
int via_open(struct tool *tool, struct cvsw_ctl_error *error);

/* it went well: of what is not answered say that it was sent */
void via_done(const struct tool *tool);

/* has a signal ended it? */
bool via_stopped(void);

/* out.c: JSON; lists are written item by item */

void out_list_begin(struct tool *tool);
void out_item(struct tool *tool, json_t *item);	/* takes @item */
void out_list_end(struct tool *tool);
void out_object(const struct tool *tool, json_t *object);	/* takes it */
json_t *out_mac(const __u8 mac[6]);
json_t *out_hex(const void *data, size_t len);
json_t *out_format(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
json_t *out_flow(struct tool *tool, const struct cvsw_flow *flow);
json_t *out_table(const struct cvsw_table_stats *stats);
json_t *out_port(const struct cvsw_port_info *info);
json_t *out_port_stats(const struct cvsw_port_stats *stats);

/* port.c */

/* a bit that has a word */
struct port_word {
	const char	*word;
	__u32		bit;
};

#define PORT_CONFIG_WORDS	4
extern const struct port_word port_config_words[];	/* set is "off" */
extern const struct port_word port_offload_words[];	/* ends with NULL */
extern const struct port_word port_device_words[];	/* likewise */
extern const struct port_word port_feature_words[];	/* likewise */

#define PORT_INBAND_WORDS	(CVSW_INBAND_V3 + 1)
extern const char *const port_inband_words[];	/* by version, may be NULL */
extern const char *const port_policy_words[];	/* of CVSW_INBAND_POLICIES */

/* words for what a port's in-band control is, and how far it has got */
const char *port_inband(const struct cvsw_port_info *p);
const char *port_inband_state(const struct cvsw_port_info *p);
const char *port_inband_policy(const struct cvsw_port_info *p);

void port_print(const struct cvsw_port_info *info);
void port_print_head(void);

/* flow_file.c: flows from the command line and from files */

/**
 * struct flow_list - flows that were read
 * @mods:  the flow-mods; their actions and options are in memory of their own
 * @lines: where each was
 * @n:     how many
 * @file:  name of the file, NULL for the command line
 */
struct flow_list {
	struct cvsw_flow_mod	*mods;
	unsigned int		*lines;
	unsigned int		n;
	unsigned int		room;
	const char		*file;
};

/* give a flow actions and options of its own, and free them */
void flow_keep(struct cvsw_flow *flow);
void flow_free(struct cvsw_flow *flow);

/* from --file, or from words, one flow each; 0 or an exit code */
int flow_list_read(struct tool *tool, struct flow_list *list, __u16 cmd,
		   int argc, char **argv);
int flow_list_read_file(struct tool *tool, struct flow_list *list, __u16 cmd,
			bool verbs, const char *path);
void flow_list_free(struct flow_list *list);

/* the switch refused flow @i of @list (or one by its own error index) */
int flow_list_refused(struct tool *tool, const struct flow_list *list,
		      unsigned int i, int err);

/* frame.c: frames from hex, pcap files and flow text */

#define FRAME_MAX	65535

/* bytes of the frame that @text describes; exits when it does not */
size_t frame_read(struct tool *tool, const char *text, __u8 *frame);
void frame_print(FILE *file, const char *indent, const void *data, size_t len);

/* the commands */
int cmd_show(struct tool *tool, int argc, char **argv);
int cmd_switch_set(struct tool *tool, int argc, char **argv);
int cmd_port_add(struct tool *tool, int argc, char **argv);
int cmd_port_del(struct tool *tool, int argc, char **argv);
int cmd_port_set(struct tool *tool, int argc, char **argv);
int cmd_port_show(struct tool *tool, int argc, char **argv);
int cmd_port_test(struct tool *tool, int argc, char **argv);
int cmd_queue_show(struct tool *tool, int argc, char **argv);
int cmd_queue_add(struct tool *tool, int argc, char **argv);
int cmd_queue_set(struct tool *tool, int argc, char **argv);
int cmd_queue_del(struct tool *tool, int argc, char **argv);
int cmd_of_show(struct tool *tool, int argc, char **argv);
int cmd_path_show(struct tool *tool, int argc, char **argv);
int cmd_flow_add(struct tool *tool, int argc, char **argv);
int cmd_flow_mod(struct tool *tool, int argc, char **argv);
int cmd_flow_del(struct tool *tool, int argc, char **argv);
int cmd_flow_dump(struct tool *tool, int argc, char **argv);
int cmd_flow_replace(struct tool *tool, int argc, char **argv);
int cmd_flow_diff(struct tool *tool, int argc, char **argv);
int cmd_stats(struct tool *tool, int argc, char **argv);
int cmd_drops(struct tool *tool, int argc, char **argv);
int cmd_monitor(struct tool *tool, int argc, char **argv);
int cmd_trace(struct tool *tool, int argc, char **argv);
int cmd_packet_out(struct tool *tool, int argc, char **argv);
int cmd_save(struct tool *tool, int argc, char **argv);
int cmd_restore(struct tool *tool, int argc, char **argv);
int cmd_attach(struct tool *tool, int argc, char **argv);
int cmd_detach(struct tool *tool, int argc, char **argv);
int cmd_register(struct tool *tool, int argc, char **argv);
int cmd_genkey(struct tool *tool, int argc, char **argv);

#endif /* CVSW_NL_TOOL_H */
