#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# debug.sh DIR: compile a kernel that looks for mistakes (KASAN, lockdep,
# kmemleak, sleeps where none may be, failing allocations) from Debian's source
# of 6.1 into DIR, laid out as fetch.sh does it.  That takes 26 minutes of CPU
# and 1.5 GB meanwhile, and is done once: it does nothing when DIR is complete,
# and compiles there what has changed when other options are wanted.  Nothing is
# installed.  Needs apt, bc, bison, flex, gcc, libelf-dev, depmod.

dir=$1
PATH=$PATH:/usr/sbin:/sbin

die()
{
	echo "debug.sh: $*" >&2
	exit 1
}

# What a guest of tests/guest/run needs, and what its scripts use
options='
	64BIT SMP MODULES MODULE_UNLOAD PRINTK PRINTK_TIME BUG KALLSYMS FUTEX
	EPOLL SIGNALFD TIMERFD EVENTFD SHMEM AIO POSIX_TIMERS MULTIUSER
	BPF_SYSCALL HIGH_RES_TIMERS PREEMPT JUMP_LABEL NAMESPACES NET_NS
	USER_NS PID_NS BLK_DEV_INITRD RD_GZIP RD_XZ BINFMT_ELF BINFMT_SCRIPT TTY
	UNIX98_PTYS SERIAL_8250 SERIAL_8250_CONSOLE PROC_FS PROC_SYSCTL SYSFS
	TMPFS DEVTMPFS DEBUG_FS ADVISE_SYSCALLS MEMBARRIER
	ACPI HOTPLUG_PCI HOTPLUG_PCI_ACPI HOTPLUG_PCI_PCIE PCI PCI_MSI
	PCIEPORTBUS HYPERVISOR_GUEST PARAVIRT SLUB CC_OPTIMIZE_FOR_PERFORMANCE
	VIRTIO_MENU VIRTIO_PCI NET PACKET UNIX INET IPV6 NETDEVICES NET_CORE
	NETFILTER NETFILTER_ADVANCED NETFILTER_INGRESS NETFILTER_EGRESS
	NET_SCHED NET_CLS NET_CLS_ACT NET_SCH_INGRESS NET_CLS_MATCHALL
	NET_ACT_MIRRED XDP_SOCKETS CRYPTO CRYPTO_HMAC CRYPTO_SHA256'
modules='
	VIRTIO_NET VXLAN GENEVE TUN VETH BRIDGE VLAN_8021Q DUMMY BONDING
	NET_IPGRE_DEMUX NET_IPGRE IPV6_GRE'
debug='
	DEBUG_KERNEL DEBUG_INFO_NONE KASAN KASAN_GENERIC KASAN_INLINE
	KASAN_VMALLOC SLUB_DEBUG PROVE_LOCKING PROVE_RCU DEBUG_ATOMIC_SLEEP
	DEBUG_LIST DEBUG_OBJECTS DEBUG_OBJECTS_FREE DEBUG_OBJECTS_TIMERS
	DEBUG_OBJECTS_WORK DEBUG_OBJECTS_RCU_HEAD DEBUG_KMEMLEAK DEBUG_NET
	NET_DEV_REFCNT_TRACKER UBSAN UBSAN_BOUNDS UBSAN_SHIFT FAULT_INJECTION
	FAILSLAB FAIL_PAGE_ALLOC FAULT_INJECTION_DEBUG_FS
	UNWINDER_FRAME_POINTER FORTIFY_SOURCE'
fragment()
{
	printf 'CONFIG_%s=y\n' $options $debug
	printf 'CONFIG_%s=m\n' $modules
	echo CONFIG_SERIAL_8250_NR_UARTS=4
	echo CONFIG_SERIAL_8250_RUNTIME_UARTS=4
	echo CONFIG_DEBUG_KMEMLEAK_MEM_POOL_SIZE=32000
	echo '# CONFIG_DEBUG_KMEMLEAK_AUTO_SCAN is not set'
	echo 'CONFIG_LOCALVERSION="-cvsw-debug"'
}

[ -n "$dir" ] || die "no folder given"
[ -e "$dir/complete" ] && fragment | cmp -s - "$dir/fragment" && exit 0
for needed in apt-get bc bison depmod dpkg-deb flex gcc make xz; do
	command -v $needed >/dev/null || die "needs $needed"
done

if [ ! -e "$dir/complete" ]; then
	rm -rf "$dir"
	mkdir -p "$dir/source" "$dir/build" || exit 1
	(cd "$dir" && apt-get -q download linux-source-6.1) ||
		die "cannot download linux-source-6.1"
	dpkg-deb --fsys-tarfile "$dir"/linux-source-*.deb |
		tar -xO --wildcards './usr/src/linux-source-*.tar.xz' |
		tar -xJ -C "$dir/source" --strip-components 1 ||
		die "cannot unpack the source"
	rm "$dir"/linux-source-*.deb
fi
dir=$(cd "$dir" && pwd)
rm -f "$dir/complete"
fragment >"$dir/fragment"

build()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
		make -s -C "$dir/source" O="$dir/build" -j"$(nproc)" "$@"
}

build tinyconfig &&
(cd "$dir/build" && "$dir/source/scripts/kconfig/merge_config.sh" -m -O . \
	.config "$dir/fragment" >"$dir/merge.log") &&
build olddefconfig || die "cannot configure"
for option in $options $debug; do
	grep -qx "CONFIG_$option=y" "$dir/build/.config" ||
		die "this kernel has no CONFIG_$option"
done
build bzImage modules >"$dir/make.log" 2>&1 ||
	die "cannot compile, see $dir/make.log"
build modules_install INSTALL_MOD_PATH="$dir" >>"$dir/make.log" 2>&1 ||
	die "cannot install its modules, see $dir/make.log"
release=$(cat "$dir/build/include/config/kernel.release")
cp "$dir/build/arch/x86/boot/bzImage" "$dir/lib/modules/$release/vmlinuz" ||
	exit 1
depmod -b "$dir" "$release" || die "depmod failed"
echo "$release" >"$dir/complete"
