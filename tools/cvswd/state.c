// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * The state file: for each switch a line "switch NAME" and its flows in the
 * syntax of flow files, with counters and ages.  It is written beside its
 * place, then renamed into it, so that there is always a whole one.
 */

#include "cvswd.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>
#include "flows.h"

#define STATE_HEAD	"# cvswd state 1\n"
#define STATE_CHUNK	1024		/* flows that are restored at once */

/* Save */

static int state_save_flow(void *arg, const struct cvsw_flow *flow)
{
	char text[CVSW_TEXT_MAX];

	cvsw_text_flow_print(text, sizeof(text), flow, CVSW_TEXT_STATS, NULL);
	fprintf(arg, "%s\n", text);
	return 0;
}

static int state_save_switch(const struct vswitch *vs, FILE *file)
{
	struct cvsw_flow_dump *dump;
	int ret;

	fprintf(file, "switch %s\n", vs->name);
	ret = cvsw_flow_dump_start(vs->sw, &dump, NULL);
	if (ret)
		return ret;
	while (cvsw_flow_dump_next(dump, cvswd_now(), state_save_flow, file))
		;
	cvsw_flow_dump_stop(dump);
	return 0;
}

static int state_write(struct cvswd *d, const char *path)
{
	unsigned int i;
	FILE *file;
	int fd, ret = 0;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
		  O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	file = fdopen(fd, "w");
	if (!file) {
		close(fd);
		return -ENOMEM;
	}
	fputs(STATE_HEAD, file);
	for (i = 0; i < d->n_vs && !ret; i++)
		ret = state_save_switch(&d->vs[i], file);
	if (!ret && (fflush(file) || ferror(file) || fsync(fd)))
		ret = errno ? -errno : -EIO;
	fclose(file);
	return ret;
}

int state_save(struct cvswd *d, const char *path)
{
	char tmp[PATH_MAX];
	int ret;

	if (snprintf(tmp, sizeof(tmp), "%s.new", path) >= (int)sizeof(tmp))
		return -ENAMETOOLONG;
	ret = state_write(d, tmp);
	if (!ret && rename(tmp, path))
		ret = -errno;
	if (ret)
		unlink(tmp);
	return ret;
}

/* Restore */

/* the oldest first: of equal priorities the one installed first wins */
static int state_older(const void *a, const void *b)
{
	const struct cvsw_flow *x = a, *y = b;

	return (x->age_ns < y->age_ns) - (x->age_ns > y->age_ns);
}

static int state_restore_flows(struct vswitch *vs, struct flow_list *list)
{
	struct cvsw_flow_mod *mods;
	unsigned int done, i, n;
	struct cvsw_error err = {};
	int ret = 0;

	mods = calloc(STATE_CHUNK, sizeof(*mods));
	if (!mods)
		return -ENOMEM;
	qsort(list->flow, list->n, sizeof(*list->flow), state_older);
	for (done = 0; done < list->n && !ret; done += n) {
		n = min_t(unsigned int, list->n - done, STATE_CHUNK);
		for (i = 0; i < n; i++)
			mods[i] = (struct cvsw_flow_mod){
				.cmd = CVSW_FLOW_RESTORE,
				.out_port = CVSW_PORT_NONE,
				.flow = list->flow[done + i],
			};
		ret = cvsw_flow_mods(vs->sw, mods, n, cvswd_now(), &err);
	}
	free(mods);
	if (ret)
		say(LOG_ERR, "%s: restore: %s", vs->name,
		    err.text ? err.text : strerror(-ret));
	else
		say(LOG_INFO, "%s: %u flows restored", vs->name, list->n);
	return ret;
}

static struct vswitch *state_switch(struct cvswd *d, const char *name)
{
	unsigned int i;

	for (i = 0; i < d->n_vs; i++)
		if (!strcmp(d->vs[i].name, name))
			return &d->vs[i];
	return NULL;
}

/* one line; flows of a switch that is no more are left out */
static int state_line(struct cvswd *d, struct flow_list *lists, char *text,
		      unsigned int line, struct vswitch **vs, bool *restored,
		      char *why, size_t size)
{
	if (!strncmp(text, "switch ", 7)) {
		text[strcspn(text, "\n")] = '\0';
		*vs = state_switch(d, text + 7);
		if (*vs)
			restored[(*vs)->index] = true;
		return 0;
	}
	if (!*vs)
		return 0;
	return flow_list_line(&lists[(*vs)->index], text, line,
			      CVSW_FLOW_RESTORE, NULL, why, size);
}

static int state_read(struct cvswd *d, FILE *file, const char *path,
		      struct flow_list *lists, bool *restored)
{
	struct vswitch *vs = NULL;
	char *text = NULL, why[256];
	unsigned int line = 0;
	size_t room = 0;
	int ret = 0;

	if (getline(&text, &room, file) < 0 || strcmp(text, STATE_HEAD)) {
		snprintf(why, sizeof(why), "not a state file of cvswd");
		ret = -EINVAL;
	}
	line++;
	while (!ret && getline(&text, &room, file) >= 0)
		ret = state_line(d, lists, text, ++line, &vs, restored, why,
				 sizeof(why));
	if (ret)
		say(LOG_ERR, "%s:%u: %s", path, line, why);
	free(text);
	return ret;
}

int state_restore(struct cvswd *d, const char *path, bool *restored)
{
	struct flow_list *lists = calloc(d->n_vs, sizeof(*lists));
	unsigned int i;
	FILE *file;
	int ret;

	if (!lists)
		return -ENOMEM;
	file = fopen(path, "re");
	if (!file) {
		ret = -errno;
		if (ret != -ENOENT)
			say(LOG_ERR, "%s: %s", path, strerror(-ret));
		free(lists);
		return ret;
	}
	ret = state_read(d, file, path, lists, restored);
	fclose(file);
	for (i = 0; i < d->n_vs; i++) {
		if (!ret)
			ret = state_restore_flows(&d->vs[i], &lists[i]);
		flow_list_free(&lists[i]);
	}
	free(lists);
	return ret;
}
