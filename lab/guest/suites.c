// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own tests of what permission changes are for, one after the other;
 * those that run at boot have run by now. Says on the kernel's console what comes
 * next and how it ended, for the host to compare two kernels by.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/suspend_ioctls.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOAD_SECONDS	10
#define KSFT_SKIP	4

/* A stock riscv kernel hangs in QEMU, with the image of the hibernation loaded. */
#ifdef __riscv
#define RESUMES	0
#else
#define RESUMES	1
#endif

/* What fails in both kernels says nothing about either: it fails here. */
static int bad;

/* A line in one write(): dprintf() seeks first, which /dev/kmsg refuses. */
static void say(const char *fmt, ...)
{
	int fd = open("/dev/kmsg", O_WRONLY);
	char line[200] = "lab-suite ";
	int n = strlen(line);
	va_list args;

	va_start(args, fmt);
	n += vsnprintf(line + n, sizeof(line) - n, fmt, args);
	va_end(args);
	if (write(fd, line, n) != n)
		perror("/dev/kmsg");
	close(fd);
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int ret = fd < 0 || write(fd, text, strlen(text)) < 0 ? errno : 0;

	close(fd);
	return ret;
}

static bool booted_with(const char *param)
{
	char line[4096] = "";
	int fd = open("/proc/cmdline", O_RDONLY);
	ssize_t n = read(fd, line, sizeof(line) - 1);

	close(fd);
	return n > 0 && strstr(line, param);
}

/*
 * Each kills whoever asks for it, if all is well: what the kernel says of that turns
 * lockdep off, so that they come last. Without KFENCE: riscv takes it for one of its
 * faults, again and again, if an object of its is executed.
 */
static void lkdtm(void)
{
	static const char * const names[] = {
		"WRITE_RO", "WRITE_RO_AFTER_INIT", "WRITE_KERN", "EXEC_DATA",
		"EXEC_STACK", "EXEC_KMALLOC", "EXEC_VMALLOC", "EXEC_RODATA",
		"EXEC_USERSPACE", "EXEC_NULL", "ACCESS_USERSPACE", "ACCESS_NULL",
	};
	int ret = put("/sys/module/kfence/parameters/sample_interval", "0");
	size_t i;

	say("KFENCE ends: %s", strerror(ret));
	bad |= ret;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int status, pid = fork();

		if (!pid)
			_exit(put("/sys/kernel/debug/provoke-crash/DIRECT", names[i]));
		waitpid(pid, &status, 0);
		if (WIFSIGNALED(status)) {
			say("lkdtm %s: killed by signal %d", names[i], WTERMSIG(status));
		} else {
			say("lkdtm %s: ended with %d", names[i], WEXITSTATUS(status));
			bad |= !booted_with("rodata=off");
		}
	}
}

static int load(const char *name, const char *args)
{
	char path[64];
	int fd, ret;

	snprintf(path, sizeof(path), "/%s.ko", name);
	fd = open(path, O_RDONLY);
	ret = fd < 0 || syscall(SYS_finit_module, fd, args, 0) ? errno : 0;
	close(fd);
	return ret;
}

static int unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
}

/* Some refuse to stay after they have run. */
static void run_module(const char *name, const char *args, int wanted)
{
	int ret;

	say("%s begins", name);
	ret = load(name, args);
	say("%s ends: %s", name, strerror(ret));
	bad |= ret != wanted;
	if (!ret)
		unload(name);
}

static void modules(void)
{
	int i, ret = 0;

	for (i = 0; i < 200 && !ret; i++)
		ret = load("pageattr_victim", "") ?: unload("pageattr_victim");
	say("%d modules loaded and unloaded: %s", i, strerror(ret));
	bad |= ret;
}

