/*
 * columns.c - see columns_priv.h.
 */
#include "columns_priv.h"

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
	{ "fee_fen",                 "0",    FIELD_FEN,     AT(package.fee_fen) },
	{ "voice_min",               "0",    FIELD_MINUTES, AT(package.voice_s) },
	{ "sms",                     "0",    FIELD_COUNT,   AT(package.sms) },
	{ "data_mb",                 "0",    FIELD_MB,      AT(package.data_kib) },
	{ "over_voice_fen_per_min",  "0",    FIELD_LI,      AT(package.over_voice_li_per_min) },
	{ "over_sms_fen",            "0",    FIELD_LI,      AT(package.over_sms_li) },
	{ "over_data_fen_per_block", "0",    FIELD_FEN,     AT(package.over_data_fen_per_block) },
	{ "data_block_mb",           "0",    FIELD_MB,      AT(package.data_block_kib) },
	{ "over_data_cap_fen",       "0",    FIELD_FEN,     AT(package.over_data_cap_fen) },
	{ "cost_fen",                "0",    FIELD_FEN,     AT(package.cost_fen) },
	{ "network",                 "4G",   FIELD_TEXT,    AT(package.network) },
	{ "on_sale",                 "1",    FIELD_FLAG,    AT(package.on_sale) },
	END
};
static const struct column subscribers[] = {
	{ "msisdn",      NULL,         FIELD_COUNT,    AT(subscriber.sub.msisdn) },
	{ "name",        "",           FIELD_TEXT,     AT(subscriber.sub.name) },
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
	{ "puk",         "",           FIELD_TEXT,     AT(subscriber.sub.puk) },
	{ "package",     "58",         FIELD_TEXT,     AT(subscriber.sub.package) },
	{ "services",    "",           FIELD_LIST,     AT(services) },
	END
};
static const struct column usage[] = {
	{ "msisdn",    NULL,   FIELD_COUNT,   AT(usage.msisdn) },
	{ "month",     NULL,   FIELD_MONTH,   AT(usage.usage.month) },
	{ "voice_min", "0",    FIELD_MINUTES, AT(usage.usage.voice_s) },
	{ "sms",       "0",    FIELD_COUNT,   AT(usage.usage.sms) },
	{ "data_mb",   "0",    FIELD_MB,      AT(usage.usage.data_kib) },
	{ "bill_fen",  "none", FIELD_FEN,     AT(usage.usage.bill_fen) },
	END
};
static const struct column bills[] = {
	{ "msisdn",     NULL, FIELD_COUNT, AT(bill.msisdn) },
	{ "month",      NULL, FIELD_MONTH, AT(bill.line.month) },
	{ "item",       NULL, FIELD_TEXT,  AT(bill.line.item) },
	{ "amount_fen", NULL, FIELD_FEN,   AT(bill.line.amount_fen) },
	END
};
static const struct column payments[] = {
	{ "msisdn",     NULL, FIELD_COUNT, AT(payment.msisdn) },
	{ "at",         NULL, FIELD_TIME,  AT(payment.payment.at) },
	{ "amount_fen", NULL, FIELD_FEN,   AT(payment.payment.amount_fen) },
	{ "channel",    "",   FIELD_TEXT,  AT(payment.payment.channel) },
	END
};
static const struct column details[] = {
	{ "msisdn",  NULL,    FIELD_COUNT,       AT(detail.msisdn) },
	{ "at",      NULL,    FIELD_TIME,        AT(detail.detail.at) },
	{ "kind",    "voice", FIELD_DETAIL_KIND, AT(detail.detail.kind) },
	{ "peer",    "",      FIELD_TEXT,        AT(detail.detail.peer) },
	{ "amount",  "0",     FIELD_COUNT,       AT(detail.detail.amount) },
	{ "fee_fen", "0",     FIELD_FEN,         AT(detail.detail.fee_fen) },
	END
};
static const struct column resources[] = {
	{ "msisdn",     NULL,      FIELD_COUNT,         AT(resource.msisdn) },
	{ "kind",       "general", FIELD_RESOURCE_KIND, AT(resource.resource.kind) },
	{ "name",       "",        FIELD_TEXT,          AT(resource.resource.name) },
	{ "total",      "0",       FIELD_COUNT,         AT(resource.resource.total) },
	{ "used",       "0",       FIELD_COUNT,         AT(resource.resource.used) },
	{ "expires_on", "none",    FIELD_NEXT_DAY,      AT(resource.resource.expires_on) },
	{ "order",      "0",       FIELD_COUNT,         AT(resource.resource.order) },
	END
};
static const struct column subscriptions[] = {
	{ "msisdn",         NULL,         FIELD_COUNT,    AT(subscription.msisdn) },
	{ "package",        NULL,         FIELD_TEXT,     AT(subscription.held.package) },
	{ "since",          "2020-01-01", FIELD_DATE,     AT(subscription.held.since) },
	{ "until",          "none",       FIELD_DAY_END,  AT(subscription.held.until) },
	{ "contract_until", "none",       FIELD_DAY_END,  AT(subscription.held.contract_until) },
	{ "penalty_fen",    "0",          FIELD_FEN,      AT(subscription.held.penalty_fen) },
	END
};
static const struct column complaints[] = {
	{ "msisdn", NULL,   FIELD_COUNT,     AT(complaint.msisdn) },
	{ "at",     NULL,   FIELD_TIME,      AT(complaint.complaint.at) },
	{ "kind",   "",     FIELD_TEXT,      AT(complaint.complaint.kind) },
	{ "text",   "",     FIELD_TEXT,      AT(complaint.complaint.text) },
	{ "state",  "open", FIELD_COMPLAINT, AT(complaint.complaint.state) },
	END
};
static const struct column consents[] = {
	{ "msisdn",  NULL,  FIELD_COUNT, AT(consent.msisdn) },
	{ "subject", NULL,  FIELD_TEXT,  AT(consent.consent.subject) },
	{ "given",   "1",   FIELD_FLAG,  AT(consent.consent.given) },
	{ "at",      NULL,  FIELD_TIME,  AT(consent.consent.at) },
	{ "channel", "sms", FIELD_TEXT,  AT(consent.consent.channel) },
	{ "text",    "",    FIELD_TEXT,  AT(consent.consent.text) },
	END
};
static const struct column groups[] = {
	{ "code",    NULL,         FIELD_TEXT, AT(group.code) },
	{ "name",    "",           FIELD_TEXT, AT(group.name) },
	{ "kind",    "enterprise", FIELD_TEXT, AT(group.kind) },
	{ "class",   "",           FIELD_TEXT, AT(group.class) },
	{ "level",   "",           FIELD_TEXT, AT(group.level) },
	{ "manager", "",           FIELD_TEXT, AT(group.manager) },
	{ "phone",   "",           FIELD_TEXT, AT(group.phone) },
	END
};
static const struct column members[] = {
	{ "group",  NULL,     FIELD_TEXT,  AT(member.group) },
	{ "msisdn", NULL,     FIELD_COUNT, AT(member.msisdn) },
	{ "role",   "member", FIELD_TEXT,  AT(member.role) },
	END
};
static const struct column orders[] = {
	{ "msisdn",       NULL,           FIELD_COUNT, AT(order.msisdn) },
	{ "owner_since",  "2020-01-01",   FIELD_DATE,  AT(order.owner_since) },
	{ "id",           NULL,           FIELD_COUNT, AT(order.order.id) },
	{ "kind",         "service.open", FIELD_TEXT,  AT(order.order.kind) },
	{ "package",      "",             FIELD_TEXT,  AT(order.order.package) },
	{ "state",        "effective",    FIELD_ORDER, AT(order.order.state) },
	{ "at",           NULL,           FIELD_TIME,  AT(order.order.at) },
	{ "effective_at", "none",         FIELD_TIME,  AT(order.order.effective_at) },
	{ "fee_fen",      "0",            FIELD_FEN,   AT(order.order.fee_fen) },
	END
};
static const struct column tasks[] = {
	{ "msisdn",      NULL,         FIELD_COUNT, AT(task.msisdn) },
	{ "owner_since", "2020-01-01", FIELD_DATE,  AT(task.owner_since) },
	{ "id",          NULL,         FIELD_COUNT, AT(task.id) },
	{ "kind",        "complaint",  FIELD_TEXT,  AT(task.kind) },
	{ "at",          NULL,         FIELD_TIME,  AT(task.at) },
	{ "text",        "",           FIELD_TEXT,  AT(task.text) },
	{ "done_at",     "none",       FIELD_TIME,  AT(task_end.at) },
	{ "answer",      "",           FIELD_TEXT,  AT(task_end.answer) },
	END
};
static const struct column pins[] = {
	{ "msisdn",      NULL,         FIELD_COUNT, AT(pin.msisdn) },
	{ "owner_since", "2020-01-01", FIELD_DATE,  AT(pin.owner_since) },
	{ "hash",        "x",          FIELD_TEXT,  AT(pin.pin.hash) },
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
static void scale_resource(struct record *r, const struct record *before)
{
	static const int64_t unit[] = {
		[RESOURCE_GENERAL] = 1024, [RESOURCE_DIRECTED] = 1024,
		[RESOURCE_ROLLED] = 1024,  [RESOURCE_PACK] = 1024,
		[RESOURCE_VOICE] = 60,     [RESOURCE_SMS] = 1,
	};
	struct resource *x = &r->resource.resource;

	(void)before;
	x->total *= unit[x->kind];
	x->used *= unit[x->kind];
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

static void note_pin(struct changes *c, const struct record *r)
{
	changes_add(c, pins, r->pin);
}

#define ROWS(kind, member, complete)                                            \
	{                                                                       \
#member "s", member##s, STORE_##kind, AT(member),               \
			sizeof(((struct record *)NULL)->member), NULL, complete \
	}
static const struct table_kind kinds[] = {
	ROWS(PACKAGES, package, NULL),
	ROWS(SUBSCRIBERS, subscriber, take_services),
	{ "usage", usage, STORE_USAGE, AT(usage), sizeof(struct usage_row), NULL, NULL },
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
	{ .name = "pins", .column = pins, .note = note_pin },
};

const struct table_kind *table_kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}
