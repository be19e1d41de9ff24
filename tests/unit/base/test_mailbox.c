/*
 * test_mailbox.c - messages from several threads: none lost, none twice, in order.
 */
#include <pthread.h>

#include "base/alloc.h"
#include "base/log.h"
#include "base/mailbox.h"
#include "support/suite.h"

enum {
	PUTTERS = 3,
	EACH = 20000
};

struct number {
	struct mail mail;
	int putter, value;
};

struct putter {
	struct mailbox *to;
	int index;
};

static void *put_all(void *arg)
{
	const struct putter *p = arg;
	struct mail_chain chain = { NULL, NULL, 0 };

	for (int i = 0; i < EACH; i++) {
		struct number *n = xcalloc(1, sizeof(*n));

		n->putter = p->index;
		n->value = i;
		mail_chain_add(&chain, &n->mail);
		if (i % 7 == 0 || i == EACH - 1)
			mailbox_put(p->to, &chain);
	}
	return NULL;
}

START_TEST(all_arrive_once_and_in_the_order_of_their_thread)
{
	struct mailbox *m = mailbox_create();
	struct putter putter[PUTTERS];
	pthread_t thread[PUTTERS];
	int next[PUTTERS] = { 0 }, left = PUTTERS * EACH;

	for (int i = 0; i < PUTTERS; i++) {
		putter[i] = (struct putter){ m, i };
		ck_assert_int_eq(pthread_create(&thread[i], NULL, put_all, &putter[i]),
		                 0);
	}
	while (left > 0) {
		struct mail *mail = mailbox_wait(m, -1), *after;

		for (; mail != NULL; mail = after, left--) {
			struct number *n = (struct number *)mail;

			after = mail->next;
			ck_assert_int_eq(n->value, next[n->putter]++);
			free(n);
		}
	}
	for (int i = 0; i < PUTTERS; i++)
		(void)pthread_join(thread[i], NULL);
	ck_assert_ptr_null(mailbox_wait(m, 0));
	mailbox_destroy(m);
}
END_TEST

START_TEST(a_logged_text_cannot_forge_a_line)
{
	char quoted[LOG_QUOTE_MAX];
	char longest[1000];

	ck_assert_str_eq(log_quote(quoted, STR("a\nb\"\\\x7f")),
	                 "\"a\\x0ab\\x22\\x5c\\x7f\"");
	memset(longest, '\n', sizeof(longest));
	ck_assert_uint_lt(
		strlen(log_quote(quoted, (struct str){ longest, sizeof(longest) })),
		LOG_QUOTE_MAX);
	ck_assert_ptr_null(strchr(quoted, '\n'));
}
END_TEST

SUITE("base/mailbox",
      tcase_add_test(tc, all_arrive_once_and_in_the_order_of_their_thread);
      tcase_add_test(tc, a_logged_text_cannot_forge_a_line);)
