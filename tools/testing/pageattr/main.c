// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random cases for each walker that is linked in, each walker in a process of its
 * own. A case that fails is made smaller, shown, and written to a file.
 *
 *   test [-c name]... [-n cases] [-s seed] [-j jobs] [-q]
 *   with -q, a case that fails is not made smaller
 *   test -c name -S seed	the one tree with this seed, as it was printed
 *   test -r file		a case from a file: the name, a newline, the bytes
 *   test -x file		cases in lines: the name and the bytes in hex
 *   test -u file -o dir		the same lines as files, for a fuzzer
 *   test -p file...		and back, on standard output
 *   test -l			the names
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "model.h"

#define MAX_BYTES	0x40000
#define SHRINK_SECONDS	20
#define TREE_SECONDS	30	/* then it does not come to an end */

static const char *failure_dir = ".";
static bool quick;

/* What a process that may die says of its work. */
struct state {
	unsigned long seed;
	unsigned long cases;
	unsigned long trees;
};

static uint64_t mix(uint64_t z)
{
	z = (z ^ z >> 33) * 0xff51afd7ed558ccdULL;
	z = (z ^ z >> 33) * 0xc4ceb9fe1a85ec53ULL;
	return z ^ z >> 33;
}

static const struct walker *named(const char *name)
{
	int i;

	for (i = 0; i < nr_walkers; i++)
		if (!strcmp(walkers[i]->name, name))
			return walkers[i];
	fprintf(stderr, "%s: there is no such configuration here\n", name);
	exit(2);
}

/* Random trees until so many cases are done. */
static void work(const struct walker *walker, uint64_t seed, unsigned long cases,
		 struct state *state)
{
	const char *c;

	for (c = walker->name; *c; c++)
		seed = mix(seed + *c);
	while (state->cases < cases) {
		struct source s = { .random = true };

		alarm(TREE_SECONDS);
		state->seed = s.state = (unsigned long)mix(seed + state->trees);
		state->cases += model_run(walker, &s);
		state->trees++;
	}
}

/* Does the case fail? In a process of its own, and quietly, unless it is the last. */
static bool fails(const struct walker *walker, const uint8_t *bytes, size_t n, bool show)
{
	pid_t pid;
	int status;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		struct source s = { .next = bytes, .end = bytes + n };
		int null = open("/dev/null", O_WRONLY);

		if (!show)
			dup2(null, 2);
		alarm(TREE_SECONDS);
		verbose = show;
		paranoid = true;
		model_run(walker, &s);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("fork");
		exit(2);
	}
	return status != 0;
}

/* Leave out runs of bytes, and make others zero, while it still fails. */
static size_t shrink(const struct walker *walker, uint8_t *bytes, size_t n)
{
	static uint8_t try[MAX_BYTES];
	time_t end = time(NULL) + SHRINK_SECONDS;
	bool smaller = true;

	while (smaller && time(NULL) < end) {
		size_t run, at;

		smaller = false;
		for (run = n; run; run /= 2) {
			for (at = 0; at + run <= n && time(NULL) < end;) {
				memcpy(try, bytes, at);
				memcpy(try + at, bytes + at + run, n - at - run);
				if (fails(walker, try, n - run, false)) {
					memcpy(bytes, try, n - run);
					n -= run;
					smaller = true;
				} else {
					at += run;
				}
			}
		}
		for (at = 0; at < n && time(NULL) < end; at++) {
			uint8_t was = bytes[at];

			for (bytes[at] = 0; bytes[at] != was; bytes[at] += (was - bytes[at] + 1) / 2)
				if (fails(walker, bytes, n, false))
					break;
			smaller |= bytes[at] != was;
		}
	}
	/* After the last byte come zeros anyway. */
	while (n && !bytes[n - 1] && fails(walker, bytes, n - 1, false))
		n--;
	return n;
}

static void report(const struct walker *walker, uint8_t *bytes, size_t n)
{
	char path[200];
	FILE *f;

	if (!fails(walker, bytes, n, false)) {
		fprintf(stderr, "%s: it does not fail again\n", walker->name);
		return;
	}
	n = shrink(walker, bytes, n);
	fprintf(stderr, "--- %s, made as small as can be:\n", walker->name);
	fails(walker, bytes, n, true);
	snprintf(path, sizeof(path), "%s/failure-%s", failure_dir, walker->name);
	f = fopen(path, "w");
	if (!f || fprintf(f, "%s\n", walker->name) < 0 || fwrite(bytes, 1, n, f) != n || fclose(f)) {
		perror(path);
		return;
	}
	fprintf(stderr, "--- written to %s: run it with -r\n", path);
}

