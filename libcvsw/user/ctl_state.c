// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Saving and restoring.  The file is a header and then messages of the control
 * protocol: one SWITCH_SET, a PORT_ADD for each port with all that is to be
 * set on it, a QUEUE_SET for each queue, FLOW_MODs with the flows as RESTORE
 * commands, and NLMSG_DONE.
 *
 * A file is read and checked as a whole before anything is changed.
 */

#include "ctl_priv.h"

#define CTL_STATE_MAGIC		"cvswsave"
#define CTL_STATE_ORDER		0x01020304u
#define CTL_STATE_VERSION	1u
#define CTL_STATE_MAX		(1u << 31)	/* bytes of a file */

/* settings that a switch can be given */
#define CTL_STATE_SWITCH						\
	(1U << CVSW_SWITCH_A_DATAPATH_ID | 1U << CVSW_SWITCH_A_MAX_FLOWS | \
	 1U << CVSW_SWITCH_A_MISS | 1U << CVSW_SWITCH_A_FRAG_MODE |	\
	 1U << CVSW_SWITCH_A_MISS_SEND_LEN |				\
	 1U << CVSW_SWITCH_A_MISS_RATE | 1U << CVSW_SWITCH_A_MISS_BURST | \
	 1U << CVSW_SWITCH_A_ACTION_RATE |				\
	 1U << CVSW_SWITCH_A_ACTION_BURST |				\
	 1U << CVSW_SWITCH_A_MAC_AGEING | 1U << CVSW_SWITCH_A_VXLAN_PORT | \
	 1U << CVSW_SWITCH_A_GENEVE_PORT | 1U << CVSW_SWITCH_A_STT_PORT)
#define CTL_STATE_PORT							\
	(1U << CVSW_PORT_A_NO | 1U << CVSW_PORT_A_NAME |		\
	 1U << CVSW_PORT_A_SPEC | 1U << CVSW_PORT_A_CONFIG |		\
	 1U << CVSW_PORT_A_MTU | 1U << CVSW_PORT_A_MTU_AUTO |		\
	 1U << CVSW_PORT_A_INBAND | 1U << CVSW_PORT_A_INBAND_POLICY |	\
	 1U << CVSW_PORT_A_ANTISPOOF)

#define CTL_STATE_QUEUE							\
	(1U << CVSW_QUEUE_A_PORT | 1U << CVSW_QUEUE_A_ID |		\
	 1U << CVSW_QUEUE_A_MIN_RATE | 1U << CVSW_QUEUE_A_MAX_RATE)

struct ctl_state_header {
	char	magic[8];
	u32	order;
	u32	version;
};

/* Saving */

/**
 * struct ctl_save - a file being written
 * @file: the file
 * @skb:  the message being filled
 * @open: there is something in @skb
 * @err:  what went wrong first
 * @buf:  of @skb
 */
struct ctl_save {
	FILE		*file;
	struct sk_buff	skb;
	bool		open;
	int		err;
	u8		buf[CVSW_NL_MSG_MAX] __attribute__((aligned(8)));
};

static void ctl_save_write(struct ctl_save *save, const void *data, size_t len)
{
	if (!save->err && fwrite(data, 1, len, save->file) != len)
		save->err = errno ? -errno : -EIO;
}

static void ctl_save_begin(struct ctl_save *save, u8 cmd)
{
	cvsw_nl_msg_begin(&save->skb, save->buf, sizeof(save->buf),
			  NLM_F_REQUEST, 0, cmd);
	save->open = true;
}

static void ctl_save_end(struct ctl_save *save)
{
	if (save->open)
		ctl_save_write(save, save->buf, cvsw_nl_msg_len(&save->skb));
	save->open = false;
}

static int ctl_save_switch(struct cvsw_ctl *ctl, struct ctl_save *save)
{
	struct cvsw_config config;
	int err;

	err = cvsw_ctl_switch_get(ctl, &config, NULL);
	if (err)
		return err;
	ctl_save_begin(save, CVSW_CMD_SWITCH_SET);
	err = cvsw_nl_put_config(&save->skb, &config, CTL_STATE_SWITCH, NULL);
	ctl_save_end(save);
	return err;
}

