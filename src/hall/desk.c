/*
 * desk.c - reads what desk.h holds.
 */
#include "hall/desk.h"
#include "text/segment.h"

struct reading {
	const struct reply_file *file;
	const struct fold *fold;
	struct arena *arena;
	struct desk *desk;
	struct fault *fault;
};

static enum err refuse(const struct reading *r, int line, const char *expected)
{
	fault_set(r->fault, "%s:%d: expected %s", r->file->path, line, expected);
	return ERR_SYNTAX;
}

/* "BK.name" into its halves; false: there is no group. */
static bool split(struct str name, struct str *group, struct str *member)
{
	*member = name;
	return str_cut(member, '.', group) && member->p != NULL && member->n > 0;
}

static bool put_number(struct str text, int least, int most, int *out)
{
	int64_t v;

	if (str_i64(text, &v) != ERR_OK || v < least || v > most)
		return false;
	*out = (int)v;
	return true;
}

/* Names separated by |, folded. */
static bool put_keys(const struct reading *r, struct str text, struct keys *out)
{
	struct folded *f = arena_new(r->arena, struct folded);
	struct str key;

	while (str_cut(&text, '|', &key)) {
		fold_text(r->fold, key, f);
		if (f->n == 0 || out->n == DESK_KEYS)
			return false;
		out->key[out->n++] = arena_str(r->arena, (struct str){ f->p, f->n });
	}
	return out->n > 0;
}

/* ---- orders that end elsewhere ---- */

enum {
	ERRAND_DAYS = 366
};

static struct errand *errand_named(struct desk *d, struct arena *a, struct str code)
{
	for (size_t i = 0; i < d->n_errands; i++)
		if (str_eq(d->errand[i].code, code))
			return &d->errand[i];
	if (d->n_errands == DESK_ERRANDS)
		return NULL;
	d->errand[d->n_errands].code = arena_str(a, code);
	return &d->errand[d->n_errands++];
}

static struct str *errand_text(struct errand *e, struct str member)
{
	const struct {
		const char *name;
		struct str *text;
	} members[] = {
		{ "desk", &e->desk },
		{ "name", &e->name[LANG_ZH_HANS] },
		{ "name_hant", &e->name[LANG_ZH_HANT] },
		{ "name_en", &e->name[LANG_EN] },
		{ "papers", &e->papers[LANG_ZH_HANS] },
		{ "papers_hant", &e->papers[LANG_ZH_HANT] },
		{ "papers_en", &e->papers[LANG_EN] },
		{ "where", &e->where[LANG_ZH_HANS] },
		{ "where_hant", &e->where[LANG_ZH_HANT] },
		{ "where_en", &e->where[LANG_EN] },
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (str_eq(member, str_of(members[i].name)))
			return members[i].text;
	return NULL;
}

static enum err read_errand(const struct reading *r, const struct reply_text *t)
{
	struct str code, member, *text;
	struct errand *e;

	if (!split(t->name, &code, &member))
		return refuse(r, t->line, "a group CODE = { days, desk, name, ... }");
	e = errand_named(r->desk, r->arena, code);
	if (e == NULL)
		return refuse(r, t->line, "at most 64 groups");
	if (str_eq(member, STR("days")))
		return put_number(t->text, 1, ERRAND_DAYS, &e->days)
		               ? ERR_OK
		               : refuse(r, t->line, "days from 1 to 366, as \"7\"");
	if (str_eq(member, STR("promise")))
		return put_number(t->text, 1, ERRAND_DAYS, &e->promise)
		               ? ERR_OK
		               : refuse(r, t->line, "days from 1 to 366, as \"3\"");
	text = errand_text(e, member);
	if (text == NULL || t->text.n == 0)
		return refuse(
			r, t->line,
			"days, promise, desk, or name, papers, where, each also with _hant "
			"and _en, and not empty");
	*text = arena_str(r->arena, t->text);
	return ERR_OK;
}

static enum err check_errand(const struct reading *r, struct errand *e)
{
	bool whole = e->days > 0 && e->desk.n > 0;

