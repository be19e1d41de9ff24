/*
 * capture.c - see link/capture.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "link/capture.h"

struct capture {
	const struct log *log;
	char *path, *older; /* older: path with ".1" */
	int fd;             /* -1: ended after a failure */
	int64_t octets, max;
	struct buf lines; /* of one piece */
};

struct tap {
	struct capture *capture;
	const char *link;
	struct smpp_cutter way[2];
};

static int open_file(struct capture *c)
{
	struct stat st;

	c->fd = open(c->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	             0600);
	if (c->fd < 0 || fstat(c->fd, &st) != 0)
		return errno;
	c->octets = st.st_size;
	return 0;
}

enum err capture_open(const char *path, int64_t max_octets, const struct log *log,
                      struct capture **out, struct fault *fault)
{
	struct capture *c = xcalloc(1, sizeof(*c));
	int error;

	c->log = log;
	c->max = max_octets;
	c->path = xstrndup(str_of(path));
	c->older = xcalloc(1, strlen(path) + sizeof(".1"));
	memcpy(c->older, path, strlen(path));
	memcpy(c->older + strlen(path), ".1", sizeof(".1"));
	c->lines = buf_make(SIZE_MAX / 2);
	error = open_file(c);
	if (error == 0) {
		*out = c;
		return ERR_OK;
	}
	fault_set(fault, "capture.file \"%s\" cannot be written: %s", path,
	          strerror(error));
	capture_close(c);
	return ERR_IO;
}

void capture_close(struct capture *c)
{
	if (c == NULL)
		return;
	if (c->fd >= 0)
		(void)close(c->fd);
	buf_free(&c->lines);
	free(c->path);
	free(c->older);
	free(c);
}

static void give_up(struct capture *c, int error)
{
	LOG(c->log, LOG_ERROR, "capture.ends", "file=%s reason=\"%s\"", c->path,
	    strerror(error));
	if (c->fd >= 0)
		(void)close(c->fd);
	c->fd = -1;
}

static void rotate(struct capture *c)
{
	int error;

	(void)close(c->fd);
	error = rename(c->path, c->older) == 0 ? open_file(c) : errno;
	if (error != 0)
		give_up(c, error);
}

static void write_lines(struct capture *c)
{
	const struct span all = buf_span(&c->lines);
	struct span rest = all;

	if (c->fd >= 0 && c->octets > 0 && c->octets + (int64_t)all.n > c->max)
		rotate(c);
	while (rest.n > 0 && c->fd >= 0) {
		const ssize_t n = write(c->fd, rest.p, rest.n);

		if (n < 0 && errno != EINTR)
			give_up(c, errno);
		else if (n > 0)
			rest = span_skip(rest, (size_t)n);
	}
	c->octets += (int64_t)all.n;
	buf_reset(&c->lines);
}

static int64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void capture_deed(struct capture *c, struct str words)
{
	if (c == NULL)
		return;
	smpp_capture_put_deed(now_ms(), words, &c->lines);
	write_lines(c);
}

/* ---- taps ---- */

struct tap *tap_create(struct capture *c, const char *link)
{
	struct tap *t = xcalloc(1, sizeof(*t));

	*t = (struct tap){ c, link, { smpp_cutter_make(), smpp_cutter_make() } };
	return t;
}

void tap_destroy(struct tap *t)
{
	if (t == NULL)
		return;
	smpp_cutter_free(&t->way[0]);
	smpp_cutter_free(&t->way[1]);
	free(t);
}

void tap_octets(struct tap *t, bool out, struct span octets)
{
	struct smpp_captured c = { .link = str_of(t->link), .out = out };

	if (t->capture->fd < 0)
		return;
	c.at_ms = now_ms();
	while (smpp_cut(&t->way[out ? 1 : 0], &octets, &c.pdu))
		smpp_capture_put(&c, &t->capture->lines);
	write_lines(t->capture);
}
