// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Frames from the command line: hex digits, "pcap:FILE[:N]" for the Nth frame
 * of a capture (the first is 1), or the fields of a flow.
 */

#include <ctype.h>
#include <pcap.h>
#include <stdlib.h>
#include <string.h>
#include "tool.h"

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool between_bytes(char c)
{
	return c == ' ' || c == ':' || c == '\n' || c == '\t';
}

/* how many bytes, or -1 when the text is not hex */
static int from_hex(const char *text, __u8 *frame)
{
	int n = 0, high, low;

	while (*text) {
		if (between_bytes(*text)) {
			text++;
			continue;
		}
		high = digit(text[0]);
		low = high < 0 ? -1 : digit(text[1]);
		if (low < 0 || n == FRAME_MAX)
			return -1;
		frame[n++] = (__u8)(high << 4 | low);
		text += 2;
	}
	return n ? n : -1;
}

static size_t nth_frame(pcap_t *pcap, const char *path, unsigned long n,
			__u8 *frame)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	unsigned long i;

	if (pcap_datalink(pcap) != DLT_EN10MB)
		exit(tool_usage("%s: not a capture of Ethernet frames", path));
	for (i = 0; i < n; i++)
		if (pcap_next_ex(pcap, &header, &data) != 1)
			exit(tool_usage("%s: has only %lu frames", path, i));
	if (header->caplen < header->len || header->len > FRAME_MAX)
		exit(tool_usage("%s: frame %lu was not captured as a whole",
				path, n));
	memcpy(frame, data, header->len);
	return header->len;
}

/* "FILE" or "FILE:N" */
static size_t from_pcap(const char *text, __u8 *frame)
{
	char error[PCAP_ERRBUF_SIZE], *path = strdup(text), *colon;
	unsigned long n = 1;
	pcap_t *pcap;
	size_t len;

	colon = strrchr(path, ':');
	if (colon && colon[1] && !colon[1 + strspn(colon + 1, "0123456789")]) {
		n = tool_number("pcap", colon + 1, 1, ~0ul);
		*colon = '\0';
	}
	pcap = pcap_open_offline(path, error);
	if (!pcap)
		exit(tool_usage("%s", error));
	len = nth_frame(pcap, path, n, frame);
	pcap_close(pcap);
	free(path);
	return len;
}

static size_t from_text(struct tool *tool, const char *text, __u8 *frame)
{
	struct cvsw_text_names names = tool_names(tool);
	struct cvsw_text_error err = {};
	struct cvsw_key key;
	int n;

	if (cvsw_text_key(text, &names, &key, &err))
		exit(tool_usage("frame: column %u: %s", err.column, err.text));
	n = cvsw_text_frame(&key, frame, FRAME_MAX);
	if (n < 0)
		exit(tool_usage("frame: no frame has such fields"));
	return (size_t)n;
}

size_t frame_read(struct tool *tool, const char *text, __u8 *frame)
{
	int n;

	if (!strncmp(text, "pcap:", 5))
		return from_pcap(text + 5, frame);
	n = from_hex(text, frame);
	return n > 0 ? (size_t)n : from_text(tool, text, frame);
}

void frame_print(FILE *file, const char *indent, const void *data, size_t len)
{
	const __u8 *byte = data;
	size_t i;

	fputs(indent, file);
	for (i = 0; i < len; i++)
		fprintf(file, "%02x", byte[i]);
	fputc('\n', file);
}
