// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Golden frames: for each NAME.flows, the frames of NAME.pcap go into a switch
 * with these flows, and what comes out must be NAME.out.pcap, byte for byte
 * and in order.  make_pcaps.py makes both files and says how ports stand in
 * them.  A line "#! WORD=VALUE ..." in NAME.flows sets up the switch:
 *
 *	ports=N			2 unless said
 *	miss=pass|drop|controller	drop unless said
 *	frag=normal|drop|nx-match
 *	mtu=N			of all ports, no limit unless said
 *	drops=CAUSE:N,...	exactly these drops, none unless said
 *
 *   golden [NAME]
 */

#include "../unit/rig.h"

#include <dirent.h>
#include <stdlib.h>

#include <cvsw/text.h>

#define CASES_MAX	64
#define OUTER_V4_SPORT	34
#define OUTER_V6_SPORT	54
#define GOLDEN_SPORT	50000
#define GOLDEN_FLOW_ID	7

/* what the "#!" lines say */
struct golden_setup {
	unsigned int		ports;
	u32			mtu;
	struct cvsw_config	config;
	u64			drops[CVSW_DROP_COUNT];
};

/* a frame of a pcap file: its time stamp is @number and @port */
struct golden_frame {
	u32	number;
	u16	port;
	u32	len;
	u8	bytes[4096];
};

static FILE *golden_open(const char *name, const char *ending)
{
	const char *dir = getenv("srcdir");
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/golden/cases/%s%s", dir ?: ".", name,
		 ending);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s: cannot be read", path);
	return file;
}

static u32 golden_le32(const u8 *p)
{
	return p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
}

static FILE *golden_pcap(const char *name, const char *ending)
{
	FILE *file = golden_open(name, ending);
	u8 head[24];

	if (fread(head, sizeof(head), 1, file) != 1 ||
	    golden_le32(head) != 0xa1b2c3d4)
		fail_msg("%s%s: not a pcap file", name, ending);
	return file;
}

/* the next frame of a pcap file, false at its end */
static bool golden_next(FILE *file, struct golden_frame *frame)
{
	u8 head[16];

	if (fread(head, sizeof(head), 1, file) != 1)
		return false;
	frame->number = golden_le32(head);
	frame->port = (u16)golden_le32(head + 4);
	frame->len = golden_le32(head + 8);
	assert_true(frame->len <= sizeof(frame->bytes));
	assert_int_equal(fread(frame->bytes, 1, frame->len, file), frame->len);
	return true;
}

/* index of @word among @words, which NULL ends */
static u8 golden_choice(const char *word, const char *const *words)
{
	u8 i;

	for (i = 0; words[i]; i++)
		if (!strcmp(word, words[i]))
			return i;
	fail_msg("golden: %s?", word);
	return 0;
}

static void golden_drops(struct golden_setup *setup, char *list)
{
	char *save, *item, *colon;
	unsigned int i;

	for (item = strtok_r(list, ",", &save); item;
	     item = strtok_r(NULL, ",", &save)) {
		colon = strchr(item, ':');
		assert_non_null(colon);
		*colon = 0;
		for (i = 0; i < CVSW_DROP_COUNT; i++)
			if (!strcmp(item, cvsw_drop_name(i)))
				break;
		if (i == CVSW_DROP_COUNT)
			fail_msg("golden: drop %s?", item);
		setup->drops[i] = strtoull(colon + 1, NULL, 10);
	}
}

static void golden_words(struct golden_setup *setup, char *line)
{
	static const char *const miss[] = { "pass", "drop", "controller", NULL };
	static const char *const frag[] = { "normal", "drop", "", "nx-match",
					    NULL };
	char *save, *word, *value;

	for (word = strtok_r(line, " \n", &save); word;
	     word = strtok_r(NULL, " \n", &save)) {
		value = strchr(word, '=');
		assert_non_null(value);
		*value++ = 0;
		if (!strcmp(word, "ports"))
			setup->ports = (unsigned int)atoi(value);
		else if (!strcmp(word, "mtu"))
			setup->mtu = (u32)atoi(value);
		else if (!strcmp(word, "miss"))
			setup->config.miss = golden_choice(value, miss);
		else if (!strcmp(word, "frag"))
			setup->config.frag_mode = golden_choice(value, frag);
		else if (!strcmp(word, "drops"))
			golden_drops(setup, value);
		else
			fail_msg("golden: %s?", word);
	}
}

/* the "#!" lines of @name; the others if @rig is there */
static void golden_read(const char *name, struct golden_setup *setup,
			struct rig *rig)
{
	struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX];
	struct cvsw_action actions[CVSW_ACTIONS_MAX];
	FILE *file = golden_open(name, ".flows");
	struct cvsw_text_error err;
	struct cvsw_flow_mod mod;
	char line[1024];

	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "#!", 2) && !rig)
			golden_words(setup, line + 2);
		if (line[0] == '#' || !rig)
			continue;
		if (cvsw_text_mod_parse(line, CVSW_FLOW_ADD, CVSW_TEXT_STRICT,
					NULL, &mod, actions, CVSW_ACTIONS_MAX,
					opts, &err))
			fail_msg("%s: %s", line, err.text);
		assert_int_equal(cvsw_flow_mods(rig->sw, &mod, 1, rig->now,
						NULL), 0);
	}
	fclose(file);
}

