/*
 * console.c - the HTTP side of console.h.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>

#include "base/alloc.h"
#include "base/openmetrics.h"
#include "console_priv.h"

enum {
	BODY_MAX = 1 << 20,
	HEADERS_MAX = 8192, /* octets of a request's headers */
	/* All that libevent knows: what is not served is refused by on_request(). */
	METHODS = EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |
	          EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE |
	          EVHTTP_REQ_PATCH
};

struct console {
	struct guard *guard;
	struct evhttp *http;
	struct evhttp_bound_socket *socket;
	struct console_source source;
};

#define TEXT_PLAIN "text/plain; charset=utf-8"

/* Its print writes the body and gives the status. */
struct route {
	const char *path, *type;
	int (*print)(const struct console_source *source, struct buf *out);
};

static int print_page(const struct console_source *source, struct buf *out)
{
	struct console_status status = { .n_links = 0 };

	source->fill(source->ctx, &status);
	console_print_page(&status, out);
	return HTTP_OK;
}

static int print_json(const struct console_source *source, struct buf *out)
{
	struct console_status status = { .n_links = 0 };

	source->fill(source->ctx, &status);
	console_print_json(&status, out);
	return HTTP_OK;
}

static int print_metrics(const struct console_source *source, struct buf *out)
{
	source->metrics(source->ctx, out);
	return HTTP_OK;
}

static int print_verdict(bool good, struct buf *out)
{
	if (!good)
		return HTTP_SERVUNAVAIL;
	buf_puts(out, STR("ok\n"));
	return HTTP_OK;
}

static int print_health(const struct console_source *source, struct buf *out)
{
	return print_verdict(source->healthy(source->ctx, out), out);
}

static int print_ready(const struct console_source *source, struct buf *out)
{
	return print_verdict(source->ready(source->ctx, out), out);
}

static const struct route routes[] = {
	{ "/", "text/html; charset=utf-8", print_page },
	{ "/status.json", "application/json", print_json },
	{ "/metrics", OPENMETRICS_TYPE, print_metrics },
	{ "/healthz", TEXT_PLAIN, print_health },
	{ "/readyz", TEXT_PLAIN, print_ready },
};

static void add_headers(struct evhttp_request *request, const char *type)
{
	static const char *const headers[][2] = {
		{ "Content-Security-Policy",
		  "default-src 'none'; style-src 'unsafe-inline'; "
		  "base-uri 'none'; frame-ancestors 'none'" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "Referrer-Policy", "no-referrer" },
		{ "Cache-Control", "no-store" },
		{ "Connection", "close" },
	};
	struct evkeyvalq *out = evhttp_request_get_output_headers(request);

	(void)evhttp_add_header(out, "Content-Type", type);
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		(void)evhttp_add_header(out, headers[i][0], headers[i][1]);
}

static const struct route *find(const char *path)
{
	for (size_t i = 0; path != NULL && i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (strcmp(routes[i].path, path) == 0)
			return &routes[i];
	}
	return NULL;
}

/* Every answer, also of what there is not, carries the headers. */
static void send_reply(struct evhttp_request *request, int code, const char *type,
                       const struct buf *body)
{
	add_headers(request, type);
	/* libevent would send it behind the headers of a HEAD, too. */
	if (evhttp_request_get_command(request) != EVHTTP_REQ_HEAD)
		(void)evbuffer_add(evhttp_request_get_output_buffer(request), body->p,
		                   body->n);
	evhttp_send_reply(request, code, NULL, NULL);
}

static void on_request(struct evhttp_request *request, void *ctx)
{
	const struct console *c = ctx;
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	const struct route *r = find(uri != NULL ? evhttp_uri_get_path(uri) : NULL);
	const enum evhttp_cmd_type method = evhttp_request_get_command(request);
	const char *type = TEXT_PLAIN;
	struct buf body = buf_make(BODY_MAX);
	int code = HTTP_NOTFOUND;

	if (method != EVHTTP_REQ_GET && method != EVHTTP_REQ_HEAD) {
		code = HTTP_BADMETHOD;
		buf_puts(&body, STR("only GET and HEAD\n"));
	} else if (r == NULL) {
		buf_puts(&body, STR("not found; there are / /status.json /metrics "
		                    "/healthz /readyz\n"));
	} else {
		type = r->type;
		code = r->print(&c->source, &body);
	}
	send_reply(request, code, type, &body);
	buf_free(&body);
}

enum err console_create(struct event_base *base, const char *listen, int port,
                        const struct console_source *source, struct console **out,
                        struct fault *fault)
{
	struct console *c = xcalloc(1, sizeof(*c));

	c->source = *source;
	c->http = evhttp_new(base);
	if (c->http != NULL)
		c->socket = evhttp_bind_socket_with_handle(c->http, listen,
		                                           (ev_uint16_t)port);
	if (c->socket == NULL) {
		fault_set(fault,
		          "cannot listen on %s:%d for the status page: %s; set another "
		          "http.port, an address of this machine as http.listen, or "
		          "http.listen = \"\" to do without",
		          listen, port,
		          evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
		console_destroy(c);
		return ERR_IO;
	}
	evhttp_set_allowed_methods(c->http, METHODS);
	evhttp_set_max_headers_size(c->http, HEADERS_MAX);
	evhttp_set_max_body_size(c->http, 0);
	evhttp_set_timeout(c->http, CONSOLE_SECONDS);
	evhttp_set_gencb(c->http, on_request, c);
	c->guard = guard_create(base, c->http,
	                        evhttp_bound_socket_get_listener(c->socket));
	*out = c;
	return ERR_OK;
}

void console_destroy(struct console *c)
{
	if (c == NULL)
		return;
	guard_stop(c->guard);
	if (c->http != NULL)
		evhttp_free(c->http);
	guard_destroy(c->guard);
	free(c);
}

unsigned console_connections(const struct console *c)
{
	return guard_count(c->guard);
}

int console_port(const struct console *c)
{
	struct sockaddr_storage a;
	socklen_t n = sizeof(a);

	if (getsockname(evhttp_bound_socket_get_fd(c->socket), (struct sockaddr *)&a,
	                &n) != 0)
		return 0;
	if (a.ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)(const void *)&a)->sin6_port);
	return ntohs(((const struct sockaddr_in *)(const void *)&a)->sin_port);
}
