// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Files of keys of in-band control.  What was read of them stays nowhere but
 * with the caller.
 */

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "keyfile.h"

#define KEYFILE_MAX	4096u	/* bytes: keys are few, comments short */
#define KEY_HEX_LEN	(2 * CVSW_INBAND_KEY_LEN)
#define KEY_BASE64_LEN	44u
#define KEYFILE_OTHERS	(S_IRWXG | S_IRWXO)

static int keyfile_fail(struct cvsw_error *err, int ret, int line,
			const char *text)
{
	if (err)
		*err = (struct cvsw_error){ text, line, -1 };
	return ret;
}

/* Keys in letters */

/** struct word - @n characters at @at, without an end of their own */
struct word {
	const char	*at;
	size_t		n;
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int key_hex(const char *at, __u8 *key)
{
	int high, low;
	size_t i;

	for (i = 0; i < CVSW_INBAND_KEY_LEN; i++) {
		high = hex_digit(at[2 * i]);
		low = hex_digit(at[2 * i + 1]);
		if (high < 0 || low < 0)
			return -EINVAL;
		key[i] = (__u8)(high << 4 | low);
	}
	return 0;
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* 43 digits of 6 bits, of which the last 2 are over and are 0, and a "=" */
static int key_base64(const char *at, __u8 *key)
{
	unsigned int bits = 0, n = 0;
	size_t i, out = 0;
	int digit;

	for (i = 0; i < KEY_BASE64_LEN - 1; i++) {
		digit = base64_digit(at[i]);
		if (digit < 0)
			return -EINVAL;
		bits = (bits << 6 | (unsigned int)digit) & 0xfff;
		n += 6;
		if (n >= 8) {
			n -= 8;
			key[out++] = (__u8)(bits >> n);
		}
	}
	return bits & 3 || at[i] != '=' ? -EINVAL : 0;
}

static int key_read(const struct word *word, __u8 *key)
{
	if (word->n == KEY_HEX_LEN)
		return key_hex(word->at, key);
	if (word->n == KEY_BASE64_LEN)
		return key_base64(word->at, key);
	return -EINVAL;
}

static int id_read(const struct word *word, __u16 *id)
{
	unsigned int value = 0;
	size_t i;

	for (i = 0; i < word->n; i++) {
		if (!isdigit((unsigned char)word->at[i]))
			return -EINVAL;
		value = value * 10 + (unsigned int)(word->at[i] - '0');
		if (value > 0xffff)
			return -EINVAL;
	}
	*id = (__u16)value;
	return 0;
}

/* Lines */

/* the next word of @line, of which it is taken; false when there is none */
static bool line_word(struct word *line, struct word *word)
{
	while (line->n && isspace((unsigned char)*line->at)) {
		line->at++;
		line->n--;
	}
	if (!line->n || *line->at == '#')
		return false;
	*word = (struct word){ .at = line->at };
	while (line->n && !isspace((unsigned char)*line->at)) {
		line->at++;
		line->n--;
		word->n++;
	}
	return true;
}

/* is @id that of a key before the one that is read now? */
static bool id_taken(const struct cvsw_inband_keys *keys, __u16 id)
{
	__u16 i;

	for (i = 0; i < keys->n; i++)
		if (keys->id[i] == id)
			return true;
	return false;
}

/* one line; NULL, or what is wrong with it */
static const char *line_read(struct word line, struct cvsw_inband_keys *keys)
{
	struct word id, key, more;
	__u16 n = keys->n;

	if (!line_word(&line, &id))
		return NULL;
	if (!line_word(&line, &key) || line_word(&line, &more))
		return "key: a line is an id and a key";
	if (n == CVSW_INBAND_KEYS)
		return "key: more than two keys";
	if (id_read(&id, &keys->id[n]))
		return "key: the id is not a number from 0 to 65535";
	if (key_read(&key, keys->key[n]))
		return "key: neither 64 hexadecimal digits nor 44 characters of base64";
	if (id_taken(keys, keys->id[n]))
		return "key: two keys with the same id";
	keys->n++;
	return NULL;
}

int cvsw_keyfile_parse(const char *text, size_t len,
		       struct cvsw_inband_keys *keys, struct cvsw_error *err)
{
	const char *end = text + len, *why = NULL;
	struct word line;
	int no;

	memset(keys, 0, sizeof(*keys));
	for (no = 0; text < end && !why; no++) {
		line.at = text;
		text = memchr(text, '\n', (size_t)(end - text)) ?: end;
		line.n = (size_t)(text++ - line.at);
		why = line_read(line, keys);
	}
	if (!why && !keys->n) {
		why = "key: there is none in the file";
		no = 0;
	}
	if (!why)
		return 0;
	explicit_bzero(keys, sizeof(*keys));
	return keyfile_fail(err, -EINVAL, no - 1, why);
}

/* Files */

/* all of it: its bytes, or a negative errno */
static ssize_t keyfile_bytes(int fd, char *text, size_t size)
{
	size_t n = 0;
	ssize_t got;

	while (n < size) {
		got = read(fd, text + n, size - n);
		if (!got)
			return (ssize_t)n;
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got > 0)
			n += (size_t)got;
	}
	return -EFBIG;
}

static int keyfile_take(int fd, struct cvsw_inband_keys *keys,
			struct cvsw_error *err)
{
	char text[KEYFILE_MAX + 1];
	struct stat st;
	ssize_t n;
	int ret;

	if (fstat(fd, &st))
		return keyfile_fail(err, -errno, -1, "key: the file cannot be read");
	if (st.st_mode & KEYFILE_OTHERS)
		return keyfile_fail(err, -EACCES, -1, "key: others than the owner"
				    " may use the file (chmod 600 helps)");
	n = keyfile_bytes(fd, text, sizeof(text));
	if (n == -EFBIG)
		ret = keyfile_fail(err, -EINVAL, -1,
				   "key: the file is longer than 4096 bytes");
	else if (n < 0)
		ret = keyfile_fail(err, (int)n, -1, "key: the file cannot be read");
	else
		ret = cvsw_keyfile_parse(text, (size_t)n, keys, err);
	explicit_bzero(text, sizeof(text));
	return ret;
}

int cvsw_keyfile_read(const char *path, struct cvsw_inband_keys *keys,
		      struct cvsw_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), ret;

	if (fd < 0)
		return keyfile_fail(err, -errno, -1, errno == ENOENT ?
				    "key: there is no such file" :
				    "key: the file cannot be opened");
	ret = keyfile_take(fd, keys, err);
	close(fd);
	return ret;
}
