/*
 * values.c - what the variables of a text are for one target.
 */
#include "push/compose.h"

int64_t compose_until(const struct campaign *c, int64_t now)
{
	struct civil day = civil_of(now);

	day.day += c->offer_days;
	day.hour = 23;
	day.minute = day.second = 59;
	return civil_to_utc(day);
}

static struct str day_text(struct arena *a, enum language l, int64_t at)
{
	static const char *const month[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	const struct civil c = civil_of(at);

	return l == LANG_EN ? arena_printf(a, "%d %s", c.day, month[c.month - 1])
	                    : arena_printf(a, "%d月%d日", c.month, c.day);
}

static struct str optional(struct str s)
{
	return s.n > 0 ? s : (struct str){ NULL, 0 };
}

void compose_target(const struct campaign *c, const struct target_row *t,
                    struct str package, enum language language,
                    const struct catalogue *packages, int64_t now, struct arena *a,
                    struct str values[PUSH_VARIABLES])
{
	const struct package *offer = catalogue_find(packages, t->offer);
	const struct package *has = catalogue_find(packages, package);

	for (int i = 0; i < PUSH_VARIABLES; i++)
		values[i] = (struct str){ NULL, 0 };
	if (offer != NULL)
		compose_values(offer, language, a, values);
	values[PUSH_VAR_SAVING] = optional(t->saving);
	values[PUSH_VAR_REASON] = optional(t->why);
	values[PUSH_VAR_REPLY] = STR("1");
	if (has != NULL)
		values[PUSH_VAR_PACKAGE] = package_name(has, language == LANG_EN);
	if (t->command.n > 0)
		values[PUSH_VAR_UNTIL] = day_text(a, language, compose_until(c, now));
}
