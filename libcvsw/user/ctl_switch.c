// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Control calls about switches, ports, paths and drop counters. */

#include "ctl_priv.h"

/* Interfaces */

static int ctl_iface(struct cvsw_ctl *ctl, u8 cmd, const char *iface)
{
	struct sk_buff skb;

	return cvsw_ctl_begin_for(ctl, &skb, cmd, false, iface) ?:
	       cvsw_ctl_run(ctl, &skb, NULL, NULL);
}

int cvsw_ctl_attach(struct cvsw_ctl *ctl, const char *iface)
{
	return ctl_iface(ctl, CVSW_CMD_ATTACH, iface);
}

int cvsw_ctl_detach(struct cvsw_ctl *ctl, const char *iface)
{
	return ctl_iface(ctl, CVSW_CMD_DETACH, iface);
}

/* Switches */

struct ctl_switches {
	struct cvsw_ctl	*ctl;
	int		(*each)(void *arg, const struct cvsw_config *config,
				const struct cvsw_table_stats *stats);
	void		*arg;
	bool		stop;
};

static int ctl_switch_msg(void *arg, const struct nlmsghdr *nlh)
{
	struct ctl_switches *dump = arg;
	struct cvsw_table_stats stats;
	struct cvsw_config config;
	const struct nlattr *nla;
	int rem, len;

	nla = cvsw_nl_msg_attrs(nlh, &len);
	nla_for_each_attr(nla, nla, len, rem) {
		if (nla_type(nla) != CVSW_A_SWITCH || dump->stop)
			continue;
		memset(&config, 0, sizeof(config));
		if (cvsw_nl_get_config(nla, &config, NULL, &stats, NULL))
			return cvsw_ctl_fail(dump->ctl, -EBADMSG,
					     "malformed answer: switch");
		dump->stop = dump->each(dump->arg, &config, &stats);
	}
	return 0;
}

int cvsw_ctl_switch_dump(struct cvsw_ctl *ctl,
			 int (*each)(void *arg, const struct cvsw_config *config,
				     const struct cvsw_table_stats *stats),
			 void *arg)
{
	struct ctl_switches dump = { .ctl = ctl, .each = each, .arg = arg };

	return cvsw_ctl_get(ctl, CVSW_CMD_SWITCH_GET, true, ctl_switch_msg,
			    &dump);
}

struct ctl_one_switch {
	struct cvsw_config	*config;
	struct cvsw_table_stats	*stats;
};

static int ctl_switch_copy(void *arg, const struct cvsw_config *config,
			   const struct cvsw_table_stats *stats)
{
	struct ctl_one_switch *one = arg;

	if (one->config)
		*one->config = *config;
	if (one->stats)
		*one->stats = *stats;
	return 1;
}

int cvsw_ctl_switch_get(struct cvsw_ctl *ctl, struct cvsw_config *config,
			struct cvsw_table_stats *stats)
{
	struct ctl_one_switch one = { .config = config, .stats = stats };
	struct ctl_switches dump = {
		.ctl = ctl, .each = ctl_switch_copy, .arg = &one
	};
	int err = cvsw_ctl_get(ctl, CVSW_CMD_SWITCH_GET, false, ctl_switch_msg,
			       &dump);

	if (!err && (config || stats) && !dump.stop)
		err = cvsw_ctl_fail(ctl, -EBADMSG,
				    "malformed answer: no switch");
	return err;
}

int cvsw_ctl_switch_set(struct cvsw_ctl *ctl, const struct cvsw_config *config,
			u32 fields)
{
	struct sk_buff skb;

	return cvsw_ctl_begin(ctl, &skb, CVSW_CMD_SWITCH_SET, false) ?:
	       cvsw_nl_put_config(&skb, config, fields, NULL) ?:
	       cvsw_ctl_run(ctl, &skb, NULL, NULL);
}

/* Ports */

struct ctl_ports {
	struct cvsw_ctl	*ctl;
	int		(*each)(void *arg, const struct cvsw_port_info *info);
	void		*arg;
	bool		stop;
};

static int ctl_port_msg(void *arg, const struct nlmsghdr *nlh)
{
	struct ctl_ports *dump = arg;
	struct cvsw_port_info info;
	const struct nlattr *nla;
	int rem, len;

	nla = cvsw_nl_msg_attrs(nlh, &len);
	nla_for_each_attr(nla, nla, len, rem) {
		if (nla_type(nla) != CVSW_A_PORT || dump->stop)
			continue;
		memset(&info, 0, sizeof(info));
		if (cvsw_nl_get_port(nla, &info, NULL, NULL))
			return cvsw_ctl_fail(dump->ctl, -EBADMSG,
					     "malformed answer: port");
		dump->stop = dump->each(dump->arg, &info);
	}
	return 0;
}

