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

#define NL_STAT(member, attr) \
	CVSW_NL_FIELD(struct cvsw_port_stats, member, CVSW_PORT_STATS_A_##attr)

static const struct cvsw_nl_field nl_port_stats[] = {
	NL_STAT(rx_packets, RX_PACKETS),
	NL_STAT(rx_bytes, RX_BYTES),
	NL_STAT(rx_dropped, RX_DROPPED),
	NL_STAT(rx_errors, RX_ERRORS),
	NL_STAT(tx_packets, TX_PACKETS),
	NL_STAT(tx_bytes, TX_BYTES),
	NL_STAT(tx_dropped, TX_DROPPED),
	NL_STAT(tx_errors, TX_ERRORS),
};

static int nl_put_port_stats(struct sk_buff *skb,
			     const struct cvsw_port_stats *s)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_PORT_A_STATS);

	if (!nest || cvsw_nl_put_fields(skb, nl_port_stats,
					ARRAY_SIZE(nl_port_stats), ~0U, s))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int nl_get_port_stats(const struct nlattr *nest,
			     struct cvsw_port_stats *s,
			     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_PORT_STATS_A_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(tb, CVSW_PORT_STATS_A_MAX, nest,
					  cvsw_nl_port_stats_policy, extack);
	if (!err)
		cvsw_nl_get_fields(tb, nl_port_stats,
				   ARRAY_SIZE(nl_port_stats), s);
	return err;
}

