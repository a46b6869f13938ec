/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef INSN_MARK_H
#define INSN_MARK_H

/* an instruction of x86 that does nothing and that nobody else has: nopl
 * 0x43565357(%rax).  insn.c knows it */
#define INSN_MARK_BYTES	0x0f, 0x1f, 0x80, 0x57, 0x53, 0x56, 0x43

#ifdef __x86_64__
static inline void insn_mark(void)
{
	__asm__ volatile("nopl 0x43565357(%%rax)" ::: "memory");
}
#endif

#endif /* INSN_MARK_H */
