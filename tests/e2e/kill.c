/*
 * kill.c - the gateway is killed with SIGKILL under load, 30 times at random
 * moments, and every text must have had its effect exactly once and its answer
 * at least once. Each sixth start is killed while it starts; the others answer
 * within 2 s of processor time, however busy the machine is.
 *
 * usage: kill SMSHALL [KILLS [SEED [POINTS [TEXTS]]]]
 *   POINTS  such as "commit.after:20,prepared:1": each start of the gateway
 * ends at the next of these killpoints, at one of that many passages
 * (base/killpoint.h); needs a gateway of a debug build; or "SIGTERM": it has to
 * drain TEXTS   of each handset, at most and by default 200; a handset goes on
 * to 400 while a kill is left TMPDIR is where the store lies.
 *
 * SMSC simulator and handsets run in this process, the gateway as a child. Each
 * handset makes one suggestion after the other (JY and a number, no two alike)
 * and waits for the answer, which names a task.  A text that ran twice is told
 * so by the answer, that of a suggestion made before.  At the end each handset
 * must have as many tasks as texts, in the answers and in the store.
 */
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/civil.h"
#include "sim/handset.h"
#include "sim/smsc.h"
#include "store/inspect.h"
#include "support/stored.h"

enum {
	HANDSETS = 40,
	TEXTS = 200,     /* of each handset, */
	TEXTS_MAX = 400, /* and at most, while a kill is left */
	FIRST_KILL = 100,
	BETWEEN_KILLS = 180, /* texts, on average and at most */
	DELAY_US = 10000,    /* a kill comes up to this long after an answer */
	/* Of a handset, at most: else all wait for one turn, and nothing else is
     under way. */
	PAUSE_US = 8000,
	EARLY = 6,            /* one start of so many is killed while it starts, */
	EARLY_US = 300000,    /* up to this long after fork() */
	RESTART_US = 2000000, /* of processor time */
	DRAIN_US = 60000000,  /* SIGTERM to the end */
	STALL_S = 120         /* without any answer: give up */
};

/* A sanitizer makes a start slow; there it is only printed how long one took.
 */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
static const bool is_slow = true;
#else
static const bool is_slow = false;
#endif

#define FIRST INT64_C(13800000000)

/* What an answer says to a suggestion, and not to one that was made before. */
static const char *const thanks[] = { "谢谢您的建议", "謝謝您的建議",
	                              "Thank you. Your suggestion" };

struct trial;

struct phone {
	struct trial *trial;
	struct handset *handset;
	char number[24];
	unsigned sent, answered, repeated;
	int64_t task[TEXTS_MAX]; /* named in answers, in order */
	bool waiting;            /* for the answer to the last one sent */
	struct event *pause;     /* before the next */
};

struct trial {
	struct event_base *base;
	struct clock clock;
	struct smsc *smsc;
	struct event *stall, *child_ended, *kill_timer;
	const char *points;
	unsigned n_points; /* 0: all kills come from outside */
	unsigned starts, texts;
	bool politely;               /* by SIGTERM */
	int64_t told_us, started_us; /* started_us 0: it has answered */
	int64_t restart_us;          /* the longest, */
	int64_t restart_cpu_us;      /* and what one took at most of the processor */
	struct phone phone[HANDSETS];
	const char *smshall;
	char dir[64], conf[128], url[128];
	pid_t gateway;
	unsigned kills, kills_left, answers, next_kill;
	uint32_t seed;
};

static void die(const char *why)
{
	(void)fprintf(stderr, "kill: %s\n", why);
	exit(EXIT_FAILURE);
}

static uint32_t random_below(struct trial *t, uint32_t n)
{
	t->seed = t->seed * 1664525U + 1013904223U;
	return (t->seed >> 8) % n;
}

/* Before its next text. */
static void pause_phone(struct phone *p)
{
	const suseconds_t us = (suseconds_t)random_below(p->trial, PAUSE_US);

	(void)event_add(p->pause, &(struct timeval){ .tv_usec = us });
}

/* ---- the gateway ---- */

