/*
 * test_words.c - the words of the default table as whole messages, some sentences,
 * and the answers that mean something only in a context.
 */
#include "support/suite.h"
#include "unit/grammar/hall.h"

/* Han in Simplified and Traditional, and English; a text is one of the ';' parts. */
static const struct {
	const char *texts, *want;
} words[] = {
	{ "余额;餘額;话费余额;話費餘額;账户余额;帳戶餘額;balance;Balance;查余额;我的余额还有多少;check my balance",
	  "balance.query|{}" },
	{ "账单;帳單;賬單;话费账单;bill;my bill;查账单", "bill.query|{}" },
	{ "详单;通话详单;通话清单;詳單;通話清單;call details", "detail.query|{}" },
	{ "流量;剩余流量;剩餘流量;套餐余量;剩余分钟;剩餘分鐘;data;usage;还剩多少流量;流量还有多少",
	  "usage.query|{}" },
	{ "积分;積分;points;我的积分", "points.query|{}" },
	{ "我的套餐;套餐查询;套餐查詢;当前套餐;當前套餐;my plan", "package.current|{}" },
	{ "有哪些套餐;套餐列表;plans", "package.list|{}" },
	{ "已开通业务;已開通業務;订了哪些业务;my services", "service.list|{}" },
	{ "修改密码;改密码;修改密碼;change password", "pin.change|{}" },
	{ "忘记密码;重置密码;忘記密碼;reset password", "pin.reset|{}" },
	{ "PUK码;puk碼;puk", "puk.query|{}" },
	{ "帮助;菜单;指令;幫助;help;menu;Menu", "help|{}" },
	{ "人工;转人工;客服;轉人工;agent", "agent.handoff|{}" },
	{ "退订;拒收;退訂;STOP;stop;Stop.", "optout.marketing|{}" },
	{ "恢复接收;恢復接收;START", "optin.marketing|{}" },
	{ "缴费记录;充值记录;繳費記錄;payments", "payment.query|{}" },
	{ "发票;补打发票;發票;invoice", "invoice.request|{}" },
	{ "流量明细;套餐明细;usage details", "resource.detail|{}" },
	{ "为什么多扣;怎么扣了这么多;為什麼多扣;why this bill", "bill.explain|{}" },
	{ "为何;为什么推荐;why", "offer.why|{}" },
	{ "哪个套餐最划算;推荐套餐;best plan", "plan.advice|{}" },
	{ "积分兑换;兑换;redeem", "points.redeem|{}" },
	{ "优惠券;我的优惠券;coupons", "coupon.list|{}" },
	{ "抽奖;draw", "lottery.draw|{}" },
	{ "订单;查订单;order", "order.query|{}" },
	{ "撤销8813;撤销 8813;撤銷8813;undo 8813", "order.undo|{\"order\":\"8813\"}" },
	{ "投诉;我要投诉;complaint", "complaint.open|{}" },
	{ "进度 2071;进度T2071;status 2071", "task.query|{\"task\":\"2071\"}" },
	{ "挂失;停机保号;lost", "lost.report|{}" },
	{ "解挂;复机;found", "lost.cancel|{}" },
	{ "提醒;余额提醒;reminder", "reminder.set|{}" },
	{ "少发;少发点;fewer", "pref.fewer|{}" },
	{ "改成38元套餐;换成38元套餐;变更为38元套餐;升级到38元套餐;降到38元套餐;change to plan 38",
	  "package.change|{\"code\":\"38\"}" },
	{ "开通彩铃;办理彩铃;订彩铃;開通彩鈴;activate ringback tone",
	  "service.open|{\"code\":\"CL\"}" },
	{ "取消来电显示;关闭来电显示;退订来电显示;取消來電顯示;cancel caller id",
	  "service.cancel|{\"code\":\"LX\"}" },
	{ "开通10元流量加油包;订10元流量加油包;开通LLB10",
	  "service.open|{\"code\":\"LLB10\"}" },
	{ "使用优惠券A1B2C3;使用优惠券 A1B2C3;use coupon A1B2C3",
	  "coupon.use|{\"code\":\"A1B2C3\"}" },
	{ "如何开通彩铃", "faq.search|{\"text\":\"开通彩铃\"}" },
	{ "账单不对，我要投诉", "complaint.open|{\"text\":\"账单不对\"}" },
	{ "话费;話費;Y;N;是;好的;5;73;10G流量包;取消;你好;谢谢;把58的改成",
	  "unknown|{}" },
};

START_TEST(words_as_whole_messages)
{
	struct str rest = str_of(words[_i].texts), one;
	char text[256];

	while (str_cut(&rest, ';', &one)) {
		ck_assert_uint_lt(one.n, sizeof(text));
		memcpy(text, one.p, one.n);
		text[one.n] = '\0';
		ck_assert_msg(strcmp(hall_intent(text, ""), words[_i].want) == 0,
		              "\"%s\" -> %s", text, hall.line);
	}
}
END_TEST

