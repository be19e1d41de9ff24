/*
 * killpoint.c - see base/killpoint.h.
 */
#include "base/killpoint.h"

#ifdef KILLPOINTS
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The only state: points are passed by several threads and have no context. */
static atomic_long passages;

void killpoint(const char *name)
{
	const char *wanted = getenv("SMSHALL_KILL");
	const size_t n = strlen(name);

	if (wanted == NULL || strncmp(wanted, name, n) != 0 || wanted[n] != ':')
		return;
	if (atomic_fetch_add(&passages, 1) + 1 == strtol(wanted + n + 1, NULL, 10))
		(void)raise(SIGKILL);
}

void crashpoint(const void *octets, size_t n)
{
	const char *wanted = getenv("SMSHALL_CRASH");
	const size_t size = wanted != NULL ? strlen(wanted) : 0;

	for (size_t i = 0; size > 0 && i + size <= n; i++) {
		if (memcmp((const char *)octets + i, wanted, size) == 0)
			(void)raise(SIGSEGV);
	}
}
#else
/* A translation unit may not be empty. */
extern int killpoints_are_off;
#endif
