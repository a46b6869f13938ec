/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_TEST_PATH_UTIL_H
#define CVSW_TEST_PATH_UTIL_H

/* Pushes by IP address alone, and what a switch knows of the ways to them. */

#include "rig.h"

/* what of a push is left to the way */
#define PATH_OPEN_DL_SRC	0x1
#define PATH_OPEN_DL_DST	0x2
#define PATH_OPEN_NW_SRC	0x4
#define PATH_OPEN_ALL		0x7

/* a push of VXLAN to the far end 10.9.0.@last or fd09::@last */
static inline struct cvsw_action path_push(u8 family, u8 last, unsigned int open)
{
	struct cvsw_action act = {
		.type = CVSW_ACT_PUSH,
		.tunnel = {
			.kind = CVSW_TUNNEL_VXLAN, .family = family,
			.id = cpu_to_be64(77),
		},
	};
	struct cvsw_tunnel *tun = &act.tunnel;

	if (family == 4) {
		memcpy(tun->nw_dst, (u8[]){ 10, 9, 0, last }, 4);
	} else {
		memcpy(tun->nw_dst, (u8[]){ 0xfd, 9 }, 2);
		tun->nw_dst[15] = last;
	}
	if (!(open & PATH_OPEN_NW_SRC)) {
		memcpy(tun->nw_src, tun->nw_dst, sizeof(tun->nw_src));
		tun->nw_src[family == 4 ? 3 : 15] = 100;
	}
	if (!(open & PATH_OPEN_DL_SRC))
		memcpy(tun->dl_src, (u8[]){ 2, 0, 0, 0, 9, 1 }, 6);
	if (!(open & PATH_OPEN_DL_DST))
		memcpy(tun->dl_dst, (u8[]){ 2, 0, 0, 0, 9, 2 }, 6);
	return act;
}

/* a way by @port: source 10.9.0.200 or fd09::c8, MACs 02:00:00:00:08:@port and
 * 02:00:00:00:07:@port */
static inline struct cvsw_way path_way(u8 family, u16 port)
{
	struct cvsw_way way = {
		.dl_src = { 2, 0, 0, 0, 8, (u8)port },
		.dl_dst = { 2, 0, 0, 0, 7, (u8)port },
		.port = port,
	};

	if (family == 4)
		memcpy(way.nw_src, (u8[]){ 10, 9, 0, 200 }, 4);
	else
		memcpy(way.nw_src, (u8[]){ 0xfd, 9 }, 2);
	if (family == 6)
		way.nw_src[15] = 200;
	return way;
}

static inline int path_set(struct rig *rig, u8 family, u8 last,
			   const struct cvsw_way *way)
{
	const struct cvsw_action act = path_push(family, last, 0);

	return cvsw_path_set(rig->sw, family, act.tunnel.nw_dst, way);
}

struct path_look {
	u8			family;
	u8			last;
	unsigned int		n;
	struct cvsw_path_info	info;
};

static inline int path_look_at(void *arg, const struct cvsw_path_info *info)
{
	struct path_look *look = arg;

	look->n++;
	if (info->family == look->family &&
	    info->addr[info->family == 4 ? 3 : 15] == look->last)
		look->info = *info;
	return 0;
}

/* the path to that far end, all 0 when there is none */
static inline struct cvsw_path_info path_info(struct rig *rig, u8 family,
					      u8 last)
{
	struct path_look look = { .family = family, .last = last };

	cvsw_paths_walk(rig->sw, rig->now, path_look_at, &look);
	return look.info;
}

/* how many paths there are */
static inline unsigned int path_count(struct rig *rig)
{
	struct path_look look = { .n = 0 };

	cvsw_paths_walk(rig->sw, rig->now, path_look_at, &look);
	return look.n;
}

/* flows that were removed are freed in two steps */
static inline void path_expire(struct rig *rig)
{
	cvsw_switch_expire(rig->sw, rig->now);
	cvsw_switch_expire(rig->sw, rig->now);
}

#endif /* CVSW_TEST_PATH_UTIL_H */
