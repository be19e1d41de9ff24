/*
 * wire.c - see office/wire.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>

#include <jansson.h>

#include "office/wire.h"
#include "text/quote.h"

#define SCHEME "sqlite:"

/* ---- lines ---- */

void wire_put(struct buf *out, const struct wire *w)
{
	switch (w->kind) {
	case WIRE_LINE:
	case WIRE_ERROR:
		buf_printf(out, "{\"%s\":", w->kind == WIRE_LINE ? "line" : "error");
		quote_put(out, w->text);
		break;
	case WIRE_PROGRESS:
		buf_printf(out, "{\"progress\":[%lld,%lld,%lld]", (long long)w->done,
		           (long long)w->total, (long long)w->rows);
		break;
	case WIRE_OK:
		buf_puts(out, STR("{\"ok\":true"));
		break;
	}
	buf_puts(out, STR("}\n"));
}

static bool read_text(const json_t *o, const char *key, struct arena *a, struct str *out)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_string(v))
		return false;
	*out = arena_str(a, (struct str){ json_string_value(v), json_string_length(v) });
	return true;
}

static bool read_progress(const json_t *o, struct wire *out)
{
	const json_t *v = json_object_get(o, "progress");
	int64_t *const to[] = { &out->done, &out->total, &out->rows };

	if (json_array_size(v) != 3)
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (!json_is_integer(json_array_get(v, i)))
			return false;
		*to[i] = json_integer_value(json_array_get(v, i));
	}
	return true;
}

enum err wire_read(struct str line, struct arena *a, struct wire *out)
{
	json_t *o = json_loadb(line.p, line.n, 0, NULL);
	struct wire w = { .kind = WIRE_OK };
	bool good = true;

	if (read_text(o, "line", a, &w.text))
		w.kind = WIRE_LINE;
	else if (read_text(o, "error", a, &w.text))
		w.kind = WIRE_ERROR;
	else if (read_progress(o, &w))
		w.kind = WIRE_PROGRESS;
	else
		good = json_is_true(json_object_get(o, "ok"));
	json_decref(o);
	if (!good)
		return ERR_SYNTAX;
	*out = w;
	return ERR_OK;
}

/* ---- where it is ---- */

bool wire_path(const char *url, struct buf *out)
{
	const struct str scheme = STR(SCHEME), s = str_of(url);

	if (!str_starts(s, scheme) || strcmp(url, SCHEME ":memory:") == 0)
		return false;
	buf_printf(out, "%s.sock", url + scheme.n);
	return true;
}

enum err wire_address(const char *path, struct sockaddr_un *out, int *dirfd,
                      struct fault *fault)
{
	const char *name = strrchr(path, '/');
	char folder[4096] = "";
	int fd;

	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	*dirfd = -1;
	if (strlen(path) < sizeof(out->sun_path)) {
		memcpy(out->sun_path, path, strlen(path));
		return ERR_OK;
	}
	name = name != NULL ? name + 1 : path;
	if ((size_t)(name - path) >= sizeof(folder) || strlen(name) > 64) {
		fault_set(fault,
		          "%s: too long a name for a socket: expected 64 octets "
		          "at most behind the last /",
		          path);
		return ERR_TOO_BIG;
	}
	memcpy(folder, path, (size_t)(name - path));
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		fault_set(fault, "%s: %s", folder, strerror(errno));
		return ERR_NOT_FOUND;
	}
	(void)snprintf(out->sun_path, sizeof(out->sun_path), "/proc/self/fd/%d/%.64s", fd,
	               name);
	*dirfd = fd;
	return ERR_OK;
}
