# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# cvsw-nl: sources one per line, sorted.

if CVSW_NL
bin_PROGRAMS += tools/nl/cvsw-nl
endif
tools_nl_cvsw_nl_SOURCES = \
	tools/nl/flow.c \
	tools/nl/flow_file.c \
	tools/nl/flow_table.c \
	tools/nl/frame.c \
	tools/nl/iface.c \
	tools/nl/keys.c \
	tools/nl/main.c \
	tools/nl/monitor.c \
	tools/nl/of.c \
	tools/nl/out.c \
	tools/nl/path.c \
	tools/nl/port.c \
	tools/nl/port_set.c \
	tools/nl/port_test.c \
	tools/nl/queue.c \
	tools/nl/register.c \
	tools/nl/show.c \
	tools/nl/state.c \
	tools/nl/stats.c \
	tools/nl/tool.h \
	tools/nl/trace.c \
	tools/nl/via.c
tools_nl_cvsw_nl_CPPFLAGS = $(PUBLIC_CPPFLAGS) \
	-DPACKAGE_VERSION='"$(PACKAGE_VERSION)"'
tools_nl_cvsw_nl_CFLAGS = $(AM_CFLAGS) $(CVSW_NL_CFLAGS)
tools_nl_cvsw_nl_LDADD = libcvsw/libcvsw.la $(CVSW_NL_LIBS)

if CVSW_NL
if MAN
dist_man_MANS += tools/nl/cvsw-nl.8
endif
if COMPLETION
dist_completion_DATA += tools/nl/cvsw-nl.bash
endif
endif
EXTRA_DIST += tools/nl/cvsw-nl.8 tools/nl/cvsw-nl.bash
