/*
 * language.c - the language of an answer.
 */
#include "hall_priv.h"
#include "text/utf8.h"

static bool is_cjk(uint32_t cp)
{
	return (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0xf900 && cp <= 0xfaff) ||
	       (cp >= 0x20000 && cp <= 0x3ffff);
}

enum {
	LOOKED_AT = 280 /* octets of a text; commands are shorter */
};

/* Traditional forms, of the words that commands are made of, that Simplified never has. */
static const char traditional[] =
	"餘額話費帳賬單詳細電號碼詢積點變級開辦業務訂閱關閉幫選轉專復優獎訴"
	"進報機掛補發兌撥簡訊還個麼們請問沒網際遊鈴聲顯郵儲";

static bool has_cjk(struct str s)
{
	uint32_t cp;

	for (size_t i = 0; i < s.n;) {
		i += utf8_next(s.p + i, s.n - i, &cp);
		if (cp != UTF8_BAD && is_cjk(cp))
			return true;
	}
	return false;
}

static bool has_traditional(struct str s)
{
	uint32_t cp;
	size_t step;

	for (size_t i = 0; i < s.n; i += step) {
		step = utf8_next(s.p + i, s.n - i, &cp);
		if (cp != UTF8_BAD && is_cjk(cp) &&
		    str_find(str_of(traditional), (struct str){ s.p + i, step }) !=
		            SIZE_MAX)
			return true;
	}
	return false;
}

/* Rules are named "file:line kind"; those for English words are of kind "en". */
static bool is_english(const char *rule)
{
	return str_ends(str_of(rule), STR(" en"));
}

enum language hall_language(const struct hall *h, const struct dossier *who,
                            struct str text, const char *rule)
{
	const enum language l = h->conf.default_language;
	const struct str head = { text.p, text.n < LOOKED_AT ? text.n : LOOKED_AT };

	if (who != NULL && who->known)
		return who->sub.language;
	if (has_traditional(head))
		return LANG_ZH_HANT;
	if (has_cjk(head))
		return l == LANG_EN ? LANG_ZH_HANS : l;
	return is_english(rule) ? LANG_EN : l;
}