int cvsw_ctl_port_dump(struct cvsw_ctl *ctl,
		       int (*each)(void *arg,
				   const struct cvsw_port_info *info),
		       void *arg)
{
	struct ctl_ports dump = { .ctl = ctl, .each = each, .arg = arg };

	return cvsw_ctl_get(ctl, CVSW_CMD_PORT_GET, true, ctl_port_msg, &dump);
}

static int ctl_port_copy(void *arg, const struct cvsw_port_info *info)
{
	if (arg)
		*(struct cvsw_port_info *)arg = *info;
	return 1;
}

/* one request about one port; @out, if any, receives the answer */
static int ctl_port_run(struct cvsw_ctl *ctl, u8 cmd,
			const struct cvsw_port_info *info, u32 fields,
			u32 mask, struct cvsw_port_info *out)
{
	struct ctl_ports dump = {
		.ctl = ctl, .each = ctl_port_copy, .arg = out
	};
	struct sk_buff skb;
	int err;

	err = cvsw_ctl_begin(ctl, &skb, cmd, false) ?:
	      cvsw_nl_put_port(&skb, info, fields, mask) ?:
	      cvsw_ctl_run(ctl, &skb, ctl_port_msg, &dump);
	if (!err && out && !dump.stop)
		err = cvsw_ctl_fail(ctl, -EBADMSG, "malformed answer: no port");
	return err;
}

/* copy a name or spec, which must fit */
static int ctl_port_text(struct cvsw_ctl *ctl, char *to, size_t size,
			 const char *from, const char *what)
{
	if (!*from || strlen(from) >= size)
		return cvsw_ctl_fail(ctl, -EINVAL,
				     "port: %s is empty or longer than %zu characters",
				     what, size - 1);
	strcpy(to, from);
	return 0;
}

int cvsw_ctl_port_get(struct cvsw_ctl *ctl, u16 no, const char *name,
		      struct cvsw_port_info *info)
{
	struct cvsw_port_info want = { .no = no };
	int err;

	if (!name)
		return ctl_port_run(ctl, CVSW_CMD_PORT_GET, &want,
				    1U << CVSW_PORT_A_NO, 0, info);
	err = ctl_port_text(ctl, want.name, sizeof(want.name), name, "name");
	return err ?: ctl_port_run(ctl, CVSW_CMD_PORT_GET, &want,
				   1U << CVSW_PORT_A_NAME, 0, info);
}

int cvsw_ctl_port_add(struct cvsw_ctl *ctl, const char *spec, u16 no,
		      struct cvsw_port_info *info)
{
	u32 fields = 1U << CVSW_PORT_A_SPEC;
	struct cvsw_port_info want = { .no = no };
	int err;

	if (no)
		fields |= 1U << CVSW_PORT_A_NO;
	err = ctl_port_text(ctl, want.spec, sizeof(want.spec), spec, "spec");
	return err ?: ctl_port_run(ctl, CVSW_CMD_PORT_ADD, &want, fields, 0,
				   info);
}

int cvsw_ctl_port_del(struct cvsw_ctl *ctl, u16 no)
{
	struct cvsw_port_info want = { .no = no };

	return ctl_port_run(ctl, CVSW_CMD_PORT_DEL, &want,
			    1U << CVSW_PORT_A_NO, 0, NULL);
}

int cvsw_ctl_port_set(struct cvsw_ctl *ctl, const struct cvsw_port_info *info,
		      unsigned int what, u32 config_mask)
{
	u32 fields = 1U << CVSW_PORT_A_NO;

	if (what & CVSW_PORT_SET_CONFIG)
		fields |= 1U << CVSW_PORT_A_CONFIG |
			  1U << CVSW_PORT_A_CONFIG_MASK;
	if (what & CVSW_PORT_SET_ANTISPOOF)
		fields |= 1U << CVSW_PORT_A_ANTISPOOF;
	if (what & CVSW_PORT_SET_MTU)
		fields |= 1U << CVSW_PORT_A_MTU | 1U << CVSW_PORT_A_MTU_AUTO;
	if (what & CVSW_PORT_SET_OFFLOAD)
		fields |= 1U << CVSW_PORT_A_RX_OFFLOAD |
			  1U << CVSW_PORT_A_TX_OFFLOAD;
	if (what & CVSW_PORT_SET_DEVICE)
		fields |= 1U << CVSW_PORT_A_DEVICE_ASKED;
	if (what & CVSW_PORT_SET_INBAND)
		fields |= 1U << CVSW_PORT_A_INBAND;
	if (what & CVSW_PORT_SET_INBAND_POLICY)
		fields |= 1U << CVSW_PORT_A_INBAND_POLICY;
	if (what & CVSW_PORT_SET_INBAND_KEYS)
		fields |= 1U << CVSW_PORT_A_INBAND_KEYS;
	return ctl_port_run(ctl, CVSW_CMD_PORT_SET, info, fields, config_mask,
			    NULL);
}

