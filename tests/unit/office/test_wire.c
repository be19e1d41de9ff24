/*
 * test_wire.c - lines of the socket: what is written is read, whatever it holds.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "office/wire.h"
#include "support/suite.h"

static struct arena a;
static struct buf b;

static void set_up(void)
{
	a = arena_make(1 << 20);
	b = buf_make(1 << 20);
}

static void tear_down(void)
{
	arena_free(&a);
	buf_free(&b);
}

static struct wire there_and_back(const struct wire *w)
{
	struct wire got;

	buf_reset(&b);
	wire_put(&b, w);
	ck_assert(!b.failed);
	ck_assert_ptr_eq(memchr(b.p, '\n', b.n), b.p + b.n - 1); /* one line */
	ck_assert_int_eq(wire_read((struct str){ b.p, b.n - 1 }, &a, &got), ERR_OK);
	ck_assert_int_eq(got.kind, w->kind);
	return got;
}

START_TEST(texts_come_back_as_they_were)
{
	static const char *const texts[] = { "",      "CXYE",           "余额 35.20 元",
		                             "\"\\/", "\n\r\t\x01\x1f", "{\"ok\":true}",
		                             "𠮷" };

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct wire w = { .kind = i % 2 == 0 ? WIRE_LINE : WIRE_ERROR,
			          .text = str_of(texts[i]) };

		ck_assert(str_eq(there_and_back(&w).text, w.text));
	}
}
END_TEST

START_TEST(any_octets_make_a_line_that_can_be_read)
{
	char octets[3];

	for (unsigned i = 0; i < 65536; i++) {
		const struct wire w = { .kind = WIRE_LINE, .text = { octets, 3 } };

		octets[0] = 'x';
		octets[1] = (char)(uint8_t)(i >> 8);
		octets[2] = (char)(uint8_t)i;
		arena_reset(&a);
		ck_assert_int_eq(there_and_back(&w).text.p[0], 'x');
	}
}
END_TEST

START_TEST(figures_come_back_as_they_were)
{
	const struct wire w = {
		.kind = WIRE_PROGRESS, .done = 0, .total = INT64_MAX, .rows = 1000000
	};
	const struct wire got = there_and_back(&w), ok = { .kind = WIRE_OK };

	ck_assert_int_eq(got.done, w.done);
	ck_assert_int_eq(got.total, w.total);
	ck_assert_int_eq(got.rows, w.rows);
	(void)there_and_back(&ok);
}
END_TEST

START_TEST(what_is_no_answer_is_refused)
{
	static const char *const lines[] = { "",
		                             "{}",
		                             "[]",
		                             "{\"ok\":false}",
		                             "{\"line\":1}",
		                             "{\"progress\":[1,2]}",
		                             "{\"progress\":[1,2,\"3\"]}",
		                             "{\"progress\":{}}",
		                             "{\"line\":\"x\"",
		                             "\xff" };
	struct wire got;

	for (size_t i = 0; i < COUNT_OF(lines); i++)
		ck_assert_int_eq(wire_read(str_of(lines[i]), &a, &got), ERR_SYNTAX);
}
END_TEST

START_TEST(the_socket_lies_beside_the_database)
{
	ck_assert(wire_path("sqlite:var/hall.db", &b));
	ck_assert_str_eq(buf_cstr(&b), "var/hall.db.sock");
	ck_assert(!wire_path("sqlite::memory:", &b));
	ck_assert(!wire_path("other:x", &b));
}
END_TEST

/* A folder whose name alone is longer than an address: bound and reached all the same. */
START_TEST(a_long_path_has_an_address)
{
	char top[] = "/tmp/smshall-test-XXXXXX", folder[256], path[320];
	const int server = socket(AF_UNIX, SOCK_STREAM, 0);
	const int client = socket(AF_UNIX, SOCK_STREAM, 0);
	struct fault fault = { "" };
	struct sockaddr_un at;
	int dirfd;

	ck_assert_ptr_nonnull(mkdtemp(top));
	(void)snprintf(folder, sizeof(folder), "%s/%0200d", top, 0);
	(void)snprintf(path, sizeof(path), "%s/hall.db.sock", folder);
	ck_assert_int_eq(wire_address(path, &at, &dirfd, &fault), ERR_NOT_FOUND);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	ck_assert_int_eq(wire_address(path, &at, &dirfd, &fault), ERR_OK);
	ck_assert_int_eq(bind(server, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(server, 1), 0);
	ck_assert_int_eq(close(dirfd), 0);
	ck_assert_int_eq(wire_address(path, &at, &dirfd, &fault), ERR_OK);
	ck_assert_int_eq(connect(client, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(close(dirfd), 0);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(folder), 0);
	ck_assert_int_eq(rmdir(top), 0);
	(void)snprintf(path, sizeof(path), "/%0200d", 0);
	ck_assert_int_eq(wire_address(path, &at, &dirfd, &fault), ERR_TOO_BIG);
	(void)close(server);
	(void)close(client);
}
END_TEST

SUITE("office/wire", tcase_add_checked_fixture(tc, set_up, tear_down);
      tcase_add_test(tc, texts_come_back_as_they_were);
      tcase_add_test(tc, any_octets_make_a_line_that_can_be_read);
      tcase_add_test(tc, figures_come_back_as_they_were);
      tcase_add_test(tc, what_is_no_answer_is_refused);
      tcase_add_test(tc, the_socket_lies_beside_the_database);
      tcase_add_test(tc, a_long_path_has_an_address);)
