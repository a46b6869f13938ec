// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Structs to attributes and back.  The attributes of single fields are
 * compared with bytes written down here; the rest is a round trip of random
 * values, every one of which must come back or be refused by the getter.
 */

#include "util.h"
#include "nl_codec.h"
#include "nl_msg.h"

#define RANDOM_RUNS	3000

struct message {
	u8		buf[16384] __attribute__((aligned(8)));
	struct sk_buff	skb;
};

static void begin(struct message *m)
{
	memset(m->buf, 0xa5, sizeof(m->buf));
	assert_int_equal(cvsw_nl_msg_begin(&m->skb, m->buf, sizeof(m->buf), 0,
					   0, 1), 0);
}

/* the first attribute */
static const struct nlattr *first(const struct message *m)
{
	int len;

	return cvsw_nl_msg_attrs(m->skb.nlh, &len);
}

static u64 random64(u64 *seed)
{
	return (u64)test_rand(seed) << 32 | test_rand(seed);
}

static void random_bytes(u64 *seed, void *to, size_t n)
{
	u8 *byte = to;

	while (n--)
		*byte++ = (u8)test_rand(seed);
}

/* Keys and matches, against bytes */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HOST16(v)	(u8)(v), (u8)((v) >> 8)
#else
#define HOST16(v)	(u8)((v) >> 8), (u8)(v)
#endif

static void test_match_bytes(void **state)
{
	static const struct {
		size_t	at;	/* in struct cvsw_key */
		u8	len;
		u8	attr;
	} cases[] = {
		{ offsetof(struct cvsw_key, in_port), 2, CVSW_KEY_A_IN_PORT },
		{ offsetof(struct cvsw_key, vlan_tci), 2, CVSW_KEY_A_VLAN_TCI },
		{ offsetof(struct cvsw_key, dl_type), 2, CVSW_KEY_A_DL_TYPE },
		{ offsetof(struct cvsw_key, nw_proto), 1, CVSW_KEY_A_NW_PROTO },
		{ offsetof(struct cvsw_key, nw_tos), 1, CVSW_KEY_A_NW_TOS },
		{ offsetof(struct cvsw_key, dl_dst), 6, CVSW_KEY_A_DL_DST },
		{ offsetof(struct cvsw_key, dl_src), 6, CVSW_KEY_A_DL_SRC },
		{ offsetof(struct cvsw_key, tp_src), 2, CVSW_KEY_A_TP_SRC },
		{ offsetof(struct cvsw_key, tp_dst), 2, CVSW_KEY_A_TP_DST },
		{ offsetof(struct cvsw_key, nw_src), 16, CVSW_KEY_A_NW_SRC },
		{ offsetof(struct cvsw_key, nw_dst), 16, CVSW_KEY_A_NW_DST },
		{ offsetof(struct cvsw_key, tun_id), 8, CVSW_KEY_A_TUN_ID },
	};
	struct cvsw_match match, back;
	const struct nlattr *key, *mask, *field;
	struct message m;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&match, 0, sizeof(match));
		memset((u8 *)&match.value + cases[i].at, 0x40, cases[i].len);
		memset((u8 *)&match.mask + cases[i].at, 0xff, cases[i].len);
		begin(&m);
		assert_int_equal(cvsw_nl_put_match(&m.skb, 1, 2, &match), 0);
		key = first(&m);
		/* one nest of one attribute: exact, so no mask */
		assert_int_equal(key->nla_type, 1 | NLA_F_NESTED);
		assert_int_equal(m.skb.nlh->nlmsg_len,
				 20 + 4 + 4 + NLA_ALIGN(cases[i].len));
		field = nla_data(key);
		assert_int_equal(field->nla_type, cases[i].attr);
		assert_int_equal(field->nla_len, 4 + cases[i].len);
		assert_memory_equal(nla_data(field),
				    (u8 *)&match.value + cases[i].at,
				    cases[i].len);
		assert_int_equal(cvsw_nl_get_match(key, NULL, &back, NULL), 0);
		assert_memory_equal(&match, &back, sizeof(match));

		/* a mask of which a bit is missing is said */
		*((u8 *)&match.mask + cases[i].at) = 0xfe;
		begin(&m);
		assert_int_equal(cvsw_nl_put_match(&m.skb, 1, 2, &match), 0);
		key = first(&m);
		mask = (const void *)((const u8 *)key + key->nla_len);
		assert_int_equal(mask->nla_type, 2 | NLA_F_NESTED);
		assert_int_equal(cvsw_nl_get_match(key, mask, &back, NULL), 0);
		assert_memory_equal(&match, &back, sizeof(match));
	}
	/* all frames: nothing to say */
	memset(&match, 0, sizeof(match));
	begin(&m);
	assert_int_equal(cvsw_nl_put_match(&m.skb, 1, 2, &match), 0);
	assert_int_equal(m.skb.nlh->nlmsg_len, 20);
	assert_int_equal(cvsw_nl_get_match(NULL, NULL, &back, NULL), 0);
	assert_memory_equal(&match, &back, sizeof(match));
}

