/*
 * bench_link.c - what a PDU costs in a conn: socket, session and loop, both ends.
 *
 * An SMSC and an ESME in one thread over TCP on loopback.  The SMSC keeps its window of
 * deliver_sm full; the ESME acknowledges each and answers with a submit_sm, which is
 * acknowledged: four PDUs a text, each written once and read once.
 *
 * usage: bench_link [TEXTS [WINDOW]]
 */
#include <arpa/inet.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "link/conn.h"

enum {
	PDUS = 4 /* a text */
};

struct bench {
	struct event_base *base;
	struct clock clock;
	struct conn *smsc, *esme;
	unsigned long texts, sent, done, batches;
};

static struct span text_of(const char *c)
{
	return (struct span){ (const uint8_t *)c, strlen(c) };
}

static bool request(struct bench *b, struct conn *c, uint32_t command_id)
{
	const union smpp_body body = { .deliver_sm = {
					       .source_addr = text_of("8613800001234"),
					       .destination_addr = text_of("10086"),
					       .short_message = text_of("CXYE") } };

	return smpp_session_request(conn_session(c), command_id, &body, 0,
	                            clock_ms(&b->clock)) == ERR_OK;
}

static void fill_window(struct bench *b)
{
	while (b->sent < b->texts && request(b, b->smsc, SMPP_DELIVER_SM))
		b->sent++;
	conn_flush(b->smsc);
}

static void smsc_event(void *ctx, struct conn *c, const struct smpp_event *ev)
{
	struct bench *b = ctx;

	if (ev->kind == SMPP_EVENT_BIND)
		smpp_session_accept(conn_session(c), ev->sequence, 0, STR("bench"));
	if (ev->kind != SMPP_EVENT_REQUEST)
		return;
	smpp_session_respond(conn_session(c), ev->command_id, ev->sequence, 0, NULL);
	if (++b->done == b->texts)
		(void)event_base_loopbreak(b->base);
}

static void esme_event(void *ctx, struct conn *c, const struct smpp_event *ev)
{
	struct bench *b = ctx;

	if (ev->kind != SMPP_EVENT_REQUEST)
		return;
	smpp_session_respond(conn_session(c), ev->command_id, ev->sequence, 0, NULL);
	(void)request(b, c, SMPP_SUBMIT_SM);
}

static void smsc_batch_end(void *ctx, struct conn *c)
{
	struct bench *b = ctx;

	(void)c;
	b->batches++;
	fill_window(b);
}

static const struct conn_ops smsc_ops = { .event = smsc_event,
	                                  .batch_end = smsc_batch_end };
static const struct conn_ops esme_ops = { .event = esme_event };

/* The two ends of a TCP connection on loopback. */
static void tcp_pair(int fd[2])
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	const int listener = socket(AF_INET, SOCK_STREAM, 0);

	fd[1] = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&at, n) != 0 || listen(listener, 1) != 0 ||
	    getsockname(listener, (struct sockaddr *)&at, &n) != 0 ||
	    connect(fd[1], (struct sockaddr *)&at, n) != 0) {
		perror("bench_link");
		exit(1);
	}
	fd[0] = accept(listener, NULL, NULL);
}

static double cpu_s(int user_only)
{
	struct rusage r;

	(void)getrusage(RUSAGE_SELF, &r);
	return (double)r.ru_utime.tv_sec + (double)r.ru_utime.tv_usec / 1e6 +
	       (user_only != 0
	                ? 0
	                : (double)r.ru_stime.tv_sec + (double)r.ru_stime.tv_usec / 1e6);
}

int main(int argc, char **argv)
{
	struct bench b = { .base = event_base_new(),
		           .clock = clock_machine(),
		           .texts = argc > 1 ? strtoul(argv[1], NULL, 10) : 500000 };
	struct smpp_session_conf conf = smpp_session_defaults();
	double pdus, all, user;
	int fd[2];

	tcp_pair(fd);
	conf.window = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 100;
	b.esme = conn_create(b.base, fd[1], &conf, &esme_ops, &b, &b.clock);
	conf.role = SMPP_SMSC;
	b.smsc = conn_create(b.base, fd[0], &conf, &smsc_ops, &b, &b.clock);
	all = cpu_s(0);
	user = cpu_s(1);
	(void)event_base_dispatch(b.base);
	all = cpu_s(0) - all;
	user = cpu_s(1) - user;
	pdus = (double)(b.texts * PDUS);
	(void)printf("%lu texts, %.0f PDUs, window %u: %.2f us CPU a PDU (%.2f user), "
	             "%.0f PDUs a CPU second, %.1f texts a read\n",
	             b.texts, pdus, conf.window, all / pdus * 1e6, user / pdus * 1e6,
	             pdus / all, (double)b.texts / (double)b.batches);
	conn_destroy(b.esme);
	conn_destroy(b.smsc);
	event_base_free(b.base);
	return 0;
}
