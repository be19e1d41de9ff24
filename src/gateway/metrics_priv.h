/*
 * metrics_priv.h - what the files of the OpenMetrics page share.
 */
#ifndef GATEWAY_METRICS_PRIV_H
#define GATEWAY_METRICS_PRIV_H

#include "base/openmetrics.h"
#include "gateway_priv.h"

#define LABELS(...) ((const struct openmetrics_label[5]){ __VA_ARGS__ })
#define NO_LABELS   NULL

/* ---- metrics_push.c ---- */
void put_push_messages(struct gateway *g, const struct openmetrics *m);
void put_push_segments(struct gateway *g, const struct openmetrics *m);
void put_push_refused(struct gateway *g, const struct openmetrics *m);
void put_push_later(struct gateway *g, const struct openmetrics *m);
void put_push_replies(struct gateway *g, const struct openmetrics *m);
void put_push_campaigns(struct gateway *g, const struct openmetrics *m);
void put_push_credit(struct gateway *g, const struct openmetrics *m);
void put_campaign_counted_seconds(struct gateway *g, const struct openmetrics *m);
void put_campaign_running(struct gateway *g, const struct openmetrics *m);
void put_campaign_targets(struct gateway *g, const struct openmetrics *m);
void put_campaign_messages(struct gateway *g, const struct openmetrics *m);
void put_campaign_refused(struct gateway *g, const struct openmetrics *m);
void put_campaign_people(struct gateway *g, const struct openmetrics *m);

#endif
