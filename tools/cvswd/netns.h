/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_NETNS_H
#define CVSWD_NETNS_H

/*
 * Network namespaces and the links in them, over rtnetlink.
 *
 * A struct netns has sockets in its namespace: two for requests, one that
 * hears of link changes.  There is one for each namespace that a port is in,
 * shared and counted.  Main thread only.
 */

#include <stdbool.h>
#include <linux/types.h>

struct netns;

/** struct netns_link - what a port needs to know of its link */
struct netns_link {
	int		ifindex;
	__u32		mtu;
	bool		up;	/* administratively up and with carrier */
	bool		gone;	/* deleted, or moved to another namespace */
	__u8		mac[6];
};

/**
 * netns_get - the namespace @name, as in ip-netns(8); "" for the daemon's own
 * @out: receives it, to be given back with netns_put()
 * Return: 0 or a negative errno; -EPERM once capabilities are dropped.
 */
int netns_get(const char *name, struct netns **out);
void netns_put(struct netns *ns);

/**
 * netns_scratch_new - a namespace of nobody's, for tests; takes CAP_SYS_ADMIN
 * Return: 0 or a negative errno.  It ends when netns_scratch_free() was called,
 * or the process is no more, and no socket or device of it is left open.
 */
int netns_scratch_new(struct netns **out);
void netns_scratch_free(struct netns *ns);

/** netns_first - nobody but the caller uses @ns */
bool netns_first(const struct netns *ns);

/* what whoever watches @ns has for it */
void netns_priv_set(struct netns *ns, void *priv);
void *netns_priv(const struct netns *ns);

/** netns_fd - becomes readable when a link has changed */
int netns_fd(const struct netns *ns);

/** netns_enter - make @ns the thread's namespace until netns_leave() */
int netns_enter(const struct netns *ns);
void netns_leave(const struct netns *ns);

/** netns_link_get - look at a link, by @name if @ifindex is 0 */
int netns_link_get(struct netns *ns, int ifindex, const char *name,
		   struct netns_link *link);

/**
 * netns_link_set - change a link
 * @mtu: 0 to leave it
 * @up:  bring it up; false leaves it as it is
 */
int netns_link_set(struct netns *ns, int ifindex, __u32 mtu, bool up);

/** netns_word_known - does @word start as netns_word_set() wants it? */
bool netns_word_known(const char *word);

/**
 * netns_word_set - one more setting of a link
 * @word: "addr=ADDR/LEN", "mac=MAC", "neigh=ADDR@MAC", "route=PREFIX@GATEWAY"
 * Return: 0; -EINVAL for a word that is not well formed; a negative errno.
 */
int netns_word_set(struct netns *ns, int ifindex, const char *word);

/**
 * netns_read - take in link changes
 * @changed: called for each link that changed
 * Return: 0, or -ENOBUFS when some were missed.
 */
int netns_read(struct netns *ns,
	       void (*changed)(void *arg, struct netns *ns,
			       const struct netns_link *link),
	       void *arg);

/* netns_scratch.c: links that are made */

/** netns_bridge_new - a bridge @name, up, between the links @a and @b */
int netns_bridge_new(struct netns *ns, const char *name, int a, int b);

/** netns_veth_new - a veth pair */
int netns_veth_new(struct netns *ns, const char *name, const char *peer);

/** netns_ifb_new - an IFB device, up, which by itself holds @len frames */
int netns_ifb_new(struct netns *ns, const char *name, unsigned int len);

/** netns_ifb_find - index of the IFB device @name; 0: there is none; or an error */
int netns_ifb_find(struct netns *ns, const char *name);

/** netns_link_del - remove a link */
int netns_link_del(struct netns *ns, int ifindex);

/* netns_scratch.c's for netns.c: have the thread's namespace keep quiet */
void netns_silence(void);

/* for netns_route.c: a socket, which is unconnected to netns_follow_open(), and
 * whether it hears of changes */
struct nl_sock;
int netns_follow_open(struct nl_sock *sk);
struct nl_sock *netns_routes(const struct netns *ns);
bool netns_follows(const struct netns *ns);
void netns_follows_set(struct netns *ns, bool on);

/* netns.c's for netns_addr.c, netns_scratch.c, ethtool.c and tc.c: the sockets for
 * requests to rtnetlink and to generic netlink; the id of the family "ethtool",
 * or libnl's error; libnl's errors as errno */
struct nl_sock *netns_request(const struct netns *ns);
struct nl_sock *netns_generic(const struct netns *ns);
int netns_ethtool(const struct netns *ns);
int netns_errno(int nle);

#endif /* CVSWD_NETNS_H */
