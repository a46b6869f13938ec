// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* monitor: events, one line each */

#include <signal.h>
#include <string.h>
#include "tool.h"

static const char *const removed[] = { "idle", "hard", "delete" };
static const char *const packet_in[] = { "miss", "action" };
static const char *const port_events[] = {
	"?", "?", "port-add", "port-del", "port-mod"
};

#define NAME(names, i)							\
	((i) < sizeof(names) / sizeof(*(names)) ? (names)[i] : "?")

/* frees nothing: the handler has only to interrupt the wait */
static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static const char *event_name(const struct cvsw_ctl_event *e)
{
	switch (e->cmd) {
	case CVSW_CMD_FLOW_REMOVED:
		return "flow-removed";
	case CVSW_CMD_PORT_EVENT:
		return NAME(port_events, e->reason);
	case CVSW_CMD_PACKET_IN:
		return "packet-in";
	default:
		return "lost";
	}
}

static json_t *event_json(struct tool *tool, const struct cvsw_ctl_event *e)
{
	json_t *json = json_pack("{s:s}", "event", event_name(e));

	if (e->cmd != CVSW_CMD_LOST)
		json_object_set_new(json, "switch", json_string(e->name));
	switch (e->cmd) {
	case CVSW_CMD_FLOW_REMOVED:
		json_object_set_new(json, "reason",
				    json_string(NAME(removed, e->reason)));
		json_object_set_new(json, "flow", out_flow(tool, e->flow));
		break;
	case CVSW_CMD_PORT_EVENT:
		json_object_set_new(json, "port", out_port(e->port));
		break;
	case CVSW_CMD_PACKET_IN:
		json_object_set_new(json, "reason",
				    json_string(NAME(packet_in, e->reason)));
		json_object_set_new(json, "in_port", json_integer(e->in_port));
		json_object_set_new(json, "cookie",
				    out_format("0x%llx", e->cookie));
		json_object_set_new(json, "length", json_integer(e->len));
		json_object_set_new(json, "frame",
				    out_hex(e->frame, e->frame_len));
		break;
	default:
		json_object_set_new(json, "events", json_integer(e->lost));
		break;
	}
	return json;
}

static void event_print(struct tool *tool, const struct cvsw_ctl_event *e)
{
	struct cvsw_text_names names = tool_names(tool);
	char text[CVSW_TEXT_MAX], port[32];

	if (e->cmd == CVSW_CMD_LOST) {
		printf("lost %u events\n", e->lost);
		return;
	}
	printf("%s %s ", e->name, event_name(e));
	switch (e->cmd) {
	case CVSW_CMD_FLOW_REMOVED:
		cvsw_text_flow_print(text, sizeof(text), e->flow,
				     CVSW_TEXT_STATS, &names);
		printf("%s %s\n", NAME(removed, e->reason), text);
		break;
	case CVSW_CMD_PORT_EVENT:
		printf("%u %s %s %s mtu %u%s", e->port->no, e->port->name,
		       e->port->spec, e->port->config & CVSW_PORT_C_DOWN ?
		       "down" : e->port->state & CVSW_PORT_S_LINK_DOWN ?
		       "no-link" : "up", e->port->mtu,
		       e->port->mtu_auto ? " (auto)" : "");
		if (e->port->inband)
			printf(" inband %s %s", port_inband(e->port),
			       port_inband_state(e->port));
		putchar('\n');
		break;
	default:
		cvsw_text_port_print(port, sizeof(port), e->in_port, &names);
		printf("%s in_port=%s cookie=0x%llx length=%u ",
		       NAME(packet_in, e->reason), port, e->cookie, e->len);
		frame_print(stdout, "", e->frame, e->frame_len);
		break;
	}
}

static int watch(struct tool *tool)
{
	struct cvsw_ctl_event event;
	unsigned long n = 0;
	int err;

	while (!stopped && (!tool->count || n < tool->count)) {
		err = cvsw_ctl_event(tool->ctl, -1, &event);
		if (err < 0)
			return tool_failed(tool, err);
		if (!err)
			continue;
		if (tool->json)
			out_object(tool, event_json(tool, &event));
		else
			event_print(tool, &event);
		if (fflush(stdout))
			return EXIT_OK;	/* the reader has had enough */
		n++;
	}
	return EXIT_OK;
}

int cmd_monitor(struct tool *tool, int argc, char **argv)
{
	static const struct {
		const char	*word;
		__u32		group;
	} groups[] = {
		{ "flow", CVSW_NL_GROUP_FLOW },
		{ "port", CVSW_NL_GROUP_PORT },
		{ "packet-in", CVSW_NL_GROUP_PACKET_IN },
	};
	struct sigaction action = { .sa_handler = stop };
	__u32 wanted = 0, group;
	size_t g;
	int i, err;

	for (i = 0; i < argc; i++) {
		group = 0;
		for (g = 0; g < sizeof(groups) / sizeof(*groups); g++)
			if (!group && !strncmp(argv[i], groups[g].word,
					       strlen(argv[i])))
				group = groups[g].group;
		if (!group)
			return tool_usage("`%s` is none of flow, port, packet-in",
					  argv[i]);
		wanted |= group;
	}
	if (tool->options & OPT_NAMES)
		tool_load_ports(tool);
	if (!wanted)
		wanted = CVSW_NL_GROUP_FLOW | CVSW_NL_GROUP_PORT |
			 CVSW_NL_GROUP_PACKET_IN;
	err = cvsw_ctl_subscribe(tool_ctl(tool), wanted);
	if (err)
		return tool_failed(tool, err);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	return watch(tool);
}
