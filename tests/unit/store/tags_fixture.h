/*
 * tags_fixture.h - a store on disk with a reader, and the day that tags are worked out at.
 */
#ifndef TESTS_STORE_TAGS_FIXTURE_H
#define TESTS_STORE_TAGS_FIXTURE_H

#include "raw.h"
#include "store/tags.h"

#define NOW      INT64_C(1795017600) /* 2026-11-19 00:00 in Shanghai */
#define DAY      INT64_C(86400)
#define MONTH(m) (month_make(2026, 11) - (m)) /* so many months ago */

static struct fixture f;
static struct store_reader *reader;

static inline void setup(void)
{
	struct fault fault = { "" };

	disk_folder(&f);
	fixture_open(&f, STORE_CREATE);
	ck_assert_int_eq(store_reader_open(f.store, &reader, &fault), ERR_OK);
}

static inline void teardown(void)
{
	store_reader_close(reader);
	raw_end(&f);
}

/* Rows as the test wants them; the reader is opened anew. */
static inline void sql(const char *text)
{
	struct fault fault = { "" };

	store_reader_close(reader);
	raw(&f, text);
	ck_assert_int_eq(store_reader_open(f.store, &reader, &fault), ERR_OK);
}

#endif
