/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_OS_H
#define CVSW_OS_H

/*
 * The kernel names that the core is written in, over libc and liburcu.
 * kmod/os.h is the other body.  Nothing here is our own invention except
 * cvsw_frame_t and cvsw_alloc_*: what a name does is what it does in Linux.
 *
 * RCU is liburcu's "bulletproof" flavour: any thread may read without
 * registering.  call_rcu() is not offered; the core's writers, which may
 * sleep, gather what they retire and call synchronize_rcu() once for many.
 */

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>
#include <urcu-bp.h>

typedef __u8	u8;
typedef __u16	u16;
typedef __u32	u32;
typedef __u64	u64;
typedef __s8	s8;
typedef __s16	s16;
typedef __s32	s32;
typedef __s64	s64;

struct cvsw_buf;
typedef struct cvsw_buf *cvsw_frame_t;

/* Compiler */

#ifdef __CHECKER__
#define __force			__attribute__((force))
#else
#define __force
#endif
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#ifndef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#endif
#define noinline		__attribute__((noinline))
#define __cold			__attribute__((cold))
#define __must_check		__attribute__((warn_unused_result))
#ifndef __rcu
#define __rcu
#endif
#define fallthrough		__attribute__((fallthrough))
#define barrier()		__asm__ __volatile__("" : : : "memory")
#define prefetch(x)		__builtin_prefetch(x)
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#undef container_of
#define container_of(ptr, type, member)					\
	((type *)((char *)(ptr) - offsetof(type, member)))
#define ALIGN(x, a)		(((x) + (a) - 1) & ~((__typeof__(x))(a) - 1))
#define PTR_ALIGN(p, a)							\
	((__typeof__(p))(((unsigned long)(p) + (a) - 1) & ~((unsigned long)(a) - 1)))
#define U64_MAX			UINT64_MAX
#ifndef __packed
#define __packed		__attribute__((packed))
#endif
#define BUILD_BUG_ON(cond)	_Static_assert(!(cond), #cond)
#ifndef static_assert
#define static_assert		_Static_assert
#endif
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define smp_rmb()		__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)
#define min(a, b)							\
	({ __typeof__(a) _x = (a); __typeof__(b) _y = (b); _x < _y ? _x : _y; })
#define max(a, b)							\
	({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })
#define min_t(t, a, b)		min((t)(a), (t)(b))
#define max_t(t, a, b)		max((t)(a), (t)(b))
#define swap(a, b)							\
	do { __typeof__(a) _t = (a); (a) = (b); (b) = _t; } while (0)

/* Bytes and bits */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define __cvsw_swab(n, x)	__builtin_bswap##n(x)
#else
#define __cvsw_swab(n, x)	(x)
#endif
static inline __be16 cpu_to_be16(u16 x) { return (__force __be16)__cvsw_swab(16, x); }
static inline __be32 cpu_to_be32(u32 x) { return (__force __be32)__cvsw_swab(32, x); }
static inline __be64 cpu_to_be64(u64 x) { return (__force __be64)__cvsw_swab(64, x); }
static inline u16 be16_to_cpu(__be16 x) { return __cvsw_swab(16, (__force u16)x); }
static inline u32 be32_to_cpu(__be32 x) { return __cvsw_swab(32, (__force u32)x); }
static inline u64 be64_to_cpu(__be64 x) { return __cvsw_swab(64, (__force u64)x); }
#undef __cvsw_swab

#define __CVSW_UNALIGNED(bits)						       \
static inline u##bits get_unaligned_be##bits(const void *p)		       \
{									       \
	__be##bits x;							       \
									       \
	memcpy(&x, p, sizeof(x));					       \
	return be##bits##_to_cpu(x);					       \
}									       \
static inline void put_unaligned_be##bits(u##bits v, void *p)		       \
{									       \
	__be##bits x = cpu_to_be##bits(v);				       \
									       \
	memcpy(p, &x, sizeof(x));					       \
}
__CVSW_UNALIGNED(16)
__CVSW_UNALIGNED(32)
__CVSW_UNALIGNED(64)
#undef __CVSW_UNALIGNED

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
static inline u64 div_u64(u64 n, u32 d) { return n / d; }
static inline unsigned int __ffs64(u64 x) { return (unsigned int)__builtin_ctzll(x); }
static inline int fls64(u64 x) { return x ? 64 - __builtin_clzll(x) : 0; }
static inline unsigned int hweight64(u64 x) { return (unsigned int)__builtin_popcountll(x); }
static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return n <= 1 ? 1 : 1UL << fls64(n - 1);
}
static inline u32 rol32(u32 x, unsigned int n) { return x << (n & 31) | x >> (-n & 31); }

/* Memory.  Every allocation of the core can be made to fail: see os.c */

typedef unsigned int gfp_t;
#define GFP_KERNEL	0u
#define GFP_ATOMIC	1u
#define __GFP_ZERO	2u

void *cvsw_alloc(size_t size, gfp_t gfp);
void cvsw_alloc_free(const void *ptr);

/**
 * cvsw_alloc_fail_at - let the @nth allocation from now on fail, once
 * @nth: 1 for the next; 0 for none
 */
void cvsw_alloc_fail_at(unsigned long nth);

/** cvsw_alloc_count - allocations asked for since the last cvsw_alloc_fail_at() */
unsigned long cvsw_alloc_count(void);

