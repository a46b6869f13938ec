/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSWD_PORT_H
#define CVSWD_PORT_H

/*
 * Ports: devices that frames come from and go to.
 *
 * The main thread opens, changes and closes ports.  Workers read from the
 * queues that loop.c gave them and write to any queue; they see a port only
 * inside an RCU read section, and loop_del() waits for them.  What both sides
 * use (mtu, tx_offload, dead, shaped) is read and written whole.
 */

#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include "os.h"

#define PORT_SPEC_MAX		sizeof(((struct cvsw_port_info *)0)->spec)
#define PORT_QUEUES_MAX		64
#define PORT_LINK_WORDS		8
#define PORT_BATCH		128	/* frames that are read or written at once */

/* a batch ends early when it has grown to this, while it is still in cache */
#define PORT_BATCH_BYTES	(256 * 1024)

struct port;
struct port_queues;
struct port_spec;
struct netns;
struct netns_link;
struct vswitch;

/**
 * struct port_queue - one queue of a port, read by one worker
 * @fd: readable when there are frames
 */
struct port_queue {
	struct port	*port;
	unsigned int	index;
	int		fd;
	unsigned int	worker;		/* loop.c: who reads it */
	unsigned int	slot;		/* loop.c: its place there */
};

/**
 * struct port_batch - frames that were read at once
 * @bytes: of @frame
 * @bad:   those that make no sense, to be counted and freed
 */
struct port_batch {
	unsigned int	n;
	unsigned int	n_bad;
	u32		bytes;
	struct cvsw_pkt	*frame[PORT_BATCH];
	struct cvsw_pkt	*bad[PORT_BATCH];
};

/**
 * struct port_ops - one kind of port
 * @kind:    word in front of the colon
 * @options: which options of struct port_spec it takes, PORT_O_*
 * @open:    opens the device; sets queue descriptors, rx_offload, tx_offload
 *           and, when there is a link, ifindex; @why receives what failed
 * @close:   closes it; also after a failed @open
 * @read:    fills an empty batch; 0, or a negative errno when the queue is of
 *           no use any more.  In worker threads
 * @write:   sends frames, which stay the caller's, from the first on; returns
 *           how many, and when not all, in @why what holds against the next.
 *           In worker threads, several at once
 * @quiet:   the port's namespace has an address that tunnels end at: see that
 *           the kernel does not answer their frames; NULL: it never sees them
 * @shape:   gets the port ready for queues (queue.h) on the link that it tells:
 *          from when @shaped is set frames leave by their own; NULL: it has none
 * @unshape: the opposite, with @shaped no longer set; also of a port that was
 *          just opened, if an earlier process left anything
 * @queue_max: highest id of a queue
 * @offload: makes rx_offload and tx_offload those wanted, of those that @open
 *           has set, or fewer; NULL: fixed
 */
struct port_ops {
	const char	*kind;
	unsigned int	options;
	int (*open)(struct port *port, const struct port_spec *spec,
		    const char **why);
	void (*close)(struct port *port);
	int (*read)(struct port_queue *queue, struct cvsw_pool *pool,
		    struct port_batch *batch);
	unsigned int (*write)(struct port_queue *queue,
			      struct cvsw_pkt *const *frames, unsigned int n,
			      enum cvsw_drop *why);
	void (*quiet)(struct port *port, const struct cvsw_config *config);
	int (*shape)(struct port *port, int *ifindex, const char **why);
	void (*unshape)(struct port *port);
	u32 queue_max;
	int (*offload)(struct port *port, u32 rx, u32 tx);
};

extern const struct port_ops port_tap;
extern const struct port_ops port_packet;
extern const struct port_ops port_pcap;

/* options of a port, beside no= and name= */
#define PORT_O_QUEUES	0x01	/* queues=N */
#define PORT_O_PERSIST	0x02	/* persist */
#define PORT_O_LINK	0x04	/* netns=NAME, mtu=N or auto, up, netns_word_set()'s */
#define PORT_O_OUT	0x08	/* a second name */
#define PORT_O_OFFLOAD	0x10	/* rx_offload=WORDS, tx_offload=WORDS */
#define PORT_O_MOVES	0x20	/* no option: its link may leave the namespace */

/**
 * struct port_spec - a port as configuration says it:
 * KIND:DEVICE[,OUT][,OPTION]...
 * @text:   all of it
 * @device: interface or file
 * @out:    second file
 * @name:   of the port; the device's if it is not said
 * @no:     port number, 0 for the lowest free one
 * @link: what else its link is to have, as netns_word_set() reads it
 * @mtu:  of its link, 0: as it is; @mtu_auto: and then it follows the tunnels
 * @rx_offload: CVSW_OFFLOAD_* that it may have at most; @tx_offload likewise
 * @inband: CVSW_INBAND_*, and what goes with it
 * @why: what is wrong, when that is more than that it cannot be read
 */
