# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# To add (one per line, sorted)
#   a unit test    tests/unit/test_NAME.c: cmocka, one group; a line in
#                  UNIT_TESTS.  Further sources: tests_unit_test_NAME_SOURCES.
#   a fuzz target  tests/fuzz/fuzz_NAME.c with LLVMFuzzerTestOneInput(), its
#                  corpus in tests/fuzz/corpus/NAME/; a line in FUZZ_TARGETS and
#                  tests_fuzz_fuzz_NAME_LDADD = $(FUZZ_LDADD)
#   a shell test   NAME.sh (exit code: 0 passed, 77 skipped) or NAME.tap (prints
#                  TAP, counted case by case); a line in SHELL_TESTS.  It runs
#                  in the build tree with $srcdir and $builddir (absolute) set.
# Unit tests run once more under valgrind and on a big-endian machine.

UNIT_TESTS = \
	tests/golden/golden \
	tests/unit/test_action \
	tests/unit/test_antispoof \
	tests/unit/test_cls \
	tests/unit/test_csum \
	tests/unit/test_ctl \
	tests/unit/test_ctl_inband \
	tests/unit/test_ctl_socket \
	tests/unit/test_fcache \
	tests/unit/test_fdb \
	tests/unit/test_geneve \
	tests/unit/test_gro \
	tests/unit/test_gso \
	tests/unit/test_icmp \
	tests/unit/test_inband \
	tests/unit/test_inband_chan \
	tests/unit/test_inband_session \
	tests/unit/test_inband_states \
	tests/unit/test_inband_v3 \
	tests/unit/test_inband_vector \
	tests/unit/test_input \
	tests/unit/test_input_mtu \
	tests/unit/test_key \
	tests/unit/test_keyfile \
	tests/unit/test_legacy \
	tests/unit/test_match \
	tests/unit/test_mss \
	tests/unit/test_nl_codec \
	tests/unit/test_nl_event \
	tests/unit/test_nl_server \
	tests/unit/test_nvgre \
	tests/unit/test_of10_action \
	tests/unit/test_of10_flow \
	tests/unit/test_of10_match \
	tests/unit/test_of10_msg \
	tests/unit/test_of10_nxm \
	tests/unit/test_offload \
	tests/unit/test_opts \
	tests/unit/test_os \
	tests/unit/test_pass \
	tests/unit/test_path \
	tests/unit/test_path_race \
	tests/unit/test_pkt \
	tests/unit/test_port \
	tests/unit/test_race \
	tests/unit/test_reasm \
	tests/unit/test_selftest \
	tests/unit/test_stt \
	tests/unit/test_switch \
	tests/unit/test_table \
	tests/unit/test_table_ops \
	tests/unit/test_tap \
	tests/unit/test_text \
	tests/unit/test_tunnel \
	tests/unit/test_undo \
	tests/unit/test_vnet \
	tests/unit/test_vxlan \
	tests/unit/test_wait

# parts of cvsw-ofd
if CVSW_OFD
UNIT_TESTS += \
	tests/unit/test_ofd_chan \
	tests/unit/test_ofd_conn \
	tests/unit/test_ofd_dial \
	tests/unit/test_ofd_dpid \
	tests/unit/test_ofd_ev \
	tests/unit/test_ofd_keep \
	tests/unit/test_ofd_msg \
	tests/unit/test_ofd_stats \
	tests/unit/test_ofd_tls
endif

FUZZ_TARGETS = \
	tests/fuzz/fuzz_ctl \
	tests/fuzz/fuzz_decap \
	tests/fuzz/fuzz_gro \
	tests/fuzz/fuzz_inband_v2 \
	tests/fuzz/fuzz_inband_v3 \
	tests/fuzz/fuzz_key \
	tests/fuzz/fuzz_keyfile \
	tests/fuzz/fuzz_legacy \
	tests/fuzz/fuzz_mtu \
	tests/fuzz/fuzz_nl \
	tests/fuzz/fuzz_of10 \
	tests/fuzz/fuzz_path \
	tests/fuzz/fuzz_reasm \
	tests/fuzz/fuzz_text \
	tests/fuzz/fuzz_vnet
