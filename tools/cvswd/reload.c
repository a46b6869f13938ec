// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Going over to a changed configuration.
 *
 * All that can be wrong with files is found first: flows go into a scratch
 * switch with the new settings.  Then ports that are new are opened (those
 * that are gone and stand in their way closed), which is undone if one cannot
 * be.  Last, settings and flows change, and ports that are gone are closed.
 * Ports that control requests have added are left alone, as is a table whose
 * switch has no flow file.
 */

#include "cvswd.h"

#include <stdio.h>
#include "conf.h"
#include "flows.h"

/* one port opened or closed on the way, to be undone */
struct reload_step {
	struct vswitch		*vs;
	struct port_spec	spec;
	bool			opened;
};

struct reload {
	struct cvswd		*daemon;
	struct conf		*conf;		/* the new one */
	struct reload_step	*step;
	unsigned int		n_steps;
	char			why[512];
};

/* Flows */

/* port names of a switch that may not be there yet */
struct reload_names {
	struct cvsw_switch		*sw;	/* NULL for a scratch switch */
	const struct conf_sw		*conf;
};

static u16 reload_port_find(void *ctx, const char *name)
{
	const struct reload_names *names = ctx;
	const struct port_spec *spec;
	unsigned int i;

	if (names->sw)
		return cvsw_port_find(names->sw, name);
	for (i = 0; i < names->conf->n_ports; i++) {
		spec = &names->conf->ports[i];
		if (!strcmp(spec->name, name))
			return spec->no ? spec->no : 1;	/* any will do */
	}
	return CVSW_PORT_NONE;
}

static int reload_replace(struct cvsw_switch *sw, const char *path,
			  struct reload_names *ctx, char *why, size_t size)
{
	const struct cvsw_text_names names = {
		.port_find = reload_port_find, .ctx = ctx,
	};
	struct flow_list list = {};
	struct cvsw_error err = { .index = -1 };
	int ret;

	ret = flow_list_read(&list, path, &names, why, size);
	if (!ret) {
		ret = cvsw_flow_replace(sw, list.flow, list.n, cvswd_now(),
					&err);
		if (ret)
			snprintf(why, size, "%s:%u: %s", path,
				 err.index >= 0 && (u32)err.index < list.n ?
				 list.line[err.index] : 0,
				 err.text ? err.text : strerror(-ret));
	}
	flow_list_free(&list);
	return ret;
}

int reload_flows(struct vswitch *vs, const struct conf_sw *sw, char *why,
		 size_t size)
{
	struct reload_names names = { .sw = vs->sw, .conf = sw };

	return sw->flows ? reload_replace(vs->sw, sw->flows, &names, why, size) :
			   0;
}

/* would settings and flows be taken? */
static int reload_check_switch(struct reload *r, const struct conf_sw *sw)
{
	static const struct cvsw_ops none = {};
	struct reload_names names = { .conf = sw };
	struct cvsw_error err = {};
	struct cvsw_switch *scratch;
	int ret;

	ret = cvsw_switch_new(&scratch, &sw->config, &none, NULL, &err);
	if (ret) {
		snprintf(r->why, sizeof(r->why), "%s: %s", sw->config.name,
			 err.text ? err.text : strerror(-ret));
		return ret;
	}
	if (sw->flows)
		ret = reload_replace(scratch, sw->flows, &names, r->why,
				     sizeof(r->why));
	cvsw_switch_free(scratch);
	return ret;
}

static int reload_check(struct reload *r)
{
	const struct conf *old = r->daemon->conf, *new = r->conf;
	unsigned int i;
	int ret = 0;

	if (new->n_sw != old->n_sw || new->workers != old->workers) {
		snprintf(r->why, sizeof(r->why),
			 "the number of switches and workers is fixed at start");
		return -EINVAL;
	}
	for (i = 0; i < new->n_sw && !ret; i++) {
		if (strcmp(new->sw[i].config.name, old->sw[i].config.name)) {
			snprintf(r->why, sizeof(r->why),
				 "`%s`: names of switches are fixed at start",
				 new->sw[i].config.name);
			return -EINVAL;
		}
		new->sw[i].config.seed = old->sw[i].config.seed;
		ret = reload_check_switch(r, &new->sw[i]);
	}
	return ret;
}

