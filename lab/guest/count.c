// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest instructions of permission changes. Under QEMU's -icount shift=0 an
 * instruction takes a nanosecond of guest time, nothing else runs, and
 * interrupts are off or have no work: what is counted is the call.
 */
#include <linux/debugfs.h>
#include <linux/execmem.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/timex.h>

#include "lab.h"

#define ROUNDS	5

static u64 instructions(void)
{
#ifdef CONFIG_RISCV
	return csr_read(CSR_INSTRET);	/* the time has 100 ns here */
#else
	return get_cycles();		/* at 1 GHz */
#endif
}

/* Hints that do nothing, but for lab/plugin.c. */
#ifdef CONFIG_RISCV
#define mark(n)		asm volatile("addi zero, zero, 0x570 + " #n ::: "memory")
#else
#define mark(n)		asm volatile("hint 0x70 + " #n ::: "memory")
#endif
#define MARK_BEGIN	mark(0)
#define MARK_END	mark(1)
#define MARK_PRINT	mark(2)

static void print(const char *name, int pages, int ret, u64 took)
{
	if (ret) {
		say("%s %d failed: %d", name, pages, ret);
		return;
	}
	printk(KERN_INFO "lab-count %s %d %llu\n", name, pages, took);
	MARK_PRINT;
}

/* What @do_it took the first time. */
#define COUNT_FIRST(name, pages, do_it)					\
	do {								\
		u64 start, took;					\
		int ret;						\
									\
		MARK_BEGIN;						\
		start = instructions();					\
		ret = do_it;						\
		took = instructions() - start;				\
		MARK_END;						\
		print(name, pages, ret, took);				\
	} while (0)

/* The least of a few rounds: the first ones miss caches of the kernel's own. */
#define COUNT(name, pages, do_it, undo_it)				\
	do {								\
		u64 least = U64_MAX, start, took;			\
		int round, ret = 0;					\
									\
		for (round = 0; round < ROUNDS; round++) {		\
			MARK_BEGIN;					\
			start = instructions();				\
			ret |= do_it;					\
			took = instructions() - start;			\
			MARK_END;					\
			least = min(least, took);			\
			undo_it;					\
		}							\
		print(name, pages, ret, least);				\
	} while (0)

static struct page *region_page(unsigned long offset)
{
	return virt_to_page((void *)(lab_region + offset));
}

/*
 * A change of whole blocks, and back: to invalid, but for stock riscv, which does
 * not find a PUD again that is invalid.
 */
static int block_change(struct page *p, int nr)
{
	if (IS_ENABLED(CONFIG_RISCV))
		return k.set_memory_ro((unsigned long)page_address(p), nr);
	return k.set_direct_map_valid_noflush(p, nr, false);
}

static int block_back(struct page *p, int nr)
{
	if (IS_ENABLED(CONFIG_RISCV))
		return k.set_memory_rw((unsigned long)page_address(p), nr);
	return k.set_direct_map_valid_noflush(p, nr, true);
}

static void count_block(const char *change, const char *back, struct page *p, int nr)
{
	COUNT(change, nr, block_change(p, nr), block_back(p, nr));
	COUNT(back, nr, block_back(p, nr), block_change(p, nr));
	block_back(p, nr);
}

/* Before anything else is done to the region, which is mapped as at boot. */
static void blocks(void)
{
	int nr = SZ_2M >> PAGE_SHIFT;
	struct lab_entry e;
	struct page *p;

	lab_read(lab_region, &e);
	if (e.size == PAGE_SIZE)
		return;
	if (e.size == SZ_1G)
		count_block("pud-block-change", "pud-block-back", region_page(0),
			    SZ_1G >> PAGE_SHIFT);

	/* Nothing of 512 MiB is split yet, and then all that it takes. */
	p = region_page(SZ_512M);
	COUNT_FIRST("split-pud-1-page", 1, k.set_direct_map_valid_noflush(p + 1, 1, false));
	p += SZ_16M >> PAGE_SHIFT;
	COUNT_FIRST("split-pmd-1-page", 1, k.set_direct_map_valid_noflush(p + 1, 1, false));
	COUNT_FIRST("split-pmd-16-pages", 16,
		    k.set_direct_map_valid_noflush(p + nr + 1, 16, false));
	count_block("pmd-block-change", "pmd-block-back",
		    p + (SZ_16M >> PAGE_SHIFT), nr);
	k.set_direct_map_valid_noflush(region_page(SZ_512M), SZ_512M >> PAGE_SHIFT, true);
}

