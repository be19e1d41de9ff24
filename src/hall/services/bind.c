/*
 * bind.c - numbers bound together by the consent of both: BDHM asks, TYBD agrees, JBHM ends.
 *
 * What the asker is told does not depend on whether the other number exists, is bound
 * elsewhere or will ever be asked.
 */
#include <inttypes.h>

#include "../hall_priv.h"
#include "../numbers_priv.h"
#include "push/hours.h"
#include "text/mask.h"

enum {
	MSISDN_MIN = 10000,        /* shorter ones are services */
	REFUSAL_S = 30 * 24 * 3600 /* after a number ended a bond it is not asked again */
};

unsigned numbers_nonce(const struct grammar_command *command)
{
	int64_t n;

	for (size_t i = 0; i < command->n_slots; i++)
		if (strcmp(command->slot[i].name, "nonce") == 0 &&
		    str_i64(command->slot[i].text, &n) == ERR_OK && n > 0)
			return (unsigned)n;
	return 0;
}

int64_t numbers_named(const struct grammar_command *command)
{
	int64_t msisdn;

	for (size_t i = 0; i < command->n_slots; i++)
		if (strcmp(command->slot[i].name, "msisdn") == 0 &&
		    str_i64(str_trim(command->slot[i].text), &msisdn) == ERR_OK &&
		    msisdn >= MSISDN_MIN)
			return msisdn;
	return 0;
}

size_t numbers_others(const struct hall_question *q,
                      const struct grammar_command *command,
                      int64_t out[static HALL_OTHERS])
{
	(void)q;
	out[0] = numbers_named(command);
	return out[0] != 0 ? 1 : 0;
}

struct str numbers_text(const struct call *c, int64_t msisdn)
{
	return arena_printf(c->q->arena, "%" PRId64, msisdn);
}

struct str numbers_masked(const struct call *c, int64_t msisdn)
{
	char masked[MASK_MAX];

	return arena_str(c->q->arena, str_of(mask_msisdn(masked, msisdn)));
}

struct str numbers_manager(const struct call *c, const struct group_head *h)
{
	if (h->manager.n + h->phone.n == 0)
		return (struct str){ NULL, 0 };
	return arena_printf(c->q->arena, "%.*s%.*s", STR_ARG(call_name(c, h->manager)),
	                    STR_ARG(h->phone));
}

struct call numbers_as(const struct call *c, struct hall_question *q, struct dossier *who)
{
	struct call as = *c;

	*q = *c->q;
	q->who = who;
	as.q = q;
	as.language = hall_language(c->hall, who, STR(""), NULL);
	as.answered = NULL;
	as.confirmed = false;
	return as;
}

bool numbers_by_day(int64_t now)
{
	return hours_notice(NULL, STR(""), now) <= now;
}

void numbers_tell(const struct call *c, const struct dossier *who, struct str text)
{
	changes_notice(c->q->changes,
	               (struct notice){
			       .msisdn = who->msisdn,
			       .inbox = c->q->id,
			       .at = hours_notice(c->q->push, who->sub.region, c->q->now),
			       .text = text });
}

static struct reply_values named(const struct call *c, int64_t msisdn)
{
	return (struct reply_values){ .number = numbers_text(c, msisdn) };
}

/* ---- asking ---- */

static bool waits(const struct bond *b, int64_t now)
{
	return b->state == BOND_ASKED && b->nonce != 0 &&
	       now <= b->asked_at + BOND_LIFE_S;
}

/* Whether the asker may ask for one more today. */
static bool too_many(const struct call *c)
{
	const struct dossier *d = c->q->who;
	size_t asked = 0, standing = 0;

	for (size_t i = 0; i < d->n_bonds; i++) {
		asked += c->q->now < d->bond[i].asked_at + BOND_LIFE_S;
		standing += d->bond[i].state == BOND_STANDING;
	}
	return asked >= BOND_ASKS || standing >= BOND_MOST;
}

/* Whether the number is to be asked: it could agree, and has not too much to answer. */
static bool may_be_asked(const struct call *c, const struct dossier *other,
                         const struct bond *before)
{
	size_t waiting = 0;

	if (!other->known || other->sub.status != SUB_ACTIVE)
		return false;
	for (size_t i = 0; i < other->n_bonded; i++)
		waiting += waits(&other->bonded[i], c->q->now);
	if (before != NULL && before->state == BOND_ENDED &&
	    c->q->now < before->at + REFUSAL_S && before->wrong >= BOND_WRONG)
		return false;
	return waiting < BOND_WAITING;
}

