// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * A whole program over the installed headers, in the common subset of C and
 * C++: a switch of two ports and a flow that tags what goes from 1 to 2.
 */

#include <stdio.h>
#include <string.h>

#include <cvsw/pkt.h>
#include <cvsw/switch.h>
#include <cvsw/text.h>

static struct {
	unsigned int frames;
	unsigned int len;
	unsigned char byte[64];
} sent;

static void output(void *wctx, void *port_priv, struct cvsw_pkt *pkt)
{
	(void)wctx;
	if (port_priv == &sent) {
		sent.frames++;
		sent.len = cvsw_frame_len(pkt);
		memcpy(sent.byte, cvsw_frame_data(pkt),
		       sent.len < sizeof(sent.byte) ? sent.len :
						      sizeof(sent.byte));
	}
	cvsw_frame_free(pkt);
}

static int add_port(struct cvsw_switch *sw, unsigned short no, const char *name,
		    void *priv)
{
	struct cvsw_port_info info;

	memset(&info, 0, sizeof(info));
	info.no = no;
	strcpy(info.name, name);
	return cvsw_port_add(sw, &info, priv, NULL);
}

static int add_flow(struct cvsw_switch *sw, const char *text)
{
	struct cvsw_action actions[4];
	struct cvsw_text_error err;
	struct cvsw_flow_mod mod;

	if (cvsw_text_mod_parse(text, CVSW_FLOW_ADD, 0, NULL, &mod, actions, 4,
				NULL, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	return cvsw_flow_mods(sw, &mod, 1, 1, NULL);
}

static int send_frame(struct cvsw_switch *sw, struct cvsw_pool *pool)
{
	struct cvsw_worker *worker = cvsw_worker_get(sw, 0, NULL);
	struct cvsw_pkt *frame = cvsw_frame_new(pool, 1, 60);
	unsigned char *byte;

	if (!worker || !frame)
		return -1;
	byte = (unsigned char *)cvsw_frame_edit(frame);
	memset(byte, 0, 60);
	byte[5] = 2;
	byte[11] = 1;
	byte[12] = 0x88;	/* local experimental */
	byte[13] = 0xb5;
	cvsw_input(worker, frame, 2);
	cvsw_worker_flush(worker);
	return 0;
}

int main(void)
{
	struct cvsw_pool *pool = cvsw_pool_new();
	struct cvsw_switch *sw = NULL;
	struct cvsw_table_stats stats;
	struct cvsw_config config;
	struct cvsw_ops ops;
	int bad;

	memset(&ops, 0, sizeof(ops));
	ops.output = output;
	cvsw_config_default(&config);
	if (!pool || cvsw_switch_new(&sw, &config, &ops, NULL, NULL))
		return 1;
	bad = add_port(sw, 1, "host", NULL) || add_port(sw, 2, "net", &sent) ||
	      add_flow(sw, "in_port=1,actions=mod_vlan_vid:7,output:2") ||
	      send_frame(sw, pool);
	cvsw_switch_stats(sw, &stats);
	cvsw_switch_free(sw);
	cvsw_pool_free(pool);
	printf("%u frame of %u bytes, tag %02x%02x %02x%02x\n", sent.frames,
	       sent.len, sent.byte[12], sent.byte[13], sent.byte[14],
	       sent.byte[15]);
	return bad || stats.flows != 1 || stats.matched != 1 ||
	       sent.frames != 1 || sent.len != 64 ||
	       memcmp(sent.byte + 12, "\x81\x00\x00\x07\x88\xb5", 6) != 0;
}
