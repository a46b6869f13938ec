// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Feeds the generic netlink family of cvsw.ko with requests of the corpus of
 * fuzz_nl, as they are and changed: genl_fuzz IFACE SEED MESSAGES FILE...
 *
 * IFACE has the only switch of the network namespace; it is detached and
 * attached now and then.  What must hold: each request is answered, with an
 * acknowledgement, an error, or a dump that ends; what comes back has the
 * attributes that it may have; a request that was refused has changed neither
 * flows nor ports nor settings.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ctl_priv.h"

#define REQUESTS_MAX	256
#define ATTRS_MAX	8192u		/* bytes of attributes in the corpus */
#define MESSAGE_MAX	(256u << 10)
#define CLIENTS		2
#define CHECK_EACH	2		/* refused requests */
#define RENEW_EACH	500		/* messages */
#define PATIENCE	60000		/* ms until an answer is late */

struct request {
	u8		cmd;
	bool		dump;
	unsigned int	len;
	u8		attrs[ATTRS_MAX];
};

/**
 * struct fuzz - the state of all
 * @ctl:       clients
 * @events:    one that listens
 * @random:    state of pick()
 * @requests:  @n_requests of the corpus
 * @out:       the message at work, the @sent-th
 * @was:       sum of what there is, if it is @known
 * @streak:    requests that were refused since
 * @done:      how many were not, and so on
 */
struct fuzz {
	struct cvsw_ctl	*ctl[CLIENTS];
	struct cvsw_ctl	*events;
	u64		random;
	struct request	requests[REQUESTS_MAX];
	unsigned int	n_requests;
	u8		out[MESSAGE_MAX] __attribute__((aligned(8)));
	u64		was;
	bool		known;
	unsigned int	streak;
	unsigned int	sent, done, refused, checked, odd, heard;
};

static struct fuzz fuzz;

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *format, ...)
{
	const struct nlmsghdr *nlh = (const void *)fuzz.out;
	unsigned int i;
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("; message %u:", fuzz.sent);
	for (i = 0; i < nlh->nlmsg_len && i < 512; i++)
		printf("%s%02x", i % 4 ? "" : " ", fuzz.out[i]);
	printf("\n");
	exit(1);
}

/* a random number below @n (xorshift64*) */
static u32 pick(u32 n)
{
	fuzz.random ^= fuzz.random >> 12;
	fuzz.random ^= fuzz.random << 25;
	fuzz.random ^= fuzz.random >> 27;
	return (u32)((fuzz.random * 0x2545f4914f6cdd1dull) >> 32) % n;
}

/* a bit of one byte of @n at @at is another one */
static void flip(u8 *at, u32 n)
{
	if (n)
		at[pick(n)] ^= (u8)(1 << pick(8));
}

/* The corpus: command, flags (1: a dump, 2: no attributes, but a whole
 * message), length (2 bytes, low first), attributes */

static void corpus_take(const u8 *data, size_t size)
{
	struct request *request;
	unsigned int len;

	for (; size >= 4 && fuzz.n_requests < REQUESTS_MAX; size -= len) {
		request = &fuzz.requests[fuzz.n_requests];
		len = min_t(u32, (u32)(data[2] | data[3] << 8), (u32)size - 4);
		request->cmd = data[0];
		request->dump = data[1] & 1;
		request->len = min(len, ATTRS_MAX);
		memcpy(request->attrs, data + 4, request->len);
		fuzz.n_requests += !(data[1] & 2);
		len += 4;
		data += len;
	}
}

static void corpus_read(const char *path)
{
	static u8 data[1 << 20];
	FILE *file = fopen(path, "rb");

	if (!file)
		die("%s: %s", path, strerror(errno));
	corpus_take(data, fread(data, 1, sizeof(data), file));
	fclose(file);
}

/* Exchange */

