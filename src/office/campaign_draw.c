/*
 * campaign_draw.c - the audience of a campaign, drawn into the store: rows in pieces, each
 * with the number up to which it is drawn, so that an interrupted one goes on there.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "campaign_priv.h"
#include "store/people.h"

enum {
	PIECE_FIRST = 50, /* rows: before anything was measured */
	CERTIFICATE = 16384
};

struct drawing {
	struct campaign_plan *plan;
	struct str code;
	struct campaign_row row; /* as it was looked at last */
	struct arena arena;      /* of row */
	struct campaign_walk *walk;
	struct campaign_choice *choice; /* NULL: everybody gets the first of his offers */
	struct target_row *target;      /* [STORE_PEOPLE_SLICE] */
	size_t n;
	int64_t drawn, held; /* targets that were new; of all, those held out */
	/* The piece that is written. */
	size_t first, count, piece;
	int64_t upto, us;
	bool last;
};

/* Somebody may have stopped it meanwhile; what else changed of it stays. */
static enum err look_again(struct drawing *d)
{
	struct office_call *c = d->plan->c;
	struct campaign_row *row = NULL;
	size_t n = 0;
	enum err e;

	arena_reset(&d->arena);
	e = store_campaigns(c->host->reader, &d->arena, d->code, &row, &n, c->fault);
	if (e != ERR_OK)
		return e;
	if (n == 1 &&
	    (row[0].state == CAMPAIGN_SCHEDULED || row[0].state == CAMPAIGN_RUNNING)) {
		d->row = row[0];
		return ERR_OK;
	}
	fault_set(c->fault, "%.*s was stopped while its audience was drawn",
	          STR_ARG(d->code));
	return ERR_STATE;
}

static enum err put_piece(struct store *s, struct drawing *d)
{
	size_t new = 0;
	enum err e = d->last ? store_begin(s) : store_begin_bulk(s);

	if (e == ERR_OK && d->count > 0)
		e = store_put_targets(s, d->target + d->first, d->count, &new);
	if (e == ERR_OK)
		e = store_put_campaign(s, &d->row, NULL);
	if (e == ERR_OK)
		e = store_commit(s);
	else
		store_rollback(s);
	if (e == ERR_OK)
		d->drawn += (int64_t) new;
	else
		office_store_failed(d->plan->c, s);
	return e;
}

static enum err write_piece(struct store *s, void *arg)
{
	struct drawing *d = arg;
	const int64_t from = clock_machine().mono_us;
	enum err e = look_again(d);

	d->row.drawn_after = d->upto;
	if (d->last) {
		d->row.drawn_after = 0;
		d->row.drawn_at = d->plan->now;
	}
	if (e == ERR_OK)
		e = put_piece(s, d);
	d->us = clock_machine().mono_us - from;
	return e;
}

/* Rows ascend by number, so that each piece is drawn up to its last one. */
static enum err write_portion(struct drawing *d)
{
	enum err e = ERR_OK;

	for (d->first = 0; e == ERR_OK && d->first < d->n; d->first += d->count) {
		const size_t left = d->n - d->first;

		d->count = left < d->piece ? left : d->piece;
		d->upto = d->target[d->first + d->count - 1].msisdn;
		if (d->count == left)
			d->upto = campaign_walk_so_far(d->walk).upto;
		e = office_write(d->plan->c, write_piece, d);
		d->piece = office_import_pace(d->count, d->us,
		                              office_slice_us(d->plan->c->host));
	}
	return e;
}

static enum err draw_portion(struct drawing *d, const struct campaign_found *found,
                             size_t n)
{
	d->n = 0;
	for (size_t i = 0; i < n; i++) {
		size_t offer = 0;

		if (d->choice != NULL &&
		    !campaign_choice_of(d->choice, &found[i], &offer))
			continue;
		campaign_walk_target(d->walk, &d->row, &found[i], offer,
		                     &d->target[d->n]);
		d->held += d->target[d->n].state == TARGET_HELD;
		d->n++;
	}
	return write_portion(d);
}

static enum err end_drawing(struct drawing *d)
{
	d->first = d->count = 0;
	d->last = true;
	return office_write(d->plan->c, write_piece, d);
}

static enum err draw_all(struct drawing *d)
{
	struct office_call *c = d->plan->c;
	struct campaign_found *found = NULL;
	int64_t total = 0;
	size_t n = 0;
	enum err e = store_people_count(c->host->reader, &total);

	while (e == ERR_OK && (e = campaign_walk_next(d->walk, &found, &n)) == ERR_OK) {
		if (office_is_ending(c)) {
			fault_set(c->fault,
			          "the process ends: the audience is drawn on at "
			          "the next start");
			e = ERR_STATE;
			break;
		}
		e = draw_portion(d, found, n);
		office_progress(c, campaign_walk_so_far(d->walk).people, total, d->drawn);
	}
	return e == ERR_END ? end_drawing(d) : e;
}

/* ---- whom there is enough for ---- */

static void add_to_choice(void *ctx, const struct campaign_found *f,
                          const struct campaign_case *c)
{
	campaign_choice_add(ctx, f, c);
}

static void say_chosen(const struct drawing *d)
{
	struct buf out = buf_make(CERTIFICATE);

	campaign_choice_say(d->choice, d->walk, &out);
	office_lines(d->plan->c, &out);
	buf_free(&out);
}

static enum err choose_some(struct drawing *d)
{
	struct campaign_walked seen;
	enum err e = campaign_choice_begin(d->plan, &d->row, &d->choice);

