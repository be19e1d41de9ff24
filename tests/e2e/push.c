/*
 * push.c - a campaign over the running program: throttled, cut, left without responses and
 * killed with SIGKILL at random moments, and each target gets its message at most once.
 *
 * usage: push SMSHALL [KILLS [SEED [POINTS [TARGETS]]]]
 *   POINTS  such as "push.before:20,push.sent:100": each start of the hall ends at the next
 *           of these killpoints (base/killpoint.h), at one of that many passages; needs a
 *           hall of a debug build.  Without: from outside, at random.
 *
 * A submit_sm that this SMSC refuses may come again; one that it accepts, or leaves without
 * a response, may not.  At the end each target is decided, and the states of the messages
 * in the store are what the SMSC has seen: as many accepted at least as are DONE, and none
 * came that is not in the store.
 */
#include <limits.h>

#include "support/pushing.h"
#include "support/stored.h"

enum {
	KILLS = 10,
	TARGETS = 4000,
	DELAY_US = 20000,
	LOSE_1_IN = 400, /* responses */
	CUT_1_IN = 900,  /* connections, a submit */
	THROTTLE_1_IN = 30,
	STALL_S = 120
};

struct trial {
	struct pushing_hall hall;
	struct event *stall, *ended, *kill_timer, *look;
	unsigned kills, kills_left, next_kill, submits, targets, starts;
	unsigned came, last_came; /* numbers */
	uint8_t *seen;            /* of each number: not refused */
	const char *points;
	uint32_t seed;
	bool stopping;
};

static uint32_t below(struct trial *t, uint32_t n)
{
	t->seed = t->seed * 1664525U + 1013904223U;
	return (t->seed >> 8) % n;
}

static void on_kill(evutil_socket_t fd, short what, void *ctx)
{
	const struct trial *t = ctx;

	(void)fd;
	(void)what;
	(void)kill(t->hall.child, SIGKILL);
}

static void plan_kill(struct trial *t)
{
	const struct timeval when = { .tv_usec = (suseconds_t)below(t, DELAY_US) };

	if (t->points != NULL || t->kills_left == 0 || t->submits < t->next_kill)
		return;
	t->next_kill = UINT_MAX;
	(void)event_add(t->kill_timer, &when);
}

static uint32_t on_submit(void *ctx, const struct smpp_submit_sm *sm)
{
	struct trial *t = ctx;
	const struct str to = { (const char *)sm->destination_addr.p,
		                sm->destination_addr.n };
	int64_t number = 0;
	uint8_t *seen;

	if (str_i64(to, &number) != ERR_OK || number < PUSHING_FIRST ||
	    number >= PUSHING_FIRST + t->targets)
		pushing_die("a message to nobody");
	if (sm->validity_period.n != 16)
		pushing_die("a message without an end of its validity");
	seen = &t->seen[number - PUSHING_FIRST];
	if (*seen != 0)
		pushing_die("a number got its message twice");
	(void)event_add(t->stall, &(struct timeval){ .tv_sec = STALL_S });
	t->submits++;
	plan_kill(t);
	if (below(t, THROTTLE_1_IN) == 0)
		return below(t, 2) == 0 ? SMPP_ESME_RTHROTTLED : SMPP_ESME_RMSGQFUL;
	*seen = 1;
	t->came++;
	if (below(t, CUT_1_IN) == 0)
		conn_close(t->hall.peer, "cut by the test");
	return below(t, LOSE_1_IN) == 0 ? UINT32_MAX : 0;
}

/* The next start ends at the next of the points, at a random passage. */
static void set_point(struct trial *t)
{
	const unsigned n_points = 1 + (unsigned)(strchr(t->points, ',') != NULL);
	struct str rest = str_of(t->points), name, point;
	int64_t most = 1;
	char text[64];

	for (unsigned i = 0; i <= t->starts % n_points; i++)
		(void)str_cut(&rest, ',', &point);
	rest = point;
	(void)str_cut(&rest, ':', &name);
	if (str_i64(rest, &most) != ERR_OK || most < 1)
		pushing_die("a point is NAME:PASSAGES");
	(void)snprintf(text, sizeof(text), "%.*s:%u", (int)(name.n < 40 ? name.n : 40),
	               name.p, 1 + below(t, (uint32_t)most));
	(void)setenv("SMSHALL_KILL", text, 1);
}

static void begin(struct trial *t)
{
	if (t->points != NULL && t->kills_left > 0)
		set_point(t);
	t->starts++;
	t->next_kill = t->submits + 1 +
	               below(t, 2 * t->targets / (3 * (t->kills > 0 ? t->kills : 1)) + 1);
	pushing_start(&t->hall);
	(void)unsetenv("SMSHALL_KILL");
}

static void on_child(evutil_socket_t fd, short what, void *ctx)
{
	struct trial *t = ctx;
	int status;

	(void)fd;
	(void)what;
	if (waitpid(t->hall.child, &status, WNOHANG) != t->hall.child)
		return;
	if (t->stopping) {
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			pushing_die("the hall did not stop cleanly");
		(void)event_base_loopbreak(t->hall.base);
		return;
	}
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL || t->kills_left == 0)
		pushing_die("the hall ended by itself");
	t->kills_left--;
	begin(t);
}