if CVSW_OFD
FUZZ_TARGETS += tests/fuzz/fuzz_of_conn
endif

SHELL_TESTS = \
	tests/lint/core.tap \
	tests/lint/floors.sh \
	tests/lint/headers.tap \
	tests/lint/lists.sh \
	tests/lint/man.sh \
	tests/lint/spdx.sh \
	tests/lint/style.sh \
	tests/tools/inband3_vector.sh \
	tests/tools/of10_os_ken.tap \
	tests/tools/of10_ovs.tap \
	tests/tools/of10_scapy.tap \
	tests/tools/text_ovs.tap

# Those that need, or make themselves, a build without sanitizers.
PLAIN_TESTS = \
	tests/asan.tap \
	tests/fuzz/fuzz.tap \
	tests/install/install.tap \
	tests/lint/exports.sh \
	tests/moving.tap \
	tests/s390x.tap \
	tests/valgrind.tap

# cvswd in namespaces; tests/tap/lib.sh says how
TAP_TESTS = \
	tests/tap/churn.tap \
	tests/tap/geneve.tap \
	tests/tap/geneve_opt.tap \
	tests/tap/gro.tap \
	tests/tap/hostile.tap \
	tests/tap/htb.tap \
	tests/tap/inband.tap \
	tests/tap/inband3.tap \
	tests/tap/inband3_vnic.tap \
	tests/tap/inband3_wire.tap \
	tests/tap/life.tap \
	tests/tap/link.tap \
	tests/tap/matrix.tap \
	tests/tap/mtu.tap \
	tests/tap/nvgre.tap \
	tests/tap/offload.tap \
	tests/tap/ovs.tap \
	tests/tap/packet.tap \
	tests/tap/plain.tap \
	tests/tap/queues.tap \
	tests/tap/route.tap \
	tests/tap/reasm.tap \
	tests/tap/segments.tap \
	tests/tap/soak.tap \
	tests/tap/stt.tap \
	tests/tap/tshark.tap \
	tests/tap/via.tap \
	tests/tap/vlan.tap \
	tests/tap/vxlan.tap

# cvsw-ofd in namespaces; tests/ofd/lib.sh says how
OFD_TESTS = \
	tests/ofd/crowd.tap \
	tests/ofd/enqueue.tap \
	tests/ofd/failmode.tap \
	tests/ofd/inband_ovs.tap \
	tests/ofd/nicira.tap \
	tests/ofd/ofctl.tap \
	tests/ofd/osken.tap \
	tests/ofd/overlay.tap \
	tests/ofd/protocol.tap \
	tests/ofd/reconnect.tap \
	tests/ofd/semantics.tap \
	tests/ofd/storm.tap \
	tests/ofd/switch_tester.tap \
	tests/ofd/tls.tap \
	tests/ofd/via.tap

# cvsw.ko in guests with Debian's kernels, `make check-guest` (each with all of
# them), and with one that looks for mistakes, `make check-kasan`, for which there
# are some more
GUEST_TESTS = \
	tests/guest/actions.tap \
	tests/guest/attach.tap \
	tests/guest/cards.tap \
	tests/guest/control.tap \
	tests/guest/devices.tap \
	tests/guest/frame_fuzz.tap \
	tests/guest/genl_fuzz.tap \
	tests/guest/inband.tap \
	tests/guest/inband3.tap \
	tests/guest/install.tap \
	tests/guest/load.tap \
	tests/guest/of.tap \
	tests/guest/pair.tap \
	tests/guest/path.tap \
	tests/guest/settings.tap \
	tests/guest/tunnel.tap

KASAN_TESTS = \
	tests/guest/failslab.tap \
	tests/guest/planted.tap \
	tests/guest/race.tap

# for LD_PRELOAD
if TESTS_ENABLED
if CVSWD
check_LTLIBRARIES += tests/tap/libwrong.la
endif
endif
tests_tap_libwrong_la_SOURCES = tests/tap/wrong.c
tests_tap_libwrong_la_LDFLAGS = -module -avoid-version -rpath /nowhere
tests_tap_libwrong_la_LIBADD = -ldl

