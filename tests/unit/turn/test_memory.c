/*
 * test_memory.c - M1: allocations of a recovery, a turn and a reload fail once, and all from
 * each site on for ever: the first one of each site, and one in STRIDE of the others, which
 * are the same calls with other rows; with M1_STRIDE=1 in the environment each one, which
 * takes a minute and says how many there were.
 *
 * The process goes on, or ends with a line and status 1, never by a signal; a text is
 * either refused or kept with its reply; and when memory is back, all goes on.
 *
 * What touches the store runs anew for each of them.  Loading the grammar folder takes
 * long and has 14,000 of them, from some hundred sites; there a child is made at each new
 * site, in which the allocation fails.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fixture.h"
#include "support/alloc_shim.h"
#include "support/child.h"

/* What xmalloc() says before it ends the process. */
#define OF_XALLOC "smshall: out of memory"

enum {
	SLICES = 4,          /* of the allocations of a work, a test each */
	ALLOCATIONS = 10000, /* of a work, at most */
#ifdef __SANITIZE_ADDRESS__
	STRIDE = 31 /* a fork takes long there; the shims are the same */
#else
	STRIDE = 5
#endif
};

/* What the child leaves behind; shared with it. */
static struct note {
	unsigned nth, count; /* which allocation fails; how many there were */
	bool for_ever;
	unsigned long long where; /* its site */
	unsigned acked;           /* texts that were */
} * note;

/* Shared by all tests. */
static struct {
	struct alloc_sites sites, for_ever; /* of the work in hand; tried for ever */
	bool first[ALLOCATIONS];            /* by number: its site was not met before */
} * met;

static struct {
	char p[1 << 20];
	size_t n;
} pristine; /* the store's file */

static void *shared(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
	               0);

	if (p == MAP_FAILED)
		abort(); /* main() calls it, too */
	return p;
}

static bool note_first(unsigned nth)
{
	static unsigned before;
	const unsigned n = atomic_load(&met->sites.n);

	if (nth < ALLOCATIONS)
		met->first[nth] = n > before;
	before = n;
	return false;
}

/* The first time nothing fails, and what there is to fail is noted. */
static void arm(void)
{
	if (note->nth == 0) {
		alloc_shim_note(&met->sites);
		alloc_shim_ask(note_first);
	}
	alloc_shim_fail(note->nth, note->for_ever);
}

static void disarm(void)
{
	note->count = alloc_shim_count();
	note->where = alloc_shim_where();
	alloc_shim_ask(NULL);
	alloc_shim_note(NULL);
	alloc_shim_fail(0, false);
}

/* ERR_UNKNOWN and the like end the gateway with status 1; so does this. */
static void judge(enum err e)
{
	if (e == ERR_OK || e == ERR_FULL)
		return;
	disarm();
	(void)fprintf(stderr, "out of memory: %s\n", err_text(e));
	_exit(EXIT_FAILURE);
}

/* A start that does not get what it needs is no start. */
static void must(enum err e)
{
	judge(e == ERR_FULL ? ERR_STATE : e);
}

static void recover(void)
{
	struct turn_output out;

	arm();
	must(store_open(hall.url, STORE_OPEN, &hall.store, &hall.fault));
	must(try_turn());
	must(turn_backlog(hall.turn, 0, 100, &out));
	disarm();
}

/* No assertions while memory is short: they want some. */
static void run_armed(struct turn_input *in)
{
	struct turn_input *all[] = { &in[0], &in[1], &in[2] };

	arm();
	judge(turn_run(hall.turn, all, 3, hall.now_ms, &hall.out));
	for (size_t i = 0; i < 2; i++)
		note->acked += in[i].status == TURN_OK ? 1 : 0;
	judge(turn_tick(hall.turn, hall.now_ms, &hall.out));
	disarm();
}

/* Two texts, then, with memory back, two others. */
static void take_texts(void)
{
	struct turn_input in[] = { text_of(1, "CXYE"), text_of(2, "CXYE"), mark_of(1) };

	open_store(STORE_OPEN);
	open_turn();
	run_armed(in);
	in[0] = text_of(1, "RG");
	judge(run_all(in, 1));
	if (in[0].status != TURN_OK)
		abort(); /* memory is back, and it does not go on */
	note->acked++;
	store_close(hall.store);
}

static void reload_catalogue(void)
{
	open_store(STORE_OPEN);
	open_turn();
	arm();
	judge(turn_reload_catalogue(hall.turn));
	disarm();
}

static void (*const works[])(void) = { recover, take_texts, reload_catalogue };

static void set_up(void)
{
	char path[128];
	FILE *f;

	note = shared(sizeof(*note));
	alloc_shim_sqlite();
	set_up_people(10);
	close_hall();
	(void)snprintf(path, sizeof(path), "%s/hall.db", hall.folder);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	pristine.n = fread(pristine.p, 1, sizeof(pristine.p), f);
	ck_assert_uint_lt(pristine.n, sizeof(pristine.p));
	(void)fclose(f);
}

