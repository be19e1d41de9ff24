/*
 * alloc_shim.h - memory that runs out when told to: malloc, calloc and realloc of the
 * hall's own code, and what SQLite asks for.
 *
 * Works in programs linked with ALLOC_WRAP of the Makefile.  Counts are of the process.
 */
#ifndef SUPPORT_ALLOC_SHIM_H
#define SUPPORT_ALLOC_SHIM_H

#include <stdbool.h>

/* Before SQLite is used: its memory comes through here, too. */
void alloc_shim_sqlite(void);

/* The nth allocation from now fails, and so do all later ones if for_ever; 0: none. */
void alloc_shim_fail(unsigned nth, bool for_ever);

/* Allocations since alloc_shim_fail(). */
unsigned alloc_shim_count(void);

/* Whether one was refused since alloc_shim_fail(). */
bool alloc_shim_struck(void);

#endif