static void test_action_bytes(void **state)
{
	static const struct {
		struct cvsw_action	action;
		u8			bytes[24];
		u8			len;
	} cases[] = {
		{ { .type = CVSW_ACT_OUTPUT, .output = { .port = 0x1234 } },
		  { HOST16(12), HOST16(1 | NLA_F_NESTED),
		    HOST16(6), HOST16(1), HOST16(0x1234) }, 12 },
		{ { .type = CVSW_ACT_OUTPUT,
		    .output = { .port = 0xfffd, .max_len = 99 } },
		  { HOST16(20), HOST16(1 | NLA_F_NESTED),
		    HOST16(6), HOST16(1), HOST16(0xfffd), 0, 0,
		    HOST16(6), HOST16(2), HOST16(99) }, 20 },
		{ { .type = CVSW_ACT_SET_VLAN_VID, .vlan = 100 },
		  { HOST16(6), HOST16(2), HOST16(100) }, 8 },
		{ { .type = CVSW_ACT_STRIP_VLAN },
		  { HOST16(4), HOST16(4) }, 4 },
		{ { .type = CVSW_ACT_SET_DL_SRC, .mac = { 1, 2, 3, 4, 5, 6 } },
		  { HOST16(10), HOST16(5), 1, 2, 3, 4, 5, 6 }, 12 },
		{ { .type = CVSW_ACT_SET_NW_DST, .nw = { 10, 0, 0, 9 } },
		  { HOST16(8), HOST16(8), 10, 0, 0, 9 }, 8 },
		{ { .type = CVSW_ACT_SET_NW_TOS, .tos = 0xb8 },
		  { HOST16(5), HOST16(9), 0xb8 }, 8 },
		{ { .type = CVSW_ACT_SET_IPV6_SRC, .nw = { 0xfd, [15] = 1 } },
		  { HOST16(20), HOST16(13), 0xfd, [19] = 1 }, 20 },
		{ { .type = CVSW_ACT_RESUBMIT, .output = { .port = 3 } },
		  { HOST16(6), HOST16(15), HOST16(3) }, 8 },
		{ { .type = CVSW_ACT_POP, .tunnel = { .kind = 1 } },
		  { HOST16(5), HOST16(17), 1 }, 8 },
	};
	struct cvsw_action back;
	const struct nlattr *nest;
	struct message m;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		begin(&m);
		assert_int_equal(cvsw_nl_put_actions(&m.skb, 3,
						     &cases[i].action, 1), 0);
		nest = first(&m);
		assert_int_equal(nla_len(nest), cases[i].len);
		assert_memory_equal(nla_data(nest), cases[i].bytes,
				    cases[i].len);
		assert_int_equal(cvsw_nl_count_actions(nest), 1);
		assert_int_equal(cvsw_nl_get_actions(nest, &back, NULL), 0);
		assert_memory_equal(&cases[i].action, &back, sizeof(back));
	}
}

/* Random round trips */

static void random_match(u64 *seed, struct cvsw_match *match)
{
	unsigned int i;

	memset(match, 0, sizeof(*match));
	for (i = 0; i < sizeof(match->mask); i++) {
		u8 *mask = (u8 *)&match->mask + i;

		switch (test_below(seed, 4)) {
		case 0:
			*mask = 0xff;
			break;
		case 1:
			*mask = (u8)test_rand(seed);
			break;
		default:
			break;
		}
		*((u8 *)&match->value + i) = (u8)test_rand(seed) & *mask;
	}
}

