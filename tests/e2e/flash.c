/*
 * flash.c - 10,000 numbers want one of 500 at once: an SMSC of its own for the running
 * gateway, and the audit behind it.  tests/e2e/flash is the frame.
 *
 * usage: flash serve NUMBERS     prints its port; each number asks, all confirm at once
 *        flash audit URL STOCK
 *
 * serve: every number sends MSTV1 and is asked for a confirmation; when all are, each
 * sends the number that it was asked for.  It ends when everybody has his two answers.
 * audit: of those who confirmed, the first STOCK by arrival (the inbox) and nobody else
 * have one, the stock is 0, and each sale is one order and one charge.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "store/inspect.h"

#define FIRST INT64_C(13800000000)

enum {
	HEAD = 16, /* octets of a PDU's header */
	PDU_MAX = 4096,
	WINDOW = 100,    /* texts without response */
	SILENCE_S = 120, /* of the gateway: give up */
	BIND_TRANSCEIVER = 9,
	SUBMIT = 4,
	DELIVER = 5,
	ENQUIRE = 0x15,
	UCS2 = 8,
	WITH_UDH = 0x40
};
#define RESPONSE 0x80000000U

static void die(const char *why)
{
	(void)fprintf(stderr, "flash: %s\n", why);
	exit(EXIT_FAILURE);
}

/* ---- the SMSC ---- */

struct phone {
	unsigned nonce;   /* asked for; 0: not yet */
	unsigned answers; /* whole messages: first parts */
};

struct smsc {
	int fd;
	unsigned n, sent, unanswered, asked, confirmed, answered;
	struct phone *phone;
	int64_t began_us, took_us; /* of the confirmations */
	uint8_t in[1 << 16];
	size_t n_in;
};

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static void send_pdu(struct smsc *s, uint32_t id, uint32_t seq, const void *body,
                     size_t n)
{
	uint8_t pdu[PDU_MAX];
	size_t done = 0;

	put32(pdu, (uint32_t)(HEAD + n));
	put32(pdu + 4, id);
	put32(pdu + 8, 0);
	put32(pdu + 12, seq);
	memcpy(pdu + HEAD, body, n);
	while (done < HEAD + n) {
		const ssize_t w = write(s->fd, pdu + done, HEAD + n - done);

		if (w <= 0)
			die("the gateway has closed the link");
		done += (size_t)w;
	}
}

/* From phone i to 10086, in the SMSC's default alphabet. */
static void send_text(struct smsc *s, unsigned i, const char *text)
{
	uint8_t body[256] = { 0 };
	char number[24];
	size_t n = 1;

	(void)snprintf(number, sizeof(number), "%" PRId64, FIRST + i);
	body[n++] = 1;
	body[n++] = 1;
	memcpy(body + n, number, strlen(number) + 1);
	n += strlen(number) + 1;
	body[n++] = 0;
	body[n++] = 1;
	memcpy(body + n, "10086", 6);
	n += 6;
	n += 9; /* class, protocol, priority, times, flags, coding, id: all 0 */
	body[n++] = (uint8_t)strlen(text);
	memcpy(body + n, text, strlen(text));
	send_pdu(s, DELIVER, ++s->sent, body, n + strlen(text));
	s->unanswered++;
}

/* Behind a word that asks for it: 回复, 回覆 or "Reply ", two digits. */
static unsigned nonce_in(const uint8_t *text, size_t n)
{
	static const uint8_t words[][4] = { { 0x56, 0xde, 0x59, 0x0d },
		                            { 0x56, 0xde, 0x89, 0x86 } };

	for (size_t i = 0; i + 8 <= n; i++) {
		const bool zh = memcmp(text + i, words[0], 4) == 0 ||
		                memcmp(text + i, words[1], 4) == 0;
		const uint8_t *d = text + i + 4;

		if (zh && d[0] == 0 && d[2] == 0 && d[1] >= '0' && d[1] <= '9' &&
		    d[3] >= '0' && d[3] <= '9')
			return (unsigned)(10 * (d[1] - '0') + d[3] - '0');
		if (memcmp(text + i, "Reply ", 6) == 0 && text[i + 6] >= '0' &&
		    text[i + 6] <= '9')
			return (unsigned)(10 * (text[i + 6] - '0') + text[i + 7] - '0');
	}
	return 0;
}

static const uint8_t *skip_word(const uint8_t *p, const uint8_t *end)
{
	while (p < end && *p != 0)
		p++;
	return p + 1;
}

/* Of a message in parts only the first counts as one, any may hold the number. */
static void take_submit(struct smsc *s, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *from = skip_word(p, end) + 2, *to = skip_word(from, end) + 2;
	const int64_t i = strtoll((const char *)to, NULL, 10) - FIRST;
	const uint8_t *q = skip_word(to, end), *text;
	const bool udh = (q[0] & WITH_UDH) != 0;
	struct phone *phone;
	unsigned nonce;
	bool first;

	if (i < 0 || i >= s->n)
		die("an answer to nobody");
	phone = &s->phone[i];
	q = skip_word(skip_word(q + 3, end), end); /* its two times */
	text = q + 5;
	first = !udh || text[text[0]] == 1;
	nonce = nonce_in(text, q[4]);
	phone->answers += first;
	s->answered += first;
	if (nonce != 0 && phone->nonce == 0 && phone->answers <= 1) {
		phone->nonce = nonce;
		s->asked++;
	}
}

