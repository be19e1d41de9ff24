/*
 * fuzz_conf.c - any octets as a configuration file: a configuration, which prints
 * without its passwords, or a fault.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "conf/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int memfd_create(const char *name, unsigned flags);
const char *__lsan_default_suppressions(void);

/* libconfig's scanner forgets a string that the file does not finish. */
const char *__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\nleak:libconfig_yylex";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const int fd = memfd_create("conf", 0);
	struct buf out = buf_make(1 << 24);
	struct fault fault = { "" };
	struct conf *c = NULL;
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (conf_load(path, &c, &fault) == ERR_OK) {
		conf_print(c, &out);
		if (out.failed)
			abort();
		conf_destroy(c);
	} else if (fault.text[0] == '\0') {
		abort();
	}
	buf_free(&out);
	(void)close(fd);
	return 0;
}