static pid_t run(char *const argv[])
{
	const pid_t pid = fork();

	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* it ends with the test */
		(void)execv(argv[0], argv);
		_exit(127);
	}
	if (pid < 0)
		die("cannot fork");
	return pid;
}

static int run_and_wait(const char *const *word, int n)
{
	char *argv[12];
	int status = -1;

	for (int i = 0; i < n; i++)
		argv[i] = xstrndup(str_of(word[i]));
	argv[n] = NULL;
	(void)waitpid(run(argv), &status, 0);
	for (int i = 0; i < n; i++)
		free(argv[i]);
	return status;
}

/* Tells the next start where to end: the next of the points, at a random
 * passage. */
static void set_point(struct trial *t)
{
	struct buf b = buf_make(128);
	struct str rest = str_of(t->points), name;
	int64_t most = 1;

	for (unsigned i = 0; i <= t->starts % t->n_points; i++)
		(void)str_cut(&rest, ',', &name);
	t->starts++;
	rest = name;
	(void)str_cut(&rest, ':', &name);
	if (str_i64(rest, &most) != ERR_OK || most < 1)
		die("a point is NAME:PASSAGES");
	buf_printf(&b, "%.*s:%u", STR_ARG(name), 1 + random_below(t, (uint32_t)most));
	(void)setenv("SMSHALL_KILL", t->kills_left > 0 ? buf_cstr(&b) : "", 1);
	buf_free(&b);
}

static void start_gateway(struct trial *t)
{
	char *argv[] = { xstrndup(str_of(t->smshall)), xstrndup(STR("serve")),
		         xstrndup(STR("--config")), t->conf, NULL };

	if (t->n_points > 0)
		set_point(t);
	t->started_us = clock_machine().mono_us;
	t->gateway = run(argv);
	(void)unsetenv("SMSHALL_KILL"); /* this process has those points, too */
	for (int i = 0; i < 3; i++)
		free(argv[i]);
}

/* At a random microsecond from now. */
static void kill_within(struct trial *t, uint32_t us)
{
	const struct timeval when = { .tv_usec = (suseconds_t)random_below(t, us) };

	t->next_kill = UINT_MAX;
	(void)event_add(t->kill_timer, &when);
}

/* Fewer texts from kill to kill, where there are many kills. */
static unsigned between_kills(const struct trial *t)
{
	const unsigned some = HANDSETS * t->texts / 3 / t->kills;

	return some < BETWEEN_KILLS ? some : BETWEEN_KILLS;
}

static void go_on(struct trial *t)
{
	t->kills_left--;
	t->next_kill = t->answers + 1 + random_below(t, 2 * between_kills(t) + 1);
	start_gateway(t);
	if (t->n_points == 0 && !t->politely && t->kills_left > 0 &&
	    random_below(t, EARLY) == 0)
		kill_within(t, EARLY_US);
	for (int i = 0; i < HANDSETS; i++) /* one that has sent all sends one more */
		pause_phone(&t->phone[i]);
}

/* Does not wait: the SMSC in this process has to live on. */
static void on_kill(evutil_socket_t fd, short what, void *ctx)
{
	struct trial *t = ctx;

	(void)fd;
	(void)what;
	t->told_us = clock_machine().mono_us;
	(void)kill(t->gateway, t->politely ? SIGTERM : SIGKILL);
}