tests_guest_poke_LDADD =
tests_tap_impair_LDADD =
tests_tap_strict_LDADD =
tests_tap_traffic_LDADD =
tests_tools_of10_echo_LDADD = libcvsw/libcvsw-core.la
tests_tools_text_echo_LDADD = libcvsw/libcvsw-core.la

tests_unit_test_ofd_chan_LDADD = $(CHAN_LDADD)
tests_unit_test_ofd_chan_CPPFLAGS = $(OFD_CPPFLAGS)
tests_unit_test_ofd_conn_SOURCES = \
	tests/unit/ofd_rig.c \
	tests/unit/ofd_rig.h \
	tests/unit/test_ofd_conn.c \
	tools/ofd/async.c \
	tools/ofd/conn.c \
	tools/ofd/conn.h \
	tools/ofd/conn_in.c \
	tools/ofd/remote.c \
	tools/ofd/role.c \
	tools/ofd/service.c \
	tools/ofd/tell.c
tests_unit_test_ofd_conn_CPPFLAGS = $(OFD_CPPFLAGS)
tests_unit_test_ofd_dial_LDADD = $(CHAN_LDADD)
tests_unit_test_ofd_dial_CPPFLAGS = $(OFD_CPPFLAGS)
tests_unit_test_ofd_dpid_SOURCES = \
	tests/unit/test_ofd_dpid.c \
	tools/ofd/dpid.c
tests_unit_test_ofd_dpid_CPPFLAGS = $(OFD_CPPFLAGS)
tests_unit_test_ofd_ev_LDADD = $(CHAN_LDADD)
tests_unit_test_ofd_ev_CPPFLAGS = $(OFD_CPPFLAGS)
tests_unit_test_ofd_keep_SOURCES = \
	tests/unit/test_ofd_keep.c \
	tools/ofd/keep.c \
	tools/ofd/keep.h
tests_unit_test_ofd_keep_CPPFLAGS = $(OFD_CPPFLAGS)
tests_unit_test_ofd_msg_SOURCES = \
	tests/unit/test_ofd_msg.c \
	tools/ofd/msg.c \
	tools/ofd/msg.h \
	tools/ofd/msg_config.c \
	tools/ofd/msg_flow.c \
	tools/ofd/msg_frame.c \
	tools/ofd/msg_port.c \
	tools/ofd/msg_vendor.c
tests_unit_test_ofd_msg_CPPFLAGS = $(OFD_CPPFLAGS)
tests_unit_test_ofd_stats_SOURCES = \
	tests/unit/test_ofd_stats.c \
	tools/ofd/msg.h \
	tools/ofd/msg_dump.c \
	tools/ofd/msg_stats.c
tests_unit_test_ofd_stats_CPPFLAGS = $(OFD_CPPFLAGS)
tests_unit_test_ofd_tls_LDADD = $(CHAN_LDADD)
tests_unit_test_ofd_tls_CPPFLAGS = $(OFD_CPPFLAGS)
tests_unit_test_ofd_tls_CFLAGS = $(AM_CFLAGS) $(CVSW_OFD_CFLAGS)

# need libnl, which is there with cvsw-nl only
tests_guest_genl_fuzz_LDADD = libcvsw/libcvsw-core.la
tests_unit_test_nl_wire_CFLAGS = $(AM_CFLAGS) $(CVSW_NL_CFLAGS)
tests_unit_test_nl_wire_LDADD = libcvsw/libcvsw-core.la $(CVSW_NL_LIBS) \
	$(CMOCKA_LIBS)

if TESTS_ENABLED
check_PROGRAMS += $(UNIT_TESTS) $(FUZZ_TARGETS) tests/guest/poke \
	tests/tap/impair tests/tap/segments tests/tap/strict tests/tap/traffic \
	tests/tools/of10_echo tests/tools/text_echo