struct port_spec {
	const struct port_ops	*ops;
	char			text[PORT_SPEC_MAX];
	char			device[512];
	char			out[512];
	char			netns[64];
	char			name[CVSW_NAME_LEN];
	char			link[PORT_LINK_WORDS][96];
	unsigned int		n_link;
	u32			mtu;
	u32			rx_offload;
	u32			tx_offload;
	u16			no;
	u16			queues;
	u8			inband;
	u8			inband_policy;
	struct cvsw_inband_keys	inband_keys;
	const char		*why;
	bool			persist;
	bool			up;
	bool			mtu_auto;
};

/**
 * struct port_offload - why offloads are what they are, CVSW_OFFLOAD_*
 * @can:    what the kind's open() found
 * @asked:  by the port's text or by command
 * @failed: the self-test
 */
struct port_offload {
	u32	can;
	u32	asked;
	u32	failed;
};

/**
 * struct port - one port
 * @mtu:        longest IP packet, 0 for no limit
 * @mtu_own:    that it has without tunnels; 0 when it does not follow them
 * @mtu_tried:  that mtu_follow() tried to set last
 * @rx_offload: CVSW_OFFLOAD_* that its frames may come with
 * @tx_offload: CVSW_OFFLOAD_* that it takes
 * @rx_why:     where @rx_offload comes from; @tx_why likewise
 * @device:     what its device was asked to do, CVSW_DEVICE_*, when that was
 *              told last
 * @dead:       the device went away; @mourned: and that was said
 * @link_up:    as rtnetlink said last
 * @shaped:     it has queues
 * @untold:     what it can do has changed, which the switch does not know yet
 * @session:    of in-band control; NULL when there is none
 * @queues:     queue.c: which
 * @ns:         namespace of its link; NULL when it has none
 * @tx:         loop.c: what each worker has for it
 * @priv:       the kind's
 */
struct port {
	const struct port_ops	*ops;
	struct vswitch		*vs;
	struct port		*next;
	struct netns		*ns;
	struct loop_tx		*tx;
	struct port_queues	*queues;
	struct inband_client	*session;
	void			*priv;
	int			ifindex;
	u32			mtu;
	u32			mtu_own;
	u32			mtu_tried;
	u32			rx_offload;
	u32			tx_offload;
	struct port_offload	rx_why;
	struct port_offload	tx_why;
	u32			device;
	u16			no;
	u16			n_queues;
	bool			dead;
	bool			mourned;
	bool			link_up;
	bool			shaped;
	bool			untold;
	char			name[CVSW_NAME_LEN];
	char			*spec;
	struct port_queue	queue[PORT_QUEUES_MAX];
};

/**
 * port_spec_parse - read a port from text
 * @why:  receives what is wrong
 * @size: bytes of @why
 * Return: 0 or -EINVAL.
 */
int port_spec_parse(const char *text, struct port_spec *spec, char *why,
		    size_t size);

/**
 * port_open - open the device of @spec and add it to a switch
 * @out:  receives it
 * @why:  receives what went wrong
 * Return: 0 or a negative errno.
 */
int port_open(struct vswitch *vs, const struct port_spec *spec,
	      struct port **out, char *why, size_t size);

/* ops->port_close, ops->port_set and ops->port_test (port_offload.c's) of
 * struct cvsw_ops */
void port_close(void *ctx, void *priv);
int port_set(void *ctx, void *priv, struct cvsw_port_info *want,
	     struct cvsw_error *err);
int port_test(void *ctx, void *priv, struct cvsw_test *tests, unsigned int *n,
	      struct cvsw_error *err);

/* port_offload.c's for port.c */

/** port_offload_open - of a port that was just opened: as much as @spec lets it
 * and the self-test has no objection to */
int port_offload_open(struct port *port, const struct port_spec *spec,
		      const char **why);

/** port_offload_settle - make them what follows from all that is known */
int port_offload_settle(struct port *port);

/** port_offload_info - what offloads and the device's settings are, what they
 * were to be, and why they are not */
void port_offload_info(struct port *port, struct cvsw_port_info *info);

/**
 * port_offload_set - have offloads and the device be as @want asks
 * Return: 0 also when not all of it is in force; a negative errno with the
 * word at fault in @err, and nothing changed.
 */
int port_offload_set(struct port *port, const struct cvsw_port_info *want,
		     struct cvsw_error *err);

/* struct port_asked - what was asked for, CVSW_OFFLOAD_* and CVSW_DEVICE_* */
struct port_asked {
	u32	rx;
	u32	tx;
	u32	device;
};

/* what is now, and go back to it after port_offload_set() */
struct port_asked port_offload_asked(const struct port *port);
void port_offload_back(struct port *port, const struct port_asked *asked);

/** port_link_changed - what rtnetlink says of the link of @port */
void port_link_changed(struct port *port, const struct netns_link *link);

/** port_tick - now and then: what of @port changed without its link saying so */
void port_tick(struct port *port);

#endif /* CVSWD_PORT_H */