/* does @port of IP protocol @proto belong to a tunnel? */
static bool golden_is_tunnel(u8 proto, u16 port)
{
	if (proto == 6)
		return port == CVSW_STT_PORT;
	return proto == 17 &&
	       (port == CVSW_VXLAN_PORT || port == CVSW_GENEVE_PORT);
}

/* the source port of a tunnel and the FlowID of NVGRE are hashes: in range they
 * are as good as any */
static void golden_entropy(struct rig_sent *sent)
{
	u32 at = sent->bytes[12] == 0x08 ? OUTER_V4_SPORT : OUTER_V6_SPORT;
	u8 proto = sent->bytes[at == OUTER_V4_SPORT ? 23 : 20];
	u8 *l4 = sent->bytes + at;

	if (sent->len < at + 8)
		return;
	if (proto == 47 && get_unaligned_be32(l4) == 0x20006558)
		l4[7] = GOLDEN_FLOW_ID;
	if (golden_is_tunnel(proto, get_unaligned_be16(l4 + 2)) &&
	    get_unaligned_be16(l4) >= 49152)
		put_unaligned_be16(GOLDEN_SPORT, l4);
}

static void golden_frame_is(const char *name, struct rig_sent *sent,
			    u32 number, const struct golden_frame *want)
{
	golden_entropy(sent);
	if (want->number != number || want->port != sent->port)
		fail_msg("%s: frame %u leaves by %u, not frame %u by %u",
			 name, number, sent->port, want->number, want->port);
	if (want->len != sent->len ||
	    memcmp(want->bytes, sent->bytes, sent->len)) {
		print_message("%s: frame %u at port %u\n", name, number,
			      sent->port);
		assert_int_equal(sent->len, want->len);
		assert_memory_equal(sent->bytes, want->bytes, sent->len);
	}
}

static void golden_mtu(struct rig *rig, const struct golden_setup *setup)
{
	struct cvsw_port_info want = { .mtu = setup->mtu };

	for (want.no = 1; want.no <= setup->ports; want.no++)
		assert_int_equal(cvsw_port_set(rig->sw, &want,
					       CVSW_PORT_SET_STATE, NULL), 0);
}

/* one frame in, and all that is to come out of it */
static void golden_input(const char *name, struct rig *rig, FILE *out,
			 const struct golden_frame *frame)
{
	struct golden_frame want;
	unsigned int i;

	rig_clear(rig);
	cvsw_input(rig->w, rig_bytes(rig, frame->port, frame->bytes,
				     frame->len), rig->now);
	for (i = 0; i < rig->n_sent; i++) {
		if (!golden_next(out, &want))
			fail_msg("%s: frame %u is one too many", name,
				 frame->number);
		golden_frame_is(name, &rig->sent[i], frame->number, &want);
	}
}

static void golden_case(void **state)
{
	const char *name = *state;
	struct golden_setup setup = { .ports = 2 };
	u64 drops[CVSW_DROP_COUNT];
	struct golden_frame frame;
	FILE *in, *out;
	struct rig rig;
	unsigned int i;

	cvsw_config_default(&setup.config);
	setup.config.miss = CVSW_MISS_DROP;
	golden_read(name, &setup, NULL);
	in = golden_pcap(name, ".pcap");
	out = golden_pcap(name, ".out.pcap");
	rig_open(&rig, setup.ports, &setup.config);
	golden_mtu(&rig, &setup);
	golden_read(name, &setup, &rig);
	while (golden_next(in, &frame))
		golden_input(name, &rig, out, &frame);
	if (golden_next(out, &frame))
		fail_msg("%s: frame %u to port %u did not come out", name,
			 frame.number, frame.port);
	cvsw_switch_drops(rig.sw, drops);
	for (i = 0; i < CVSW_DROP_COUNT; i++)
		if (drops[i] != setup.drops[i])
			fail_msg("%s: %llu drops for %s, not %llu", name,
				 drops[i], cvsw_drop_name(i), setup.drops[i]);
	rig_close(&rig);
	fclose(in);
	fclose(out);
}

static int golden_order(const void *a, const void *b)
{
	return strcmp(((const struct CMUnitTest *)a)->name,
		      ((const struct CMUnitTest *)b)->name);
}

/* the names in the folder; how many */
static size_t golden_cases(struct CMUnitTest *tests)
{
	const char *srcdir = getenv("srcdir");
	struct dirent *entry;
	char path[512], *dot;
	size_t n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/tests/golden/cases", srcdir ?: ".");
	dir = opendir(path);
	while (dir && n < CASES_MAX && (entry = readdir(dir))) {
		dot = strrchr(entry->d_name, '.');
		if (!dot || strcmp(dot, ".flows"))
			continue;
		tests[n].name = strndup(entry->d_name,
					(size_t)(dot - entry->d_name));
		n++;
	}
	if (dir)
		closedir(dir);
	qsort(tests, n, sizeof(*tests), golden_order);
	return n;
}

int main(int argc, char **argv)
{
	struct CMUnitTest tests[CASES_MAX] = { 0 };
	size_t i, n = golden_cases(tests);
	int failed;

	for (i = 0; i < n; i++) {
		tests[i].test_func = golden_case;
		tests[i].initial_state = (void *)tests[i].name;
	}
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	failed = n ? _cmocka_run_group_tests("golden", tests, n, NULL, NULL) : 1;
	for (i = 0; i < n; i++)
		free((void *)tests[i].name);
	return failed;
}