static bool is_expected(const struct trial *t, int status)
{
	if (t->kills_left == 0)
		return false;
	if (t->politely)
		return WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
		       clock_machine().mono_us - t->told_us < DRAIN_US;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void on_child_ended(evutil_socket_t fd, short what, void *ctx)
{
	struct trial *t = ctx;
	int status;

	(void)fd;
	(void)what;
	if (waitpid(t->gateway, &status, WNOHANG) != t->gateway)
		return;
	if (!is_expected(t, status))
		die("the gateway ended by itself, badly, or too late");
	go_on(t);
}

/* ---- handsets ---- */

static struct str nth_text(unsigned n, char out[static 64])
{
	return (struct str){ out, (size_t)snprintf(out, 64, "JY 开第%u家店", n + 1) };
}

/*
 * All its texts; and further ones while a kill is left, or until the last start
 * has answered: a gateway that is told to end has no kill before it.
 */
static bool has_more(const struct phone *p)
{
	const struct trial *t = p->trial;

	return p->sent < t->texts ||
	       (p->sent < TEXTS_MAX && (t->kills_left > 0 || t->started_us > 0));
}

static bool is_over(const struct trial *t)
{
	for (int i = 0; i < HANDSETS; i++)
		if (t->phone[i].waiting || has_more(&t->phone[i]))
			return false;
	return true;
}

static void send_next(struct phone *p)
{
	char text[64];

	if (p->waiting || !has_more(p))
		return;
	if (handset_send(p->handset, nth_text(p->sent, text)) != ERR_OK)
		return; /* not bound: on_ready() sends it */
	p->sent++;
	p->waiting = true;
}

static void on_pause(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	send_next(ctx);
}

static void on_ready(void *ctx, struct handset *h)
{
	(void)h;
	send_next(ctx);
}

/* The number behind the first T that has one, or 0. */
static int64_t task_of(struct str text)
{
	int64_t id = 0;

	for (size_t i = 1; i < text.n; i++) {
		const bool digit = text.p[i] >= '0' && text.p[i] <= '9';

		if (digit && (id > 0 || text.p[i - 1] == 'T'))
			id = id * 10 + (text.p[i] - '0');
		else if (id > 0)
			break;
	}
	return id;
}

static bool is_thanked(struct str text)
{
	for (size_t i = 0; i < sizeof(thanks) / sizeof(thanks[0]); i++)
		if (str_find(text, str_of(thanks[i])) != SIZE_MAX)
			return true;
	return false;
}

/* The processor time that a process has used so far, all its threads. */
static int64_t cpu_us(pid_t pid)
{
	unsigned long long user = 0, kernel = 0;
	char path[64];
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	if (f == NULL ||
	    fscanf(f,
	           "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu",
	           &user, &kernel) != 2)
		die("cannot read what the gateway has used");
	(void)fclose(f);
	return (int64_t)(user + kernel) * 1000000 / sysconf(_SC_CLK_TCK);
}

/* From fork() to the first answer. */
static void note_restart(struct trial *t)
{
	if (t->started_us > 0) {
		const int64_t took = clock_machine().mono_us - t->started_us;
		const int64_t cpu = cpu_us(t->gateway);

		t->restart_us = took > t->restart_us ? took : t->restart_us;
		t->restart_cpu_us = cpu > t->restart_cpu_us ? cpu : t->restart_cpu_us;
	}
	t->started_us = 0;
}

static void on_answer(struct trial *t)
{
	(void)event_add(t->stall, &(struct timeval){ .tv_sec = STALL_S });
	t->answers++;
	note_restart(t);
	if (t->n_points == 0 && t->kills_left > 0 && t->answers >= t->next_kill)
		kill_within(t, DELAY_US);
}

static void on_text(void *ctx, struct handset *h, const struct handset_text *text)
{
	struct phone *p = ctx;
	struct trial *t = p->trial;
	const int64_t task = task_of(text->text);

	(void)h;
	if (task == 0 || !is_thanked(text->text)) {
		(void)fprintf(stderr, "kill: %s: %.*s\n", p->number, STR_ARG(text->text));
		die(task == 0 ? "an answer names no task"
		              : "a suggestion was made twice: a text ran twice");
	}
	for (unsigned i = 0; i < p->answered; i++) {
		if (p->task[i] == task) {
			p->repeated++;
			return;
		}
	}
	if (!p->waiting)
		die("a task that nobody asked for: a text had its effect twice");
	p->task[p->answered++] = task;
	p->waiting = false;
	on_answer(t);
	if (is_over(t))
		(void)event_base_loopbreak(t->base);
	pause_phone(p);
}

static void on_stall(evutil_socket_t fd, short what, void *ctx)
{
	const struct trial *t = ctx;

	(void)fd;
	(void)what;
	for (int i = 0; i < HANDSETS; i++) {
		const struct phone *p = &t->phone[i];

		if (p->answered < p->sent)
			(void)fprintf(stderr, "kill: %s: text %u was never answered\n",
			              p->number, p->sent);
	}
	(void)kill(t->gateway, SIGKILL);
	die("no answer for a minute");
}

static unsigned texts_sent(const struct trial *t)
{
	unsigned n = 0;

	for (int i = 0; i < HANDSETS; i++)
		n += t->phone[i].sent;
	return n;
}

/* ---- the store ---- */

/* Each number has a row for each of its texts. */
static bool check_table(struct trial *t, struct store *s, const char *name)
{
	struct arena a = arena_make(256 << 20);
	unsigned rows[HANDSETS] = { 0 };
	struct store_table table;
	bool good = true;

	if (store_inspect(s, name, &a, &table) != ERR_OK)
		die(store_fault(s));
	for (size_t i = 0; i < table.n_rows; i++)
		rows[stored_value(&table, i, "msisdn") - FIRST]++;
	for (int i = 0; i < HANDSETS; i++) {
		if (rows[i] == t->phone[i].sent)
			continue;
		(void)fprintf(stderr, "kill: %s has %u rows in %s, not %u\n",
		              t->phone[i].number, rows[i], name, t->phone[i].sent);
		good = false;
	}
	arena_free(&a);
	return good;
}

/* One answer for each text, and of each the store knows that the SMSC took it.
 */
static bool check_answers(struct trial *t, struct store *s)
{
	struct arena a = arena_make(256 << 20);
	struct store_table table;
	size_t done = 0;
	bool good;

	if (store_inspect(s, "outbox", &a, &table) != ERR_OK)
		die(store_fault(s));
	for (size_t i = 0; i < table.n_rows; i++)
		done += stored_value(&table, i, "state") == OUTBOX_DONE ? 1 : 0;
	good = table.n_rows == texts_sent(t) && done == table.n_rows;
	if (!good)
		(void)fprintf(stderr,
		              "kill: %zu answers in the store, %zu of them done\n",
		              table.n_rows, done);
	arena_free(&a);
	return good;
}

static bool check_store(struct trial *t)
{
	const char *const doctor[] = { t->smshall, "doctor", "--full", "--store",
		                       t->url };

	struct fault fault = { .text = "" };
	struct store *s;
	bool good;

	if (store_open(t->url, STORE_OPEN, &s, &fault) != ERR_OK)
		die(fault.text);
	good = check_table(t, s, "inbox") && check_table(t, s, "task") &&
	       check_answers(t, s);
	store_close(s);
	if (run_and_wait(doctor, 5) == 0)
		return good;
	(void)fprintf(stderr, "kill: the doctor finds damage\n");
	return false;
}

/* ---- set up ---- */

static void write_conf(struct trial *t)
{
	FILE *f = fopen(t->conf, "w");

	if (f == NULL)
		die("cannot write the configuration");
	(void)fprintf(
		f,
		"store = \"%s\"; grammar = \"grammar\";\n"
		"links = ( { name = \"sim\"; host = \"127.0.0.1\"; port = %d;\n"
		"  bind = \"transceiver\"; system_id = \"hall\"; password = \"secret\";\n"
		"  numbers = ( \"10086\" ); trusted = true; } );\n"
		"http = { listen = \"\"; }; log = { level = \"error\"; };\n"
		"limits = { burst = 10000; };\n",
		t->url, smsc_port(t->smsc));
	(void)fclose(f);
}

static void make_store(struct trial *t)
{
	const char *const init[] = { t->smshall, "init", "--store", t->url };
	const char *const populate[] = { t->smshall, "populate",      "--store",
		                         t->url,     "--subscribers", "1000" };

	if (run_and_wait(init, 4) != 0 || run_and_wait(populate, 6) != 0)
		die("cannot make the store");
}

static void make_handsets(struct trial *t)
{
	static const struct handset_ops ops = { .ready = on_ready, .text = on_text };

	for (int i = 0; i < HANDSETS; i++) {
		struct phone *p = &t->phone[i];
		const struct handset_conf conf = { .host = "127.0.0.1",
			                           .port = smsc_port(t->smsc),
			                           .number = p->number,
			                           .to = "10086" };

		(void)snprintf(p->number, sizeof(p->number), "%" PRId64, FIRST + i);
		p->trial = t;
		p->pause = event_new(t->base, -1, 0, on_pause, p);
		p->handset = handset_create(t->base, &conf, &ops, p, &t->clock);
	}
}

static void set_up(struct trial *t)
{
	const struct smsc_conf conf = { .listen = "127.0.0.1", .seed = t->seed };
	struct fault fault = { .text = "" };
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(t->dir, sizeof(t->dir), "%s/smshall-kill-XXXXXX",
	               tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(t->dir) == NULL || civil_zone("Asia/Shanghai") != ERR_OK)
		die("cannot make a folder");
	(void)snprintf(t->conf, sizeof(t->conf), "%s/hall.conf", t->dir);
	(void)snprintf(t->url, sizeof(t->url), "sqlite:%s/hall.db", t->dir);
	(void)signal(SIGPIPE, SIG_IGN);
	t->base = event_base_new();
	t->clock = clock_machine();
	if (smsc_create(t->base, &conf, &t->clock, NULL, &t->smsc, &fault) != ERR_OK)
		die(fault.text);
	make_store(t);
	write_conf(t);
	t->stall = event_new(t->base, -1, 0, on_stall, t);
	(void)event_add(t->stall, &(struct timeval){ .tv_sec = STALL_S });
	t->next_kill = 1 + random_below(t, FIRST_KILL);
	t->kill_timer = event_new(t->base, -1, 0, on_kill, t);
	t->child_ended = evsignal_new(t->base, SIGCHLD, on_child_ended, t);
	(void)event_add(t->child_ended, NULL);
	start_gateway(t);
	make_handsets(t);
}

static unsigned tear_down(struct trial *t)
{
	const char *const rm[] = { "/bin/rm", "-rf", t->dir };
	unsigned repeated = 0;

	for (int i = 0; i < HANDSETS; i++) {
		repeated += t->phone[i].repeated;
		handset_destroy(t->phone[i].handset);
		event_free(t->phone[i].pause);
	}
	smsc_destroy(t->smsc);
	event_free(t->stall);
	event_free(t->kill_timer);
	event_free(t->child_ended);
	event_base_free(t->base);
	(void)run_and_wait(rm, 3);
	return repeated;
}

int main(int argc, char **argv)
{
	static struct trial t;
	int status = -1;
	unsigned repeated;
	bool good;

	if (argc < 2)
		die("usage: kill SMSHALL [KILLS [SEED [POINTS [TEXTS]]]]");
	t.smshall = argv[1];
	t.kills = t.kills_left = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 30;
	t.seed = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : (uint32_t)getpid();
	t.points = argc > 4 ? argv[4] : "";
	t.politely = strcmp(t.points, "SIGTERM") == 0;
	for (const char *p = t.points; !t.politely && *p != '\0'; p++)
		t.n_points += p == t.points || *p == ',' ? 1 : 0;
	t.texts = argc > 5 ? (unsigned)strtoul(argv[5], NULL, 10) : TEXTS;
	if (t.texts < 1 || t.texts > TEXTS)
		die("TEXTS is 1 to 200");
	(void)printf("kill: %u kills, seed %" PRIu32 "\n", t.kills, t.seed);
	set_up(&t);
	(void)event_base_dispatch(t.base);
	(void)kill(t.gateway, SIGTERM);
	(void)waitpid(t.gateway, &status, 0);
	good = check_store(&t);
	if (status != 0)
		(void)fprintf(stderr, "kill: after SIGTERM the gateway ended with %d\n",
		              status);
	repeated = tear_down(&t);
	(void)printf("kill: %u texts, each with its effect once; %u answers came "
	             "twice; %u kills "
	             "left\n",
	             texts_sent(&t), repeated, t.kills_left);
	(void)printf("kill: the longest restart took %" PRId64 " ms, %" PRId64
	             " ms of processor time at most\n",
	             t.restart_us / 1000, t.restart_cpu_us / 1000);
	good = good && status == 0 && t.kills_left == 0 &&
	       (is_slow || t.restart_cpu_us < RESTART_US);
	(void)puts(good ? "1 passed, 0 failed" : "0 passed, 1 failed");
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