static void random_tunnel(u64 *seed, struct cvsw_tunnel *t)
{
	size_t n;

	t->family = test_below(seed, 2) ? 4 : 6;
	n = t->family == 4 ? 4 : 16;
	t->kind = (u8)(1 + test_below(seed, 4));
	t->id = (__force __be64)random64(seed);
	random_bytes(seed, t->nw_src, n);
	random_bytes(seed, t->nw_dst, n);
	random_bytes(seed, t->dl_src, 6);
	random_bytes(seed, t->dl_dst, 6);
	t->tp_dst = (__force __be16)(u16)test_rand(seed);
	t->ttl = (u8)test_rand(seed);
	t->tos = (u8)test_rand(seed) & CVSW_TOS_DSCP_MASK;
	t->flags = (u16)test_below(seed, CVSW_TUNNEL_F_MASK + 1);
}

static void random_opt(u64 *seed, struct cvsw_tunnel_opt *opt)
{
	opt->opt_class = (__force __be16)(u16)test_rand(seed);
	opt->type = (u8)test_rand(seed);
	opt->len = (u8)(test_below(seed, 5) * 4);
	if (!test_below(seed, 8))
		opt->len = CVSW_TUNNEL_OPT_DATA;
	random_bytes(seed, opt->data, opt->len);
}

static void random_action(u64 *seed, struct cvsw_action *a)
{
	memset(a, 0, sizeof(*a));
	a->type = (u16)test_below(seed, CVSW_ACT_SET_TUNNEL + 1);
	switch (a->type) {
	case CVSW_ACT_OUTPUT:
		a->output.max_len = (u16)test_rand(seed);
		a->output.port = (u16)test_rand(seed);
		break;
	case CVSW_ACT_ENQUEUE:
		a->output.queue = test_rand(seed);
		a->output.port = (u16)test_rand(seed);
		break;
	case CVSW_ACT_RESUBMIT:
		a->output.port = (u16)test_rand(seed);
		break;
	case CVSW_ACT_SET_VLAN_VID:
		a->vlan = (u16)test_below(seed, 4096);
		break;
	case CVSW_ACT_SET_VLAN_PCP:
		a->vlan = (u16)test_below(seed, 8);
		break;
	case CVSW_ACT_SET_DL_SRC:
	case CVSW_ACT_SET_DL_DST:
		random_bytes(seed, a->mac, 6);
		break;
	case CVSW_ACT_SET_NW_SRC:
	case CVSW_ACT_SET_NW_DST:
		random_bytes(seed, a->nw, 4);
		break;
	case CVSW_ACT_SET_IPV6_SRC:
	case CVSW_ACT_SET_IPV6_DST:
		random_bytes(seed, a->nw, 16);
		break;
	case CVSW_ACT_SET_NW_TOS:
		a->tos = (u8)test_rand(seed) & CVSW_TOS_DSCP_MASK;
		break;
	case CVSW_ACT_SET_TP_SRC:
	case CVSW_ACT_SET_TP_DST:
		a->tp = (__force __be16)(u16)test_rand(seed);
		break;
	case CVSW_ACT_PUSH:
		random_tunnel(seed, &a->tunnel);
		break;
	case CVSW_ACT_POP:
		a->tunnel.kind = (u8)(1 + test_below(seed, 4));
		break;
	case CVSW_ACT_TUNNEL_OPT:
		random_opt(seed, &a->opt);
		break;
	case CVSW_ACT_SET_TUNNEL:
		a->tun_id = (__force __be64)random64(seed);
		break;
	default:
		break;
	}
}

static void random_opt_match(u64 *seed, struct cvsw_opt_match *opt)
{
	unsigned int i;

	memset(opt, 0, sizeof(*opt));
	random_opt(seed, &opt->value);
	for (i = 0; i < opt->value.len; i++) {
		opt->mask[i] = test_below(seed, 3) ? 0xff :
			       (u8)test_rand(seed);
		opt->value.data[i] &= opt->mask[i];
	}
}

static void random_mod(u64 *seed, struct cvsw_flow_mod *mod,
		       struct cvsw_action *actions, struct cvsw_opt_match *opts)
{
	struct cvsw_flow *f = &mod->flow;
	unsigned int i;

