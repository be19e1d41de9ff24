# Makefile - plain GNU make; all output goes below build/.
#
#   make                     the program build/<variant>/smshall, debug variant
#   make check               unit tests, replay fixtures, structural checks
#   make V=asan check        the same under a variant: debug release asan tsan
#                            cov fuzz  (fuzz uses clang)
#   make ROOMS="base smpp" units   some rooms and their unit tests only
#
# A room is a folder of src/ and a line of scripts/layers.  Adding a .c file to
# it needs no edit here.

comma  := ,
V      ?= debug
CC     := $(if $(filter default,$(origin CC)),$(if $(filter fuzz,$(V)),clang,gcc),$(CC))
CCNAME := $(notdir $(firstword $(CC)))
O      ?= build/$(V)

ALL_ROOMS := $(shell sed -n 's/^\([a-z]*\):.*/\1/p' scripts/layers)
# What is fuzzed reads octets; the shell around it is not built for that.
ROOMS     ?= $(if $(filter fuzz,$(V)),base conf text smpp model grammar offer store hall push assets turn office,$(ALL_ROOMS))
PACKAGES  := libevent libevent_pthreads sqlite3 libpcre2-8 libconfig libutf8proc \
	opencc jansson libsodium

# -- flags ---------------------------------------------------------------------
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wredundant-decls -Wnested-externs -Wundef -Wvla -Walloca -Wdate-time \
	-Wpointer-arith -Wcast-qual -Wbad-function-cast -Wwrite-strings \
	-Wformat=2 -Wswitch-enum -Wimplicit-fallthrough -Wnull-dereference \
	-Wdouble-promotion -Wfloat-equal
WARN_gcc := -Wcast-align=strict -Wformat-signedness -Wformat-truncation=2 \
	-Wformat-overflow=2 -Wduplicated-cond -Wduplicated-branches -Wlogical-op \
	-Wjump-misses-init -Wstringop-overflow=4 -Warray-bounds=2 -Walloc-zero \
	-Wtrampolines -Wshift-overflow=2 -Warith-conversion
WARN_clang := -Wcast-align -Wcomma -Wassign-enum -Wconditional-uninitialized \
	-Wextra-semi -Wunreachable-code-aggressive -Wmissing-variable-declarations

# With the places where a test may end the process; see base/killpoint.h.
VARIANT_debug   := -Og -g3 -DKILLPOINTS
VARIANT_release := -O2 -g -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
	-fstack-clash-protection -fcf-protection -fPIE
VARIANT_asan    := -O1 -g -DKILLPOINTS -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
VARIANT_tsan    := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
# Threads count atomically: gcovr refuses the negative numbers of a race.  Without
# optimisation the compiler does not see how long a text can get.
VARIANT_cov     := -O0 -g --coverage -fprofile-update=atomic -Wno-format-truncation
VARIANT_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all
ifeq ($(origin VARIANT_$(V)),undefined)
$(error V=$(V) is no variant)
endif

# CPPFLAGS, CFLAGS, LDFLAGS and WERROR belong to the caller and come last.
WERROR ?= -Werror
CPP    := -Iinclude -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE
COMP   := -std=c11 -pipe -fno-common $(WARN) $(WARN_$(CCNAME)) $(WERROR) $(VARIANT_$(V))
LINK   := $(filter --coverage -fsanitize=%,$(subst fuzzer-no-link$(comma),,$(VARIANT_$(V)))) \
	$(if $(filter release,$(V)),-pie -Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now)

LIB_CFLAGS   := $(patsubst -I%,-isystem%,$(shell pkg-config --cflags $(PACKAGES)))
LIB_LIBS     := $(shell pkg-config --libs $(PACKAGES)) -lpthread -lm
CHECK_CFLAGS := $(patsubst -I%,-isystem%,$(shell pkg-config --cflags check 2>/dev/null))
CHECK_LIBS   := $(shell pkg-config --libs check 2>/dev/null)

# -- what there is -------------------------------------------------------------
SRCS    := $(filter-out src/cmd/main.c,\
	$(foreach m,$(ROOMS),$(sort $(wildcard src/$m/*.c src/$m/*/*.c))))