static void count_valid(const char *invalidate, const char *validate, int nr)
{
	struct page *p = region_page(0);

	COUNT(invalidate, nr, k.set_direct_map_valid_noflush(p, nr, false),
	      k.set_direct_map_valid_noflush(p, nr, true));
	k.set_direct_map_valid_noflush(p, nr, false);
	COUNT(validate, nr, k.set_direct_map_valid_noflush(p, nr, true),
	      k.set_direct_map_valid_noflush(p, nr, false));
	k.set_direct_map_valid_noflush(p, nr, true);
}

static void linear(int nr)
{
	struct page *p = region_page(0);

	count_valid("direct-map-invalidate", "direct-map-validate", nr);
	COUNT("direct-map-no-change", nr,
	      k.set_direct_map_valid_noflush(p, nr, true), (void)0);
}

static void one_page(void)
{
	struct page *p = region_page(0);

	COUNT("direct-map-1-invalid", 1, k.set_direct_map_invalid_noflush(p),
	      k.set_direct_map_default_noflush(p));
	k.set_direct_map_invalid_noflush(p);
	COUNT("direct-map-1-default", 1, k.set_direct_map_default_noflush(p),
	      k.set_direct_map_invalid_noflush(p));
	k.set_direct_map_default_noflush(p);
}

#ifdef CONFIG_ARM64
/* riscv's stock kernel cannot: it takes a lock that sleeps. */
static void count_in_softirq(struct tasklet_struct *unused)
{
	count_valid("softirq-invalidate", "softirq-validate", 512);
}

static DECLARE_TASKLET(count_tasklet, count_in_softirq);

static void atomic(void)
{
	unsigned long flags;
	struct lab_entry e;

	/* A linear map of blocks is split under a mutex. */
	lab_read(lab_region + SZ_512M, &e);
	if (e.size != PAGE_SIZE)
		return;
	local_irq_save(flags);
	count_valid("irqs-off-invalidate", "irqs-off-validate", 512);
	local_irq_restore(flags);
	tasklet_schedule(&count_tasklet);
	tasklet_kill(&count_tasklet);
}
#else
static void atomic(void)
{
}
#endif

static int replace(pte_t *ptep, unsigned long addr, void *data)
{
	struct vm_struct *area = data;
	struct page *page = area->pages[(addr - (unsigned long)area->addr) >> PAGE_SHIFT];

	set_pte(ptep, pfn_pte(page_to_pfn(page), PAGE_KERNEL));
	return 0;
}

/* Have an area map @pages, and @pages name those that it has had. */
void lab_exchange(struct vm_struct *area, struct page **pages)
{
	unsigned long start = (unsigned long)area->addr;
	unsigned long size = area->nr_pages * PAGE_SIZE;
	int i;

	for (i = 0; i < area->nr_pages; i++)
		swap(area->pages[i], pages[i]);
	apply_to_page_range(k.init_mm, start, size, replace, area);
	lab_flush(start, start + size);
}

/*
 * set_memory_*() on a vmalloc area whose pages are the first @within ones of the
 * region: from @first on, each @step after the one before, around the end.
 */