static int ctl_save_port(void *arg, const struct cvsw_port_info *info)
{
	struct ctl_save *save = arg;

	ctl_save_begin(save, CVSW_CMD_PORT_ADD);
	if (!save->err)
		save->err = cvsw_nl_put_port(&save->skb, info, CTL_STATE_PORT,
					     0);
	ctl_save_end(save);
	return save->err;
}

static int ctl_save_queue(void *arg, const struct cvsw_queue_info *info)
{
	struct ctl_save *save = arg;

	ctl_save_begin(save, CVSW_CMD_QUEUE_SET);
	if (!save->err)
		save->err = cvsw_nl_put_queue(&save->skb, info,
					      CTL_STATE_QUEUE);
	ctl_save_end(save);
	return save->err;
}

static int ctl_save_flow(void *arg, const struct cvsw_flow *flow)
{
	const struct cvsw_flow_mod mod = {
		.cmd = CVSW_FLOW_RESTORE,
		.out_port = CVSW_PORT_NONE,
		.flow = *flow,
	};
	struct ctl_save *save = arg;

	if (save->open &&
	    !cvsw_nl_put_flow(&save->skb, CVSW_A_FLOW, &mod, CVSW_NL_FLOW_MOD))
		return 0;
	ctl_save_end(save);
	ctl_save_begin(save, CVSW_CMD_FLOW_MOD);
	if (!save->err)
		save->err = cvsw_nl_put_flow(&save->skb, CVSW_A_FLOW, &mod,
					     CVSW_NL_FLOW_MOD);
	return save->err;
}

static int ctl_save_all(struct cvsw_ctl *ctl, struct ctl_save *save)
{
	const struct ctl_state_header header = {
		CTL_STATE_MAGIC, CTL_STATE_ORDER, CTL_STATE_VERSION
	};
	int err;

	ctl_save_write(save, &header, sizeof(header));
	err = ctl_save_switch(ctl, save) ?:
	      cvsw_ctl_port_dump(ctl, ctl_save_port, save) ?:
	      cvsw_ctl_queue_dump(ctl, CVSW_PORT_NONE, ctl_save_queue, save) ?:
	      cvsw_ctl_flow_dump(ctl, NULL, ctl_save_flow, save);
	if (err)
		return err;
	ctl_save_end(save);
	ctl_save_write(save, save->buf,
		       cvsw_nl_msg_done(save->buf, sizeof(save->buf), 0, 0));
	if (!save->err && fflush(save->file))
		save->err = -errno;
	return save->err ? cvsw_ctl_fail(ctl, save->err, "cannot write: %s",
					 strerror(-save->err)) : 0;
}

int cvsw_ctl_save(struct cvsw_ctl *ctl, FILE *file)
{
	struct ctl_save *save = calloc(1, sizeof(*save));
	int err;

	if (!save)
		return cvsw_ctl_fail(ctl, -ENOMEM, "no memory");
	save->file = file;
	err = ctl_save_all(ctl, save);
	free(save);
	return err;
}

/* Restoring */

/**
 * struct ctl_state - what a file held
 * @config:  settings, and which
 * @fields:  of them it had
 * @ports:   ports
 * @n_ports: how many
 * @queues:  queues of them; @n_queues: how many
 * @mods:    flows, behind a command that deletes all others
 */
struct ctl_state {
	struct cvsw_config	config;
	u32			fields;
	struct cvsw_port_info	*ports;
	unsigned int		n_ports;
	struct cvsw_queue_info	*queues;
	unsigned int		n_queues;
	struct cvsw_nl_mods	mods;
};

static void ctl_state_free(struct ctl_state *state)
{
	free(state->ports);
	free(state->queues);
	cvsw_nl_mods_free(&state->mods);
}

static int ctl_state_port(struct ctl_state *state, const struct nlattr *nest)
{
	struct cvsw_port_info *ports, *port;
	u32 fields = 0;
	size_t n = state->n_ports;

	ports = realloc(state->ports, (n + 1) * sizeof(*ports));
	if (!ports)
		return -ENOMEM;
	state->ports = ports;
	port = &ports[n];
	memset(port, 0, sizeof(*port));
	if (cvsw_nl_get_port(nest, port, &fields, NULL) ||
	    fields != CTL_STATE_PORT)
		return -EBADMSG;
	state->n_ports++;
	return 0;
}

