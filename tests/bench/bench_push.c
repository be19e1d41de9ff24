/*
 * bench_push.c - how fast a campaign is sent, and what answers wait meanwhile.
 *
 * usage: bench_push SMSHALL [TARGETS [RATE [SECONDS]]]
 *   RATE     of the link, segments a second; 0 (default): none
 *   SECONDS  of each phase at most, by default 5
 *
 * First texts alone, one each EACH_MS; then, after another start, the campaign beside the
 * same texts.  A text's time is from its deliver_sm to the submit_sm that answers it.
 */

#include <sys/resource.h>

#include "support/pushing.h"

enum {
	TARGETS = 200000,
	ASKERS = 500, /* numbers behind those of the targets */
	EACH_MS = 20, /* fewer than a limited link takes */
	SECONDS = 5,
	TIMES = 100000
};

struct phase {
	const char *name;
	int64_t us[TIMES];
	size_t n;
	unsigned pushes;
	int64_t from_us, to_us;
	int64_t cpu_us; /* of the hall, its start included */
};

struct bench {
	struct pushing_hall hall;
	struct event *tick, *end;
	struct phase phase[2], *now; /* NULL: not begun */
	int64_t asked_us[ASKERS];
	unsigned next, targets, seconds;
	bool pushing;
};

static void begin(struct bench *b, struct phase *p)
{
	clock_read(&b->hall.clock);
	b->now = p;
	p->from_us = b->hall.clock.mono_us;
	(void)event_add(b->end, &(struct timeval){ .tv_sec = b->seconds });
}

static uint32_t on_submit(void *ctx, const struct smpp_submit_sm *sm)
{
	struct bench *b = ctx;
	const struct str to = { (const char *)sm->destination_addr.p,
		                sm->destination_addr.n };
	struct phase *p = b->now;
	int64_t number = 0;

	if (p == NULL || str_i64(to, &number) != ERR_OK)
		return 0;
	number -= PUSHING_FIRST + b->targets;
	clock_read(&b->hall.clock);
	if (number < 0) {
		p->pushes++;
		p->to_us = b->hall.clock.mono_us;
		if (p->pushes == b->targets)
			(void)event_base_loopbreak(b->hall.base);
	} else if (number < ASKERS && p->n < TIMES && b->asked_us[number] > p->from_us) {
		p->us[p->n++] = b->hall.clock.mono_us - b->asked_us[number];
	}
	return 0;
}

static void on_tick(evutil_socket_t fd, short what, void *ctx)
{
	struct bench *b = ctx;
	char from[24];
	const unsigned who = b->next++ % ASKERS;
	const int n = snprintf(from, sizeof(from), "%" PRId64,
	                       PUSHING_FIRST + b->targets + who);
	const union smpp_body body = {
		.deliver_sm = { .source_addr = { (const uint8_t *)from, (size_t)n },
		                .destination_addr = { (const uint8_t *)"10086", 5 },
		                .data_coding = 1,
		                .short_message = { (const uint8_t *)"CXYE", 4 } }
	};

	(void)fd;
	(void)what;
	if (b->hall.peer == NULL)
		return;
	clock_read(&b->hall.clock);
	b->asked_us[who] = b->hall.clock.mono_us;
	if (smpp_session_request(conn_session(b->hall.peer), SMPP_DELIVER_SM, &body, who,
	                         clock_ms(&b->hall.clock)) == ERR_OK)
		conn_flush(b->hall.peer);
}

static void on_end(evutil_socket_t fd, short what, void *ctx)
{
	const struct bench *b = ctx;

	(void)fd;
	(void)what;
	(void)event_base_loopbreak(b->hall.base);
}

static void on_bound(void *ctx)
{
	struct bench *b = ctx;

	if (b->now == NULL)
		begin(b, &b->phase[b->pushing ? 1 : 0]);
}

