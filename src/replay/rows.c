/*
 * rows.c - rows of a store as the tables of a story; see record_priv.h.
 *
 * Figures are as old in the story as they were on record: a [clock] stands before the
 * rows of each age, and those of the script behind.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "record_priv.h"
#include "store/store.h"

enum {
	AT_ONCE = 256 /* dossiers loaded together */
};

struct exporter {
	struct store *store;
	struct redact *redact;
	struct arena *arena;
	struct buf *out;
	SET_OF(struct dossier *) known;
};

/* ---- fields ---- */

static void put_text(struct exporter *x, struct str s)
{
	const bool plain = str_find(s, STR(",")) == SIZE_MAX &&
	                   str_find(s, STR("\"")) == SIZE_MAX;

	if (!plain)
		buf_putc(x->out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_putc(x->out, '"');
		if (s.p[i] == '\n' || s.p[i] == '\r')
			buf_putc(x->out, ' ');
		else
			buf_putc(x->out, s.p[i]);
	}
	if (!plain)
		buf_putc(x->out, '"');
	buf_putc(x->out, ',');
}

static void put_int(struct exporter *x, int64_t v)
{
	buf_printf(x->out, "%" PRId64 ",", v);
}

/* 1/1000 yuan as fen with one decimal. */
static void put_li(struct exporter *x, int64_t li)
{
	buf_printf(x->out, "%" PRId64 ".%" PRId64 ",", li / 10, li % 10);
}

static void put_day(struct exporter *x, int64_t utc_s)
{
	const struct civil c = civil_of(utc_s);

	buf_printf(x->out, "%04d-%02d-%02d,", c.year, c.month, c.day);
}

/* Each field ends with a comma; the last one gives way to the line's end. */
static void end_line(struct exporter *x)
{
	x->out->p[x->out->n - 1] = '\n';
}

/* ---- tables ---- */

static void put_package(struct exporter *x, const struct package *p)
{
	put_text(x, p->code);
	buf_printf(x->out, "%s,", package_kind_name(p->kind));
	put_text(x, p->name_zh);
	put_text(x, p->name_en);
	put_int(x, p->fee_fen);
	put_int(x, p->voice_s / 60);
	put_int(x, p->sms);
	put_int(x, p->data_kib / 1024);
	put_li(x, p->over_voice_li_per_min);
	put_li(x, p->over_sms_li);
	put_int(x, p->over_data_fen_per_block);
	put_int(x, p->data_block_kib / 1024);
	put_int(x, p->over_data_cap_fen);
	put_text(x, p->network);
	put_int(x, p->on_sale ? 1 : 0);
	end_line(x);
}

/* What a package costs the operator is nobody's business. */
static enum err put_packages(struct exporter *x)
{
	struct catalogue all;
	const enum err e = store_load_catalogue(x->store, x->arena, &all);

	if (e != ERR_OK || all.n == 0)
		return e;
	buf_puts(
		x->out,
		STR("[packages]\ncode,kind,name_zh,name_en,fee_fen,voice_min,sms,data_mb,"
	            "over_voice_fen_per_min,over_sms_fen,over_data_fen_per_block,"
	            "data_block_mb,over_data_cap_fen,network,on_sale\n"));
	for (size_t i = 0; i < all.n; i++)
		put_package(x, &all.package[i]);
	return ERR_OK;
}

static void put_services(struct exporter *x, const struct dossier *d)
{
	struct buf list = buf_make(4096);

	for (size_t i = 0; i < d->n_held; i++) {
		if (d->held[i].until == 0)
			buf_printf(&list, "%s%.*s", list.n > 0 ? ";" : "",
			           STR_ARG(d->held[i].package));
	}
	put_text(x, buf_str(&list));
	buf_free(&list);
}

static struct str changed(struct exporter *x, struct str s)
{
	struct buf b = buf_make(4096);
	struct str out;

	redact_text(x->redact, s, false, &b);
	out = arena_str(x->arena, buf_str(&b));
	buf_free(&b);
	return out;
}

static void put_subscriber(struct exporter *x, const struct dossier *d)
{
	const struct subscriber *s = &d->sub;

	put_int(x, redact_msisdn(x->redact, d->msisdn));
	put_text(x, redact_name(x->redact, s->name));
	put_int(x, s->real_name ? 1 : 0);
	buf_printf(x->out, "%s,%s,", language_name(s->language),
	           sub_class_name(s->class));
	put_text(x, s->region);
	put_day(x, s->joined_on);
	put_day(x, s->owner_since);
	buf_printf(x->out, "%s,", sub_status_name(s->status));
	put_text(x, s->network);
	put_text(x, s->terminal);
	put_int(x, d->account.balance_fen);
	put_int(x, d->account.credit_fen);
	put_int(x, d->account.points);
	put_text(x, s->puk.n > 0 ? redact_secret(x->redact, s->puk) : STR(""));
	put_text(x, changed(x, s->package));
	put_services(x, d);
	end_line(x);
}

