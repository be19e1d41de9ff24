/*
 * changes_tools.c - what the tools of selling move; see model/changes.h.
 */
#include <assert.h>
#include <inttypes.h>

#include "model/changes.h"

static int64_t owner_of(const struct dossier *d)
{
	return d->known ? d->sub.owner_since : 0;
}

/* In front of those that are there, since it is the newest. */
static void add_entry(struct changes *c, struct dossier *d, struct points_entry entry)
{
	struct points_entry *all = arena_array(c->arena, struct points_entry,
	                                       d->n_earned + 1);

	all[0] = entry;
	if (d->n_earned > 0)
		memcpy(all + 1, d->earned, d->n_earned * sizeof(*all));
	d->earned = all;
	d->n_earned++;
}

static void move_points(struct changes *c, struct dossier *d, struct ledger_row row)
{
	assert((d->have & NEED_TOOLS) != 0);
	row.msisdn = d->msisdn;
	row.owner_since = owner_of(d);
	d->account.points += row.points;
	changes_add(c, ledger, row);
	add_entry(c, d,
	          (struct points_entry){ row.request_id, row.at, row.points, row.note });
}

void changes_earn(struct changes *c, struct dossier *d, const struct order *o,
                  const char *suffix, int64_t now, int64_t points)
{
	assert(points > 0);
	move_points(c, d,
	            (struct ledger_row){
			    .request_id = arena_printf(c->arena, "o%" PRId64 "%s", o->id,
	                                               suffix),
			    .at = now,
			    .kind = STR(POINTS_EARN),
			    .points = points,
			    .order = o->id,
			    .inbox = o->inbox,
			    .note = STR(""),
		    });
}

void changes_expire(struct changes *c, struct dossier *d,
                    const struct points_count *count, int64_t now, int64_t inbox)
{
	for (size_t i = 0; i < count->n_ends; i++)
		move_points(
			c, d,
			(struct ledger_row){
				.request_id = arena_printf(c->arena, "x%.*s",
		                                           STR_ARG(count->end[i].lot)),
				.at = now,
				.kind = STR(POINTS_EXPIRE),
				.points = -count->end[i].points,
				.inbox = inbox,
				.note = count->end[i].lot,
			});
}

void changes_coupon(struct changes *c, struct dossier *d, struct coupon coupon)
{
	struct coupon *all;

	assert((d->have & NEED_TOOLS) != 0);
	changes_add(c, coupons, (struct coupon_row){ d->msisdn, owner_of(d), coupon });
	for (size_t i = 0; i < d->n_coupons; i++) {
		if (str_eq(d->coupon[i].code, coupon.code)) {
			d->coupon[i] = coupon;
			return;
		}
	}
	all = arena_array(c->arena, struct coupon, d->n_coupons + 1);
	all[0] = coupon;
	if (d->n_coupons > 0)
		memcpy(all + 1, d->coupon, d->n_coupons * sizeof(*all));
	d->coupon = all;
	d->n_coupons++;
}

static struct stock *stock_of(struct changes *c, struct stocks *s, struct str tool,
                              int64_t total)
{
	struct stock *all;

	for (size_t i = 0; i < s->n; i++) {
		if (str_eq(s->row[i].tool, tool)) {
			s->row[i].total = total;
			return &s->row[i];
		}
	}
	all = arena_array(c->arena, struct stock, s->n + 1);
	if (s->n > 0)
		memcpy(all, s->row, s->n * sizeof(*all));
	all[s->n] = (struct stock){ tool, total, 0 };
	s->row = all;
	return &s->row[s->n++];
}

bool changes_sale(struct changes *c, struct dossier *d, const struct tool *t,
                  const struct order *o, int64_t now, int64_t inbox)
{
	const struct str tool = arena_printf(c->arena, "%s.%.*s", tool_kind_name(t->kind),
	                                     STR_ARG(t->code));
	struct stock *s;
	bool got;

	assert(d->stocks != NULL && t->stock > 0);
	s = stock_of(c, d->stocks, tool, t->stock);
	got = o != NULL && s->sold < s->total;
	s->sold += got ? 1 : 0;
	changes_add(c, sales,
	            (struct sale_row){ .tool = tool,
	                               .msisdn = d->msisdn,
	                               .owner_since = owner_of(d),
	                               .at = now,
	                               .inbox = inbox,
	                               .order = got ? o->id : 0,
	                               .total = s->total,
	                               .sold = s->sold });
	return got;
}

void changes_draw(struct changes *c, const struct dossier *d, struct draw_row draw)
{
	draw.msisdn = d->msisdn;
	draw.owner_since = owner_of(d);
	changes_add(c, draws, draw);
}

void changes_grant(struct changes *c, struct dossier *d, struct resource r, int64_t now)
{
	struct resource *all;

	assert((d->have & NEED_RESOURCES) != 0);
	for (size_t i = 0; i < d->n_resources; i++) {
		struct resource *old = &d->resource[i];

		if (old->kind != r.kind || old->expires_on != r.expires_on ||
		    !str_eq(old->name, r.name))
			continue;
		old->total += r.total;
		changes_add(c, grants,
		            (struct grant_row){ d->msisdn, owner_of(d), now, *old });
		return;
	}
	all = arena_array(c->arena, struct resource, d->n_resources + 1);
	if (d->n_resources > 0)
		memcpy(all, d->resource, d->n_resources * sizeof(*all));
	all[d->n_resources++] = r;
	d->resource = all;
	changes_add(c, grants, (struct grant_row){ d->msisdn, owner_of(d), now, r });
}
