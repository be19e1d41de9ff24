/*
 * campaign.c - names of campaign.h's states, and what may be done in which.
 */
#include "model/campaign.h"

#include "model/subscriber.h"

#define X(constant, name) name,
static const char *const campaign_states[] = { CAMPAIGN_STATE_LIST(X) };
static const char *const deeds[] = { CAMPAIGN_DEED_LIST(X) };
static const char *const target_states[] = { TARGET_STATE_LIST(X) };
static const char *const touch_outcomes[] = { TOUCH_OUTCOME_LIST(X) };
#undef X

const char *campaign_state_name(enum campaign_state s)
{
	return s < CAMPAIGN_STATES ? campaign_states[s] : NULL;
}

const char *campaign_deed_name(enum campaign_deed d)
{
	return d < CAMPAIGN_DEEDS ? deeds[d] : NULL;
}

const char *target_state_name(enum target_state s)
{
	return s < TARGET_STATES ? target_states[s] : NULL;
}

const char *touch_outcome_name(enum touch_outcome o)
{
	return o < TOUCH_OUTCOMES ? touch_outcomes[o] : NULL;
}

#define IN(state) (1U << CAMPAIGN_##state)
static const struct {
	unsigned from;          /* bits of states */
	enum campaign_state to; /* CAMPAIGN_STATES: as it is */
} rules[CAMPAIGN_DEEDS] = {
	[CAMPAIGN_DEED_ADD] = { IN(DRAFT) | IN(SUBMITTED) | IN(APPROVED),
	                        CAMPAIGN_DRAFT },
	[CAMPAIGN_DEED_SUBMIT] = { IN(DRAFT), CAMPAIGN_SUBMITTED },
	[CAMPAIGN_DEED_APPROVE] = { IN(SUBMITTED), CAMPAIGN_APPROVED },
	[CAMPAIGN_DEED_REJECT] = { IN(SUBMITTED) | IN(APPROVED) | IN(SCHEDULED),
	                           CAMPAIGN_DRAFT },
	[CAMPAIGN_DEED_SCHEDULE] = { IN(APPROVED), CAMPAIGN_SCHEDULED },
	[CAMPAIGN_DEED_START] = { IN(SCHEDULED), CAMPAIGN_RUNNING },
	[CAMPAIGN_DEED_PAUSE] = { IN(RUNNING), CAMPAIGN_PAUSED },
	[CAMPAIGN_DEED_RESUME] = { IN(PAUSED), CAMPAIGN_RUNNING },
	[CAMPAIGN_DEED_STOP] = { IN(APPROVED) | IN(SCHEDULED) | IN(RUNNING) | IN(PAUSED),
	                         CAMPAIGN_STOPPED },
	[CAMPAIGN_DEED_FINISH] = { IN(RUNNING) | IN(PAUSED), CAMPAIGN_FINISHED },
	[CAMPAIGN_DEED_EVALUATE] = { IN(FINISHED) | IN(STOPPED) | IN(EVALUATED),
	                             CAMPAIGN_EVALUATED },
	[CAMPAIGN_DEED_ALLOW] = { IN(RUNNING), CAMPAIGN_RUNNING },
	[CAMPAIGN_DEED_TEST] = { IN(DRAFT) | IN(SUBMITTED) | IN(APPROVED) | IN(SCHEDULED),
	                         CAMPAIGN_STATES },
	[CAMPAIGN_DEED_ASK] = { IN(SUBMITTED), CAMPAIGN_SUBMITTED },
	[CAMPAIGN_DEED_LESSON] = { (1U << CAMPAIGN_STATES) - 1, CAMPAIGN_STATES },
};
#undef IN

bool campaign_may(enum campaign_state from, enum campaign_deed deed,
                  enum campaign_state *to)
{
	if (from >= CAMPAIGN_STATES || deed >= CAMPAIGN_DEEDS ||
	    (rules[deed].from >> from & 1U) == 0)
		return false;
	*to = rules[deed].to == CAMPAIGN_STATES ? from : rules[deed].to;
	return true;
}

const struct push *dossier_push(const struct dossier *d, int64_t campaign, int64_t now)
{
	for (size_t i = 0; i < d->n_pushes; i++) {
		const struct push *p = &d->push[i];

		if (p->campaign != 0 && p->command.n > 0 && p->until > now &&
		    (campaign == 0 || p->campaign == campaign))
			return p;
	}
	return NULL;
}

/* ---- who ---- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool campaign_is_same(struct str by, struct str other)
{
	by = str_trim(by);
	other = str_trim(other);
	if (by.n != other.n)
		return false;
	for (size_t i = 0; i < by.n; i++)
		if (lower(by.p[i]) != lower(other.p[i]))
			return false;
	return true;
}

bool campaign_is_name(struct str by)
{
	for (size_t i = 0; i < by.n; i++) {
		const char c = lower(by.p[i]);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
		      c == '-' || c == '.'))
			return false;
	}
	return by.n > 0 && by.n <= CAMPAIGN_NAME_MAX &&
	       !campaign_is_same(by, STR(CAMPAIGN_RULE));
}

bool campaign_may_approve(const struct campaign_row *c, struct str by)
{
	return !campaign_is_same(by, c->owner) && !campaign_is_same(by, c->submitted_by);
}
