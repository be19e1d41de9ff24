/*
 * house.h - the house's grammar, read once for all tests of a program.
 *
 * It takes half a second to read, and each test of gateway, office and turn starts a hall
 * or two.  open_house(), as an unchecked fixture, reads it in the process that tests are
 * forked from; from then on grammar_load() of a folder whose rules and lists are the same,
 * octet by octet and by their modes, gives that one, which nobody changes.  Any other
 * folder is read, and without open_house() every one is.  The linker puts __wrap_ in the
 * place of the room's functions: see the Makefile.
 */
#ifndef SUPPORT_HOUSE_H
#define SUPPORT_HOUSE_H

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/civil.h"
#include "grammar/grammar.h"
#include "support/suite.h"
#include "text/fold.h"

#define HOUSE "grammar"

static struct {
	struct fold *fold;
	struct grammar *grammar; /* NULL: each is read */
	uint64_t rules, overlay; /* digests */
} house;

/* FNV-1a */
static inline uint64_t house_mix(uint64_t h, const void *p, size_t n)
{
	const unsigned char *octet = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ octet[i]) * UINT64_C(0x100000001b3);
	return h;
}

static inline uint64_t house_file(uint64_t h, const char *path)
{
	char octets[65536];
	struct stat st = { .st_mode = 0 };
	FILE *f = path != NULL ? fopen(path, "re") : NULL;
	size_t n;

	if (f == NULL)
		return h;
	(void)fstat(fileno(f), &st);
	h = house_mix(h, &st.st_mode, sizeof(st.st_mode));
	while ((n = fread(octets, 1, sizeof(octets), f)) > 0)
		h = house_mix(h, octets, n);
	(void)fclose(f);
	return h;
}

static inline int house_is_read(const struct dirent *d)
{
	const char *end = strrchr(d->d_name, '.');

	return end != NULL && (strcmp(end, ".gram") == 0 || strcmp(end, ".tsv") == 0);
}

/* Of what grammar_load() reads in that folder. */
static inline uint64_t house_folder(const char *folder)
{
	struct dirent **found = NULL;
	const int n = scandir(folder, &found, house_is_read, alphasort);
	uint64_t h = 1;

	for (int i = 0; i < n; i++) {
		char path[512];

		(void)snprintf(path, sizeof(path), "%s/%s", folder, found[i]->d_name);
		h = house_mix(h, found[i]->d_name, strlen(found[i]->d_name));
		h = house_file(h, path);
		free(found[i]);
	}
	free(found);
	return h;
}

/* The linker's names. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,readability-identifier-naming) */
enum err __real_grammar_load(const char *path, const struct fold *fold, int64_t today,
                             struct grammar **out, struct buf *report,
                             struct fault *fault);
enum err __wrap_grammar_load(const char *path, const struct fold *fold, int64_t today,
                             struct grammar **out, struct buf *report,
                             struct fault *fault);
void __real_grammar_destroy(struct grammar *g);
void __wrap_grammar_destroy(struct grammar *g);
enum err __real_fold_create(const char *overlay, struct fold **out, struct fault *fault);
enum err __wrap_fold_create(const char *overlay, struct fold **out, struct fault *fault);
void __real_fold_destroy(struct fold *f);
void __wrap_fold_destroy(struct fold *f);

enum err __wrap_grammar_load(const char *path, const struct fold *fold, int64_t today,
                             struct grammar **out, struct buf *report,
                             struct fault *fault)
{
	if (house.grammar == NULL || house_folder(path) != house.rules)
		return __real_grammar_load(path, fold, today, out, report, fault);
	*out = house.grammar;
	return ERR_OK;
}

void __wrap_grammar_destroy(struct grammar *g)
{
	if (g != house.grammar)
		__real_grammar_destroy(g);
}

enum err __wrap_fold_create(const char *overlay, struct fold **out, struct fault *fault)
{
	if (house.fold == NULL || house_file(1, overlay) != house.overlay)
		return __real_fold_create(overlay, out, fault);
	*out = house.fold;
	return ERR_OK;
}

void __wrap_fold_destroy(struct fold *f)
{
	if (f != house.fold)
		__real_fold_destroy(f);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,readability-identifier-naming) */

static inline void open_house(void)
{
	struct fault fault = { "" };
	struct fold *fold = NULL;
	struct grammar *grammar = NULL;

	house.rules = house_folder(HOUSE);
	house.overlay = house_file(1, HOUSE "/fold.tsv");
	ck_assert_msg(fold_create(HOUSE "/fold.tsv", &fold, &fault) == ERR_OK &&
	                      grammar_load(HOUSE, fold, 0, &grammar, NULL, &fault) ==
	                              ERR_OK,
	              "%s", fault.text);
	house.fold = fold;
	house.grammar = grammar;
}

#endif