TESTS = $(UNIT_TESTS) $(SHELL_TESTS)
if !SANITIZED
TESTS += $(PLAIN_TESTS)
endif
if CVSWD
TESTS += $(TAP_TESTS)
if CVSW_OFD
TESTS += $(OFD_TESTS)
endif
endif
if CVSW_NL
check_PROGRAMS += tests/guest/genl_fuzz tests/unit/test_nl_wire
TESTS += tests/unit/test_nl_wire
if CVSWD
TESTS += tests/tools/cvsw-nl.tap
if CVSW_OFD
TESTS += tests/tools/cvsw-ofd.tap
if !SANITIZED
TESTS += $(GUEST_TESTS)
endif
endif
endif
endif
if KERNEL
TESTS += tests/lint/kernel.sh tests/lint/kmod.sh
endif
if !FUZZ
TESTS += $(FUZZ_TARGETS)
endif
endif

# Fuzz targets replay their corpora, unless libFuzzer brings main().
if TESTS_ENABLED
if FUZZ
FUZZ_LDADD = libcvsw/libcvsw-core.la $(FUZZ_LDFLAGS)
else
check_LTLIBRARIES += tests/fuzz/libdriver.la
tests_fuzz_libdriver_la_SOURCES = tests/fuzz/driver.c
FUZZ_LDADD = tests/fuzz/libdriver.la libcvsw/libcvsw-core.la
endif
endif

tests_fuzz_fuzz_ctl_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_decap_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_gro_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_inband_v2_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_inband_v3_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_inband_v3_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=cvsw_random
tests_fuzz_fuzz_key_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_keyfile_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_legacy_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_mtu_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_nl_LDADD = tests/unit/libstand.la $(FUZZ_LDADD)
tests_fuzz_fuzz_of10_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_of_conn_SOURCES = \
	tests/fuzz/fuzz_of_conn.c \
	tests/unit/ofd_rig.c \
	tests/unit/ofd_rig.h \
	tools/ofd/async.c \
	tools/ofd/conn.c \
	tools/ofd/conn.h \
	tools/ofd/conn_in.c \
	tools/ofd/keep.c \
	tools/ofd/keep.h \
	tools/ofd/msg.c \
	tools/ofd/msg.h \
	tools/ofd/msg_config.c \
	tools/ofd/msg_dump.c \
	tools/ofd/msg_flow.c \
	tools/ofd/msg_frame.c \
	tools/ofd/msg_port.c \
	tools/ofd/msg_stats.c \
	tools/ofd/msg_vendor.c \
	tools/ofd/remote.c \
	tools/ofd/role.c \
	tools/ofd/service.c \
	tools/ofd/tell.c
tests_fuzz_fuzz_of_conn_CPPFLAGS = $(OFD_CPPFLAGS)
tests_fuzz_fuzz_of_conn_LDADD = tests/unit/libstand.la $(FUZZ_LDADD)
tests_fuzz_fuzz_path_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_reasm_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_text_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_vnet_LDADD = $(FUZZ_LDADD)

# The streams of cvsw-ofd, and what their tests share.
if TESTS_ENABLED
if CVSW_OFD
check_LTLIBRARIES += tests/unit/libchan.la
endif
endif
tests_unit_libchan_la_SOURCES = \
	tests/unit/chan_rig.c \
	tests/unit/chan_rig.h \
	tools/ofd/chan.c \
	tools/ofd/chan.h \
	tools/ofd/chan_buf.c \
	tools/ofd/chan_buf.h \
	tools/ofd/chan_dial.c \
	tools/ofd/chan_io.c \
	tools/ofd/chan_listen.c \
	tools/ofd/chan_priv.h \
	tools/ofd/chan_sys.c \
	tools/ofd/ev.c \
	tools/ofd/ev.h \
	tools/ofd/lookup.c \
	tools/ofd/lookup.h \
	tools/ofd/target.c \
	tools/ofd/target.h \
	tools/ofd/tls.c \
	tools/ofd/tls.h
tests_unit_libchan_la_CPPFLAGS = $(OFD_CPPFLAGS)
tests_unit_libchan_la_CFLAGS = $(AM_CFLAGS) $(CVSW_OFD_CFLAGS)
CHAN_LDADD = tests/unit/libchan.la tests/unit/libutil.la \
	libcvsw/libcvsw-core.la $(CVSW_OFD_LIBS) $(CMOCKA_LIBS)

