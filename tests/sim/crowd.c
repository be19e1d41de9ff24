/*
 * crowd.c - what people text: out of the blue, and to what their telephones show.
 *
 * Nobody is careful: they confirm late, twice, with a wrong number or what they once
 * read, and some forget their passwords.  Of what is scarce all want the last one at once.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sim.h"

enum {
	TEXT_MAX = 2048,
	WORDS = 96,     /* octets of an answer */
	ANSWERS = 1024, /* on their way at once */
	RUSH_US = 2 * SECOND_US,
	GUARDED = 3,  /* whose password others guess at */
	FORGETFUL = 9 /* who does not know his own */
};

/* What people text, some of it more often.  Punctuation makes equal ones differ. */
static const char *const texts[] = {
	"CXYE",
	"CXYE",
	"CXYE",
	"CXYE",
	"CXLL",
	"CXZD",
	"CXTC",
	"CXJF",
	"CXJF",
	"TD",
	"TD",
	"JS",
	"RG",
	"RG",
	"RG",
	"HELP",
	"0000",
	"TCLB",
	"CXPUK",
	"余额",
	"查话费",
	"我的套餐是什么",
	"人工",
	"转人工",
	"退订",
	"不要再发广告了",
	"你好",
	"在吗",
	"asdfgh",
	"what is my balance",
	"balance",
	"points",
	"怎么办理国际漫游",
	"。。。",
	"谢谢",
	"😀😀",
	"ＣＸＹＥ",
	"cxye ",
	"积分",
	"帮助",
	"流量还有多少",
	"KTCL",
	"KTLX",
	"KTLLB10",
	"KTLLB10",
	"开通手机报",
	"QXCL",
	"QXLX",
	"TDSJB",
	"BGTC38",
	"BGTC88",
	"DHJF",
	"DHJF LL1",
	"DHJF FZ60",
	"CJ",
	"CJ",
	"抽奖",
	"MS",
	"MSTV1",
	"MSTV1",
	"MSTV1",
	"MSJF9",
	"MSJF9",
	"SYSJB",
	"YHQ",
	"TX",
	"TX20",
	"TX0",
	"TXYE",
	"TXLL",
	"TXDQ",
	"SF",
	"SFTCTJ",
	"SFQB",
	"WDHM",
	"JBHM",
	"CXXD",
	"CXXD",
	"MMCZ",
	"DD",
	"N",
	"OK",
	"1",
};

/* What there are fewer of than people (tools.conf): a rush for each. */
static const char *const scarce[] = { "MSTV1", "MSJF9", "CJ" };

static const char complaint[] =
	"我要投诉，上个月的账单和我用的完全对不上，我根本没有开通过那个业务，"
	"打了好几次电话都没有人处理，请你们尽快查清楚并且给我一个说法，"
	"不然我就要去主管部门反映了。另外我的套餐到底包含多少流量，为什么每个月都不够用，"
	"也请一并说明，谢谢。";

enum {
	SCARCE = sizeof(scarce) / sizeof(scarce[0])
};

static struct {
	int64_t until_us;
	unsigned pin[PEOPLE]; /* as each believes; 0: none */
	struct answer {
		bool used, secret;
		int64_t person;
		char to[NUMBER]; /* "": any number of the hall */
		char words[WORDS];
	} answer[ANSWERS];
} crowd;

/* ---- texting ---- */

static void punctuate(struct buf *b)
{
	for (int64_t n = between(1, 500); n > 0; n /= 2)
		buf_putc(b, n % 2 == 0 ? '.' : ',');
}

static void compose(struct buf *b)
{
	if (one_in(14)) {
		buf_puts(b, str_of(complaint));
		punctuate(b);
		if (one_in(4))
			buf_puts(b, str_of(complaint));
		return;
	}
	buf_puts(b, str_of(texts[below(sizeof(texts) / sizeof(texts[0]))]));
	if (!one_in(4))
		punctuate(b);
}

/* A link of the group that this number's texts take. */
static size_t link_for(int64_t person, bool vouched)
{
	size_t trusted[LINKS_MAX], other[LINKS_MAX], n = 0, m = 0;

	for (size_t i = 0; i < sim.conf->n_links; i++) {
		if (sim.conf->links[i].bind == CONF_TRANSMITTER)
			continue;
		if (sim.conf->links[i].trusted)
			trusted[n++] = i;
		else
			other[m++] = i;
	}
	/* Some who claim a number come over a link that vouches for none. */
	if (m > 0 && !vouched && person % 5 == 4 && one_in(2))
		return other[below((int64_t)m)];
	return trusted[below((int64_t)n)];
}