static void run_program(const char *path)
{
	int status, pid;

	say("%s begins", path);
	pid = fork();
	if (!pid) {
		int fd = open("/dev/kmsg", O_WRONLY);

		dup2(fd, 1);
		dup2(fd, 2);
		execl(path, path, NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	say("%s ends: %x", path, status);
	/* There is no secret memory if the linear map has to be left alone. */
	bad |= status && !(WEXITSTATUS(status) == KSFT_SKIP && booted_with("rodata="));
}

/*
 * Blocks of a disk, for each of which there is a page to allocate and free, and a
 * connection with itself: what acknowledges a packet is allocated in softirq, and what
 * was acknowledged is freed there.
 */
static void under_load(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	static char buf[1 << 20];
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int out = socket(AF_INET, SOCK_STREAM, 0), in = -1;
	int disk = open("/dev/vda", O_RDONLY);
	time_t end = time(NULL) + LOAD_SECONDS;
	unsigned long packets = 0, blocks = 0;
	int i;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (disk < 0 || bind(listener, (struct sockaddr *)&to, sizeof(to)) ||
	    listen(listener, 1) || connect(out, (struct sockaddr *)&to, sizeof(to)) ||
	    (in = accept(listener, NULL, NULL)) < 0) {
		say("load: %s", strerror(errno));
		bad = 1;
		return;
	}
	while (time(NULL) < end) {
		for (i = 0; i < 100; i++) {
			packets += send(out, buf, 1 + i * 14, MSG_DONTWAIT) > 0;
			recv(in, buf, sizeof(buf), MSG_DONTWAIT);
		}
		blocks += pread(disk, buf, sizeof(buf), (blocks % 64) << 20) > 0;
		posix_fadvise(disk, 0, 0, POSIX_FADV_DONTNEED);
	}
	if (packets > 100 && blocks > 10) {
		say("load: done");
	} else {
		say("load: too little");
		bad = 1;
	}
	close(in);
	close(out);
	close(listener);
	close(disk);
}

/*
 * The image is made, and read as one that would be stored is: by whole pages, since
 * shorter reads come to the first half of a page only. Whoever makes it looks at each
 * page by its permissions.
 */
static void snapshot(void)
{
	static char buf[1 << 16];
	long page = sysconf(_SC_PAGESIZE), size = 0;
	int fd = open("/dev/snapshot", O_RDONLY), in_suspend = 0;
	int ret = fd < 0 || ioctl(fd, SNAPSHOT_FREEZE) ||
		  ioctl(fd, SNAPSHOT_CREATE_IMAGE, &in_suspend) ? errno : 0;

	while (!ret && read(fd, buf, page) == page)
		size += page;
	ret = ret ?: ioctl(fd, SNAPSHOT_UNFREEZE) ? errno : 0;
	say("snapshot: %s, %s", strerror(ret), size > 4 << 20 ? "read" : "next to nothing read");
	bad |= ret || size <= 4 << 20;
	close(fd);
}

/* The image is written and read again, and the same kernel goes on with it. */
static void hibernate(void)
{
	int ret = swapon("/dev/vda", 0) ? errno : 0;

	say("hibernation begins: %s", strerror(ret));
	ret = ret ?: put("/sys/power/disk", "test_resume");
	ret = ret ?: put("/sys/power/state", "disk");
	say("hibernation ends: %s", strerror(ret));
	bad |= ret;
}

/* What lockdep has to complain about, and a taint, turn it off: then it has seen less. */
static void lockdep(void)
{
	FILE *stats = fopen("/proc/lockdep_stats", "r");
	char line[200];
	int on = 0;

	if (!stats)
		return;
	while (fgets(line, sizeof(line), stats))
		sscanf(line, " debug_locks: %d", &on);
	say("lockdep is %s", on ? "on" : "off");
	bad |= !on;
	fclose(stats);
}

static void loopback(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (ioctl(fd, SIOCSIFFLAGS, &lo))
		say("no loopback: %s", strerror(errno));
	close(fd);
}

int main(int argc, char **argv)
{
	if (mount("none", "/dev", "devtmpfs", 0, NULL))
		return 1;
	loopback();
	if (argc > 1 && !strcmp(argv[1], "load")) {
		under_load();
		return bad;
	}
	run_module("test_vmalloc", "run_test_mask=0x1fff test_loop_count=20 nr_threads=4", EAGAIN);
	run_module("test_bpf", "", 0);
	modules();
	run_program("/memfd_secret");
	under_load();
	snapshot();
	if (RESUMES)
		hibernate();
	modules();
	lockdep();
	lkdtm();
	say("all done");
	return !!bad;
}
