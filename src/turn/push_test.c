/*
 * push_test.c - test messages of campaigns leave: what the office has composed and put into
 * the store, when it says that campaigns have changed.
 *
 * Committed as OUTBOX_SENDING before they are sent, as other pushes are; no hours, no cap.
 */
#include "push_priv.h"

enum {
	SLICE = 16
};

static enum err send(struct turn *t, const struct campaign_test *test, int64_t now_ms)
{
	const struct turn_route *route = &t->routes.route[0];
	const int64_t id = t->ids.message++;

	batch_send(t, &(struct outbox_row){
			      .id = id,
			      .at_ms = now_ms,
			      .state = OUTBOX_SENDING,
			      .group = route->group,
			      .from = route_from(route, test->campaign, &t->arena),
			      .to = number_address(t, test->msisdn),
			      .text = test->text,
			      .receipt = true,
			      .lane = LANE_PUSH,
			      .valid_until = test->at + TEST_LEAVES_S,
			      .segments = test->segments });
	return store_test_sent(t->conf.store, test->id, id);
}

static enum err send_some(struct turn *t, int64_t now_ms, size_t *n)
{
	struct campaign_test *test = NULL;
	enum err e = store_tests_due(t->conf.store, &t->arena,
	                             now_ms / 1000 - TEST_LEAVES_S, SLICE, &test, n);

	for (size_t i = 0; i < *n && e == ERR_OK; i++)
		e = send(t, &test[i], now_ms);
	if (e == ERR_OK)
		e = store_record(t->conf.store, &t->changes);
	return e == ERR_OK ? store_commit(t->conf.store) : e;
}

enum err tests_run(struct turn *t, int64_t now_ms)
{
	const struct store_ids ids = t->ids;
	size_t n = 0;
	enum err e;

	if (!t->push->tests)
		return ERR_OK;
	t->push->tests = false; /* until campaigns change */
	if (t->push->counts.stopped)
		return ERR_OK;
	batch_changes_reset(t);
	e = store_begin(t->conf.store);
	if (e == ERR_OK)
		e = send_some(t, now_ms, &n);
	if (e == ERR_OK)
		batch_recorded(t);
	else
		store_rollback(t->conf.store);
	if (e != ERR_OK)
		t->ids = ids;
	t->push->tests = e != ERR_OK || n == SLICE;
	return e;
}
