/*
 * clock.h - time as an input.
 *
 * Read once per turn of a loop with clock_read(); everything else takes the
 * values.  Tests and replay set the two numbers themselves and pass NULL as
 * the reader.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

struct clock {
	int64_t mono_us; /* monotonic; for durations, deadlines and pacing */
	int64_t wall_s;  /* UTC seconds; for display, quiet hours and stored times */
	void (*read)(struct clock *); /* NULL: the owner moves the numbers */
};

/* A clock on the machine's own time, read once already. */
struct clock clock_machine(void);

static inline void clock_read(struct clock *c)
{
	if (c->read != NULL)
		c->read(c);
}

static inline int64_t clock_ms(const struct clock *c)
{
	return c->mono_us / 1000;
}

#endif
