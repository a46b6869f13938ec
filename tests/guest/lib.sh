# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Sourced first by every test here.
#
#   kernel NAME       fetch and unpack that kernel: $kernel is its folder
#   module NAME       build cvsw.ko for it: $module is its path, warnings fail
#   guest [OPT...] SCRIPT [ARG...]
#                     run SCRIPT in a guest with $kernel; run --help has OPTs;
#                     -f $builddir/tools/nl/cvsw-nl:/bin/cvsw-nl works
#
# The kernels are those of $CVSW_KERNELS; unless set, those that a test has put
# into $kernels, one when it is of the switch more than of the kernel, or both
# 6.1 and 6.12.  fetch.sh has 7, too; "debug" is that of debug.sh.  They are kept
# in $CVSW_KERNEL_CACHE, ~/.cache/cvsw unless set, for all build folders; what is
# built of ours is in the build folder's guest/.  check, skip and finish are
# tests/cases.sh's.

. "${srcdir:-.}/tests/cases.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

kernels=${CVSW_KERNELS:-${kernels:-6.1 6.12}}
kernel_cache=${CVSW_KERNEL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cvsw}

for needed in qemu-system-x86_64 busybox depmod apt-get; do
	if ! PATH=$PATH:/usr/sbin:/sbin command -v $needed >/dev/null; then
		echo "1..0 # SKIP needs $needed: .ci/deps guest"
		exit 0
	fi
done

# What a kernel's folder brings along stands in the place of /usr.
with_tools()
{
	if [ -d "$kernel/tools" ]; then
		unshare --mount --map-root-user sh -c \
			'mount --bind "$0" /usr && exec "$@"' \
			"$kernel/tools/usr" "$@"
	else
		"$@"
	fi
}

kernel()
{
	local how=fetch.sh\ $1

	[ "$1" != debug ] || how=debug.sh
	kernel=$kernel_cache/$1
	mkdir -p "$kernel_cache" &&
	flock "$kernel_cache" "$srcdir/tests/guest/"$how "$kernel"
}

# Type information for BPF needs pahole and the whole kernel image.
build_module()
{
	local build=$builddir/guest/kmod-$1 newer

	newer=$(find "$srcdir/kmod" "$srcdir/libcvsw" "$srcdir/include" \
		\( -name '*.[ch]' -o -name Kbuild \) -newer "$module" 2>&1)
	[ -n "$newer" ] || return 0
	with_tools make -C "$builddir" -f Makefile kmod \
		KERNEL_DIR="$kernel/build" KMOD_BUILD="$build" \
		KMOD_FLAGS=CONFIG_DEBUG_INFO_BTF_MODULES= 2>&1 | tee "$tmp/make"
	[ -s "$module" ] &&
		! grep -v 'warning: pahole version differs' "$tmp/make" |
		grep -iw 'warning' && strip --strip-debug "$module" && return
	rm -f "$module"
	return 1
}

# once for all tests, which may run at the same time
module()
{
	module=$builddir/guest/kmod-$1/kmod/cvsw.ko
	mkdir -p "$builddir/guest" && {
		flock 9 && build_module "$1"
	} 9>"$builddir/guest/lock-$1"
}

guest()
{
	local debug=

	[ "${kernel##*/}" != debug ] || debug=--debug
	LD_LIBRARY_PATH=$builddir/libcvsw/.libs \
		"$srcdir/tests/guest/run" --kernel "$kernel" $debug "$@"
}

for name in $kernels; do
	if ! kernel "$name" >"$tmp/fetch" 2>&1; then
		echo "1..0 # SKIP no kernel $name: $(tail -n 1 "$tmp/fetch")"
		exit 0
	fi
done