	memset(mod, 0, sizeof(*mod));
	mod->cmd = (u16)test_below(seed, CVSW_FLOW_RESTORE + 1);
	mod->out_port = (u16)test_rand(seed);
	mod->cookie_mask = random64(seed);
	random_match(seed, &f->match);
	f->cookie = test_below(seed, 3) ? random64(seed) :
		    test_below(seed, 2) ? 0 : CVSW_COOKIE_KEEP;
	f->priority = (u16)test_rand(seed);
	f->idle_timeout = (u16)test_rand(seed);
	f->hard_timeout = (u16)test_below(seed, 2);
	f->flags = (u16)test_below(seed, CVSW_FLOW_F_MASK + 1);
	f->n_actions = (u16)test_below(seed, CVSW_ACTIONS_MAX + 1);
	for (i = 0; i < f->n_actions; i++)
		random_action(seed, &actions[i]);
	if (mod->cmd == CVSW_FLOW_RESTORE) {
		f->packets = random64(seed);
		f->bytes = random64(seed);
		f->age_ns = random64(seed);
		f->idle_ns = random64(seed);
	}
	f->actions = f->n_actions ? actions : NULL;
	f->n_opts = (u16)test_below(seed, CVSW_OPT_MATCHES_MAX + 1);
	for (i = 0; i < f->n_opts; i++)
		random_opt_match(seed, &opts[i]);
	f->opts = f->n_opts ? opts : NULL;
}

static void test_flow_random(void **state)
{
	struct cvsw_action actions[CVSW_ACTIONS_MAX];
	struct cvsw_action back_actions[CVSW_ACTIONS_MAX];
	struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX];
	struct cvsw_opt_match back_opts[CVSW_OPT_MATCHES_MAX];
	struct nlattr *tb[CVSW_A_MAX + 1];
	struct cvsw_flow_mod mod, back;
	struct netlink_ext_ack extack;
	const struct nlattr *list;
	u64 seed = test_seed();
	struct message m;
	int i, len;

	for (i = 0; i < RANDOM_RUNS; i++) {
		random_mod(&seed, &mod, actions, opts);
		begin(&m);
		assert_int_equal(cvsw_nl_put_flow(&m.skb, CVSW_A_FLOW, &mod,
						  CVSW_NL_FLOW_MOD), 0);
		list = cvsw_nl_msg_attrs(m.skb.nlh, &len);
		memset(&extack, 0, sizeof(extack));
		if (nla_parse(tb, CVSW_A_MAX, list, len, cvsw_nl_policy,
			      &extack))
			fail_msg("policy: %s", extack._msg);
		assert_int_equal(cvsw_nl_count_flow_actions(list),
				 mod.flow.n_actions);
		assert_int_equal(cvsw_nl_count_flow_opts(list),
				 mod.flow.n_opts);
		assert_int_equal(cvsw_nl_get_flow(list, &back, back_actions,
						  back_opts, &extack), 0);
		assert_memory_equal(actions, back_actions,
				    mod.flow.n_actions * sizeof(actions[0]));
		assert_memory_equal(opts, back_opts,
				    mod.flow.n_opts * sizeof(opts[0]));
		back.flow.actions = mod.flow.actions;
		back.flow.opts = mod.flow.opts;
		assert_memory_equal(&mod, &back, sizeof(mod));
	}
}

/* a message too small for it is left as it was, whatever its size */
static void test_flow_no_room(void **state)
{
	struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX];
	struct cvsw_action actions[CVSW_ACTIONS_MAX];
	struct cvsw_flow_mod mod;
	u64 seed = test_seed();
	struct message m;
	size_t need, size;

	random_mod(&seed, &mod, actions, opts);
	begin(&m);
	assert_int_equal(cvsw_nl_put_flow(&m.skb, CVSW_A_FLOW, &mod,
					  CVSW_NL_FLOW_MOD), 0);
	need = m.skb.nlh->nlmsg_len;
	for (size = 20; size < need; size++) {
		begin(&m);
		m.skb.size = size;
		assert_int_equal(cvsw_nl_put_flow(&m.skb, CVSW_A_FLOW, &mod,
						  CVSW_NL_FLOW_MOD), -EMSGSIZE);
		assert_int_equal(m.skb.nlh->nlmsg_len, 20);
		assert_int_equal(m.buf[size], 0xa5);
	}
}

