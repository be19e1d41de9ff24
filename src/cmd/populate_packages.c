/*
 * populate_packages.c - the packages of a synthetic hall.
 *
 * Main packages first, then services.  The codes are those of the command grammar;
 * those off sale share fees with ones on sale.
 */
#include "populate_priv.h"

#define MINUTES(n) INT64_C(n) * 60
#define GB(n)      INT64_C(n) * 1024 * 1024
#define TEXT(s)                  \
	{                        \
		s, sizeof(s) - 1 \
	} /* STR() is no constant initialiser */

#define MAIN(id, zh, hant, en, yuan, minutes, texts, gb, li_min, fen_gb, net, sale)    \
	{                                                                              \
		.code = TEXT(id), .kind = PACKAGE_MAIN, .name_zh = TEXT(zh),           \
		.name_hant = TEXT(hant), .name_en = TEXT(en),                          \
		.fee_fen = INT64_C(100) * (yuan), .voice_s = MINUTES(minutes),         \
		.sms = (texts), .data_kib = GB(gb), .over_voice_li_per_min = (li_min), \
		.over_sms_li = 100, .over_data_fen_per_block = (fen_gb),               \
		.data_block_kib = GB(1), .over_data_cap_fen = 20000,                   \
		.cost_fen = INT64_C(55) * (yuan), .network = TEXT(net),                \
		.on_sale = (sale)                                                      \
	}
#define SERVICE(id, zh, hant, en, yuan)                                             \
	{                                                                           \
		.code = TEXT(id), .kind = PACKAGE_VAS, .name_zh = TEXT(zh),         \
		.name_hant = TEXT(hant), .name_en = TEXT(en),                       \
		.fee_fen = INT64_C(100) * (yuan), .cost_fen = INT64_C(20) * (yuan), \
		.on_sale = true                                                     \
	}
#define PACK(id, zh, hant, en, yuan, gb)                                      \
	{                                                                     \
		.code = TEXT(id), .kind = PACKAGE_ADDON, .name_zh = TEXT(zh), \
		.name_hant = TEXT(hant), .name_en = TEXT(en),                 \
		.fee_fen = INT64_C(100) * (yuan), .data_kib = GB(gb),         \
		.cost_fen = INT64_C(40) * (yuan), .on_sale = true             \
	}

/* clang-format off */
const struct package populate_packages[] = {
	/*   code    Chinese         Traditional     English            yuan  min  sms   GB  li/min fen/GB      on sale */
	MAIN("8",    "8元保号套餐",  "8元保號套餐",  "Keep 8",             8,   0,   0,   0,  250, 500, "4G", true),
	MAIN("18",   "18元轻享套餐", "18元輕享套餐", "Light 18",          18,  30,  10,   2,  190, 500, "4G", true),
	MAIN("38",   "38元畅享套餐", "38元暢享套餐", "Easy 38",           38, 100,  30,  10,  190, 500, "4G", true),
	MAIN("58",   "58元畅享套餐", "58元暢享套餐", "Easy 58",           58, 150,  50,  20,  150, 400, "5G", true),
	MAIN("88",   "88元畅享套餐", "88元暢享套餐", "Easy 88",           88, 300, 100,  40,  150, 400, "5G", true),
	MAIN("128",  "128元尊享套餐", "128元尊享套餐", "Premium 128",      128, 500, 200,  70,  150, 300, "5G", true),
	MAIN("198",  "198元尊享套餐", "198元尊享套餐", "Premium 198",      198, 1000, 300, 120, 150, 300, "5G", true),
	MAIN("28V3", "28元商旅套餐", "28元商旅套餐", "Business 28",       28, 120,  60,   1,  190, 1000, "4G", false),
	MAIN("58V4", "58元语音套餐", "58元語音套餐", "Voice 58",          58, 400, 100,   6,  150, 500, "4G", false),
	MAIN("88V4", "88元商旅套餐", "88元商旅套餐", "Business 88",       88, 700, 200,  12,  150, 500, "4G", false),
	SERVICE("CL",    "彩铃",         "彩鈴",         "Ringback tone",      5),
	SERVICE("LX",    "来电显示",     "來電顯示",     "Caller ID",          5),
	SERVICE("GJMY",  "国际漫游",     "國際漫遊",     "Roaming",            0),
	SERVICE("SJB",   "手机报",       "手機報",       "Mobile newspaper",   3),
	SERVICE("YX",    "手机邮箱",     "手機郵箱",     "Mail",               5),
	SERVICE("HZ",    "呼叫转移",     "呼叫轉移",     "Call forwarding",    0),
	SERVICE("LDTX",  "来电提醒",     "來電提醒",     "Missed-call alert",  3),
	SERVICE("GPRS",  "数据上网功能", "數據上網功能", "Mobile data",        0),
	SERVICE("VOLTE", "高清通话",     "高清通話",     "VoLTE",              0),
	PACK("LLB10", "10元流量加油包","10元流量加油包","Data pack 10", 10,  3),
	PACK("LLB20", "20元流量加油包","20元流量加油包","Data pack 20", 20,  7),
	PACK("LLB30", "30元流量加油包","30元流量加油包","Data pack 30", 30, 12),
};
/* clang-format on */

const size_t populate_n_packages = sizeof(populate_packages) /
                                   sizeof(populate_packages[0]);