OBJS    := $(SRCS:%.c=$O/%.o)
LIB     := $O/libhall.a
PROGRAM := $O/smshall
SUPPORT := $(patsubst %.c,$O/%.o,$(sort $(wildcard tests/support/*.c)))
UNITS   := $(patsubst tests/unit/%.c,$O/unit/%,$(foreach m,$(ROOMS),$(sort $(wildcard tests/unit/$m/test_*.c))))
E2E     := $(patsubst tests/e2e/%.c,$O/e2e/%,$(sort $(wildcard tests/e2e/*.c)))
# The simulator stands in for these (tests/sim/sim.h).
SIM_WRAPS := event_new event_add event_del event_free event_active recv send shutdown close \
	setsockopt evutil_make_socket_nonblocking dial_create dial_destroy clock_machine \
	worker_start worker_join store_close check_start check_end crash_recall crash_install \
	crash_forget hasher_key hasher_start \
	hasher_post hasher_end reader_start assets_load assets_destroy
SIM     := $O/sim/hall $O/sim/check
SIM_OBJS := $(patsubst %.c,$O/%.o,$(filter-out tests/sim/check%.c,$(sort $(wildcard tests/sim/*.c))) \
	tests/support/disk_image.c)
BENCHES := $(patsubst tests/bench/%.c,$O/bench/%,$(sort $(wildcard tests/bench/*.c)))
FUZZ    := $(patsubst tests/fuzz/%.c,$O/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
HEADERS := $(sort $(wildcard include/*/*.h))
C_FILES := $(HEADERS) $(sort $(wildcard src/*/*.[ch] src/*/*/*.[ch] tests/*/*.[ch] tests/*/*/*.[ch]))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all lib check unit-programs units replay lint layers rows headers format format-check tidy analyze benches install clean
all: $(if $(wildcard src/cmd/main.c),$(PROGRAM),$(LIB))
lib: $(LIB)

# -- rules ---------------------------------------------------------------------
# Objects depend on the flags: a changed flag rebuilds, an equal one does not.
FLAGS := $(CC) $(CPP) $(CPPFLAGS) $(COMP) $(CFLAGS) $(LINK) $(LDFLAGS)
ifneq ($(file <$O/flags),$(FLAGS))
$(shell mkdir -p $O)$(file >$O/flags,$(FLAGS))
endif
$O/flags: ;

$O/%.o: %.c $O/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPP) $(LIB_CFLAGS) $(CPPFLAGS) $(COMP) $(CFLAGS) -MMD -MP -c -o $@ $<
$O/tests/%.o: CPP += $(CHECK_CFLAGS) -Itests
# What tests are made of need not be fast, and takes a sanitizer's compiler long to make so.
ifneq ($(filter asan tsan,$V),)
$O/tests/%.o: COMP += -O0 -Wno-format-truncation
endif
# Loops over 16 lanes must not be unrolled before they are made vectors; those within may.
$O/src/offer/mass_kernel.o: COMP += -O3 \
	$(if $(filter gcc,$(CCNAME)),--param max-completely-peel-times=12)
