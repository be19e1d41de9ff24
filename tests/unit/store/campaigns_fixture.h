/*
 * campaigns_fixture.h - campaigns and targets for the store's tests.
 */
#ifndef UNIT_STORE_CAMPAIGNS_FIXTURE_H
#define UNIT_STORE_CAMPAIGNS_FIXTURE_H

#include "fixture.h"
#include "store/campaigns.h"

#define NOW (SINCE + 200 * 86400)

static inline struct campaign_row campaign_of(const char *code)
{
	return (struct campaign_row){ .code = str_of(code),
		                      .text = STR("campaign = { };"),
		                      .hash = STR("abc"),
		                      .category = PREF_DATA,
		                      .state = CAMPAIGN_RUNNING,
		                      .owner = STR("anna"),
		                      .submitted_by = STR("anna"),
		                      .approved_by = STR("boris"),
		                      .approval = STR("4711"),
		                      .salt = { 1, 2, 3, [CAMPAIGN_SALT - 1] = 16 },
		                      .allowed = 100,
		                      .step_at = 5,
		                      .drawn_at = 6,
		                      .drawn_after = 7,
		                      .at = 8,
		                      .why = STR("because") };
}

static inline enum err try_campaign(struct fixture *f, struct campaign_row *c,
                                    const struct campaign_step *step)
{
	enum err e;

	ck_assert_int_eq(store_begin(f->store), ERR_OK);
	e = store_put_campaign(f->store, c, step);
	ck_assert_int_eq(store_commit(f->store), ERR_OK);
	return e;
}

/* Its id. */
static inline int64_t put_campaign(struct fixture *f, struct campaign_row c)
{
	ck_assert_msg(try_campaign(f, &c, NULL) == ERR_OK, "%s", store_fault(f->store));
	return c.id;
}

static inline struct target_row target_of(int64_t campaign, int64_t msisdn,
                                          enum target_state state)
{
	return (struct target_row){ .campaign = campaign,
		                    .msisdn = msisdn,
		                    .owner_since = SINCE,
		                    .place = msisdn % 7919 * 7919 % 10007,
		                    .state = state,
		                    .offer = STR("LL10"),
		                    .command = STR("service.open code=LL10"),
		                    .saving = STR("1200"),
		                    .why = STR("you used more"),
		                    .price = STR("1000"),
		                    .value_li = 77,
		                    .at = NOW };
}

static inline size_t put_targets(struct fixture *f, const struct target_row *t, size_t n)
{
	size_t new = 0;

	ck_assert_int_eq(store_begin(f->store), ERR_OK);
	ck_assert_msg(store_put_targets(f->store, t, n, &new) == ERR_OK, "%s",
	              store_fault(f->store));
	ck_assert_int_eq(store_commit(f->store), ERR_OK);
	return new;
}

/* Text of a number as the gateway has it, in the arena. */
static inline struct str digits_of(struct fixture *f, const char *prefix, int64_t n)
{
	char text[40];

	(void)snprintf(text, sizeof(text), "%s%lld", prefix, (long long)n);
	return arena_str(&f->arena, str_of(text));
}

static inline struct str number_of(struct fixture *f, int64_t campaign)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "10690086%04d", (int)campaign);
	return arena_str(&f->arena, str_of(text));
}

/* One turn sends it: its message is SENDING. */
static inline void send_target(struct fixture *f, struct target_row t, int64_t outbox)
{
	struct outbox_row row = { .id = outbox,
		                  .at_ms = t.at * 1000,
		                  .state = OUTBOX_SENDING,
		                  .group = STR("smsc-a"),
		                  .from = { 0, 1, number_of(f, t.campaign) },
		                  .to = { 1, 1, digits_of(f, "86", t.msisdn) },
		                  .text = STR("hello"),
		                  .receipt = true };

	t.state = TARGET_SENT;
	t.outbox = outbox;
	t.segments = 2;
	changes_add(&f->changes, outbox, row);
	changes_add(&f->changes, targets, t);
	changes_add(&f->changes, campaigns_sent,
	            (struct campaign_sent){ t.campaign, 1, 2 });
	commit_changes(f);
}

/* The receipt of a campaign's message to a number. */
static inline struct receipt_row receipt_of(struct fixture *f, int64_t campaign,
                                            int64_t msisdn, const char *id, uint8_t state)
{
	return (struct receipt_row){ .from = { 1, 1, digits_of(f, "86", msisdn) },
		                     .to = { 0, 1, number_of(f, campaign) },
		                     .at_ms = (NOW + 60) * 1000,
		                     .group = STR("smsc-a"),
		                     .message_id = str_of(id),
		                     .state = state,
		                     .error = STR("") };
}

static inline struct dossier pushes_of(struct fixture *f, int64_t msisdn, int64_t now)
{
	struct dossier d = { .msisdn = msisdn };
	const unsigned need = NEED_PUSHES;

	ck_assert_int_eq(
		store_load_dossiers(f->store, &f->arena, (struct dossier *[]){ &d }, 1),
		ERR_OK);
	ck_assert_int_eq(store_load_needs(f->store, &f->arena, (struct dossier *[]){ &d },
	                                  &need, 1, now),
	                 ERR_OK);
	return d;
}

#endif
