/*
 * aside.c - threads that texts do not wait for.
 */
#include <sys/resource.h>

#include "gateway_priv.h"

enum {
	/* On 2 cores, beside a refresh of tags, p99 of answers was 4-10 ms with 0, 2.4-3.6 ms
	 * with 10, 2-2.9 ms with 19.  SCHED_IDLE (1.2 ms) would let a lock be held for long. */
	NICE = 19
};

void thread_aside(void)
{
	/* Of this thread alone, with Linux; where it fails, it is as before. */
	(void)setpriority(PRIO_PROCESS, 0, NICE);
}
