/*
 * draft.c - a definition to begin with: every key with what it is, and what is to be filled
 * in left empty, so that "campaign check" leads through the rest.
 */
#include "base/buf.h"
#include "keys_priv.h"

enum {
	DAY_S = 86400,
	RUNS_DAYS = 7
};

struct draft {
	const struct campaign_draft *of;
	struct buf *out;
};

static void put_day(struct buf *out, int64_t at)
{
	const struct civil c = civil_of(at);

	buf_printf(out, "%04d-%02d-%02d", c.year, c.month, c.day);
}

static void put_code(const struct draft *d)
{
	buf_puts(d->out, d->of->code);
}
static void put_kind(const struct draft *d)
{
	buf_puts(d->out, str_of(campaign_kind_name(d->of->kind)));
}
static void put_owner(const struct draft *d)
{
	buf_puts(d->out, d->of->owner);
}
static void put_from(const struct draft *d)
{
	put_day(d->out, d->of->now + DAY_S);
}
static void put_until(const struct draft *d)
{
	put_day(d->out, d->of->now + RUNS_DAYS * DAY_S);
}
static void put_nothing(const struct draft *d)
{
	(void)d;
}

/* What is said of them from the start; all others may be left as they are. */
static const struct {
	const char *key;
	void (*put)(const struct draft *d);
} said[] = {
	{ "campaign.code", put_code },   { "campaign.title", put_nothing },
	{ "campaign.kind", put_kind },   { "campaign.category", put_nothing },
	{ "campaign.owner", put_owner }, { "offer.codes", put_nothing },
	{ "time.from", put_from },       { "time.until", put_until },
};

static bool is_of_sales(const struct key *k)
{
	return str_starts(str_of(k->name), STR("offer."));
}

static void put_key(const struct draft *d, const struct key *k)
{
	struct str name = str_of(k->name), group;
	void (*put)(const struct draft *d) = NULL;

	(void)str_cut(&name, '.', &group);
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if (strcmp(said[i].key, k->name) == 0)
			put = said[i].put;
	buf_printf(d->out, "  # %s%s%s\n  %s%.*s = \"", k->help,
	           k->choices != NULL ? ": " : "", k->choices != NULL ? k->choices : "",
	           put != NULL ? "" : "# ", STR_ARG(name));
	if (put != NULL)
		put(d);
	else
		buf_puts(d->out, str_of(k->standard));
	buf_puts(d->out, STR("\";\n"));
}

void campaign_draft(const struct campaign_draft *of, struct buf *out)
{
	const struct draft d = { of, out };
	struct str open = STR("");
	size_t n;
	const struct key *key = campaign_keys(&n);

	buf_printf(
		out,
		"# A campaign of kind %s.  Fill in what is empty; what stands behind a # "
		"holds as it is.\n# smshall campaign check FILE says what is still to be "
		"done, line by line.\n",
		campaign_kind_name(of->kind));
	for (size_t i = 0; i < n; i++) {
		struct str rest = str_of(key[i].name), group;

		if (is_of_sales(&key[i]) && !campaign_kind_sells(of->kind))
			continue;
		(void)str_cut(&rest, '.', &group);
		if (!str_eq(group, open))
			buf_printf(out, "%s%.*s = {\n", open.n > 0 ? "};\n" : "",
			           STR_ARG(group));
		open = group;
		put_key(&d, &key[i]);
	}
	buf_puts(out,
	         STR("};\narm_a = {\n"
	             "  # texts; of several arms (arm_b, ...) each with its share in "
	             "per cent\n  zh_hans = \"\";\n  # zh_hant = \"\";\n  # en = \"\";\n"
	             "};\n"));
}