$O/src/store/sqlite/schema.o: $(wildcard src/store/sql/*.sql)

$(LIB): $(OBJS)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(PROGRAM): $O/src/cmd/main.o $(LIB)
	$(Q)$(CC) $(LINK) $(LDFLAGS) -o $@ $^ $(LIB_LIBS)

$O/unit/%: $O/tests/unit/%.o $(SUPPORT) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LINK) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(LIB_LIBS)

# Where memory runs out when told to; see tests/support/alloc_shim.h.
ALLOC_WRAP := $(foreach f,malloc calloc realloc,-Wl$(comma)--wrap=$f)
$O/unit/%/test_memory: LINK += $(ALLOC_WRAP)
# The house's grammar, read once a program; see tests/support/house.h.
HOUSE_WRAP := $(foreach f,grammar_load grammar_destroy fold_create fold_destroy,-Wl$(comma)--wrap=$f)
$O/unit/gateway/% $O/unit/office/% $O/unit/turn/%: LINK += $(HOUSE_WRAP)
$O/unit/%/test_reader_limit: LINK += -Wl$(comma)--wrap=clock_machine

$O/e2e/%: $O/tests/e2e/%.o $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LINK) $(LDFLAGS) -o $@ $^ $(LIB_LIBS)

$O/sim/hall: $(SIM_OBJS) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LINK) $(LDFLAGS) $(SIM_WRAPS:%=-Wl$(comma)--wrap=%) -o $@ $^ $(LIB_LIBS)

$O/sim/check: $O/tests/sim/check.o $O/tests/sim/check_log.o
	@mkdir -p $(@D)
	$(Q)$(CC) $(LINK) $(LDFLAGS) -o $@ $^ -lsqlite3

$O/bench/%: $O/tests/bench/%.o $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LINK) $(LDFLAGS) -o $@ $^ $(LIB_LIBS)

$O/fuzz/%: $O/tests/fuzz/%.o $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LINK) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIB_LIBS)

# VERBOSE=1 prints the commands.
Q = $(if $(VERBOSE),,@echo "  $(@:$O/%=%)";)

check: units replay lint
unit-programs: $(UNITS) $(if $(filter cmd,$(ROOMS)),$(E2E) $(SIM))
units: $(UNITS)
	@scripts/run-tests $O units
replay: $(PROGRAM)
	@scripts/run-tests $O replay
lint: layers rows headers
rows:
	@scripts/check-rows tests/rows.tsv
	@scripts/check-stories grammar tests/replay
	@scripts/check-sql src
	@scripts/check-readme README.md README.zh.md
	@scripts/sayings --check
layers:
	@scripts/check-layers scripts/layers include src
# Every header compiles alone.
headers: $(HEADERS:%.h=$O/%.h.ok)
$O/%.h.ok: %.h $O/flags
	@mkdir -p $(@D)
	@$(CC) $(CPP) $(LIB_CFLAGS) $(CPPFLAGS) $(filter-out -Wunused-macros,$(COMP)) $(CFLAGS) -MMD -MP -MF $@.d -MT $@ -x c -include stddef.h -c -o /dev/null $<
	@touch $@
format:
	clang-format --style=file:scripts/clang-format -i $(C_FILES)
format-check:
	@clang-format --style=file:scripts/clang-format --dry-run --Werror $(C_FILES)
# The analyzer follows paths, which takes twenty times as long as all other checks.
tidy: TIDY := --checks=-clang-analyzer-*
tidy analyze:
	@printf '%s\n' $(SRCS) $(wildcard src/cmd/main.c) | xargs -P 2 -n 4 sh -c \
	 'clang-tidy --quiet --config-file=scripts/clang-tidy $(TIDY) "$$@" -- $(CPP) $(LIB_CFLAGS) -std=c11 2>/dev/null' tidy
benches: $(BENCHES)

# As root, or with DESTDIR for a package.  PREFIX=/usr is what etc/smshall.service says.
PREFIX  ?= /usr/local
DATADIR := $(PREFIX)/share/smshall
STATE   := /var/lib/smshall
install: $(PROGRAM)
	install -d $(DESTDIR)$(DATADIR)/grammar $(DESTDIR)$(DATADIR)/campaigns \
	 $(DESTDIR)/usr/lib/systemd/system
	install -D -m 0755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/smshall
	install -m 0644 grammar/* $(DESTDIR)$(DATADIR)/grammar
	install -m 0644 etc/campaigns/* $(DESTDIR)$(DATADIR)/campaigns
	install -D -m 0644 etc/OPERATIONS.md $(DESTDIR)$(PREFIX)/share/doc/smshall/OPERATIONS.md
	install -D -m 0644 etc/smshall.sysusers $(DESTDIR)/usr/lib/sysusers.d/smshall.conf
	install -D -m 0644 etc/smshall.tmpfiles $(DESTDIR)/usr/lib/tmpfiles.d/smshall.conf
	install -D -m 0644 etc/logrotate.smshall $(DESTDIR)/etc/logrotate.d/smshall
	sed 's|/usr/bin/|$(PREFIX)/bin/|; s|/usr/share/|$(PREFIX)/share/|' etc/smshall.service \
	 >$(DESTDIR)/usr/lib/systemd/system/smshall.service
	sed 's|sqlite:var/|sqlite:$(STATE)/|; s|"grammar";|"$(DATADIR)/grammar";|' etc/smshall.conf \
	 >$(DESTDIR)$(DATADIR)/smshall.conf
	test -e $(DESTDIR)/etc/smshall.conf || \
	 install -D -m 0640 $(DESTDIR)$(DATADIR)/smshall.conf $(DESTDIR)/etc/smshall.conf

clean:
	rm -rf build

-include $(shell find $O -name '*.d' 2>/dev/null)
