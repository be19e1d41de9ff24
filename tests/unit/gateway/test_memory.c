/*
 * test_memory.c - M1: allocations of a running gateway fail, one by one: while it binds,
 * takes a text, answers it.
 *
 * Each trial is a process of its own with gateway and SMSC in it.  It ends with 0 or with
 * 1 and a line; what it acknowledged is in the store with its reply.
 */
#include <sys/mman.h>

#include "fixture.h"
#include "support/alloc_shim.h"
#include "support/child.h"

enum {
	STEP = 23,        /* not every one: a process each */
	EXIT_OF_CHECK = 2 /* the test library itself found no memory */
};

static struct note {
	unsigned nth, count, acked;
	bool struck;
	char folder[64], url[128];
} * note;

static void out_of_store(void *ctx)
{
	(void)ctx;
	(void)fputs("out of memory: the store failed\n", stderr);
	_exit(EXIT_FAILURE);
}

static void loop_until_answered(void)
{
	while (smsc.responses < smsc.deliveries && !t.late)
		(void)event_base_loop(t.base, EVLOOP_ONCE);
	for (unsigned i = 0; i < smsc.deliveries; i++)
		note->acked += smsc.response[i] == SMPP_ESME_ROK ? 1 : 0;
}

static void serve_two_texts(void)
{
	alloc_shim_sqlite();
	set_up();
	populate();
	(void)snprintf(note->folder, sizeof(note->folder), "%s", t.folder);
	(void)snprintf(note->url, sizeof(note->url), "%s", t.url);
	t.failed = out_of_store;
	start(LINK("a", TRUSTED), "");
	alloc_shim_fail(note->nth, false);
	while (bound("a") == NULL && !t.late)
		(void)event_base_loop(t.base, EVLOOP_ONCE);
	(void)deliver("a", "13900000001", "CXYE");
	(void)deliver("a", "13900000002", "RG");
	loop_until_answered();
	note->struck = alloc_shim_struck();
	note->count = alloc_shim_count();
	alloc_shim_fail(0, false);
	RUN_UNTIL(smsc.submits >= note->acked);
	stop();
}

/* Reuses the fixture's names for the store that the child has left. */
static void look_at_store(void)
{
	unsigned kept;

	(void)snprintf(t.folder, sizeof(t.folder), "%s", note->folder);
	(void)snprintf(t.url, sizeof(t.url), "%s", note->url);
	kept = rows("inbox", "link_group", "10086");
	ck_assert_uint_ge(kept, note->acked);
	ck_assert_uint_eq(rows("outbox", "link_group", "10086"), kept);
	remove_folder();
}

/* Returns false when the test library was what found no memory. */
static bool try_nth(unsigned nth)
{
	struct child c;

	memset(note, 0, sizeof(*note));
	note->nth = nth;
	c = run_child(serve_two_texts);
	ck_assert_msg(WIFEXITED(c.status), "allocation %u: %x %s", nth,
	              (unsigned)c.status, c.said);
	look_at_store();
	if (WEXITSTATUS(c.status) == EXIT_OF_CHECK)
		return false;
	ck_assert_msg(WEXITSTATUS(c.status) == 0 || (WEXITSTATUS(c.status) == 1 &&
	                                             child_said(&c, "out of memory")),
	              "allocation %u: %d %s", nth, WEXITSTATUS(c.status), c.said);
	return true;
}

START_TEST(M1_each_allocation_of_a_running_gateway)
{
	unsigned n, told = 0, tried = 0;

	note = mmap(NULL, sizeof(*note), PROT_READ | PROT_WRITE,
	            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(note, MAP_FAILED);
	ck_assert(try_nth(0));
	ck_assert_uint_eq(note->acked, 2);
	n = note->count;
	ck_assert_uint_gt(n, 20);
	for (unsigned nth = 1; nth <= n; nth += STEP, tried++)
		told += try_nth(nth) ? 1 : 0;
	ck_assert_uint_gt(told, tried / 2);
}
END_TEST

SUITE("gateway/memory", tcase_add_test(tc, M1_each_allocation_of_a_running_gateway);)