/* only what our attributes may be */
static int answer(void *arg, const struct nlmsghdr *nlh)
{
	struct nlattr *tb[CVSW_A_MAX + 1];
	const struct nlattr *list;
	int len;

	(void)arg;
	list = cvsw_nl_msg_attrs(nlh, &len);
	return cvsw_nla_parse(tb, CVSW_A_MAX, list, len, cvsw_nl_policy, true,
			      NULL) ? -EBADMSG : 0;
}

static int run(struct cvsw_ctl *ctl, struct nlmsghdr *nlh,
	       int (*each)(void *arg, const struct nlmsghdr *nlh), void *arg)
{
	const struct sk_buff skb = { .nlh = nlh };
	int err;

	nlh->nlmsg_seq = ++ctl->seq;
	err = cvsw_ctl_run(ctl, &skb, each, arg);
	if (err == -ETIMEDOUT || err == -ECONNRESET || err == -EBADMSG)
		die("client: %s", cvsw_ctl_error(ctl)->text);
	return err;
}

static struct cvsw_ctl *client(void)
{
	struct cvsw_ctl_error err;
	struct cvsw_ctl *ctl;

	if (cvsw_ctl_open(&ctl, "netlink:", &err))
		die("open: %s", err.text);
	if (cvsw_ctl_timeout(ctl, PATIENCE))
		die("timeout: %s", cvsw_ctl_error(ctl)->text);
	return ctl;
}

static void hear_events(void)
{
	struct cvsw_ctl_event event;
	int got;

	while ((got = cvsw_ctl_event(fuzz.events, 0, &event)) > 0)
		fuzz.heard++;
	if (got < 0)
		die("event: %s", cvsw_ctl_error(fuzz.events)->text);
}

/* What there is: a sum over all that does not change by itself */

static u64 sum_nest(const struct nlattr *nest, u64 without)
{
	u64 sum = nest->nla_type;
	const struct nlattr *nla;
	int rem, i;

	nla_for_each_nested(nla, nest, rem)
		for (i = 0; i < nla->nla_len && !(without >> nla_type(nla) & 1);
		     i++)
			sum = (sum ^ ((const u8 *)nla)[i]) * 0x100000001b3ull;
	return sum;
}

/* does a flow go away by itself? */
static bool sum_timed(const struct nlattr *flow)
{
	const struct nlattr *nla;
	bool timed = false;
	int rem;

	nla_for_each_nested(nla, flow, rem)
		timed |= (nla_type(nla) == CVSW_FLOW_A_IDLE_TIMEOUT ||
			  nla_type(nla) == CVSW_FLOW_A_HARD_TIMEOUT) &&
			 nla_get_u16(nla);
	return timed;
}

static int sum_message(void *arg, const struct nlmsghdr *nlh)
{
	const u64 flow = 1ull << CVSW_FLOW_A_PACKETS |
			 1ull << CVSW_FLOW_A_BYTES | 1ull << CVSW_FLOW_A_AGE |
			 1ull << CVSW_FLOW_A_IDLE;
	const u64 port = ~(1ull << CVSW_PORT_A_NO | 1ull << CVSW_PORT_A_NAME |
			   1ull << CVSW_PORT_A_CONFIG |
			   1ull << CVSW_PORT_A_ANTISPOOF);
	const struct nlattr *nla;
	u64 *sum = arg;
	int rem, len;

	nla = cvsw_nl_msg_attrs(nlh, &len);
	nla_for_each_attr(nla, nla, len, rem) {
		if (nla_type(nla) == CVSW_A_FLOW && !sum_timed(nla))
			*sum += sum_nest(nla, flow);
		else if (nla_type(nla) == CVSW_A_PORT)
			*sum += sum_nest(nla, port);
		else if (nla_type(nla) == CVSW_A_SWITCH)
			*sum += sum_nest(nla, 1ull << CVSW_SWITCH_A_STATS);
	}
	return answer(NULL, nlh);
}

