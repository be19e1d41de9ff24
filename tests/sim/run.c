/*
 * run.c - one seed: a fresh store, some minutes with faults, quiet until everything is
 * answered, a clean stop, and the copy of the store for the checker.
 */
#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "sim.h"

enum {
	PATH = 512,
	PER_S = 300 /* messages of campaigns, as the house's capacity lets them go */
};
#define BUSY_US   (2 * MINUTE_US)       /* texts and faults */
#define SETTLE_US (8 * 60 * MINUTE_US)  /* at most, until all is answered */
#define PARTS_US  (11 * MINUTE_US)      /* long messages that miss a part are given up */
#define WALL_S    INT64_C(1795305600)   /* some morning, at eight */
#define NIGHT_US  (16 * 60 * MINUTE_US) /* and the morning, past noon */
#define CLOSE_S   (INT64_C(750) * 60)   /* from then to half past eight in the evening */

struct sim sim;

static struct conf *confs[KINDS];

/* ---- seeded "random" numbers of the gateway ---- */

static const char *random_name(void)
{
	return "sim";
}

static uint32_t random_number(void)
{
	return (uint32_t)dice_next(&sim.dice);
}

static void random_octets(void *const out, const size_t n)
{
	for (size_t i = 0; i < n; i++)
		((uint8_t *)out)[i] = (uint8_t)below(256);
}

static struct randombytes_implementation randomness = {
	.implementation_name = random_name, .random = random_number, .buf = random_octets
};

/* ---- configurations ---- */

#define LINK(i, name, more)                                       \
	"{ name = \"" name "\"; host = \"127.0.0.1\"; port = " #i \
	"; system_id = \"" name                                   \
	"\"; password = \"x\"; response_s = 5; enquire_s = 10; bind_s = 5; " more "}"
#define HALL "numbers = ( \"10086\" ); trusted = true; marketing = \"" MARKETING "\"; "

static const char *const links[KINDS] = {
	LINK(7000, "a", HALL),
	LINK(7000, "a", HALL "window = 5; ") ", " LINK(
		7001, "b",
		HALL
		"window = 5; ") ", " LINK(7002, "c",
	                                  "numbers = ( \"1008611\" ); trusted = false; "),
	LINK(7000, "tx", HALL "bind = \"transmitter\"; ") ", " LINK(
		7001, "rx", HALL "bind = \"receiver\"; "),
};

static struct conf *make_conf(int kind)
{
	struct fault fault = { .text = "" };
	struct conf *conf = NULL;
	char path[PATH];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/hall-%d.conf", sim.folder, kind);
	f = fopen(path, "w");
	if (f == NULL)
		abort();
	(void)fprintf(f,
	              "store = \"sqlite:%s/hall.db\"; grammar = \"%s/grammar\";\n"
	              "links = ( %s );\nhttp = { listen = \"\"; };\n",
	              sim.folder, sim.folder, links[kind]);
	(void)fclose(f);
	if (conf_load(path, &conf, &fault) != ERR_OK) {
		(void)fprintf(stderr, "simulate: %s\n", fault.text);
		exit(EXIT_FAILURE);
	}
	return conf;
}

static void copy_file(const char *from, const char *to)
{
	char octets[1 << 16];
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	size_t n;

	if (in == NULL || out == NULL)
		abort();
	while ((n = fread(octets, 1, sizeof(octets), in)) > 0)
		(void)!fwrite(octets, 1, n, out);
	(void)fclose(in);
	(void)fclose(out);
}

/* The house's grammar, with tools of which there are few (tests/sim/tools.conf). */
static void make_grammar(void)
{
	struct dirent **entry;
	const int n = scandir("grammar", &entry, NULL, alphasort);
	char from[PATH], to[PATH];

	(void)snprintf(to, sizeof(to), "%s/grammar", sim.folder);
	if (n < 0 || (mkdir(to, 0700) != 0 && errno != EEXIST))
		abort();
	for (int i = 0; i < n; i++) {
		const char *name = entry[i]->d_name;
		const bool tools = strcmp(name, "tools.conf") == 0;

		(void)snprintf(from, sizeof(from), "%s/%.200s",
		               tools ? "tests/sim" : "grammar", name);
		(void)snprintf(to, sizeof(to), "%s/grammar/%.200s", sim.folder, name);
		if (name[0] != '.')
			copy_file(from, to);
		free(entry[i]);
	}
	free(entry);
}

/* The store's file has to be there for the gateway to look into. */
static void make_placeholder(void)
{
	char path[PATH];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/hall.db", sim.folder);
	f = fopen(path, "w");
	if (f == NULL || fclose(f) != 0)
		abort();
}

void run_prepare(const char *folder, int64_t audience)
{
	sim.folder = folder;
	sim.audience = audience;
	(void)randombytes_set_implementation(&randomness);
	if (sodium_init() < 0)
		abort();
	disk_install();
	make_placeholder();
	make_grammar();
	for (int i = 0; i < KINDS; i++)
		confs[i] = make_conf(i);
	sim.conf = confs[0];
	loop_reset();
	people_populate();
	disk_keep_template();
}

void run_end(void)
{
	life_forget_assets();
	for (int i = 0; i < KINDS; i++)
		conf_destroy(confs[i]);
}

