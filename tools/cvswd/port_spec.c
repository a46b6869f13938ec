// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Ports as text: KIND:DEVICE[,OUT][,OPTION]... */

#include "port.h"

#include <stdio.h>
#include <cvsw/ctl.h>
#include "netns.h"

static const struct port_ops *const port_kinds[] = {
	&port_packet,
	&port_pcap,
	&port_tap,
};

static int spec_number(const char *text, unsigned long max, unsigned long *out)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	*out = strtoul(text, &end, 10);
	return *end || errno || *out > max ? -EINVAL : 0;
}

static int spec_copy(char *to, size_t size, const char *text)
{
	if (!*text || strlen(text) >= size)
		return -EINVAL;
	strcpy(to, text);
	return 0;
}

#define SPEC_OFFLOAD(word, bits)	{ word, bits },
static const struct {
	const char	*word;
	u32		bits;
} spec_offloads[] = {
	{ "all",	CVSW_OFFLOAD_MASK },
	{ "none",	0 },
	CVSW_OFFLOAD_WORDS(SPEC_OFFLOAD)
};
#undef SPEC_OFFLOAD

/* words with "+" between them */
static int spec_offload(const char *text, u32 *out)
{
	unsigned int i;
	size_t len;

	*out = 0;
	for (;; text += len + 1) {
		len = strcspn(text, "+");
		for (i = 0; i < ARRAY_SIZE(spec_offloads); i++)
			if (strlen(spec_offloads[i].word) == len &&
			    !strncmp(spec_offloads[i].word, text, len))
				break;
		if (i == ARRAY_SIZE(spec_offloads))
			return -EINVAL;
		*out |= spec_offloads[i].bits;
		if (!text[len])
			return 0;
	}
}

static int spec_link(struct port_spec *spec, const char *word)
{
	char *to = spec->link[spec->n_link];

	if (spec->n_link == PORT_LINK_WORDS ||
	    spec_copy(to, sizeof(spec->link[0]), word))
		return -EINVAL;
	spec->n_link++;
	return 0;
}

/* which of @n words it is, some of which may be NULL */
static int spec_word(const char *text, const char *const *words, u8 n, u8 *out)
{
	for (*out = 0; *out < n; ++*out)
		if (words[*out] && !strcmp(words[*out], text))
			return 0;
	return -EINVAL;
}

static int spec_key(const char *path, struct port_spec *spec)
{
	struct cvsw_error err = { .text = NULL };
	int ret = cvsw_keyfile_read(path, &spec->inband_keys, &err);

	if (ret)
		spec->why = err.text ? err.text : strerror(-ret);
	return ret ? -EINVAL : 0;
}

/* how it is commanded in-band; -ENOENT when it is another word */
static int spec_inband(struct port_spec *spec, const char *word,
		       const char *value)
{
	static const char *const versions[] = {
		[CVSW_INBAND_OFF] = "off",
		[CVSW_INBAND_V2] = "v2",
		[CVSW_INBAND_V3] = "v3",
	};
	static const char *const policies[] = {
		[CVSW_INBAND_KEEP] = "keep",
		[CVSW_INBAND_PASS] = "pass",
		[CVSW_INBAND_DROP] = "drop",
	};

	if (!strcmp(word, "inband"))
		return spec_word(value, versions, ARRAY_SIZE(versions),
				 &spec->inband);
	if (!strcmp(word, "inband_policy"))
		return spec_word(value, policies, ARRAY_SIZE(policies),
				 &spec->inband_policy);
	return strcmp(word, "key") ? -ENOENT : spec_key(value, spec);
}

