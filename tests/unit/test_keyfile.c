// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Files of keys: what is taken, what is refused and in which line, and who may
 * read them. */

#include "util.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "keyfile.h"

#define HEX	"000102030405060708090a0b0c0d0e0f" \
		"101112131415161718191A1B1C1D1E1F"
#define BASE64	"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define ONES	"/////////////////////////////////////////w=="
#define OTHER	"//////////////////////////////////////////8="

static void check_counting(const u8 *key)
{
	int i;

	for (i = 0; i < CVSW_INBAND_KEY_LEN; i++)
		assert_int_equal(key[i], i);
}

static int parse(const char *text, struct cvsw_inband_keys *keys,
		 struct cvsw_error *err)
{
	size_t n = strlen(text);
	char *tight = test_malloc(n ?: 1);
	int ret;

	memcpy(tight, text, n);
	ret = cvsw_keyfile_parse(tight, n, keys, err);
	test_free(tight);
	return ret;
}

static void test_good(void **state)
{
	static const struct {
		const char	*text;
		u16		n;
		u16		id[2];
	} good[] = {
		{ "0 " HEX, 1, { 0 } },
		{ "65535\t" BASE64 "\n", 1, { 65535 } },
		{ "7 " HEX " # of vm1\r\n", 1, { 7 } },
		{ "# two\n\n   12   " BASE64 "   \n\n007 " OTHER "\n", 2, { 12, 7 } },
	};
	struct cvsw_inband_keys keys;
	struct cvsw_error err;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(parse(good[i].text, &keys, &err), 0);
		assert_int_equal(keys.n, good[i].n);
		assert_memory_equal(keys.id, good[i].id, sizeof(keys.id));
		check_counting(keys.key[0]);
		if (keys.n == 2)
			assert_int_equal(keys.key[1][31], 0xff);
	}
}

static void test_bad(void **state)
{
	static const struct {
		const char	*text;
		const char	*why;
		int		line;
	} bad[] = {
		{ "", "none in the file", -1 },
		{ "# only words\n\n", "none in the file", -1 },
		{ "1\n", "an id and a key", 0 },
		{ HEX "\n", "an id and a key", 0 },
		{ "\n1 " HEX " 2\n", "an id and a key", 1 },
		{ "65536 " HEX, "0 to 65535", 0 },
		{ "0x1 " HEX, "0 to 65535", 0 },
		{ "-1 " HEX, "0 to 65535", 0 },
		{ "99999999999999999999 " HEX, "0 to 65535", 0 },
		{ "1 0" HEX, "neither", 0 },
		{ "1 g00102030405060708090a0b0c0d0e0f"
		  "101112131415161718191a1b1c1d1e1f", "neither", 0 },
		{ "1 " HEX "#x", "neither", 0 },
		{ "1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A", "neither", 0 },
		{ "1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=", "neither", 0 },
		{ "1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh-=", "neither", 0 },
		{ "1 " ONES, "neither", 0 },
		{ "1 " HEX "\n1 " BASE64 "\n", "same id", 1 },
		{ "1 " HEX "\n2 " BASE64 "\n\n3 " HEX "\n", "more than two", 3 },
	};
	struct cvsw_inband_keys keys, none = {};
	struct cvsw_error err;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		memset(&keys, 0xff, sizeof(keys));
		assert_int_equal(parse(bad[i].text, &keys, &err), -EINVAL);
		assert_non_null(strstr(err.text, bad[i].why));
		assert_int_equal(err.index, bad[i].line);
		assert_memory_equal(&keys, &none, sizeof(keys));
		assert_int_equal(parse(bad[i].text, &keys, NULL), -EINVAL);
	}
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void test_file(void **state)
{
	static const mode_t others[] = { 0640, 0604, 0620, 0602, 0644 };
	char path[] = "/tmp/cvsw-test-XXXXXX", *text;
	struct cvsw_inband_keys keys;
	struct cvsw_error err;
	unsigned int i;

	close(mkstemp(path));
	write_file(path, "3 " HEX "\n", 0600);
	assert_int_equal(cvsw_keyfile_read(path, &keys, &err), 0);
	assert_int_equal(keys.n, 1);
	assert_int_equal(keys.id[0], 3);
	check_counting(keys.key[0]);
	write_file(path, "3 " HEX "\n", 0400);
	assert_int_equal(cvsw_keyfile_read(path, &keys, NULL), 0);
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		write_file(path, "3 " HEX "\n", others[i]);
		assert_int_equal(cvsw_keyfile_read(path, &keys, &err), -EACCES);
		assert_non_null(strstr(err.text, "chmod 600"));
	}
	text = malloc(5000);
	memset(text, '\n', 4999);
	text[4999] = '\0';
	write_file(path, text, 0600);
	assert_int_equal(cvsw_keyfile_read(path, &keys, &err), -EINVAL);
	assert_non_null(strstr(err.text, "4096"));
	free(text);
	unlink(path);
	assert_int_equal(cvsw_keyfile_read(path, &keys, &err), -ENOENT);
	assert_non_null(strstr(err.text, "no such file"));
	assert_int_equal(cvsw_keyfile_read("/tmp", &keys, &err), -EACCES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