/* All that will come has: what is left was being sent when the hall was killed. */
static void on_look(evutil_socket_t fd, short what, void *ctx)
{
	struct trial *t = ctx;

	(void)fd;
	(void)what;
	if (t->came > t->targets / 2 && t->came == t->last_came && t->kills_left == 0 &&
	    !t->stopping) {
		t->stopping = true;
		(void)kill(t->hall.child, SIGTERM);
	}
	/* Kills that nothing came for any more. */
	if (t->came == t->last_came && t->kills_left > 0 && t->came > t->targets / 2) {
		t->kills_left = 0;
		t->points = NULL;
	}
	t->last_came = t->came;
}

static void on_stall(evutil_socket_t fd, short what, void *ctx)
{
	const struct trial *t = ctx;

	(void)fd;
	(void)what;
	(void)fprintf(stderr, "push: %u of %u have come\n", t->came, t->targets);
	pushing_die("nothing has come for a minute");
}

static struct store_table table_of(struct store *s, struct arena *a, const char *name)
{
	struct store_table table;

	if (store_inspect(s, name, a, &table) != ERR_OK)
		pushing_die(store_fault(s));
	return table;
}

/* Messages by their state; each number of the store has one. */
static void check_store(struct trial *t, unsigned state[OUTBOX_AMBIGUOUS + 1])
{
	struct arena a = arena_make(512 << 20);
	struct fault fault = { "" };
	struct store_table table;
	struct store *s;

	if (store_open(t->hall.url, STORE_OPEN, &s, &fault) != ERR_OK)
		pushing_die(fault.text);
	table = table_of(s, &a, "outbox");
	for (size_t i = 0; i < table.n_rows; i++) {
		uint8_t *seen =
			&t->seen[stored_value(&table, i, "to_digits") - PUSHING_FIRST];

		if (*seen >= 2)
			pushing_die("a number has two messages in the store");
		if (stored_value(&table, i, "state") == OUTBOX_DONE && *seen == 0)
			pushing_die("a message is done that never came");
		*seen = (uint8_t)(*seen + 2);
		state[stored_value(&table, i, "state")]++;
	}
	for (unsigned i = 0; i < t->targets; i++) {
		if (t->seen[i] != 2 && t->seen[i] != 3)
			pushing_die("a number has no message in the store");
	}
	table = table_of(s, &a, "target");
	for (size_t i = 0; i < table.n_rows; i++) {
		if (stored_value(&table, i, "state") != TARGET_SENT)
			pushing_die("a target is not decided");
	}
	arena_free(&a);
	store_close(s);
}

static bool check(struct trial *t)
{
	unsigned state[OUTBOX_AMBIGUOUS + 1] = { 0 };

	check_store(t, state);
	(void)printf("%u targets, %u kills: %u came, %u done, %u unknown, %u refused; "
	             "none twice\n",
	             t->targets, t->kills - t->kills_left, t->came, state[OUTBOX_DONE],
	             state[OUTBOX_AMBIGUOUS] + state[OUTBOX_SENDING], state[OUTBOX_DEAD]);
	return state[OUTBOX_DONE] + state[OUTBOX_AMBIGUOUS] + state[OUTBOX_SENDING] +
	               state[OUTBOX_DEAD] ==
	       t->targets;
}

static struct event *timer(struct trial *t, event_callback_fn call)
{
	return event_new(t->hall.base, -1, 0, call, t);
}

int main(int argc, char **argv)
{
	struct trial t = { .kills = argc > 2 ? (unsigned)atoi(argv[2]) : KILLS,
		           .seed = argc > 3 ? (uint32_t)atoi(argv[3]) : 1,
		           .points = argc > 4 && argv[4][0] != '\0' ? argv[4] : NULL,
		           .targets = argc > 5 ? (unsigned)atoi(argv[5]) : TARGETS };
	bool good;

	if (argc < 2)
		pushing_die("usage: push SMSHALL [KILLS [SEED [POINTS [TARGETS]]]]");
	t.hall.smshall = argv[1];
	t.hall.submit = on_submit;
	t.hall.ctx = &t;
	t.kills_left = t.kills;
	t.seen = xcalloc(t.targets, 1);
	pushing_set_up(&t.hall);
	pushing_fill(&t.hall, (int)t.targets, (int)t.targets);
	pushing_conf(&t.hall, "response_s = 1;");
	t.stall = timer(&t, on_stall);
	t.kill_timer = timer(&t, on_kill);
	t.look = event_new(t.hall.base, -1, EV_PERSIST, on_look, &t);
	t.ended = evsignal_new(t.hall.base, SIGCHLD, on_child, &t);
	(void)event_add(t.stall, &(struct timeval){ .tv_sec = STALL_S });
	(void)event_add(t.look, &(struct timeval){ .tv_sec = 3 });
	(void)event_add(t.ended, NULL);
	begin(&t);
	(void)event_base_dispatch(t.hall.base);
	good = check(&t);
	pushing_tear_down(&t.hall);
	(void)puts(good ? "1 passed, 0 failed" : "0 passed, 1 failed");
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
