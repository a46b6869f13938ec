// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Opening a TAP device on kernels of several ages.  Here the kernel is a few
 * lines: open(), ioctl() and close() of this program come before libc's.
 */

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <cvsw/switch.h>
#include "tap.h"
#include "util.h"

#define FD_FIRST	700

/* what kernels of an age can do */
struct kernel {
	const char	*name;
	bool		vnet_hdr;
	int		max_hdr;
	unsigned long	offloads;
	bool		one_queue_only;		/* TUNSETIFF */
	bool		was_multi_queue;	/* the device, and so is made */
	unsigned int	hdr_len;		/* expected */
	u32		rx;
};

static struct kernel now;
static unsigned int opened, closed, persisted;
static unsigned long offload;
static int hdr_len;
static short flags;

int open(const char *path, int mode, ...)
{
	if (strcmp(path, "/dev/net/tun"))
		return (int)syscall(SYS_openat, AT_FDCWD, path, mode, 0600);
	assert_true(mode & O_NONBLOCK);
	assert_true(mode & O_CLOEXEC);
	return FD_FIRST + (int)opened++;
}

int close(int fd)
{
	if (fd < FD_FIRST)
		return (int)syscall(SYS_close, fd);
	closed++;
	return 0;
}

static int kernel_attach(struct ifreq *ifr)
{
	bool multi = ifr->ifr_flags & IFF_MULTI_QUEUE;

	flags = ifr->ifr_flags;
	if (multi && now.one_queue_only)
		return EINVAL;
	if (!multi && now.was_multi_queue)
		return EINVAL;
	if (!strcmp(ifr->ifr_name, "tap%d"))
		strcpy(ifr->ifr_name, "tap7");
	return 0;
}

static int kernel_offload(unsigned long want)
{
	const unsigned long tso = CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_TSO6;

	if (want & ~now.offloads)
		return EINVAL;
	if (want && !(want & CVSW_OFFLOAD_CSUM))
		return EINVAL;
	if (want & CVSW_OFFLOAD_TSO_ECN && !(want & tso))
		return EINVAL;
	if (want & CVSW_OFFLOAD_TUNNEL_CSUM && !(want & CVSW_OFFLOAD_TUNNEL))
		return EINVAL;
	offload = want;
	return 0;
}

static int kernel_ioctl(unsigned long request, unsigned long arg)
{
	switch (request) {
	case TUNGETFEATURES:
		*(unsigned int *)arg = now.vnet_hdr ? IFF_VNET_HDR : 0;
		return 0;
	case TUNSETIFF:
		return kernel_attach((struct ifreq *)arg);
	case TUNSETVNETHDRSZ:
		if (*(int *)arg > now.max_hdr)
			return EINVAL;
		hdr_len = *(int *)arg;
		return 0;
	case TUNSETOFFLOAD:
		return kernel_offload(arg);
	case TUNSETPERSIST:
		persisted = (unsigned int)arg;
		return 0;
	}
	return ENOTTY;
}

int ioctl(int fd, unsigned long request, ...)
{
	unsigned long arg;
	va_list args;

	va_start(args, request);
	arg = va_arg(args, unsigned long);
	va_end(args);
	if (fd < FD_FIRST)
		return (int)syscall(SYS_ioctl, fd, request, arg);
	errno = kernel_ioctl(request, arg);
	return errno ? -1 : 0;
}

static void boot(const struct kernel *kernel)
{
	now = *kernel;
	opened = 0;
	closed = 0;
	persisted = 0;
	offload = 0;
	hdr_len = 10;
}

#define TSO	(CVSW_OFFLOAD_CSUM | CVSW_OFFLOAD_TSO4 | CVSW_OFFLOAD_TSO6)

static const struct kernel kernels[] = {
	{ "6.17", true, 128, 0x1ef, .hdr_len = 24, .rx = 0x1ef },
	{ "without USO", true, 128, 0x18f, .hdr_len = 24, .rx = 0x18f },
	{ "without tunnel checksums", true, 128, 0x8f, .hdr_len = 24, .rx = 0x8f },
	{ "tunnels, but no long header", true, 20, 0x1ef, .hdr_len = 12, .rx = 0x6f },
	{ "6.2", true, 128, 0x7f, .hdr_len = 12, .rx = 0x6f },
	{ "5.10", true, 128, 0x1f, .hdr_len = 12, .rx = 0x0f },
	{ "without ECN", true, 128, TSO, .hdr_len = 12, .rx = TSO },
	{ "short header", true, 10, 0x1f, .hdr_len = 10, .rx = TSO },
	{ "checksums only", true, 10, 1, .hdr_len = 10, .rx = 1 },
	{ "no offloads", true, 10, 0, .hdr_len = 10, .rx = 0 },
	{ "no header", false, 0, 0, .hdr_len = 0, .rx = 0 },
};

static void test_probe(void **state)
{
	const struct kernel *k;
	struct cvsw_tap tap;
	const char *why;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kernels); i++) {
		k = &kernels[i];
		boot(k);
		assert_int_equal(cvsw_tap_open(&tap, "tap%d", 1, 0, &why), 0);
		if (tap.hdr_len != k->hdr_len || tap.rx_offload != k->rx)
			fail_msg("%s: header %u, offload 0x%x", k->name,
				 tap.hdr_len, tap.rx_offload);
		assert_int_equal(tap.tx_offload, tap.rx_offload);
		assert_int_equal(offload, tap.rx_offload);
		if (k->hdr_len)
			assert_int_equal(hdr_len, tap.hdr_len);
		assert_int_equal(!!(flags & IFF_VNET_HDR), k->vnet_hdr);
		assert_string_equal(tap.name, "tap7");
		cvsw_tap_close(&tap);
		assert_int_equal(closed, opened);
	}
}

