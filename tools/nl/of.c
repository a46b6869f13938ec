// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* of show: the OpenFlow agent, as it tells on its socket, and the packet-ins that
 * did not get as far as there. */

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include "tool.h"

#define OF_PATIENCE_S	10	/* with the agent */
#define OF_DROPS_MS	1000	/* with a switch, which may stand still */

/* Asking */

static int of_connect(const char *path)
{
	const struct timeval patience = { .tv_sec = OF_PATIENCE_S };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (!connect(fd, (const struct sockaddr *)&addr, sizeof(addr)))
		return fd;
	close(fd);
	return -1;
}

/* what the agent at @path has to tell; exits when there is none */
static json_t *of_ask(const char *path)
{
	struct pollfd answer = { .fd = of_connect(path), .events = POLLIN };
	const int fd = answer.fd;
	json_error_t error;
	json_t *all;

	if (fd < 0) {
		fprintf(stderr, "cvsw-nl: %s: %s; is cvsw-ofd running?\n", path,
			strerror(errno));
		exit(EXIT_UNREACHED);
	}
	if (poll(&answer, 1, OF_PATIENCE_S * 1000) <= 0) {
		fprintf(stderr, "cvsw-nl: %s: cvsw-ofd does not answer\n", path);
		exit(EXIT_UNREACHED);
	}
	all = json_loadfd(fd, 0, &error);
	close(fd);
	if (json_is_array(json_object_get(all, "switches")))
		return all;
	fprintf(stderr, "cvsw-nl: %s: this is not what cvsw-ofd says\n", path);
	exit(EXIT_UNREACHED);
}

/* Packet-ins that the switch dropped */

static void of_drop(void *arg, const char *name, const char *text,
		    __u64 frames)
{
	json_t *drops = arg;

	(void)text;
	if (!strcmp(name, "rate"))
		json_object_set_new(drops, "rate",
				    json_integer((json_int_t)frames));
	else if (!strcmp(name, "no-controller"))
		json_object_set_new(drops, "no_controller",
				    json_integer((json_int_t)frames));
}

/* none when the switch does not tell */
static void of_drops(json_t *sw)
{
	const char *where = json_string_value(json_object_get(sw, "socket"));
	const char *name = json_string_value(json_object_get(sw, "name"));
	json_t *drops = json_object();
	struct cvsw_ctl *ctl;

	if (where && name && !cvsw_ctl_open(&ctl, where, NULL)) {
		if (!cvsw_ctl_timeout(ctl, OF_DROPS_MS) &&
		    !cvsw_ctl_use(ctl, *name ? name : NULL))
			cvsw_ctl_drops(ctl, of_drop, drops);
		cvsw_ctl_close(ctl);
	}
	json_object_set_new(sw, "packet_in_drops", drops);
}

/* Printing */

