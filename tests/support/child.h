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
	pid_t pid;
	int status;      /* of waitpid() */
	int end;         /* of the pipe that it writes to */
	char said[2048]; /* on standard error, cut */
};

/* As fork(): pid is 0 in the child, whose standard error goes to the other. */
static inline struct child fork_child(void)
{
	struct child c = { .said = "" };
	int ends[2];

	(void)fflush(NULL);
	ck_assert_int_eq(pipe(ends), 0);
	c.pid = fork();
	ck_assert_int_ge(c.pid, 0);
	if (c.pid == 0) {
		(void)dup2(ends[1], STDERR_FILENO);
		(void)close(ends[0]);
	}
	(void)close(ends[1]);
	c.end = ends[0];
	return c;
}

static inline void end_of_child(struct child *c)
{
	size_t n = 0;
	ssize_t got;

	while ((got = read(c->end, c->said + n, sizeof(c->said) - 1 - n)) > 0)
		n += (size_t)got;
	c->said[n] = '\0';
	(void)close(c->end);
	ck_assert_int_eq(waitpid(c->pid, &c->status, 0), c->pid);
}

/* work() may return: exit status 0. */
static inline struct child run_child(void (*work)(void))
{
	struct child c = fork_child();

	if (c.pid == 0) {
		work();
		_exit(0);
	}
	end_of_child(&c);
	return c;
}

static inline bool child_said(const struct child *c, const char *what)
{
	return strstr(c->said, what) != NULL;
}

#endif
