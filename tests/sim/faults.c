/*
 * faults.c - what goes wrong, and when: a seeded choice from one table.
 */
#include <string.h>

#include "sim.h"
#include "smpp/status.h"

enum {
	FAULTS_MAX = 14, /* of one seed */
	PUSHES_KILLS = 10,
	PUSHES_PER_CENT = 70 /* of a run's audience: so many come for certain */
};

/* ---- ends of moods ---- */

static void smsc_up(int64_t unused)
{
	(void)unused;
	mood.down = false;
}

static void bind_again(int64_t unused)
{
	(void)unused;
	mood.mute = false;
}

static void calm(int64_t unused)
{
	(void)unused;
	mood = (struct mood){ .down = mood.down,
		              .mute = mood.mute,
		              .spread_us = 20000,
		              .receipt_odds = mood.receipt_odds };
}

static void room_again(int64_t unused)
{
	(void)unused;
	disk_fill(false);
}

static void sync_again(int64_t unused)
{
	(void)unused;
	disk_fail_syncs(false);
}

/* ---- the network ---- */

/* A living connection, or -1; the log has whose it was. */
static int choose_one(const char *name)
{
	const int conn = net_any();

	if (conn >= 0)
		note("hit", "name=%s s=%u", name, smsc_serial(conn));
	return conn;
}

static void cut_one(void)
{
	const int conn = choose_one("cut");

	if (conn >= 0)
		net_cut(conn, one_in(2) ? CUT_END : CUT_RESET);
}

static void drop_one(void)
{
	const int conn = choose_one("half-open");
	const int64_t way = below(3);

	if (conn >= 0)
		net_drop(conn, way != 1, way != 0);
}

static void stall_one(void)
{
	const int conn = choose_one("stall");

	if (conn >= 0)
		net_stall(conn, between(SECOND_US / 10, 20 * SECOND_US));
}

static void corrupt_one(void)
{
	const int conn = choose_one("corrupt");

	if (conn >= 0)
		net_corrupt(conn);
}

/* ---- the SMSC ---- */

static void smsc_down(void)
{
	const int64_t us = one_in(10) ? 3 * 60 * MINUTE_US
	                              : between(SECOND_US, 2 * MINUTE_US);

	mood.down = true;
	for (int i = 0, conn; i < 8 && (conn = choose_one("cut")) >= 0; i++)
		net_cut(conn, CUT_RESET);
	later(us, smsc_up, 0);
}

static void refuse_binds(void)
{
	mood.bind_status = one_in(3) ? SMPP_ESME_RALYBND : SMPP_ESME_RBINDFAIL;
	mood.bind_refusals = (unsigned)between(1, 3);
	cut_one();
}

static void mute_binds(void)
{
	mood.mute = true;
	cut_one();
	later(between(SECOND_US, MINUTE_US), bind_again, 0);
}

static void throttle(void)
{
	mood.submit_status = one_in(2) ? SMPP_ESME_RTHROTTLED : SMPP_ESME_RMSGQFUL;
	mood.submit_odds = (unsigned)between(1, 4);
	later(between(SECOND_US, 30 * SECOND_US), calm, 0);
}

static void refuse_submits(void)
{
	mood.submit_status = SMPP_ESME_RSYSERR;
	mood.submit_odds = (unsigned)between(2, 6);
	later(between(SECOND_US, 15 * SECOND_US), calm, 0);
}

static void lose_responses(void)
{
	mood.lose_odds = (unsigned)between(2, 6);
	later(between(SECOND_US, 15 * SECOND_US), calm, 0);
}

static void respond_late(void)
{
	mood.late_odds = (unsigned)between(2, 6);
	later(between(SECOND_US, 15 * SECOND_US), calm, 0);
}

static void respond_slowly(void)
{
	mood.spread_us = between(SECOND_US, 5 * SECOND_US);
	later(between(5 * SECOND_US, 30 * SECOND_US), calm, 0);
}

/* ---- the process, the disk, the clock ---- */

static void kill_now(void)
{
	life_end(END_KILL, true);
}

static void kill_soon(void)
{
	life_kill_in((unsigned)between(1, 200), END_KILL);
}

