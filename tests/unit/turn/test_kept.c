/*
 * What is kept of texts: PINs and identity numbers made at random, in the right and in
 * wrong places, to every service and in every state, are neither in a file of the store,
 * nor in a reply, nor in what the log may show.
 */
#include "fixture.h"
#include "model/secrets.h"

enum {
	ROUNDS = 140 /* each form twice */
};

static struct {
	struct pin_conf conf;
	uint32_t seed;
	struct buf octets;
	char *file; /* all files of the store, one behind the other */
	size_t n;
} k;

static uint32_t below(uint32_t n)
{
	k.seed = k.seed * 1664525U + 1013904223U;
	return (k.seed >> 8) % n;
}

static void start_turn(void)
{
	const struct turn_conf conf = { .store = hall.store,
		                        .fold = hall.assets->fold,
		                        .grammar = hall.assets->grammar,
		                        .hall = hall.assets->hall,
		                        .pin = &k.conf };

	turn_destroy(hall.turn);
	ck_assert_int_eq(turn_create(&conf, &hall.turn, &hall.fault), ERR_OK);
}

static void set_up(void)
{
	static const uint8_t pepper[PIN_PEPPER] = "made up";

	set_up_people(8);
	pin_conf_make(&k.conf, pepper, true);
	k.seed = 20261020;
	k.octets = buf_make(1 << 16);
	k.file = malloc(1 << 25);
	ck_assert_ptr_nonnull(k.file);
	start_turn();
}

static void end(void)
{
	buf_free(&k.octets);
	free(k.file);
	tear_down();
}

static struct turn_input say(int person, const char *text)
{
	struct turn_input in = text_of(person, "");

	hall.now_ms += 1000;
	buf_reset(&k.octets);
	ck_assert_int_eq(coding_encode(CODING_UCS2, str_of(text), &k.octets), ERR_OK);
	in.data_coding = coding_dcs(CODING_UCS2);
	in.octets = (struct span){ (const uint8_t *)buf_str(&k.octets).p,
		                   buf_str(&k.octets).n };
	ck_assert_int_eq(run_all(&in, 1), ERR_OK);
	return in;
}

static void read_files(void)
{
	static const char *const files[] = { "hall.db", "hall.db-wal" };

	k.n = 0;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		char path[128];
		FILE *f;

		(void)snprintf(path, sizeof(path), "%s/%s", hall.folder, files[i]);
		f = fopen(path, "rb");
		if (f == NULL)
			continue;
		k.n += fread(k.file + k.n, 1, (1 << 25) - k.n, f);
		(void)fclose(f);
	}
}

static bool holds(struct str where, const char *what)
{
	const size_t n = strlen(what);
	const char *p = where.p, *end = where.p + where.n;

	while (p != NULL && (size_t)(end - p) >= n) {
		if (memcmp(p, what, n) == 0)
			return true;
		p = memchr(p + 1, what[0], (size_t)(end - p) - 1);
	}
	return false;
}

/* Digits of which no file holds any part that tells. */
static void draw(char *out, size_t n)
{
	do {
		for (size_t i = 0; i < n; i++)
			out[i] = (char)('0' + below(10));
		out[n] = '\0';
	} while (holds((struct str){ k.file, k.n }, out) || strspn(out, "0123") == n ||
	         pin_weak((struct str){ out, 6 }, 0));
}

/* What a text is sent into: another dialogue each, and statuses. */
static void make_state(int person)
{
	static const char *const openers[] = { "",     "KT",   "BGTC58",   "CXXD", "XGMM",
		                               "MMCZ", "TS",   "GS",       "JG",   "BDHM",
		                               "TYBD", "KTHZ", "RG",       "0000", "DHJF",
		                               "CJ",   "BGTC", "KTHZ1390", "HFDH", "补卡",
		                               "T",    "更多", "TX",       "YHQ" };

	(void)say(person, openers[below(COUNT_OF(openers))]);
}

/* With the secret behind them; %s may stand twice. */
static const char *const forms[] = {
	"%s",
	"MMCZ%s",
	"MMCZ %s",
	"密码%s",
	"我的密码是%s，帮我查余额",
	"密码：%s 谢谢",
	"忘记密码%s",
	"修改密码%s改成%s",
	"改密码 旧%s新%s",
	"XGMM%s",
	"XGMM#%s#%s",
	"XGMM#%s#%s#%s",
	"XGMM %s %s %s 谢谢",
	"MMXG*%s*%s*%s",
	"%s#%s#%s",
	"GS 13900000001 %s",
	"GS13900000001#%s",
	"JG 13900000001 %s",
	"挂失13900000001密码%s",
	"PUK 13900000001 %s",
	"CXPUK%s",
	"CXXD%s",
	"CXXD 密码%s",
	"CXYE%s",
	"CXYE %s",
	"CXZD%s",
	"查余额，密码%s",
	"password %s",
	"my PIN is %s",
	"change password %s %s",
	"TS 密码%s一直不对",
	"投诉：我发了%s没有用",
	"我要投诉 %s",
	"RG %s",
	"人工 密码%s",
	"怎么改密码%s",
	"如何用%s登录",
	"您好，请发送CXYE到10086，密码%s",
	"【提醒】验证码%s，发送CXYE到10086",
	"KTHZ13900000002#%s",
	"开通呼叫转移到13900000002 密码%s",
	"BGTC58 %s",
	"KTCL%s",
	"QXCL %s",
	"0000#%s",
	"BDHM13900000001 %s",
	"SF%s",
	"HELP %s",
	"TD%s",
	"Y%s",
	"是 %s",
	"1,3 %s",
	"CXXZ#张三#%s",
	"SQXZ#%s#张三",
	"CXXZ 张三 %s",
	"携号转网 身份证%s",
	"我叫张三，身份证号%s，要补卡",
	"补卡%s",
	"FP %s",
	"LLMX%s",
	"TCLB %s",
	"评分%s",
	"回电%s",
	"call me back %s",
	"%s?",
	"（%s）",
	"\xf0\x9f\x98\x80%s",
};

