/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_PORT_TEST_H
#define CVSWD_PORT_TEST_H

/*
 * The self-test of offloads, by kinds of ports.
 *
 * At start, while the daemon has CAP_SYS_ADMIN, it makes a network namespace
 * that has no name and nobody else in it, with a loop for each kind: two TAP
 * devices on a bridge, a veth pair for packet ports.  Both ends are opened by
 * the kind's own code, so that a test is of what ports of it really do.  The
 * descriptors keep the namespace; it goes with the process, however that ends.
 *
 * A kind is tested when its first port is opened, and when asked to.
 *
 * Main thread only.
 */

#include "selftest.h"

struct port_ops;
struct port_tests;

/**
 * port_tests_new - make the namespace and the loops
 * @out: receives them
 * @why: receives what failed, for a person to read
 * Return: 0; a negative errno: without the rights to make a namespace, say.
 */
int port_tests_new(struct port_tests **out, const char **why);
void port_tests_free(struct port_tests *tests);

/**
 * port_tests_of - what is known of a kind of ports, tested now if it was not
 * Return: NULL when it cannot be tested; lives as long as @tests.
 */
const struct cvsw_selftest *port_tests_of(struct port_tests *tests,
					  const struct port_ops *ops);

/**
 * port_tests_again - the same, tested now in any case
 * @out: receives it, when that succeeds
 * @why: receives what failed, for a person to read
 * Return: 0; -EOPNOTSUPP when there is no test for such ports; a negative errno.
 */
int port_tests_again(struct port_tests *tests, const struct port_ops *ops,
		     const struct cvsw_selftest **out, const char **why);

#endif /* CVSWD_PORT_TEST_H */
