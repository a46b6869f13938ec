// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Paths to the far ends of tunnels.  See path.h. */

#include "path.h"

#include "csum.h"
#include "hdr.h"

#define PATH_BITS		12		/* of the number of buckets */
#define PATH_BUCKETS		(1u << PATH_BITS)
#define PATH_RETIRED_MAX	1024		/* that wait for a grace period */

/* a way as a path has it */
struct path_way {
	struct cvsw_way	way;
	struct path_way	*next;
};

/**
 * struct cvsw_paths - the paths of a switch
 * @seed:    secret start value of the hash functions
 * @n:       paths there are
 * @retired: paths and ways that readers may have
 * @changed: paths that cvsw_paths_settle() is to look at
 * @paths:   retired, and the next
 * @ways:    likewise
 * @bucket:  paths by hash
 */
struct cvsw_paths {
	u64			seed;
	u32			n;
	u32			retired;
	struct cvsw_path	*changed;
	struct cvsw_path	*paths;
	struct path_way		*ways;
	struct cvsw_path __rcu	*bucket[PATH_BUCKETS];
};

static u64 path_mix(u64 hash, u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return (hash ^ hash >> 32) * 0xd6e8feb86659fd93ull;
}

static u64 path_hash(u64 hash, const u8 *addr)
{
	return path_mix(path_mix(hash, get_unaligned_be64(addr)),
			get_unaligned_be64(addr + 8));
}

static u32 path_bucket(const struct cvsw_paths *paths, u8 family,
		       const u8 *addr)
{
	return (u32)(path_hash(paths->seed ^ family, addr) >> (64 - PATH_BITS));
}

static struct path_way *path_way_of(struct cvsw_way *way)
{
	return container_of(way, struct path_way, way);
}

/* Life */

struct cvsw_paths *cvsw_paths_new(u64 seed)
{
	struct cvsw_paths *paths = kvzalloc(sizeof(*paths), GFP_KERNEL);

	if (paths)
		paths->seed = seed;
	return paths;
}

static void path_free(struct cvsw_path *path)
{
	struct cvsw_way *way = rcu_dereference_protected(path->way, true);
	struct cvsw_path_fit *fit;

	while ((fit = path->fits)) {
		path->fits = fit->next;
		kfree(fit);
	}
	if (way)
		kfree(path_way_of(way));
	kfree(path);
}

static void path_free_retired(struct cvsw_paths *paths)
{
	struct cvsw_path *path;
	struct path_way *way;

	while ((path = paths->paths)) {
		paths->paths = path->changed;
		path_free(path);
	}
	while ((way = paths->ways)) {
		paths->ways = way->next;
		kfree(way);
	}
	paths->retired = 0;
}

void cvsw_paths_reclaim(struct cvsw_paths *paths)
{
	if (!paths->retired)
		return;
	synchronize_rcu();
	path_free_retired(paths);
}

void cvsw_paths_free(struct cvsw_paths *paths)
{
	struct cvsw_path *path, *next;
	u32 i;

	if (!paths)
		return;
	path_free_retired(paths);
	for (i = 0; i < PATH_BUCKETS; i++) {
		path = rcu_dereference_protected(paths->bucket[i], true);
		for (; path; path = next) {
			next = rcu_dereference_protected(path->next, true);
			path_free(path);
		}
	}
	kvfree(paths);
}

struct cvsw_path *cvsw_path_find(const struct cvsw_paths *paths, u8 family,
				 const u8 *addr)
{
	u32 at = path_bucket(paths, family, addr);
	struct cvsw_path *path = rcu_dereference_raw(paths->bucket[at]);

	while (path && (path->family != family ||
			memcmp(path->addr, addr, sizeof(path->addr))))
		path = rcu_dereference_raw(path->next);
	return path;
}

struct cvsw_path *cvsw_paths_next(struct cvsw_paths *paths,
				  const struct cvsw_path *path)
{
	struct cvsw_path *next = NULL;
	u32 i = 0;

	if (path) {
		next = rcu_dereference_protected(path->next, true);
		i = path_bucket(paths, path->family, path->addr) + 1;
	}
	while (!next && i < PATH_BUCKETS)
		next = rcu_dereference_protected(paths->bucket[i++], true);
	return next;
}

static struct cvsw_path *path_new(struct cvsw_paths *paths, u8 family,
				  const u8 *addr)
{
	u32 at = path_bucket(paths, family, addr);
	struct cvsw_path *path = kzalloc(sizeof(*path), GFP_KERNEL);

	if (!path)
		return NULL;
	path->family = family;
	memcpy(path->addr, addr, sizeof(path->addr));
	RCU_INIT_POINTER(path->next, rcu_access_pointer(paths->bucket[at]));
	rcu_assign_pointer(paths->bucket[at], path);
	WRITE_ONCE(paths->n, paths->n + 1);
	return path;
}