# What asks cvsw.ko in guests, over libnl.
if TESTS_ENABLED
if CVSW_NL
check_PROGRAMS += tests/guest/faults tests/guest/race
endif
endif
tests_guest_faults_SOURCES = \
	tests/guest/faults.c \
	tests/guest/request.c \
	tests/guest/request.h
tests_guest_faults_LDADD = libcvsw/libcvsw-core.la $(CVSW_NL_LIBS)
tests_guest_race_SOURCES = \
	tests/guest/race.c \
	tests/guest/request.c \
	tests/guest/request.h
tests_guest_race_LDADD = libcvsw/libcvsw-core.la $(CVSW_NL_LIBS)

# What unit tests share.
if TESTS_ENABLED
check_LTLIBRARIES += tests/unit/libstand.la tests/unit/libutil.la
endif
tests_unit_libstand_la_SOURCES = \
	tests/unit/stand.c \
	tests/unit/stand.h
tests_unit_libutil_la_SOURCES = \
	tests/unit/rig.c \
	tests/unit/endpoint.h \
	tests/unit/path_util.h \
	tests/unit/rig.h \
	tests/unit/super.c \
	tests/unit/super.h \
	tests/unit/util.c \
	tests/unit/util.h
tests_fuzz_fuzz_reasm_SOURCES = \
	tests/fuzz/fuzz_reasm.c \
	tests/unit/reasm_oracle.c \
	tests/unit/reasm_oracle.h
tests_unit_test_cls_SOURCES = \
	tests/unit/oracle.c \
	tests/unit/oracle.h \
	tests/unit/test_cls.c
tests_unit_test_fcache_SOURCES = \
	tests/unit/oracle.c \
	tests/unit/oracle.h \
	tests/unit/test_fcache.c
tests_unit_test_inband_vector_SOURCES = \
	tests/unit/inband3_vector.h \
	tests/unit/test_inband_vector.c
tests_unit_test_inband_vector_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=cvsw_random
tests_unit_test_of10_action_SOURCES = \
	tests/unit/of10_vectors.h \
	tests/unit/test_of10_action.c
tests_unit_test_of10_flow_SOURCES = \
	tests/unit/of10_vectors.h \
	tests/unit/test_of10_flow.c
tests_unit_test_of10_match_SOURCES = \
	tests/unit/of10_vectors.h \
	tests/unit/test_of10_match.c
tests_unit_test_of10_msg_SOURCES = \
	tests/unit/of10_vectors.h \
	tests/unit/test_of10_msg.c
tests_unit_test_of10_nxm_SOURCES = \
	tests/unit/of10_vectors.h \
	tests/unit/test_of10_nxm.c
tests_unit_test_reasm_SOURCES = \
	tests/unit/reasm_oracle.c \
	tests/unit/reasm_oracle.h \
	tests/unit/test_reasm.c
tests_unit_test_table_SOURCES = \
	tests/unit/oracle.c \
	tests/unit/oracle.h \
	tests/unit/test_table.c
tests_unit_test_table_ops_SOURCES = \
	tests/unit/oracle.c \
	tests/unit/oracle.h \
	tests/unit/test_table_ops.c
LDADD = tests/unit/libstand.la tests/unit/libutil.la \
	libcvsw/libcvsw-core.la $(CMOCKA_LIBS)

# Programs and .tap scripts speak TAP; .sh scripts have only an exit code.
TEST_EXTENSIONS = .sh .tap
TAP_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/m4/build-aux/tap-driver.sh
LOG_DRIVER = $(TAP_DRIVER)
TAP_LOG_DRIVER = $(TAP_DRIVER)

AM_TESTS_ENVIRONMENT = \
	srcdir='$(abs_top_srcdir)'; builddir='$(abs_top_builddir)'; \
	CMOCKA_MESSAGE_OUTPUT=TAP; \
	PATH="$$PATH:/usr/sbin:/sbin"; KERNEL_DIR='$(KERNEL_DIR)'; \
	unit_tests='$(UNIT_TESTS)'; fuzz_targets='$(FUZZ_TARGETS)'; \
	export srcdir builddir CMOCKA_MESSAGE_OUTPUT PATH KERNEL_DIR \
	unit_tests fuzz_targets;

