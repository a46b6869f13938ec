/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Copyright (C) 2026 The CVSW authors */
#ifndef CVSW_BENCH_H
#define CVSW_BENCH_H

/*
 * What benchmarks share: a clock of the thread's own processor time, series
 * of interleaved runs, and one line of JSON for each figure:
 *
 *	{"name", "value", "unit", "peer", "peer_value", "ratio", "runs", "spread"}
 *
 * value and peer_value are medians, ratio is value / peer_value, spread is
 * (max - min) / median of ours.  What there is not is null.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BENCH_RUNS_MAX	101

/** struct bench_series - the values of one figure, run by run */
struct bench_series {
	double	value[BENCH_RUNS_MAX];
	int	runs;
};

/** bench_cpu - processor time of this thread, ns */
static inline double bench_cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/** bench_wall - time that passed, ns */
static inline double bench_wall(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline void bench_put(struct bench_series *s, double value)
{
	if (s->runs < BENCH_RUNS_MAX)
		s->value[s->runs++] = value;
}

static inline int bench_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static inline double bench_median(const struct bench_series *s)
{
	struct bench_series t = *s;

	if (!t.runs)
		return NAN;
	qsort(t.value, (size_t)t.runs, sizeof(double), bench_order);
	return t.runs % 2 ? t.value[t.runs / 2] :
	       (t.value[t.runs / 2 - 1] + t.value[t.runs / 2]) / 2;
}

static inline double bench_spread(const struct bench_series *s)
{
	double min = INFINITY, max = -INFINITY;
	int i;

	for (i = 0; i < s->runs; i++) {
		min = fmin(min, s->value[i]);
		max = fmax(max, s->value[i]);
	}
	return s->runs ? (max - min) / bench_median(s) : NAN;
}

static inline void bench_number(const char *name, double x, const char *end)
{
	if (isfinite(x))
		printf("\"%s\": %.4g%s", name, x, end);
	else
		printf("\"%s\": null%s", name, end);
}

/** bench_line - one line of JSON; NAN and NULL for what there is not */
static inline void bench_line(const char *name, double value, const char *unit,
			      const char *peer, double peer_value, double ratio,
			      int runs, double spread)
{
	printf("{\"name\": \"%s\", ", name);
	bench_number("value", value, ", ");
	printf("\"unit\": \"%s\", ", unit);
	if (peer)
		printf("\"peer\": \"%s\", ", peer);
	else
		printf("\"peer\": null, ");
	bench_number("peer_value", peer_value, ", ");
	bench_number("ratio", ratio, ", ");
	printf("\"runs\": %d, ", runs);
	bench_number("spread", spread, "}\n");
	fflush(stdout);
}

/**
 * bench_print - the line of a figure
 * @theirs: the peer's runs, interleaved with @ours; NULL when there is none
 * Return: the ratio, NAN without a peer.
 */
static inline double bench_print(const char *name, const char *unit,
				 const struct bench_series *ours,
				 const char *peer,
				 const struct bench_series *theirs)
{
	double value = bench_median(ours);
	double other = theirs && theirs->runs ? bench_median(theirs) : NAN;

	bench_line(name, value, unit, isfinite(other) ? peer : NULL, other,
		   value / other, ours->runs, bench_spread(ours));
	return value / other;
}

/** bench_geomean - of the @n ratios that are finite */
static inline double bench_geomean(const double *ratio, int n)
{
	double sum = 0;
	int i, m = 0;

	for (i = 0; i < n; i++) {
		if (!isfinite(ratio[i]))
			continue;
		sum += log(ratio[i]);
		m++;
	}
	return m ? exp(sum / m) : NAN;
}

#endif /* CVSW_BENCH_H */
