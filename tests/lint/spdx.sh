#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Every source file names its licence in its first lines (a script's and a man
# page's may come second) and has the one copyright line; every licence named
# is in LICENSES/.

cd "${srcdir:-.}" || exit 1
bad=0

for file in $(find include kmod libcvsw tests tools .ci GNUmakefile \
	Makefile.am configure.ac -type f \( -name '*.[ch1-8]' -o -name '*.sh' \
	-o -name '*.tap' -o -name '*.py' -o -name '*.mk' -o -name '*.map' \
	-o -name Kbuild -o -name deps -o -name run -o -name GNUmakefile \
	-o -name Makefile.am -o -name configure.ac \)); do
	head=$(head -n 4 "$file")
	case $head in
	*"SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause"*) ;;
	*"SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR BSD-2-Clause"*) ;;
	*) echo "$file: no SPDX line"; bad=1 ;;
	esac
	case $head in
	*"Copyright (C) 2026 The CVSW authors"*) ;;
	*) echo "$file: no copyright line"; bad=1 ;;
	esac
done

for licence in GPL-2.0-only BSD-2-Clause Linux-syscall-note; do
	[ -s LICENSES/$licence.txt ] || { echo "LICENSES/$licence.txt"; bad=1; }
done
exit $bad