	for (int l = 0; l < LANG_COUNT; l++)
		whole = whole && e->name[l].n > 0 && e->papers[l].n > 0 &&
		        e->where[l].n > 0;
	e->by_himself = str_eq(e->desk, STR("self"));
	if (whole)
		return ERR_OK;
	fault_set(r->fault,
	          "%s: %.*s lacks something; give days, desk, and name, papers, where in "
	          "three languages",
	          r->file->path, STR_ARG(e->code));
	return ERR_SYNTAX;
}

static enum err read_errands(const struct reading *r)
{
	enum err e = ERR_OK;

	r->desk->errand = arena_array(r->arena, struct errand, DESK_ERRANDS);
	for (size_t i = 0; i < r->file->n && e == ERR_OK; i++)
		e = read_errand(r, &r->file->text[i]);
	for (size_t i = 0; i < r->desk->n_errands && e == ERR_OK; i++)
		e = check_errand(r, &r->desk->errand[i]);
	return e;
}

/* ---- hours and promises ---- */

static enum err read_rules(const struct reading *r)
{
	struct desk *d = r->desk;
	const struct {
		const char *name;
		int least, most;
		int *value;
	} rules[] = {
		{ "agent.minutes", 0, 600, &d->agent_minutes },
		{ "agent.people", 1, 10000, &d->agent_people },
		{ "agent.from", 0, 23, &d->agent_from },
		{ "agent.until", 1, 24, &d->agent_until },
		{ "complaint.hours", 1, 720, &d->complaint_hours },
		{ "suggestion.hours", 1, 720, &d->suggestion_hours },
	};

	for (size_t i = 0; i < r->file->n; i++) {
		const struct reply_text *t = &r->file->text[i];
		size_t k = 0;

		while (k < sizeof(rules) / sizeof(rules[0]) &&
		       !str_eq(t->name, str_of(rules[k].name)))
			k++;
		if (k == sizeof(rules) / sizeof(rules[0]))
			return refuse(
				r, t->line,
				"agent.minutes, people, from, until, complaint.hours, "
				"or suggestion.hours");
		if (!put_number(t->text, rules[k].least, rules[k].most, rules[k].value))
			return refuse(r, t->line, "a number in its bounds, as \"2\"");
	}
	return ERR_OK;
}

/* ---- the question list ---- */

static struct question *question_named(struct desk *d, struct arena *a, struct str id)
{
	for (size_t i = 0; i < d->n_questions; i++)
		if (str_eq(d->question[i].id, id))
			return &d->question[i];
	if (d->n_questions == DESK_QUESTIONS)
		return NULL;
	d->question[d->n_questions].id = arena_str(a, id);
	return &d->question[d->n_questions++];
}

static enum err read_question(const struct reading *r, const struct reply_text *t,
                              int language)
{
	struct str id, member;
	struct question *q;

	if (!split(t->name, &id, &member))
		return refuse(r, t->line, "a group NAME = { title, keys, answer }");
	q = question_named(r->desk, r->arena, id);
	if (q == NULL)
		return refuse(r, t->line, "at most 256 questions");
	if (str_eq(member, STR("keys")))
		return put_keys(r, t->text, &q->keys)
		               ? ERR_OK
		               : refuse(r, t->line,
		                        "words separated by |, 24 with those "
		                        "of the other languages");
	if (str_eq(member, STR("answer")) &&
	    segment_count(t->text, false, true) > DESK_ANSWER_SEGMENTS)
		return refuse(r, t->line, "an answer of 3 messages at most; shorten it");
	if (str_eq(member, STR("title")))
		q->title[language] = arena_str(r->arena, t->text);
	else if (str_eq(member, STR("answer")))
		q->answer[language] = arena_str(r->arena, t->text);
	else
		return refuse(r, t->line, "title, keys or answer");
	return ERR_OK;
}

static enum err check_question(const struct reading *r, const struct question *q)
{
	bool whole = q->keys.n > 0;

