/*
 * alloc_shim.c - see alloc_shim.h.
 */
#include <sqlite3.h>
#include <stdatomic.h>
#include <stddef.h>
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

static atomic_uint at, count;
static atomic_bool lasts, struck;

static bool refused(void)
{
	const unsigned n = atomic_fetch_add(&count, 1) + 1, when = atomic_load(&at);
	const bool no = when > 0 && (n == when || (n > when && atomic_load(&lasts)));

	if (no)
		atomic_store(&struck, true);
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
	atomic_store(&count, 0);
	atomic_store(&struck, false);
	atomic_store(&lasts, for_ever);
	atomic_store(&at, nth);
}

unsigned alloc_shim_count(void)
{
	return atomic_load(&count);
}

bool alloc_shim_struck(void)
{
	return atomic_load(&struck);
}