/* A number that no other request to the same number has. */
static unsigned draw(const struct call *c, const struct dossier *other)
{
	unsigned n = BOND_NONCE_MIN + (unsigned)(c->q->dice % BOND_NONCES);

	for (size_t i = 0; i < other->n_bonded; i++)
		if (other->bonded[i].nonce == n) {
			n = n + 1 < BOND_NONCE_MIN + BOND_NONCES ? n + 1 : BOND_NONCE_MIN;
			i = (size_t)-1;
		}
	return n;
}

static void ask(const struct call *c, struct dossier *other, struct bond *b)
{
	struct hall_question q;
	const struct call as = numbers_as(c, &q, other);
	struct reply_values v = named(&as, c->q->who->msisdn);

	b->nonce = draw(c, other);
	v.code = arena_printf(c->q->arena, "TYBD%u", b->nonce);
	numbers_tell(c, other, call_text(&as, REPLY_BIND_PLEASE, &v));
}

static struct hall_answer send_request(const struct call *c, int64_t msisdn)
{
	const struct dossier *d = c->q->who;
	struct dossier *other = call_other(c, msisdn);
	const struct bond *before = bond_find(c->q->changes, d, d->msisdn, msisdn);
	const struct reply_values v = named(c, msisdn);
	struct bond b = { .asker = d->msisdn,
		          .asker_since = d->sub.owner_since,
		          .msisdn = msisdn,
		          .owner_since = other != NULL && other->known
		                                 ? other->sub.owner_since
		                                 : 0,
		          .state = BOND_ASKED,
		          .asked_at = c->q->now,
		          .at = c->q->now };

	if (other != NULL && bond_shows(c->q->changes, d, other))
		return call_say(c, CALL_DONE, REPLY_BIND_ALREADY, &v);
	if (!numbers_by_day(c->q->now))
		return call_say(c, "refused.hours", REPLY_BIND_HOURS, NULL);
	if (before != NULL && c->q->now < before->asked_at + BOND_LIFE_S)
		return call_say(c, "refused.again", REPLY_BIND_WAITS, &v);
	if (too_many(c))
		return call_say(c, "refused.limit", REPLY_BIND_LIMIT, NULL);
	if (other != NULL && may_be_asked(c, other, before))
		ask(c, other, &b);
	changes_bond(c->q->changes, b);
	return call_say(c, CALL_DONE, REPLY_BIND_SENT, &v);
}

static struct hall_answer ask_number(const struct call *c, enum reply_id id)
{
	return call_ask(c, DIALOGUE_QUESTION, "msisdn", id, NULL);
}

static struct hall_answer bind(const struct call *c)
{
	const int64_t msisdn = numbers_named(c->q->command);
	struct hall_answer why;

	if (call_named(c, "msisdn") == NULL)
		return ask_number(c, REPLY_BIND_ASK);
	if (msisdn == 0)
		return ask_number(c, REPLY_BIND_NO_NUMBER);
	if (msisdn == c->q->who->msisdn)
		return ask_number(c, REPLY_BIND_SELF);
	return call_pin(c, c->q->who, "pin", &why) ? send_request(c, msisdn) : why;
}

/* ---- agreeing ---- */

static const struct bond *asked_with(const struct hall_question *q, unsigned nonce)
{
	const struct dossier *d = q->who;

	for (size_t i = 0; i < d->n_bonded; i++) {
		const struct bond *b = bond_find(q->changes, d, d->bonded[i].asker,
		                                 d->msisdn);

		if (b != NULL && waits(b, q->now) && b->nonce == nonce &&
		    b->owner_since == d->sub.owner_since)
			return b;
	}
	return NULL;
}

/* Another number than any that waits: five of them end all that wait. */
static struct hall_answer agree_wrong(const struct call *c)
{
	const struct dossier *d = c->q->who;

	for (size_t i = 0; i < d->n_bonded; i++) {
		const struct bond *now = bond_find(c->q->changes, d, d->bonded[i].asker,
		                                   d->msisdn);
		struct bond b = *now;

		if (!waits(now, c->q->now))
			continue;
		if (++b.wrong >= BOND_WRONG) {
			b.state = BOND_ENDED;
			b.at = c->q->now;
		}
		changes_bond(c->q->changes, b);
	}
	return call_say(c, CALL_NONE, REPLY_AGREE_NONE, NULL);
}

static void tell_asker(const struct call *c, struct dossier *asker)
{
	struct hall_question q;
	const struct call as = numbers_as(c, &q, asker);
	const struct reply_values v = named(&as, c->q->who->msisdn);

	numbers_tell(c, asker, call_text(&as, REPLY_AGREE_TOLD, &v));
}