static int by_size(const void *left, const void *right)
{
	const int64_t l = *(const int64_t *)left, r = *(const int64_t *)right;

	return l < r ? -1 : l > r;
}

static double quantile_ms(const struct phase *p, double q)
{
	return p->n > 0 ? (double)p->us[(size_t)((double)(p->n - 1) * q)] / 1000 : 0;
}

static void print(struct phase *p)
{
	const double s = (double)(p->to_us - p->from_us) / 1e6;

	qsort(p->us, p->n, sizeof(p->us[0]), by_size);
	(void)printf("%-8s answers %6zu  p50 %6.2f ms  p99 %6.2f ms", p->name, p->n,
	             quantile_ms(p, 0.5), quantile_ms(p, 0.99));
	if (p->pushes > 0)
		(void)printf("  pushes %7u  %8.0f/s", p->pushes, (double)p->pushes / s);
	(void)printf("\n");
}

/* While no hall runs. */
static void set_state(const struct bench *b, enum campaign_state state)
{
	struct campaign_row row = pushing_campaign_row();
	struct fault fault = { "" };
	struct store *s;

	row.id = 1;
	row.state = state;
	if (store_open(b->hall.url, STORE_OPEN, &s, &fault) != ERR_OK)
		pushing_die(fault.text);
	pushing_must(store_begin(s), s);
	pushing_must(store_put_campaign(s, &row, NULL), s);
	pushing_must(store_commit(s), s);
	store_close(s);
}

static int64_t us_of(struct timeval t)
{
	return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

static void run(struct bench *b, bool pushing)
{
	struct rusage used;
	int status;

	b->now = NULL;
	b->pushing = pushing;
	set_state(b, pushing ? CAMPAIGN_RUNNING : CAMPAIGN_PAUSED);
	pushing_start(&b->hall);
	(void)event_base_dispatch(b->hall.base);
	(void)event_del(b->end);
	(void)kill(b->hall.child, SIGKILL);
	(void)wait4(b->hall.child, &status, 0, &used);
	b->phase[pushing ? 1 : 0].cpu_us = us_of(used.ru_utime) + us_of(used.ru_stime);
	while (b->hall.peer != NULL)
		(void)event_base_loop(b->hall.base, EVLOOP_ONCE);
}

int main(int argc, char **argv)
{
	static struct bench b = { .phase = { { .name = "idle" },
		                             { .name = "pushing" } } };
	char link[64];

	if (argc < 2)
		pushing_die("usage: bench_push SMSHALL [TARGETS [RATE [SECONDS]]]");
	b.hall.smshall = argv[1];
	b.targets = argc > 2 ? (unsigned)atoi(argv[2]) : TARGETS;
	b.seconds = argc > 4 ? (unsigned)atoi(argv[4]) : SECONDS;
	b.hall.submit = on_submit;
	b.hall.bound = on_bound;
	b.hall.ctx = &b;
	(void)snprintf(link, sizeof(link), "window = 1000; rate_per_s = %d;",
	               argc > 3 ? atoi(argv[3]) : 0);
	pushing_set_up(&b.hall);
	pushing_fill(&b.hall, (int)b.targets + ASKERS, (int)b.targets);
	pushing_conf(&b.hall, link);
	b.end = event_new(b.hall.base, -1, 0, on_end, &b);
	b.tick = event_new(b.hall.base, -1, EV_PERSIST, on_tick, &b);
	(void)event_add(b.tick, &(struct timeval){ .tv_usec = EACH_MS * 1000 });
	run(&b, false);
	run(&b, true);
	print(&b.phase[0]);
	print(&b.phase[1]);
	(void)printf("processor time of the hall: %.1f us a push\n",
	             (double)(b.phase[1].cpu_us - b.phase[0].cpu_us) /
	                     (b.phase[1].pushes > 0 ? b.phase[1].pushes : 1));
	pushing_tear_down(&b.hall);
	return EXIT_SUCCESS;
}