static void test_queues(void **state)
{
	struct kernel k = kernels[0];
	struct cvsw_tap tap;
	const char *why;

	boot(&k);
	assert_int_equal(cvsw_tap_open(&tap, "x", 3, CVSW_TAP_PERSIST, &why), 0);
	assert_int_equal(tap.queues, 3);
	assert_int_equal(opened, 3);
	assert_int_equal(persisted, 1);
	assert_true(flags & IFF_MULTI_QUEUE);
	cvsw_tap_close(&tap);
	assert_int_equal(closed, 3);

	/* one queue of a device that has several */
	k.was_multi_queue = true;
	boot(&k);
	assert_int_equal(cvsw_tap_open(&tap, "x", 1, 0, &why), 0);
	assert_true(flags & IFF_MULTI_QUEUE);
	assert_int_equal(persisted, 0);
	cvsw_tap_close(&tap);

	/* several of one that has one */
	k.was_multi_queue = false;
	k.one_queue_only = true;
	boot(&k);
	assert_int_equal(cvsw_tap_open(&tap, "x", 2, 0, &why), -EINVAL);
	assert_string_equal(why, "TUNSETIFF");
	assert_int_equal(closed, opened);
}

static void test_bad_words(void **state)
{
	struct cvsw_tap tap;
	const char *why;

	boot(&kernels[0]);
	assert_int_equal(cvsw_tap_open(&tap, "", 1, 0, &why), -EINVAL);
	assert_string_equal(why, "name");
	assert_int_equal(cvsw_tap_open(&tap, "sixteen-and-more", 1, 0, &why),
			 -EINVAL);
	assert_int_equal(cvsw_tap_open(&tap, "x", 0, 0, &why), -EINVAL);
	assert_string_equal(why, "queues");
	assert_int_equal(cvsw_tap_open(&tap, "x", CVSW_TAP_QUEUES_MAX + 1, 0,
				       &why), -EINVAL);
	assert_int_equal(opened, 0);
}

/* every set of wishes gets something that the kernel takes */
static void test_offload_set(void **state)
{
	struct cvsw_tap tap;
	const char *why;
	u32 want;

	boot(&kernels[0]);
	assert_int_equal(cvsw_tap_open(&tap, "x", 1, 0, &why), 0);
	for (want = 0; want < 0x400; want++) {
		assert_int_equal(cvsw_tap_offload_set(&tap, want), 0);
		assert_int_equal(offload, tap.rx_offload);
		assert_int_equal(tap.rx_offload & ~want, 0);
		if (want & CVSW_OFFLOAD_CSUM)
			assert_int_equal(tap.rx_offload & TSO, want & TSO);
	}
	assert_int_equal(cvsw_tap_offload_set(&tap, ~0u), 0);
	assert_int_equal(tap.rx_offload, CVSW_OFFLOAD_MASK &
			 ~(CVSW_OFFLOAD_GRE | CVSW_OFFLOAD_GRO));
	cvsw_tap_close(&tap);
}

/* into a pipe: the tag, and a checksum that starts that much later */
static void test_tagged(void **state)
{
	static const unsigned int hdrs[] = { 0, 10, 12, 24 };
	const struct test_frame f = { .ver = 4, .proto = 6, .payload = 100,
				      .vlan_tci = 0x3005 };
	struct cvsw_pool *pool = cvsw_pool_new();
	u8 want[TEST_FRAME_MAX], got[TEST_FRAME_MAX + 64];
	u32 len = test_build(&f, want), i, h;
	struct cvsw_offload off = {
		.csum = CVSW_CSUM_PARTIAL, .csum_offset = 16,
		.csum_start = (u16)test_l4(&f),
	};
	struct cvsw_pkt pkt = test_pkt(pool, want, len);
	struct cvsw_tap tap = { .queues = 1 };
	u16 start;
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	tap.fd[0] = fds[1];
	for (i = 0; i < ARRAY_SIZE(hdrs); i++) {
		tap.hdr_len = h = hdrs[i];
		if (h)
			assert_int_equal(cvsw_pkt_offload_set(&pkt, &off), 0);
		assert_int_equal(cvsw_tap_write_tagged(&tap, 0, &pkt, 0xabc), 0);
		assert_int_equal(read(fds[0], got, sizeof(got)), h + len + 4);
		assert_memory_equal(got + h, want, 12);
		assert_memory_equal(got + h + 12, "\x88\xa8\x0a\xbc", 4);
		assert_memory_equal(got + h + 16, want + 12, len - 12);
		memcpy(&start, got + 6, sizeof(start));
		if (h)
			assert_int_equal(start, test_l4(&f) + 4);
	}
	test_pkt_is(&pkt, want, len);
	cvsw_pkt_free(&pkt);
	cvsw_pool_free(pool);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_queues),
		cmocka_unit_test(test_bad_words),
		cmocka_unit_test(test_offload_set),
		cmocka_unit_test(test_tagged),
	};

	return cmocka_run_group_tests_name("tap", tests, NULL, NULL);
}
