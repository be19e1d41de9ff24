/*
 * login.c - the task "login": whether a code that a subscriber got by text is right.  It
 * is used up by that; five wrong ones end it.
 *
 *   {"do":"login","msisdn":"13800000001","code":"046213"}
 */
#include "care_priv.h"

struct trial {
	int64_t msisdn, now;
	struct str code;
	bool right;
};

static enum err try_code(struct store *s, void *arg)
{
	struct trial *t = arg;
	enum err e = store_begin(s);

	if (e == ERR_OK)
		e = store_use_login(s, t->msisdn, t->code, t->now, &t->right);
	if (e == ERR_OK)
		return store_commit(s);
	store_rollback(s);
	return e;
}

static enum err run(struct office_call *c)
{
	struct trial t = { .right = false };
	enum err e = office_msisdn(c, &t.msisdn);

	if (e == ERR_OK)
		e = office_text(c, "code", &t.code);
	if (e == ERR_OK)
		e = office_now(c, &t.now);
	if (e == ERR_OK)
		e = office_write(c, try_code, &t);
	if (e != ERR_OK)
		return e;
	LOG(c->host->log, t.right ? LOG_INFO : LOG_WARN, "login.tried", "right=%d",
	    t.right ? 1 : 0);
	if (t.right) {
		office_say(c, "right");
		return ERR_OK;
	}
	fault_set(c->fault, "wrong, used, or older than 5 minutes");
	return ERR_REFUSED;
}

const struct office_task office_login = { .name = "login", .run = run };
