/*
 * test_frames.c - no frame of doubt lets a charged command through: every frame of a
 * kind (refused, asked, conditional, past, of others, later, quoted, not meant) around
 * every charged command, in sentences and codes, in Simplified and Traditional, with
 * and without blanks.
 */
#include <opencc/opencc.h>

#include "support/suite.h"
#include "unit/grammar/hall.h"

enum {
	TEXT_MAX = 512,
	FORMS = 4
};

/* Each charged intent, in sentences and as codes. */
static const char *const zh[] = {
	"改成38元套餐",
	"换成128元的套餐",
	"升级到58元套餐",
	"换套餐",
	"换回原来的套餐",
	"开通彩铃",
	"办理国际漫游",
	"开个20元流量包",
	"我要彩铃",
	"把来电显示打开",
	"开通呼叫转移到13900001111",
	"取消手机报",
	"退订来电显示",
	"把彩铃关了",
	"修改密码",
	"忘记密码",
	"重置服务密码",
	"积分兑换",
	"积分换话费",
	"使用优惠券A1B2C3",
	"抽奖",
	"参加秒杀",
	"给副号13800001111开通彩铃",
	"给副号13800001111退订彩铃",
	"批准5207",
	"给副号13800001111改成38元套餐",
	"DBGT13800001111 38",
	"KTCL",
	"KTHZ13900001111",
	"BGTC38",
	"QXSJB",
	"TDLX",
	"XGMM#123456#654321#654321",
	"MMCZ",
	"503",
	"DHJF",
	"DHLLB10#2",
	"YHQA1B2C3",
	"CJ",
	"MS TV1",
	"DBKT13800001111CL",
	"DBTD13800001111CL",
	"PZYW5207",
};
static const char *const en[] = {
	"change to plan 38",
	"upgrade my plan to 58",
	"activate caller id",
	"turn on roaming",
	"i want roaming",
	"cancel caller id",
	"turn off ringback tone",
	"change my password",
	"forgot my password",
	"reset my pin",
	"redeem my points",
	"use coupon A1B2C3",
	"join the flash sale",
	"KTCL",
	"BGTC38",
	"QXSJB",
	"MMCZ",
};

/* %s is the command. */
static const char *const frames_zh[] = {
	/* refused */
	"不要%s",
	"别%s",
	"别给我%s",
	"我不想%s",
	"先不%s",
	"先别%s",
	"暂时不%s",
	"不用%s",
	"千万别%s",
	"我没要%s",
	"没有%s",
	"我从来没%s",
	"没让你们%s",
	"不是要%s",
	"拒绝%s",
	"禁止%s",
	"勿%s",
	"请勿%s",
	"不必%s",
	"无需%s",
	"甭%s",
	"莫%s",
	"不能%s",
	"不可以%s",
	"不准%s",
	"不许%s",
	"不同意%s",
	"不打算%s",
	"没必要%s",
	"反对%s",
	"停止%s不行",
	"%s，不要",
	"%s 还是不了",
	"%s算了不用了",
	"未经我同意%s",
	"唔好%s",
	"唔使%s",
	"我唔要%s",
	/* asked */
	"%s？",
	"%s?",
	"%s ？？",
	"%s吗",
	"%s吗？",
	"%s么",
	"%s要钱吗",
	"%s多少钱",
	"%s收费吗",
	"%s划算吗",
	"%s好不好",
	"%s行不行",
	"能%s吗",
	"能不能%s",
	"可以%s吗",
	"可不可以%s",
	"是不是要%s",
	"要不要%s",
	"怎么%s",
	"如何%s",
	"怎样%s",
	"咋%s",
	"为什么%s",
	"为什么要%s",
	"凭什么%s",
	"谁%s",
	"什么是%s",
	"%s是什么",
	"%s有什么用",
	"%s是什么意思",
	"%s会怎么样",
	"%s需要什么条件",
	"%s几天生效",
	"想问%s要多久",
	"%s还能取消吗",
	"点样%s",
	"%s抵唔抵",
	/* conditional */
	"如果不要钱就%s",
	"如果便宜，%s",
	"要是免费就%s",
	"假如%s",
	"假设%s",
	"万一%s",
	"除非免费否则%s",
	"若%s",
	"等我有钱了%s",
	/* past */
	"我已经%s了",
	"昨天%s了",
	"我昨天%s没成功",
	"上个月%s过",
	"刚才%s了",
	"之前%s过",
	"我%s过了",
	"%s失败了",
	"%s，办完了",
	"%s，白费了",
	"%s，成功了",
	"%s，没反应",
	"%s，都三天了",
	"%s，上个月办的",
	"%s没成功",
	"%s了吗",
	"%s了没有反应",
	"已经%s",
	"早就%s了",
	"琴日%s咗",
	/* of others */
	"帮我妈%s",
	"给我妈%s",
	"我老婆要%s",
	"我朋友想%s",
	"替我爸%s",
	"他要%s",
	"给他%s",
	"我儿子%s",
	"帮同事%s",
	"别人%s",
	"有人给我%s",
	"谁给我%s的",
	"我阿媽想%s",
	/* later */
	"明天%s",
	"下个月%s",
	"下个月再%s",
	"以后再%s",
	"改天%s",
	"过几天%s",
	"等等再%s",
	"晚点%s",
	"回头%s",
	"到时候%s",
	"有空再%s",
	"月底%s",
	"明年%s",
	"考虑%s",
	"我考虑一下%s",
	"打算%s",
	"准备%s",
	"遲啲先%s",
	"聽日%s",
	/* quoted */
	"收到短信说“%s”",
	"短信让我%s",
	"你们发短信叫我%s",
	"客服说%s",
	"广告说%s",
	"听说%s",
	"据说%s",
	"有人叫我%s",
	"骗子让我%s",
	"“%s”是真的吗",
	"例如%s",
	"比如%s",
	"您已成功%s",
	"您已%s",
	"%s成功",
	"尊敬的客户您已%s",
	/* not meant */
	"谁要%s啊",
	"鬼才%s",
	"%s，开玩笑的",
	"%s发错了",
	"%s，打错了",
	"不是我%s的",
	"你们又%s",
	"偷偷%s",
	"擅自%s",
	"乱%s",
	"私自%s",
	"投诉你们%s",
	"我要投诉%s",
};
static const char *const frames_en[] = {
	"don't %s",
	"dont %s",
	"do not %s",
	"please don't %s",
	"never %s",
	"not %s",
	"i don't want to %s",
	"i didn't %s",
	"i never asked to %s",
	"no %s",
	"cannot %s",
	"can't %s",
	"cant %s",
	"won't %s",
	"stop trying to %s",
	"without asking %s",
	"%s?",
	"%s ?",
	"how to %s",
	"how do i %s",
	"can i %s",
	"can you %s",
	"could i %s",
	"should i %s",
	"what is %s",
	"what happens if i %s",
	"why %s",
	"when can i %s",
	"is it free to %s",
	"how much to %s",
	"do i have to %s",
	"%s how much",
	"if it is free %s",
	"%s if it is free",
	"unless free %s",
	"i already %s",
	"yesterday i tried to %s",
	"%s failed",
	"my friend wants to %s",
	"my wife wants to %s",
	"he wants to %s",
	"someone told me to %s",
	"everyone can %s",
	"%s tomorrow",
	"%s next month",
	"%s later",
	"maybe %s",
	"maybe later %s",
	"tmr %s",
	"%s l8r",
	"after my trip %s",
	"got a text saying %s",
	"you said %s",
	"they told me to %s",
	"who can %s",
	"thinking about %s",
	"%s just kidding",
	"sorry wrong %s",
};

