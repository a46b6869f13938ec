# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# To add
#   a core file    its .c to CORE_C and its .h to CORE_H below, its #include to
#                  kmod/core.c (what every frame goes through) or kmod/control.c,
#                  its floor to tests/lint/floors.sh; to CORE_DAEMON_C when
#                  nothing in the kernel calls it
#   a user file    to USER_SOURCES
#   a public header  to cvswinclude_HEADERS, its functions to libcvsw.map
# One per line, sorted.

CORE_C = \
	libcvsw/action.c \
	libcvsw/action_apply.c \
	libcvsw/antispoof.c \
	libcvsw/cls.c \
	libcvsw/cls_dim.c \
	libcvsw/cls_mask.c \
	libcvsw/cls_plan.c \
	libcvsw/cls_sub.c \
	libcvsw/cls_view.c \
	libcvsw/csum.c \
	libcvsw/drop.c \
	libcvsw/fcache.c \
	libcvsw/fdb.c \
	libcvsw/flow.c \
	libcvsw/flow_opts.c \
	libcvsw/geneve.c \
	libcvsw/icmp.c \
	libcvsw/inband.c \
	libcvsw/inband_chan.c \
	libcvsw/inband_frame.c \
	libcvsw/inband_peer.c \
	libcvsw/inband_v2.c \
	libcvsw/inband_v3.c \
	libcvsw/inband_vnic.c \
	libcvsw/input.c \
	libcvsw/ip.c \
	libcvsw/key.c \
	libcvsw/legacy.c \
	libcvsw/match.c \
	libcvsw/mss.c \
	libcvsw/nl_bundle.c \
	libcvsw/nl_codec.c \
	libcvsw/nl_field.c \
	libcvsw/nl_dump.c \
	libcvsw/nl_policy.c \
	libcvsw/nl_port.c \
	libcvsw/nl_queue.c \
	libcvsw/nl_request.c \
	libcvsw/nl_state.c \
	libcvsw/nvgre.c \
	libcvsw/of10_2014.c \
	libcvsw/of10_action.c \
	libcvsw/of10_match.c \
	libcvsw/opts.c \
	libcvsw/path.c \
	libcvsw/port.c \
	libcvsw/port_inband.c \
	libcvsw/queue.c \
	libcvsw/reasm.c \
	libcvsw/stamp.c \
	libcvsw/stt.c \
	libcvsw/switch.c \
	libcvsw/switch_path.c \
	libcvsw/table.c \
	libcvsw/table_ops.c \
	libcvsw/table_walk.c \
	libcvsw/tunnel.c \
	libcvsw/tunnel_push.c \
	libcvsw/undo.c \
	libcvsw/vxlan.c \
	libcvsw/wait.c

CORE_DAEMON_C = \
	libcvsw/of10_action_put.c \
	libcvsw/of10_flow.c \
	libcvsw/of10_match_put.c \
	libcvsw/of10_msg.c \
	libcvsw/of10_nx.c \
	libcvsw/of10_nxm.c \
	libcvsw/of10_stats.c

CORE_H = \
	libcvsw/action.h \
	libcvsw/antispoof.h \
	libcvsw/cls.h \
	libcvsw/cls_dim.h \
	libcvsw/cls_mask.h \
	libcvsw/cls_sub.h \
	libcvsw/cls_view.h \
	libcvsw/csum.h \
	libcvsw/fcache.h \
	libcvsw/fdb.h \
	libcvsw/hdr.h \
	libcvsw/hmac.h \
	libcvsw/icmp.h \
	libcvsw/inband_chan.h \
	libcvsw/inband_frame.h \
	libcvsw/inband_in.h \
	libcvsw/inband_peer.h \
	libcvsw/inband_vnic.h \
	libcvsw/input_out.h \
	libcvsw/input_push.h \
	libcvsw/input_way.h \
	libcvsw/ip.h \
	libcvsw/key.h \
	libcvsw/legacy.h \
	libcvsw/match.h \
	libcvsw/mss.h \
	libcvsw/opts.h \
	libcvsw/path.h \
	libcvsw/nl_codec.h \
	libcvsw/of10.h \
	libcvsw/pkt_ops.h \
	libcvsw/reasm.h \
	libcvsw/speed.h \
	libcvsw/stamp.h \
	libcvsw/switch_priv.h \
	libcvsw/table.h \
	libcvsw/table_impl.h \
	libcvsw/tunnel.h \
	libcvsw/undo.h

