# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# cvswd: sources one per line, sorted.

if CVSWD
sbin_PROGRAMS += tools/cvswd/cvswd
endif
tools_cvswd_cvswd_SOURCES = \
	tools/cvswd/conf.c \
	tools/cvswd/conf.h \
	tools/cvswd/conf_items.c \
	tools/cvswd/conf_priv.h \
	tools/cvswd/cvswd.h \
	tools/cvswd/ethtool.c \
	tools/cvswd/ethtool.h \
	tools/cvswd/ethtool_link.c \
	tools/cvswd/ethtool_priv.h \
	tools/cvswd/flows.c \
	tools/cvswd/flows.h \
	tools/cvswd/inband.c \
	tools/cvswd/inband.h \
	tools/cvswd/inband_client.c \
	tools/cvswd/inband_priv.h \
	tools/cvswd/loop.c \
	tools/cvswd/loop.h \
	tools/cvswd/main.c \
	tools/cvswd/mtu.c \
	tools/cvswd/netns.c \
	tools/cvswd/netns.h \
	tools/cvswd/netns_addr.c \
	tools/cvswd/netns_route.c \
	tools/cvswd/netns_route.h \
	tools/cvswd/netns_scratch.c \
	tools/cvswd/packet_tunnel.c \
	tools/cvswd/packet_tunnel.h \
	tools/cvswd/port.c \
	tools/cvswd/port.h \
	tools/cvswd/port_offload.c \
	tools/cvswd/port_packet.c \
	tools/cvswd/port_pcap.c \
	tools/cvswd/port_spec.c \
	tools/cvswd/port_tap.c \
	tools/cvswd/port_test.c \
	tools/cvswd/port_test.h \
	tools/cvswd/queue.c \
	tools/cvswd/queue.h \
	tools/cvswd/queue_tap.c \
	tools/cvswd/queue_tap.h \
	tools/cvswd/quiet.c \
	tools/cvswd/quiet.h \
	tools/cvswd/reload.c \
	tools/cvswd/route.c \
	tools/cvswd/route.h \
	tools/cvswd/server.c \
	tools/cvswd/server.h \
	tools/cvswd/state.c \
	tools/cvswd/tc.c \
	tools/cvswd/tc.h \
	tools/cvswd/watch.c \
	tools/daemon.c \
	tools/daemon.h \
	tools/settings.c \
	tools/settings.h
tools_cvswd_cvswd_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tools
tools_cvswd_cvswd_CFLAGS = $(AM_CFLAGS) $(CVSWD_CFLAGS)
tools_cvswd_cvswd_LDADD = libcvsw/libcvsw-core.la $(CVSWD_LIBS)

if MAN
if CVSWD
dist_man_MANS += tools/cvswd/cvswd.8
endif
endif
EXTRA_DIST += tools/cvswd/cvswd.8