static bool is_charged(struct str text)
{
	const struct grammar_command c = hall_match(text, "");

	return c.intent != NULL && c.intent->effect == GRAMMAR_CHARGE;
}

/* The frame around the command: as it is, with a blank, a comma, or a line between. */
static const char *framed(const char *frame, const char *command, int form, struct buf *b)
{
	static const char *const between[FORMS] = { "", " ", "，", "\n" };
	const char *at = strstr(frame, "%s");
	const bool before = at != frame, after = at[2] != '\0';

	buf_reset(b);
	buf_printf(b, "%.*s%s%s%s%s", (int)(at - frame), frame,
	           before ? between[form] : "", command, after ? between[form] : "",
	           at + 2);
	return buf_cstr(b);
}

static void refuse(const char *text)
{
	ck_assert_msg(!is_charged(str_of(text)), "%s -> %s", text, hall_parse(text, ""));
}

static void refuse_traditional(opencc_t cc, const char *text)
{
	char *to = opencc_convert_utf8(cc, text, strlen(text));

	refuse(to);
	opencc_convert_utf8_free(to);
}

START_TEST(no_frame_lets_a_charged_command_through)
{
	opencc_t cc = opencc_open("s2hk.json");
	struct buf text = buf_make(TEXT_MAX);

	ck_assert_msg(is_charged(str_of(zh[_i])), "%s", zh[_i]);
	for (size_t i = 0; i < COUNT_OF(frames_zh); i++)
		for (int form = 0; form < FORMS; form++) {
			refuse(framed(frames_zh[i], zh[_i], form, &text));
			refuse_traditional(cc, buf_cstr(&text));
		}
	(void)opencc_close(cc);
	buf_free(&text);
}
END_TEST

START_TEST(no_english_frame_does)
{
	struct buf text = buf_make(TEXT_MAX);

	ck_assert_msg(is_charged(str_of(en[_i])), "%s", en[_i]);
	for (size_t i = 0; i < COUNT_OF(frames_en); i++)
		for (int form = 0; form < FORMS; form++)
			refuse(framed(frames_en[i], en[_i], form, &text));
	buf_free(&text);
}
END_TEST

START_TEST(each_charged_intent_is_framed)
{
	for (size_t i = 0; i < grammar_intents(hall.g); i++) {
		const struct grammar_intent *it = grammar_intent(hall.g, i);
		bool found = it->effect != GRAMMAR_CHARGE;

		for (size_t k = 0; k < COUNT_OF(zh) && !found; k++)
			found = hall_match(str_of(zh[k]), "").intent == it;
		ck_assert_msg(found, "%s", it->name);
	}
}
END_TEST

SUITE("grammar/frames", {
	tcase_add_unchecked_fixture(tc, hall_open, hall_close);
	tcase_add_loop_test(tc, no_frame_lets_a_charged_command_through, 0,
	                    (int)COUNT_OF(zh));
	tcase_add_loop_test(tc, no_english_frame_does, 0, (int)COUNT_OF(en));
	tcase_add_test(tc, each_charged_intent_is_framed);
})
