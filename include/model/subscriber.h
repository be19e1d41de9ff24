/*
 * subscriber.h - what the hall knows of a number; rows as held during a turn.
 *
 * Identity is msisdn + owner_since.  Rows of an earlier owner of the number are
 * never loaded into a dossier, and months before the owner's are not shown.
 * Strings are borrowed from the turn's arena.
 */
#ifndef MODEL_SUBSCRIBER_H
#define MODEL_SUBSCRIBER_H

#include "base/civil.h"
#include "base/str.h"
#include "model/campaign.h"
#include "model/dialogue.h"
#include "model/history.h"
#include "model/notices.h"
#include "model/tools.h"

/* X(constant, name in files) */
#define SUB_STATUS_LIST(X)                                                 \
	X(ACTIVE, "active")                                                \
	X(ARREARS1, "arrears1")   /* owes; outgoing barred */              \
	X(ARREARS2, "arrears2")   /* owes; both ways barred */             \
	X(LOST, "lost")           /* reported lost or stolen */            \
	X(KEPT, "kept")           /* suspended at own wish, number kept */ \
	X(BARRED, "barred")       /* by the operator */                    \
	X(PRECLOSED, "preclosed") /* closing, not final */                 \
	X(CLOSED, "closed")                                                \
	X(PORTED_OUT, "ported_out") /* taken along to another operator */

enum sub_status {
#define X(constant, name) SUB_##constant,
	SUB_STATUS_LIST(X)
#undef X
};

enum language {
	LANG_ZH_HANS,
	LANG_ZH_HANT,
	LANG_EN,
	LANG_COUNT
};
enum sub_class {
	CLASS_PERSONAL,
	CLASS_BUSINESS
};

/* Names as in files ("arrears1"; "zh-Hans", "zh-Hant", "en"; "personal", "business"); NULL past the end. */
const char *sub_status_name(enum sub_status s);
const char *language_name(enum language l);
const char *sub_class_name(enum sub_class c);

struct subscriber {
	int64_t msisdn;
	int64_t owner_since; /* UTC s */
	int64_t joined_on;   /* UTC s of the day */
	enum sub_status status;
	enum language language;
	enum sub_class class;
	bool real_name; /* identity registered */
	struct str name, region, network, terminal, puk;
	struct str package; /* code of the main package */
};

struct account {
	int64_t balance_fen; /* negative when owing */
	int64_t credit_fen;
	int64_t points;
	int64_t as_of; /* UTC s when these figures were true */
};

struct usage_month {
	month_t month;
	int64_t voice_s, sms, data_kib;
	int64_t bill_fen; /* BILL_NONE while the month is not billed */
};
#define BILL_NONE INT64_MIN

struct bill_line {
	month_t month;
	struct str item; /* as imported, shown as it is */
	int64_t amount_fen;
};

struct subscription {
	struct str package;   /* code of an add-on or value-added service */
	int64_t since, until; /* UTC s; until 0 = open */
	int64_t contract_until, penalty_fen; /* 0 = none */
	bool trial;                          /* free, until it ends */
};

/* A service password; model/secrets.h. */
struct pin {
	struct str hash;                /* "": none is set */
	int64_t failures;               /* wrong ones in a row */
	int64_t locked_until, right_at; /* UTC s; 0: never */
	struct str code;                /* one-time; "": none is out */
	int64_t code_until, code_wrong;
	int64_t codes, codes_since; /* how many were sent since then */
};

/* Rows that a service asks for besides the subscriber's own. */
enum need {
	NEED_ACCOUNT = 1,
	NEED_USAGE = 2,         /* all months held */
	NEED_BILL = 4,          /* bill lines of all months held */
	NEED_SUBSCRIPTIONS = 8, /* open ones, and those that ended within six months */
	NEED_PAYMENTS = 16,
	NEED_DETAILS = 32, /* of the current month and five before, newest first */
	NEED_RESOURCES = 64,
	NEED_CONSENTS = 128,
	NEED_ORDERS = 256,
	NEED_COMPLAINTS = 512,
	NEED_TASKS = 1024,
	NEED_TOOLS = 1 << 16,  /* lots of points, coupons, stocks */
	NEED_QUEUE = 1 << 20,  /* who waits for a person, and the latest texts */
	NEED_HABITS = 1 << 21, /* what he asks for most */
	NEED_REMINDERS = 1 << 24,
	NEED_PREFERENCE = 1 << 25,
	NEED_BONDS = 1 << 26,
	NEED_GROUP = 1 << 27,       /* the enterprise that the number administers */
	NEED_CUSTOMERS = 1 << 12,   /* those whose account manager it is */
	NEED_GROUP_MONTH = 1 << 13, /* a month of the one that `about` names */
	NEED_PLACES = 1 << 28,      /* enterprises that the number belongs to */
	NEED_REQUESTS = 1 << 29,    /* what it asked others to decide, and they it */
	NEED_PIN = 2048,            /* whether one is set, and pin */
	NEED_PUSHES = 1 << 14,      /* what campaigns have sent, and touches by others */
	NEED_CAMPAIGN = 1 << 17,    /* the one that campaign_named names */
	NEED_UNREAD = 1 << 18,      /* how many of the latest texts were not understood */
	NEED_OFFERED = 1 << 15,     /* what was offered to it, of the last 366 days */
};

