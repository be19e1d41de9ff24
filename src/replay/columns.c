/*
 * columns.c - see columns_priv.h.
 */
#include <inttypes.h>

#include "columns_priv.h"
#include "model/popular.h"
#include "store/tags.h"

#define AT(member) offsetof(struct record, member)
#define END                                       \
	{                                         \
		.name = NULL, .field = FIELD_TEXT \
	}
/* clang-format off */
static const struct column packages[] = {
	{ "code",                    NULL,   FIELD_TEXT,    AT(package.code) },
	{ "kind",                    "main", FIELD_KIND,    AT(package.kind) },
	{ "name_zh",                 "",     FIELD_TEXT,    AT(package.name_zh) },
	{ "name_en",                 "",     FIELD_TEXT,    AT(package.name_en) },
	{ "name_hant",               "",     FIELD_TEXT,    AT(package.name_hant) },
	{ "fee_fen",                 "0",    FIELD_FEN,     AT(package.fee_fen) },
	{ "voice_min",               "0",    FIELD_MINUTES, AT(package.voice_s) },
	{ "sms",                     "0",    FIELD_COUNT,   AT(package.sms) },
	{ "data_mb",                 "0",    FIELD_MB,      AT(package.data_kib) },
	{ "over_voice_fen_per_min",  "0",    FIELD_LI,      AT(package.over_voice_li_per_min) },
	{ "over_sms_fen",            "0",    FIELD_LI,      AT(package.over_sms_li) },
	{ "over_data_fen_per_block", "0",    FIELD_FEN,     AT(package.over_data_fen_per_block) },
	{ "data_block_mb",           "0",    FIELD_MB,      AT(package.data_block_kib) },
	{ "over_data_cap_fen",       "0",    FIELD_FEN,     AT(package.over_data_cap_fen) },
	{ "over_voice_cap_fen",      "0",    FIELD_FEN,     AT(package.over_voice_cap_fen) },
	{ "over_sms_cap_fen",        "0",    FIELD_FEN,     AT(package.over_sms_cap_fen) },
	{ "over_voice_tiers",        "",     FIELD_OUTER,   AT(package.outer[DIM_VOICE]) },
	{ "over_sms_tiers",          "",     FIELD_OUTER,   AT(package.outer[DIM_SMS]) },
	{ "over_data_tiers",         "",     FIELD_OUTER,   AT(package.outer[DIM_DATA]) },
	{ "cost_fen",                "0",    FIELD_FEN,     AT(package.cost_fen) },
	{ "network",                 "4G",   FIELD_TEXT,    AT(package.network) },
	{ "on_sale",                 "1",    FIELD_FLAG,    AT(package.on_sale) },
	END
};
static const struct column subscribers[] = {
	{ "msisdn",      NULL,         FIELD_MSISDN,   AT(subscriber.sub.msisdn) },
	{ "name",        "",           FIELD_NAME,     AT(subscriber.sub.name) },
	{ "real_name",   "1",          FIELD_FLAG,     AT(subscriber.sub.real_name) },
	{ "language",    "zh-Hans",    FIELD_LANGUAGE, AT(subscriber.sub.language) },
	{ "class",       "personal",   FIELD_CLASS,    AT(subscriber.sub.class) },
	{ "region",      "",           FIELD_TEXT,     AT(subscriber.sub.region) },
	{ "joined_on",   "2020-01-01", FIELD_DATE,     AT(subscriber.sub.joined_on) },
	{ "owner_since", "2020-01-01", FIELD_DATE,     AT(subscriber.sub.owner_since) },
	{ "status",      "active",     FIELD_STATUS,   AT(subscriber.sub.status) },
	{ "network",     "4G",         FIELD_TEXT,     AT(subscriber.sub.network) },
	{ "terminal",    "",           FIELD_TEXT,     AT(subscriber.sub.terminal) },
	{ "balance_fen", "0",          FIELD_FEN,      AT(subscriber.account.balance_fen) },
	{ "credit_fen",  "0",          FIELD_FEN,      AT(subscriber.account.credit_fen) },
	{ "points",      "0",          FIELD_COUNT,    AT(subscriber.account.points) },
	{ "puk",         "",           FIELD_SECRET,   AT(subscriber.sub.puk) },
	{ "package",     "58",         FIELD_TEXT,     AT(subscriber.sub.package) },
	{ "services",    "",           FIELD_LIST,     AT(services) },
	END
};
static const struct column usage[] = {
	{ "msisdn",    NULL,   FIELD_MSISDN,  AT(usage.msisdn) },
	{ "month",     NULL,   FIELD_MONTH,   AT(usage.usage.month) },
	{ "voice_min", "0",    FIELD_MINUTES, AT(usage.usage.voice_s) },
	{ "sms",       "0",    FIELD_COUNT,   AT(usage.usage.sms) },
	{ "data_mb",   "0",    FIELD_MB,      AT(usage.usage.data_kib) },
	{ "bill_fen",  "none", FIELD_FEN,     AT(usage.usage.bill_fen) },
	END
};
static const struct column bills[] = {
	{ "msisdn",     NULL, FIELD_MSISDN, AT(bill.msisdn) },
	{ "month",      NULL, FIELD_MONTH, AT(bill.line.month) },
	{ "item",       NULL, FIELD_TEXT,  AT(bill.line.item) },
	{ "amount_fen", NULL, FIELD_FEN,   AT(bill.line.amount_fen) },
	END
};
static const struct column payments[] = {
	{ "msisdn",     NULL, FIELD_MSISDN, AT(payment.msisdn) },
	{ "at",         NULL, FIELD_TIME,  AT(payment.payment.at) },
	{ "amount_fen", NULL, FIELD_FEN,   AT(payment.payment.amount_fen) },
	{ "channel",    "",   FIELD_TEXT,  AT(payment.payment.channel) },
	END
};
static const struct column details[] = {
	{ "msisdn",  NULL,    FIELD_MSISDN,      AT(detail.msisdn) },
	{ "at",      NULL,    FIELD_TIME,        AT(detail.detail.at) },
	{ "kind",    "voice", FIELD_DETAIL_KIND, AT(detail.detail.kind) },
	{ "peer",    "",      FIELD_WORDS,       AT(detail.detail.peer) },
	{ "amount",  "0",     FIELD_COUNT,       AT(detail.detail.amount) },
	{ "fee_fen", "0",     FIELD_FEN,         AT(detail.detail.fee_fen) },
	END
};
static const struct column resources[] = {
	{ "msisdn",     NULL,      FIELD_MSISDN,        AT(resource.msisdn) },
	{ "kind",       "general", FIELD_RESOURCE_KIND, AT(resource.resource.kind) },
	{ "name",       "",        FIELD_TEXT,          AT(resource.resource.name) },
	{ "total",      "0",       FIELD_COUNT,         AT(resource.resource.total) },
	{ "used",       "0",       FIELD_COUNT,         AT(resource.resource.used) },
	{ "expires_on", "none",    FIELD_NEXT_DAY,      AT(resource.resource.expires_on) },
	{ "order",      "0",       FIELD_COUNT,         AT(resource.resource.order) },
	END
};
static const struct column subscriptions[] = {
	{ "msisdn",         NULL,         FIELD_MSISDN,   AT(subscription.msisdn) },
	{ "package",        NULL,         FIELD_TEXT,     AT(subscription.held.package) },
	{ "since",          "2020-01-01", FIELD_DATE,     AT(subscription.held.since) },
	{ "until",          "none",       FIELD_DAY_END,  AT(subscription.held.until) },
	{ "contract_until", "none",       FIELD_DAY_END,  AT(subscription.held.contract_until) },
	{ "penalty_fen",    "0",          FIELD_FEN,      AT(subscription.held.penalty_fen) },
	END
};
static const struct column complaints[] = {
	{ "msisdn", NULL,   FIELD_MSISDN,    AT(complaint.msisdn) },
	{ "at",     NULL,   FIELD_TIME,      AT(complaint.complaint.at) },
	{ "kind",   "",     FIELD_TEXT,      AT(complaint.complaint.kind) },
	{ "text",   "",     FIELD_WORDS,     AT(complaint.complaint.text) },
	{ "state",  "open", FIELD_COMPLAINT, AT(complaint.complaint.state) },
	END
};
static const struct column consents[] = {
	{ "msisdn",  NULL,  FIELD_MSISDN, AT(consent.msisdn) },
	{ "subject", NULL,  FIELD_TEXT,  AT(consent.consent.subject) },
	{ "given",   "1",   FIELD_FLAG,  AT(consent.consent.given) },
	{ "at",      NULL,  FIELD_TIME,  AT(consent.consent.at) },
	{ "channel", "sms", FIELD_TEXT,  AT(consent.consent.channel) },
	{ "text",    "",    FIELD_WORDS, AT(consent.consent.text) },
	END
};
static const struct column groups[] = {
	{ "code",    NULL,         FIELD_TEXT, AT(group.code) },
	{ "name",    "",           FIELD_NAME, AT(group.name) },
	{ "kind",    "enterprise", FIELD_TEXT, AT(group.kind) },
	{ "class",   "",           FIELD_TEXT, AT(group.class) },
	{ "level",   "",           FIELD_TEXT, AT(group.level) },
	{ "manager", "",           FIELD_NAME, AT(group.manager) },
	{ "phone",   "",           FIELD_WORDS, AT(group.phone) },
	{ "limit_fen", "0",        FIELD_FEN,  AT(group.limit_fen) },
	END
};
static const struct column members[] = {
	{ "group",  NULL,     FIELD_TEXT,  AT(member.group) },
	{ "msisdn", NULL,     FIELD_MSISDN, AT(member.msisdn) },
	{ "role",   "member", FIELD_TEXT,  AT(member.role) },
	END
};
static const struct column orders[] = {
	{ "msisdn",       NULL,           FIELD_MSISDN, AT(order.msisdn) },
	{ "owner_since",  "2020-01-01",   FIELD_DATE,  AT(order.owner_since) },
	{ "id",           NULL,           FIELD_COUNT, AT(order.order.id) },
	{ "kind",         "service.open", FIELD_TEXT,  AT(order.order.kind) },
	{ "package",      "",             FIELD_TEXT,  AT(order.order.package) },
	{ "state",        "effective",    FIELD_ORDER, AT(order.order.state) },
	{ "at",           NULL,           FIELD_TIME,  AT(order.order.at) },
	{ "effective_at", "none",         FIELD_TIME,  AT(order.order.effective_at) },
	{ "fee_fen",      "0",            FIELD_FEN,   AT(order.order.fee_fen) },
	{ "charged_fen",  "0",            FIELD_FEN,   AT(order.order.charged_fen) },
	{ "charged_points", "0",          FIELD_COUNT, AT(order.order.charged_points) },
	{ "undo_until",   "none",         FIELD_TIME,  AT(order.order.undo_until) },
	{ "was",          "",             FIELD_WORDS, AT(order.order.was) },
	{ "price",        "",             FIELD_TEXT,  AT(order.order.price) },
	END
};
static const struct column tasks[] = {
	{ "msisdn",      NULL,         FIELD_MSISDN, AT(task.msisdn) },
	{ "owner_since", "2020-01-01", FIELD_DATE,  AT(task.owner_since) },
	{ "id",          NULL,         FIELD_COUNT, AT(task.id) },
	{ "kind",        "complaint",  FIELD_TEXT,  AT(task.kind) },
	{ "at",          NULL,         FIELD_TIME,  AT(task.at) },
	{ "text",        "",           FIELD_WORDS, AT(task.text) },
	{ "done_at",     "none",       FIELD_TIME,  AT(task_end.at) },
	{ "answer",      "",           FIELD_WORDS, AT(task_end.answer) },
	{ "desk",        "",           FIELD_TEXT,  AT(task.desk) },
	{ "due_at",      "none",       FIELD_TIME,  AT(task.due_at) },
	{ "order",       "0",          FIELD_COUNT, AT(task.order) },
	END
};
static const struct column deeds[] = {
	{ "id",    NULL,   FIELD_COUNT, AT(deed.id) },
	{ "at",    NULL,   FIELD_TIME,  AT(deed.at) },
	{ "by",    "anna", FIELD_TEXT,  AT(deed.by) },
	{ "say",   "",     FIELD_TEXT,  AT(deed.say) },
	{ "tells", "1",    FIELD_FLAG,  AT(deed.tells) },
	{ "ends",  "1",    FIELD_FLAG,  AT(deed.ends) },
	END
};
static const struct column pins[] = {
	{ "msisdn",      NULL,         FIELD_MSISDN, AT(pin.msisdn) },
	{ "owner_since", "2020-01-01", FIELD_DATE,  AT(pin.owner_since) },
	{ "pin",         "",           FIELD_TEXT,  AT(plain_pin) },
	{ "hash",        "x",          FIELD_TEXT,  AT(pin.pin.hash) },
	{ "failures",    "0",          FIELD_COUNT, AT(pin.pin.failures) },
	{ "locked_until", "none",      FIELD_TIME,  AT(pin.pin.locked_until) },
	{ "right_at",    "none",       FIELD_TIME,  AT(pin.pin.right_at) },
	{ "codes",       "0",          FIELD_COUNT, AT(pin.pin.codes) },
	{ "codes_since", "none",       FIELD_TIME,  AT(pin.pin.codes_since) },
	END
};
static const struct column reminders[] = {
	{ "msisdn",      NULL,         FIELD_MSISDN, AT(reminder.msisdn) },
	{ "owner_since", "2020-01-01", FIELD_DATE,   AT(reminder.owner_since) },
	{ "kind",        NULL,         FIELD_TEXT,   AT(reminder.reminder.kind) },
	{ "limit_fen",   "0",          FIELD_FEN,    AT(reminder.reminder.limit_fen) },
	{ "since",       NULL,         FIELD_TIME,   AT(reminder.reminder.since) },
	{ "next_at",     "none",       FIELD_TIME,   AT(reminder.reminder.next_at) },
	{ "told",        "0",          FIELD_COUNT,  AT(reminder.reminder.told) },
	END
};
static const struct column preferences[] = {
	{ "msisdn",      NULL,         FIELD_MSISDN, AT(preference.msisdn) },
	{ "owner_since", "2020-01-01", FIELD_DATE,   AT(preference.owner_since) },
	{ "off",         "0",          FIELD_INT,    AT(preference.preference.off) },
	{ "from_hour",   "0",          FIELD_INT,    AT(preference.preference.from_hour) },
	{ "to_hour",     "0",          FIELD_INT,    AT(preference.preference.to_hour) },
	{ "at",          NULL,         FIELD_TIME,   AT(preference.preference.at) },
	END
};
static const struct column popular[] = {
	{ "code",   NULL, FIELD_TEXT,  AT(popular.code) },
	{ "people", NULL, FIELD_COUNT, AT(popular.people) },
	END
};
static const struct column bonds[] = {
	{ "msisdn",      NULL,         FIELD_MSISDN, AT(bond.msisdn) },
	{ "owner_since", "2020-01-01", FIELD_DATE,   AT(bond.owner_since) },
	{ "asker",       NULL,         FIELD_MSISDN, AT(bond.asker) },
	{ "asker_since", "2020-01-01", FIELD_DATE,   AT(bond.asker_since) },
	{ "state",       "0",          FIELD_INT,    AT(bond.state) },
	{ "asked_at",    NULL,         FIELD_TIME,   AT(bond.asked_at) },
	{ "at",          "none",       FIELD_TIME,   AT(bond.at) },
	{ "nonce",       "0",          FIELD_INT,    AT(bond.nonce) },
	{ "wrong",       "0",          FIELD_INT,    AT(bond.wrong) },
	END
};
static const struct column requests[] = {
	{ "asker",       NULL,         FIELD_MSISDN, AT(request.asker) },
	{ "asker_since", "2020-01-01", FIELD_DATE,   AT(request.asker_since) },
	{ "msisdn",      NULL,         FIELD_MSISDN, AT(request.msisdn) },
	{ "owner_since", "2020-01-01", FIELD_DATE,   AT(request.owner_since) },
	{ "own",         "0",          FIELD_FLAG,   AT(request.own) },
	{ "command",     NULL,         FIELD_WORDS,  AT(request.command) },
	{ "state",       "0",          FIELD_INT,    AT(request.state) },
	{ "asked_at",    NULL,         FIELD_TIME,   AT(request.asked_at) },
	{ "at",          "none",       FIELD_TIME,   AT(request.at) },
	{ "nonce",       "0",          FIELD_INT,    AT(request.nonce) },
	{ "wrong",       "0",          FIELD_INT,    AT(request.wrong) },
	END
};
static const struct column coupons[] = {
	{ "msisdn",      NULL,         FIELD_MSISDN, AT(coupon.msisdn) },
	{ "owner_since", "2020-01-01", FIELD_DATE,   AT(coupon.owner_since) },
	{ "code",        NULL,         FIELD_TEXT,   AT(coupon.coupon.code) },
	{ "kind",        NULL,         FIELD_TEXT,   AT(coupon.coupon.kind) },
	{ "issued_at",   NULL,         FIELD_TIME,   AT(coupon.coupon.issued_at) },
	{ "expires_at",  NULL,         FIELD_TIME,   AT(coupon.coupon.expires_at) },
	{ "state",       "0",          FIELD_INT,    AT(coupon.coupon.state) },
	{ "order",       "0",          FIELD_COUNT,  AT(coupon.coupon.order) },
	END
};
static const struct column campaigns[] = {
	{ "id",           NULL,    FIELD_COUNT, AT(campaign.id) },
	{ "code",         NULL,    FIELD_TEXT,  AT(campaign.code) },
	{ "text",         "",      FIELD_WORDS, AT(campaign.text) },
	{ "allowed",      "0",     FIELD_COUNT, AT(campaign.allowed) },
	{ "state",        "4",     FIELD_INT,   AT(campaign.state) },
	{ "category",     "1",     FIELD_INT,   AT(campaign.category) },
	{ "owner",        "anna",  FIELD_TEXT,  AT(campaign.owner) },
	{ "submitted_by", "anna",  FIELD_TEXT,  AT(campaign.submitted_by) },
	{ "approval",     "",      FIELD_TEXT,  AT(campaign.approval) },
	{ "hash",         "",      FIELD_TEXT,  AT(campaign.hash) },
	{ "at",           "none",  FIELD_TIME,  AT(campaign.at) },
	{ "why",          "",      FIELD_WORDS, AT(campaign.why) },
	{ "seen_at",      "none",  FIELD_TIME,  AT(seen.at) },
	{ "delivered",    "0",     FIELD_COUNT, AT(seen.delivered) },
	{ "replied",      "0",     FIELD_COUNT, AT(seen.replied) },
	{ "ordered",      "0",     FIELD_COUNT, AT(seen.ordered) },
	{ "treated",      "0",     FIELD_COUNT, AT(seen.treated) },
	{ "bought",       "0",     FIELD_COUNT, AT(seen.bought) },
	{ "control",      "0",     FIELD_COUNT, AT(seen.control) },
	{ "control_bought", "0",   FIELD_COUNT, AT(seen.control_bought) },
	END
};
static const struct column targets[] = {
	{ "campaign",    NULL,         FIELD_COUNT,  AT(target.campaign) },
	{ "msisdn",      NULL,         FIELD_MSISDN, AT(target.msisdn) },
	{ "owner_since", "2020-01-01", FIELD_DATE,   AT(target.owner_since) },
	{ "state",       "3",          FIELD_INT,    AT(target.state) },
	{ "offer",       "",           FIELD_TEXT,   AT(target.offer) },
	{ "command",     "",           FIELD_WORDS,  AT(target.command) },
	{ "saving",      "",           FIELD_TEXT,   AT(target.saving) },
	{ "why",         "",           FIELD_WORDS,  AT(target.why) },
	{ "price",       "",           FIELD_TEXT,   AT(target.price) },
	{ "at",          NULL,         FIELD_TIME,   AT(target.at) },
	{ "outbox",      "0",          FIELD_COUNT,  AT(target.outbox) },
	{ "until",       "none",       FIELD_TIME,   AT(target.until) },
	{ "replied_at",  "none",       FIELD_TIME,   AT(target.replied_at) },
	END
};
/* clang-format on */

