/*
 * test_page.c - the status page: bodies, and every route through a real request.
 */
#include <arpa/inet.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "console/console.h"
#include "support/suite.h"

#define HOSTILE "<script>\"'&</script>"

static struct console_status shown;
static struct event_base *base;
static struct console *console;

static void fill(void *ctx, struct console_status *out)
{
	(void)ctx;
	*out = shown;
}

static bool sick;

static void print_metrics(void *ctx, struct buf *out)
{
	(void)ctx;
	buf_puts(out, STR("# EOF\n"));
}

static bool say_why(void *ctx, struct buf *why)
{
	(void)ctx;
	if (sick)
		buf_puts(why, STR("not bound\n"));
	return !sick;
}

static const struct console_source source = {
	.fill = fill, .metrics = print_metrics, .healthy = say_why, .ready = say_why
};

static void set_up(void)
{
	struct fault fault = { "" };

	shown = (struct console_status){
		.version = "0.1",
		.revision = HOSTILE,
		.store = HOSTILE,
		.uptime_s = 3661,
		.figure = { { "texts", "短信", "texts " HOSTILE, -5 },
		            { "sent", HOSTILE, "sent", INT64_MAX } },
		.n_figures = 2,
		.link = { { HOSTILE, "up", "transceiver", 1, 2 },
		          { "b", HOSTILE, HOSTILE, 3, 4 } },
		.n_links = 2,
		.alarm = { { HOSTILE, HOSTILE, HOSTILE, HOSTILE, 0 } },
		.n_alarms = 1,
		.campaign = { { .code = HOSTILE,
		                .running = true,
		                .targets = 1234,
		                .ordered = 77 },
		              { .code = "C-2" } },
		.n_campaigns = 2,
		.counted_s = 1795050000,
		.stage = { { HOSTILE, 1, 2 } },
		.n_stages = 1,
		.recent = { HOSTILE },
		.n_recent = 1
	};
	base = event_base_new();
	ck_assert_msg(console_create(base, "127.0.0.1", 0, &source, &console, &fault) ==
	                      ERR_OK,
	              "%s", fault.text);
}

static void tear_down(void)
{
	console_destroy(console);
	event_base_free(base);
}

static unsigned count(struct str s, const char *what)
{
	const size_t n = strlen(what);
	unsigned found = 0;

	for (size_t i = 0; i + n <= s.n; i++)
		found += memcmp(s.p + i, what, n) == 0 ? 1 : 0;
	return found;
}

START_TEST(what_others_named_is_escaped)
{
	struct buf b = buf_make(1 << 20);

	console_print_page(&shown, &b);
	ck_assert_uint_eq(count(buf_str(&b), "<script"), 0);
	ck_assert_uint_eq(
		count(buf_str(&b), "&lt;script&gt;&quot;&#39;&amp;&lt;/script&gt;"), 14);
	ck_assert_uint_eq(count(buf_str(&b), "1:01:01"), 1);
	buf_free(&b);
}
END_TEST

START_TEST(campaigns_have_a_row_each)
{
	struct buf b = buf_make(1 << 20);

	console_print_page(&shown, &b);
	ck_assert_uint_eq(count(buf_str(&b), "执行 running"), 1);
	ck_assert_uint_eq(count(buf_str(&b), "<td>C-2</td><td>暂停 paused</td>"), 1);
	ck_assert_uint_eq(count(buf_str(&b), "<td class=\"n\">1234</td>"), 1);
	ck_assert_uint_eq(count(buf_str(&b), "<td class=\"n\">77</td>"), 1);
	buf_reset(&b);
	shown.n_campaigns = 0;
	console_print_page(&shown, &b);
	ck_assert_uint_eq(count(buf_str(&b), "Campaigns"), 0);
	buf_free(&b);
}
END_TEST

START_TEST(the_json_says_the_same)
{
	struct buf b = buf_make(1 << 20);
	json_t *root, *link;

	console_print_json(&shown, &b);
	root = json_loadb(b.p != NULL ? (const char *)b.p : "", b.n, 0, NULL);
	ck_assert_ptr_nonnull(root);
	ck_assert_int_eq(json_integer_value(json_object_get(root, "texts")), -5);
	ck_assert(json_integer_value(json_object_get(root, "sent")) == INT64_MAX);
	ck_assert_str_eq(json_string_value(json_object_get(root, "grammar")), HOSTILE);
	ck_assert_uint_eq(json_array_size(json_object_get(root, "links")), 2);
	link = json_array_get(json_object_get(root, "links"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(link, "name")), HOSTILE);
	ck_assert_int_eq(json_integer_value(json_object_get(link, "window")), 2);
	json_decref(root);
	buf_free(&b);
}
END_TEST

/* ---- requests ---- */

static struct {
	struct buf *out;
	bool ended, late;
} reading;

static void on_readable(evutil_socket_t fd, short what, void *ctx)
{
	char octets[4096];
	const ssize_t n = (what & EV_READ) != 0 ? read(fd, octets, sizeof(octets)) : -1;

	(void)ctx;
	reading.late = n < 0;
	reading.ended = n <= 0;
	if (n > 0)
		buf_put(reading.out, octets, (size_t)n);
}