USER_SOURCES = \
	libcvsw/user/ctl.c \
	libcvsw/user/ctl_event.c \
	libcvsw/user/ctl_flow.c \
	libcvsw/user/ctl_frame.c \
	libcvsw/user/ctl_inband.c \
	libcvsw/user/ctl_inband.h \
	libcvsw/user/ctl_inband_v2.c \
	libcvsw/user/ctl_local.c \
	libcvsw/user/ctl_local.h \
	libcvsw/user/ctl_netlink.c \
	libcvsw/user/ctl_priv.h \
	libcvsw/user/ctl_queue.c \
	libcvsw/user/ctl_state.c \
	libcvsw/user/ctl_switch.c \
	libcvsw/user/ctl_transport.h \
	libcvsw/user/ctl_unix.c \
	libcvsw/user/frame.c \
	libcvsw/user/gro.c \
	libcvsw/user/gso.c \
	libcvsw/user/gso.h \
	libcvsw/user/hmac.c \
	libcvsw/user/inband_host.c \
	libcvsw/user/inband_host.h \
	libcvsw/user/inband_session.c \
	libcvsw/user/inband_session.h \
	libcvsw/user/inband_sock.c \
	libcvsw/user/inband_sock.h \
	libcvsw/user/inband_users.c \
	libcvsw/user/inband_users.h \
	libcvsw/user/inband_v2_put.c \
	libcvsw/user/inband_v2_put.h \
	libcvsw/user/inband_vnics.c \
	libcvsw/user/keyfile.c \
	libcvsw/user/keyfile.h \
	libcvsw/user/nl_client.c \
	libcvsw/user/nl_event.c \
	libcvsw/user/nl_msg.c \
	libcvsw/user/nl_msg.h \
	libcvsw/user/nl_path.c \
	libcvsw/user/nl_send.c \
	libcvsw/user/nl_server.c \
	libcvsw/user/nl_server.h \
	libcvsw/user/nl_server_priv.h \
	libcvsw/user/nla.c \
	libcvsw/user/nla.h \
	libcvsw/user/offload.c \
	libcvsw/user/os.c \
	libcvsw/user/os.h \
	libcvsw/user/pkt.c \
	libcvsw/user/pkt_os.h \
	libcvsw/user/selftest.c \
	libcvsw/user/selftest.h \
	libcvsw/user/selftest_frame.c \
	libcvsw/user/tap.c \
	libcvsw/user/tap.h \
	libcvsw/user/text.c \
	libcvsw/user/text.h \
	libcvsw/user/text_action.c \
	libcvsw/user/text_flow.c \
	libcvsw/user/text_frame.c \
	libcvsw/user/text_match.c \
	libcvsw/user/text_match_print.c \
	libcvsw/user/text_opt.c \
	libcvsw/user/text_tunnel.c \
	libcvsw/user/vnet.c \
	libcvsw/user/vnet.h \
	libcvsw/user/walk.c \
	libcvsw/user/walk.h

cvswincludedir = $(includedir)/cvsw
cvswinclude_HEADERS = \
	include/cvsw/ctl.h \
	include/cvsw/cvsw.h \
	include/cvsw/drop.h \
	include/cvsw/flow.h \
	include/cvsw/inband.h \
	include/cvsw/nl.h \
	include/cvsw/openflow.h \
	include/cvsw/pkt.h \
	include/cvsw/switch.h \
	include/cvsw/text.h

# Every object, for programs that need internals: tests, cvswd.
noinst_LTLIBRARIES += libcvsw/libcvsw-core.la
libcvsw_libcvsw_core_la_SOURCES = $(CORE_C) $(CORE_DAEMON_C) $(CORE_H) \
	$(USER_SOURCES)
libcvsw_libcvsw_core_la_LIBADD = $(URCU_LIBS) $(MNL_LIBS) $(NL_LIBS) \
	$(CRYPTO_LIBS)

# The same as a library: only what libcvsw.map names is exported.
lib_LTLIBRARIES += libcvsw/libcvsw.la
libcvsw_libcvsw_la_SOURCES =
libcvsw_libcvsw_la_LIBADD = libcvsw/libcvsw-core.la
libcvsw_libcvsw_la_LDFLAGS = $(AM_LDFLAGS) $(LIBRARY_LDFLAGS) \
	-version-info 0:0:0 \
	-Wl,--version-script=$(top_srcdir)/libcvsw/libcvsw.map
EXTRA_libcvsw_libcvsw_la_DEPENDENCIES = libcvsw/libcvsw.map

nodist_pkgconfig_DATA = libcvsw/libcvsw.pc
EXTRA_DIST += libcvsw/libcvsw.map

if MAN
dist_man_MANS += libcvsw/cvsw-inband.7 libcvsw/cvsw-openflow.7 libcvsw/libcvsw.3
else
EXTRA_DIST += libcvsw/cvsw-inband.7 libcvsw/cvsw-openflow.7 libcvsw/libcvsw.3
endif
