/*
 * pepper.c - see office/pepper.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "office/pepper.h"

enum {
	HEX = 2 * PIN_PEPPER /* digits, with a newline behind */
};

void pepper_path(const char *file, const char *db, struct buf *out)
{
	if (file[0] != '\0')
		buf_puts(out, str_of(file));
	else
		buf_printf(out, "%s.pepper", db);
}

static enum err read_digits(int fd, const char *path, uint8_t out[static PIN_PEPPER],
                            struct fault *fault)
{
	char text[HEX + 2];
	struct stat st;
	size_t n = 0;
	ssize_t got = -1;

	if (fstat(fd, &st) == 0 && (st.st_mode & 077) != 0) {
		fault_set(fault, "%s: others may read it (mode %04o); chmod 0400 %s",
		          path, (unsigned)(st.st_mode & 07777), path);
		return ERR_REFUSED;
	}
	got = read(fd, text, sizeof(text));
	if (got >= HEX &&
	    sodium_hex2bin(out, PIN_PEPPER, text, HEX, NULL, &n, NULL) == 0 &&
	    n == PIN_PEPPER)
		n = HEX;
	sodium_memzero(text, sizeof(text));
	if (n == HEX && got <= HEX + 1)
		return ERR_OK;
	fault_set(fault,
	          "%s: expected %d hexadecimal digits, as smshall init writes them", path,
	          HEX);
	return got < 0 ? ERR_IO : ERR_SYNTAX;
}

enum err pepper_read(const char *path, uint8_t out[static PIN_PEPPER],
                     struct fault *fault)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err e;

	if (fd < 0) {
		fault_set(fault, "%s: %s", path, strerror(errno));
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	}
	e = read_digits(fd, path, out, fault);
	(void)close(fd);
	return e;
}

static enum err sync_folder(const char *path)
{
	struct buf folder = buf_make(4096);
	const char *slash = strrchr(path, '/');
	int fd;
	bool ok;

	if (slash != NULL && slash > path)
		buf_puts(&folder, (struct str){ path, (size_t)(slash - path) });
	else
		buf_puts(&folder, slash != NULL ? STR("/") : STR("."));
	fd = open(buf_cstr(&folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	buf_free(&folder);
	ok = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		(void)close(fd);
	return ok ? ERR_OK : ERR_IO;
}

/* Durable before any PIN may rest on it. */
static enum err make(const char *path, struct fault *fault)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
	uint8_t pepper[PIN_PEPPER];
	char text[HEX + 1];
	bool ok;

	if (fd < 0) {
		fault_set(fault,
		          "%s: this file for the key of passwords (secrets.pepper_file) "
		          "cannot be made: %s",
		          path, strerror(errno));
		return ERR_IO;
	}
	randombytes_buf(pepper, sizeof(pepper));
	(void)sodium_bin2hex(text, sizeof(text), pepper, sizeof(pepper));
	text[HEX] = '\n';
	ok = write(fd, text, sizeof(text)) == (ssize_t)sizeof(text) && fsync(fd) == 0;
	sodium_memzero(pepper, sizeof(pepper));
	sodium_memzero(text, sizeof(text));
	ok = close(fd) == 0 && ok && sync_folder(path) == ERR_OK;
	if (ok)
		return ERR_OK;
	(void)unlink(path);
	fault_set(fault, "%s: cannot be written: %s", path, strerror(errno));
	return ERR_IO;
}

/* Whether it is the one that the store's PINs were hashed with; then it is noted. */
static enum err compare(struct store *s, const char *path, const struct pin_conf *c,
                        bool pins, struct fault *fault)
{
	struct arena a = arena_make(4096);
	char check[33];
	struct str noted = { "", 0 };
	enum err e = store_setting(s, "pepper_check", &a, &noted);
	bool same;

	pin_conf_check(c, check);
	same = e == ERR_OK && str_eq(noted, str_of(check));
	arena_free(&a);
	if (same)
		return ERR_OK;
	if (e == ERR_OK && pins) {
		fault_set(
			fault,
			"%s is not the pepper that the PINs of this store were made with: "
			"put the right one there (lost for good: smshall init "
			"--forget-pins)",
			path);
		return ERR_STATE;
	}
	return e == ERR_OK || e == ERR_NOT_FOUND
	               ? store_set_setting(s, "pepper_check", str_of(check))
	               : e;
}

enum err pepper_settle(struct store *s, const char *path, struct pin_conf *out,
                       bool *made, struct fault *fault)
{
	uint8_t pepper[PIN_PEPPER];
	struct fault why = { .text = "" };
	bool pins = false;
	enum err e = store_has_pins(s, &pins);

	*made = false;
	if (e != ERR_OK)
		return e;
	e = pepper_read(path, pepper, &why);
	if (e == ERR_NOT_FOUND && pins) {
		fault_set(
			fault,
			"%s is missing, and the store holds PINs: restore the file (it is "
			"in no backup of the store), or name it by secrets.pepper_file (lost for "
			"good: smshall init --forget-pins)",
			path);
		return ERR_STATE;
	}
	if (e == ERR_NOT_FOUND) {
		why.text[0] = '\0';
		e = make(path, &why);
		*made = e == ERR_OK;
		if (e == ERR_OK)
			e = pepper_read(path, pepper, &why);
	}
	if (e != ERR_OK) {
		fault_set(fault, "%s", why.text);
		return e;
	}
	pin_conf_make(out, pepper, false);
	sodium_memzero(pepper, sizeof(pepper));
	return compare(s, path, out, pins, fault);
}
