# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# cvsw-ofd: sources one per line, sorted.  Tests of a part of it compile its
# source with OFD_CPPFLAGS.

if CVSW_OFD
sbin_PROGRAMS += tools/ofd/cvsw-ofd
endif
OFD_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tools -I$(top_srcdir)/tools/ofd
tools_ofd_cvsw_ofd_SOURCES = \
	tools/daemon.c \
	tools/daemon.h \
	tools/ofd/async.c \
	tools/ofd/chan.c \
	tools/ofd/chan.h \
	tools/ofd/chan_buf.c \
	tools/ofd/chan_buf.h \
	tools/ofd/chan_dial.c \
	tools/ofd/chan_io.c \
	tools/ofd/chan_listen.c \
	tools/ofd/chan_priv.h \
	tools/ofd/chan_sys.c \
	tools/ofd/conf.c \
	tools/ofd/conf.h \
	tools/ofd/conn.c \
	tools/ofd/conn.h \
	tools/ofd/conn_in.c \
	tools/ofd/dpid.c \
	tools/ofd/ev.c \
	tools/ofd/ev.h \
	tools/ofd/keep.c \
	tools/ofd/keep.h \
	tools/ofd/lookup.c \
	tools/ofd/lookup.h \
	tools/ofd/main.c \
	tools/ofd/msg.c \
	tools/ofd/msg.h \
	tools/ofd/msg_config.c \
	tools/ofd/msg_dump.c \
	tools/ofd/msg_flow.c \
	tools/ofd/msg_frame.c \
	tools/ofd/msg_port.c \
	tools/ofd/msg_stats.c \
	tools/ofd/msg_vendor.c \
	tools/ofd/ofd.h \
	tools/ofd/remote.c \
	tools/ofd/role.c \
	tools/ofd/service.c \
	tools/ofd/show.c \
	tools/ofd/show.h \
	tools/ofd/show_json.c \
	tools/ofd/sw.c \
	tools/ofd/target.c \
	tools/ofd/target.h \
	tools/ofd/tell.c \
	tools/ofd/tls.c \
	tools/ofd/tls.h \
	tools/settings.c \
	tools/settings.h
tools_ofd_cvsw_ofd_CPPFLAGS = $(OFD_CPPFLAGS)
tools_ofd_cvsw_ofd_CFLAGS = $(AM_CFLAGS) $(CVSW_OFD_CFLAGS)
tools_ofd_cvsw_ofd_LDADD = libcvsw/libcvsw-core.la $(CVSW_OFD_LIBS)

if MAN
if CVSW_OFD
dist_man_MANS += tools/ofd/cvsw-ofd.8
endif
endif
EXTRA_DIST += tools/ofd/cvsw-ofd.8