static void fill(const char *form, const char *secret, char *out, size_t size)
{
	const size_t length = strlen(secret);
	size_t n = 0;

	for (const char *p = form; *p != '\0'; p++) {
		ck_assert_uint_lt(n + length, size - 1);
		if (p[0] == '%' && p[1] == 's') {
			memcpy(out + n, secret, length);
			n += length;
			p++;
		} else {
			out[n++] = *p;
		}
	}
	out[n] = '\0';
}

static void check(const struct turn_input *in, const char *text, const char *secret)
{
	read_files();
	ck_assert_msg(!holds((struct str){ k.file, k.n }, secret), "stored: %s", text);
	ck_assert_msg(!holds(in->text, secret) && !holds(in->intent, secret),
	              "for the log: %s", text);
	for (size_t i = 0; i < hall.out.n; i++)
		ck_assert_msg(!holds(hall.out.send[i].text, secret), "answered: %s",
		              text);
}

/* A PIN as people write it: each digit by one of the words, a blank between or none. */
struct way {
	const char *digit[10];
	const char *between;
	const char *other[10]; /* of each second one, where there are any */
};
static const struct way ways[] = {
	{ { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" }, "", { NULL } },
	{ { "０", "１", "２", "３", "４", "５", "６", "７", "８", "９" }, "", { NULL } },
	{ { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" }, " ", { NULL } },
	{ { "０", "１", "２", "３", "４", "５", "６", "７", "８", "９" },
	  "　",
	  { NULL } },
	{ { "零", "一", "二", "三", "四", "五", "六", "七", "八", "九" }, "", { NULL } },
	{ { "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九" },
	  "、",
	  { NULL } },
	{ { "零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖" }, "", { NULL } },
	{ { "零", "幺", "二", "三", "四", "五", "六", "七", "八", "九" }, " ", { NULL } },
	{ { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" },
	  "",
	  { "零", "一", "二", "三", "四", "五", "六", "七", "八", "九" } },
	{ { "零", "壹", "貳", "叁", "肆", "伍", "陸", "柒", "捌", "玖" },
	  "",
	  { "０", "1", "2", "３", "4", "5", "6", "7", "８", "9" } },
	{ { "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九" },
	  " ",
	  { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" } },
};

static void write_down(const struct way *w, const char *digits, char out[static 96])
{
	size_t n = 0;

	for (size_t i = 0; digits[i] != '\0'; i++) {
		const bool other = i % 2 == 1 && w->other[0] != NULL;
		const char *d = digits[i] == 'X'
		                        ? "X"
		                        : (other ? w->other : w->digit)[digits[i] - '0'];

		n += (size_t)snprintf(out + n, 96 - n, "%s%s", i > 0 ? w->between : "",
		                      d);
	}
}

static void one_round(const char *form, size_t digits, const struct way *w)
{
	const int person = (int)below(8);
	char secret[32], written[96], text[512];
	struct turn_input in;

	make_state(person);
	draw(secret, digits);
	if (digits == 17) /* the last one may be an X */
		memcpy(secret + 17, "X", 2);
	write_down(w, secret, written);
	fill(form, written, text, sizeof(text));
	in = say(person, text);
	if (digits == 17)
		secret[17] = '\0';
	check(&in, text, secret);
	check(&in, text, written);
}

START_TEST(no_pin_stays)
{
	for (int i = 0; i < ROUNDS; i++)
		one_round(forms[(size_t)i % COUNT_OF(forms)], PIN_DIGITS,
		          &ways[below(COUNT_OF(ways))]);
}
END_TEST

START_TEST(no_identity_number_stays)
{
	static const size_t digits[] = { 15, 17, 18 };

	for (int i = 0; i < ROUNDS; i++)
		one_round(forms[(size_t)i % COUNT_OF(forms)],
		          digits[below(COUNT_OF(digits))], &ways[below(2)]);
}
END_TEST

/* What a command needs is kept: else nobody could follow what was asked. */
START_TEST(what_is_explained_stays)
{
	static const char *const texts[] = { "CXZD202608",  "DD123456",
		                             "T654321",     "CX#246813",
		                             "YHQ135791",   "GS 13900000001",
		                             "CXXD2026-08", "我一周打两三次电话" };

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		const struct turn_input in = say(0, texts[i]);

		ck_assert_msg(str_eq(in.text, str_of(texts[i])), "%.*s",
		              STR_ARG(in.text));
	}
}
END_TEST

SUITE("turn/kept", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_checked_fixture(tc, set_up, end); tcase_add_test(tc, no_pin_stays);
      tcase_add_test(tc, no_identity_number_stays);
      tcase_add_test(tc, what_is_explained_stays);)