static void take_services(struct record *r, const struct record *before)
{
	(void)before;
	r->subscriber.service = r->services.item;
	r->subscriber.n_services = r->services.n;
}

/* Lines of one month are numbered from 0, which drops what the month held before. */
static void number_line(struct record *r, const struct record *before)
{
	if (before != NULL && before->bill.msisdn == r->bill.msisdn &&
	    before->bill.line.month == r->bill.line.month)
		r->bill.at = before->bill.at + 1;
}

/* Given in MB, minutes and pieces. */
int64_t resource_unit(enum resource_kind kind)
{
	static const int64_t unit[] = {
		[RESOURCE_GENERAL] = 1024, [RESOURCE_DIRECTED] = 1024,
		[RESOURCE_ROLLED] = 1024,  [RESOURCE_PACK] = 1024,
		[RESOURCE_VOICE] = 60,     [RESOURCE_SMS] = 1,
	};

	return unit[kind];
}

static void scale_resource(struct record *r, const struct record *before)
{
	struct resource *x = &r->resource.resource;

	(void)before;
	x->total *= resource_unit(x->kind);
	x->used *= resource_unit(x->kind);
}

static void note_order(struct changes *c, const struct record *r)
{
	changes_add(c, orders, r->order);
}

static void note_task(struct changes *c, const struct record *r)
{
	struct task_end end = r->task_end;

	changes_add(c, tasks, r->task);
	end.id = r->task.id;
	if (end.at != 0)
		changes_add(c, tasks_done, end);
}

