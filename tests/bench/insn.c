// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A plugin of QEMU's TCG: how often each block of a guest's kernel is executed.
 *
 *	cc -O2 -shared -fPIC -o insn.so insn.c
 *	qemu-system-x86_64 -plugin ./insn.so,out=FILE ...
 *
 * Whenever the guest executes INSN_MARK (insn_mark.h), what was counted since
 * the last mark is written to FILE, and counting starts anew:
 *
 *	mark NUMBER
 *	ADDRESS EXECUTIONS INSTRUCTIONS		(of a block; hexadecimal, decimal)
 *
 * User mode is left out.  QEMU translates a repeated string instruction as a
 * block that jumps to itself; here it counts once, as it does to a processor.
 *
 * There is no package with qemu-plugin.h: what is used of version 1 of that
 * interface, of QEMU 4.2 to 8.2 and later still understood, is declared here.
 */

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "insn_mark.h"

#define CPUS	64
#define LISTS	65536

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id,
	void (*cb)(plugin_id id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
	void (*cb)(unsigned int cpu, void *arg), int flags, void *arg);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
	void (*cb)(unsigned int cpu, void *arg), int flags, void *arg);

/*
 * struct block - code that is executed as one
 * @at:    address
 * @last:  of its last instruction
 * @n:     instructions
 * @execs: since the last mark
 * @again: of these, how often its first instruction went on with what the block
 *         before had begun
 * @rep:   it starts with a repeated string instruction
 */
struct block {
	uint64_t	at;
	uint64_t	last;
	uint64_t	n;
	uint64_t	execs;
	uint64_t	again;
	bool		rep;
	struct block	*next;
};

static struct block *table[LISTS];
static const struct block *before[CPUS];
static unsigned int marks;
static FILE *out;

static void on_mark(unsigned int cpu, void *arg)
{
	struct block *b;
	int i;

	(void)cpu;
	(void)arg;
	fprintf(out, "mark %u\n", marks++);
	for (i = 0; i < LISTS; i++)
		for (b = table[i]; b; b = b->next) {
			if (b->execs)
				fprintf(out, "%" PRIx64 " %" PRIu64 " %" PRIu64
					"\n", b->at, b->execs - b->again,
					b->n * b->execs - b->again);
			b->execs = 0;
			b->again = 0;
		}
	fflush(out);
}

static void on_block(unsigned int cpu, void *arg)
{
	struct block *b = arg;

	b->execs++;
	if (b->rep && before[cpu % CPUS] && before[cpu % CPUS]->last == b->at)
		b->again++;
	before[cpu % CPUS] = b;
}

/* F2 or F3, maybe others, then a string instruction */
static bool is_rep(const struct qemu_plugin_insn *insn)
{
	const uint8_t *p = qemu_plugin_insn_data(insn);
	size_t i, n = qemu_plugin_insn_size(insn);
	bool rep = false;

	for (i = 0; i + 1 < n; i++)
		rep |= p[i] == 0xf2 || p[i] == 0xf3;
	return rep && n <= 4 && ((p[n - 1] >= 0xa4 && p[n - 1] <= 0xa7) ||
				 (p[n - 1] >= 0xaa && p[n - 1] <= 0xaf));
}

static struct block *block_of(const struct qemu_plugin_tb *tb)
{
	uint64_t at = qemu_plugin_tb_vaddr(tb), n = qemu_plugin_tb_n_insns(tb);
	struct block **list = &table[at * 0x9e3779b97f4a7c15u >> 48], *b;

	for (b = *list; b; b = b->next)
		if (b->at == at && b->n == n)
			return b;
	b = calloc(1, sizeof(*b));
	if (!b)
		abort();
	b->at = at;
	b->n = n;
	b->last = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, n - 1));
	b->rep = is_rep(qemu_plugin_tb_get_insn(tb, 0));
	b->next = *list;
	*list = b;
	return b;
}

static void on_translate(plugin_id id, struct qemu_plugin_tb *tb)
{
	static const uint8_t mark[] = { INSN_MARK_BYTES };
	struct qemu_plugin_insn *insn;
	size_t i;

	(void)id;
	if (qemu_plugin_tb_vaddr(tb) >> 63) {
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, 0,
						     block_of(tb));
		return;
	}
	for (i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		if (qemu_plugin_insn_size(insn) == sizeof(mark) &&
		    !memcmp(qemu_plugin_insn_data(insn), mark, sizeof(mark)))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, 0,
							       NULL);
	}
}

__attribute__((visibility("default")))
int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	int i;

	(void)info;
	for (i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			out = fopen(argv[i] + 4, "w");
	if (!out) {
		fprintf(stderr, "insn: out=FILE, which can be written\n");
		return 1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
	return 0;
}