#define NL_PORT(member, attr) \
	CVSW_NL_FIELD(struct cvsw_port_info, member, CVSW_PORT_A_##attr)

static const struct cvsw_nl_field nl_port_fields[] = {
	NL_PORT(no, NO),
	NL_PORT(mac, MAC),
	NL_PORT(state, STATE),
	NL_PORT(queues, QUEUES),
	NL_PORT(mtu, MTU),
	NL_PORT(mtu_auto, MTU_AUTO),
	NL_PORT(rx_offload, RX_OFFLOAD),
	NL_PORT(tx_offload, TX_OFFLOAD),
	NL_PORT(rx_asked, RX_ASKED),
	NL_PORT(tx_asked, TX_ASKED),
	NL_PORT(rx_failed, RX_FAILED),
	NL_PORT(tx_failed, TX_FAILED),
	NL_PORT(device, DEVICE),
	NL_PORT(device_asked, DEVICE_ASKED),
	NL_PORT(device_fixed, DEVICE_FIXED),
	NL_PORT(inband, INBAND),
	NL_PORT(inband_state, INBAND_STATE),
	NL_PORT(inband_policy, INBAND_POLICY),
	NL_PORT(inband_host, INBAND_HOST),
	NL_PORT(curr, CURR),
	NL_PORT(advertised, ADVERTISED),
	NL_PORT(supported, SUPPORTED),
	NL_PORT(peer, PEER),
};

/* Keys: what is shown of them is their ids */

static int nl_put_key_ids(struct sk_buff *skb,
			  const struct cvsw_inband_keys *keys)
{
	return nla_put(skb, CVSW_PORT_A_INBAND_KEY_IDS,
		       (int)(keys->n * sizeof(keys->id[0])), keys->id);
}

static int nl_put_keys(struct sk_buff *skb, const struct cvsw_inband_keys *keys)
{
	u8 all[CVSW_INBAND_KEYS * CVSW_NL_KEY_LEN], *to = all;
	unsigned int i;
	int err;

	if (keys->n > CVSW_INBAND_KEYS)
		return -EINVAL;
	for (i = 0; i < keys->n; i++, to += CVSW_NL_KEY_LEN) {
		memcpy(to, &keys->id[i], sizeof(keys->id[i]));
		memcpy(to + sizeof(keys->id[i]), keys->key[i],
		       sizeof(keys->key[i]));
	}
	err = nla_put(skb, CVSW_PORT_A_INBAND_KEYS, (int)(to - all), all);
	memzero_explicit(all, sizeof(all));
	return err;
}

static int nl_get_key_ids(const struct nlattr *nla,
			  struct cvsw_inband_keys *keys,
			  struct netlink_ext_ack *extack)
{
	unsigned int len = (unsigned int)nla_len(nla);

	if (len % sizeof(keys->id[0]))
		return cvsw_nl_refuse(extack, nla,
				      "inband_key_ids: length not valid",
				      -EINVAL);
	memset(keys, 0, sizeof(*keys));
	keys->n = (u16)(len / sizeof(keys->id[0]));
	memcpy(keys->id, nla_data(nla), len);
	return 0;
}

static int nl_get_keys(const struct nlattr *nla, struct cvsw_inband_keys *keys,
		       struct netlink_ext_ack *extack)
{
	unsigned int i, len = (unsigned int)nla_len(nla);
	const u8 *from = nla_data(nla);

	if (!len || len % CVSW_NL_KEY_LEN)
		return cvsw_nl_refuse(extack, nla,
				      "inband_keys: not one or two of 34 bytes",
				      -EINVAL);
	memset(keys, 0, sizeof(*keys));
	keys->n = (u16)(len / CVSW_NL_KEY_LEN);
	for (i = 0; i < keys->n; i++, from += CVSW_NL_KEY_LEN) {
		memcpy(&keys->id[i], from, sizeof(keys->id[i]));
		memcpy(keys->key[i], from + sizeof(keys->id[i]),
		       sizeof(keys->key[i]));
	}
	return 0;
}

/* what is not copied as it is */
static int nl_put_port_more(struct sk_buff *skb, const struct cvsw_port_info *p,
			    u32 fields, u32 mask)
{
	if ((nl_wanted(fields, CVSW_PORT_A_NAME) &&
	     nla_put_string(skb, CVSW_PORT_A_NAME, p->name)) ||
	    (nl_wanted(fields, CVSW_PORT_A_SPEC) &&
	     nla_put_string(skb, CVSW_PORT_A_SPEC, p->spec)) ||
	    (nl_wanted(fields, CVSW_PORT_A_CONFIG) &&
	     nla_put_u32(skb, CVSW_PORT_A_CONFIG, p->config)) ||
	    (nl_wanted(fields, CVSW_PORT_A_CONFIG_MASK) &&
	     nla_put_u32(skb, CVSW_PORT_A_CONFIG_MASK, mask)) ||
	    (nl_wanted(fields, CVSW_PORT_A_ANTISPOOF) &&
	     nl_put_antispoof(skb, &p->antispoof)) ||
	    (nl_wanted(fields, CVSW_PORT_A_INBAND_KEY_IDS) &&
	     nl_put_key_ids(skb, &p->inband_keys)) ||
	    (nl_wanted(fields, CVSW_PORT_A_INBAND_KEYS) &&
	     nl_put_keys(skb, &p->inband_keys)) ||
	    (nl_wanted(fields, CVSW_PORT_A_STATS) &&
	     nl_put_port_stats(skb, &p->stats)))
		return -EMSGSIZE;
	return 0;
}

int cvsw_nl_put_port(struct sk_buff *skb, const struct cvsw_port_info *info,
		     u32 fields, u32 mask)
{
	struct nlattr *nest = nla_nest_start(skb, CVSW_A_PORT);

	if (!nest)
		return -EMSGSIZE;
	if (cvsw_nl_put_fields(skb, nl_port_fields, ARRAY_SIZE(nl_port_fields),
			       fields, info) ||
	    nl_put_port_more(skb, info, fields, mask)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* what is not copied as it is */
static int nl_get_port_more(struct nlattr *const *tb, struct cvsw_port_info *p,
			    struct netlink_ext_ack *extack)
{
	u32 mask = CVSW_PORT_C_MASK;
	int err = 0;

	if (tb[CVSW_PORT_A_NAME])
		nla_strscpy(p->name, tb[CVSW_PORT_A_NAME], sizeof(p->name));
	if (tb[CVSW_PORT_A_SPEC])
		nla_strscpy(p->spec, tb[CVSW_PORT_A_SPEC], sizeof(p->spec));
	if (tb[CVSW_PORT_A_CONFIG_MASK])
		mask = nla_get_u32(tb[CVSW_PORT_A_CONFIG_MASK]);
	if (tb[CVSW_PORT_A_CONFIG])
		p->config = (p->config & ~mask) |
			    (nla_get_u32(tb[CVSW_PORT_A_CONFIG]) & mask);
	if (tb[CVSW_PORT_A_STATS])
		err = nl_get_port_stats(tb[CVSW_PORT_A_STATS], &p->stats,
					extack);
	if (!err && tb[CVSW_PORT_A_ANTISPOOF])
		err = nl_get_antispoof(tb[CVSW_PORT_A_ANTISPOOF],
				       &p->antispoof, extack);
	if (!err && tb[CVSW_PORT_A_INBAND_KEY_IDS])
		err = nl_get_key_ids(tb[CVSW_PORT_A_INBAND_KEY_IDS],
				     &p->inband_keys, extack);
	if (!err && tb[CVSW_PORT_A_INBAND_KEYS])
		err = nl_get_keys(tb[CVSW_PORT_A_INBAND_KEYS],
				  &p->inband_keys, extack);
	return err;
}

int cvsw_nl_get_port(const struct nlattr *nest, struct cvsw_port_info *info,
		     u32 *fields, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[CVSW_PORT_A_MAX + 1];
	int err;

	err = nla_parse_nested_deprecated(tb, CVSW_PORT_A_MAX, nest,
					  cvsw_nl_port_policy, extack);
	if (err)
		return err;
	if (fields)
		*fields |= cvsw_nl_named(tb, CVSW_PORT_A_MAX);
	cvsw_nl_get_fields(tb, nl_port_fields, ARRAY_SIZE(nl_port_fields),
			   info);
	return nl_get_port_more(tb, info, extack);
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