static int ctl_state_queue(struct ctl_state *state, const struct nlattr *nest)
{
	struct cvsw_queue_info *queues;
	size_t n = state->n_queues;
	u32 fields;

	queues = realloc(state->queues, (n + 1) * sizeof(*queues));
	if (!queues)
		return -ENOMEM;
	state->queues = queues;
	if (cvsw_nl_get_queue(nest, &queues[n], &fields, NULL) ||
	    fields != CTL_STATE_QUEUE)
		return -EBADMSG;
	state->n_queues++;
	return 0;
}

/* the message that deletes all flows, as the first of the commands */
static int ctl_state_clear(struct ctl_state *state)
{
	const struct cvsw_flow_mod all = {
		.cmd = CVSW_FLOW_DEL, .out_port = CVSW_PORT_NONE
	};
	u64 buf[16];
	struct sk_buff skb;
	const struct nlattr *list;
	int len, err;

	err = cvsw_nl_msg_begin(&skb, buf, sizeof(buf), 0, 0, 0) ?:
	      cvsw_nl_put_flow(&skb, CVSW_A_FLOW, &all, CVSW_NL_FLOW_MOD);
	if (err)
		return err;
	list = cvsw_nl_msg_attrs(skb.nlh, &len);
	return cvsw_nl_mods_add(&state->mods, list, len, NULL);
}

static int ctl_state_msg(struct ctl_state *state, const struct nlmsghdr *nlh)
{
	struct nlattr *tb[CVSW_A_MAX + 1];
	const struct nlattr *list;
	int len;

	if (!cvsw_nl_msg_ok(nlh))
		return -EBADMSG;
	list = cvsw_nl_msg_attrs(nlh, &len);
	if (nla_parse(tb, CVSW_A_MAX, list, len, cvsw_nl_policy, NULL))
		return -EBADMSG;
	if (cvsw_nl_msg_cmd(nlh) == CVSW_CMD_SWITCH_SET && tb[CVSW_A_SWITCH])
		return cvsw_nl_get_config(tb[CVSW_A_SWITCH], &state->config,
					  &state->fields, NULL, NULL);
	if (cvsw_nl_msg_cmd(nlh) == CVSW_CMD_PORT_ADD && tb[CVSW_A_PORT])
		return ctl_state_port(state, tb[CVSW_A_PORT]);
	if (cvsw_nl_msg_cmd(nlh) == CVSW_CMD_QUEUE_SET && tb[CVSW_A_QUEUE])
		return ctl_state_queue(state, tb[CVSW_A_QUEUE]);
	if (cvsw_nl_msg_cmd(nlh) == CVSW_CMD_FLOW_MOD && tb[CVSW_A_FLOW])
		return cvsw_nl_mods_add(&state->mods, list, len, NULL);
	return -EBADMSG;
}

static int ctl_state_parse(struct ctl_state *state, const u8 *data, size_t len)
{
	const struct ctl_state_header *header = (const void *)data;
	const struct nlmsghdr *nlh;
	int left, err;

	if (len < sizeof(*header) || len > CTL_STATE_MAX - 1 ||
	    memcmp(header->magic, CTL_STATE_MAGIC, sizeof(header->magic)) ||
	    header->order != CTL_STATE_ORDER ||
	    header->version != CTL_STATE_VERSION)
		return -EBADMSG;
	nlh = (const void *)(header + 1);
	left = (int)(len - sizeof(*header));
	err = ctl_state_clear(state);
	for (; !err && cvsw_nl_msg_fits(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_type == NLMSG_DONE)
			return 0;
		err = ctl_state_msg(state, nlh);
	}
	/* without its end a file was cut off */
	return err ?: -EBADMSG;
}

/* all of a file, which the caller frees */
static int ctl_state_read(FILE *file, u8 **data, size_t *len)
{
	size_t room = 0, n;
	u8 *more;

	*data = NULL;
	*len = 0;
	do {
		if (*len == room) {
			room = room ? 2 * room : 65536;
			more = room <= CTL_STATE_MAX ? realloc(*data, room) :
						       NULL;
			if (!more)
				return -ENOMEM;
			*data = more;
		}
		n = fread(*data + *len, 1, room - *len, file);
		*len += n;
	} while (n);
	return ferror(file) ? -EIO : 0;
}

/* a port as it was: opened if it is not there, and set.  The keys of in-band control
 * are in no file, so that version 3 is there when the spec says so, or not at all */
