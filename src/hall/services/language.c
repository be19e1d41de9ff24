/*
 * language.c - the language of what a subscriber is told from now on.
 *
 * At once and free; the answer is in the new one and says how to have the other.  An
 * operator's list of subscribers that is imported later says anew.
 */
#include "../hall_priv.h"
#include "hall/service.h"
#include "model/secrets.h"

/* 中文 does not say which script: the one in use, or that of the text. */
static enum language chinese(const struct call *c)
{
	const enum language text = hall_language(c->hall, NULL, c->q->text, NULL);

	if (c->language != LANG_EN && text != LANG_ZH_HANT)
		return c->language;
	return text == LANG_ZH_HANT ? LANG_ZH_HANT : LANG_ZH_HANS;
}

static struct hall_answer set(const struct call *c, enum language language)
{
	struct call next = *c;

	next.language = language;
	if (!c->q->who->known)
		return call_say(&next, CALL_REFUSED_NUMBER, REPLY_REFUSED_NUMBER, NULL);
	if (language != c->q->who->sub.language)
		changes_language(c->q->changes, c->q->who, language);
	return call_say(&next, CALL_DONE, REPLY_LANGUAGE_OK, NULL);
}

static struct hall_answer set_english(const struct call *c)
{
	return set(c, LANG_EN);
}

static struct hall_answer set_chinese(const struct call *c)
{
	return set(c, chinese(c));
}

static struct hall_answer set_simplified(const struct call *c)
{
	return set(c, LANG_ZH_HANS);
}

static struct hall_answer set_traditional(const struct call *c)
{
	return set(c, LANG_ZH_HANT);
}

const struct service service_language_english = {
	.intent = "language.english",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_LANGUAGE,
	.answer = set_english,
};

const struct service service_language_chinese = {
	.intent = "language.chinese",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_LANGUAGE,
	.answer = set_chinese,
};

const struct service service_language_simplified = {
	.intent = "language.simplified",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_LANGUAGE,
	.answer = set_simplified,
};

const struct service service_language_traditional = {
	.intent = "language.traditional",
	.access = ACCESS_FREE,
	.label = REPLY_LABEL_LANGUAGE,
	.answer = set_traditional,
};