static const char *of_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static long long of_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static bool of_is(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static void of_since(const json_t *all, const json_t *object)
{
	long long since = of_number(object, "since");

	if (since)
		printf(" for %lld s", of_number(all, "now") - since);
}

static void of_why(const json_t *object, const char *before)
{
	if (*of_text(object, "why"))
		printf("%s%s", before, of_text(object, "why"));
}

static void of_messages(const json_t *conn, const char *way)
{
	json_t *count = json_object_get(conn, way), *n;
	long long sum = 0;
	const char *type;

	json_object_foreach(count, type, n)
		sum += json_integer_value(n);
	printf("      %-3s %lld:", way, sum);
	json_object_foreach(count, type, n)
		printf(" %s %lld", type, (long long)json_integer_value(n));
	putchar('\n');
}

static void of_conn(const json_t *conn)
{
	of_messages(conn, "in");
	of_messages(conn, "out");
	if (of_number(conn, "in_unknown"))
		printf("      unknown messages in %lld\n",
		       of_number(conn, "in_unknown"));
	if (of_number(conn, "missed_packet_ins"))
		printf("      packet-ins not sent, since it does not read %lld\n",
		       of_number(conn, "missed_packet_ins"));
	if (*of_text(conn, "last_error"))
		printf("      last error: %s\n", of_text(conn, "last_error"));
}

static void of_controller(const json_t *all, const json_t *remote)
{
	const json_t *conn = json_object_get(remote, "connection");
	const json_t *next = json_object_get(remote, "next_try");
	bool there = !strcmp(of_text(remote, "state"), "connected");

	printf("  %s  %s", of_text(remote, "target"), of_text(remote, "state"));
	if (there) {
		of_since(all, remote);
		printf("  role %s", of_text(conn, "role"));
	} else {
		printf("  not there");
		of_since(all, remote);
		printf(", tried %lld times", of_number(remote, "tries"));
	}
	if (json_is_number(next))
		printf(", next in %.1f s", json_number_value(next));
	if (!there)
		of_why(remote, ": ");
	putchar('\n');
	if (json_is_object(conn))
		of_conn(conn);
}

static void of_service(const json_t *all, const json_t *service)
{
	json_t *conns = json_object_get(service, "connections"), *conn;
	size_t i;

	printf("  %s  %s", of_text(service, "target"),
	       of_is(service, "listening") ? "listening" : "not listening");
	of_why(service, ": ");
	putchar('\n');
	json_array_foreach(conns, i, conn) {
		printf("    %s  %s", of_text(conn, "peer"),
		       of_is(conn, "agreed") ? "connected" : "negotiating");
		of_since(all, conn);
		printf("  role %s\n", of_text(conn, "role"));
		of_conn(conn);
	}
}

static void of_switch_head(const json_t *all, const json_t *sw)
{
	printf("%s", *of_text(sw, "name") ? of_text(sw, "name") :
					    of_text(sw, "socket"));
	if (of_is(sw, "busy")) {
		puts("  busy");
		return;
	}
	if (*of_text(sw, "datapath_id"))
		printf("  dpid %s", of_text(sw, "datapath_id"));
	printf("  %s", of_is(sw, "connected") ? "there" : "not there");
	of_since(all, sw);
	printf("  fail-mode %s%s", of_text(sw, "fail_mode"),
	       of_is(sw, "alone") ? ", stands alone" : "");
	of_why(sw, ": ");
	putchar('\n');
}

static void of_switch(const json_t *all, const json_t *sw)
{
	json_t *drops = json_object_get(sw, "packet_in_drops");
	json_t *list, *item;
	size_t i;

	of_switch_head(all, sw);
	if (json_object_size(drops))
		printf("  packet-ins dropped: rate limit %lld, no listener %lld\n",
		       of_number(drops, "rate"),
		       of_number(drops, "no_controller"));
	if (of_number(sw, "lost_events"))
		printf("  events that the switch could not send: %lld\n",
		       of_number(sw, "lost_events"));
	list = json_object_get(sw, "controllers");
	json_array_foreach(list, i, item)
		of_controller(all, item);
	list = json_object_get(sw, "services");
	json_array_foreach(list, i, item)
		of_service(all, item);
}

int cmd_of_show(struct tool *tool, int argc, char **argv)
{
	json_t *all = of_ask(tool->agent), *list, *sw;
	unsigned int n = 0;
	size_t i;

	(void)argc;
	(void)argv;
	list = json_object_get(all, "switches");
	if (tool->json)
		out_list_begin(tool);
	json_array_foreach(list, i, sw) {
		if (tool->name && strcmp(tool->name, of_text(sw, "name")))
			continue;
		n++;
		of_drops(sw);
		if (tool->json)
			out_item(tool, json_incref(sw));
		else
			of_switch(all, sw);
	}
	if (tool->json)
		out_list_end(tool);
	json_decref(all);
	if (tool->name && !n)
		return tool_usage("`%s`: cvsw-ofd knows no such switch",
				  tool->name);
	return EXIT_OK;
}