static void look_at_store(void)
{
	unsigned kept;

	open_store(STORE_OPEN);
	kept = rows(hall.store, "inbox", NULL, NULL);
	ck_assert_uint_ge(kept, note->acked);
	ck_assert_uint_eq(rows(hall.store, "outbox", NULL, NULL), kept);
	store_close(hall.store);
	hall.store = NULL;
}

/* Each trial finds what the first one found. */
static void fresh_store(void)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/hall.db-wal", hall.folder);
	(void)unlink(path);
	(void)snprintf(path, sizeof(path), "%s/hall.db", hall.folder);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(pristine.p, 1, pristine.n, f), pristine.n);
	ck_assert_int_eq(fclose(f), 0);
}

static void ck_ended_well(const struct child *c, unsigned nth)
{
	ck_assert_msg(WIFEXITED(c->status) && WEXITSTATUS(c->status) <= 1,
	              "allocation %u: status %x: %s", nth, (unsigned)c->status, c->said);
	if (WEXITSTATUS(c->status) == 1)
		ck_assert_msg(child_said(c, "out of memory"), "allocation %u: %s", nth,
		              c->said);
}

/* Returns whether the child went on without what it asked for. */
static bool one_trial(void (*work)(void), unsigned nth, bool for_ever)
{
	struct child c;

	fresh_store();
	memset(note, 0, sizeof(*note));
	note->nth = nth;
	note->for_ever = for_ever;
	c = run_child(work);
	ck_ended_well(&c, nth);
	look_at_store();
	return !child_said(&c, OF_XALLOC);
}

/* What ended the process has no second that could fail. */
static void try_one(void (*work)(void), unsigned nth)
{
	if (one_trial(work, nth, false) && alloc_sites_add(&met->for_ever, note->where))
		(void)one_trial(work, nth, true);
}

/* 0: nobody has asked. */
static unsigned stride_asked(void)
{
	const char *asked = getenv("M1_STRIDE");

	return asked != NULL ? (unsigned)strtoul(asked, NULL, 10) : 0;
}

START_TEST(M1_each_allocation_fails)
{
	const unsigned asked = stride_asked(), skip = asked > 0 ? asked : STRIDE;
	void (*work)(void) = works[_i / SLICES];
	unsigned n, tried = 0;

	memset(&met->sites, 0, sizeof(met->sites));
	(void)one_trial(work, 0, false);
	n = note->count;
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_lt(n, ALLOCATIONS);
	ck_assert(met->first[1]);
	for (unsigned nth = 1 + (unsigned)_i % SLICES; nth <= n; nth += SLICES)
		if (met->first[nth] || nth / SLICES % skip == 0) {
			try_one(work, nth);
			tried++;
		}
	if (asked > 0)
		printf("work %d: %u of its %u allocations failed\n", _i / SLICES, tried,
		       n);
	ck_assert_uint_lt(atomic_load(&met->for_ever.n), ALLOC_SITES);
}
END_TEST

/* ---- the grammar folder ---- */

static struct alloc_sites sites;
static unsigned seen, children;
static bool is_child;

enum {
	EXIT_DID_WITHOUT = 9 /* SQLite does without some memory, such as lookaside */
};

static void ck_ends_the_process(struct child *c)
{
	end_of_child(c);
	if (!WIFEXITED(c->status) || WEXITSTATUS(c->status) != EXIT_DID_WITHOUT) {
		ck_ended_well(c, seen);
		ck_assert_msg(child_said(c, "out of memory"), "allocation %u: %d %s",
		              seen, c->status, c->said);
	}
	children++;
}

/* In the child the allocation fails and all goes on; this process waits for it. */
static bool fails_in_a_child(unsigned nth)
{
	struct child c;

	(void)nth; /* counts those of the test library, too */
	seen++;
	if (atomic_load(&sites.n) == children)
		return false;
	alloc_shim_ask(NULL);
	alloc_shim_note(NULL);
	c = fork_child();
	is_child = c.pid == 0;
	if (is_child)
		return true;
	ck_ends_the_process(&c);
	alloc_shim_note(&sites);
	alloc_shim_ask(fails_in_a_child);
	return false;
}

START_TEST(M1_each_site_of_the_grammar_folder)
{
	const struct hall_conf conf = { .hotline = STR("10086") };
	struct assets *fresh;
	enum err e;

	alloc_shim_fail(0, false);
	alloc_shim_note(&sites);
	alloc_shim_ask(fails_in_a_child);
	e = assets_load("grammar", &conf, NOW_S, &fresh, NULL, &hall.fault);
	if (is_child) {
		(void)fputs(hall.fault.text, stderr);
		_exit(e == ERR_OK ? EXIT_DID_WITHOUT : EXIT_SUCCESS);
	}
	alloc_shim_ask(NULL);
	alloc_shim_note(NULL);
	ck_assert_int_eq(e, ERR_OK);
	ck_assert_uint_eq(children, atomic_load(&sites.n));
	ck_assert_uint_lt(children, ALLOC_SITES);
	ck_assert_uint_gt(children, 100);
	assets_destroy(fresh);
}
END_TEST

SUITE("turn/memory", {
	met = shared(sizeof(*met));
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, M1_each_allocation_fails, 0,
	                    (int)COUNT_OF(works) * SLICES);
	tcase_add_test(tc, M1_each_site_of_the_grammar_folder);
})
