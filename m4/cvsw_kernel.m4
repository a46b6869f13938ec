# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# CVSW_KERNEL: --with-kernel=DIR, the build folder of a configured kernel.
# Sets KERNEL_DIR, kernel_release for the summary and the conditional KERNEL.
# The module hooks into netdev egress, so the kernel must have that.

AC_DEFUN([CVSW_KERNEL], [
AC_ARG_WITH([kernel],
	[AS_HELP_STRING([--with-kernel=DIR],
		[also compile what is shared with the kernel against the one built in DIR])],
	[], [with_kernel=no])
kernel_release=no
KERNEL_DIR=
AS_IF([test "x$with_kernel" != xno], [
	AC_MSG_CHECKING([for the kernel built in $with_kernel])
	AS_IF([test -r "$with_kernel/include/config/kernel.release" &&
	       test -r "$with_kernel/include/config/auto.conf"],
		[KERNEL_DIR=$with_kernel
		 kernel_release=`cat "$with_kernel/include/config/kernel.release"`
		 AC_MSG_RESULT([$kernel_release])],
		[AC_MSG_RESULT([none])
		 AC_MSG_ERROR([--with-kernel wants the build folder of a kernel, as in /lib/modules/VERSION/build])])
	AC_MSG_CHECKING([whether it has CONFIG_NETFILTER_EGRESS])
	AS_IF([grep -q '^CONFIG_NETFILTER_EGRESS=y' "$KERNEL_DIR/include/config/auto.conf"],
		[AC_MSG_RESULT([yes])],
		[AC_MSG_RESULT([no])
		 AC_MSG_ERROR([$kernel_release lacks CONFIG_NETFILTER_EGRESS (5.16 and later)])])
])
AC_SUBST([KERNEL_DIR])
AM_CONDITIONAL([KERNEL], [test -n "$KERNEL_DIR"])
])