static const struct {
	const char *text, *context, *want;
} answers[] = {
	{ "Y", "confirm", "confirm.yes|{}||set" },
	{ "yes", "confirm", "confirm.yes|{}||set" },
	{ "是", "confirm", "confirm.yes|{}||set" },
	{ "确认。", "confirm", "confirm.yes|{}||set" },
	{ "確定", "confirm", "confirm.yes|{}||set" },
	{ "同意，谢谢", "confirm", "confirm.yes|{}||set" },
	{ "73", "confirm", "confirm.yes|{\"nonce\":\"73\"}||set" },
	{ "７３", "confirm", "confirm.yes|{\"nonce\":\"73\"}||set" },
	{ "0731", "confirm", "confirm.yes|{\"nonce\":\"0731\"}||set" },
	{ "好的", "confirm", "confirm.soft|{}||read" },
	{ "OK", "confirm", "confirm.soft|{}||read" },
	{ "N", "confirm", "confirm.no|{}||read" },
	{ "no", "confirm", "confirm.no|{}||read" },
	{ "否", "confirm", "confirm.no|{}||read" },
	{ "不同意", "confirm", "confirm.no|{}||read" },
	{ "取消", "confirm", "confirm.no|{}||read" },
	/* Reserved words come first, other commands pass. */
	{ "TD", "confirm", "optout.marketing|{}||read" },
	{ "R", "confirm", "optout.marketing|{}||read" },
	{ "退订", "confirm", "optout.marketing|{}||read" },
	{ "人工", "confirm", "agent.handoff|{}||read" },
	{ "help", "menu:5", "help|{}||read" },
	{ "CXYE", "confirm", "balance.query|{}||read" },
	{ "取消彩铃", "confirm", "service.cancel|{\"code\":\"CL\"}||charge" },
	{ "00000", "confirm", "service.list|{}||read" },
	{ "好的但是太贵", "confirm", "unknown|{}||" },
	{ "我是说", "confirm", "unknown|{}||" },
	{ "2", "menu:5", "menu.select|{\"n\":2}||read" },
	{ "二", "menu:5", "menu.select|{\"n\":2}||read" },
	{ "第2个", "menu:5", "menu.select|{\"n\":2}||read" },
	{ "第二个", "menu:5", "menu.select|{\"n\":2}||read" },
	{ "1,3", "menu:5", "menu.select|{\"n\":[1,3]}||read" },
	{ "1，3、5", "menu:5", "menu.select|{\"n\":[1,3,5]}||read" },
	{ "1 2", "menu:5", "menu.select|{\"n\":[1,2]}||read" },
	{ "6", "menu:5", "unknown|{}||" },
	{ "1,6", "menu:5", "unknown|{}||" },
	{ "0", "menu:5", "unknown|{}||" },
	{ "101", "menu:5", "balance.query|{}||read" },
	{ "Y", "menu:5", "unknown|{}||" },
	{ "73", "", "unknown|{}||" },
};

START_TEST(answers_mean_something_in_their_context)
{
	ck_assert_msg(strcmp(hall_parse(answers[_i].text, answers[_i].context),
	                     answers[_i].want) == 0,
	              "\"%s\" in \"%s\" -> %s", answers[_i].text, answers[_i].context,
	              hall.line);
}
END_TEST

START_TEST(slots_are_cut_from_what_was_typed)
{
	ck_assert_str_eq(hall_intent("ＴＳ：  Ｗi-Fi 太慢，真的！", ""),
	                 "complaint.open|{\"text\":\"Ｗi-Fi 太慢，真的\"}");
	ck_assert_str_eq(hall_intent("TS a\"b\\c", ""),
	                 "complaint.open|{\"text\":\"a\\\"b\\\\c\"}");
}
END_TEST

START_TEST(secrets_are_marked_and_never_suggested)
{
	struct grammar_command c = hall_match(STR("XGMM#123456#654321#654321"), "");

	ck_assert_uint_eq(c.n_slots, 2);
	ck_assert(c.slot[0].secret && c.slot[1].secret);
	c = hall_match(STR("XGMN#123456#654321#654321"), "");
	ck_assert_ptr_null(c.intent);
	ck_assert_uint_eq(c.n_suggestions, 1);
	ck_assert(str_eq(c.suggestion[0].code, STR("XGMM")));
}
END_TEST

START_TEST(explanations_name_the_rule)
{
	struct buf out = buf_make(1 << 16);

	grammar_explain(hall.g, hall.m, STR("查余额"),
	                (struct grammar_context){ GRAMMAR_NO_CONTEXT, 0 }, hall.now,
	                &out);
	ck_assert_ptr_nonnull(strstr(buf_cstr(&out), "balance.query {}"));
	ck_assert_ptr_nonnull(strstr(buf_cstr(&out), "hall.gram:"));
	buf_free(&out);
}
END_TEST

SUITE("grammar/words", {
	tcase_add_unchecked_fixture(tc, hall_open, hall_close);
	tcase_add_loop_test(tc, words_as_whole_messages, 0, COUNT_OF(words));
	tcase_add_loop_test(tc, answers_mean_something_in_their_context, 0,
	                    COUNT_OF(answers));
	tcase_add_test(tc, slots_are_cut_from_what_was_typed);
	tcase_add_test(tc, secrets_are_marked_and_never_suggested);
	tcase_add_test(tc, explanations_name_the_rule);
})
