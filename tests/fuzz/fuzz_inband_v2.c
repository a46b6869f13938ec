// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Frames from the network, each behind its length (16 bits), to a port with
 * in-band control of 2014.  Each is counted once or does something; the state of
 * the port never goes back; only HELLO is answered; the table stays in bounds,
 * and frames of the guest find their way through whatever is in it.
 */

#include <stdlib.h>

#include <cvsw/inband.h>
#include <cvsw/pkt.h>
#include "os.h"
#include "pkt_ops.h"

#define GUEST		1
#define NET		2
#define FLOWS_MAX	64
#define NOW		1000000000000ull

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/*
 * struct bed
 * @taken:   a control frame that was not yet brought to its end, if @n_taken
 * @replies: frames that were sent to the network as answers
 */
struct bed {
	struct cvsw_switch	*sw;
	struct cvsw_worker	*w;
	struct cvsw_pool	*pool;
	struct cvsw_pkt		taken;
	unsigned int		n_taken;
	unsigned int		replies;
	u64			now;
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void bed_output(void *wctx, void *priv, struct cvsw_pkt *pkt)
{
	struct bed *bed = wctx;

	must(cvsw_frame_len(pkt) >= CVSW_INBAND_V2_HLEN);
	if ((uintptr_t)priv == NET && cvsw_frame_len(pkt) ==
	    CVSW_INBAND_V2_HLEN)
		bed->replies++;
	cvsw_pkt_free(pkt);
}

static void bed_inband(void *wctx, void *priv, struct cvsw_pkt *pkt)
{
	struct bed *bed = wctx;

	must((uintptr_t)priv == NET && !bed->n_taken);
	bed->taken = *pkt;
	bed->n_taken = 1;
}

static int bed_set(void *ctx, void *priv, struct cvsw_port_info *want,
		   struct cvsw_error *err)
{
	must((uintptr_t)priv == GUEST && want->mtu >= 68);
	if (want->mtu > 9000)
		err->text = "mtu";
	return want->mtu > 9000 ? -EINVAL : 0;
}

static const struct cvsw_ops bed_ops = {
	.output = bed_output,
	.inband = bed_inband,
	.port_set = bed_set,
};

static void bed_port(struct bed *bed, u16 no)
{
	struct cvsw_port_info info = {
		.no = no, .mtu = 1500, .mac = { 2, 0, 0, 0, 0, (u8)no },
		.inband = no == NET ? CVSW_INBAND_V2 : CVSW_INBAND_OFF,
	};

	info.name[0] = (char)('0' + no);
	must(!cvsw_port_add(bed->sw, &info, (void *)(uintptr_t)no, NULL));
}

static void bed_open(struct bed *bed)
{
	struct cvsw_config config;

	cvsw_config_default(&config);
	config.max_flows = FLOWS_MAX;
	config.workers = 1;
	must(!cvsw_switch_new(&bed->sw, &config, &bed_ops, bed, NULL));
	bed->w = cvsw_worker_get(bed->sw, 0, bed);
	bed->pool = cvsw_pool_new();
	must(bed->w && bed->pool);
	bed_port(bed, GUEST);
	bed_port(bed, NET);
	bed->now = NOW;
}

static u64 bed_drops(const struct bed *bed)
{
	u64 drops[CVSW_DROP_COUNT], sum = 0;
	unsigned int i;

	cvsw_switch_drops(bed->sw, drops);
	for (i = 0; i < CVSW_DROP_COUNT; i++)
		sum += drops[i];
	return sum;
}

static void bed_input(struct bed *bed, u16 port, const u8 *data, u32 len)
{
	struct cvsw_pkt *pkt = cvsw_frame_new(bed->pool, port, len);

	must(pkt);
	memcpy(cvsw_frame_edit(pkt), data, len);
	cvsw_input(bed->w, pkt, bed->now);
	bed->now += 1000000;
}

/* a frame that was taken: what it is, and what it must have led to */
static void bed_control(struct bed *bed, u8 was)
{
	u64 before = bed_drops(bed), refused;
	struct cvsw_port_info info;
	unsigned int replies = bed->replies;
	const u8 *hdr = cvsw_frame_data(&bed->taken);
	u8 what = hdr[6];

	must(hdr[12] == 0xab && hdr[13] == 0xba);
	cvsw_inband_input(bed->sw, bed->w, &bed->taken, bed->now);
	bed->n_taken = 0;
	refused = bed_drops(bed) - before;
	must(refused <= 1 && !cvsw_port_get(bed->sw, NET, &info));
	must(info.inband_state >= was &&
	     info.inband_state < CVSW_INBAND_STATES);
	must(bed->replies - replies ==
	     (!refused && what == 0x21 && was == CVSW_INBAND_DISCONNECTED));
	if (!refused)
		must(what >> 4 == 2 && info.inband_state);
}

static void bed_frame(struct bed *bed, const u8 *data, u32 len)
{
	static const u8 udp[60] = {
		2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 8, 0, 0x45, 0, 0, 46, 0, 1,
		0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 4, 0, 0, 80, 0, 26,
	};
	struct cvsw_port_info info;
	struct cvsw_table_stats stats;

	must(!cvsw_port_get(bed->sw, NET, &info));
	bed_input(bed, NET, data, len);
	if (bed->n_taken)
		bed_control(bed, info.inband_state);
	cvsw_switch_stats(bed->sw, &stats);
	must(stats.flows <= FLOWS_MAX);
	bed_input(bed, GUEST, udp, sizeof(udp));
	must(!bed->n_taken);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct bed bed = {};
	u32 len;

	bed_open(&bed);
	while (size >= 2) {
		len = get_unaligned_be16(data);
		data += 2;
		size -= 2;
		len = min_t(u32, len, (u32)size);
		bed_frame(&bed, data, len);
		data += len;
		size -= len;
	}
	cvsw_switch_free(bed.sw);
	cvsw_pool_free(bed.pool);
	return 0;
}