/* ---- a seed ---- */

static void roll(uint64_t seed)
{
	sim.dice = seed * 0x9e3779b97f4a7c15U + 1;
}

/* A morning; where campaigns run, an hour of theirs, or one that opens or closes them. */
static int64_t some_time(bool campaigns)
{
	static const int64_t after_s[] = { 3590, 7200, 7200, 28800, 44940 };

	return WALL_S +
	       (campaigns ? after_s[below(sizeof(after_s) / sizeof(after_s[0]))] : 0);
}

/* The lock file is a real one, with notes of the last seed's disk. */
static void forget_owner(void)
{
	char path[PATH];

	(void)snprintf(path, sizeof(path), "%s/hall.db.lock", sim.folder);
	(void)unlink(path);
}

/* from: UTC s. */
static void begin(uint64_t seed, int64_t from, bool campaigns)
{
	int window = 0;

	sim.wall_us = from * SECOND_US;
	sim.quiet = false;
	sim.conf = confs[below(KINDS)];
	sqlite3_randomness(0, NULL);
	loop_reset();
	net_reset();
	smsc_reset();
	disk_reset();
	disk_load_template();
	forget_owner();
	life_reset();
	for (size_t i = 0; i < sim.conf->n_links; i++)
		window += sim.conf->links[i].window;
	note("seed", "number=%llu links=%zu window=%d", (unsigned long long)seed,
	     sim.conf->n_links, window);
	people_introduce();
	if (campaigns)
		campaigns_put();
}

static bool is_settled(void)
{
	return life_is_up() && smsc_is_idle() && life_is_idle();
}

static bool is_stopped(void)
{
	return !life_is_up();
}

static void settle(void)
{
	faults_end();
	loop_run(now_us() + SETTLE_US, is_settled);
	/* The worker's marks are committed a moment later. */
	loop_run(now_us() + PARTS_US, NULL);
	loop_run(now_us() + SETTLE_US, is_settled);
	loop_run(now_us() + 5 * SECOND_US, NULL);
	note("settled", "yes=%d", is_settled() ? 1 : 0);
}

/* Stops cleanly and gives the store to the checker. */
static void end(uint64_t seed)
{
	char path[PATH];

	life_end(END_STOP, false);
	loop_run(now_us() + MINUTE_US, is_stopped);
	note("end", "lives=%u wall=%lld", life_count(), (long long)sim.clock.wall_s);
	(void)snprintf(path, sizeof(path), "%s/%llu.db", sim.folder,
	               (unsigned long long)seed);
	disk_export(path);
}

static FILE *open_file(uint64_t seed, const char *end)
{
	char path[PATH];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%llu.%s", sim.folder,
	               (unsigned long long)seed, end);
	f = fopen(path, "w");
	if (f == NULL) {
		(void)fprintf(stderr, "simulate: cannot write %s\n", path);
		exit(EXIT_FAILURE);
	}
	return f;
}

void run_seed(uint64_t seed, bool trace)
{
	const bool campaigns = seed % 4 == 0;

	sim.log = open_file(seed, "log");
	sim.trace = trace ? stderr : open_file(seed, "trace");
	roll(seed);
	begin(seed, some_time(campaigns), campaigns);
	crowd_reset(BUSY_US, true);
	faults_plan(BUSY_US);
	if (campaigns)
		desk_plan(BUSY_US);
	life_start(0);
	loop_run(BUSY_US, NULL);
	settle();
	end(seed);
	if (!trace)
		(void)fclose(sim.trace);
	(void)fclose(sim.log);
	sim.log = NULL;
}

/* ---- a long life ---- */

static int count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		(void)closedir(d);
	return n;
}

static void measure(int hour)
{
	note("soak", "hour=%d sessions=%zu fds=%d events=%zu heap=%zu disk=%zu", hour,
	     smsc_sessions() + net_count(), count_fds(), loop_events(),
	     mallinfo2().uordblks, disk_size());
}

void run_soak(uint64_t seed, int hours)
{
	sim.log = open_file(seed, "log");
	sim.trace = NULL;
	roll(seed);
	begin(seed, WALL_S, false);
	crowd_reset(hours * 60 * MINUTE_US, true);
	mood.receipt_odds = 4;
	life_start(0);
	for (int i = 1; i <= hours; i++) {
		loop_run(i * 60 * MINUTE_US, NULL);
		measure(i);
	}
	settle();
	end(seed);
	(void)fclose(sim.log);
	sim.log = NULL;
}

/* ---- an evening and a morning of campaigns ---- */

/*
 * About half of them is sent when the hours of campaigns end, the rest when they begin
 * again.  Nobody talks but to what he got.
 */
void run_campaign(uint64_t seed)
{
	const int64_t half_s = 5 + sim.audience / PER_S / 2,
		      end_us = half_s * SECOND_US + NIGHT_US;

	sim.log = open_file(seed, "log");
	sim.trace = NULL;
	roll(seed);
	begin(seed, WALL_S + CLOSE_S - half_s, true);
	crowd_reset(end_us, false);
	faults_plan_pushes();
	life_start(0);
	loop_run(end_us, NULL);
	settle();
	end(seed);
	(void)fclose(sim.log);
	sim.log = NULL;
}