/* have cvsw_paths_settle() look at it */
static void path_changed(struct cvsw_paths *paths, struct cvsw_path *path)
{
	if (path->listed)
		return;
	path->listed = true;
	path->changed = paths->changed;
	paths->changed = path;
}

/* what points to the fit of @use, or to NULL where it would be */
static struct cvsw_path_fit **path_fit(struct cvsw_path *path,
				       const struct cvsw_path_use *use)
{
	struct cvsw_path_fit **at = &path->fits;

	while (*at && ((*at)->len != use->len || (*at)->port != use->port))
		at = &(*at)->next;
	return at;
}

static int path_fit_get(struct cvsw_path *path, const struct cvsw_path_use *use)
{
	struct cvsw_path_fit **at = path_fit(path, use);

	if (!*at) {
		*at = kzalloc(sizeof(**at), GFP_KERNEL);
		if (!*at)
			return -ENOMEM;
		(*at)->len = use->len;
		(*at)->port = use->port;
	}
	(*at)->refs++;
	return 0;
}

static void path_fit_put(struct cvsw_path *path,
			 const struct cvsw_path_use *use)
{
	struct cvsw_path_fit **at = path_fit(path, use), *fit = *at;

	if (--fit->refs)
		return;
	*at = fit->next;
	kfree(fit);
}

int cvsw_path_get(struct cvsw_paths *paths, u8 family, const u8 *addr,
		  const struct cvsw_path_use *use, struct cvsw_path **out)
{
	struct cvsw_path *path = cvsw_path_find(paths, family, addr);

	if (!path && paths->n >= CVSW_PATHS_MAX)
		return -ENOSPC;
	if (!path)
		path = path_new(paths, family, addr);
	if (!path)
		return -ENOMEM;
	if (path_fit_get(path, use)) {
		if (!path->refs)
			path_changed(paths, path);
		return -ENOMEM;
	}
	path->refs++;
	*out = path;
	return 0;
}

void cvsw_path_put(struct cvsw_paths *paths, struct cvsw_path *path,
		   const struct cvsw_path_use *use)
{
	path_fit_put(path, use);
	if (!--path->refs)
		path_changed(paths, path);
}

/* the word of path->uses for packets with @word that come from @src and leave by
 * @port; nobody else knows the seed, so that none can be made to look alike */
static u64 path_use(const struct cvsw_paths *paths, const u8 *src, u16 port,
		    u8 proto, __be16 word)
{
	u64 hash = path_hash(paths->seed, src);

	hash = path_mix(hash, (u64)port << 24 | (u64)proto << 16 |
			be16_to_cpu(word));
	return hash | 1;
}

static bool path_has_use(const struct cvsw_path *path, u64 use)
{
	unsigned int i;

	for (i = 0; i < CVSW_PATH_USES; i++)
		if (READ_ONCE(path->uses[i]) == use)
			return true;
	return READ_ONCE(path->crowded);
}

static void path_add_use(struct cvsw_path *path, u64 use)
{
	unsigned int i;

	if (path_has_use(path, use))
		return;
	for (i = 0; i < CVSW_PATH_USES; i++) {
		if (path->uses[i])
			continue;
		WRITE_ONCE(path->uses[i], use);
		return;
	}
	WRITE_ONCE(path->crowded, true);
}

void cvsw_path_hold(struct cvsw_paths *paths, struct cvsw_path *path,
		    const struct cvsw_path_use *use)
{
	(*path_fit(path, use))->refs++;
	path->refs++;
	path_add_use(path, path_use(paths, use->nw_src, use->port, use->proto,
				    use->word));
	if (!use->open)
		return;
	path->open++;
	if (!path->asked)
		path_changed(paths, path);
}

void cvsw_path_drop(struct cvsw_paths *paths, struct cvsw_path *path,
		    const struct cvsw_path_use *use)
{
	if (use->open && !--path->open)
		path_changed(paths, path);
	cvsw_path_put(paths, path, use);
}

/* Ways */

static void path_way_put(struct cvsw_paths *paths, struct cvsw_path *path,
			 struct cvsw_way *way, bool absent)
{
	struct cvsw_way *old = rcu_dereference_protected(path->way, true);

	WRITE_ONCE(path->absent, absent);
	rcu_assign_pointer(path->way, way);
	if (!old)
		return;
	path_way_of(old)->next = paths->ways;
	paths->ways = path_way_of(old);
	paths->retired++;
}

