// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process 1 of the lab's guests, built with the kernel's own nolibc. Does what
 * "lab=" on the kernel command line names, and switches the machine off.
 */
#include <linux/bpf.h>
#include <linux/mman.h>
#include <linux/uio.h>

static int mount_all(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	return mount("none", "/proc", "proc", 0, NULL) ||
	       mount("none", "/sys", "sysfs", 0, NULL) ||
	       mount("none", "/sys/kernel/debug", "debugfs", 0, NULL);
}

static int insmod(const char *path, const char *args)
{
	int fd = open(path, O_RDONLY);
	int ret;

	if (fd < 0) {
		printf("lab: cannot open %s: errno %d\n", path, errno);
		return -1;
	}
	ret = syscall(__NR_finit_module, fd, args, 0);
	if (ret)
		printf("lab: cannot load %s: errno %d\n", path, errno);
	close(fd);
	return ret;
}

static int rmmod(const char *name)
{
	int ret = syscall(__NR_delete_module, name, O_NONBLOCK);

	if (ret)
		printf("lab: cannot unload %s: errno %d\n", name, errno);
	return ret;
}

static int cat(const char *path, const char *name)
{
	static char buf[65536];
	int fd = open(path, O_RDONLY);
	ssize_t n;

	if (fd < 0) {
		printf("lab: cannot open %s: errno %d\n", path, errno);
		return -1;
	}
	printf("lab-begin %s\n", name);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		char *p = buf;

		while (n > 0) {
			ssize_t done = write(1, p, n);

			if (done <= 0)
				return -1;
			p += done;
			n -= done;
		}
	}
	printf("lab-end %s\n", name);
	close(fd);
	return n;
}

/* Have a program translated, and say where its code went. */
static int jit(void)
{
	static const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 42 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	unsigned long long where = 0;
	struct bpf_prog_info info;
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_SYSCALL;
	attr.prog_flags = BPF_F_SLEEPABLE;
	attr.insns = (unsigned long)code;
	attr.insn_cnt = sizeof(code) / sizeof(code[0]);
	attr.license = (unsigned long)"GPL";
	fd = syscall(__NR_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	if (fd < 0) {
		printf("lab: cannot load a BPF program: errno %d\n", errno);
		return -1;
	}

	memset(&info, 0, sizeof(info));
	info.nr_jited_ksyms = 1;
	info.jited_ksyms = (unsigned long)&where;
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (unsigned long)&info;
	if (syscall(__NR_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)) || !where) {
		printf("lab: the BPF program was not translated: errno %d\n", errno);
		return -1;
	}
	printf("lab-page bpf 0 %016lx -\n", (unsigned long)where & ~4095UL);
	return 0;
}

/* A page that the kernel cannot reach; kept mapped until the machine goes off. */
static int secret(void)
{
	int fd = syscall(__NR_memfd_secret, 0);
	char *p;

	if (fd < 0 || ftruncate(fd, 4096)) {
		printf("lab: no memfd_secret: errno %d\n", errno);
		return -1;
	}
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return -1;
	*(volatile char *)p = 1;
	return 0;
}

static int sequence(void)
{
	return insmod("/pageattr_lab.ko", "mode=sequence") ||
	       insmod("/pageattr_victim.ko", "name=unloaded") ||
	       rmmod("pageattr_victim") ||
	       insmod("/pageattr_victim.ko", "name=loaded") ||
	       jit() || secret() ||
	       cat("/sys/kernel/debug/pageattr_lab", "pages") ||
	       cat("/sys/kernel/debug/kernel_page_tables", "dump") ||
	       rmmod("pageattr_victim") ||
	       insmod("/pageattr_victim.ko", "name=again") ||
	       rmmod("pageattr_victim") ||
	       rmmod("pageattr_lab");
}

static int count_one(const char *what, int load)
{
	int fd = open("/sys/kernel/debug/pageattr_lab_count", O_WRONLY);
	int round, ret = fd < 0;

	for (round = 0; round < 5 && !ret; round++) {
		if (!load)
			ret = insmod("/pageattr_victim.ko", "");
		write(fd, "begin", 5);
		ret = ret ?: load ? insmod("/pageattr_victim.ko", "") : rmmod("pageattr_victim");
		write(fd, "end", 3);
		if (load)
			ret = ret ?: rmmod("pageattr_victim");
	}
	write(fd, what, strlen(what));
	close(fd);
	return ret;
}

