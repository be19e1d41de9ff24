/*
 * measure.c - see grammar/measure.h.
 */
#include "grammar/measure.h"

#include <math.h>
#include <string.h>

#include "base/civil.h"

enum {
	LINE_MAX_OCTETS = 8192,
	COLUMNS = 5
};

enum column {
	CLASS,
	CONTEXT,
	TEXT,
	INTENT,
	SLOTS
};

bool measure_context(struct str text, struct grammar_context *out)
{
	int64_t n;

	*out = (struct grammar_context){ GRAMMAR_NO_CONTEXT, 0 };
	if (text.n == 0)
		return true;
	if (str_eq(text, STR("confirm"))) {
		out->kind = GRAMMAR_CONFIRM;
		return true;
	}
	if (!str_starts(text, STR("menu:")) ||
	    str_i64((struct str){ text.p + 5, text.n - 5 }, &n) != ERR_OK || n < 1 ||
	    n > 99)
		return false;
	*out = (struct grammar_context){ GRAMMAR_MENU, (unsigned)n };
	return true;
}

size_t measure_unescape(char *p, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\\' && i + 1 < n && strchr("nt\\", p[i + 1]) != NULL) {
			i++;
			p[to++] = (char)(p[i] == 'n' ? '\n' : p[i] == 't' ? '\t' : '\\');
		} else {
			p[to++] = p[i];
		}
	}
	return to;
}

bool measure_now(struct str set, int64_t *now)
{
	static const struct str head = { "# now ", 6 };
	struct str line;

	while (str_cut(&set, '\n', &line)) {
		if (str_starts(line, head))
			return civil_parse_time(str_trim((struct str){ line.p + head.n,
			                                               line.n - head.n }),
			                        now) == ERR_OK;
	}
	return false;
}

void measure_wilson(unsigned right, unsigned texts, double *low, double *high)
{
	const double z = 1.96, n = texts, p = right / n;
	const double mid = p + z * z / (2 * n);
	const double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));

	*low = (mid - half) / (1 + z * z / n);
	*high = (mid + half) / (1 + z * z / n);
}

static struct measure_class *class_of(struct measure *m, struct str name)
{
	size_t i = 0;

	while (i < m->n && !str_eq(str_of(m->of[i].name), name))
		i++;
	if (i == MEASURE_CLASSES || name.n >= MEASURE_NAME)
		return NULL;
	if (i == m->n) {
		memcpy(m->of[m->n].name, name.p, name.n);
		m->n++;
	}
	return &m->of[i];
}

static bool is_suggested(const struct grammar_command *c, struct str intent)
{
	for (size_t i = 0; i < c->n_suggestions; i++)
		if (str_eq(str_of(c->suggestion[i].intent->name), intent))
			return true;
	return false;
}

static bool is_intent(const struct grammar_command *c, struct str want)
{
	return str_eq(want, str_of(c->intent != NULL ? c->intent->name : "unknown"));
}

static bool is_charge(const struct grammar_command *c)
{
	return c->intent != NULL && c->intent->effect == GRAMMAR_CHARGE;
}

/* slots: what the command's are, as JSON. */
static bool is_right(const struct grammar_command *c, const struct str *column,
                     struct str slots)
{
	const bool any = str_eq(column[SLOTS], STR("*"));
	struct str rest = column[INTENT], want;

	if (str_eq(rest, STR("-charge")))
		return !is_charge(c);
	while (str_cut(&rest, '|', &want)) {
		const bool near = want.n > 0 && want.p[want.n - 1] == '?';

		want.n -= near ? 1 : 0;
		if (is_intent(c, want) && (any || str_eq(column[SLOTS], slots)))
			return true;
		if (near && is_suggested(c, want))
			return true;
	}
	return false;
}

static bool split(struct str line, struct str column[COLUMNS])
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (!str_cut(&line, '\t', &column[i]))
			return false;
	return line.p == NULL;
}

struct run {
	const struct grammar *g;
	struct grammar_matcher *m;
	struct arena arena;
	int64_t now;
	struct buf got; /* of one text */
	struct measure *out;
	struct buf *report;
};

static bool take_line(struct run *r, struct str line)
{
	char text[LINE_MAX_OCTETS];
	struct str column[COLUMNS], got, slots = { 0 };
	struct grammar_context context;
	struct grammar_command c;
	struct measure_class *class;
	bool right;

	if (line.n > sizeof(text) || !split(line, column) ||
	    !measure_context(column[CONTEXT], &context) ||
	    (class = class_of(r->out, column[CLASS])) == NULL)
		return false;
	memcpy(text, column[TEXT].p, column[TEXT].n);
	arena_reset(&r->arena);
	grammar_match(r->g, r->m,
	              (struct str){ text, measure_unescape(text, column[TEXT].n) },
	              context, r->now, &r->arena, &c);
	buf_reset(&r->got);
	grammar_print_tsv(&c, &r->got);
	got = slots = buf_str(&r->got);
	(void)str_cut(&slots, '\t', &got);
	(void)str_cut(&slots, '\t', &got);
	right = is_right(&c, column, got);
	class->texts++;
	class->right += right ? 1 : 0;
	if (right)
		return true;
	r->out->charged_false += is_charge(&c) ? 1 : 0;
	buf_printf(r->report, "%.*s: \"%.*s\" should be %.*s %.*s but is %.*s\n",
	           STR_ARG(column[CLASS]), STR_ARG(column[TEXT]), STR_ARG(column[INTENT]),
	           STR_ARG(column[SLOTS]), STR_ARG(buf_str(&r->got)));
	return true;
}

enum err measure_run(const struct grammar *g, struct grammar_matcher *m, struct str set,
                     int64_t now, struct measure *out, struct buf *report,
                     struct fault *fault)
{
	struct run r = { .g = g, .m = m, .now = now, .out = out, .report = report };
	struct str line;
	enum err e = ERR_OK;

	*out = (struct measure){ .n = 0 };
	r.arena = arena_make(GRAMMAR_ARENA);
	r.got = buf_make(LINE_MAX_OCTETS);
	for (unsigned no = 1; e == ERR_OK && str_cut(&set, '\n', &line); no++) {
		if (line.n == 0 ||
		    (line.p[0] == '#' && str_find(line, STR("\t")) == SIZE_MAX))
			continue;
		if (!take_line(&r, line)) {
			fault_set(fault,
			          "line %u: expected class, context, text, intent and "
			          "slots with tabs between them",
			          no);
			e = ERR_SYNTAX;
		}
	}
	buf_free(&r.got);
	arena_free(&r.arena);
	return e;
}

static void print_class(const char *name, unsigned right, unsigned texts, struct buf *out)
{
	double low, high;

	measure_wilson(right, texts, &low, &high);
	buf_printf(out, "%-16s %5u of %5u  %5.1f %%  (%.1f-%.1f)\n", name, right, texts,
	           100.0 * right / texts, 100 * low, 100 * high);
}

void measure_print(const struct measure *m, struct buf *out)
{
	unsigned texts = 0, right = 0;

	for (size_t i = 0; i < m->n; i++) {
		print_class(m->of[i].name, m->of[i].right, m->of[i].texts, out);
		texts += m->of[i].texts;
		right += m->of[i].right;
	}
	if (texts > 0)
		print_class("all", right, texts, out);
	buf_printf(out, "charged false accepts: %u\n", m->charged_false);
}
