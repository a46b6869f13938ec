// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/* Lines of the log that peers can cause, as often as they like. */

#include <stdarg.h>
#include "ofd.h"

#define TELL_LINES	20	/* of one switch ... */
#define TELL_NS		10000000000ull	/* ... within this time */

/* is there to be one more line now? */
static bool tell_may(struct sw *sw, u64 now)
{
	if (now >= sw->tell_until) {
		if (sw->untold)
			say(LOG_WARNING, "%s: %u lines are left out",
			    sw->config.name, sw->untold);
		sw->tell_until = now + TELL_NS;
		sw->told = 0;
		sw->untold = 0;
	}
	if (sw->told < TELL_LINES) {
		sw->told++;
		return true;
	}
	sw->untold++;
	return false;
}

void sw_tell(struct sw *sw, int priority, const char *who, const char *format,
	     ...)
{
	char line[300];
	va_list args;

	if (priority < LOG_DEBUG && !tell_may(sw, ofd_now()))
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	say(priority, "%s: %s%s%s", sw->config.name, who, *who ? ": " : "",
	    line);
}