static int count(void)
{
	return insmod("/pageattr_lab.ko", "mode=count") ||
	       count_one("module-load", 1) || count_one("module-unload", 0);
}

/* While the pages change, somebody reads all page tables there are. */
static int stress(const char *seconds)
{
	static char buf[65536];
	volatile int *dumps = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char args[64];
	int pid = fork();
	int ret, i;

	if (!pid) {
		for (;;) {
			int fd = open("/sys/kernel/debug/kernel_page_tables", O_RDONLY);
			ssize_t n, all = 0;

			while ((n = read(fd, buf, sizeof(buf))) > 0)
				all += n;
			if (n < 0 || !all)
				exit(1);
			close(fd);
			++*dumps;
		}
	}
	snprintf(args, sizeof(args), "mode=stress seconds=%s", seconds);
	ret = pid < 0 || dumps == MAP_FAILED || insmod("/pageattr_lab.ko", args);
	for (i = 0; i < 60 && !ret && !*dumps; i++)
		sleep(1);
	if (waitpid(pid, NULL, WNOHANG) || !*dumps) {
		printf("lab: nobody has read the page tables\n");
		ret = 1;
	}
	printf("lab| stress: the page tables were read %d times\n", *dumps);
	kill(pid, 9);
	return ret;
}

/* All of them, or the @one that is named. */
static int suites(char *one)
{
	int status = 0, pid = fork();

	if (!pid) {
		char *const argv[] = { "/suites", one, NULL };

		execve(argv[0], argv, NULL);
		exit(1);
	}
	return waitpid(pid, &status, 0) != pid || status;
}

static int load(void)
{
	return insmod("/pageattr_lab.ko", "mode=softirq") || suites("load") ||
	       rmmod("pageattr_lab");
}

/* Nobody can take hold of a page of 1 GiB, and read it, who may not read it. */
static int protnone(void)
{
	struct iovec iov = { .iov_len = 4096 };
	int fds[2], ret;

	iov.iov_base = mmap(NULL, 1UL << 30, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_HUGE_1GB, -1, 0);
	if (iov.iov_base == MAP_FAILED || pipe(fds)) {
		printf("lab: there is no page of 1 GiB: errno %d\n", errno);
		return -1;
	}
	*(volatile char *)iov.iov_base = 1;
	ret = syscall(__NR_vmsplice, fds[1], &iov, 1, 0);
	if (ret != 4096) {
		printf("lab: vmsplice() = %d, errno %d\n", ret, errno);
		return -1;
	}
	if (syscall(__NR_mprotect, iov.iov_base, 1UL << 30, PROT_NONE))
		return -1;
	ret = syscall(__NR_vmsplice, fds[1], &iov, 1, 0);
	if (ret != -1 || errno != EFAULT) {
		printf("lab| protnone: wrong, vmsplice() = %d\n", ret);
		return -1;
	}
	printf("lab| protnone: right\n");
	return 0;
}

static int bug(const char *name)
{
	char args[64];

	snprintf(args, sizeof(args), "mode=%s", name);
	return insmod("/pageattr_lab.ko", args);
}

int main(void)
{
	const char *what = getenv("lab");
	int ret = mount_all();

	if (ret)
		printf("lab: cannot mount: errno %d\n", errno);
	else if (what && !strcmp(what, "demo"))
		ret = insmod("/pageattr_lab.ko", "mode=demo");
	else if (what && !strcmp(what, "sequence"))
		ret = sequence();
	else if (what && !strcmp(what, "count"))
		ret = count();
	else if (what && !strcmp(what, "kunit"))
		ret = insmod("/pageattr_kunit.ko", "");
	else if (what && !strcmp(what, "suites"))
		ret = insmod("/pageattr_lab.ko", "mode=none") || suites(NULL);
	else if (what && !strcmp(what, "load"))
		ret = load();
	else if (what && !strcmp(what, "protnone"))
		ret = protnone();
	else if (what && !strncmp(what, "stress-", 7))
		ret = stress(what + 7);
	else if (what && !strncmp(what, "bug-", 4))
		ret = bug(what);
	else
		ret = printf("lab: what shall be done? lab=demo, sequence, count, kunit, suites, load, protnone, stress-* or bug-*\n");

	/* In one go, so that no line of the kernel's comes between. */
	write(1, ret ? "\nlab-done 1\n" : "\nlab-done 0\n", 12);
	reboot(RB_POWER_OFF);
	return 1;
}