	if (e == ERR_OK)
		e = campaign_survey(d->plan, &d->row, add_to_choice, d->choice, &seen);
	if (e == ERR_OK)
		e = campaign_choice_made(d->choice, d->walk);
	if (e == ERR_OK && campaign_choice_is_short(d->choice)) {
		say_chosen(d);
		return ERR_OK;
	}
	campaign_choice_end(d->choice);
	d->choice = NULL;
	return e;
}

static void say_drawn(const struct drawing *d, int64_t us)
{
	const struct campaign_walked seen = campaign_walk_so_far(d->walk);
	const double s = us > 1000 ? (double)us / 1e6 : 0.001;

	LOG(d->plan->c->host->log, LOG_INFO, "campaign.drawn",
	    "code=%.*s people=%" PRId64 " fit=%" PRId64 " offered=%" PRId64
	    " targets=%" PRId64 " held=%" PRId64 " seconds=%.1f",
	    STR_ARG(d->code), seen.people, seen.fit, seen.offered, d->drawn, d->held, s);
	office_say(d->plan->c,
	           "%.*s: of %" PRId64 " subscribers %" PRId64 " fit, %" PRId64
	           " %s; %" PRId64 " drawn, %" PRId64
	           " of them held out, in %.1f s (%.0f/s)",
	           STR_ARG(d->code), seen.people, seen.fit, seen.offered,
	           campaign_kind_sells(d->plan->def.kind) ? "have an offer"
	                                                  : "can be told",
	           d->drawn, d->held, s, (double)d->drawn / s);
}

/* Where it goes on; those who are chosen may lie anywhere. */
static int64_t from_number(const struct campaign_plan *p, const struct campaign_row *row)
{
	return campaign_may_choose(&p->def) ? 0 : row->drawn_after;
}

/* What comes behind answers has no audience. */
enum err campaign_draw(struct campaign_plan *p, const struct campaign_row *row)
{
	const int64_t from = clock_machine().mono_us;
	struct drawing d = { .plan = p,
		             .code = row->code,
		             .row = *row,
		             .arena = arena_make(SIZE_MAX),
		             .piece = PIECE_FIRST };
	enum err e;

	p->def.nought = NULL; /* what was released goes on as it was meant then */
	e = campaign_plan_check(p);

	if (e == ERR_OK && row->drawn_at == 0 && row->drawn_after == 0)
		e = campaign_forget(p->c, row->id); /* of an approval before */
	if (e == ERR_OK && p->def.n_after > 0)
		return end_drawing(&d);
	if (e == ERR_OK)
		e = campaign_plan_whole(p);
	if (e == ERR_OK)
		e = campaign_walk_begin(p, from_number(p, row), &d.walk);
	if (e != ERR_OK)
		return e;
	campaign_walk_of(d.walk, row);
	d.target = arena_array(&p->c->arena, struct target_row, STORE_PEOPLE_SLICE);
	if (campaign_may_choose(&p->def))
		e = choose_some(&d);
	if (e == ERR_OK)
		e = draw_all(&d);
	if (e == ERR_OK)
		say_drawn(&d, clock_machine().mono_us - from);
	campaign_choice_end(d.choice);
	campaign_walk_end(d.walk);
	arena_free(&d.arena);
	return e;
}

/* ---- the act ---- */

static enum err put_scheduled(struct campaign_move *m, struct campaign_row *row)
{
	const struct campaign_plan *p = m->arg;

	if (!str_eq(row->hash, str_of(p->hash))) {
		fault_set(m->c->fault, "%.*s was changed this moment: look at it again",
		          STR_ARG(row->code));
		return ERR_STATE;
	}
	row->drawn_at = row->drawn_after = row->allowed = row->step_at = 0;
	return ERR_OK;
}

static enum err schedule(struct campaign_plan *p, const struct campaign_row *row)
{
	struct campaign_move m = { .c = p->c,
		                   .deed = CAMPAIGN_DEED_SCHEDULE,
		                   .code = row->code,
		                   .now = p->now,
		                   .note = STR(""),
		                   .change = put_scheduled,
		                   .quiet = true,
		                   .arg = p };
	enum err e = office_text(p->c, "by", &m.by);

	if (e == ERR_OK && row->state == CAMPAIGN_APPROVED) {
		e = campaign_still(p, row);
		if (e == ERR_OK)
			e = campaign_plan_check(p);
	}
	if (e == ERR_OK)
		e = campaign_move(&m);
	if (e == ERR_OK)
		e = campaign_draw(p, &m.row);
	return e;
}

enum err campaign_schedule(struct office_call *c)
{
	struct campaign_plan p = { .c = c };
	struct campaign_row row;
	struct buf at = buf_make(64), opening = buf_make(256);
	enum err e = campaign_plan_of(c, &p, &row);

	if (e == ERR_OK)
		e = schedule(&p, &row);
	if (e == ERR_OK) {
		show_time(&at, (p.def.from > p.now ? p.def.from : p.now) * 1000);
		office_say(
			c,
			"%.*s: scheduled, begins %.16s by itself while the hall serves",
			STR_ARG(row.code), buf_cstr(&at));
		campaign_put_opening(CAMPAIGN_SCHEDULED, &p.def, &p.rules, p.now,
		                     &opening);
		office_lines(c, &opening);
	}
	buf_free(&at);
	buf_free(&opening);
	campaign_plan_free(&p);
	return e;
}
