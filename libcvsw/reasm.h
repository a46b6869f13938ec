/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_REASM_H
#define CVSW_REASM_H

/*
 * Reassembly of STT frames (draft-davie-stt-08) from segments in any order.
 *
 * One table belongs to one worker, nobody else touches it: all segments of a
 * frame have the same addresses and ports, so a device spreads them to the
 * same queue.  (A TAP learns the queue of a flow from what is sent the other
 * way: if another worker begins to send that, a frame may be parted, which is
 * lost and counted.)  A table holds a bounded number of frames and of bytes;
 * what has longest got nothing makes room for what comes.
 *
 * A frame that is spoilt (overlap, impossible offset, no memory) is given up as
 * a whole: what was held of it is counted, and later segments of it are dropped
 * for the same cause until its time is up or its place is needed.  A segment
 * that came before is an overlap too, even if the bytes are the same: STT sends
 * nothing twice, and nobody can tell which of the two is right.  One that
 * comes when its frame is complete begins another, which waits in vain.
 *
 * ECN (RFC 3168 5.3, but nothing is dropped here for it; what CE means to an
 * inner frame without ECN is RFC 6040's and the pop's): CE on any segment marks
 * the whole.  Else the field is that of all segments, and where they differ
 * Not-ECT if there is any, or ECT(0).
 */

#include <cvsw/drop.h>
#include "pkt_ops.h"

#define CVSW_REASM_FRAMES	512		/* frames that may be incomplete */
#define CVSW_REASM_BYTES	(8u << 20)	/* of memory held for them */
#define CVSW_REASM_NS		1500000000ull	/* from a frame's first segment */

/*
 * Parts that do not touch, in one frame.  Any order of segments makes less, if
 * all but the last have as many bytes as fit the smallest IPv4 MTU that a host
 * has to take (576): (65515 / 536 + 1) / 2.
 */
#define CVSW_REASM_PARTS	62

/* bytes of an STT frame: header and Ethernet header, up to what fits IPv4 */
#define CVSW_REASM_LEN_MIN	(18 + 14)
#define CVSW_REASM_LEN_MAX	(65535 - 20)

struct cvsw_reasm;

/**
 * struct cvsw_reasm_key - which STT frame a segment is of
 * @src:   outer IP addresses; IPv4 in the first 4 bytes, then 0
 * @dst:   likewise
 * @id:    frame identifier (TCP ack)
 * @sport: TCP ports
 * @dport: likewise
 * @len:   STT frame length (upper half of TCP seq), host order
 * @family: 4 or 6
 * @pad:   0
 */
struct cvsw_reasm_key {
	u8	src[16];
	u8	dst[16];
	__be32	id;
	__be16	sport;
	__be16	dport;
	u16	len;
	u8	family;
	u8	pad[5];
};

/**
 * struct cvsw_reasm_seg - one segment: a part of its STT frame
 * @off:  of its first byte in the STT frame (lower half of TCP seq)
 * @len:  bytes
 * @from: where they are in the frame that carries them
 * @ecn:  ECN field of its outer IP header
 */
struct cvsw_reasm_seg {
	u32	off;
	u32	len;
	u32	from;
	u8	ecn;
};

/**
 * cvsw_reasm_new - an empty table, NULL without memory
 * @seed: secret start value of its hash function
 *
 * Never sleeps: it is made when the first segment comes.
 */
struct cvsw_reasm *cvsw_reasm_new(u64 seed);

/**
 * cvsw_reasm_free - free it and all that it holds, uncounted
 * @reasm: NULL does nothing.  The pools that frames came from must still be
 */
void cvsw_reasm_free(struct cvsw_reasm *reasm);

/**
 * cvsw_reasm_add - take in a segment that is not a whole STT frame
 * @pkt:   the frame that carries it, outer headers and all; always taken:
 *         freed, or replaced by the STT frame when it is complete
 * @seg:   where the segment is in it; receives the @ecn of the whole frame
 *         (it lies in @pkt: the caller has checked that)
 * @now:   ns
 * @drops: drop counters by cause: each carrier frame of an STT frame that is
 *         given up is counted here once, a super-frame with all its segments,
 *         under _REASM_LENGTH (also more than CVSW_REASM_PARTS), _REASM_OVERLAP,
 *         _REASM_TIMEOUT, _REASM_FULL or _NO_MEMORY
 *
 * Return: CVSW_DROP_NONE: complete, *@pkt is the STT frame from its STT header
 * on, without outer headers and offload state; CVSW_HELD: it waits for more, or
 * was given up and counted.
 */
unsigned int __must_check
cvsw_reasm_add(struct cvsw_reasm *reasm, struct cvsw_pkt *pkt,
	       const struct cvsw_reasm_key *key, struct cvsw_reasm_seg *seg,
	       u64 now, u64 *drops);

/**
 * cvsw_reasm_expire - give up what has waited too long
 * @drops: as in cvsw_reasm_add(), which does the same first
 * Return: are there still bytes held, which will have to be given up one day?
 */
bool cvsw_reasm_expire(struct cvsw_reasm *reasm, u64 now, u64 *drops);

#endif /* CVSW_REASM_H */