struct ctl_tests {
	struct cvsw_ctl	*ctl;
	void		(*each)(void *arg, const struct cvsw_test *test);
	void		*arg;
};

static int ctl_test_msg(void *arg, const struct nlmsghdr *nlh)
{
	const struct ctl_tests *tests = arg;
	const struct nlattr *nla;
	struct cvsw_test test;
	int rem, len;

	nla = cvsw_nl_msg_attrs(nlh, &len);
	nla_for_each_attr(nla, nla, len, rem) {
		if (nla_type(nla) != CVSW_A_TEST)
			continue;
		if (cvsw_nl_get_test(nla, &test, NULL))
			return cvsw_ctl_fail(tests->ctl, -EBADMSG,
					     "malformed answer: test");
		tests->each(tests->arg, &test);
	}
	return 0;
}

int cvsw_ctl_port_test(struct cvsw_ctl *ctl, u16 no,
		       void (*each)(void *arg, const struct cvsw_test *test),
		       void *arg)
{
	struct ctl_tests tests = { .ctl = ctl, .each = each, .arg = arg };
	struct cvsw_port_info want = { .no = no };
	struct sk_buff skb;

	return cvsw_ctl_begin(ctl, &skb, CVSW_CMD_PORT_TEST, false) ?:
	       cvsw_nl_put_port(&skb, &want, 1U << CVSW_PORT_A_NO, 0) ?:
	       cvsw_ctl_run(ctl, &skb, ctl_test_msg, &tests);
}

/* Paths */

struct ctl_paths {
	struct cvsw_ctl	*ctl;
	int		(*each)(void *arg, const struct cvsw_path_info *info);
	void		*arg;
	bool		stop;
};

static int ctl_path_msg(void *arg, const struct nlmsghdr *nlh)
{
	struct ctl_paths *dump = arg;
	struct cvsw_path_info info;
	const struct nlattr *nla;
	int rem, len;

	nla = cvsw_nl_msg_attrs(nlh, &len);
	nla_for_each_attr(nla, nla, len, rem) {
		if (nla_type(nla) != CVSW_A_PATH || dump->stop)
			continue;
		if (cvsw_nl_get_path(nla, &info, NULL))
			return cvsw_ctl_fail(dump->ctl, -EBADMSG,
					     "malformed answer: path");
		dump->stop = dump->each(dump->arg, &info);
	}
	return 0;
}

int cvsw_ctl_path_dump(struct cvsw_ctl *ctl,
		       int (*each)(void *arg,
				   const struct cvsw_path_info *info),
		       void *arg)
{
	struct ctl_paths dump = { .ctl = ctl, .each = each, .arg = arg };

	return cvsw_ctl_get(ctl, CVSW_CMD_PATH_GET, true, ctl_path_msg, &dump);
}

/* Drops */

struct ctl_drops {
	void	(*each)(void *arg, const char *name, const char *text,
			u64 frames);
	void	*arg;
};

static int ctl_drops_msg(void *arg, const struct nlmsghdr *nlh)
{
	struct nlattr *tb[CVSW_DROP_A_MAX + 1];
	const struct ctl_drops *drops = arg;
	const struct nlattr *nla;
	int rem, len;

	nla = cvsw_nl_msg_attrs(nlh, &len);
	nla_for_each_attr(nla, nla, len, rem) {
		if (nla_type(nla) != CVSW_A_DROP)
			continue;
		if (nla_parse_nested_deprecated(tb, CVSW_DROP_A_MAX, nla,
						cvsw_nl_drop_policy, NULL) ||
		    !tb[CVSW_DROP_A_NAME] || !tb[CVSW_DROP_A_TEXT] ||
		    !tb[CVSW_DROP_A_FRAMES])
			return -EBADMSG;
		drops->each(drops->arg, nla_data(tb[CVSW_DROP_A_NAME]),
			    nla_data(tb[CVSW_DROP_A_TEXT]),
			    nla_get_u64(tb[CVSW_DROP_A_FRAMES]));
	}
	return 0;
}

int cvsw_ctl_drops(struct cvsw_ctl *ctl,
		   void (*each)(void *arg, const char *name, const char *text,
				u64 frames),
		   void *arg)
{
	struct ctl_drops drops = { .each = each, .arg = arg };

	return cvsw_ctl_get(ctl, CVSW_CMD_DROPS_GET, false, ctl_drops_msg,
			    &drops);
}