static void random_keys(u64 *seed, struct cvsw_inband_keys *keys)
{
	u16 i;

	keys->n = (u16)test_below(seed, CVSW_INBAND_KEYS + 1);
	for (i = 0; i < keys->n; i++) {
		keys->id[i] = (u16)test_rand(seed);
		random_bytes(seed, keys->key[i], sizeof(keys->key[i]));
	}
}

static void test_port_random(void **state)
{
	struct cvsw_port_info info, back;
	struct nlattr *tb[CVSW_A_MAX + 1];
	u64 seed = test_seed();
	const struct nlattr *list;
	struct message m;
	int i, len;
	u32 fields;

	for (i = 0; i < RANDOM_RUNS; i++) {
		memset(&info, 0, sizeof(info));
		info.no = (u16)test_rand(&seed);
		info.queues = (u16)test_rand(&seed);
		info.config = test_rand(&seed) & CVSW_PORT_C_MASK;
		info.state = test_rand(&seed);
		info.mtu = test_rand(&seed);
		info.mtu_auto = (u8)test_below(&seed, 2);
		info.inband = (u8)test_rand(&seed);
		info.inband_state = (u8)test_below(&seed, CVSW_INBAND_STATES);
		info.rx_offload = test_rand(&seed) & CVSW_OFFLOAD_MASK;
		info.tx_offload = test_rand(&seed) & CVSW_OFFLOAD_MASK;
		info.rx_asked = test_rand(&seed) & CVSW_OFFLOAD_MASK;
		info.tx_asked = test_rand(&seed) & CVSW_OFFLOAD_MASK;
		info.rx_failed = test_rand(&seed) & CVSW_OFFLOAD_MASK;
		info.tx_failed = test_rand(&seed) & CVSW_OFFLOAD_MASK;
		info.device = test_rand(&seed) & CVSW_DEVICE_MASK;
		info.device_asked = test_rand(&seed) & CVSW_DEVICE_MASK;
		info.device_fixed = test_rand(&seed) & CVSW_DEVICE_MASK;
		info.curr = test_rand(&seed) & CVSW_PORT_F_MASK;
		info.advertised = test_rand(&seed) & CVSW_PORT_F_MASK;
		info.supported = test_rand(&seed) & CVSW_PORT_F_MASK;
		info.peer = test_rand(&seed) & CVSW_PORT_F_MASK;
		random_bytes(&seed, info.mac, sizeof(info.mac));
		memset(info.name, 'n', test_below(&seed, CVSW_NAME_LEN));
		memset(info.spec, 's', test_below(&seed, sizeof(info.spec)));
		info.antispoof.checks = (u8)test_below(&seed, 8);
		info.antispoof.n_ipv4 = (u8)test_below(&seed, 9);
		info.antispoof.n_ipv6 = (u8)test_below(&seed, 9);
		random_bytes(&seed, info.antispoof.mac, 6);
		random_bytes(&seed, info.antispoof.ipv4,
			     info.antispoof.n_ipv4 * 4u);
		random_bytes(&seed, info.antispoof.ipv6,
			     info.antispoof.n_ipv6 * 16u);
		random_bytes(&seed, &info.stats, sizeof(info.stats));
		info.inband_policy = (u8)test_below(&seed,
						    CVSW_INBAND_POLICIES);
		random_bytes(&seed, info.inband_host, 6);
		random_keys(&seed, &info.inband_keys);
		begin(&m);
		assert_int_equal(cvsw_nl_put_port(&m.skb, &info,
						  CVSW_NL_PORT_ALL, 0), 0);
		/* no key gets out */
		memset(info.inband_keys.key, 0, sizeof(info.inband_keys.key));
		list = cvsw_nl_msg_attrs(m.skb.nlh, &len);
		assert_int_equal(nla_parse(tb, CVSW_A_MAX, list, len,
					   cvsw_nl_policy, NULL), 0);
		memset(&back, 0, sizeof(back));
		fields = 0;
		assert_int_equal(cvsw_nl_get_port(list, &back, &fields, NULL),
				 0);
		assert_memory_equal(&info, &back, sizeof(info));
		assert_int_equal(fields, CVSW_NL_PORT_ALL & ~1u);
	}
}