# The harness as automake has it, but ending with the one line that people and
# .ci/run look at: how many passed and failed.
if TESTS_ENABLED
check-TESTS: $(check_PROGRAMS) $(check_SCRIPTS)
	@rm -f $(TEST_LOGS) $(TEST_LOGS:.log=.trs) $(TEST_SUITE_LOG)
	@st=0; $(MAKE) $(AM_MAKEFLAGS) $(TEST_SUITE_LOG) || st=$$?; \
	CI='$(CI)' $(SHELL) $(top_srcdir)/tests/tally.sh $$st \
		$(TEST_LOGS:.log=.trs)
endif

# The long version of tests/tap/soak.tap
soak: all
	@$(MAKE) $(AM_MAKEFLAGS) tests/tap/traffic
	@$(AM_TESTS_ENVIRONMENT) s=$${SOAK_SECONDS:-600}; \
	SOAK_SECONDS=$$s CVSW_TAP_SECONDS=$$((s + 240)) CVSW_SOAK_SAY=1 \
		bash $(srcdir)/tests/tap/soak.tap | \
		$(AWK) '{ print } /^not ok/ { bad = 1 } END { exit bad }'

.PHONY: soak

EXTRA_DIST += \
	$(GUEST_TESTS) \
	$(KASAN_TESTS) \
	$(OFD_TESTS) \
	$(PLAIN_TESTS) \
	$(SHELL_TESTS) \
	$(TAP_TESTS) \
	tests/cases.sh \
	tests/entries \
	tests/fuzz/corpus \
	tests/golden/cases \
	tests/golden/make_pcaps.py \
	tests/golden/make_vectors.py \
	tests/golden/vectors.h \
	tests/guest/actions.py \
	tests/guest/debug.sh \
	tests/guest/fetch.sh \
	tests/guest/frame_fuzz.py \
	tests/guest/inband_host.py \
	tests/guest/lib.sh \
	tests/guest/planted.c \
	tests/guest/of.py \
	tests/guest/rig.py \
	tests/guest/rig.sh \
	tests/guest/run \
	tests/guest/tunnels.sh \
	tests/install/program.c \
	tests/lint/kernel.sh \
	tests/lint/kmod.sh \
	tests/moving/pkt_os.h \
	tests/ofd/crowd.py \
	tests/ofd/enqueue.py \
	tests/ofd/failmode.py \
	tests/ofd/flowmods.py \
	tests/ofd/frames.py \
	tests/ofd/inband_ovs.py \
	tests/ofd/inband_page.py \
	tests/ofd/lab.py \
	tests/ofd/lib.sh \
	tests/ofd/matches.py \
	tests/ofd/of10.py \
	tests/ofd/osken.py \
	tests/ofd/outputs.py \
	tests/ofd/overlay.py \
	tests/ofd/protocol.py \
	tests/ofd/reconnect.py \
	tests/ofd/rewrites.py \
	tests/ofd/storm.py \
	tests/ofd/switch_tester.py \
	tests/tally.sh \
	tests/tap/gro.py \
	tests/tap/hostile.py \
	tests/tap/inband.py \
	tests/tap/inband3.py \
	tests/tap/inband3_talk.py \
	tests/tap/inband3_vnic.py \
	tests/tap/inband3_wire.py \
	tests/tap/lib.sh \
	tests/tap/mtu.py \
	tests/tap/pair.sh \
	tests/tap/stt.py \
	tests/tools/cvsw-nl.tap \
	tests/tools/cvsw-ofd.tap \
	tests/tools/cvsw_os_ken.py \
	tests/tools/of10_listen.py \
	tests/tools/of10_os_ken.py \
	tests/tools/of10_scapy.py \
	tests/valgrind.supp \
	tests/variant.sh

check-guest:
	CVSW_KERNELS="$${CVSW_KERNELS:-6.1 6.12}" \
		$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(GUEST_TESTS)'

check-kasan:
	CVSW_KERNELS=debug $(MAKE) $(AM_MAKEFLAGS) check \
		TESTS='$(GUEST_TESTS) $(KASAN_TESTS)'

.PHONY: check-guest check-kasan

clean-local:
	chmod -R u+w variant-* 2>/dev/null; rm -rf guest sysroot-s390x variant-*
