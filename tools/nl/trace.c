// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* trace, packet-out */

#include <stdlib.h>
#include <string.h>
#include "tool.h"

/**
 * struct trace - a trace being shown
 * @tool:    the run
 * @names:   of ports
 * @steps:   JSON: the steps
 * @outputs: frames that would leave
 * @to_controller: or go to the controller
 */
struct trace {
	struct tool		*tool;
	struct cvsw_text_names	names;
	json_t			*steps;
	unsigned int		outputs;
	unsigned int		to_controller;
	char			drop[128];
};

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

static const char *const what_names[] = {
	"?", "lookup", "match", "action", "output", "controller", "drop", "held",
	"answer", "inband"
};

static void step_json(struct trace *trace, const struct cvsw_ctl_step *step)
{
	char text[CVSW_TEXT_MAX];
	json_t *json;

	json = json_pack("{s:s, s:i}", "step",
			 what_names[step->what % COUNT(what_names)],
			 "depth", (int)step->depth);
	if (step->key) {
		cvsw_text_key_print(text, sizeof(text), step->key,
				    &trace->names);
		json_object_set_new(json, "key", json_string(text));
	}
	if (step->what == CVSW_TRACE_MATCH)
		json_object_set_new(json, "flow", step->flow ?
				    out_flow(trace->tool, step->flow) :
				    json_null());
	if (step->action) {
		cvsw_text_actions_print(text, sizeof(text), step->action, 1,
					&trace->names);
		json_object_set_new(json, "index", json_integer(step->index));
		json_object_set_new(json, "action", json_string(text));
	}
	if (step->what == CVSW_TRACE_OUTPUT ||
	    step->what == CVSW_TRACE_ANSWER)
		json_object_set_new(json, "port", json_integer(step->port));
	if (step->drop_name) {
		json_object_set_new(json, "cause",
				    json_string(step->drop_name));
		json_object_set_new(json, "text", json_string(step->drop_text));
	}
	if (step->frame) {
		json_object_set_new(json, "length", json_integer(step->len));
		json_object_set_new(json, "frame",
				    out_hex(step->frame, step->frame_len));
	}
	json_array_append_new(trace->steps, json);
}

static void step_frame(const struct cvsw_ctl_step *step, int indent)
{
	if (!step->frame)
		return;
	printf("%*s%u bytes: ", indent, "", step->len);
	frame_print(stdout, "", step->frame, step->frame_len);
}

static void step_print(struct trace *trace, const struct cvsw_ctl_step *step)
{
	int indent = 4 * step->depth;
	char text[CVSW_TEXT_MAX] = "";

	switch (step->what) {
	case CVSW_TRACE_LOOKUP:
		cvsw_text_key_print(text, sizeof(text), step->key,
				    &trace->names);
		printf("%*slookup %s\n", indent, "", text);
		break;
	case CVSW_TRACE_MATCH:
		if (step->flow)
			cvsw_text_flow_print(text, sizeof(text), step->flow, 0,
					     &trace->names);
		printf("%*s%s%s\n", indent, "", step->flow ? "flow   " :
		       "no flow", text);
		break;
	case CVSW_TRACE_ACTION:
		cvsw_text_actions_print(text, sizeof(text), step->action, 1,
					&trace->names);
		printf("%*s%u: %s\n", indent + 2, "", step->index + 1, text);
		break;
	case CVSW_TRACE_OUTPUT:
		cvsw_text_port_print(text, sizeof(text), step->port,
				     &trace->names);
		printf("%*s-> out of port %s\n", indent + 2, "", text);
		step_frame(step, indent + 5);
		break;
	case CVSW_TRACE_CONTROLLER:
		printf("%*s-> to the controller\n", indent + 2, "");
		step_frame(step, indent + 5);
		break;
	case CVSW_TRACE_HELD:
		printf("%*s-> held\n", indent + 2, "");
		break;
	case CVSW_TRACE_INBAND:
		printf("%*s-> taken as a control frame\n", indent + 2, "");
		break;
	case CVSW_TRACE_ANSWER:
		cvsw_text_port_print(text, sizeof(text), step->port,
				     &trace->names);
		printf("%*s-> its sender, port %s, is told\n", indent + 2, "",
		       text);
		step_frame(step, indent + 5);
		break;
	case CVSW_TRACE_DROP:
		printf("%*s-> dropped: %s\n", indent + 2, "", step->drop_name);
		break;
	default:
		break;
	}
}

static void show_step(void *arg, const struct cvsw_ctl_step *step)
{
	struct trace *trace = arg;

	trace->outputs += step->what == CVSW_TRACE_OUTPUT;
	trace->to_controller += step->what == CVSW_TRACE_CONTROLLER;
	if (step->what == CVSW_TRACE_DROP)
		snprintf(trace->drop, sizeof(trace->drop), "%s (%s)",
			 step->drop_name, step->drop_text);
	if (trace->tool->json)
		step_json(trace, step);
	else
		step_print(trace, step);
}

static void show_result(struct trace *trace)
{
	char text[200];

	if (*trace->drop)
		snprintf(text, sizeof(text), "dropped: %s", trace->drop);
	else
		snprintf(text, sizeof(text), "%u out, %u to the controller",
			 trace->outputs, trace->to_controller);
	if (trace->tool->json)
		out_object(trace->tool, json_pack("{s:o, s:s}", "steps",
						  trace->steps, "result",
						  text));
	else
		printf("result: %s\n", text);
}

int cmd_trace(struct tool *tool, int argc, char **argv)
{
	__u8 *frame = tool_alloc(NULL, FRAME_MAX, 1);
	struct trace trace = { .tool = tool };
	__u16 port = tool_port(tool, argv[0]);
	size_t len = frame_read(tool, argv[1], frame);
	int err;

	(void)argc;
	trace.names = tool_names(tool);
	trace.steps = tool->json ? json_array() : NULL;
	err = cvsw_ctl_trace(tool_ctl(tool), port, frame, len, show_step,
			     &trace);
	free(frame);
	if (err)
		return tool_failed(tool, err);
	show_result(&trace);
	return EXIT_OK;
}

int cmd_packet_out(struct tool *tool, int argc, char **argv)
{
	__u8 *frame = tool_alloc(NULL, FRAME_MAX, 1);
	struct cvsw_text_names names = tool_names(tool);
	struct cvsw_action actions[CVSW_ACTIONS_MAX];
	struct cvsw_text_error error = {};
	__u16 port = CVSW_PORT_NONE;
	size_t len;
	int n, err;

	(void)argc;
	if (strcasecmp(argv[0], "none"))
		port = tool_port(tool, argv[0]);
	len = frame_read(tool, argv[1], frame);
	n = cvsw_text_actions_parse(argv[2], &names, actions, CVSW_ACTIONS_MAX,
				    &error);
	if (n < 0)
		return tool_usage("actions: column %u: %s", error.column,
				  error.text);
	err = cvsw_ctl_packet_out(tool_ctl(tool), port, frame, len, actions,
				  (unsigned int)n);
	free(frame);
	return err ? tool_failed(tool, err) : EXIT_OK;
}
