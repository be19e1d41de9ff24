/*
 * err.h - the one error type of the tree.
 *
 * A function that can fail returns enum err and hands results back through
 * out-parameters, which it writes only when it returns ERR_OK.  The code says
 * what went wrong; who logs it, and at what level, is for the caller to decide.
 * Where a person has to be told a place and a remedy, there is a struct fault
 * besides (base/fault.h).
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define ERR_LIST(X)                                              \
	X(OK, "success")                                         \
	X(END, "end of sequence")                                \
	X(TRUNCATED, "data ends inside an element")              \
	X(LENGTH, "element has the wrong length")                \
	X(NOT_FOUND, "no such element")                          \
	X(RANGE, "value out of bounds")                          \
	X(SYNTAX, "malformed input")                             \
	X(TOO_BIG, "over the size limit")                        \
	X(FULL, "no room left")                                  \
	X(MEMORY, "out of memory")                               \
	X(BUSY, "in use, try again")                             \
	X(STATE, "not allowed in this state")                    \
	X(EXISTS, "exists already")                              \
	X(REFUSED, "refused")                                    \
	X(IO, "input or output failed")                          \
	X(CORRUPT, "stored data is damaged")                     \
	X(UNKNOWN, "outcome unknown: it may or may not be done") \
	X(UNSUPPORTED, "not supported")

enum err {
#define X(name, text) ERR_##name,
	ERR_LIST(X)
#undef X
};

#define MUST_CHECK             __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* The one that came first, of two things done one after the other. */
static inline enum err err_first(enum err first, enum err then)
{
	return first != ERR_OK ? first : then;
}

/* Static English text for an error; never NULL, also for unknown values. */
const char *err_text(enum err e);

#endif
