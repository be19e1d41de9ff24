/*
 * fuzz_csv.c - any octets as a CSV file: reading ends with its end or a fault, fields
 * are within bounds, and a second reading says the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err read_all(struct csv *c, size_t *octets, struct fault *fault)
{
	struct str field[CSV_FIELDS_MAX];
	enum err e;
	size_t n;

	*octets = 0;
	while ((e = csv_next(c, field, &n, fault)) == ERR_OK) {
		if (n == 0 || n > CSV_FIELDS_MAX)
			abort();
		for (size_t i = 0; i < n; i++)
			*octets += field[i].n;
	}
	return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *file;
	struct fault fault = { "" };
	struct csv *c;
	size_t once, again;
	enum err e;

	if (file == NULL)
		file = tmpfile();
	if (file == NULL || ftruncate(fileno(file), 0) != 0 ||
	    pwrite(fileno(file), data, size, 0) != (ssize_t)size)
		abort();
	c = csv_create(fileno(file), "fuzz.csv");
	e = read_all(c, &once, &fault);
	if (e != ERR_END && fault.text[0] == '\0')
		abort();
	csv_rewind(c);
	if (read_all(c, &again, &fault) != e || once != again)
		abort();
	csv_destroy(c);
	return 0;
}
