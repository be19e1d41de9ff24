/*
 * notices.c - see model/notices.h.
 */
#include <assert.h>

#include "model/changes.h"

/* ---- reminders ---- */

const struct reminder *dossier_reminder(const struct dossier *d, struct str kind)
{
	for (size_t i = 0; i < d->n_reminders; i++)
		if (str_eq(d->reminder[i].kind, kind) && d->reminder[i].next_at > 0)
			return &d->reminder[i];
	return NULL;
}

void changes_reminder(struct changes *c, struct dossier *d, struct reminder r)
{
	struct reminder *all = arena_array(c->arena, struct reminder, d->n_reminders + 1);
	size_t n = 0;

	assert((d->have & NEED_REMINDERS) != 0 && d->known);
	for (size_t i = 0; i < d->n_reminders; i++)
		if (!str_eq(d->reminder[i].kind, r.kind))
			all[n++] = d->reminder[i];
	all[n++] = r;
	d->reminder = all;
	d->n_reminders = n;
	changes_add(c, reminders,
	            (struct reminder_row){ d->msisdn, d->sub.owner_since, r });
}

/* ---- preferences ---- */

void changes_preference(struct changes *c, struct dossier *d, struct preference p)
{
	assert((d->have & NEED_PREFERENCE) != 0 && d->known);
	d->preference = arena_new(c->arena, struct preference);
	*d->preference = p;
	d->n_preference = 1;
	changes_add(c, preferences,
	            (struct preference_row){ d->msisdn, d->sub.owner_since, p });
}

/* ---- several numbers ---- */

static bool is_of(const struct bond *b, int64_t asker, int64_t msisdn)
{
	return b->asker == asker && b->msisdn == msisdn;
}

const struct bond *bond_find(const struct changes *c, const struct dossier *d,
                             int64_t asker, int64_t msisdn)
{
	assert((d->have & NEED_BONDS) != 0 &&
	       (d->msisdn == asker || d->msisdn == msisdn));
	for (size_t i = c->bonds.n; i-- > 0;)
		if (is_of(&c->bonds.row[i], asker, msisdn))
			return &c->bonds.row[i];
	for (size_t i = 0; i < d->n_bonds; i++)
		if (is_of(&d->bond[i], asker, msisdn))
			return &d->bond[i];
	for (size_t i = 0; i < d->n_bonded; i++)
		if (is_of(&d->bonded[i], asker, msisdn))
			return &d->bonded[i];
	return NULL;
}

bool bond_shows(const struct changes *c, const struct dossier *asker,
                const struct dossier *of)
{
	const struct bond *b;

	if (!asker->known || !of->known || asker->msisdn == of->msisdn)
		return false;
	b = bond_find(c, of, asker->msisdn, of->msisdn);
	return b != NULL && b->state == BOND_STANDING &&
	       b->asker_since == asker->sub.owner_since &&
	       b->owner_since == of->sub.owner_since;
}

void changes_bond(struct changes *c, struct bond b)
{
	assert(b.asker != b.msisdn && b.asker > 0 && b.msisdn > 0);
	changes_add(c, bonds, b);
}

/* ---- requests ---- */

void changes_request(struct changes *c, struct request r)
{
	assert(r.asker != r.msisdn && r.asker > 0 && r.msisdn > 0 && r.nonce != 0);
	changes_add(c, requests, r);
}

const struct request *request_now(const struct changes *c, const struct request *r)
{
	for (size_t i = c->requests.n; i-- > 0;) {
		const struct request *k = &c->requests.row[i];

		if (k->asker == r->asker && k->msisdn == r->msisdn &&
		    str_eq(k->command, r->command))
			return k;
	}
	return r;
}

void changes_notice(struct changes *c, struct notice n)
{
	changes_add(c, notices, n);
}