/* What the server says to request, up to its end. */
static void ask(const char *request, struct buf *out)
{
	const struct sockaddr_in at = { .sin_family = AF_INET,
		                        .sin_port = htons(
						(uint16_t)console_port(console)),
		                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	const struct timeval generous = { .tv_sec = GENEROUS_S };
	struct event *readable;

	ck_assert_int_eq(connect(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(write(fd, request, strlen(request)), (ssize_t)strlen(request));
	memset(&reading, 0, sizeof(reading));
	reading.out = out;
	readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, NULL);
	(void)event_add(readable, &generous);
	while (!reading.ended)
		(void)event_base_loop(base, EVLOOP_ONCE);
	ck_assert(!reading.late);
	event_free(readable);
	(void)close(fd);
}

static const struct {
	const char *method, *path;
	bool sick;
	const char *status, *body; /* a part of each; body NULL: there is none */
} requests[] = {
	{ "GET", "/", false, "HTTP/1.1 200 ", "<!doctype html>" },
	{ "GET", "/?x=<script>", false, "HTTP/1.1 200 ", "<!doctype html>" },
	{ "GET", "/status.json", false, "HTTP/1.1 200 ", "\"uptime_s\":3661" },
	{ "GET", "/healthz", false, "HTTP/1.1 200 ", "ok" },
	{ "GET", "/healthz", true, "HTTP/1.1 503 ", "not bound" },
	{ "GET", "/readyz", false, "HTTP/1.1 200 ", "ok" },
	{ "GET", "/readyz", true, "HTTP/1.1 503 ", "not bound" },
	{ "GET", "/metrics", false, "HTTP/1.1 200 ", "# EOF\n" },
	{ "GET", "/nothing<script>", false, "HTTP/1.1 404 ", "not found" },
	{ "GET", "/../etc/passwd", false, "HTTP/1.1 404 ", "not found" },
	{ "HEAD", "/", false, "HTTP/1.1 200 ", NULL },
	{ "POST", "/", false, "HTTP/1.1 405 ", "only GET" },
	{ "DELETE", "/status.json", false, "HTTP/1.1 405 ", "only GET" },
};

START_TEST(every_answer_carries_the_headers)
{
	static const char *const headers[] = {
		"\r\nContent-Security-Policy: default-src 'none';",
		"\r\nX-Content-Type-Options: nosniff\r\n",
		"\r\nReferrer-Policy: no-referrer\r\n",
		"\r\nCache-Control: no-store\r\n",
		"\r\nContent-Type: ",
	};
	struct buf answer = buf_make(1 << 20);
	struct str said;
	const char *body;
	char request[256];

	sick = requests[_i].sick;
	(void)snprintf(
		request, sizeof(request),
		"%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
		requests[_i].method, requests[_i].path);
	ask(request, &answer);
	said = buf_str(&answer);
	ck_assert_msg(str_starts(said, str_of(requests[_i].status)), "%.*s",
	              STR_ARG(said));
	for (size_t i = 0; i < COUNT_OF(headers); i++)
		ck_assert_msg(count(said, headers[i]) == 1, "%s in %.*s", headers[i],
		              STR_ARG(said));
	buf_putc(&answer, '\0');
	body = strstr((const char *)answer.p, "\r\n\r\n");
	ck_assert_ptr_nonnull(body);
	if (requests[_i].body != NULL)
		ck_assert_ptr_nonnull(strstr(body, requests[_i].body));
	else
		ck_assert_str_eq(body, "\r\n\r\n");
	if (count(said, "application/json") == 0)
		ck_assert_uint_eq(count(said, "<script"), 0);
	buf_free(&answer);
}
END_TEST

/* Too much of it is refused, and the next one is served. */
START_TEST(an_endless_header_is_cut_off)
{
	struct buf answer = buf_make(1 << 20);
	char request[20000] = "GET / HTTP/1.1\r\nX: ";
	const size_t n = strlen(request);

	(void)memset(request + n, 'x', sizeof(request) - n - 1);
	request[sizeof(request) - 1] = '\0';
	ask(request, &answer);
	ck_assert(!str_starts(buf_str(&answer), STR("HTTP/1.1 200")));
	buf_reset(&answer);
	ask("GET /healthz HTTP/1.0\r\n\r\n", &answer);
	ck_assert_uint_eq(count(buf_str(&answer), "ok\n"), 1);
	buf_free(&answer);
}
END_TEST

START_TEST(a_port_that_is_taken_is_named)
{
	struct fault fault = { "" };
	struct console *second;
	char port[16];

	(void)snprintf(port, sizeof(port), ":%d", console_port(console));
	ck_assert_int_eq(console_create(base, "127.0.0.1", console_port(console), &source,
	                                &second, &fault),
	                 ERR_IO);
	ck_assert_ptr_nonnull(strstr(fault.text, port));
	ck_assert_ptr_nonnull(strstr(fault.text, "http.port"));
}
END_TEST

SUITE("console/page", {
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, what_others_named_is_escaped);
	tcase_add_test(tc, campaigns_have_a_row_each);
	tcase_add_test(tc, the_json_says_the_same);
	tcase_add_loop_test(tc, every_answer_carries_the_headers, 0, COUNT_OF(requests));
	tcase_add_test(tc, an_endless_header_is_cut_off);
	tcase_add_test(tc, a_port_that_is_taken_is_named);
})
