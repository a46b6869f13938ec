# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# `make bench`: every bench, gathered into $(BENCH_OUT)/bench.json, a table and
# plots.  BENCH_QUICK=1 takes minutes instead of half an hour.

benches = \
	tests/bench/bench_gro \
	tests/bench/bench_lookup \
	tests/bench/bench_path \
	tests/bench/bench_table \
	tests/bench/insn_load \
	tests/bench/null_tap \
	tests/bench/of_load \
	tests/bench/udp_load

EXTRA_PROGRAMS = $(benches)

bench_ldadd = libcvsw/libcvsw-core.la -lm -lpthread

tests_bench_bench_gro_SOURCES = tests/bench/bench.h tests/bench/bench_gro.c
tests_bench_bench_gro_LDADD = $(bench_ldadd)

tests_bench_bench_lookup_SOURCES = \
	tests/bench/bench.h \
	tests/bench/bench_lookup.c \
	tests/bench/peer.h \
	tests/bench/rules.c \
	tests/bench/rules.h
if DPDK
EXTRA_LTLIBRARIES = tests/bench/libpeer.la
tests_bench_libpeer_la_SOURCES = tests/bench/peer_dpdk.c
tests_bench_libpeer_la_CFLAGS = $(AM_CFLAGS) $(DPDK_CFLAGS)
tests_bench_bench_lookup_LDADD = tests/bench/libpeer.la $(bench_ldadd) \
	$(DPDK_LIBS)
else
tests_bench_bench_lookup_SOURCES += tests/bench/peer_none.c
tests_bench_bench_lookup_LDADD = $(bench_ldadd)
endif

tests_bench_bench_path_SOURCES = tests/bench/bench.h tests/bench/bench_path.c
tests_bench_bench_path_LDADD = $(bench_ldadd)

tests_bench_bench_table_SOURCES = \
	tests/bench/bench.h \
	tests/bench/bench_table.c \
	tests/bench/rules.c \
	tests/bench/rules.h
tests_bench_bench_table_LDADD = $(bench_ldadd)

tests_bench_insn_load_SOURCES = \
	tests/bench/insn_load.c \
	tests/bench/insn_mark.h
tests_bench_insn_load_LDADD =
tests_bench_null_tap_SOURCES = tests/bench/null_tap.c
tests_bench_null_tap_LDADD =
tests_bench_of_load_SOURCES = tests/bench/of_load.c
tests_bench_of_load_LDADD =
tests_bench_udp_load_SOURCES = tests/bench/udp_load.c
tests_bench_udp_load_LDADD =

BENCH_OUT = bench

bench: $(benches) tools/cvswd/cvswd tools/nl/cvsw-nl tools/ofd/cvsw-ofd
	$(srcdir)/tests/bench/run.sh '$(BENCH_QUICK)' | \
		$(srcdir)/tests/bench/report.py $(BENCH_OUT)

.PHONY: bench

clean-local: clean-bench
clean-bench:
	rm -rf $(benches) $(BENCH_OUT) tests/bench/libpeer.la \
		tests/bench/.libs

EXTRA_DIST += \
	tests/bench/bench_e2e.py \
	tests/bench/bench_guest.py \
	tests/bench/bench_guest_tcp.py \
	tests/bench/bench_of.py \
	tests/bench/bench_tunnel.py \
	tests/bench/insn.c \
	tests/bench/paths.py \
	tests/bench/peer_dpdk.c \
	tests/bench/peer_none.c \
	tests/bench/report.py \
	tests/bench/run.sh
