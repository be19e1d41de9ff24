/*
 * typical.c - see model/typical.h.
 */
#include <inttypes.h>

#include "model/typical.h"

enum {
	FIGURES = 5 /* behind the code */
};

static void print_one(const struct package *p, int class, struct buf *out)
{
	const struct typical *t = &p->typical[class];

	if (t->people > 0)
		buf_printf(out,
		           "%.*s|%d|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64 "\n",
		           STR_ARG(p->code), class, t->people, t->voice_s, t->sms,
		           t->data_kib);
}

void typical_print(const struct catalogue *c, struct buf *out)
{
	for (size_t i = 0; i < c->n; i++)
		for (int class = 0; class < PACKAGE_CLASSES; class ++)
			print_one(&c->package[i], class, out);
}

static bool read_line(struct str line, struct str *code, int64_t v[FIGURES])
{
	struct str part;

	if (!str_cut(&line, '|', code))
		return false;
	for (int i = 0; i < FIGURES; i++)
		if (!str_cut(&line, '|', &part) || str_i64(part, &v[i]) != ERR_OK ||
		    v[i] < 0)
			return false;
	return v[0] < PACKAGE_CLASSES;
}

void typical_put(struct str text, struct catalogue *c)
{
	struct str line, code;
	int64_t v[FIGURES];

	while (str_cut(&text, '\n', &line)) {
		if (!read_line(line, &code, v))
			continue;
		for (size_t i = 0; i < c->n; i++)
			if (str_eq(c->package[i].code, code))
				c->package[i].typical[v[0]] = (struct typical){
					v[1], v[2], v[3], v[4]
				};
	}
}
