// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* path show: the far ends of tunnels */

#include <arpa/inet.h>
#include "tool.h"

static const char *const states[] = {
	[CVSW_PATH_FIXED] = "fixed",
	[CVSW_PATH_ASKED] = "unresolved",
	[CVSW_PATH_KNOWN] = "resolved",
	[CVSW_PATH_ABSENT] = "no-route",
};

struct addr_text {
	char	text[INET6_ADDRSTRLEN];
};

static struct addr_text addr_text(__u8 family, const __u8 *addr)
{
	struct addr_text out = { .text = "" };

	inet_ntop(family == 6 ? AF_INET6 : AF_INET, addr, out.text,
		  sizeof(out.text));
	return out;
}

static void print_mac(const char *what, const __u8 mac[6])
{
	printf("  %s %02x:%02x:%02x:%02x:%02x:%02x", what, mac[0], mac[1],
	       mac[2], mac[3], mac[4], mac[5]);
}

static void print_path(struct tool *tool, const struct cvsw_path_info *p)
{
	struct cvsw_text_names names = tool_names(tool);
	char port[32];

	printf("%s  %s", addr_text(p->family, p->addr).text, states[p->state]);
	if (p->state == CVSW_PATH_KNOWN) {
		cvsw_text_port_print(port, sizeof(port), p->way.port, &names);
		printf("  port %s  nw_src %s", p->way.port ? port : "none",
		       addr_text(p->family, p->way.nw_src).text);
		print_mac("dl_src", p->way.dl_src);
		print_mac("dl_dst", p->way.dl_dst);
		if (p->way.mtu)
			printf("  mtu %u", p->way.mtu);
	}
	if (p->pmtu)
		printf("  pmtu %u for %u s", p->pmtu, p->pmtu_left);
	printf("  flows %u\n", p->flows);
}

static json_t *path_json(const struct cvsw_path_info *p)
{
	json_t *json = json_pack("{s:s, s:s, s:i}",
		"addr", addr_text(p->family, p->addr).text,
		"state", states[p->state], "flows", (int)p->flows);

	if (p->pmtu) {
		json_object_set_new(json, "pmtu", json_integer(p->pmtu));
		json_object_set_new(json, "pmtu_left",
				    json_integer(p->pmtu_left));
	}
	if (p->state != CVSW_PATH_KNOWN)
		return json;
	if (p->way.port)
		json_object_set_new(json, "port", json_integer(p->way.port));
	json_object_set_new(json, "nw_src", json_string(
			addr_text(p->family, p->way.nw_src).text));
	json_object_set_new(json, "dl_src", out_mac(p->way.dl_src));
	json_object_set_new(json, "dl_dst", out_mac(p->way.dl_dst));
	if (p->way.mtu)
		json_object_set_new(json, "mtu", json_integer(p->way.mtu));
	return json;
}

static int show_path(void *arg, const struct cvsw_path_info *info)
{
	struct tool *tool = arg;

	if (tool->json)
		out_item(tool, path_json(info));
	else
		print_path(tool, info);
	return 0;
}

int cmd_path_show(struct tool *tool, int argc, char **argv)
{
	int err;

	(void)argc;
	(void)argv;
	if (tool->json)
		out_list_begin(tool);
	else if (tool->options & OPT_NAMES)
		tool_load_ports(tool);
	err = cvsw_ctl_path_dump(tool_ctl(tool), show_path, tool);
	if (err)
		return tool_failed(tool, err);
	if (tool->json)
		out_list_end(tool);
	return EXIT_OK;
}