static u64 sum_all(void)
{
	static const u8 of[] = {
		CVSW_CMD_SWITCH_GET, CVSW_CMD_PORT_GET, CVSW_CMD_FLOW_GET,
	};
	u64 sum = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(of); i++)
		if (cvsw_ctl_get(fuzz.ctl[0], of[i], true, sum_message, &sum))
			die("dump by command %u: %s", of[i],
			    cvsw_ctl_error(fuzz.ctl[0])->text);
	return sum;
}

/* Changes */

/* some attribute among @len bytes at @at, also inside nests; NULL: none */
static struct nlattr *some_attr(struct nlattr *at, u32 len)
{
	struct nlattr *nla, *chosen = NULL;
	u32 n = 0;
	int rem;

	nla_for_each_attr(nla, at, (int)len, rem)
		if (!pick(++n))
			chosen = nla;
	if (!chosen || !(chosen->nla_type & NLA_F_NESTED) || !pick(3))
		return chosen;
	nla = some_attr(nla_data(chosen), (u32)nla_len(chosen));
	return nla ? nla : chosen;
}

static void change_attr(struct nlattr *nla)
{
	static const u32 odd[] = {
		0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xfff8, 0xfffb,
		0xfffc, 0xfffd, 0xffff, 0x10000, 0x7fffffff, 0xffffffff,
	};
	u32 len = (u32)nla_len(nla);

	switch (pick(6)) {
	case 0:
		nla->nla_len = (u16)(nla->nla_len + pick(17) - 8);
		break;
	case 1:
		nla->nla_len = (u16)pick(65536);
		break;
	case 2:
		nla->nla_type ^= pick(4) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
		break;
	case 3:
		nla->nla_type = (u16)((nla->nla_type & NLA_F_NESTED) | pick(32));
		break;
	case 4:
		memcpy(nla_data(nla), &odd[pick(ARRAY_SIZE(odd))], min(len, 4u));
		break;
	default:
		flip(nla_data(nla), len);
		break;
	}
}

/* the @len bytes of attributes at @at, in one way; how many they are then */
static u32 change(u8 *at, u32 len, u32 room)
{
	const struct request *other = &fuzz.requests[pick(fuzz.n_requests)];
	struct nlattr *nla = some_attr((struct nlattr *)at, len);
	const u32 aligned = nla_aligned(len);
	u32 n;

	switch (pick(8)) {
	case 0:
		return len ? pick(len) : 0;
	case 1:
		n = min(1 + pick(40), room - len);
		while (n--)
			at[len++] = (u8)pick(256);
		return len;
	case 2:
		if (other->len > room - aligned)
			return len;
		memcpy(at + aligned, other->attrs, other->len);
		return aligned + other->len;
	case 3:	/* once more */
		if (!nla || nla->nla_len > room - aligned)
			return len;
		memmove(at + aligned, nla, nla->nla_len);
		return aligned + nla->nla_len;
	default:
		if (nla)
			change_attr(nla);
		return len;
	}
}

/* Fuzzing */

/* another switch takes the place of this one */
static void renew(const char *iface)
{
	struct cvsw_ctl **ctl = &fuzz.ctl[pick(CLIENTS)];
	struct cvsw_config config;

	cvsw_ctl_detach(*ctl, iface);
	if (cvsw_ctl_detach(*ctl, iface) != -ENODEV)
		die("detached twice");
	if (cvsw_ctl_switch_get(*ctl, &config, NULL) != -ENODEV)
		die("detached, but there");
	if (cvsw_ctl_attach(*ctl, iface))
		die("not attached: %s", cvsw_ctl_error(*ctl)->text);
	if (cvsw_ctl_attach(*ctl, iface) != -EEXIST)
		die("attached twice");
	/* its bundles end */
	cvsw_ctl_close(*ctl);
	*ctl = client();
	fuzz.known = false;
}

