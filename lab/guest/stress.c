// SPDX-License-Identifier: GPL-2.0-only
/*
 * Permissions changed on all CPUs at once. Each CPU has an owner of pages that
 * lie among those of the others, in the same blocks and contiguous sets, and
 * knows what each of its pages has to be. Nobody else changes them, but everybody
 * splits what they are in.
 */
#include <linux/kthread.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "lab.h"

#define HALF		(LAB_REGION_SIZE / 2)
#define AREA_PAGES	80
#define MAX_OWNERS	8

/* On a busy host, they take longer than half of the time. */
#define MIN_MEETINGS	2000

/* Stripes of the second half go to the owners in turn: many small, then large. */
#define QUARTER		(HALF / 2 / PAGE_SIZE)
#define SMALL_STRIPE	24
#define LARGE_STRIPE	min(2 * PTRS_PER_PTE + 8, QUARTER / (2 * MAX_OWNERS))

enum { VALID = 1, WRITABLE = 2, EXECUTABLE = 4 };

struct owner {
	struct task_struct *task;
	struct rnd_state rnd;
	struct completion done;
	int id;
	unsigned long v;		/* a vmalloc area */
	u8 area[AREA_PAGES];		/* and what its pages have to be */
	unsigned long calls;
};

static struct owner owners[MAX_OWNERS];
static int nr_owners;
static u8 *region;		/* VALID or not, for each page */
static atomic_t met, wrong;
static int churned, splits;
static unsigned long half, end;	/* of the time, in jiffies */
static unsigned long sets;	/* where the owners meet */

static u32 below(struct owner *o, u32 limit)
{
	return prandom_u32_state(&o->rnd) % limit;
}

static void found(struct owner *o, const char *what, const struct lab_entry *e)
{
	if (atomic_inc_return(&wrong) <= 20)
		say("owner %d: %s: %016llx at %lx (%s, %s)", o->id, what, e->raw, e->addr,
		    lab_level(e), lab_perms(e));
}

static void failed(struct owner *o, const char *call, int ret)
{
	if (atomic_inc_return(&wrong) <= 20)
		say("owner %d: %s = %d", o->id, call, ret);
}

/* All owners come here for the @nr'th time, or one of them has found something. */
static void meet(int nr)
{
	atomic_inc_return(&met);
	while (atomic_read_acquire(&met) < nr * nr_owners && !atomic_read(&wrong)) {
		cpu_relax();
		cond_resched();
	}
}

static void set_valid(struct owner *o, unsigned long page, int nr, bool valid)
{
	struct page *p = virt_to_page((void *)lab_region) + page;
	int ret = k.set_direct_map_valid_noflush(p, nr, valid);

	if (ret)
		failed(o, "set_direct_map_valid_noflush()", ret);
	memset(region + page, valid ? VALID : 0, nr);
	o->calls++;
}

static void make_invalid(struct owner *o, unsigned long page)
{
	int ret = k.set_direct_map_invalid_noflush(virt_to_page((void *)lab_region) + page);

	if (ret)
		failed(o, "set_direct_map_invalid_noflush()", ret);
	region[page] = 0;
	o->calls++;
}

/* Read the entry of @addr, which is to map @page, valid or not. */
static void read_entry(struct owner *o, unsigned long addr, struct page *page,
		       struct lab_entry *e)
{
	lab_read(addr, e);
	if (e->mapped && e->pfn + PFN_DOWN(addr - e->addr) != page_to_pfn(page))
		found(o, "another page", e);
}

static void check_region(struct owner *o, unsigned long page, int nr)
{
	struct lab_entry e;

	for (; nr; nr--, page++) {
		unsigned long addr = lab_region + page * PAGE_SIZE;

		read_entry(o, addr, virt_to_page((void *)addr), &e);
		if (!e.mapped || e.valid != (bool)region[page] || !e.write || e.exec)
			found(o, region[page] ? "not valid" : "not invalid", &e);
	}
}

/*
 * Whoever changes a part of a set leaves it split, also if another is at it, who
 * begins at the other end.
 */
