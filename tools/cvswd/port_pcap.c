// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * pcap:IN[,OUT] - frames from a capture file, and what is sent into another.
 *
 * Frames come as fast as the switch takes them, whatever their timestamps say;
 * IN may be "-": there are none.  At its end the port stays, silent.
 */

#include "port.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <unistd.h>
#include "cvswd.h"

/*
 * struct pcap_port
 * @lock: of @out, which any worker may write
 */
struct pcap_port {
	pcap_t		*in;
	pcap_t		*format;
	pcap_dumper_t	*out;
	pthread_mutex_t	lock;
};

static int pcap_in_open(struct pcap_port *p, const char *path, const char **why)
{
	char error[PCAP_ERRBUF_SIZE];

	p->in = pcap_open_offline(path, error);
	if (!p->in) {
		say(LOG_ERR, "%s", error);
		*why = "input file";
		return -EINVAL;
	}
	*why = "input file is not of Ethernet frames";
	return pcap_datalink(p->in) == DLT_EN10MB ? 0 : -EINVAL;
}

static int pcap_out_open(struct pcap_port *p, const char *path,
			 const char **why)
{
	*why = "memory";
	p->format = pcap_open_dead(DLT_EN10MB, 262144);
	if (!p->format)
		return -ENOMEM;
	*why = "output file";
	p->out = pcap_dump_open(p->format, path);
	if (!p->out) {
		say(LOG_ERR, "%s", pcap_geterr(p->format));
		return -EINVAL;
	}
	return pcap_dump_flush(p->out) ? -EIO : 0;
}

static int pcap_port_open(struct port *port, const struct port_spec *spec,
			  const char **why)
{
	struct pcap_port *p = calloc(1, sizeof(*p));
	int ret = 0;

	*why = "memory";
	if (!p)
		return -ENOMEM;
	port->priv = p;
	pthread_mutex_init(&p->lock, NULL);
	if (strcmp(spec->device, "-"))
		ret = pcap_in_open(p, spec->device, why);
	if (!ret && *spec->out)
		ret = pcap_out_open(p, spec->out, why);
	if (ret || !p->in)
		return ret;
	*why = "eventfd";
	/* readable until the file is at its end */
	port->queue[0].fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	return port->queue[0].fd < 0 ? -errno : 0;
}

static void pcap_port_close(struct port *port)
{
	struct pcap_port *p = port->priv;

	if (p->in)
		pcap_close(p->in);
	if (p->out)
		pcap_dump_close(p->out);
	if (p->format)
		pcap_close(p->format);
	if (port->queue[0].fd >= 0)
		close(port->queue[0].fd);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

static void pcap_port_end(struct port_queue *q)
{
	u64 count;

	if (read(q->fd, &count, sizeof(count)) < 0)
		say(LOG_ERR, "port %s: eventfd: %m", q->port->name);
}

static int pcap_port_read(struct port_queue *q, struct cvsw_pool *pool,
			  struct port_batch *b)
{
	struct pcap_port *p = q->port->priv;
	struct pcap_pkthdr *hdr;
	struct cvsw_pkt *frame;
	const u_char *data;
	u32 len;

	while (b->n < PORT_BATCH && b->n_bad < PORT_BATCH) {
		if (pcap_next_ex(p->in, &hdr, &data) != 1) {
			pcap_port_end(q);
			break;
		}
		len = min_t(u32, hdr->caplen, CVSW_FRAME_MAX);
		frame = cvsw_frame_new(pool, q->port->no, len);
		if (!frame)
			return -ENOMEM;
		memcpy(cvsw_frame_edit(frame), data, len);
		if (len == hdr->len)
			b->frame[b->n++] = frame;
		else	/* cut off, or longer than any frame */
			b->bad[b->n_bad++] = frame;
	}
	return 0;
}

static unsigned int pcap_port_write(struct port_queue *q,
				    struct cvsw_pkt *const *frames,
				    unsigned int n, enum cvsw_drop *why)
{
	struct pcap_port *p = q->port->priv;
	struct pcap_pkthdr hdr = {};
	unsigned int i;

	if (!p->out)
		return n;
	gettimeofday(&hdr.ts, NULL);
	pthread_mutex_lock(&p->lock);
	for (i = 0; i < n; i++) {
		hdr.caplen = cvsw_frame_len(frames[i]);
		hdr.len = hdr.caplen;
		pcap_dump((u_char *)p->out, &hdr, cvsw_frame_data(frames[i]));
	}
	if (pcap_dump_flush(p->out)) {
		*why = CVSW_DROP_TX_ERROR;
		n = 0;
	}
	pthread_mutex_unlock(&p->lock);
	return n;
}

const struct port_ops port_pcap = {
	.kind = "pcap",
	.options = PORT_O_OUT,
	.open = pcap_port_open,
	.close = pcap_port_close,
	.read = pcap_port_read,
	.write = pcap_port_write,
};