static void test_keys(void **state)
{
	const u32 wanted = 1u << CVSW_PORT_A_INBAND_KEYS;
	struct cvsw_port_info info, back;
	u64 seed = test_seed();
	const struct nlattr *list;
	struct nlattr *nla;
	struct message m;
	u32 fields;
	int i, len;

	for (i = 0; i < 100; i++) {
		memset(&info, 0, sizeof(info));
		memset(&back, 0, sizeof(back));
		random_keys(&seed, &info.inband_keys);
		fields = 0;
		begin(&m);
		assert_int_equal(cvsw_nl_put_port(&m.skb, &info, wanted, 0), 0);
		list = cvsw_nl_msg_attrs(m.skb.nlh, &len);
		if (!info.inband_keys.n) {
			assert_int_equal(cvsw_nl_get_port(list, &back, &fields,
							  NULL), -EINVAL);
			continue;
		}
		assert_int_equal(cvsw_nl_get_port(list, &back, &fields, NULL),
				 0);
		assert_int_equal(fields, wanted);
		assert_memory_equal(&info, &back, sizeof(info));
		/* half a key */
		nla = nla_data(list);
		nla->nla_len--;
		assert_int_equal(cvsw_nl_get_port(list, &back, &fields, NULL),
				 -EINVAL);
	}
	info.inband_keys.n = 3;
	begin(&m);
	assert_true(cvsw_nl_put_port(&m.skb, &info, wanted, 0) < 0);
}

static void test_config_random(void **state)
{
	struct cvsw_table_stats stats, back_stats;
	struct cvsw_config config, back;
	struct nlattr *tb[CVSW_A_MAX + 1];
	u64 seed = test_seed();
	const struct nlattr *list;
	struct message m;
	int i, len;

	for (i = 0; i < RANDOM_RUNS; i++) {
		random_bytes(&seed, &config, sizeof(config));
		memset(config.name, 0, sizeof(config.name));
		memset(config.name, 'b', test_below(&seed, CVSW_NAME_LEN));
		memset(config.pad, 0, sizeof(config.pad));
		config.seed = 0;	/* a secret: not told */
		config.miss %= 3;
		config.frag_mode %= 4;
		random_bytes(&seed, &stats, sizeof(stats));
		stats.max_flows = config.max_flows;
		begin(&m);
		assert_int_equal(cvsw_nl_put_config(&m.skb, &config, ~0u,
						    &stats), 0);
		list = cvsw_nl_msg_attrs(m.skb.nlh, &len);
		assert_int_equal(nla_parse(tb, CVSW_A_MAX, list, len,
					   cvsw_nl_policy, NULL), 0);
		memset(&back, 0, sizeof(back));
		assert_int_equal(cvsw_nl_get_config(list, &back, NULL,
						    &back_stats, NULL), 0);
		assert_memory_equal(&config, &back, sizeof(config));
		assert_memory_equal(&stats, &back_stats, sizeof(stats));
	}
}

/* only the fields that were asked for are said, and only they are changed */
static void test_config_fields(void **state)
{
	struct cvsw_config config, back;
	struct message m;
	u32 fields, said;
	int attr;

	memset(&config, 1, sizeof(config));
	memset(config.name, 0, sizeof(config.name));
	for (attr = 1; attr < CVSW_SWITCH_A_STATS; attr++) {
		fields = 1u << attr;
		begin(&m);
		assert_int_equal(cvsw_nl_put_config(&m.skb, &config, fields,
						    NULL), 0);
		said = 0;
		memset(&back, 0, sizeof(back));
		assert_int_equal(cvsw_nl_get_config(first(&m), &back, &said,
						    NULL, NULL), 0);
		assert_int_equal(said, fields);
	}
}

