// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Ports, their settings and their self-tests as attributes.
 */

#include "nl_codec.h"

/* Ports */

static int nl_put_antispoof(struct sk_buff *skb, const struct cvsw_antispoof *a)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_PORT_A_ANTISPOOF);
	int i;

	if (!nest ||
	    nla_put_u8(skb, CVSW_ANTISPOOF_A_CHECKS, a->checks) ||
	    nla_put(skb, CVSW_ANTISPOOF_A_MAC, sizeof(a->mac), a->mac))
		return -EMSGSIZE;
	for (i = 0; i < a->n_ipv4; i++)
		if (nla_put(skb, CVSW_ANTISPOOF_A_IPV4, 4, a->ipv4[i]))
			return -EMSGSIZE;
	for (i = 0; i < a->n_ipv6; i++)
		if (nla_put(skb, CVSW_ANTISPOOF_A_IPV6, 16, a->ipv6[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int nl_get_antispoof_addr(const struct nlattr *nla, u8 *addrs, u8 *n,
				 struct netlink_ext_ack *extack)
{
	if (*n >= CVSW_ANTISPOOF_ADDRS)
		return cvsw_nl_refuse(extack, nla,
				      "antispoof: too many addresses", -EINVAL);
	memcpy(addrs + *n * nla_len(nla), nla_data(nla), (size_t)nla_len(nla));
	(*n)++;
	return 0;
}

static int nl_get_antispoof(const struct nlattr *nest, struct cvsw_antispoof *a,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	int rem, err = 0;

	memset(a, 0, sizeof(*a));
	nla_for_each_nested(nla, nest, rem) {
		switch (nla_type(nla)) {
		case CVSW_ANTISPOOF_A_CHECKS:
			a->checks = nla_get_u8(nla);
			break;
		case CVSW_ANTISPOOF_A_MAC:
			nla_memcpy(a->mac, nla, sizeof(a->mac));
			break;
		case CVSW_ANTISPOOF_A_IPV4:
			err = nl_get_antispoof_addr(nla, a->ipv4[0],
						    &a->n_ipv4, extack);
			break;
		case CVSW_ANTISPOOF_A_IPV6:
			err = nl_get_antispoof_addr(nla, a->ipv6[0],
						    &a->n_ipv6, extack);
			break;
		default:
			break;
		}
		if (err)
			return err;
	}
	return 0;
}

static int nl_put_port_stats(struct sk_buff *skb,
			     const struct cvsw_port_stats *s)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_PORT_A_STATS);

	if (!nest ||
	    nl_put_u64(skb, CVSW_PORT_STATS_A_RX_PACKETS, s->rx_packets) ||
	    nl_put_u64(skb, CVSW_PORT_STATS_A_RX_BYTES, s->rx_bytes) ||
	    nl_put_u64(skb, CVSW_PORT_STATS_A_RX_DROPPED, s->rx_dropped) ||
	    nl_put_u64(skb, CVSW_PORT_STATS_A_RX_ERRORS, s->rx_errors) ||
	    nl_put_u64(skb, CVSW_PORT_STATS_A_TX_PACKETS, s->tx_packets) ||
	    nl_put_u64(skb, CVSW_PORT_STATS_A_TX_BYTES, s->tx_bytes) ||
	    nl_put_u64(skb, CVSW_PORT_STATS_A_TX_DROPPED, s->tx_dropped) ||
	    nl_put_u64(skb, CVSW_PORT_STATS_A_TX_ERRORS, s->tx_errors))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static void nl_get_port_stats(const struct nlattr *nest,
			      struct cvsw_port_stats *s)
{
	u64 *const at[CVSW_PORT_STATS_A_MAX + 1] = {
		[CVSW_PORT_STATS_A_RX_PACKETS] = &s->rx_packets,
		[CVSW_PORT_STATS_A_RX_BYTES] = &s->rx_bytes,
		[CVSW_PORT_STATS_A_RX_DROPPED] = &s->rx_dropped,
		[CVSW_PORT_STATS_A_RX_ERRORS] = &s->rx_errors,
		[CVSW_PORT_STATS_A_TX_PACKETS] = &s->tx_packets,
		[CVSW_PORT_STATS_A_TX_BYTES] = &s->tx_bytes,
		[CVSW_PORT_STATS_A_TX_DROPPED] = &s->tx_dropped,
		[CVSW_PORT_STATS_A_TX_ERRORS] = &s->tx_errors,
	};
	const struct nlattr *nla;
	int rem;

	nla_for_each_nested(nla, nest, rem)
		if (nla_type(nla) && nla_type(nla) <= CVSW_PORT_STATS_A_MAX)
			*at[nla_type(nla)] = nla_get_u64(nla);
}

static int nl_put_port_identity(struct sk_buff *skb,
				const struct cvsw_port_info *p, u32 fields)
{
	if ((nl_wanted(fields, CVSW_PORT_A_NO) &&
	     nla_put_u16(skb, CVSW_PORT_A_NO, p->no)) ||
	    (nl_wanted(fields, CVSW_PORT_A_NAME) &&
	     nla_put_string(skb, CVSW_PORT_A_NAME, p->name)) ||
	    (nl_wanted(fields, CVSW_PORT_A_SPEC) &&
	     nla_put_string(skb, CVSW_PORT_A_SPEC, p->spec)) ||
	    (nl_wanted(fields, CVSW_PORT_A_MAC) &&
	     nla_put(skb, CVSW_PORT_A_MAC, sizeof(p->mac), p->mac)) ||
	    (nl_wanted(fields, CVSW_PORT_A_STATE) &&
	     nla_put_u32(skb, CVSW_PORT_A_STATE, p->state)) ||
	    (nl_wanted(fields, CVSW_PORT_A_QUEUES) &&
	     nla_put_u16(skb, CVSW_PORT_A_QUEUES, p->queues)))
		return -EMSGSIZE;
	return 0;
}

static int nl_put_port_settings(struct sk_buff *skb,
				const struct cvsw_port_info *p, u32 fields,
				u32 mask)
{
	if ((nl_wanted(fields, CVSW_PORT_A_CONFIG) &&
	     nla_put_u32(skb, CVSW_PORT_A_CONFIG, p->config)) ||
	    (nl_wanted(fields, CVSW_PORT_A_CONFIG_MASK) &&
	     nla_put_u32(skb, CVSW_PORT_A_CONFIG_MASK, mask)) ||
	    (nl_wanted(fields, CVSW_PORT_A_MTU) &&
	     nla_put_u32(skb, CVSW_PORT_A_MTU, p->mtu)) ||
	    (nl_wanted(fields, CVSW_PORT_A_MTU_AUTO) &&
	     nla_put_u8(skb, CVSW_PORT_A_MTU_AUTO, p->mtu_auto)) ||
	    (nl_wanted(fields, CVSW_PORT_A_RX_OFFLOAD) &&
	     nla_put_u32(skb, CVSW_PORT_A_RX_OFFLOAD, p->rx_offload)) ||
	    (nl_wanted(fields, CVSW_PORT_A_TX_OFFLOAD) &&
	     nla_put_u32(skb, CVSW_PORT_A_TX_OFFLOAD, p->tx_offload)) ||
	    (nl_wanted(fields, CVSW_PORT_A_DEVICE_ASKED) &&
	     nla_put_u32(skb, CVSW_PORT_A_DEVICE_ASKED, p->device_asked)) ||
	    (nl_wanted(fields, CVSW_PORT_A_INBAND) &&
	     nla_put_u8(skb, CVSW_PORT_A_INBAND, p->inband)) ||
	    (nl_wanted(fields, CVSW_PORT_A_ANTISPOOF) &&
	     nl_put_antispoof(skb, &p->antispoof)) ||
	    (nl_wanted(fields, CVSW_PORT_A_STATS) &&
	     nl_put_port_stats(skb, &p->stats)))
		return -EMSGSIZE;
	return 0;
}

/* how what was asked for came out */
static int nl_put_port_outcome(struct sk_buff *skb,
			       const struct cvsw_port_info *p, u32 fields)
{
	if ((nl_wanted(fields, CVSW_PORT_A_RX_ASKED) &&
	     nla_put_u32(skb, CVSW_PORT_A_RX_ASKED, p->rx_asked)) ||
	    (nl_wanted(fields, CVSW_PORT_A_TX_ASKED) &&
	     nla_put_u32(skb, CVSW_PORT_A_TX_ASKED, p->tx_asked)) ||
	    (nl_wanted(fields, CVSW_PORT_A_RX_FAILED) &&
	     nla_put_u32(skb, CVSW_PORT_A_RX_FAILED, p->rx_failed)) ||
	    (nl_wanted(fields, CVSW_PORT_A_TX_FAILED) &&
	     nla_put_u32(skb, CVSW_PORT_A_TX_FAILED, p->tx_failed)) ||
	    (nl_wanted(fields, CVSW_PORT_A_DEVICE) &&
	     nla_put_u32(skb, CVSW_PORT_A_DEVICE, p->device)) ||
	    (nl_wanted(fields, CVSW_PORT_A_DEVICE_FIXED) &&
	     nla_put_u32(skb, CVSW_PORT_A_DEVICE_FIXED, p->device_fixed)) ||
	    (nl_wanted(fields, CVSW_PORT_A_INBAND_STATE) &&
	     nla_put_u8(skb, CVSW_PORT_A_INBAND_STATE, p->inband_state)))
		return -EMSGSIZE;
	return 0;
}

static int nl_put_port_link(struct sk_buff *skb, const struct cvsw_port_info *p,
			    u32 fields)
{
	if ((nl_wanted(fields, CVSW_PORT_A_CURR) &&
	     nla_put_u32(skb, CVSW_PORT_A_CURR, p->curr)) ||
	    (nl_wanted(fields, CVSW_PORT_A_ADVERTISED) &&
	     nla_put_u32(skb, CVSW_PORT_A_ADVERTISED, p->advertised)) ||
	    (nl_wanted(fields, CVSW_PORT_A_SUPPORTED) &&
	     nla_put_u32(skb, CVSW_PORT_A_SUPPORTED, p->supported)) ||
	    (nl_wanted(fields, CVSW_PORT_A_PEER) &&
	     nla_put_u32(skb, CVSW_PORT_A_PEER, p->peer)))
		return -EMSGSIZE;
	return 0;
}

int cvsw_nl_put_port(struct sk_buff *skb, const struct cvsw_port_info *info,
		     u32 fields, u32 mask)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_A_PORT);

	if (!nest)
		return -EMSGSIZE;
	if (nl_put_port_identity(skb, info, fields) ||
	    nl_put_port_settings(skb, info, fields, mask) ||
	    nl_put_port_outcome(skb, info, fields) ||
	    nl_put_port_link(skb, info, fields)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static void nl_get_port_identity(struct nlattr *const *tb,
				 struct cvsw_port_info *p)
{
	if (tb[CVSW_PORT_A_NO])
		p->no = nla_get_u16(tb[CVSW_PORT_A_NO]);
	if (tb[CVSW_PORT_A_NAME])
		nla_strscpy(p->name, tb[CVSW_PORT_A_NAME], sizeof(p->name));
	if (tb[CVSW_PORT_A_SPEC])
		nla_strscpy(p->spec, tb[CVSW_PORT_A_SPEC], sizeof(p->spec));
	if (tb[CVSW_PORT_A_MAC])
		nla_memcpy(p->mac, tb[CVSW_PORT_A_MAC], sizeof(p->mac));
	if (tb[CVSW_PORT_A_STATE])
		p->state = nla_get_u32(tb[CVSW_PORT_A_STATE]);
	if (tb[CVSW_PORT_A_QUEUES])
		p->queues = nla_get_u16(tb[CVSW_PORT_A_QUEUES]);
}

static int nl_get_port_settings(struct nlattr *const *tb,
				struct cvsw_port_info *p,
				struct netlink_ext_ack *extack)
{
	u32 mask = CVSW_PORT_C_MASK;

	if (tb[CVSW_PORT_A_CONFIG_MASK])
		mask = nla_get_u32(tb[CVSW_PORT_A_CONFIG_MASK]);
	if (tb[CVSW_PORT_A_CONFIG])
		p->config = (p->config & ~mask) |
			    (nla_get_u32(tb[CVSW_PORT_A_CONFIG]) & mask);
	if (tb[CVSW_PORT_A_MTU])
		p->mtu = nla_get_u32(tb[CVSW_PORT_A_MTU]);
	if (tb[CVSW_PORT_A_MTU_AUTO])
		p->mtu_auto = nla_get_u8(tb[CVSW_PORT_A_MTU_AUTO]);
	if (tb[CVSW_PORT_A_RX_OFFLOAD])
		p->rx_offload = nla_get_u32(tb[CVSW_PORT_A_RX_OFFLOAD]);
	if (tb[CVSW_PORT_A_TX_OFFLOAD])
		p->tx_offload = nla_get_u32(tb[CVSW_PORT_A_TX_OFFLOAD]);
	if (tb[CVSW_PORT_A_DEVICE_ASKED])
		p->device_asked = nla_get_u32(tb[CVSW_PORT_A_DEVICE_ASKED]);
	if (tb[CVSW_PORT_A_INBAND])
		p->inband = nla_get_u8(tb[CVSW_PORT_A_INBAND]);
	if (tb[CVSW_PORT_A_STATS])
		nl_get_port_stats(tb[CVSW_PORT_A_STATS], &p->stats);
	if (!tb[CVSW_PORT_A_ANTISPOOF])
		return 0;
	return nl_get_antispoof(tb[CVSW_PORT_A_ANTISPOOF], &p->antispoof,
				extack);
}

static void nl_get_port_outcome(struct nlattr *const *tb,
				struct cvsw_port_info *p)
{
	if (tb[CVSW_PORT_A_RX_ASKED])
		p->rx_asked = nla_get_u32(tb[CVSW_PORT_A_RX_ASKED]);
	if (tb[CVSW_PORT_A_TX_ASKED])
		p->tx_asked = nla_get_u32(tb[CVSW_PORT_A_TX_ASKED]);
	if (tb[CVSW_PORT_A_RX_FAILED])
		p->rx_failed = nla_get_u32(tb[CVSW_PORT_A_RX_FAILED]);
	if (tb[CVSW_PORT_A_TX_FAILED])
		p->tx_failed = nla_get_u32(tb[CVSW_PORT_A_TX_FAILED]);
	if (tb[CVSW_PORT_A_DEVICE])
		p->device = nla_get_u32(tb[CVSW_PORT_A_DEVICE]);
	if (tb[CVSW_PORT_A_DEVICE_FIXED])
		p->device_fixed = nla_get_u32(tb[CVSW_PORT_A_DEVICE_FIXED]);
	if (tb[CVSW_PORT_A_INBAND_STATE])
		p->inband_state = nla_get_u8(tb[CVSW_PORT_A_INBAND_STATE]);
}

static void nl_get_port_link(struct nlattr *const *tb, struct cvsw_port_info *p)
{
	if (tb[CVSW_PORT_A_CURR])
		p->curr = nla_get_u32(tb[CVSW_PORT_A_CURR]);
	if (tb[CVSW_PORT_A_ADVERTISED])
		p->advertised = nla_get_u32(tb[CVSW_PORT_A_ADVERTISED]);
	if (tb[CVSW_PORT_A_SUPPORTED])
		p->supported = nla_get_u32(tb[CVSW_PORT_A_SUPPORTED]);
	if (tb[CVSW_PORT_A_PEER])
		p->peer = nla_get_u32(tb[CVSW_PORT_A_PEER]);
}

int cvsw_nl_get_port(const struct nlattr *nest, struct cvsw_port_info *info,
		     u32 *fields, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_PORT_A_MAX + 1];
	int i, err;

	err = nla_parse_nested_deprecated(tb, CVSW_PORT_A_MAX, nest,
					  cvsw_nl_port_policy, extack);
	if (err)
		return err;
	for (i = 1; fields && i <= CVSW_PORT_A_MAX; i++)
		if (tb[i])
			*fields |= 1U << i;
	nl_get_port_identity(tb, info);
	nl_get_port_outcome(tb, info);
	nl_get_port_link(tb, info);
	return nl_get_port_settings(tb, info, extack);
}

/* Self-tests */

int cvsw_nl_put_test(struct sk_buff *skb, const struct cvsw_test *test)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_A_TEST);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, CVSW_TEST_A_OFFLOAD, test->offload) ||
	    nla_put_u8(skb, CVSW_TEST_A_RX, test->rx) ||
	    nla_put_u8(skb, CVSW_TEST_A_TX, test->tx) ||
	    nla_put_string(skb, CVSW_TEST_A_TEXT, test->text)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int cvsw_nl_get_test(const struct nlattr *nest, struct cvsw_test *test,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_TEST_A_MAX + 1];
	int err;

	memset(test, 0, sizeof(*test));
	err = nla_parse_nested_deprecated(tb, CVSW_TEST_A_MAX, nest,
					  cvsw_nl_test_policy, extack);
	if (err)
		return err;
	if (tb[CVSW_TEST_A_OFFLOAD])
		test->offload = nla_get_u32(tb[CVSW_TEST_A_OFFLOAD]);
	if (tb[CVSW_TEST_A_RX])
		test->rx = nla_get_u8(tb[CVSW_TEST_A_RX]);
	if (tb[CVSW_TEST_A_TX])
		test->tx = nla_get_u8(tb[CVSW_TEST_A_TX]);
	if (tb[CVSW_TEST_A_TEXT])
		nla_strscpy(test->text, tb[CVSW_TEST_A_TEXT],
			    sizeof(test->text));
	return 0;
}
