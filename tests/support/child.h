/*
 * child.h - runs a part of a test in a process of its own and says how that ended.
 */
#ifndef SUPPORT_CHILD_H
#define SUPPORT_CHILD_H

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"

struct child {
	int status;      /* of waitpid() */
	char said[2048]; /* on standard error, cut */
};

/* work() may return: exit status 0. */
static inline struct child run_child(void (*work)(void))
{
	struct child c = { .said = "" };
	size_t n = 0;
	ssize_t got;
	int ends[2];
	pid_t pid;

	(void)fflush(NULL);
	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		(void)dup2(ends[1], STDERR_FILENO);
		(void)close(ends[0]);
		(void)close(ends[1]);
		work();
		_exit(0);
	}
	(void)close(ends[1]);
	while ((got = read(ends[0], c.said + n, sizeof(c.said) - 1 - n)) > 0)
		n += (size_t)got;
	c.said[n] = '\0';
	(void)close(ends[0]);
	ck_assert_int_eq(waitpid(pid, &c.status, 0), pid);
	return c;
}

static inline bool child_said(const struct child *c, const char *what)
{
	return strstr(c->said, what) != NULL;
}

#endif
