/*
 * group.c - see model/group.h.
 */
#include "model/group.h"

#include <assert.h>

#include "model/subscriber.h"

static const struct {
	const char *name;
	enum group_level level;
} classes[] = {
#define X(constant, name, level) { name, GROUP_##level },
	GROUP_CLASS_LIST(X)
#undef X
};

static const char *const levels[] = {
#define X(constant, name) name,
	GROUP_LEVEL_LIST(X)
#undef X
};

const char *group_class_name(unsigned i)
{
	return i < sizeof(classes) / sizeof(classes[0]) ? classes[i].name : NULL;
}

const char *group_level_name(unsigned i)
{
	return i < GROUP_LEVELS ? levels[i] : NULL;
}

enum group_level group_level_of(struct str class, struct str level)
{
	for (unsigned i = 0; i < GROUP_LEVELS; i++)
		if (str_eq(level, str_of(levels[i])))
			return (enum group_level)i;
	for (size_t i = 0; level.n == 0 && i < sizeof(classes) / sizeof(classes[0]); i++)
		if (str_eq(class, str_of(classes[i].name)))
			return classes[i].level;
	return GROUP_NONE;
}

const struct place *group_may(const struct dossier *admin, const struct dossier *member,
                              enum group_level level)
{
	assert((admin->have & NEED_PLACES) != 0 && (member->have & NEED_PLACES) != 0);
	for (size_t i = 0; i < admin->n_places; i++) {
		const struct place *p = &admin->place[i];

		for (size_t k = 0; p->admin && p->level >= level && k < member->n_places;
		     k++)
			if (str_eq(p->group, member->place[k].group))
				return p;
	}
	return NULL;
}
