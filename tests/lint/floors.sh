#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Copyright (C) 2026 The CVSW authors
#
# Who may include whom.  A core file includes headers of lower floors and its
# own; the way out is to move the function, not to widen the table.

cd "${srcdir:-.}" || exit 1

# floor, file.  Files of one noun (cls.c, cls_sub.c) share a floor and see each
# other.
floors='
0 drop
0 hdr
0 hmac
0 speed
1 pkt_ops
2 csum
2 key
2 match
3 cls
3 cls_dim
3 cls_mask
3 cls_plan
3 cls_sub
3 cls_view
3 fdb
3 ip
3 opts
3 path
3 reasm
3 stamp
4 icmp
4 mss
4 table
4 table_impl
4 table_ops
4 table_walk
4 tunnel
4 tunnel_push
5 action
5 action_apply
5 antispoof
5 fcache
5 geneve
5 nvgre
5 stt
5 vxlan
6 legacy
6 switch_priv
6 undo
7 flow
7 flow_opts
7 input
7 input_out
7 input_push
7 input_way
7 port
7 port_inband
7 queue
7 switch
7 switch_path
7 wait
8 nl_bundle
8 nl_codec
8 nl_field
8 nl_dump
8 nl_policy
8 nl_port
8 nl_queue
8 nl_request
8 nl_state
9 of10
9 of10_2014
9 of10_action
9 of10_action_put
9 of10_flow
9 of10_match
9 of10_match_put
9 of10_msg
9 of10_nx
9 of10_nxm
9 of10_stats
10 inband
10 inband_in
10 inband_v2
11 inband_chan
11 inband_frame
11 inband_peer
11 inband_vnic
12 inband_v3
'

# grep: file:line:#include <x> or "x"; awk judges each by the part it is in.
grep -rnE '^[[:space:]]*#[[:space:]]*include' --include='*.[ch]' \
	include kmod libcvsw tools |
awk -F: -v floors="$floors" '
function die(why)
{
	printf "%s:%s: %s: %s\n", $1, $2, what, why
	bad = 1
}

# the floor of a core header or source, or -1
function floor_of(name)
{
	sub(/\.[ch]$/, "", name)
	return name in floor ? floor[name] : -1
}

function noun(name)
{
	sub(/[_.].*/, "", name)
	return name
}

function core(file,	mine, theirs, own)
{
	mine = floor_of(file)
	if (mine < 0) {
		die("this file has no floor in tests/lint/floors.sh")
		return
	}
	own = file
	sub(/\.[ch]$/, ".h", own)
	if (what == "<linux/types.h>" || what ~ /^<cvsw\/(drop|flow|switch)\.h>$/)
		return
	if (mine == 8 && (what == "<cvsw/nl.h>" || what == "\"nla.h\""))
		return
	if (mine == 9 && what == "<cvsw/openflow.h>" ||
	    mine >= 10 && what == "<cvsw/inband.h>")
		return
	if (what == "\"os.h\"" || what == "\"" own "\"" ||
	    what == "\"pkt_os.h\"" && file == "pkt_ops.h")
		return
	if (what ~ /^</) {
		die("the core includes no system headers")
		return
	}
	gsub(/"/, "", what)
	theirs = floor_of(what)
	if (theirs < 0)
		die("not a header of the core")
	else if (theirs == mine && noun(what) == noun(file))
		return
	else if (theirs >= mine)
		die("floor " theirs " is not below floor " mine)
	else if (mine == 8 && theirs > 1)
		die("a codec sees the switch and frames, nothing between")
}

BEGIN {
	n = split(floors, f, "\n")
	for (i = 1; i <= n; i++)
		if (split(f[i], w, " ") == 2)
			floor[w[2]] = w[1]
	hosted = "^<(std(arg|bool|def|int|io)|sys/(types|socket|uio))\\.h>$"
	# public headers that only userspace has
	user = "^include/cvsw/(ctl|cvsw|pkt|text)\\.h$"
}

{
	what = $0
	sub(/^[^#]*#[[:space:]]*include[[:space:]]*/, "", what)
	match(what, /^(<[^>]*>|"[^"]*")/)
	what = substr(what, 1, RLENGTH)
	split($1, part, "/")
}

part[1] == "include" {
	if (what !~ /^<cvsw\// && what != "<linux/types.h>" &&
	    !($1 ~ user && what ~ hosted))
		die("public headers include <linux/types.h> and each other")
	if ($1 !~ user && what ~ /^<cvsw\/(ctl|cvsw|pkt|text)\.h>$/)
		die("this header also compiles in the kernel")
}

part[1] == "libcvsw" && part[2] != "user" { core(part[2]) }
part[1] == "libcvsw" && part[2] == "user" && what ~ /kmod/ { die("userspace") }

# kmod/core.c and kmod/control.c list what runs in ring 0
part[1] == "kmod" && what ~ /user\// { die("ring 0 has its own bodies") }
part[1] == "kmod" && $1 !~ /^kmod\/(core|control)\.c$/ && what ~ /\.c"$/ { die("sources") }

# cvswd is on the way of every frame: it also reads headers
# and speaks the packet vocabulary
part[1] == "tools" && what ~ /^"/ {
	if (part[2] == "cvswd" && what ~ /^"(hdr|os|pkt_ops|speed)\.h"$/)
		next
	# cvsw-ofd speaks OpenFlow with the codec of the core
	if (part[2] == "ofd" && what ~ /^"(of10|os)\.h"$/)
		next
	# and what both share is written as they are
	if (part[2] == "settings.h" && what == "\"os.h\"")
		next
	gsub(/"/, "", what)
	if (what ~ /\// || what == "os.h" ||
	    floor_of(what) >= 0 && what !~ /^(inband|port|queue)\.h$/)
		die("tools see <cvsw/*.h> and their own headers")
}

END { exit bad }
'
