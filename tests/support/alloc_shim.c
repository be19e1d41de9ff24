/*
 * alloc_shim.c - see alloc_shim.h.
 */
#include <execinfo.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "alloc_shim.h"

/* The linker's names: --wrap=malloc sends malloc to __wrap_malloc. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,readability-identifier-naming) */
void *__real_malloc(size_t size) __attribute__((weak));
void *__real_calloc(size_t n, size_t size) __attribute__((weak));
void *__real_realloc(void *p, size_t size) __attribute__((weak));
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

enum {
	FRAMES = 8,
	OWN_FRAMES = 3 /* site(), refused() and the wrapper */
};

static atomic_uint at, count;
static atomic_ullong at_site, struck_at;
static atomic_bool lasts;
static bool (*_Atomic asked)(unsigned nth);
static struct alloc_sites *_Atomic noted;

/* FNV-1a of the return addresses. */
static unsigned long long site(void)
{
	void *frame[FRAMES + OWN_FRAMES];
	const int n = backtrace(frame, FRAMES + OWN_FRAMES);
	unsigned long long h = 14695981039346656037U;

	for (int i = OWN_FRAMES; i < n; i++)
		h = (h ^ (uintptr_t)frame[i]) * 1099511628211U;
	return h;
}

bool alloc_sites_add(struct alloc_sites *s, unsigned long long here)
{
	const unsigned n = atomic_load(&s->n);
	unsigned i = 0;

	while (i < n && i < ALLOC_SITES && atomic_load(&s->site[i]) != here)
		i++;
	if (i < n)
		return false;
	i = atomic_fetch_add(&s->n, 1);
	if (i < ALLOC_SITES)
		atomic_store(&s->site[i], here);
	return true;
}

/* Whether the one to fail is this one. */
static bool is_it(unsigned n)
{
	struct alloc_sites *sites = atomic_load(&noted);
	const unsigned long long wanted = atomic_load(&at_site);
	bool (*fails)(unsigned nth) = atomic_load(&asked);

	if (sites != NULL)
		(void)alloc_sites_add(sites, site());
	if (fails != NULL)
		return fails(n);
	if (wanted != 0)
		return atomic_load(&struck_at) == 0 && site() == wanted;
	return n == atomic_load(&at);
}

static __attribute__((noinline)) bool refused(void)
{
	const unsigned n = atomic_fetch_add(&count, 1) + 1;
	const bool no = (atomic_load(&struck_at) != 0 && atomic_load(&lasts)) || is_it(n);

	if (no && atomic_load(&struck_at) == 0)
		atomic_store(&struck_at, site());
	return no;
}

void *__wrap_malloc(size_t size)
{
	return refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return refused() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return refused() ? NULL : __real_realloc(p, size);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,readability-identifier-naming) */

static sqlite3_mem_methods below;

static void *sqlite_malloc(int size)
{
	return refused() ? NULL : below.xMalloc(size);
}

static void *sqlite_realloc(void *p, int size)
{
	return refused() ? NULL : below.xRealloc(p, size);
}

void alloc_shim_sqlite(void)
{
	sqlite3_mem_methods ours;

	/* Statistics, which the store switches off, belong to the wrapper below. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	(void)sqlite3_config(SQLITE_CONFIG_GETMALLOC, &below);
	ours = below;
	ours.xMalloc = sqlite_malloc;
	ours.xRealloc = sqlite_realloc;
	(void)sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
}

void alloc_shim_fail(unsigned nth, bool for_ever)
{
	atomic_store(&at, 0);
	atomic_store(&at_site, 0);
	atomic_store(&count, 0);
	atomic_store(&struck_at, 0);
	atomic_store(&lasts, for_ever);
	atomic_store(&at, nth);
}

void alloc_shim_fail_at(unsigned long long where, bool for_ever)
{
	alloc_shim_fail(0, for_ever);
	atomic_store(&at_site, where);
}

void alloc_shim_ask(bool (*fails)(unsigned nth))
{
	atomic_store(&asked, fails);
}

void alloc_shim_note(struct alloc_sites *sites)
{
	atomic_store(&noted, sites);
}

unsigned alloc_shim_count(void)
{
	return atomic_load(&count);
}

unsigned long long alloc_shim_where(void)
{
	return atomic_load(&struck_at);
}
