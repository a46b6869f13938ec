// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copyright (C) 2026 The CVSW authors

/*
 * Names of the drop causes, from the one list in <cvsw/drop.h>.
 */

#include "os.h"
#include <cvsw/switch.h>

struct drop_words {
	const char *name;
	const char *text;
};

static const struct drop_words drop_words[CVSW_DROP_COUNT] = {
	[CVSW_DROP_NONE] = { "none", "not dropped" },
#define DROP_WORDS(id, name, text)	[CVSW_DROP_##id] = { name, text },
	CVSW_DROP_CAUSES(DROP_WORDS)
#undef DROP_WORDS
};

const char *cvsw_drop_name(unsigned int drop)
{
	return drop < CVSW_DROP_COUNT ? drop_words[drop].name : NULL;
}

const char *cvsw_drop_text(unsigned int drop)
{
	return drop < CVSW_DROP_COUNT ? drop_words[drop].text : NULL;
}