/* what a getter refuses although it is well formed */
static void test_too_many(void **state)
{
	struct cvsw_opt_match opts[CVSW_OPT_MATCHES_MAX + 1];
	struct cvsw_action actions[CVSW_ACTIONS_MAX + 1];
	struct cvsw_flow_mod mod = { .flow = {
		.actions = actions, .n_actions = CVSW_ACTIONS_MAX + 1
	} }, back;
	struct netlink_ext_ack extack = {};
	struct cvsw_port_info info = {};
	struct nlattr *port, *nest;
	struct message m;
	unsigned int i;

	memset(actions, 0, sizeof(actions));
	begin(&m);
	assert_int_equal(cvsw_nl_put_flow(&m.skb, CVSW_A_FLOW, &mod,
					  CVSW_NL_FLOW_MOD), 0);
	assert_int_equal(cvsw_nl_get_flow(first(&m), &back, actions, NULL,
					  &extack), -EINVAL);
	assert_string_equal(extack._msg, "too many actions");

	memset(opts, 0, sizeof(opts));
	mod.flow.n_actions = 0;
	mod.flow.opts = opts;
	mod.flow.n_opts = CVSW_OPT_MATCHES_MAX + 1;
	begin(&m);
	assert_int_equal(cvsw_nl_put_flow(&m.skb, CVSW_A_FLOW, &mod,
					  CVSW_NL_FLOW_MOD), 0);
	assert_int_equal(cvsw_nl_get_flow(first(&m), &back, NULL, opts,
					  &extack), -EINVAL);
	assert_string_equal(extack._msg, "options: more than 8");

	begin(&m);
	port = nla_nest_start(&m.skb, CVSW_A_PORT);
	nest = nla_nest_start(&m.skb, CVSW_PORT_A_ANTISPOOF);
	for (i = 0; i <= CVSW_ANTISPOOF_ADDRS; i++)
		nla_put_u32(&m.skb, CVSW_ANTISPOOF_A_IPV4, i);
	nla_nest_end(&m.skb, nest);
	nla_nest_end(&m.skb, port);
	assert_int_equal(cvsw_nl_get_port(first(&m), &info, NULL, &extack),
			 -EINVAL);
	assert_string_equal(extack._msg, "antispoof: too many addresses");
}

/* options that are well formed and still none */
static void test_opts_refused(void **state)
{
	static const struct {
		u32 fields;	/* 1 << CVSW_OPT_A_* */
		int mask;	/* bytes of it */
		bool action;
		const char *text;
	} t[] = {
		{ 0x04, 0, false, "option: class is missing" },
		{ 0x02, 0, false, "option: type is missing" },
		{ 0x1e, 8, false, "option: mask is not as long as the data" },
		{ 0x16, 4, false, "option: mask is not as long as the data" },
		{ 0x1e, 4, true, "option: mask of one that is pushed" },
		{ 0x1e, 4, false, NULL },
		{ 0x0e, 0, true, NULL },
		{ 0x06, 0, true, NULL },
	};
	static const u8 bytes[8] = { 1, 2, 3, 4 };
	struct netlink_ext_ack extack;
	struct cvsw_opt_match opt;
	struct cvsw_action action;
	struct cvsw_flow_mod mod;
	struct nlattr *flow, *nest, *list = NULL;
	struct message m;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(t); i++) {
		begin(&m);
		memset(&extack, 0, sizeof(extack));
		flow = nla_nest_start(&m.skb, CVSW_A_FLOW);
		if (t[i].action)
			list = nla_nest_start(&m.skb, CVSW_FLOW_A_ACTIONS);
		nest = nla_nest_start(&m.skb, t[i].action ?
				      CVSW_ACTION_A_TUNNEL_OPT :
				      CVSW_FLOW_A_OPT);
		if (t[i].fields >> CVSW_OPT_A_CLASS & 1)
			nla_put_u16(&m.skb, CVSW_OPT_A_CLASS, 0x0201);
		if (t[i].fields >> CVSW_OPT_A_TYPE & 1)
			nla_put_u8(&m.skb, CVSW_OPT_A_TYPE, 7);
		if (t[i].fields >> CVSW_OPT_A_DATA & 1)
			nla_put(&m.skb, CVSW_OPT_A_DATA, 4, bytes);
		if (t[i].fields >> CVSW_OPT_A_MASK & 1)
			nla_put(&m.skb, CVSW_OPT_A_MASK, t[i].mask, bytes);
		nla_nest_end(&m.skb, nest);
		if (t[i].action)
			nla_nest_end(&m.skb, list);
		nla_nest_end(&m.skb, flow);
		ret = cvsw_nl_get_flow(first(&m), &mod, &action, &opt,
				       &extack);
		assert_int_equal(ret, t[i].text ? -EINVAL : 0);
		if (t[i].text)
			assert_string_equal(extack._msg, t[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opts_refused),
		cmocka_unit_test(test_match_bytes),
		cmocka_unit_test(test_action_bytes),
		cmocka_unit_test(test_flow_random),
		cmocka_unit_test(test_flow_no_room),
		cmocka_unit_test(test_port_random),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_config_random),
		cmocka_unit_test(test_config_fields),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