/* The bytes that the random numbers of a seed are. */
static void report_seed(const struct walker *walker, uint64_t seed)
{
	static uint8_t bytes[MAX_BYTES];
	size_t *n = mmap(NULL, sizeof(*n), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint8_t *shared = mmap(NULL, MAX_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			       -1, 0);
	struct source *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (n == MAP_FAILED || shared == MAP_FAILED || s == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	*s = (struct source){ .random = true, .state = seed, .record = shared, .room = MAX_BYTES };
	fflush(NULL);
	if (!fork()) {
		dup2(open("/dev/null", O_WRONLY), 2);
		alarm(TREE_SECONDS);
		model_run(walker, s);
		_exit(0);
	}
	wait(NULL);
	memcpy(bytes, shared, s->recorded);
	report(walker, bytes, s->recorded);
}

/* A process for each walker, so many at a time. */
static int run(const struct walker **which, int n, unsigned long cases, uint64_t seed, int jobs)
{
	static pid_t pids[64];
	struct state *states = mmap(NULL, 64 * sizeof(*states), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned long done = 0, trees = 0;
	int next = 0, running = 0, failed = 0, status, i;
	struct timespec start, end;

	if (states == MAP_FAILED) {
		perror("mmap");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	while (next < n || running) {
		pid_t pid;

		if (next < n && running < jobs) {
			fflush(NULL);
			pids[next] = fork();
			if (!pids[next]) {
				work(which[next], seed, cases, &states[next]);
				_exit(0);
			}
			if (pids[next] < 0) {
				perror("fork");
				return 2;
			}
			next++;
			running++;
			continue;
		}
		pid = wait(&status);
		running--;
		for (i = 0; i < n && pids[i] != pid; i++)
			;
		done += states[i].cases;
		trees += states[i].trees;
		if (status) {
			fprintf(stderr, "FAIL %s, seed %#lx, after %lu cases\n", which[i]->name,
				states[i].seed, states[i].cases);
			if (!failed++ && !quick)
				report_seed(which[i], states[i].seed);
		}
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%s: %lu cases in %lu trees, %d configurations, %.1f s, seed %llu: %d failed\n",
#ifdef __clang__
	       sizeof(long) == 8 ? "clang" : "clang -m32",
#else
	       sizeof(long) == 8 ? "gcc" : "gcc -m32",
#endif
	       done, trees, n,
	       end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9,
	       (unsigned long long)seed, failed);
	return failed ? 1 : 0;
}

static int replay_file(const char *path)
{
	static uint8_t bytes[MAX_BYTES];
	static char name[100];
	struct source s = { 0 };
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f || fscanf(f, "%99[^\n]", name) != 1 || fgetc(f) != '\n') {
		fprintf(stderr, "%s: no such case\n", path);
		return 2;
	}
	n = fread(bytes, 1, MAX_BYTES, f);
	fclose(f);
	verbose = paranoid = true;
	s.next = bytes;
	s.end = bytes + n;
	model_run(named(name), &s);
	printf("%s: it does not fail\n", path);
	return 0;
}

/* The next line with a case of a walker that is here; NULL at the end. */
static const struct walker *read_line(FILE *f, uint8_t *bytes, size_t *n)
{
	static char line[2 * MAX_BYTES];

	while (fgets(line, sizeof(line), f)) {
		char name[100];
		int at, step, i;
		unsigned int b;

		if (line[0] == '#')
			continue;
		if (sscanf(line, "%99s %n", name, &at) != 1) {
			fprintf(stderr, "this is no case: %s", line);
			exit(2);
		}
		for (*n = 0; *n < MAX_BYTES && sscanf(line + at, "%2x%n", &b, &step) == 1; at += step)
			bytes[(*n)++] = b;
		for (i = 0; i < nr_walkers; i++)
			if (!strcmp(walkers[i]->name, name))
				return walkers[i];
	}
	return NULL;
}

static int replay_lines(const char *path)
{
	static uint8_t bytes[MAX_BYTES];
	FILE *f = fopen(path, "r");
	unsigned long cases = 0, lines = 0;
	const struct walker *walker;
	size_t n;

	if (!f) {
		perror(path);
		return 2;
	}
	paranoid = true;
	for (; (walker = read_line(f, bytes, &n)); lines++) {
		struct source s = { .next = bytes, .end = bytes + n };
		pid_t pid;
		int status;

		fflush(NULL);
		pid = fork();
		if (!pid) {
			alarm(TREE_SECONDS);
			model_run(walker, &s);
			_exit(0);
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid) {
			perror("fork");
			return 2;
		}
		if (status) {
			fprintf(stderr, "FAIL %s, line %lu of the cases of %s\n", walker->name,
				lines + 1, path);
			report(walker, bytes, n);
			return 1;
		}
		cases++;
	}
	fclose(f);
	printf("%lu trees from %s\n", cases, path);
	return 0;
}

static int unpack(const char *path)
{
	static uint8_t bytes[MAX_BYTES];
	FILE *from = fopen(path, "r");
	const struct walker *walker;
	unsigned long lines = 0;
	size_t n;

	if (!from) {
		perror(path);
		return 2;
	}
	while ((walker = read_line(from, bytes, &n))) {
		char name[200];
		int i;
		FILE *f;

		for (i = 0; walkers[i] != walker; i++)
			;
		snprintf(name, sizeof(name), "%s/kept-%lu", failure_dir, lines++);
		f = fopen(name, "w");
		if (!f || fputc(i, f) == EOF || fwrite(bytes, 1, n, f) != n || fclose(f)) {
			perror(name);
			return 2;
		}
	}
	fclose(from);
	return 0;
}

static int pack(char **paths)
{
	static uint8_t bytes[MAX_BYTES];

	for (; *paths; paths++) {
		FILE *f = fopen(*paths, "r");
		size_t n, i;

		if (!f) {
			perror(*paths);
			return 2;
		}
		n = fread(bytes, 1, MAX_BYTES, f);
		fclose(f);
		if (!n)
			continue;
		printf("%s ", walkers[bytes[0] % nr_walkers]->name);
		for (i = 1; i < n; i++)
			printf("%02x", bytes[i]);
		putchar('\n');
	}
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: test [-c name]... [-n cases] [-s seed] [-j jobs] [-o dir] [-q]\n"
		"       test -c name -S seed | -r file | -x file | -u file -o dir | -p file... | -l\n");
	return 2;
}

int main(int argc, char **argv)
{
	const struct walker *which[64];
	unsigned long cases = 100000;
	uint64_t seed = 1;
	const char *packed = NULL;
	int jobs = 1, n = 0, opt, i;

	model_init();
	while ((opt = getopt(argc, argv, "c:n:s:S:j:o:r:x:u:plq")) != -1) {
		switch (opt) {
		case 'c':
			if (n == 64)
				return usage();
			which[n++] = named(optarg);
			break;
		case 'n':
			cases = strtoul(optarg, NULL, 0);
			break;
		case 's':
			seed = strtoull(optarg, NULL, 0);
			break;
		case 'j':
			jobs = atoi(optarg);
			break;
		case 'o':
			failure_dir = optarg;
			break;
		case 'S':
			if (n != 1)
				return usage();
			report_seed(which[0], strtoull(optarg, NULL, 0));
			return 0;
		case 'r':
			return replay_file(optarg);
		case 'x':
			return replay_lines(optarg);
		case 'u':
			packed = optarg;
			break;
		case 'q':
			quick = true;
			break;
		case 'p':
			return pack(argv + optind);
		case 'l':
			for (i = 0; i < nr_walkers; i++)
				puts(walkers[i]->name);
			return 0;
		default:
			return usage();
		}
	}
	if (optind != argc)
		return usage();
	if (packed)
		return unpack(packed);
	if (!cases) {
		fprintf(stderr, "no cases are no test\n");
		return 2;
	}
	if (!n)
		while (n < nr_walkers) {
			which[n] = walkers[n];
			n++;
		}
	return run(which, n, cases, seed, jobs);
}
