/*
 * main.c - runs seeds and leaves a log and a copy of the store of each in a folder.
 *
 * usage: hall FOLDER FIRST COUNT [trace]      seeds FIRST .. FIRST + COUNT - 1
 *        hall FOLDER soak SEED HOURS          one long life without faults
 *        hall FOLDER campaign SEED TARGETS    an evening and a morning of campaigns
 *
 * FOLDER is for this run alone.  The gateway's own log is FOLDER/<seed>.trace; trace: it
 * goes to stderr.
 */
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "sim.h"

int main(int argc, char **argv)
{
	const bool soak = argc == 5 && strcmp(argv[2], "soak") == 0;
	const bool campaign = argc == 5 && strcmp(argv[2], "campaign") == 0;
	uint64_t first, count;

	if (argc < 4) {
		(void)fputs("usage: hall FOLDER FIRST COUNT [trace]\n", stderr);
		return EXIT_FAILURE;
	}
	if (civil_zone("Asia/Shanghai") != ERR_OK)
		return EXIT_FAILURE;
	first = strtoull(argv[soak || campaign ? 3 : 2], NULL, 10);
	count = strtoull(argv[soak || campaign ? 4 : 3], NULL, 10);
	run_prepare(argv[1], campaign ? (int64_t)count : AUDIENCE);
	if (soak)
		run_soak(first, (int)count);
	if (campaign)
		run_campaign(first);
	for (uint64_t i = 0; i < count && !soak && !campaign; i++)
		run_seed(first + i, argc == 5);
	run_end();
	return EXIT_SUCCESS;
}