int cvsw_path_way_set(struct cvsw_paths *paths, struct cvsw_path *path,
		      const struct cvsw_way *way, bool absent)
{
	struct path_way *copy = NULL;

	if (way) {
		copy = kmalloc(sizeof(*copy), GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
		copy->way = *way;
	}
	path_way_put(paths, path, copy ? &copy->way : NULL, absent);
	if (paths->retired > PATH_RETIRED_MAX)
		cvsw_paths_reclaim(paths);
	return 0;
}

static void path_unlink(struct cvsw_paths *paths, struct cvsw_path *path)
{
	u32 at = path_bucket(paths, path->family, path->addr);
	struct cvsw_path *next = rcu_dereference_protected(path->next, true);
	struct cvsw_path *prev;

	prev = rcu_dereference_protected(paths->bucket[at], true);
	if (prev == path) {
		rcu_assign_pointer(paths->bucket[at], next);
	} else {
		while (rcu_access_pointer(prev->next) != path)
			prev = rcu_dereference_protected(prev->next, true);
		rcu_assign_pointer(prev->next, next);
	}
	WRITE_ONCE(paths->n, paths->n - 1);
	path->changed = paths->paths;
	paths->paths = path;
	paths->retired++;
}

/* the glue has what it was asked for in mind, or has not */
static void path_ask(struct cvsw_paths *paths, struct cvsw_path *path,
		     const struct cvsw_ops *ops, void *ctx)
{
	path->asked = path->open;
	if (path->asked) {
		if (ops->path_open)
			ops->path_open(ctx, path->family, path->addr);
		return;
	}
	path_way_put(paths, path, NULL, false);
	if (ops->path_close)
		ops->path_close(ctx, path->family, path->addr);
}

void cvsw_paths_settle(struct cvsw_paths *paths, const struct cvsw_ops *ops,
		       void *ctx)
{
	struct cvsw_path *path;

	while ((path = paths->changed)) {
		paths->changed = path->changed;
		path->listed = false;
		if (path->asked != !!path->open)
			path_ask(paths, path, ops, ctx);
		if (!path->refs)
			path_unlink(paths, path);
	}
	if (paths->retired > PATH_RETIRED_MAX)
		cvsw_paths_reclaim(paths);
}

/* Learning the path MTU */

/**
 * struct path_error - what an ICMP error says
 * @mtu:    of the next hop; 0 when it does not say
 * @quote:  offset of the packet that did not fit
 * @end:    end of as much of it as there is
 */
struct path_error {
	u32	mtu;
	u32	quote;
	u32	end;
};

/**
 * struct path_quote - that packet
 * @len:    bytes of it, in full
 * @family: 4 or 6
 * @proto:  CVSW_IPPROTO_*
 * @word:   bytes 2 and 3 of its L4 header
 * @src:    as in struct cvsw_path_use
 * @dst:    as in struct cvsw_path
 */
struct path_quote {
	u32	len;
	u8	family;
	u8	proto;
	__be16	word;
	u8	src[16];
	u8	dst[16];
};

static u32 path_pseudo(const struct cvsw_pkt *pkt, u32 len)
{
	const struct cvsw_ipv6_hdr *ip;

	if (pkt->l4_proto == CVSW_IPPROTO_ICMP)
		return 0;
	ip = cvsw_pkt_header(pkt, pkt->l3, CVSW_IPV6_HLEN);
	return ip ? cvsw_csum_pseudo6(ip->src, ip->dst, pkt->l4_proto, len) : 0;
}

/* is the frame an error about a packet that was too big? */
static bool path_error_read(const struct cvsw_pkt *pkt, struct path_error *error)
{
	bool v4 = pkt->l4_proto == CVSW_IPPROTO_ICMP;
	const struct cvsw_icmp_hdr *icmp;

	if (!pkt->l4 || pkt->frag || cvsw_pkt_is_super(pkt))
		return false;
	error->end = (u32)pkt->l3 + pkt->l3_len;
	error->quote = (u32)pkt->l4 + CVSW_ICMP_HLEN;
	if (error->end > cvsw_pkt_len(pkt) || error->end < error->quote)
		return false;
	icmp = cvsw_pkt_header(pkt, pkt->l4, CVSW_ICMP_HLEN);
	if (!icmp || icmp->type != (v4 ? CVSW_ICMP_UNREACH : CVSW_ICMPV6_TOO_BIG) ||
	    icmp->code != (v4 ? CVSW_ICMP_FRAG_NEEDED : 0))
		return false;
	error->mtu = be32_to_cpu(icmp->rest);
	if (v4)
		error->mtu &= 0xffff;
	return cvsw_csum_good(pkt, path_pseudo(pkt, error->end - pkt->l4),
			      pkt->l4, error->end - pkt->l4);
}

/* the IP header of the quote; offset of what is behind it, 0 when it is not
 * complete, or of a later fragment */
static u32 path_quote4(const struct cvsw_pkt *pkt, u32 off,
		       struct path_quote *quote)
{
	const struct cvsw_ipv4_hdr *ip = cvsw_pkt_header(pkt, off,
							 CVSW_IPV4_HLEN);

	if (!ip || ip->ver_ihl >> 4 != 4 || (ip->ver_ihl & 0xf) < 5 ||
	    ip->frag_off & cpu_to_be16(CVSW_IPV4_OFFSET))
		return 0;
	quote->family = 4;
	quote->len = be16_to_cpu(ip->tot_len);
	quote->proto = ip->proto;
	memcpy(quote->src, ip->src, sizeof(ip->src));
	memcpy(quote->dst, ip->dst, sizeof(ip->dst));
	return off + (ip->ver_ihl & 0xfu) * 4;
}

static u32 path_quote6(const struct cvsw_pkt *pkt, u32 off,
		       struct path_quote *quote)
{
	const struct cvsw_ipv6_hdr *ip = cvsw_pkt_header(pkt, off,
							 CVSW_IPV6_HLEN);

	if (!ip || be32_to_cpu(ip->ver_tc_flow) >> 28 != 6)
		return 0;
	quote->family = 6;
	quote->len = CVSW_IPV6_HLEN + be16_to_cpu(ip->payload_len);
	quote->proto = ip->nexthdr;
	memcpy(quote->src, ip->src, sizeof(ip->src));
	memcpy(quote->dst, ip->dst, sizeof(ip->dst));
	return off + CVSW_IPV6_HLEN;
}

static bool path_quote_read(const struct cvsw_pkt *pkt,
			    const struct path_error *error,
			    struct path_quote *quote)
{
	const u8 *l4;
	u32 off;

	memset(quote, 0, sizeof(*quote));
	if (pkt->l4_proto == CVSW_IPPROTO_ICMP)
		off = path_quote4(pkt, error->quote, quote);
	else
		off = path_quote6(pkt, error->quote, quote);
	if (!off || off + sizeof(u32) > error->end)
		return false;
	l4 = cvsw_pkt_header(pkt, off, sizeof(u32));
	if (!l4)
		return false;
	memcpy(&quote->word, l4 + 2, sizeof(quote->word));
	return true;
}

/* is there a push with this source, whose packets leave by @port? */
static bool path_used(const struct cvsw_paths *paths,
		      const struct cvsw_path *path,
		      const struct path_quote *quote, const u8 *src, u16 port)
{
	return path_has_use(path, path_use(paths, src, port, quote->proto,
					   quote->word));
}

/* can a flow have sent the quoted packet, and its error have come in here? */
static bool path_sends(const struct cvsw_paths *paths,
		       const struct cvsw_path *path,
		       const struct path_quote *quote, u16 in_port)
{
	const struct cvsw_way *way = rcu_dereference(path->way);
	bool here = !way || !way->port || way->port == in_port;
	static const u8 none[16];

	if (path_used(paths, path, quote, quote->src, in_port) ||
	    (here && path_used(paths, path, quote, quote->src, 0)))
		return true;
	if (!way || memcmp(way->nw_src, quote->src, sizeof(quote->src)))
		return false;
	return path_used(paths, path, quote, none, in_port) ||
	       (here && path_used(paths, path, quote, none, 0));
}

/* RFC 1191, 7.1: what a router that does not say its MTU may have */
static u32 path_plateau(u32 len)
{
	static const u16 plateaus[] = {
		32000, 17914, 8166, 4352, 2002, 1492, 1006,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(plateaus); i++)
		if (plateaus[i] < len)
			return plateaus[i];
	return CVSW_PMTU_MIN4;
}

static void path_lower(struct cvsw_path *path, u32 mtu, u64 now)
{
	u32 old = cvsw_path_pmtu(path, now);

	mtu = max_t(u32, mtu, path->family == 4 ? CVSW_PMTU_MIN4 :
						  CVSW_PMTU_MIN6);
	if (old && old < mtu)
		return;
	WRITE_ONCE(path->pmtu, mtu);
	WRITE_ONCE(path->pmtu_until, now + CVSW_PMTU_NS);
}

void cvsw_path_learn(const struct cvsw_paths *paths, const struct cvsw_pkt *pkt,
		     u64 now)
{
	struct path_error error;
	struct path_quote quote;
	struct cvsw_path *path;

	if (!READ_ONCE(paths->n) || !path_error_read(pkt, &error) ||
	    !path_quote_read(pkt, &error, &quote))
		return;
	if (!error.mtu && quote.family == 4)
		error.mtu = path_plateau(quote.len);
	if (error.mtu >= quote.len)
		return;
	path = cvsw_path_find(paths, quote.family, quote.dst);
	if (path && path_sends(paths, path, &quote, pkt->in_port))
		path_lower(path, error.mtu, now);
}