/* one option; -ENOENT when the kind has none of that name */
static int spec_option(struct port_spec *spec, char *word)
{
	const unsigned int can = spec->ops->options;
	char *value = strchr(word, '=');
	unsigned long n = 0;
	int ret;

	if (!value) {
		if (can & PORT_O_PERSIST && !strcmp(word, "persist"))
			spec->persist = true;
		else if (can & PORT_O_LINK && !strcmp(word, "up"))
			spec->up = true;
		else if (can & PORT_O_OUT && !*spec->out)
			return spec_copy(spec->out, sizeof(spec->out), word);
		else
			return -ENOENT;
		return 0;
	}
	if (can & PORT_O_LINK && netns_word_known(word))
		return spec_link(spec, word);
	*value++ = '\0';
	if (!strcmp(word, "name"))
		return spec_copy(spec->name, sizeof(spec->name), value);
	if (can & PORT_O_LINK && !strcmp(word, "netns"))
		return spec_copy(spec->netns, sizeof(spec->netns), value);
	if (can & PORT_O_OFFLOAD && !strcmp(word, "rx_offload"))
		return spec_offload(value, &spec->rx_offload);
	if (can & PORT_O_OFFLOAD && !strcmp(word, "tx_offload"))
		return spec_offload(value, &spec->tx_offload);
	ret = spec_inband(spec, word, value);
	if (ret != -ENOENT)
		return ret;
	if (!strcmp(word, "no")) {
		ret = spec_number(value, CVSW_PORT_MAX, &n);
		spec->no = (u16)n;
		return n ? ret : -EINVAL;
	}
	if (can & PORT_O_LINK && !strcmp(word, "mtu")) {
		spec->mtu_auto = !strcmp(value, "auto");
		if (spec->mtu_auto)
			return 0;
		ret = spec_number(value, 65535, &n);
		spec->mtu = (u32)n;
		return n >= 68 ? ret : -EINVAL;
	}
	if (can & PORT_O_QUEUES && !strcmp(word, "queues")) {
		ret = spec_number(value, PORT_QUEUES_MAX, &n);
		spec->queues = (u16)n;
		return n ? ret : -EINVAL;
	}
	return -ENOENT;
}

/* cut @words at its commas and read each */
static int spec_options(struct port_spec *spec, char *words, char *why,
			size_t size)
{
	char *next, *word, whole[128];
	int ret;

	for (word = words; word; word = next) {
		next = strchr(word, ',');
		if (next)
			*next++ = '\0';
		snprintf(whole, sizeof(whole), "%s", word);
		ret = spec_option(spec, word);
		if (!ret)
			continue;
		if (spec->why)
			snprintf(why, size, "`%s`: %s", whole, spec->why);
		else
			snprintf(why, size, ret == -ENOENT ?
				 "`%s` is not an option of a %s port" :
				 "`%s` is not a value for a %s port", whole,
				 spec->ops->kind);
		return -EINVAL;
	}
	return 0;
}

/* a port is called as its device is, as far as that fits */
static void spec_name(struct port_spec *spec)
{
	const char *path = strcmp(spec->device, "-") ? spec->device : spec->out;
	const char *base = strrchr(path, '/');
	size_t len;

	base = base ? base + 1 : path;
	len = strnlen(base, sizeof(spec->name) - 1);
	memcpy(spec->name, base, len);
}

static const struct port_ops *spec_kind(const char *text, size_t len)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(port_kinds); i++)
		if (!strncmp(port_kinds[i]->kind, text, len) &&
		    !port_kinds[i]->kind[len])
			return port_kinds[i];
	return NULL;
}

int port_spec_parse(const char *text, struct port_spec *spec, char *why,
		    size_t size)
{
	const char *colon = strchr(text, ':');
	char words[PORT_SPEC_MAX], *comma;

	*spec = (struct port_spec){
		.queues = 1,
		.rx_offload = CVSW_OFFLOAD_MASK,
		.tx_offload = CVSW_OFFLOAD_MASK,
	};
	if (!colon) {
		snprintf(why, size, "`%s`: a port is KIND:DEVICE", text);
		return -EINVAL;
	}
	spec->ops = spec_kind(text, (size_t)(colon - text));
	if (!spec->ops) {
		snprintf(why, size, "`%.*s` is not a kind of port: tap, packet or pcap",
			 (int)(colon - text), text);
		return -EINVAL;
	}
	if (spec_copy(spec->text, sizeof(spec->text), text)) {
		snprintf(why, size, "`%.40s...` is too long", text);
		return -EINVAL;
	}
	strcpy(words, colon + 1);
	comma = strchr(words, ',');
	if (comma)
		*comma++ = '\0';
	if (spec_copy(spec->device, sizeof(spec->device), words)) {
		snprintf(why, size, "`%s`: a device name is missing or too long",
			 text);
		return -EINVAL;
	}
	if (spec_options(spec, comma, why, size))
		return -EINVAL;
	if (!*spec->name)
		spec_name(spec);
	return 0;
}