static void check_split(struct owner *o, unsigned long page)
{
	unsigned long start = ALIGN_DOWN(lab_region + page * PAGE_SIZE, lab_cont_pte);
	unsigned long addr = start + lab_cont_pte;
	struct lab_entry e;

	while (addr > start) {
		addr -= PAGE_SIZE;
		lab_read(addr, &e);
		if (e.leaf != PAGE_SIZE)
			found(o, "half split", &e);
	}
}

static unsigned long pages_of_a_set(void)
{
	return max(lab_cont_pte / PAGE_SIZE, 16);
}

/*
 * The first half is as at boot: the owners split each block and each set at the same
 * time, blocks first, to change pages that are next to each other.
 */
static void contend(struct owner *o)
{
	unsigned long pages = pages_of_a_set();
	unsigned long blocks = HALF / PMD_SIZE;
	unsigned long set;
	int nr = 0;

	for (set = 0; set < READ_ONCE(sets) && !atomic_read(&wrong); set++) {
		unsigned long page = set % blocks * PTRS_PER_PTE + set / blocks * pages;
		unsigned long own = page + nr % (pages - nr_owners + 1) + o->id;
		/* Some races take microseconds, others only a few instructions. */
		int delay = below(o, 4000 >> 4 * (nr / 2 % 3));

		if (o->id == 0) {
			struct lab_entry e;

			lab_read(lab_region + page * PAGE_SIZE, &e);
			splits += e.leaf > PAGE_SIZE;
		}
		meet(++nr);
		while (delay--)
			barrier();
		if (nr & 2)
			make_invalid(o, own);
		else
			set_valid(o, own, 1, false);
		check_split(o, own);
		if (o->id == 0 && nr > 2 * MIN_MEETINGS && time_after(jiffies, end - half))
			WRITE_ONCE(sets, 0);
		meet(++nr);
		if (o->id == nr % nr_owners)
			check_region(o, page, pages);
	}
}

static void new_area(struct owner *o)
{
	void *p = vmalloc(AREA_PAGES * PAGE_SIZE);

	o->v = (unsigned long)p;
	memset(o->area, VALID | WRITABLE, AREA_PAGES);
	if (!p)
		failed(o, "vmalloc()", -ENOMEM);
	else
		k.find_vm_area(p)->flags |= VM_FLUSH_RESET_PERMS;
}

static void check_area(struct owner *o)
{
	struct vm_struct *area = k.find_vm_area((void *)o->v);
	struct lab_entry e;
	int i;

	for (i = 0; i < AREA_PAGES; i++) {
		read_entry(o, o->v + i * PAGE_SIZE, area->pages[i], &e);
		if (!e.valid || e.write != !!(o->area[i] & WRITABLE) ||
		    e.exec != !!(o->area[i] & EXECUTABLE))
			found(o, "vmalloc area", &e);
		read_entry(o, (unsigned long)page_address(area->pages[i]), area->pages[i], &e);
		if (!e.valid || e.write != !!(o->area[i] & WRITABLE))
			found(o, "linear map of the vmalloc area", &e);
	}
}

static void change_area(struct owner *o)
{
	static const char * const names[] = { "ro", "rw", "nx", "x" };
	int first = below(o, AREA_PAGES);
	int nr = 1 + below(o, AREA_PAGES - first);
	unsigned long addr = o->v + first * PAGE_SIZE;
	int what = below(o, 4), ret, i;

	switch (what) {
	case 0:
		ret = k.set_memory_ro(addr, nr);
		break;
	case 1:
		ret = k.set_memory_rw(addr, nr);
		break;
	case 2:
		ret = k.set_memory_nx(addr, nr);
		break;
	default:
		ret = k.set_memory_x(addr, nr);
	}
	if (ret)
		failed(o, names[what], ret);
	for (i = first; i < first + nr; i++) {
		u8 bit = what < 2 ? WRITABLE : EXECUTABLE;

		o->area[i] = what & 1 ? o->area[i] | bit : o->area[i] & ~bit;
	}
	o->calls++;
}

