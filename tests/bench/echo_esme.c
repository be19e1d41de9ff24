/*
 * echo_esme.c - the yardstick of end-to-end figures: an ESME on this project's codec
 * and session that answers every deliver_sm with its own text, and does nothing else.
 *
 * usage: echo_esme PORT      (of an SMSC on 127.0.0.1)
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "smpp/session.h"

/* The judge may still be starting: tries for five seconds. */
static int dial(int port)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
		                        .sin_port = htons((uint16_t)port),
		                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int one = 1;

	for (int attempt = 0; attempt < 500; attempt++) {
		const int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (fd >= 0 &&
		    connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0) {
			(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
			return fd;
		}
		(void)close(fd);
		(void)poll(NULL, 0, 10);
	}
	perror("echo_esme");
	exit(EXIT_FAILURE);
}

static void answer(struct smpp_session *s, const struct smpp_event *ev, int64_t now_ms)
{
	const struct smpp_deliver_sm *in = &ev->body->deliver_sm;
	const union smpp_body out = { .submit_sm = {
					      .source_addr_ton = in->dest_addr_ton,
					      .source_addr_npi = in->dest_addr_npi,
					      .source_addr = in->destination_addr,
					      .dest_addr_ton = in->source_addr_ton,
					      .dest_addr_npi = in->source_addr_npi,
					      .destination_addr = in->source_addr,
					      .data_coding = in->data_coding,
					      .short_message = in->short_message } };

	smpp_session_respond(s, ev->command_id | SMPP_RESP, ev->sequence, 0, NULL);
	if (smpp_session_request(s, SMPP_SUBMIT_SM, &out, 0, now_ms) != ERR_OK)
		(void)fputs("echo_esme: window full, a text stays unanswered\n", stderr);
}

static void flush(struct smpp_session *s, int fd)
{
	struct span out = smpp_session_output(s);

	while (out.n > 0) {
		const ssize_t n = write(fd, out.p, out.n);

		if (n <= 0)
			exit(EXIT_SUCCESS);
		smpp_session_sent(s, (size_t)n);
		out = smpp_session_output(s);
	}
}

int main(int argc, char **argv)
{
	static uint8_t in[1 << 17];
	struct smpp_session_conf conf = smpp_session_defaults();
	struct clock clock = clock_machine();
	const int fd = dial(argc > 1 ? (int)strtol(argv[1], NULL, 10) : 2775);
	struct smpp_session *s;
	size_t held = 0;

	conf.system_id = STR("hall");
	conf.password = STR("secret");
	conf.window = 1000;
	s = smpp_session_create(&conf, clock_ms(&clock));
	for (;;) {
		struct smpp_event ev;
		struct span rest;
		ssize_t n;

		flush(s, fd);
		n = read(fd, in + held, sizeof(in) - held);
		if (n <= 0)
			break;
		clock_read(&clock);
		rest = (struct span){ in, held + (size_t)n };
		for (;;) {
			smpp_session_input(s, &rest, clock_ms(&clock), &ev);
			if (ev.kind == SMPP_EVENT_NONE || ev.kind == SMPP_EVENT_CLOSED)
				break;
			if (ev.kind == SMPP_EVENT_REQUEST &&
			    ev.command_id == SMPP_DELIVER_SM)
				answer(s, &ev, clock_ms(&clock));
		}
		held = rest.n;
		memmove(in, rest.p, rest.n);
	}
	smpp_session_destroy(s);
	return EXIT_SUCCESS;
}
