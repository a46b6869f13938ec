// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Stands in for libFuzzer's main() in ordinary builds: feeds the corpus to the
 * target, every file whole and every prefix of it, so that each length check
 * is met.  Files come from the command line, or from tests/fuzz/corpus/NAME of
 * fuzz_NAME.  Prints TAP: one case, which fails without a corpus.
 */

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX	(1u << 20)
#define PREFIX_MAX	512u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As libFuzzer does: a block of its own, so that an overrun is noticed. */
static int feed(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		return -1;
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	return 0;
}

static int replay(const char *path)
{
	static uint8_t input[INPUT_MAX];
	FILE *file = fopen(path, "rb");
	size_t size, n;

	if (!file) {
		perror(path);
		return -1;
	}
	size = fread(input, 1, sizeof(input), file);
	fclose(file);
	for (n = 0; n < size && n < PREFIX_MAX; n++)
		if (feed(input, n))
			return -1;
	return feed(input, size);
}

static int replay_folder(const char *folder)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, NULL, alphasort);
	int done = 0, i;

	for (i = 0; i < count; i++) {
		char path[4096 + sizeof(entries[i]->d_name)];

		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && done >= 0)
			done = replay(path) ? -1 : done + 1;
		free(entries[i]);
	}
	free(entries);
	return done;
}

int main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir");
	const char *name = strstr(argv[0], "fuzz_");
	char folder[4096];
	int done = 0, i;

	/* the last "fuzz_" of the path: folders may be called so, too */
	while (name && strstr(name + 1, "fuzz_"))
		name = strstr(name + 1, "fuzz_");
	for (i = 1; i < argc && done >= 0; i++)
		done = replay(argv[i]) ? -1 : done + 1;
	if (argc == 1 && name) {
		snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s",
			 srcdir ? srcdir : ".", name + strlen("fuzz_"));
		done = replay_folder(folder);
	}
	printf("1..1\n%sok 1 - %d inputs and their prefixes\n",
	       done > 0 ? "" : "not ", done);
	return done > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
