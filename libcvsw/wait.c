// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Frames that wait for the way to the far end of a tunnel.
 *
 * Each worker keeps its own, in the order they came, and goes on with them in
 * cvsw_worker_resume().  A frame keeps a copy of what is left of its actions,
 * and the address of its path, which it looks up again: flow and path may be
 * gone by then.
 */

#include "switch_priv.h"

#define WAIT_PATH_MAX	16	/* frames of one worker that wait for one path */
#define WAIT_MAX	128	/* ... for any */
#define WAIT_NS		3000000000ull

/**
 * struct cvsw_wait - frames of one worker that wait
 * @frames: struct wait_frame, the oldest first
 * @n:      how many
 */
struct cvsw_wait {
	struct list_head	frames;
	u32			n;
};

/**
 * struct wait_frame - a frame that waits
 * @link:   in its worker's list
 * @pkt:    the frame
 * @since:  ns
 * @past:   what became of it before
 * @family: of the path that it waits for
 * @addr:   likewise
 * @blob:   what is to be done with it, from its PUSH on
 */
struct wait_frame {
	struct list_head	link;
	struct cvsw_pkt		pkt;
	u64			since;
	struct cvsw_past	past;
	u8			family;
	u8			addr[16];
	u64			blob[];
};

static struct cvsw_wait *wait_of(struct cvsw_worker *w)
{
	if (w->wait)
		return w->wait;
	w->wait = kzalloc(sizeof(*w->wait), GFP_ATOMIC);
	if (w->wait)
		INIT_LIST_HEAD(&w->wait->frames);
	return w->wait;
}

static bool wait_is_for(const struct wait_frame *frame,
			const struct cvsw_path *path)
{
	return frame->family == path->family &&
	       !memcmp(frame->addr, path->addr, sizeof(frame->addr));
}

/* frames that wait for @path */
static u32 wait_count(const struct cvsw_wait *wait,
		      const struct cvsw_path *path)
{
	const struct wait_frame *frame;
	u32 n = 0;

	list_for_each_entry(frame, &wait->frames, link)
		n += wait_is_for(frame, path);
	return n;
}

/* one blob of the @n lists, one behind the other */
static struct wait_frame *wait_frame_new(const struct cvsw_act *const *rest,
					 unsigned int n)
{
	struct wait_frame *frame;
	size_t size = 0;
	unsigned int i;
	u8 *at;

	for (i = 0; i < n; i++)
		size += cvsw_action_blob_size(rest[i]);
	frame = kmalloc(sizeof(*frame) + size, GFP_ATOMIC);
	if (!frame)
		return NULL;
	at = (u8 *)frame->blob;
	for (i = 0; i < n; i++) {
		size = cvsw_action_blob_size(rest[i]);
		memcpy(at, rest[i], size);
		if (i < n - 1)
			cvsw_action_blob_go_on(at);
		at += size;
	}
	return frame;
}

enum cvsw_drop cvsw_wait_add(struct cvsw_worker *w, struct cvsw_pkt *pkt,
			     const struct cvsw_act *const *rest, unsigned int n,
			     const struct cvsw_past *past, u64 now)
{
	const struct cvsw_path *path = cvsw_act_push(rest[0])->tmpl.path;
	struct cvsw_wait *wait = wait_of(w);
	struct wait_frame *frame;
	u32 before;

	if (!wait)
		return CVSW_DROP_NO_MEMORY;
	before = wait_count(wait, path);
	if (before >= WAIT_PATH_MAX || wait->n >= WAIT_MAX)
		return CVSW_DROP_UNRESOLVED;
	frame = wait_frame_new(rest, n);
	if (!frame)
		return CVSW_DROP_NO_MEMORY;
	frame->pkt = *pkt;
	frame->pkt.tun_opts = 0;	/* options may have other numbers then */
	frame->since = now;
	frame->past = *past;
	frame->family = path->family;
	memcpy(frame->addr, path->addr, sizeof(frame->addr));
	list_add_tail(&frame->link, &wait->frames);
	wait->n++;
	if (!before && w->ops->path_wait)
		w->ops->path_wait(w->wctx, path->family, path->addr);
	return CVSW_HELD;
}

/* what becomes of a frame: CVSW_DROP_NONE: it goes on; CVSW_HELD; or why it is
 * dropped */
static unsigned int wait_judge(const struct cvsw_worker *w,
			       const struct wait_frame *frame, u64 now)
{
	const struct cvsw_path *path = cvsw_path_find(w->sw->paths,
						      frame->family,
						      frame->addr);

	if (path && rcu_access_pointer(path->way))
		return CVSW_DROP_NONE;
	if (!path || READ_ONCE(path->absent))
		return CVSW_DROP_NO_ROUTE;
	if (now > frame->since && now - frame->since >= WAIT_NS)
		return CVSW_DROP_UNRESOLVED;
	return CVSW_HELD;
}

/* the frame leaves: it goes on, or is dropped because of @why */
static void wait_leave(struct cvsw_worker *w, struct wait_frame *frame,
		       unsigned int why, u64 now)
{
	u64 bytes;

	list_del(&frame->link);
	w->wait->n--;
	if (!why) {
		cvsw_switch_paths_find(w->sw, frame->blob);
		cvsw_input_acts(w, &frame->pkt, (void *)frame->blob,
				&frame->past, now);
	} else {
		if (!frame->past.sent)
			w->drops[why] += cvsw_pkt_segments(&frame->pkt, &bytes);
		cvsw_pkt_free(&frame->pkt);
	}
	kfree(frame);
}

/* one look at each frame; those that come meanwhile wait for the next time */
static bool wait_run(struct cvsw_worker *w, u64 now)
{
	struct wait_frame *frame, *next;
	struct list_head list;
	unsigned int why;

	if (!w->wait)
		return false;
	INIT_LIST_HEAD(&list);
	list_splice_tail_init(&w->wait->frames, &list);
	list_for_each_entry_safe(frame, next, &list, link) {
		why = wait_judge(w, frame, now);
		if (why == CVSW_HELD)
			list_move_tail(&frame->link, &w->wait->frames);
		else
			wait_leave(w, frame, why, now);
	}
	return w->wait->n;
}

void cvsw_wait_free(struct cvsw_worker *w)
{
	struct wait_frame *frame, *next;

	if (!w->wait)
		return;
	list_for_each_entry_safe(frame, next, &w->wait->frames, link) {
		cvsw_pkt_free(&frame->pkt);
		kfree(frame);
	}
	kfree(w->wait);
}

int cvsw_worker_resume(struct cvsw_worker *w, __u64 now)
{
	bool batch = w->batch, more;

	if (!batch)
		cvsw_worker_begin(w);
	more = wait_run(w, now);
	if (w->rx.reasm)
		more |= cvsw_reasm_expire(w->rx.reasm, now, w->drops);
	if (!batch)
		cvsw_worker_flush(w);
	return more;
}
