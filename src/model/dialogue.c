/*
 * dialogue.c - see model/dialogue.h.
 */
#include "model/dialogue.h"

const char *dialogue_kind_name(enum dialogue_kind k)
{
	static const char *const names[] = {
#define X(constant, name) name,
		DIALOGUE_KIND_LIST(X)
#undef X
	};

	return k < DIALOGUE_KINDS ? names[k] : NULL;
}
