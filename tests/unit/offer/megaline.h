/*
 * megaline.h - the published tariffs of the worked examples, and a middle one; a dollar
 * counts as a yuan, and whole GB are rated.
 */
#ifndef TEST_OFFER_MEGALINE_H
#define TEST_OFFER_MEGALINE_H

#include "offer/match.h"

enum {
	SURF,
	MIDDLE,
	ULTIMATE,
	MEGALINE,
	GB = 1024 * 1024 /* KiB */
};

#define MEGALINE_NAME(c)           \
	{                          \
		(c), sizeof(c) - 1 \
	}
#define MEGALINE_PACKAGE(c, fee)                                                         \
	{                                                                                \
		.code = MEGALINE_NAME(c), .name_zh = MEGALINE_NAME(c), .fee_fen = (fee), \
		.kind = PACKAGE_MAIN, .on_sale = true                                    \
	}

static const struct package megaline_package[MEGALINE] = {
	[SURF] = MEGALINE_PACKAGE("surf", 2000),
	[MIDDLE] = MEGALINE_PACKAGE("middle", 4500),
	[ULTIMATE] = MEGALINE_PACKAGE("ultimate", 7000),
};

#define MEGALINE_TIER(from, block, li)              \
	{                                           \
		1, { { (from), (block), (li) } }, 0 \
	}

static const struct tariff megaline_tariff[MEGALINE] = {
	[SURF] = { &megaline_package[SURF],
	           20000,
	           { MEGALINE_TIER(500, 1, 30), MEGALINE_TIER(50, 1, 30),
	             MEGALINE_TIER(15 * GB, GB, 10000) } },
	[MIDDLE] = { &megaline_package[MIDDLE],
	             45000,
	             { MEGALINE_TIER(800, 1, 30), MEGALINE_TIER(100, 1, 30),
	               MEGALINE_TIER(20 * GB, GB, 8000) } },
	[ULTIMATE] = { &megaline_package[ULTIMATE],
	               70000,
	               { MEGALINE_TIER(3000, 1, 10), MEGALINE_TIER(1000, 1, 10),
	                 MEGALINE_TIER(30 * GB, GB, 7000) } },
};

static const struct tariffs megaline = { megaline_tariff, MEGALINE, NULL };

#endif
