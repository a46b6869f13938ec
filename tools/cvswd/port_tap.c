// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * tap:NAME[,queues=N][,persist] - a TAP device, created if need be.
 *
 * While it has queues all frames are written with a tag that says which: see
 * queue_tap.h.
 */

#include "port.h"

#include "cvswd.h"
#include "queue.h"
#include "queue_tap.h"
#include "tap.h"

static int tap_port_open(struct port *port, const struct port_spec *spec,
			 const char **why)
{
	struct cvsw_tap *tap = calloc(1, sizeof(*tap));
	unsigned int i;
	int ret;

	*why = "memory";
	if (!tap)
		return -ENOMEM;
	ret = cvsw_tap_open(tap, spec->device, spec->queues,
			    spec->persist ? CVSW_TAP_PERSIST : 0, why);
	if (ret) {
		free(tap);
		return ret;
	}
	port->priv = tap;
	port->rx_offload = tap->rx_offload;
	port->tx_offload = tap->tx_offload | CVSW_OFFLOAD_GRO;
	for (i = 0; i < tap->queues; i++)
		port->queue[i].fd = tap->fd[i];
	*why = tap->name;
	port->ifindex = (int)if_nametoindex(tap->name);
	return port->ifindex ? 0 : -errno;
}

static void tap_port_close(struct port *port)
{
	cvsw_tap_close(port->priv);
	free(port->priv);
}

static int tap_port_read(struct port_queue *q, struct cvsw_pool *pool,
			 struct port_batch *b)
{
	struct cvsw_pkt *frame;
	int ret = 0;

	while (b->n < PORT_BATCH && b->n_bad < PORT_BATCH &&
	       b->bytes < PORT_BATCH_BYTES) {
		ret = cvsw_tap_read(q->port->priv, q->index, pool, &frame);
		if (unlikely(ret == -EPROTO)) {
			b->bad[b->n_bad++] = frame;
			continue;
		}
		if (ret)
			break;
		frame->in_port = q->port->no;
		b->bytes += cvsw_frame_len(frame);
		b->frame[b->n++] = frame;
	}
	if (!ret || ret == -EAGAIN || ret == -EPROTO || ret == -ENOMEM)
		return 0;
	return ret;
}

static int tap_write_queue(const struct port_queue *q,
			   const struct cvsw_pkt *frame)
{
	u32 id = frame->queue <= QUEUE_TAP_MAX ? frame->queue : 0;

	return cvsw_tap_write_tagged(q->port->priv, q->index, frame,
				     (u16)queue_minor(id));
}

static unsigned int tap_port_write(struct port_queue *q,
				   struct cvsw_pkt *const *frames,
				   unsigned int n, enum cvsw_drop *why)
{
	const bool shaped = READ_ONCE(q->port->shaped);
	unsigned int i;
	int ret;

	for (i = 0; i < n; i++) {
		ret = unlikely(shaped) ? tap_write_queue(q, frames[i]) :
		      cvsw_tap_write(q->port->priv, q->index, frames[i]);
		if (unlikely(ret)) {
			*why = ret == -EAGAIN ? CVSW_DROP_TX_FULL :
						CVSW_DROP_TX_ERROR;
			break;
		}
	}
	return i;
}

static int tap_port_offload(struct port *port, u32 rx, u32 tx)
{
	struct cvsw_tap *tap = port->priv;
	int ret;

	ret = cvsw_tap_offload_set(tap, rx);
	if (ret)
		return ret;
	port->rx_offload = tap->rx_offload;
	WRITE_ONCE(port->tx_offload, tx & (tap->tx_offload | CVSW_OFFLOAD_GRO));
	return 0;
}

static int tap_port_shape(struct port *port, int *ifindex, const char **why)
{
	const struct cvsw_tap *tap = port->priv;

	return queue_tap_up(port->ns, port->vs->daemon->queue_prog,
			    port->ifindex, tap->name, ifindex, why);
}

static void tap_port_unshape(struct port *port)
{
	const struct cvsw_tap *tap = port->priv;

	/* nobody writes tags any more before nobody takes them off */
	synchronize_rcu();
	queue_tap_down(port->ns, port->ifindex, tap->name);
}

const struct port_ops port_tap = {
	.kind = "tap",
	.options = PORT_O_QUEUES | PORT_O_PERSIST | PORT_O_LINK |
		   PORT_O_OFFLOAD | PORT_O_MOVES,
	.open = tap_port_open,
	.close = tap_port_close,
	.read = tap_port_read,
	.write = tap_port_write,
	.shape = tap_port_shape,
	.unshape = tap_port_unshape,
	.queue_max = QUEUE_TAP_MAX,
	.offload = tap_port_offload,
};
