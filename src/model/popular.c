/*
 * popular.c - see model/popular.h.
 */
#include <inttypes.h>

#include "model/popular.h"

void popular_print(const struct catalogue *c, struct buf *out)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->package[i].popular >= POPULAR_LEAST)
			buf_printf(out, "%.*s|%" PRId64 "\n", STR_ARG(c->package[i].code),
			           c->package[i].popular);
}

void popular_put(struct str text, struct catalogue *c)
{
	struct str line, code;
	int64_t people;

	while (str_cut(&text, '\n', &line)) {
		if (!str_cut(&line, '|', &code) || str_i64(line, &people) != ERR_OK ||
		    people < POPULAR_LEAST)
			continue;
		for (size_t i = 0; i < c->n; i++)
			if (str_eq(c->package[i].code, code))
				c->package[i].popular = people;
	}
}
