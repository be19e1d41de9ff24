/*
 * killpoint.h - named places at which a test ends the process as kill -9 would.
 *
 * KILLPOINT("name") is nothing unless the tree is built with -DKILLPOINTS (V=kill).
 * There, SMSHALL_KILL=NAME:COUNT in the environment ends the process with SIGKILL at
 * the COUNT-th passage of NAME.
 */
#ifndef BASE_KILLPOINT_H
#define BASE_KILLPOINT_H

#ifdef KILLPOINTS
void killpoint(const char *name);
#define KILLPOINT(name) killpoint(name)
#else
#define KILLPOINT(name) ((void)0)
#endif

#endif