enum {
	RECENT_TEXTS = 3,
	UNREAD_MAX = 2,
	HABITS = 12,
	HABIT_TEXTS = 60 /* of which habits are made */
};

/* All that a turn holds of one number. */
struct dossier {
	int64_t msisdn;
	bool known;            /* there is a subscriber row */
	struct subscriber sub; /* when known */
	bool opted_out; /* of marketing; kept also for numbers that are no subscriber */
	/* Open, or expired within DIALOGUE_KEPT_S; NULL: none.  Loaded with the number. */
	struct dialogue *open;
	unsigned have;          /* enum need bits that are loaded */
	struct account account; /* with what the ledger has moved since */
	bool has_account;
	int64_t usage_as_of;       /* UTC s */
	struct usage_month *usage; /* ascending by month, none before the owner's first */
	size_t n_usage;
	struct bill_line *bill; /* ascending by month */
	size_t n_bill;
	struct subscription *held; /* open: until is 0 or not before now */
	size_t n_held;
	struct payment *payment; /* newest first, at most HISTORY_PAYMENTS */
	size_t n_payments;
	int64_t payments_as_of; /* UTC s of their import; 0: not known */
	struct detail *detail;  /* newest first, at most HISTORY_DETAILS */
	size_t n_details;
	int64_t details_as_of;     /* UTC s of their import; 0: none ever */
	struct resource *resource; /* by order of deduction */
	size_t n_resources;
	int64_t resources_as_of; /* UTC s */
	struct consent *consent; /* newest first */
	size_t n_consents;
	struct order
		*order; /* newest first; order_named is the last if it is none of them */
	size_t n_orders;
	int64_t order_named; /* before NEED_ORDERS is loaded: one that is wanted too; 0: none */
	struct complaint *complaint; /* newest first */
	size_t n_complaints;
	struct offered *offered; /* newest first */
	size_t n_offered;
	struct task_view *task; /* newest first; of the kinds a subscriber may ask for */
	size_t n_tasks;
	bool has_pin;              /* pin.hash is not "" */
	struct pin pin;            /* by NEED_PIN */
	struct reminder *reminder; /* a kind each, also those that are off */
	size_t n_reminders;
	struct preference *preference; /* NULL: the default */
	size_t n_preference;
	struct bond *bond; /* of this number as asker; the others' owners are the same */
	size_t n_bonds;
	struct bond *bonded; /* of this number as the one that is asked about */
	size_t n_bonded;
	struct group_head *group;  /* NULL: administers none */
	struct customer *customer; /* by code */
	size_t n_customers;
	/*
	 * Set before loading NEED_GROUP_MONTH: an enterprise of customer[], "": the one that
	 * it administers; 0: the latest month billed.
	 */
	struct {
		struct str group;
		month_t month;
	} about;
	struct group_view *view; /* of that; NULL: it is none of this number's */
	struct place *place;     /* by code of the enterprise */
	size_t n_places;
	struct request *asked; /* by this number */
	size_t n_asked;
	struct request *asked_of; /* this number */
	size_t n_asked_of;
	struct points_entry *earned; /* newest first, at most POINTS_ENTRIES */
	size_t n_earned;
	struct coupon *coupon; /* newest first */
	size_t n_coupons;
	struct stocks
		*stocks;   /* one for all dossiers loaded together; NULL: not loaded */
	struct push *push; /* newest first, PUSHES_KEPT of each sort in PUSHES_DAYS */
	size_t n_pushes;
	struct push *test; /* those for tests, newest first, TESTS_KEPT of TEST_DAYS */
	size_t n_tests;
	struct str campaign_named; /* before NEED_CAMPAIGN: its id or code; "": none */
	struct campaign_view *campaign; /* NULL: none is called so */
	bool suppressed;                /* on the house's blacklist; by NEED_PUSHES */
	int64_t waiting; /* hand-overs to a person that are open, of all numbers */
	int64_t recent[RECENT_TEXTS]; /* ids of the latest texts, newest first; 0: none */
	size_t unread; /* latest texts in a row that were no command, at most UNREAD_MAX */
	struct str habit
		[HABITS]; /* intents of his latest texts, more than one each; most first */
	size_t n_habits;
};

/* The row of that month, or NULL. */
const struct usage_month *dossier_usage(const struct dossier *d, month_t month);

/* The latest month not after `until` that is billed, or NULL. */
const struct usage_month *dossier_last_bill(const struct dossier *d, month_t until);

#endif
