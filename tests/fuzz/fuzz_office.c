/*
 * fuzz_office.c - any octets as a request to the office: it is carried out or refused with
 * a fault, the question whether it is long says the same of equal requests, and answers
 * are lines that the wire can carry and read back.
 *
 * The store lies in a folder of its own and lives as long as the process.  A request that
 * names a path with a slash is left out: tasks write where they are told to.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <jansson.h>

#include "base/civil.h"
#include "office/office.h"
#include "office/wire.h"
#include "store/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	PEOPLE = 3,
	LINE_ARENA = 1 << 20
};

static struct store *store;
static int home, folder; /* the fuzzer's names lead from home, a task's from folder */
static struct office_host host;

static enum err write_now(void *ctx, enum err (*work)(struct store *s, void *arg),
                          void *arg)
{
	(void)ctx;
	return work(store, arg);
}

/* There and back over the wire. */
static void on_line(void *ctx, struct str line)
{
	struct buf out = buf_make(2 * WIRE_LINE_MAX);
	struct arena a = arena_make(LINE_ARENA);
	struct wire again;

	(void)ctx;
	wire_put(&out, &(struct wire){ .kind = WIRE_LINE, .text = line });
	if (out.n == 0 || out.p[out.n - 1] != '\n' ||
	    wire_read((struct str){ out.p, out.n - 1 }, &a, &again) != ERR_OK ||
	    again.kind != WIRE_LINE)
		abort();
	arena_free(&a);
	buf_free(&out);
}

static void must(bool good, const char *why)
{
	if (good)
		return;
	(void)fprintf(stderr, "fuzz_office: %s\n", why);
	abort();
}

static void put_people(void)
{
	must(store_begin(store) == ERR_OK, "no transaction");
	for (int i = 0; i < PEOPLE; i++) {
		const struct subscriber_row row = {
			.sub = { .msisdn = INT64_C(13900000000) + i,
			         .owner_since = 1577808000,
			         .name = STR("n"),
			         .region = STR("r"),
			         .network = STR("5G"),
			         .puk = STR("1"),
			         .package = STR("58") }
		};

		must(store_put(store, STORE_SUBSCRIBERS, &row, 1, 0, NULL) == ERR_OK,
		     "no subscriber");
	}
	must(store_commit(store) == ERR_OK, "no commit");
}

static void set_up(void)
{
	char path[] = "/tmp/smshall-fuzz-XXXXXX", url[64];
	struct fault fault = { "" };

	must(mkdtemp(path) != NULL, "no folder");
	home = open(".", O_RDONLY);
	folder = open(path, O_RDONLY);
	must(home >= 0 && folder >= 0, "no descriptor");
	(void)snprintf(url, sizeof(url), "sqlite:%s/hall.db", path);
	must(civil_zone("Asia/Shanghai") == ERR_OK, "no zone");
	must(store_open(url, STORE_CREATE, &store, &fault) == ERR_OK, fault.text);
	put_people();
	host = (struct office_host){ .write = write_now, .conf = conf_defaults() };
	must(store_reader_open(store, &host.reader, &fault) == ERR_OK, fault.text);
}

static bool leads_away(const uint8_t *data, size_t size)
{
	json_t *o = json_loadb((const char *)data, size, 0, NULL), *value;
	const char *key;
	bool away = false;

	json_object_foreach(o, key, value)
		away = away || (json_is_string(value) &&
	                        strchr(json_string_value(value), '/') != NULL);
	json_decref(o);
	return away;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct office_peer peer = { .line = on_line };
	const struct str request = { (const char *)data, size };
	struct fault fault = { "" };
	bool is_long;

	if (store == NULL)
		set_up();
	if (leads_away(data, size))
		return 0;
	is_long = office_is_long(request);
	must(fchdir(folder) == 0, "the folder has gone");
	if (office_do(&host, request, &peer, &fault) != ERR_OK && fault.text[0] == '\0')
		abort();
	must(fchdir(home) == 0, "home has gone");
	if (office_is_long(request) != is_long)
		abort();
	return 0;
}
