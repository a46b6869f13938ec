// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* register: vNICs that take control by frames */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "tool.h"

#define REGISTER_MS	1500	/* for all who are there to answer */

/**
 * struct heard - who was
 * @tool:  how it is shown
 * @vnics: the @n that were shown; those that answer are once
 */
struct heard {
	struct tool		*tool;
	struct cvsw_ctl_vnic	*vnics;
	unsigned int		n;
};

static volatile sig_atomic_t stopped;

static void stop(int signo)
{
	(void)signo;
	stopped = true;
}

static const char *trust_word(const struct cvsw_ctl_vnic *v)
{
	static const char *const words[] = {
		[CVSW_VNIC_UNKNOWN] = "unknown",
		[CVSW_VNIC_FALSE] = "false",
		[CVSW_VNIC_TRUE] = "true",
	};

	return words[v->trust];
}

static const char *state_word(const struct cvsw_ctl_vnic *v)
{
	switch (v->state) {
	case CVSW_INBAND_IDLE:
		return "idle";
	case CVSW_INBAND_LIVE:
		return "live";
	case CVSW_INBAND_SILENT:
		return "silent";
	default:
		return "?";
	}
}

static const char *policy_word(const struct cvsw_ctl_vnic *v)
{
	switch (v->policy) {
	case CVSW_INBAND_KEEP:
		return "keep";
	case CVSW_INBAND_PASS:
		return "pass";
	case CVSW_INBAND_DROP:
		return "drop";
	default:
		return "?";
	}
}

static void vnic_json(const struct tool *tool, const struct cvsw_ctl_vnic *v)
{
	json_t *json = json_pack("{s:o, s:i}", "mac", out_mac(v->mac),
				 "version", (int)v->version);

	if (v->version == CVSW_INBAND_V3)
		json_object_update_new(json, json_pack(
			"{s:i, s:s, s:s, s:o, s:o, s:i}",
			"key_id", (int)v->key_id, "trust", trust_word(v),
			"name", v->name,
			"datapath_id", out_format("%016llx", v->dpid),
			"boot", out_format("%016llx", v->boot),
			"mtu", (int)v->mtu));
	if (v->announced)
		json_object_update_new(json, json_pack(
			"{s:s, s:s}", "state", state_word(v),
			"policy", policy_word(v)));
	out_object(tool, json);
}

/* who is not known may say anything */
static void name_print(const char *name)
{
	for (; *name; name++)
		putchar(*name > ' ' && *name < 0x7f ? *name : '?');
}

static void vnic_print(const struct cvsw_ctl_vnic *v)
{
	printf("%02x:%02x:%02x:%02x:%02x:%02x  v%u", v->mac[0], v->mac[1],
	       v->mac[2], v->mac[3], v->mac[4], v->mac[5], v->version);
	if (v->version == CVSW_INBAND_V3) {
		printf("  ");
		name_print(v->name);
		printf("  dpid %016llx  mtu %u  key %u", v->dpid, v->mtu,
		       v->key_id);
		if (v->trust == CVSW_VNIC_UNKNOWN)
			printf(" not known");
		else if (v->trust == CVSW_VNIC_FALSE)
			printf(" is not ours");
	}
	if (v->announced)
		printf("  %s  policy %s", state_word(v), policy_word(v));
	putchar('\n');
}

/* the same vNIC, by the same key? */
static bool vnic_same(const struct cvsw_ctl_vnic *a,
		      const struct cvsw_ctl_vnic *b)
{
	return a->version == b->version && a->key_id == b->key_id &&
	       a->trust == b->trust && !memcmp(a->mac, b->mac, sizeof(a->mac));
}

static bool heard_before(struct heard *heard, const struct cvsw_ctl_vnic *vnic)
{
	unsigned int i;

	for (i = 0; i < heard->n; i++)
		if (vnic_same(&heard->vnics[i], vnic))
			return true;
	heard->vnics = tool_alloc(heard->vnics, heard->n + 1,
				  sizeof(*heard->vnics));
	heard->vnics[heard->n++] = *vnic;
	return false;
}

static int hear(void *arg, const struct cvsw_ctl_vnic *vnic)
{
	struct heard *heard = arg;

	if (!(heard->tool->options & OPT_LISTEN) && heard_before(heard, vnic))
		return 0;
	if (heard->tool->json)
		vnic_json(heard->tool, vnic);
	else
		vnic_print(vnic);
	return fflush(stdout) || stopped;
}

int cmd_register(struct tool *tool, int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = stop };
	const bool listens = tool->options & OPT_LISTEN;
	struct heard heard = { .tool = tool };
	struct cvsw_ctl_error error;
	int err;

	(void)argc;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	err = cvsw_ctl_vnics(argv[0], true, listens ? -1 : REGISTER_MS, hear,
			     &heard, &error);
	free(heard.vnics);
	if (err) {
		fprintf(stderr, "cvsw-nl: %s\n", error.text);
		return EXIT_UNREACHED;
	}
	if (!heard.n && !listens) {
		fprintf(stderr, "cvsw-nl: %.*s: no vNIC answers\n",
			(int)strcspn(argv[0], ","), argv[0]);
		return EXIT_UNREACHED;
	}
	return EXIT_OK;
}