static inline void *kmalloc(size_t n, gfp_t gfp) { return cvsw_alloc(n, gfp); }
static inline void *kzalloc(size_t n, gfp_t gfp) { return cvsw_alloc(n, gfp | __GFP_ZERO); }
static inline void *kvmalloc(size_t n, gfp_t gfp) { return cvsw_alloc(n, gfp); }
static inline void *kvzalloc(size_t n, gfp_t gfp) { return cvsw_alloc(n, gfp | __GFP_ZERO); }
static inline void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return cvsw_alloc(bytes, gfp | __GFP_ZERO);
}
static inline void *kvcalloc(size_t n, size_t size, gfp_t gfp) { return kcalloc(n, size, gfp); }
static inline void kfree(const void *p) { cvsw_alloc_free(p); }
#define memzero_explicit(p, n)	explicit_bzero(p, n)
static inline void kvfree(const void *p) { cvsw_alloc_free(p); }

/* Lists */

struct list_head {
	struct list_head *next, *prev;
};

static inline void INIT_LIST_HEAD(struct list_head *l) { l->next = l->prev = l; }
static inline bool list_empty(const struct list_head *l) { return l->next == l; }
static inline void list_add_tail(struct list_head *n, struct list_head *head)
{
	n->next = head;
	n->prev = head->prev;
	head->prev->next = n;
	head->prev = n;
}
static inline void list_add(struct list_head *n, struct list_head *head)
{
	list_add_tail(n, head->next);
}
static inline void list_del(struct list_head *n)
{
	n->next->prev = n->prev;
	n->prev->next = n->next;
}
static inline void list_del_init(struct list_head *n)
{
	list_del(n);
	INIT_LIST_HEAD(n);
}
static inline void list_move_tail(struct list_head *n, struct list_head *head)
{
	list_del(n);
	list_add_tail(n, head);
}
static inline void list_splice_tail_init(struct list_head *l,
					 struct list_head *head)
{
	if (list_empty(l))
		return;
	l->next->prev = head->prev;
	head->prev->next = l->next;
	l->prev->next = head;
	head->prev = l->prev;
	INIT_LIST_HEAD(l);
}
#define list_entry(ptr, type, member)	container_of(ptr, type, member)
#define list_first_entry(head, type, member)				\
	list_entry((head)->next, type, member)
#define list_next_entry(pos, member)					\
	list_entry((pos)->member.next, __typeof__(*(pos)), member)
#define list_for_each_entry(pos, head, member)				\
	for (pos = list_first_entry(head, __typeof__(*pos), member);	\
	     &pos->member != (head);					\
	     pos = list_next_entry(pos, member))
#define list_for_each_entry_safe(pos, n, head, member)			\
	for (pos = list_first_entry(head, __typeof__(*pos), member),	\
	     n = list_next_entry(pos, member);				\
	     &pos->member != (head);					\
	     pos = n, n = list_next_entry(n, member))

/* RCU (rcu_read_lock(), rcu_read_unlock() and synchronize_rcu() are liburcu's) */

#undef rcu_dereference
#undef rcu_assign_pointer
#define rcu_dereference(p)		READ_ONCE(p)	/* address dependency */
#define rcu_dereference_protected(p, c)	(p)
#define rcu_dereference_raw(p)		READ_ONCE(p)	/* readers or the writer */
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_assign_pointer(p, v)	__atomic_store_n(&(p), v, __ATOMIC_RELEASE)
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)

/* Locks and atomics */

struct mutex {
	pthread_mutex_t lock;
};
static inline void mutex_init(struct mutex *m) { pthread_mutex_init(&m->lock, NULL); }
static inline void mutex_destroy(struct mutex *m) { pthread_mutex_destroy(&m->lock); }
static inline void mutex_lock(struct mutex *m) { pthread_mutex_lock(&m->lock); }
static inline void mutex_unlock(struct mutex *m) { pthread_mutex_unlock(&m->lock); }

/* readers do not keep a writer out for ever, and a reader must not nest */
struct rw_semaphore {
	pthread_rwlock_t lock;
};
static inline void init_rwsem(struct rw_semaphore *s)
{
	pthread_rwlockattr_t attr;

	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setkind_np(&attr,
				      PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&s->lock, &attr);
	pthread_rwlockattr_destroy(&attr);
}
static inline void down_read(struct rw_semaphore *s) { pthread_rwlock_rdlock(&s->lock); }
static inline void up_read(struct rw_semaphore *s) { pthread_rwlock_unlock(&s->lock); }
static inline void down_write(struct rw_semaphore *s) { pthread_rwlock_wrlock(&s->lock); }
static inline void up_write(struct rw_semaphore *s) { pthread_rwlock_unlock(&s->lock); }

typedef struct {
	unsigned char locked;
} spinlock_t;
static inline void spin_lock_init(spinlock_t *l) { l->locked = 0; }
static inline void spin_lock(spinlock_t *l)
{
	while (__atomic_exchange_n(&l->locked, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(&l->locked, __ATOMIC_RELAXED))
			barrier();
}
static inline bool spin_trylock(spinlock_t *l)
{
	return !__atomic_exchange_n(&l->locked, 1, __ATOMIC_ACQUIRE);
}
static inline void spin_unlock(spinlock_t *l)
{
	__atomic_store_n(&l->locked, 0, __ATOMIC_RELEASE);
}

typedef struct {
	s64 counter;
} atomic64_t;
static inline s64 atomic64_read(const atomic64_t *a)
{
	return __atomic_load_n(&a->counter, __ATOMIC_RELAXED);
}
static inline void atomic64_set(atomic64_t *a, s64 v)
{
	__atomic_store_n(&a->counter, v, __ATOMIC_RELAXED);
}
static inline void atomic64_add(s64 v, atomic64_t *a)
{
	__atomic_fetch_add(&a->counter, v, __ATOMIC_RELAXED);
}
static inline s64 atomic64_cmpxchg(atomic64_t *a, s64 old, s64 to)
{
	__atomic_compare_exchange_n(&a->counter, &old, to, false,
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	/* in Linux it is a full barrier; in C11 later stores may pass it */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return old;
}

#endif /* CVSW_OS_H */