static int ctl_restore_port(struct cvsw_ctl *ctl,
			    const struct cvsw_port_info *want)
{
	unsigned int what = CVSW_PORT_SET_CONFIG | CVSW_PORT_SET_ANTISPOOF |
			    CVSW_PORT_SET_INBAND_POLICY;
	struct cvsw_port_info now;
	int err;

	err = cvsw_ctl_port_get(ctl, want->no, NULL, &now);
	if (err == -ENODEV)
		err = cvsw_ctl_port_add(ctl, want->spec, want->no, &now);
	if (err)
		return err;
	if (strcmp(now.spec, want->spec))
		return cvsw_ctl_fail(ctl, -EEXIST,
				     "port %u: is %s, to be restored is %s",
				     want->no, now.spec, want->spec);
	if (want->mtu && want->mtu != now.mtu)
		what |= CVSW_PORT_SET_MTU;
	if (want->inband != CVSW_INBAND_V3)
		what |= CVSW_PORT_SET_INBAND;
	return cvsw_ctl_port_set(ctl, want, what, CVSW_PORT_C_MASK);
}

/* the oldest first, as they are in the file when of one age */
static int ctl_older(const void *a, const void *b)
{
	const struct cvsw_flow_mod *x = *(const struct cvsw_flow_mod *const *)a;
	const struct cvsw_flow_mod *y = *(const struct cvsw_flow_mod *const *)b;

	if (x->flow.age_ns != y->flow.age_ns)
		return x->flow.age_ns < y->flow.age_ns ? 1 : -1;
	return x < y ? -1 : 1;
}

/*
 * Of flows with the same priority the one installed first wins, so they are
 * installed in the order in which they were.
 */
static int ctl_restore_flows(struct cvsw_ctl *ctl,
			     const struct cvsw_nl_mods *mods)
{
	const struct cvsw_flow_mod **order = calloc(mods->n, sizeof(*order));
	struct cvsw_flow_mod *sorted = calloc(mods->n, sizeof(*sorted));
	unsigned int i;
	int err;

	if (!order || !sorted) {
		err = cvsw_ctl_fail(ctl, -ENOMEM, "no memory");
		goto out;
	}
	for (i = 0; i < mods->n; i++)
		order[i] = &mods->mod[i];
	/* but for the first, which deletes all */
	qsort(order + 1, mods->n - 1, sizeof(*order), ctl_older);
	for (i = 0; i < mods->n; i++)
		sorted[i] = *order[i];
	err = cvsw_ctl_flow_mods(ctl, sorted, mods->n);
out:
	free(order);
	free(sorted);
	return err;
}

static int ctl_restore_apply(struct cvsw_ctl *ctl,
			     const struct ctl_state *state, unsigned int what)
{
	unsigned int i;
	int err = 0;

	if (what & CVSW_CTL_RESTORE_SWITCH && state->fields)
		err = cvsw_ctl_switch_set(ctl, &state->config, state->fields);
	/* before the ports, so that no frame meets a table without them */
	if (what & CVSW_CTL_RESTORE_FLOWS && !err)
		err = ctl_restore_flows(ctl, &state->mods);
	if (what & CVSW_CTL_RESTORE_PORTS)
		for (i = 0; i < state->n_ports && !err; i++)
			err = ctl_restore_port(ctl, &state->ports[i]);
	if (what & CVSW_CTL_RESTORE_PORTS)
		for (i = 0; i < state->n_queues && !err; i++)
			err = cvsw_ctl_queue_set(ctl, &state->queues[i]);
	return err;
}

int cvsw_ctl_restore(struct cvsw_ctl *ctl, FILE *file, unsigned int what)
{
	struct ctl_state state = {};
	size_t len;
	u8 *data;
	int err;

	cvsw_nl_mods_init(&state.mods);
	err = ctl_state_read(file, &data, &len);
	if (!err)
		err = ctl_state_parse(&state, data, len);
	free(data);
	if (err == -EBADMSG)
		cvsw_ctl_fail(ctl, err, "not a whole file of saved state");
	else if (err)
		cvsw_ctl_fail(ctl, err, "cannot read: %s", strerror(-err));
	else
		err = ctl_restore_apply(ctl, &state, what);
	ctl_state_free(&state);
	return err;
}
