// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "target.h"

#include <stdarg.h>
#include <stdio.h>

#define TARGET_PORT	6653	/* IANA */

/* struct target_type - what a target begins with */
struct target_type {
	const char	*name;
	u8		kind;
	bool		listen;
};

static const struct target_type target_types[] = {
	{ "tcp", TARGET_TCP, false },
	{ "ssl", TARGET_SSL, false },
	{ "unix", TARGET_UNIX, false },
	{ "ptcp", TARGET_TCP, true },
	{ "pssl", TARGET_SSL, true },
	{ "punix", TARGET_UNIX, true },
};

/* struct target_reader - one text being read, and what is wrong with it */
struct target_reader {
	const char	*text;
	char		*why;
	size_t		size;
};

__attribute__((format(printf, 2, 3)))
static int target_bad(const struct target_reader *r, const char *format, ...)
{
	va_list args;
	int n;

	n = snprintf(r->why, r->size, "%s: ", r->text);
	if (n < 0 || (size_t)n >= r->size)
		return -EINVAL;
	va_start(args, format);
	vsnprintf(r->why + n, r->size - (size_t)n, format, args);
	va_end(args);
	return -EINVAL;
}

static int target_port(const struct target_reader *r, const char *text,
		       size_t len, u16 *port)
{
	u32 value = 0;
	size_t i;

	for (i = 0; i < len && text[i] >= '0' && text[i] <= '9' &&
	     value <= 0xffff; i++)
		value = value * 10 + (u32)(text[i] - '0');
	if (!len || i < len || !value || value > 0xffff)
		return target_bad(r, "a port is a number from 1 to 65535");
	*port = (u16)value;
	return 0;
}

/* the host at @text, in brackets or up to a colon; @end: what is behind it */
static int target_host(const struct target_reader *r, const char *text,
		       struct target *target, const char **end)
{
	const char *first = text;
	size_t len;

	if (*text == '[') {
		first++;
		len = strcspn(first, "]");
		if (first[len] != ']')
			return target_bad(r, "no ] behind the address");
		*end = first + len + 1;
	} else {
		len = strcspn(first, ":");
		*end = first + len;
		if (strchr(first + len + !!first[len], ':'))
			return target_bad(r, "an IPv6 address stands in brackets");
	}
	if (!len)
		return target_bad(r, "no host");
	if (len >= sizeof(target->host))
		return target_bad(r, "the host is too long");
	memcpy(target->host, first, len);
	target->host[len] = '\0';
	if (**end && **end != ':')
		return target_bad(r, "no : behind the address");
	return 0;
}

/* HOST[:PORT] */
static int target_dialled(const struct target_reader *r, const char *text,
			  struct target *target)
{
	const char *end;
	int ret;

	ret = target_host(r, text, target, &end);
	if (ret || !*end)
		return ret;
	return target_port(r, end + 1, strlen(end + 1), &target->port);
}

/* [PORT][:HOST] */
static int target_listened(const struct target_reader *r, const char *text,
			   struct target *target)
{
	const size_t len = strcspn(text, ":");
	const char *end;
	int ret = 0;

	if (len)
		ret = target_port(r, text, len, &target->port);
	if (ret || !text[len])
		return ret;
	ret = target_host(r, text + len + 1, target, &end);
	if (!ret && *end)
		return target_bad(r, "there is something behind the address");
	return ret;
}

static int target_path(const struct target_reader *r, const char *text,
		       struct target *target)
{
	if (!*text)
		return target_bad(r, "no path");
	if (strlen(text) >= sizeof(target->path))
		return target_bad(r, "the path is longer than %zu bytes",
				  sizeof(target->path) - 1);
	strcpy(target->path, text);
	return 0;
}

static const struct target_type *target_type(const char *text, size_t len)
{
	const struct target_type *type = target_types;

	for (; type < target_types + ARRAY_SIZE(target_types); type++)
		if (strlen(type->name) == len && !memcmp(type->name, text, len))
			return type;
	return NULL;
}

int target_parse(const char *text, struct target *target, char *why,
		 size_t size)
{
	const struct target_reader r = { text, why, size };
	const size_t len = strcspn(text, ":");
	const struct target_type *type = text[len] ? target_type(text, len) : NULL;

	*target = (struct target){ .port = TARGET_PORT };
	if (!type)
		return target_bad(&r, "begins with none of tcp:, ssl:, unix:, "
				  "ptcp:, pssl:, punix:");
	if (strlen(text) >= sizeof(target->text))
		return target_bad(&r, "longer than %zu bytes",
				  sizeof(target->text) - 1);
	strcpy(target->text, text);
	target->kind = type->kind;
	target->listen = type->listen;
	if (target->kind == TARGET_UNIX)
		return target_path(&r, text + len + 1, target);
	return (type->listen ? target_listened : target_dialled)(
		&r, text + len + 1, target);
}
