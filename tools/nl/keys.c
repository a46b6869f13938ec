// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* genkey: keys for control by frames */

#include <string.h>
#include <sys/random.h>
#include "tool.h"

#define KEY_TEXT	45	/* base64 of a key, with the NUL */

/* in base64, of RFC 4648; 32 bytes are 42 digits, one more of 4 bits, and "=" */
static void key_print(const __u8 key[CVSW_INBAND_KEY_LEN], char text[KEY_TEXT])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned int bits = 0, n = 0;
	size_t i;

	for (i = 0; i < CVSW_INBAND_KEY_LEN; i++) {
		bits = (bits << 8 | key[i]) & 0xffff;
		for (n += 8; n >= 6; n -= 6)
			*text++ = digits[bits >> (n - 6) & 63];
	}
	*text++ = digits[bits << (6 - n) & 63];
	strcpy(text, "=");
}

int cmd_genkey(struct tool *tool, int argc, char **argv)
{
	__u8 key[CVSW_INBAND_KEY_LEN];
	char text[KEY_TEXT];
	int id = 1;

	if (argc)
		id = (int)tool_number("id", argv[0], 0, 65535);
	if (getrandom(key, sizeof(key), 0) != sizeof(key))
		return tool_usage("no random bytes");
	key_print(key, text);
	if (tool->json)
		out_object(tool, json_pack("{s:i, s:s}", "id", id, "key", text));
	else
		printf("%d %s\n", id, text);
	explicit_bzero(key, sizeof(key));
	explicit_bzero(text, sizeof(text));
	return EXIT_OK;
}
