/*
 * import_history.c - payments.csv, details.csv, resources.csv, complaints.csv, and for
 * campaigns: touches.csv, uses.csv, clicks.csv, suppressed.csv.
 */
#include "import_priv.h"

#define MOST          INT64_C(1000000000000)
#define N_COLUMNS(of) (sizeof(of) / sizeof((of)[0]))
#define NUMBER(column, low, words)                                             \
	.name = (column), .type = &import_number, .factor = 1, .least = (low), \
	.most = MOST, .expected = words
#define MSISDN(row)                                          \
	{                                                    \
		.name = "msisdn", .type = &import_msisdn,    \
		.offset = offsetof(row, msisdn), .key = true \
	}

/* ---- payments ---- */

#define AT(member) .offset = offsetof(struct payment_row, payment.member)
static const struct import_column payments[] = {
	MSISDN(struct payment_row),
	{ .name = "at", .type = &import_time, AT(at), .key = true },
	{ NUMBER("amount_fen", -MOST, "fen, a whole number"), AT(amount_fen) },
	{ .name = "channel", .type = &import_text, AT(channel), .key = true },
};
#undef AT

const struct import_kind import_payments = {
	.name = "payments",
	.store = STORE_PAYMENTS,
	.column = payments,
	.n_columns = N_COLUMNS(payments),
	.row_size = sizeof(struct payment_row),
	.of_number = true,
	.needs_sub = true,
};

/* ---- details ---- */

static const char *detail_kind(unsigned v)
{
	return detail_kind_name((enum detail_kind)v);
}

#define AT(member) .offset = offsetof(struct detail_row, detail.member)
static const struct import_column details[] = {
	MSISDN(struct detail_row),
	{ .name = "at", .type = &import_time, AT(at), .key = true },
	{ .name = "kind",
	  .type = &import_name,
	  AT(kind),
	  .name_of = detail_kind,
	  .expected = "voice, sms or data",
	  .key = true },
	{ .name = "peer", .type = &import_text, AT(peer), .key = true },
	{ NUMBER("amount", 0, "seconds, pieces or KiB, a whole number from 0"),
	  AT(amount) },
	{ NUMBER("fee_fen", -MOST, "fen, a whole number"), AT(fee_fen) },
};
#undef AT

const struct import_kind import_details = {
	.name = "details",
	.store = STORE_DETAILS,
	.column = details,
	.n_columns = N_COLUMNS(details),
	.row_size = sizeof(struct detail_row),
	.of_number = true,
	.needs_sub = true,
};

/* ---- resources ---- */

static const char *resource_kind(unsigned v)
{
	return resource_kind_name((enum resource_kind)v);
}

#define AT(member) .offset = offsetof(struct resource_row, resource.member)
#define AMOUNT(column, member)                                                           \
	{                                                                                \
		.name = (column), .type = &import_number, AT(member), .factor = 1,       \
		.least = 0, .most = 1000000000,                                          \
		.expected = "MB, minutes or pieces, a whole number from 0 to 1000000000" \
	}
static const struct import_column resources[] = {
	MSISDN(struct resource_row),
	{ .name = "kind",
	  .type = &import_name,
	  AT(kind),
	  .name_of = resource_kind,
	  .expected = "general, directed, rolled, pack, voice or sms",
	  .key = true },
	{ .name = "name", .type = &import_label, AT(name), .key = true },
	AMOUNT("total", total),
	AMOUNT("used", used),
	{ .name = "expires_on", .type = &import_date_next, AT(expires_on), .key = true },
	{ NUMBER("order", 0, "a whole number from 0"), AT(order) },
};
#undef AT

/* From the file's units to the hall's. */
static void scale(const struct import *im, void *row, const void *before)
{
	static const int64_t unit[] = {
		[RESOURCE_GENERAL] = 1024, [RESOURCE_DIRECTED] = 1024,
		[RESOURCE_ROLLED] = 1024,  [RESOURCE_PACK] = 1024,
		[RESOURCE_VOICE] = 60,     [RESOURCE_SMS] = 1
	};
	struct resource *r = &((struct resource_row *)row)->resource;

	(void)im;
	(void)before;
	r->total *= unit[r->kind];
	r->used *= unit[r->kind];
}

