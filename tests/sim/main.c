/*
 * main.c - runs seeds and leaves a log and a copy of the store of each in a folder.
 *
 * usage: hall FOLDER FIRST COUNT [trace]      seeds FIRST .. FIRST + COUNT - 1
 *        hall FOLDER soak SEED HOURS          one long life without faults
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
	uint64_t first, count;

	if (argc < 4) {
		(void)fputs("usage: hall FOLDER FIRST COUNT [trace]\n", stderr);
		return EXIT_FAILURE;
	}
	if (civil_zone("Asia/Shanghai") != ERR_OK)
		return EXIT_FAILURE;
	run_prepare(argv[1]);
	first = strtoull(argv[soak ? 3 : 2], NULL, 10);
	count = strtoull(argv[soak ? 4 : 3], NULL, 10);
	if (soak)
		run_soak(first, (int)count);
	for (uint64_t i = 0; i < count && !soak; i++)
		run_seed(first + i, argc == 5);
	run_end();
	return EXIT_SUCCESS;
}