	for (int l = 0; l < LANG_COUNT; l++)
		whole = whole && q->title[l].n > 0 && q->answer[l].n > 0;
	if (whole)
		return ERR_OK;
	fault_set(r->fault,
	          "%s: the question %.*s lacks something; give title, keys and answer in "
	          "the files of all languages",
	          r->file->path, STR_ARG(q->id));
	return ERR_SYNTAX;
}

static enum err read_questions(struct reading *r,
                               const struct reply_file file[LANG_COUNT])
{
	enum err e = ERR_OK;

	r->desk->question = arena_array(r->arena, struct question, DESK_QUESTIONS);
	for (int l = 0; l < LANG_COUNT; l++) {
		r->file = &file[l];
		for (size_t i = 0; i < file[l].n && e == ERR_OK; i++)
			e = read_question(r, &file[l].text[i], l);
	}
	for (size_t i = 0; i < r->desk->n_questions && e == ERR_OK; i++)
		e = check_question(r, &r->desk->question[i]);
	return e;
}

/* ---- shops ---- */

static enum err read_shop(const struct reading *r, struct str line, int no)
{
	struct shop *s = &r->desk->shop[r->desk->n_shops];
	static const char expected[] =
		"REGION|REGION<TAB>name<TAB>address<TAB>hours<TAB>English, "
		"then perhaps <TAB>name<TAB>address, <TAB>region in Traditional";
	struct str regions, cell[7];
	size_t n = 0;

	if (!str_cut(&line, '\t', &regions) || !put_keys(r, regions, &s->regions))
		return refuse(r, no, expected);
	while (n < 7 && str_cut(&line, '\t', &cell[n]) && cell[n].n > 0)
		n++;
	if ((n != 4 && n != 6 && n != 7) || line.p != NULL ||
	    r->desk->n_shops + 1 == DESK_SHOPS)
		return refuse(r, no, expected);
	s->name = arena_str(r->arena, cell[0]);
	s->address = arena_str(r->arena, cell[1]);
	s->hours = arena_str(r->arena, cell[2]);
	s->english = arena_str(r->arena, cell[3]);
	s->hant_name = n > 4 ? arena_str(r->arena, cell[4]) : s->name;
	s->hant_address = n > 4 ? arena_str(r->arena, cell[5]) : s->address;
	s->hant_place = n == 7 ? arena_str(r->arena, cell[6]) : STR("");
	r->desk->n_shops++;
	return ERR_OK;
}

static size_t count_lines(struct str text)
{
	struct str line;
	size_t n = 0;

	while (str_cut(&text, '\n', &line))
		n++;
	return n;
}

static enum err read_shops(const struct reading *r, struct str text)
{
	const size_t lines = count_lines(text);
	struct str line;
	enum err e = ERR_OK;

	r->desk->shop = arena_array(r->arena, struct shop,
	                            (lines < DESK_SHOPS ? lines : DESK_SHOPS) + 1);
	for (int no = 1; e == ERR_OK && str_cut(&text, '\n', &line); no++) {
		line = str_trim(line);
		if (line.n > 0 && line.p[0] != '#')
			e = read_shop(r, line, no);
	}
	return e;
}

enum err desk_make(const struct desk_files *files, const struct fold *fold,
                   struct arena *a, struct desk *out, struct fault *fault)
{
	const struct reply_file shops = { .path = files->shops_path };
	struct reading r = { .fold = fold, .arena = a, .desk = out, .fault = fault };
	enum err e;

	*out = (struct desk){ .fold = fold, .agent_people = 1, .agent_until = 24 };
	r.file = &files->errands;
	e = read_errands(&r);
	r.file = &files->rules;
	if (e == ERR_OK)
		e = read_rules(&r);
	if (e == ERR_OK)
		e = read_questions(&r, files->questions);
	r.file = &shops;
	return e == ERR_OK ? read_shops(&r, files->shops) : e;
}

const struct errand *desk_errand(const struct desk *d, struct str code)
{
	for (size_t i = 0; d != NULL && i < d->n_errands; i++)
		if (str_eq(d->errand[i].code, code))
			return &d->errand[i];
	return NULL;
}

const struct question *desk_question(const struct desk *d, struct str id)
{
	for (size_t i = 0; d != NULL && i < d->n_questions; i++)
		if (str_eq(d->question[i].id, id))
			return &d->question[i];
	return NULL;
}
