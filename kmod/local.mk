# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# "make kmod" compiles cvsw.ko in the build folder, from links to the sources,
# so that these stay clean.  The kernel is that of --with-kernel, else the last
# one whose headers are installed (Debian: linux-headers-cloud-amd64), or
# KERNEL_DIR=DIR.  KMOD_BUILD is where it is built, KMOD_FLAGS go to Kbuild.

KMOD_FILES = \
	kmod/Kbuild \
	kmod/compat.h \
	kmod/control.c \
	kmod/core.c \
	kmod/cvsw.h \
	kmod/dev.c \
	kmod/genl.c \
	kmod/genl.h \
	kmod/genl_event.c \
	kmod/hook.c \
	kmod/main.c \
	kmod/nla.h \
	kmod/offload.c \
	kmod/os.h \
	kmod/path.c \
	kmod/pkt_os.h

EXTRA_DIST += $(KMOD_FILES)

KMOD_BUILD = kmod-build

kmod:
	@dir='$(KERNEL_DIR)'; \
	test -n "$$dir" || \
		dir=$$(ls -d /usr/src/linux-headers-*-*64 2>/dev/null | sort -V | tail -n 1); \
	test -n "$$dir" || { \
		echo "kmod: no kernel headers; see ./configure --with-kernel" >&2; \
		exit 1; \
	}; \
	rm -rf '$(KMOD_BUILD)' && $(MKDIR_P) '$(KMOD_BUILD)' && \
	cp -rs '$(abs_top_srcdir)/kmod' '$(abs_top_srcdir)/libcvsw' \
		'$(abs_top_srcdir)/include' '$(KMOD_BUILD)' && \
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
		$(MAKE) -C "$$dir" M="$$(cd '$(KMOD_BUILD)/kmod' && pwd)" \
		$(KMOD_FLAGS) modules

clean-kmod:
	rm -rf $(KMOD_BUILD)

.PHONY: clean-kmod kmod

clean-local: clean-kmod