static void area(const char *order, int nr, int first, int step, int within)
{
	struct page **pages = kvmalloc_array(nr, sizeof(*pages), GFP_KERNEL);
	unsigned long v = (unsigned long)vmalloc(nr * PAGE_SIZE);
	struct vm_struct *area;
	char name[48];
	int i;

	if (!pages || !v)
		goto out;
	area = k.find_vm_area((void *)v);
	for (i = 0; i < nr; i++)
		pages[i] = region_page(0) + (first + i * step) % within;
	lab_exchange(area, pages);

#define COUNT_AREA(what, undo)							\
	do {									\
		snprintf(name, sizeof(name), "set_memory_%s-%s", #what, order);	\
		COUNT(name, nr, k.set_memory_##what(v, nr), k.set_memory_##undo(v, nr));	\
	} while (0)
	COUNT_AREA(ro, rw);
	k.set_memory_ro(v, nr);
	COUNT_AREA(rw, ro);
	k.set_memory_rw(v, nr);
	COUNT_AREA(x, nx);
	k.set_memory_x(v, nr);
	COUNT_AREA(nx, x);
	k.set_memory_nx(v, nr);
	snprintf(name, sizeof(name), "set_memory_rw-%s-no-change", order);
	COUNT(name, nr, k.set_memory_rw(v, nr), (void)0);

	lab_exchange(area, pages);
out:
	vfree((void *)v);
	kvfree(pages);
}

static int free_area(void *v)
{
	vfree(v);
	return 0;
}

static void *read_only_area(int nr)
{
	void *v = vmalloc(nr * PAGE_SIZE);

	if (v) {
		k.find_vm_area(v)->flags |= VM_FLUSH_RESET_PERMS;
		k.set_memory_ro((unsigned long)v, nr);
	}
	return v;
}

static void release(int nr)
{
	void *v = read_only_area(nr);

	COUNT("vfree-reset-perms", nr, free_area(v), v = read_only_area(nr));
	vfree(v);
}

static int exec(void *p, int nr)
{
	int ret = p ? k.set_memory_ro((unsigned long)p, nr) : -ENOMEM;

	return ret ?: k.set_memory_x((unsigned long)p, nr);
}

static int exec_free(void *p)
{
	k.execmem_free(p);
	return 0;
}

static void jit(int nr)
{
	void *p = k.execmem_alloc(EXECMEM_BPF, nr * PAGE_SIZE);

	COUNT("execmem-rox", nr, exec(p, nr),
	      (k.execmem_free(p), p = k.execmem_alloc(EXECMEM_BPF, nr * PAGE_SIZE)));
	exec(p, nr);
	COUNT("execmem-free", nr, exec_free(p),
	      (p = k.execmem_alloc(EXECMEM_BPF, nr * PAGE_SIZE), exec(p, nr)));
	k.execmem_free(p);
}

/*
 * What init does between writing "begin" and "end"; the least of it, when it writes
 * a name. The pages are those of the module that was last loaded.
 */
static ssize_t count_write(struct file *file, const char __user *user, size_t size,
			   loff_t *pos)
{
	static u64 start, least = U64_MAX;
	static int pages;
	u64 now = instructions();
	char text[32] = "";

	if (size >= sizeof(text) || copy_from_user(text, user, size))
		return -EINVAL;
	if (!strcmp(text, "begin")) {
		lab_labelled = 0;
		MARK_BEGIN;
		start = instructions();
	} else if (!strcmp(text, "end")) {
		MARK_END;
		least = min(least, now - start);
		pages = lab_labelled ?: pages;
	} else {
		print(text, pages, 0, least);
		least = U64_MAX;
	}
	return size;
}

static const struct file_operations count_fops = {
	.owner	= THIS_MODULE,
	.write	= count_write,
};

int lab_count(void)
{
	static const int sizes[] = { 1, 2, 16, 512, 4096, 16384 };
	int i;

	if (!lab_region)
		return -ENOENT;
	blocks();
	one_page();
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		linear(sizes[i]);
	atomic();
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		area("contiguous", sizes[i], 0, 1, sizes[i]);
		/* No two neighbours are any more. */
		area("shuffled", sizes[i], sizes[i] - 1, sizes[i] - 7 % sizes[i], sizes[i]);
		/* Each is in another table than the one before. */
		area("scattered", sizes[i], 0, PTRS_PER_PTE + 1, LAB_REGION_SIZE >> PAGE_SHIFT);
	}
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		release(sizes[i]);
	jit(1);
	jit(16);
	debugfs_create_file("pageattr_lab_count", 0200, NULL, NULL, &count_fops);

	return 0;
}