/* Ports */

static bool reload_has(const struct conf_sw *sw, const char *spec)
{
	unsigned int i;

	for (i = 0; i < sw->n_ports; i++)
		if (!strcmp(sw->ports[i].text, spec))
			return true;
	return false;
}

static struct port *reload_port(const struct vswitch *vs, const char *spec)
{
	struct port *port;

	for (port = vs->ports; port; port = port->next)
		if (!strcmp(port->spec, spec))
			return port;
	return NULL;
}

/* does the new port @b want something that @a has? */
static bool reload_clash(const struct port_spec *a, const struct port_spec *b)
{
	return !strcmp(a->name, b->name) || (a->no && a->no == b->no) ||
	       (a->ops == b->ops && !strcmp(a->device, b->device));
}

static void reload_note(struct reload *r, struct vswitch *vs,
			const struct port_spec *spec, u16 no, bool opened)
{
	struct reload_step *step = &r->step[r->n_steps++];

	*step = (struct reload_step){ vs, *spec, opened };
	step->spec.no = no;
}

static void reload_close(struct reload *r, struct vswitch *vs,
			 const struct port_spec *spec)
{
	const struct port *port = reload_port(vs, spec->text);

	if (!port)	/* a control request was faster */
		return;
	reload_note(r, vs, spec, port->no, false);
	cvsw_port_del(vs->sw, port->no, NULL);
}

static int reload_open(struct reload *r, struct vswitch *vs,
		       const struct conf_sw *old,
		       const struct conf_sw *new,
		       const struct port_spec *spec)
{
	struct port *port;
	unsigned int i;
	int ret;

	for (i = 0; i < old->n_ports; i++)
		if (!reload_has(new, old->ports[i].text) &&
		    reload_clash(&old->ports[i], spec))
			reload_close(r, vs, &old->ports[i]);
	ret = port_open(vs, spec, &port, r->why, sizeof(r->why));
	if (!ret)
		reload_note(r, vs, spec, port->no, true);
	return ret;
}

static int reload_ports_open(struct reload *r)
{
	const struct conf_sw *old, *new;
	unsigned int i, j;
	int ret = 0;

	for (i = 0; i < r->conf->n_sw; i++) {
		old = &r->daemon->conf->sw[i];
		new = &r->conf->sw[i];
		for (j = 0; j < new->n_ports && !ret; j++)
			if (!reload_has(old, new->ports[j].text))
				ret = reload_open(r, &r->daemon->vs[i], old,
						  new, &new->ports[j]);
	}
	return ret;
}

static void reload_ports_close(struct reload *r)
{
	const struct conf_sw *old;
	unsigned int i, j;

	for (i = 0; i < r->conf->n_sw; i++) {
		old = &r->daemon->conf->sw[i];
		for (j = 0; j < old->n_ports; j++)
			if (!reload_has(&r->conf->sw[i], old->ports[j].text))
				reload_close(r, &r->daemon->vs[i],
					     &old->ports[j]);
	}
}

static void reload_undo(struct reload *r)
{
	struct reload_step *step;
	struct port *port;
	char why[256];

	while (r->n_steps) {
		step = &r->step[--r->n_steps];
		if (step->opened)
			cvsw_port_del(step->vs->sw, step->spec.no, NULL);
		else if (port_open(step->vs, &step->spec, &port, why,
				   sizeof(why)))
			say(LOG_ERR, "reload: cannot go back: %s", why);
	}
}

