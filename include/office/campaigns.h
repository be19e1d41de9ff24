/*
 * campaigns.h - what the last look at campaigns saw: for /metrics and an alarm.
 *
 * Counts are of the store, so that they outlive the process; those of control groups are
 * left out but for `held`.
 */
#ifndef OFFICE_CAMPAIGNS_H
#define OFFICE_CAMPAIGNS_H

#include "push/gate.h"
#include "store/campaigns.h"

enum {
	OFFICE_CAMPAIGNS = 32, /* shown one by one */
	OFFICE_CAMPAIGN_CODE = 32,
	OFFICE_CAMPAIGN_WHY = 256
};

/* What all others are together; no code has brackets. */
#define OFFICE_CAMPAIGN_OTHERS "(others)"

struct office_campaign {
	char code[OFFICE_CAMPAIGN_CODE];
	int64_t running; /* how many do, of 1 or of the others; the rest is paused */
	struct campaign_counts n; /* of all its arms */
	int64_t refused[GATE_REASONS];
};

struct office_campaigns {
	int64_t at; /* UTC s */
	size_t n;
	struct office_campaign of[OFFICE_CAMPAIGNS + 1];
	/* Stopped by a rule, and nobody has done anything about it since; the newest. */
	size_t stopped;
	int64_t stopped_at; /* UTC s */
	char stopped_code[OFFICE_CAMPAIGN_CODE], stopped_why[OFFICE_CAMPAIGN_WHY];
};

#endif