/* a message with a header that may make it none, then one that is */
static void send_odd(struct cvsw_ctl *ctl, struct nlmsghdr *nlh)
{
	const u32 len = nlh->nlmsg_len;
	struct cvsw_config config;

	nlh->nlmsg_seq = ++ctl->seq;
	if (pick(2))
		flip((u8 *)&nlh->nlmsg_flags, sizeof(nlh->nlmsg_flags));
	else if (pick(2))
		flip(fuzz.out + NLMSG_HDRLEN, GENL_HDRLEN);
	else
		nlh->nlmsg_len ^= 1u << pick(32);
	fuzz.odd += !ctl->transport->send(ctl->link, nlh, len, true);
	if (cvsw_ctl_switch_get(ctl, &config, NULL))
		die("behind an odd header: %s", cvsw_ctl_error(ctl)->text);
	fuzz.known = false;
}

static void check(struct cvsw_ctl *ctl, int err)
{
	if (!err) {
		fuzz.done++;
		fuzz.streak = 0;
		fuzz.known = false;
		return;
	}
	fuzz.refused++;
	if (!fuzz.known) {
		fuzz.was = sum_all();
		fuzz.known = true;
	} else if (!(++fuzz.streak % CHECK_EACH)) {
		fuzz.checked++;
		if (sum_all() != fuzz.was)
			die("refused (%s), but something changed",
			    cvsw_ctl_error(ctl)->text);
	}
}

static void fuzz_one(void)
{
	const struct request *request = &fuzz.requests[pick(fuzz.n_requests)];
	const u8 cmd = pick(24) ? request->cmd : (u8)pick(CVSW_CMD_ATTACH);
	const bool dump = request->dump ^ !pick(16);
	struct cvsw_ctl *ctl = fuzz.ctl[pick(CLIENTS)];
	const u32 room = MESSAGE_MAX - 1024;
	u32 len = 0, n = pick(4), copies = pick(256) ? 1 : 1 + pick(2000);
	struct sk_buff skb;
	u8 *attrs = fuzz.out + CVSW_NL_HDRLEN;

	cvsw_nl_msg_begin(&skb, fuzz.out, sizeof(fuzz.out), NLM_F_REQUEST |
			  (dump ? NLM_F_DUMP : NLM_F_ACK), 0, cmd);
	for (; copies-- && request->len <= room - len; len = nla_aligned(len)) {
		memcpy(attrs + len, request->attrs, request->len);
		len += request->len;
	}
	while (n--)
		len = change(attrs, len, room);
	skb.nlh->nlmsg_len = CVSW_NL_HDRLEN + len;
	fuzz.sent++;
	if (pick(32))
		check(ctl, run(ctl, skb.nlh, answer, NULL));
	else
		send_odd(ctl, skb.nlh);
}

int main(int argc, char **argv)
{
	unsigned int i, n;

	if (argc < 5)
		die("genl_fuzz IFACE SEED MESSAGES FILE...");
	fuzz.random = strtoull(argv[2], NULL, 0) | 1;
	n = (unsigned int)strtoul(argv[3], NULL, 0);
	for (i = 4; i < (unsigned int)argc; i++)
		corpus_read(argv[i]);
	if (!fuzz.n_requests)
		die("no requests in the corpus");
	for (i = 0; i < CLIENTS; i++)
		fuzz.ctl[i] = client();
	fuzz.events = client();
	if (cvsw_ctl_subscribe(fuzz.events, CVSW_NL_GROUP_MASK))
		die("events: %s", cvsw_ctl_error(fuzz.events)->text);
	for (i = 0; i < n; i++) {
		if (i % RENEW_EACH == 0)
			renew(argv[1]);
		fuzz_one();
		hear_events();
	}
	printf("%u messages of %u requests: %u done, %u refused, %u checks, "
	       "%u odd headers, %u events\n", fuzz.sent, fuzz.n_requests,
	       fuzz.done, fuzz.refused, fuzz.checked, fuzz.odd, fuzz.heard);
	return 0;
}