const struct import_kind import_resources = {
	.name = "resources",
	.store = STORE_RESOURCES,
	.column = resources,
	.n_columns = N_COLUMNS(resources),
	.row_size = sizeof(struct resource_row),
	.of_number = true,
	.needs_sub = true,
	.complete = scale,
};

/* ---- complaints ---- */

static const char *complaint_state(unsigned v)
{
	return complaint_state_name((enum complaint_state)v);
}

#define AT(member) .offset = offsetof(struct complaint_row, complaint.member)
static const struct import_column complaints[] = {
	MSISDN(struct complaint_row),
	{ .name = "at", .type = &import_time, AT(at), .key = true },
	{ .name = "kind", .type = &import_label, AT(kind), .key = true },
	{ .name = "text", .type = &import_text, AT(text), .optional = true },
	{ .name = "state",
	  .type = &import_name,
	  AT(state),
	  .name_of = complaint_state,
	  .expected = "open, working or closed" },
};
#undef AT

const struct import_kind import_complaints = {
	.name = "complaints",
	.store = STORE_COMPLAINTS,
	.column = complaints,
	.n_columns = N_COLUMNS(complaints),
	.row_size = sizeof(struct complaint_row),
	.of_number = true,
	.needs_sub = true,
};

/* ---- touches: what others sent ---- */

static const char *touch_outcome(unsigned v)
{
	return touch_outcome_name((enum touch_outcome)v);
}

#define AT(member) .offset = offsetof(struct touch_row, member)
static const struct import_column touches[] = {
	MSISDN(struct touch_row),
	{ .name = "at", .type = &import_time, AT(at), .key = true },
	{ .name = "channel", .type = &import_label, AT(channel), .key = true },
	{ .name = "about", .type = &import_text, AT(about), .optional = true },
	{ .name = "outcome",
	  .type = &import_name,
	  AT(outcome),
	  .name_of = touch_outcome,
	  .optional = true,
	  .expected = "reached, missed, interested or refused" },
};
#undef AT

const struct import_kind import_touches = {
	.name = "touches",
	.store = STORE_TOUCHES,
	.column = touches,
	.n_columns = N_COLUMNS(touches),
	.row_size = sizeof(struct touch_row),
	.of_number = true,
	.needs_sub = true,
};

/* ---- uses: of what campaigns gave or pointed to ---- */

#define AT(member) .offset = offsetof(struct use_row, member)
static const struct import_column uses[] = {
	MSISDN(struct use_row),
	{ .name = "at", .type = &import_time, AT(at), .key = true },
	{ .name = "campaign", .type = &import_label, AT(campaign), .key = true },
	{ .name = "what", .type = &import_label, AT(what), .key = true },
};
#undef AT

const struct import_kind import_uses = {
	.name = "uses",
	.store = STORE_USES,
	.column = uses,
	.n_columns = N_COLUMNS(uses),
	.row_size = sizeof(struct use_row),
	.of_number = true,
	.needs_sub = true,
};

/* ---- clicks: the same, by the token of a link ---- */

#define AT(member) .offset = offsetof(struct click_row, member)
static const struct import_column clicks[] = {
	{ .name = "token", .type = &import_label, AT(token), .key = true },
	{ .name = "at", .type = &import_time, AT(at), .key = true },
	{ .name = "what", .type = &import_label, AT(what), .key = true },
};
#undef AT

const struct import_kind import_clicks = {
	.name = "clicks",
	.store = STORE_CLICKS,
	.column = clicks,
	.n_columns = N_COLUMNS(clicks),
	.row_size = sizeof(struct click_row),
};

/* ---- suppressed: the blacklist, of any numbers ---- */

static const struct import_column suppressed[] = {
	MSISDN(struct suppressed_row),
	{ .name = "why",
	  .type = &import_label,
	  .offset = offsetof(struct suppressed_row, why) },
};

const struct import_kind import_suppressed = {
	.name = "suppressed",
	.store = STORE_SUPPRESSED,
	.column = suppressed,
	.n_columns = N_COLUMNS(suppressed),
	.row_size = sizeof(struct suppressed_row),
	.of_number = true,
};