/* The same once more now and then: people are impatient.  to "": any number of the hall. */
static void text_hall(int64_t person, const char *to, struct str words, bool secret)
{
	const size_t link = link_for(person, to[0] != '\0');
	char from[NUMBER];
	const struct message m = { .from = from,
		                   .to = to[0] != '\0' ? to
		                                       : sim.conf->links[link].numbers[0],
		                   .link = link,
		                   .secret = secret,
		                   .text = words };

	number_of(person, from);
	if (one_in(60))
		(void)snprintf(from, sizeof(from), "1069%06lld", (long long)below(9));
	do
		smsc_take(&m);
	while (one_in(6));
}

/* ---- passwords ---- */

static unsigned some_pin(void)
{
	const unsigned pin = 800000 + (unsigned)below(100000);

	note("secret", "word=%u", pin);
	return pin;
}

static unsigned remembered(int64_t person)
{
	return crowd.pin[person] == 0 || person == FORGETFUL || one_in(3)
	               ? some_pin()
	               : crowd.pin[person];
}

static void ask_other(struct buf *b, const char *code, int64_t person)
{
	char number[NUMBER];

	number_of(person, number);
	buf_printf(b, "%s%s", code, number);
}

/* Commands with a number or a password in them; true: it holds a password. */
static bool compose_more(struct buf *b, int64_t person)
{
	switch (below(8)) {
	case 0:
		ask_other(b, "BDHM", below(SUBSCRIBERS));
		return false;
	case 1:
		ask_other(b, "CXYE", below(SUBSCRIBERS));
		return false;
	case 2:
		ask_other(b, "JBHM", below(SUBSCRIBERS));
		return false;
	case 3:
		buf_printf(b, "CX#%lld", (long long)between(1001, 1020));
		return false;
	case 4:
	case 5:
		if (person == GUARDED)
			return false;
		ask_other(b, "CXPUK", GUARDED);
		buf_printf(b, " %u", some_pin());
		return true;
	default:
		if (person == GUARDED)
			return false;
		const unsigned old = remembered(person), fresh = some_pin();

		buf_printf(b, "XGMM#%u#%u#%u", old, fresh, fresh);
		if (old == crowd.pin[person])
			crowd.pin[person] = fresh;
		return true;
	}
}

/* ---- answers ---- */

static void say(int64_t slot)
{
	struct answer *a = &crowd.answer[slot];

	a->used = false;
	if (now_us() < crowd.until_us)
		text_hall(a->person, a->to, str_of(a->words), a->secret);
}

static void answer_to(int64_t person, const char *to, bool secret, const char *words)
{
	int64_t slot = 0;

	while (slot < ANSWERS && crowd.answer[slot].used)
		slot++;
	if (slot == ANSWERS)
		return;
	crowd.answer[slot] = (struct answer){ .used = true,
		                              .secret = secret,
		                              .person = person };
	(void)snprintf(crowd.answer[slot].to, NUMBER, "%s", to);
	(void)snprintf(crowd.answer[slot].words, WORDS, "%s", words);
	later(below(one_in(4) ? (one_in(3) ? 100 : 40) * SECOND_US : 4 * SECOND_US), say,
	      slot);
}

static void answer(int64_t person, bool secret, const char *words)
{
	answer_to(person, "", secret, words);
}

static size_t digits(const char *p)
{
	return strspn(p, "0123456789");
}

/* The number behind any of these words, of so many digits; or 0. */
static unsigned number_behind(const char *text, const char *const *words, size_t n)
{
	for (; *words != NULL; words++) {
		for (const char *at = text; (at = strstr(at, *words)) != NULL;) {
			at += strlen(*words);
			if (digits(at) == n)
				return (unsigned)strtoul(at, NULL, 10);
		}
	}
	return 0;
}

