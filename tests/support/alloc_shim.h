/*
 * alloc_shim.h - memory that runs out when told to: malloc, calloc and realloc of the
 * hall's own code, and what SQLite asks for.
 *
 * Works in programs linked with ALLOC_WRAP of the Makefile.  Counts are of the process.
 */
#ifndef SUPPORT_ALLOC_SHIM_H
#define SUPPORT_ALLOC_SHIM_H

#include <stdatomic.h>
#include <stdbool.h>

/* Before SQLite is used: its memory comes through here, too. */
void alloc_shim_sqlite(void);

/* The nth allocation from now fails, and so do all later ones if for_ever; 0: none. */
void alloc_shim_fail(unsigned nth, bool for_ever);

/* Asked at each allocation, which fails if it says so; NULL: nobody is. */
void alloc_shim_ask(bool (*fails)(unsigned nth));

/*
 * From where allocations came: a site is the eight innermost return addresses, hashed.  The
 * addresses of a program hold in its children, too.
 */
enum {
	ALLOC_SITES = 4096
};
struct alloc_sites {
	atomic_uint n; /* more than ALLOC_SITES: some are missing */
	atomic_ullong site[ALLOC_SITES];
};

/* Notes each new site there, may be memory that is shared; NULL: does not. */
void alloc_shim_note(struct alloc_sites *sites);

/* Notes one; whether it is new. */
bool alloc_sites_add(struct alloc_sites *sites, unsigned long long site);

/* The first allocation at that site fails, and so do all later ones if for_ever. */
void alloc_shim_fail_at(unsigned long long site, bool for_ever);

/* Allocations since alloc_shim_fail(). */
unsigned alloc_shim_count(void);

/* The site of the first that was refused since alloc_shim_fail(); 0: none. */
unsigned long long alloc_shim_where(void);

#endif