static struct hall_answer agree(const struct call *c)
{
	const struct bond *asked = asked_with(c->q, numbers_nonce(c->q->command));
	struct dossier *asker = asked != NULL ? call_other(c, asked->asker) : NULL;
	struct hall_answer why;
	struct reply_values v;
	struct bond b;

	if (asker == NULL || !asker->known ||
	    asker->sub.owner_since != asked->asker_since)
		return agree_wrong(c);
	if (!call_pin(c, c->q->who, "pin", &why))
		return why;
	b = *asked;
	b.state = BOND_STANDING;
	b.at = c->q->now;
	b.inbox = c->q->id;
	b.nonce = 0;
	changes_bond(c->q->changes, b);
	tell_asker(c, asker);
	v = named(c, b.asker);
	v.code = call_code(c, "number.unbind", numbers_text(c, b.asker));
	return call_say(c, CALL_DONE, REPLY_AGREE_OK, &v);
}

static size_t asker_of(const struct hall_question *q,
                       const struct grammar_command *command,
                       int64_t out[static HALL_OTHERS])
{
	const struct bond *b;

	if ((q->who->have & NEED_BONDS) == 0 || !q->who->known)
		return 0;
	b = asked_with(q, numbers_nonce(command));
	if (b == NULL)
		return 0;
	out[0] = b->asker;
	return 1;
}

/* ---- ending ---- */

static bool end(const struct call *c, int64_t asker, int64_t msisdn)
{
	const struct bond *now = bond_find(c->q->changes, c->q->who, asker, msisdn);
	struct bond b;

	if (now == NULL || now->state == BOND_ENDED)
		return false;
	b = *now;
	b.state = BOND_ENDED;
	b.at = c->q->now;
	b.nonce = 0;
	changes_bond(c->q->changes, b);
	return true;
}

static void add(const struct call *c, struct menu *menu, const struct bond *b,
                int64_t other)
{
	const struct str number = numbers_text(c, other);

	if (b->state == BOND_STANDING)
		menu_add(menu,
		         call_text(c, REPLY_UNBIND_ITEM,
		                   &(struct reply_values){ .number = number }),
		         call_command(c, "number.unbind", "msisdn", number));
}

static struct hall_answer choose_end(const struct call *c)
{
	const struct dossier *d = c->q->who;
	struct menu *menu = arena_new(c->q->arena, struct menu);

	for (size_t i = 0; i < d->n_bonds; i++)
		add(c, menu, &d->bond[i], d->bond[i].msisdn);
	for (size_t i = 0; i < d->n_bonded; i++)
		add(c, menu, &d->bonded[i], d->bonded[i].asker);
	if (menu->n == 0)
		return call_say(c, CALL_NONE, REPLY_NUMBERS_NONE, NULL);
	return call_menu(c, "asked", REPLY_UNBIND_MENU, &(struct reply_values){ 0 },
	                 menu);
}

static struct hall_answer unbind(const struct call *c)
{
	const struct dossier *d = c->q->who;
	const int64_t other = numbers_named(c->q->command);
	const struct reply_values v = named(c, other);
	bool ended;

	if (!d->known)
		return call_say(c, CALL_REFUSED_NUMBER, REPLY_REFUSED_NUMBER, NULL);
	if (other == 0)
		return choose_end(c);
	ended = end(c, d->msisdn, other);
	ended |= end(c, other, d->msisdn);
	return call_say(c, ended ? CALL_DONE : CALL_NONE,
	                ended ? REPLY_UNBIND_OK : REPLY_UNBIND_NONE, &v);
}

const struct service service_number_bind = {
	.intent = "number.bind",
	.access = ACCESS_ORDER,
	.needs = NEED_BONDS | NEED_PIN,
	.label = REPLY_LABEL_NUMBERS,
	.answer = bind,
	.others = numbers_others,
	.other_needs = NEED_BONDS,
};

const struct service service_number_agree = {
	.intent = "number.agree",
	.access = ACCESS_ORDER,
	.needs = NEED_BONDS | NEED_PIN,
	.label = REPLY_LABEL_NUMBERS,
	.answer = agree,
	.others = asker_of,
	.other_needs = NEED_BONDS,
};

/* Open in any state: it only takes away what others may see. */
const struct service service_number_unbind = {
	.intent = "number.unbind",
	.access = ACCESS_FREE,
	.needs = NEED_BONDS,
	.label = REPLY_LABEL_NUMBERS,
	.answer = unbind,
};
