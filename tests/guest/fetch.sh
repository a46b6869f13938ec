#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# fetch.sh NAME DIR: unpack Debian's newest cloud kernel of a series (5.10, 6.1,
# 6.12 or 7) with its modules and its headers into DIR, for tests/guest/run and
# `make kmod KERNEL_DIR=DIR/build`.  Nothing is installed and apt's own lists
# stay as they are.  Does nothing when DIR is complete: remove it to get a
# newer one.  Needs apt, depmod (kmod) and Debian's archive keyring.
#
# Kernel 7 wants a compiler and a C library that are newer than those of Debian
# 12; they come along as DIR/tools/usr, to stand in the place of /usr while the
# module is built (module() in lib.sh).

name=$1
dir=$2
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
PATH=$PATH:/usr/sbin:/sbin

die()
{
	echo "fetch.sh: $*" >&2
	exit 1
}

tools=
case $name in
5.10) suites='bullseye bullseye-security' ;;
6.1) suites='bookworm bookworm-security' ;;
6.12) suites=bookworm-backports ;;
7)
	suites=trixie-backports
	tools='bash gcc-14 make libelf1t64 dash coreutils findutils gawk grep sed'
	;;
*) die "unknown kernel '$name' (5.10, 6.1, 6.12 or 7)" ;;
esac
[ -n "$dir" ] || die "no folder given"
[ -e "$dir/complete" ] && exit 0

rm -rf "$dir"
mkdir -p "$dir" || exit 1
dir=$(cd "$dir" && pwd)
mirror=$(apt-get indextargets --format '$(REPO_URI)' |
	sed -n 's|/debian/$|/debian|p' | head -n 1)
[ -n "$mirror" ] || die "apt knows no mirror of Debian"

own_apt()
{
	tool=$1
	shift
	"$tool" -q -o APT::Architecture=amd64 -o APT::Architectures=amd64 \
		-o APT::Sandbox::User=root -o Dir::State="$dir/apt" \
		-o Dir::State::status=/dev/null -o Dir::Cache="$dir/apt" \
		-o Dir::Etc::sourcelist="$dir/apt/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null "$@"
}

# the lists of these suites
lists()
{
	rm -rf "$dir/apt"
	mkdir -p "$dir/apt/lists/partial" "$dir/apt/archives/partial" || exit 1
	for suite; do
		case $suite in
		*-security) from=$mirror-security ;;
		*) from=$mirror ;;
		esac
		echo "deb [arch=amd64 signed-by=$keyring] $from $suite main"
	done >"$dir/apt/sources.list"
	own_apt apt-get update || die "cannot read the lists of $*"
}

# what was downloaded, into a folder
unpack()
{
	mkdir -p "$1"
	for deb in "$dir"/apt/archives/*.deb; do
		dpkg-deb -x "$deb" "$1" || die "cannot unpack $deb"
	done
}

lists $suites
wanted=$(own_apt apt-cache depends --recurse --no-recommends --no-suggests \
	--no-conflicts --no-breaks --no-replaces --no-enhances \
	linux-image-cloud-amd64 linux-headers-cloud-amd64 |
	grep -E '^linux-(base|binary|headers|image|kbuild|modules)-[0-9]' |
	grep -v -e '-unsigned$' | sort -u)
release=$(printf '%s\n' "$wanted" | sed -n 's/^linux-headers-\(.*-amd64\)$/\1/p')
case $release in
"$name".*) ;;
*) die "$suites has no kernel $name but '$release'" ;;
esac
(cd "$dir/apt/archives" && own_apt apt-get download $wanted) ||
	die "cannot download $wanted"
unpack "$dir"

if [ -n "$tools" ]; then
	lists trixie
	own_apt apt-get install -y --download-only --no-install-recommends \
		$tools || die "cannot download $tools"
	unpack "$dir/tools"
	ln -s gawk "$dir/tools/usr/bin/awk"
fi
rm -rf "$dir/apt"

# The headers name one another by where they would be installed.
build=$dir/usr/src/linux-headers-$release
sed -i "s|/usr/src/|$dir/usr/src/|g" "$build/Makefile" || exit 1
[ -d "$dir/lib/modules" ] || ln -s usr/lib "$dir/lib"
ln -s "usr/src/linux-headers-$release" "$dir/build"
depmod -b "$dir" "$release" || die "depmod failed"
echo "$release" >"$dir/complete"