static void put_usage(struct exporter *x, const struct dossier *d)
{
	for (size_t i = 0; i < d->n_usage; i++) {
		const struct usage_month *u = &d->usage[i];

		put_int(x, redact_msisdn(x->redact, d->msisdn));
		buf_printf(x->out, "%04d-%02d,", month_year(u->month),
		           month_of_year(u->month));
		put_int(x, u->voice_s / 60);
		put_int(x, u->sms);
		put_int(x, u->data_kib / 1024);
		if (u->bill_fen == BILL_NONE)
			buf_puts(x->out, STR("none,"));
		else
			put_int(x, u->bill_fen);
		end_line(x);
	}
}

/* ---- by age ---- */

static int64_t age_of(const struct dossier *d, bool usage)
{
	return usage ? d->usage_as_of : d->account.as_of;
}

static bool has_rows(const struct dossier *d, bool usage)
{
	return usage ? d->n_usage > 0 : d->known;
}

static void begin_table(struct exporter *x, int64_t as_of, bool usage)
{
	const struct civil c = civil_of(as_of);

	buf_printf(x->out, "[clock]\n%04d-%02d-%02d %02d:%02d:%02d\n", c.year, c.month,
	           c.day, c.hour, c.minute, c.second);
	if (usage)
		buf_puts(x->out,
		         STR("[usage]\nmsisdn,month,voice_min,sms,data_mb,bill_fen\n"));
	else
		buf_puts(x->out,
		         STR("[subscribers]\nmsisdn,name,real_name,language,class,region,"
		             "joined_on,owner_since,status,network,terminal,balance_fen,"
		             "credit_fen,points,puk,package,services\n"));
}

/* A table for each age; which of them comes first is all the same before the script. */
static void put_tables(struct exporter *x, bool usage)
{
	bool *done = arena_array(x->arena, bool, x->known.n + 1);

	for (size_t i = 0; i < x->known.n; i++) {
		const int64_t as_of = age_of(x->known.row[i], usage);

		if (done[i] || !has_rows(x->known.row[i], usage))
			continue;
		begin_table(x, as_of, usage);
		for (size_t k = i; k < x->known.n; k++) {
			const struct dossier *d = x->known.row[k];

			if (done[k] || !has_rows(d, usage) || age_of(d, usage) != as_of)
				continue;
			done[k] = true;
			if (usage)
				put_usage(x, d);
			else
				put_subscriber(x, d);
		}
	}
}

/* ---- loading ---- */

static enum err load(struct exporter *x, const int64_t *msisdn, size_t n, int64_t now)
{
	const unsigned all = NEED_ACCOUNT | NEED_USAGE | NEED_SUBSCRIPTIONS;
	struct dossier *d[AT_ONCE];
	unsigned need[AT_ONCE];
	enum err e;

	for (size_t i = 0; i < n; i++) {
		d[i] = arena_new(x->arena, struct dossier);
		d[i]->msisdn = msisdn[i];
		need[i] = all;
	}
	e = store_load_dossiers(x->store, x->arena, d, n);
	if (e == ERR_OK)
		e = store_load_needs(x->store, x->arena, d, need, n, now);
	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		if (d[i]->known)
			set_add(x->arena, &x->known, d[i]);
	}
	return e;
}

enum err rows_export(const char *store, const int64_t *msisdn, size_t n, int64_t now,
                     struct redact *r, struct arena *a, struct buf *out,
                     struct fault *fault)
{
	struct exporter x = { .redact = r, .arena = a, .out = out };
	enum err e = store_open(store, STORE_OPEN, &x.store, fault);

	if (e != ERR_OK)
		return e;
	e = put_packages(&x);
	for (size_t i = 0; e == ERR_OK && i < n; i += AT_ONCE)
		e = load(&x, msisdn + i, n - i < AT_ONCE ? n - i : AT_ONCE, now);
	if (e == ERR_OK) {
		put_tables(&x, false);
		put_tables(&x, true);
	} else {
		fault_set(fault, "%s: %s (%s)", store, err_text(e), store_fault(x.store));
	}
	store_close(x.store);
	return e;
}
