/*
 * killpoint.h - named places at which a test ends the process as kill -9 would.
 *
 * KILLPOINT("name") is nothing unless the tree is built with -DKILLPOINTS, as the
 * variants debug and asan are.  There, SMSHALL_KILL=NAME:COUNT in the environment ends the process with SIGKILL at
 * the COUNT-th passage of NAME.  CRASHPOINT(octets, n) is a fault in the program: with
 * SMSHALL_CRASH=TEXT it ends with SIGSEGV when TEXT is in the octets.
 */
#ifndef BASE_KILLPOINT_H
#define BASE_KILLPOINT_H

#ifdef KILLPOINTS
#include <stddef.h>

void killpoint(const char *name);
void crashpoint(const void *octets, size_t n);
#define KILLPOINT(name)       killpoint(name)
#define CRASHPOINT(octets, n) crashpoint(octets, n)
#else
#define KILLPOINT(name)       ((void)0)
#define CRASHPOINT(octets, n) ((void)0)
#endif

#endif
