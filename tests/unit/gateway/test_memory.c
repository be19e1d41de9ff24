/*
 * test_memory.c - M1: an allocation from each site of a running gateway fails: while it
 * binds, takes a text, answers it.
 *
 * Each trial is a process of its own with gateway and SMSC in it.  It ends with 0 or with
 * 1 and a line; what it acknowledged is in the store with its reply.  Threads make the
 * order of allocations another one each time, and there are thousands: so one of each
 * site, and the sites are counted.
 */
#include <sys/mman.h>

#include "assets/assets.h"
#include "fixture.h"
#include "support/alloc_shim.h"
#include "support/child.h"

enum {
	EXIT_OF_CHECK = 2, /* the test library itself found no memory */
	SLICES = 6         /* of the sites, a test each */
};

static struct note {
	unsigned long long site; /* where the allocation fails; 0: nowhere */
	bool struck;
	unsigned acked;
	char folder[64], url[128];
} * note;

static struct alloc_sites *sites;

/* ---- a trial ---- */

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
	set_up();
	populate();
	(void)snprintf(note->folder, sizeof(note->folder), "%s", t.folder);
	(void)snprintf(note->url, sizeof(note->url), "%s", t.url);
	t.failed = out_of_store;
	start(LINK("a", TRUSTED), "");
	alloc_shim_note(note->site == 0 ? sites : NULL);
	alloc_shim_fail_at(note->site, false);
	while (bound("a") == NULL && !t.late)
		(void)event_base_loop(t.base, EVLOOP_ONCE);
	(void)deliver("a", "13900000001", "CXYE");
	(void)deliver("a", "13900000002", "RG");
	loop_until_answered();
	note->struck = alloc_shim_where() != 0;
	alloc_shim_fail(0, false);
	alloc_shim_note(NULL);
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
static bool try_site(unsigned long long site)
{
	struct child c;

	memset(note, 0, sizeof(*note));
	note->site = site;
	c = run_child(serve_two_texts);
	ck_assert_msg(WIFEXITED(c.status), "site %llx: %x %s", site, (unsigned)c.status,
	              c.said);
	look_at_store();
	if (WEXITSTATUS(c.status) == EXIT_OF_CHECK)
		return false;
	ck_assert_msg(WEXITSTATUS(c.status) == 0 || (WEXITSTATUS(c.status) == 1 &&
	                                             child_said(&c, "out of memory")),
	              "site %llx: %d %s", site, WEXITSTATUS(c.status), c.said);
	return true;
}

static void *shared(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
	               0);

	ck_assert_ptr_ne(p, MAP_FAILED);
	return p;
}

/* Addresses are those of this process and its children: it finds them and tries all. */
START_TEST(M1_each_site_of_a_running_gateway)
{
	unsigned n, told = 0, tried = 0;

	note = shared(sizeof(*note));
	sites = shared(sizeof(*sites));
	alloc_shim_sqlite();
	ck_assert(try_site(0));
	ck_assert_uint_eq(note->acked, 2);
	n = atomic_load(&sites->n);
	ck_assert_uint_gt(n, 100);
	ck_assert_uint_lt(n, ALLOC_SITES);
	for (unsigned i = (unsigned)_i; i < n; i += SLICES, tried++)
		told += try_site(atomic_load(&sites->site[i])) ? 1 : 0;
	ck_assert_uint_gt(told, tried / 2);
}
END_TEST

SUITE("gateway/memory", tcase_add_unchecked_fixture(tc, open_house, NULL);
      tcase_add_loop_test(tc, M1_each_site_of_a_running_gateway, 0, SLICES);)
