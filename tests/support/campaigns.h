/*
 * campaigns.h - rows of campaigns that run, and of their targets, for tests to put.
 */
#ifndef SUPPORT_CAMPAIGNS_H
#define SUPPORT_CAMPAIGNS_H

#include "model/campaign.h"

/* Released in full; submitted and approved by two. */
static inline struct campaign_row running_campaign(const char *code, struct str text)
{
	return (struct campaign_row){ .code = str_of(code),
		                      .text = text,
		                      .hash = STR("h"),
		                      .state = CAMPAIGN_RUNNING,
		                      .owner = STR("anna"),
		                      .submitted_by = STR("anna"),
		                      .approved_by = STR("boris"),
		                      .approval = STR(""),
		                      .allowed = INT64_MAX,
		                      .why = STR("") };
}

/* To be sent, without an offer. */
static inline struct target_row ready_target(int64_t campaign, int64_t msisdn,
                                             int64_t owner_since, int64_t place)
{
	return (struct target_row){ .campaign = campaign,
		                    .msisdn = msisdn,
		                    .owner_since = owner_since,
		                    .place = place,
		                    .state = TARGET_READY,
		                    .offer = STR(""),
		                    .command = STR(""),
		                    .saving = STR(""),
		                    .why = STR(""),
		                    .price = STR("") };
}

#endif