/* keys of in-band control as their files have them now, of a port that stays */
static int reload_keys(struct reload *r, struct vswitch *vs,
		       const struct port_spec *spec)
{
	const struct port *port = reload_port(vs, spec->text);
	struct cvsw_port_info *info;
	struct cvsw_error err = {};
	int ret = 0;

	if (!port || !spec->inband_keys.n)
		return 0;
	info = calloc(1, sizeof(*info));
	if (!info)
		return -ENOMEM;
	if (!cvsw_port_get(vs->sw, port->no, info) &&
	    info->inband == CVSW_INBAND_V3) {
		info->inband_keys = spec->inband_keys;
		ret = cvsw_port_set(vs->sw, info, CVSW_PORT_SET_INBAND_KEYS,
				    &err);
		if (ret)
			snprintf(r->why, sizeof(r->why), "%s: %s", spec->text,
				 err.text ? err.text : strerror(-ret));
		explicit_bzero(&info->inband_keys, sizeof(info->inband_keys));
	}
	free(info);
	return ret;
}

static int reload_switch_keys(struct reload *r, unsigned int which)
{
	const struct conf_sw *sw = &r->conf->sw[which];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < sw->n_ports && !ret; i++)
		ret = reload_keys(r, &r->daemon->vs[which], &sw->ports[i]);
	return ret;
}

/* The whole */

static int reload_commit(struct reload *r)
{
	struct cvsw_error err = {};
	struct vswitch *vs;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < r->conf->n_sw && !ret; i++) {
		vs = &r->daemon->vs[i];
		ret = cvsw_switch_configure(vs->sw, &r->conf->sw[i].config,
					    &err);
		if (ret)
			snprintf(r->why, sizeof(r->why), "%s: %s", vs->name,
				 err.text ? err.text : strerror(-ret));
		else
			ret = reload_flows(vs, &r->conf->sw[i], r->why,
					   sizeof(r->why)) ?:
			      reload_switch_keys(r, i);
	}
	return ret;
}

static unsigned int reload_ports_count(const struct conf *c)
{
	unsigned int i, n = 0;

	for (i = 0; i < c->n_sw; i++)
		n += c->sw[i].n_ports;
	return n;
}

static void reload_swap_string(char **a, char **b)
{
	char *c = *a;

	*a = *b;
	*b = c;
}

/* the new configuration, but for what was decided at start */
static void reload_adopt(struct cvswd *d, struct conf *new)
{
	struct conf *old = d->conf;

	if (strcmp(old->socket, new->socket))
		say(LOG_WARNING, "reload: socket: takes a restart");
	reload_swap_string(&old->socket, &new->socket);
	reload_swap_string(&old->pidfile, &new->pidfile);
	d->conf = new;
	conf_free(old);
	free(old);
}

static int reload_run(struct reload *r)
{
	int ret;

	ret = conf_load(r->conf, r->daemon->argc, r->daemon->argv);
	if (ret) {
		memcpy(r->why, r->conf->settings.why, sizeof(r->why));
		return ret;
	}
	r->step = calloc(reload_ports_count(r->conf) +
			 reload_ports_count(r->daemon->conf), sizeof(*r->step));
	if (!r->step) {
		strcpy(r->why, "no memory");
		return -ENOMEM;
	}
	ret = reload_check(r);
	if (!ret)
		ret = reload_ports_open(r);
	if (!ret)
		ret = reload_commit(r);
	if (ret)
		reload_undo(r);
	else
		reload_ports_close(r);
	return ret;
}

int reload(struct cvswd *d)
{
	struct reload r = { .daemon = d };
	int ret;

	r.conf = calloc(1, sizeof(*r.conf));
	if (!r.conf)
		return -ENOMEM;
	ret = reload_run(&r);
	free(r.step);
	if (ret) {
		say(LOG_ERR, "reload: nothing changed: %s", r.why);
		conf_free(r.conf);
		free(r.conf);
		return ret;
	}
	reload_adopt(d, r.conf);
	say(LOG_NOTICE, "reload: done");
	return 0;
}