static void note_deed(struct changes *c, const struct record *r)
{
	changes_add(c, deeds, r->deed);
}

#define NOTE(member)                                                         \
	static void note_##member(struct changes *c, const struct record *r) \
	{                                                                    \
		changes_add(c, member##s, r->member);                        \
	}
NOTE(pin)
NOTE(reminder)
NOTE(preference)
NOTE(bond)
NOTE(request)
NOTE(coupon)
NOTE(target)
#undef NOTE

static enum err write_campaign(struct store *s, const struct record *r)
{
	struct campaign_row c = r->campaign;
	struct campaign_tally seen = r->seen;
	enum err e;

	c.approved_by = STR("");
	seen.campaign = c.id;
	e = store_put_campaign(s, &c, NULL);
	return e == ERR_OK && seen.at != 0 ? store_put_campaign_tally(s, &seen) : e;
}

static enum err keep_popular(struct store *s, const struct record *r, size_t n,
                             struct arena *a)
{
	struct str text = STR("");

	for (size_t i = 0; i < n; i++)
		text = arena_printf(a, "%.*s%.*s|%" PRId64 "\n", STR_ARG(text),
		                    STR_ARG(r[i].popular.code), r[i].popular.people);
	return store_put_worked_out(s, POPULAR_SETTING, text);
}

#define ROWS(kind, member, complete)                                               \
	{                                                                          \
#member "s", member##s, STORE_##kind, AT(member),                  \
			sizeof(((struct record *)NULL)->member), NULL, NULL, NULL, \
			complete                                                   \
	}
static const struct table_kind kinds[] = {
	ROWS(PACKAGES, package, NULL),
	ROWS(SUBSCRIBERS, subscriber, take_services),
	{ "usage", usage, STORE_USAGE, AT(usage), sizeof(struct usage_row), NULL, NULL,
	  NULL, NULL },
	ROWS(BILLS, bill, number_line),
	ROWS(PAYMENTS, payment, NULL),
	ROWS(DETAILS, detail, NULL),
	ROWS(RESOURCES, resource, scale_resource),
	ROWS(SUBSCRIPTIONS, subscription, NULL),
	ROWS(COMPLAINTS, complaint, NULL),
	ROWS(CONSENTS, consent, NULL),
	ROWS(GROUPS, group, NULL),
	ROWS(MEMBERS, member, NULL),
	{ .name = "orders", .column = orders, .note = note_order },
	{ .name = "tasks", .column = tasks, .note = note_task },
	{ .name = "deeds", .column = deeds, .note = note_deed },
	{ .name = "pins", .column = pins, .note = note_pin },
	{ .name = "reminders", .column = reminders, .note = note_reminder },
	{ .name = "preferences", .column = preferences, .note = note_preference },
	{ .name = "bonds", .column = bonds, .note = note_bond },
	{ .name = "requests", .column = requests, .note = note_request },
	{ .name = "coupons", .column = coupons, .note = note_coupon },
	{ .name = "campaigns", .column = campaigns, .write = write_campaign },
	{ .name = "popular", .column = popular, .keep = keep_popular },
	{ .name = "targets", .column = targets, .note = note_target },
};

const struct table_kind *table_kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}