static void take_pdu(struct smsc *s, const uint8_t *pdu, uint32_t size)
{
	const uint32_t id = get32(pdu + 4), seq = get32(pdu + 12);

	if (id == (DELIVER | RESPONSE)) {
		if (get32(pdu + 8) != 0)
			die("a text was refused");
		s->unanswered--;
	} else if (id == BIND_TRANSCEIVER) {
		send_pdu(s, id | RESPONSE, seq, "flash", 6);
	} else if (id == SUBMIT) {
		take_submit(s, pdu + HEAD, pdu + size);
		send_pdu(s, id | RESPONSE, seq, "1", 2);
	} else if ((id & RESPONSE) == 0) {
		send_pdu(s, id | RESPONSE, seq, "", 0);
	}
}

static void take_all(struct smsc *s)
{
	size_t at = 0;

	while (s->n_in - at >= HEAD && s->n_in - at >= get32(s->in + at)) {
		take_pdu(s, s->in + at, get32(s->in + at));
		at += get32(s->in + at);
	}
	memmove(s->in, s->in + at, s->n_in - at);
	s->n_in -= at;
}

static void wait_for_gateway(struct smsc *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, SILENCE_S * 1000) != 1)
		die("the gateway says nothing any more");
	n = read(s->fd, s->in + s->n_in, sizeof(s->in) - s->n_in);
	if (n <= 0)
		die("the gateway has closed the link");
	s->n_in += (size_t)n;
	take_all(s);
}

static void confirm(struct smsc *s, unsigned i)
{
	char nonce[16];

	if (s->phone[i].nonce == 0)
		return;
	(void)snprintf(nonce, sizeof(nonce), "%u", s->phone[i].nonce);
	send_text(s, i, nonce);
	s->confirmed++;
}

static void talk(struct smsc *s)
{
	const int64_t began = clock_machine().mono_us;

	for (unsigned i = 0; i < s->n; i++) {
		while (s->unanswered >= WINDOW)
			wait_for_gateway(s);
		send_text(s, i, "MSTV1");
	}
	while (s->answered < s->n)
		wait_for_gateway(s);
	s->began_us = clock_machine().mono_us;
	for (unsigned i = 0; i < s->n; i++) {
		while (s->unanswered >= WINDOW)
			wait_for_gateway(s);
		confirm(s, i);
	}
	while (s->answered < s->n + s->confirmed)
		wait_for_gateway(s);
	s->took_us = clock_machine().mono_us;
	(void)printf("flash: %u numbers asked in %.1f s, %u confirmed in %.1f s, all "
	             "answered\n",
	             s->n, (double)(s->began_us - began) / 1e6, s->confirmed,
	             (double)(s->took_us - s->began_us) / 1e6);
	for (unsigned i = 0; i < s->n; i++)
		if (s->phone[i].answers != 1U + (s->phone[i].nonce != 0))
			die("somebody was answered twice, or not at all");
}

static void serve(unsigned n)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(a);
	struct smsc *s = xcalloc(1, sizeof(*s));
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	s->n = n;
	s->phone = xcalloc(n, sizeof(*s->phone));
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(fd, 1) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &size) != 0)
		die("cannot listen");
	(void)printf("%d\n", ntohs(a.sin_port));
	(void)fflush(stdout);
	s->fd = accept(fd, NULL, NULL);
	wait_for_gateway(s); /* its bind */
	talk(s);
	(void)close(s->fd);
	(void)close(fd);
	free(s->phone);
	free(s);
}

/* ---- the audit ---- */

static int64_t value(const struct store_table *t, size_t row, const char *column)
{
	int64_t v = 0;

	for (size_t i = 0; i < t->n_columns; i++)
		if (str_eq(t->column[i], str_of(column)) &&
		    str_i64(t->value[row * t->n_columns + i], &v) == ERR_OK)
			return v;
	die("the store has no such column");
	return 0;
}

static void read_table(struct store *s, const char *name, struct arena *a,
                       struct store_table *out)
{
	if (store_inspect(s, name, a, out) != ERR_OK)
		die(store_fault(s));
}

/* Rows of sales by arrival: the first `stock` of them bought, the others came too late. */
static void check_sales(const struct store_table *sale, unsigned stock)
{
	int64_t last = 0;

	if (sale->n_rows < stock)
		die("fewer were sold than there are");
	for (size_t i = 0; i < sale->n_rows; i++) {
		const bool sold = value(sale, i, "order_id") != 0;

		if (value(sale, i, "inbox") <= last)
			die("the audit is not in the order of arrival");
		last = value(sale, i, "inbox");
		if (sold != (i < stock))
			die("somebody who came later has what an earlier one has not");
		if (value(sale, i, "remaining") != (sold ? stock - 1 - (int64_t)i : 0))
			die("the audit does not say how many are left");
	}
}

static void audit(const char *url, unsigned stock)
{
	struct arena a = arena_make((size_t)1 << 30);
	struct store_table sale, shelf, order, ledger;
	struct fault fault = { .text = "" };
	struct store *s;

	if (store_open(url, STORE_OPEN, &s, &fault) != ERR_OK)
		die(fault.text);
	read_table(s, "tool_sale", &a, &sale);
	read_table(s, "tool_stock", &a, &shelf);
	read_table(s, "service_order", &a, &order);
	read_table(s, "ledger", &a, &ledger);
	check_sales(&sale, stock);
	if (shelf.n_rows != 1 || value(&shelf, 0, "sold") != stock)
		die("the stock is not exactly sold out");
	if (order.n_rows != stock || ledger.n_rows != stock)
		die("not each sale is one order and one charge");
	(void)printf("flash: %u sold to the first %u of %zu\n", stock, stock,
	             sale.n_rows);
	store_close(s);
	arena_free(&a);
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "serve") == 0)
		serve((unsigned)strtoul(argv[2], NULL, 10));
	else if (argc == 4 && strcmp(argv[1], "audit") == 0)
		audit(argv[2], (unsigned)strtoul(argv[3], NULL, 10));
	else
		die("usage: flash serve NUMBERS | flash audit URL STOCK");
	return EXIT_SUCCESS;
}