static void change_stripe(struct owner *o)
{
	unsigned long stripe = below(o, 2) ? SMALL_STRIPE : LARGE_STRIPE;
	unsigned long start = stripe == SMALL_STRIPE ? 2 * QUARTER : 3 * QUARTER;
	unsigned long n = below(o, QUARTER / stripe / nr_owners) * nr_owners + o->id;
	unsigned long first = below(o, stripe);
	unsigned long nr = 1 + below(o, stripe - first);

	if (!below(o, 4)) {
		first = 0;
		nr = stripe;
	}
	start += n * stripe;
	set_valid(o, start + first, nr, below(o, 2));
	check_region(o, start, stripe);
}

/* Until the end, but for no less than half of the time. */
static void at_random(struct owner *o)
{
	unsigned long until = jiffies + half;

	if (time_before(until, end))
		until = end;
	new_area(o);
	while (time_before(jiffies, until) && !atomic_read(&wrong)) {
		change_stripe(o);
		change_area(o);
		check_area(o);
		if (!below(o, 50)) {
			vfree((void *)o->v);
			new_area(o);
		}
		cond_resched();
	}
	vfree((void *)o->v);
}

static int owner_thread(void *data)
{
	struct owner *o = data;

	contend(o);
	at_random(o);
	complete(&o->done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);

	return 0;
}

/* Huge areas come and go beside them, cleared by way of the linear map. */
static int churn_thread(void *data)
{
	while (!kthread_should_stop()) {
		unsigned long size = (1 + churned % 3) * SZ_2M;
		void *p = vmalloc_huge(size, GFP_KERNEL | __GFP_ZERO);

		if (p)
			WRITE_ONCE(churned, churned + 1);
		vfree(p);
		schedule_timeout_interruptible(1);
	}
	return 0;
}

static int start_owners(void)
{
	int i;

	for (i = 0; i < nr_owners; i++) {
		struct owner *o = &owners[i];

		o->id = i;
		init_completion(&o->done);
		prandom_seed_state(&o->rnd, i + 1);
		o->task = kthread_create_on_cpu(owner_thread, o, i, "lab-owner/%u");
		if (IS_ERR(o->task)) {
			while (i--)
				kthread_stop(owners[i].task);
			return -ENOMEM;
		}
	}
	for (i = 0; i < nr_owners; i++)
		wake_up_process(owners[i].task);
	return 0;
}

static unsigned long stop_owners(void)
{
	unsigned long calls = 0;
	int i;

	for (i = 0; i < nr_owners; i++) {
		wait_for_completion(&owners[i].done);
		calls += owners[i].calls;
		kthread_stop(owners[i].task);
	}
	return calls;
}

int lab_stress(int seconds)
{
	unsigned long pages = LAB_REGION_SIZE / PAGE_SIZE;
	struct task_struct *churn;
	unsigned long calls;
	int ret;

	if (!lab_region)
		return -ENOENT;
	region = kvmalloc(pages, GFP_KERNEL);
	churn = kthread_run(churn_thread, NULL, "lab-churn");
	if (!region || IS_ERR(churn)) {
		ret = -ENOMEM;
		goto out;
	}
	memset(region, VALID, pages);
	nr_owners = min_t(int, num_online_cpus(), MAX_OWNERS);
	if (nr_owners < 2) {
		pr_err("lab: one CPU has nobody to race with\n");
		ret = -ENODEV;
		goto out;
	}
	half = seconds * HZ / 2;
	end = jiffies + seconds * HZ;
	sets = HALF / PAGE_SIZE / pages_of_a_set();
	ret = start_owners();
	if (ret)
		goto out;
	calls = stop_owners();

	check_region(&owners[0], 0, pages);
	say("stress: %d owners, who met %d times, %d times to split; %lu calls beside %d huge areas, %d wrong",
	    nr_owners, atomic_read(&met) / nr_owners / 2, splits, calls,
	    READ_ONCE(churned), atomic_read(&wrong));
	k.set_direct_map_valid_noflush(virt_to_page((void *)lab_region), pages, true);
	if (atomic_read(&wrong) || !READ_ONCE(churned))
		ret = -EIO;
out:
	if (!IS_ERR(churn))
		kthread_stop(churn);
	kvfree(region);

	return ret;
}
