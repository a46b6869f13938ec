// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A kernel that does one thing wrong, for a program that is started with this
 * as LD_PRELOAD: frames that are written to a TAP device with a virtio-net
 * header of 24 bytes vanish when their flags and gso_type have all bits of
 * $WRONG (FLAGS:GSO_TYPE, hexadecimal), as tunnel super-frames did in 2014.
 */

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HEADER	24

static int vanishes(const unsigned char *header, long len)
{
	const char *wrong = getenv("WRONG");
	unsigned int flags, type;

	if (!wrong || len < HEADER ||
	    sscanf(wrong, "%x:%x", &flags, &type) != 2)
		return 0;
	return (header[0] & flags) == flags && (header[1] & type) == type;
}

long syscall(long number, ...)
{
	static long (*next)(long number, ...);
	long arg[6];
	va_list args;
	int i;

	if (!next)
		next = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	va_start(args, number);
	for (i = 0; i < 6; i++)
		arg[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_write && vanishes((void *)arg[1], arg[2]))
		return arg[2];
	return next(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}