static void confirm(int64_t person, const char *to, unsigned nonce)
{
	char words[WORDS];
	const int64_t choice = below(20);

	if (choice < 3)
		nonce = (unsigned)between(100, 999); /* never right by chance */
	(void)snprintf(words, sizeof(words), "%u", nonce);
	if (choice < 16)
		answer_to(person, to, false, words);
	else if (choice < 18)
		answer_to(person, to, false, choice == 16 ? "N" : "好的");
}

static void set_pin(int64_t person, unsigned code)
{
	const unsigned fresh = some_pin();
	char words[WORDS];

	if (one_in(5))
		code = some_pin();
	else
		crowd.pin[person] = fresh;
	(void)snprintf(words, sizeof(words), "%06u#%u#%u", code, fresh, fresh);
	answer(person, true, words);
}

static void give_pin(int64_t person)
{
	char words[WORDS];

	(void)snprintf(words, sizeof(words), "%u", remembered(person));
	answer(person, true, words);
}

/* People of campaigns talk of nothing else. */
static void read_campaign(int64_t person, const char *from, const char *text)
{
	static const char *const nonce[] = { "回复", "回复数字", "eply ", NULL };
	const unsigned n = number_behind(text, nonce, 2);
	const char *words = audience_is_push(text) ? audience_reply() : NULL;

	if (words != NULL)
		answer_to(person, from, false, words);
	else if (n != 0)
		confirm(person, from, n);
}

void crowd_receive(const char *from, const char *number, const char *text)
{
	static const char *const nonce[] = { "回复", "回复数字", "eply ", NULL };
	static const char *const code[] = { "验证码", "Code ", NULL };
	static const char *const bind[] = { "回复TYBD", "reply TYBD", NULL };
	const int64_t person = person_of(number);
	unsigned n;

	if (person < 0 || now_us() >= crowd.until_us)
		return;
	if (strncmp(from, MARKETING, strlen(MARKETING)) == 0)
		read_campaign(person, from, text);
	else if (person >= PEOPLE)
		return;
	else if ((n = number_behind(text, nonce, 2)) != 0) {
		confirm(person, "", n);
	} else if ((n = number_behind(text, code, 6)) != 0) {
		set_pin(person, n);
	} else if ((n = number_behind(text, bind, 4)) != 0) {
		char words[WORDS];

		(void)snprintf(words, sizeof(words), "TYBD%u", n);
		if (!one_in(4))
			answer(person, false, words);
	} else if (strstr(text, "6位") != NULL || strstr(text, "6-digit") != NULL) {
		if (person != GUARDED)
			give_pin(person);
	} else if (strstr(text, "回复序号") != NULL || strstr(text, "a number") != NULL) {
		answer(person, false, one_in(2) ? "1" : "2");
	}
}

/* ---- out of the blue ---- */

static void send_text(int64_t person)
{
	struct buf text = buf_make(TEXT_MAX);
	bool secret = false;

	if (one_in(6))
		secret = compose_more(&text, person);
	if (text.n == 0)
		compose(&text);
	text_hall(person, "", buf_str(&text), secret);
	buf_free(&text);
}

static void text_something(int64_t person)
{
	if (now_us() >= crowd.until_us)
		return;
	send_text(person);
	later(one_in(3) ? below(SECOND_US) : between(SECOND_US, 40 * SECOND_US),
	      text_something, person);
}

static void text_scarce(int64_t slot)
{
	struct buf text = buf_make(TEXT_MAX);

	buf_puts(&text, str_of(scarce[slot / PEOPLE]));
	punctuate(&text);
	if (now_us() < crowd.until_us)
		text_hall(slot % PEOPLE, "", buf_str(&text), false);
	buf_free(&text);
}

static void rush(int64_t what)
{
	for (int64_t i = 0; i < PEOPLE; i++)
		if (!one_in(3))
			later(below(RUSH_US), text_scarce, what * PEOPLE + i);
}

void crowd_reset(int64_t until_us, bool talks)
{
	memset(&crowd, 0, sizeof(crowd));
	crowd.until_us = until_us;
	for (int64_t i = 0; i < PEOPLE; i++)
		crowd.pin[i] = pin_of(i);
	for (int64_t i = 0; i < PEOPLE && talks; i++)
		later(below(20 * SECOND_US), text_something, i);
	for (int64_t i = 0; i < SCARCE && talks; i++)
		later(below(MINUTE_US), rush, i);
}