static void lose_power_soon(void)
{
	life_kill_in((unsigned)between(1, 200), END_POWER);
}

static void restart(void)
{
	life_end(END_STOP, true);
}

static void fill_disk(void)
{
	disk_fill(true);
	later(between(SECOND_US, 20 * SECOND_US), room_again, 0);
}

static void fail_syncs(void)
{
	disk_fail_syncs(true);
	later(between(SECOND_US / 100, 3 * SECOND_US), sync_again, 0);
}

static void stall_disk(void)
{
	life_stall_worker(between(SECOND_US / 10, 15 * SECOND_US));
}

static void jump_wall(void)
{
	static const int64_t jumps[] = { 700, 3600, -3600, 1, 40000, -40000 };

	loop_jump_wall(jumps[below(sizeof(jumps) / sizeof(jumps[0]))]);
}

static const struct {
	const char *name;
	void (*run)(void);
	int weight;
} table[] = {
	{ "cut", cut_one, 6 },
	{ "half-open", drop_one, 4 },
	{ "stall", stall_one, 4 },
	{ "corrupt", corrupt_one, 2 },
	{ "smsc-down", smsc_down, 2 },
	{ "refuse-binds", refuse_binds, 1 },
	{ "mute-binds", mute_binds, 1 },
	{ "throttle", throttle, 3 },
	{ "refuse-submits", refuse_submits, 2 },
	{ "lose-responses", lose_responses, 2 },
	{ "late-responses", respond_late, 2 },
	{ "slow-responses", respond_slowly, 3 },
	{ "kill", kill_now, 2 },
	{ "kill-soon", kill_soon, 6 },
	{ "power-loss", lose_power_soon, 5 },
	{ "restart", restart, 2 },
	{ "disk-full", fill_disk, 3 },
	{ "sync-error", fail_syncs, 2 },
	{ "disk-stall", stall_disk, 3 },
	{ "wall-jump", jump_wall, 2 },
};

static void strike(int64_t i)
{
	if (sim.quiet)
		return;
	note("fault", "name=%s", table[i].name);
	table[i].run();
}

static int64_t choose(void)
{
	const int n = (int)(sizeof(table) / sizeof(table[0]));
	int64_t total = 0, at;

	for (int i = 0; i < n; i++)
		total += table[i].weight;
	at = below(total);
	for (int i = 0; i < n; i++) {
		if (at < table[i].weight)
			return i;
		at -= table[i].weight;
	}
	return 0;
}

void faults_plan(int64_t until_us)
{
	const int64_t n = below(FAULTS_MAX + 1);

	mood.receipt_odds = one_in(2) ? 4 : 0;
	for (int64_t i = 0; i < n; i++)
		later(below(until_us), strike, choose());
}

/* ---- of a run of campaigns ---- */

/* At so many of 100 steps. */
static const struct {
	int at;
	const char *name;
} steps[] = {
	{ 12, "throttle" }, { 22, "lose-responses" }, { 33, "cut" },
	{ 47, "throttle" }, { 53, "slow-responses" }, { 62, "late-responses" },
	{ 66, "cut" },      { 77, "throttle" },       { 83, "refuse-submits" },
};

static struct {
	int64_t seen, step;
} pushes;

void faults_plan_pushes(void)
{
	mood.receipt_odds = 4;
	pushes.seen = pushes.step = 0;
}

static void strike_name(const char *name)
{
	int64_t i = 0;

	while (strcmp(table[i].name, name) != 0)
		i++;
	strike(i);
}

void faults_saw_push(void)
{
	const int64_t whole = sim.audience * PUSHES_PER_CENT / 100;

	if (sim.audience <= AUDIENCE)
		return;
	for (pushes.seen++; pushes.step < 100 && pushes.seen * 100 > pushes.step * whole;
	     pushes.step++) {
		if (pushes.step % PUSHES_KILLS == PUSHES_KILLS / 2)
			strike_name("kill-soon");
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
			if (steps[i].at == pushes.step)
				strike_name(steps[i].name);
		}
	}
}

void faults_end(void)
{
	sim.quiet = true;
	mood = (struct mood){ .spread_us = 20000 };
	disk_fill(false);
	disk_fail_syncs(false);
}
