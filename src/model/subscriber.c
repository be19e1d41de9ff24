/*
 * subscriber.c - see model/subscriber.h.
 */
#include "model/subscriber.h"

#define NAME_OF(table, i) \
	((size_t)(i) < sizeof(table) / sizeof((table)[0]) ? (table)[i] : NULL)

const char *sub_status_name(enum sub_status s)
{
	static const char *const name[] = {
#define X(constant, text) [SUB_##constant] = (text),
		SUB_STATUS_LIST(X)
#undef X
	};

	return NAME_OF(name, s);
}

const char *language_name(enum language l)
{
	static const char *const name[LANG_COUNT] = { "zh-Hans", "zh-Hant", "en" };

	return NAME_OF(name, l);
}

const char *sub_class_name(enum sub_class c)
{
	static const char *const name[] = { "personal", "business" };

	return NAME_OF(name, c);
}

const struct usage_month *dossier_usage(const struct dossier *d, month_t month)
{
	for (size_t i = d->n_usage; i-- > 0;) {
		if (d->usage[i].month == month)
			return &d->usage[i];
	}
	return NULL;
}

const struct usage_month *dossier_last_bill(const struct dossier *d, month_t until)
{
	for (size_t i = d->n_usage; i-- > 0;) {
		if (d->usage[i].month <= until && d->usage[i].bill_fen != BILL_NONE)
			return &d->usage[i];
	}
	return NULL;
}
