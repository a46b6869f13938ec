# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# make kmod          cvsw.ko, compiled in KMOD_BUILD from copies of the sources
# make kmod-install  that, into the modules of its kernel; DESTDIR works
# make dkms          the sources for DKMS, which compiles them for each kernel
#                    that is installed; with DESTDIR they are only put there
#
# The kernel is that of --with-kernel, else the last one whose headers are
# installed (Debian: linux-headers-cloud-amd64), or KERNEL_DIR=DIR.  KMOD_FLAGS
# go to Kbuild, DKMS_FLAGS to dkms.  kmod/Makefile does without configure.

KMOD_FILES = \
	kmod/Kbuild \
	kmod/Makefile \
	kmod/compat.h \
	kmod/control.c \
	kmod/core.c \
	kmod/cvsw.h \
	kmod/dev.c \
	kmod/dkms.conf.in \
	kmod/genl.c \
	kmod/genl.h \
	kmod/genl_event.c \
	kmod/hmac.c \
	kmod/hook.c \
	kmod/inband.c \
	kmod/main.c \
	kmod/nla.h \
	kmod/offload.c \
	kmod/os.h \
	kmod/path.c \
	kmod/pkt_os.h \
	kmod/session.c

EXTRA_DIST += $(KMOD_FILES)
if MAN
dist_man_MANS += kmod/cvsw.4
else
EXTRA_DIST += kmod/cvsw.4
endif

KMOD_BUILD = kmod-build
KMOD_TREE = $(KMOD_FILES) $(CORE_C) $(CORE_H) $(cvswinclude_HEADERS)
DKMS_SOURCE = /usr/src/$(PACKAGE)-$(VERSION)

# $$to is where
kmod_copy = $(MKDIR_P) "$$to" && to=$$(cd "$$to" && pwd) && \
	(cd '$(srcdir)' && cp --preserve=timestamps --no-preserve=mode \
		--parents $(KMOD_TREE) "$$to")
kmod_make = dir='$(KERNEL_DIR)'; \
	test -n "$$dir" || \
		dir=$$(ls -d /usr/src/linux-headers-*-*64 2>/dev/null | sort -V | tail -n 1); \
	test -n "$$dir" || { \
		echo "kmod: no kernel headers; see ./configure --with-kernel" >&2; \
		exit 1; \
	}; \
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
		$(MAKE) -C '$(KMOD_BUILD)/kmod' KERNEL_DIR="$$dir" $(KMOD_FLAGS)

kmod:
	@to='$(KMOD_BUILD)'; rm -rf "$$to"; $(kmod_copy) || exit; \
	$(kmod_make) modules

kmod-install: kmod
	@$(kmod_make) INSTALL_MOD_PATH='$(DESTDIR)' install

dkms:
	@to='$(DESTDIR)$(DKMS_SOURCE)'; $(kmod_copy) && \
	sed 's/@VERSION@/$(VERSION)/' '$(srcdir)/kmod/dkms.conf.in' \
		>"$$to/dkms.conf" && \
	if test -z '$(DESTDIR)'; then \
		dkms $(DKMS_FLAGS) install '$(PACKAGE)/$(VERSION)'; \
	fi

clean-kmod:
	rm -rf $(KMOD_BUILD)

.PHONY: clean-kmod dkms kmod kmod-install

clean-local: clean-kmod
