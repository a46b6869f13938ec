// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

#include "legacy.h"

#include "hdr.h"
#include "tunnel.h"

/* a SET_; a STRIP_ is its first 8 bytes, all but type and length padding */
struct legacy_act {
	__be16	type;
	__be16	len;
	__u8	dl_dst[CVSW_ETH_ALEN];
	__u8	dl_src[CVSW_ETH_ALEN];
	__u8	nw_dst[16];
	__u8	nw_src[16];
	__u8	id[8];		/* of STT all of it, else the last 4 */
	__u8	pad[8];
} CVSW_HDR;
static_assert(sizeof(struct legacy_act) == CVSW_LEGACY_SET_LEN, "legacy_act");

#define LEGACY_HEAD	4	/* type and length */

/* by half of the offset from CVSW_LEGACY_FIRST */
static const u8 legacy_kinds[] = {
	CVSW_TUNNEL_VXLAN, CVSW_TUNNEL_NVGRE, CVSW_TUNNEL_STT,
	CVSW_TUNNEL_GENEVE,
};

static int legacy_error(struct cvsw_error *err, const char *text, int code)
{
	if (err)
		*err = (struct cvsw_error){ .text = text, .index = -1, .sub = -1 };
	return code;
}

/* 4 or 6; 0 when one address is of IPv4 and the other one of IPv6 */
static u8 legacy_family(const struct legacy_act *set)
{
	bool dst6 = !cvsw_is_zero(set->nw_dst + 4, 12);
	bool src6 = !cvsw_is_zero(set->nw_src + 4, 12);

	if (!dst6 && !src6)
		return 4;
	if ((!dst6 && !cvsw_is_zero(set->nw_dst, 4)) ||
	    (!src6 && !cvsw_is_zero(set->nw_src, 4)))
		return 0;
	return 6;
}

static int legacy_parse_set(const struct legacy_act *set, u8 kind,
			    struct cvsw_tunnel *tun, struct cvsw_error *err)
{
	u64 id = get_unaligned_be64(set->id);
	u8 family = legacy_family(set);

	if (id > cvsw_tunnel_type_get(kind)->id_max)
		return legacy_error(err, "2014 action: id too large", -EINVAL);
	if (!family)
		return legacy_error(err, "2014 action: addresses of different IP versions",
				    -EINVAL);
	if (cvsw_is_zero(set->nw_dst, sizeof(set->nw_dst)))
		return legacy_error(err, "2014 action: no destination address",
				    -EINVAL);
	tun->id = cpu_to_be64(id);
	tun->family = family;
	memcpy(tun->dl_dst, set->dl_dst, sizeof(tun->dl_dst));
	memcpy(tun->dl_src, set->dl_src, sizeof(tun->dl_src));
	memcpy(tun->nw_dst, set->nw_dst, sizeof(tun->nw_dst));
	memcpy(tun->nw_src, set->nw_src, sizeof(tun->nw_src));
	return 0;
}

/* type and length; bytes of the action, and in *@kind and *@set what it is */
static int legacy_parse_head(const struct legacy_act *head, u8 *kind, bool *set,
			     struct cvsw_error *err)
{
	u32 nr = (u32)be16_to_cpu(head->type) - CVSW_LEGACY_FIRST;
	int need;

	if (nr > CVSW_LEGACY_LAST - CVSW_LEGACY_FIRST)
		return legacy_error(err, "2014 action: unknown type", -EINVAL);
	if (nr / 2 >= ARRAY_SIZE(legacy_kinds))
		return legacy_error(err, "2014 action: VXLAN over SCLP is not supported",
				    -EOPNOTSUPP);
	*kind = legacy_kinds[nr / 2];
	*set = nr % 2 == 0;
	need = *set ? CVSW_LEGACY_SET_LEN : CVSW_LEGACY_STRIP_LEN;
	if (be16_to_cpu(head->len) != need)
		return legacy_error(err, "2014 action: length is not that of its type",
				    -EINVAL);
	return need;
}

int cvsw_legacy_action_parse(const void *body, u32 len,
			     struct cvsw_action *out, struct cvsw_error *err)
{
	struct cvsw_action act = { .type = CVSW_ACT_POP };
	struct legacy_act wire;
	int need, ret;
	bool set;

	if (len < LEGACY_HEAD)
		return legacy_error(err, "2014 action: truncated", -EINVAL);
	memcpy(&wire, body, LEGACY_HEAD);
	need = legacy_parse_head(&wire, &act.tunnel.kind, &set, err);
	if (need < 0)
		return need;
	if (len < (u32)need)
		return legacy_error(err, "2014 action: truncated", -EINVAL);
	if (set) {
		memcpy(&wire, body, sizeof(wire));
		act.type = CVSW_ACT_PUSH;
		ret = legacy_parse_set(&wire, act.tunnel.kind, &act.tunnel,
				       err);
		if (ret)
			return ret;
	}
	*out = act;
	return need;
}

/* the type of SET_ for @kind, 0 when there is none */
static u16 legacy_type(u8 kind)
{
	u16 i;

	for (i = 0; i < ARRAY_SIZE(legacy_kinds); i++)
		if (legacy_kinds[i] == kind)
			return (u16)(CVSW_LEGACY_FIRST + 2 * i);
	return 0;
}

static void legacy_put_set(const struct cvsw_tunnel *tun,
			   struct legacy_act *set)
{
	put_unaligned_be64(be64_to_cpu(tun->id), set->id);
	memcpy(set->dl_dst, tun->dl_dst, sizeof(set->dl_dst));
	memcpy(set->dl_src, tun->dl_src, sizeof(set->dl_src));
	memcpy(set->nw_dst, tun->nw_dst, sizeof(set->nw_dst));
	memcpy(set->nw_src, tun->nw_src, sizeof(set->nw_src));
}

/* what would not be read as @act is not written */
int cvsw_legacy_action_put(const struct cvsw_action *act, void *body, u32 len)
{
	bool set = act->type == CVSW_ACT_PUSH;
	u32 need = set ? CVSW_LEGACY_SET_LEN : CVSW_LEGACY_STRIP_LEN;
	struct legacy_act wire = { .len = cpu_to_be16((u16)need) };
	struct cvsw_action back;
	u16 type;

	if (!set && act->type != CVSW_ACT_POP)
		return -EOPNOTSUPP;
	type = legacy_type(act->tunnel.kind);
	if (!type)
		return -EOPNOTSUPP;
	wire.type = cpu_to_be16((u16)(set ? type : type + 1));
	if (set)
		legacy_put_set(&act->tunnel, &wire);
	if (cvsw_legacy_action_parse(&wire, need, &back, NULL) < 0 ||
	    memcmp(&back.tunnel, &act->tunnel, sizeof(back.tunnel)))
		return -EOPNOTSUPP;
	if (need > len)
		return -EMSGSIZE;
	memcpy(body, &wire, need);
	return (int)need;
}
