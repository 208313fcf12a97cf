// SPDX-License-Identifier: GPL-2.0-only
/*
 * The demonstration: each step shows the leaves of a window of kernel addresses
 * before and after one call, and checks them against what is written down here.
 */
#include <linux/slab.h>
#include <asm/tlbflush.h>

#include "lab.h"

static int passed, failed, number;

struct step {
	const char *what;	/* heading */
	const char *call;	/* the call made, to read */
	int (*fn)(unsigned long addr, unsigned long size);
	unsigned long win, winsize;	/* shown and compared */
	unsigned long addr, size;	/* what the call is asked to change */
	int ret;		/* what it returns */
	const char *perms;	/* of all in the range, afterwards */
	unsigned long leaf;	/* size of the leaves there, afterwards */
};

struct snapshot {
	struct lab_entry *entry;
	int nr;
};

static int take_snapshot(struct snapshot *s, unsigned long addr, unsigned long size)
{
	unsigned long end = addr + size;

	s->nr = 0;
	s->entry = vmalloc(array_size(size >> PAGE_SHIFT, sizeof(*s->entry)));
	if (!s->entry)
		return -ENOMEM;
	while (addr < end) {
		struct lab_entry *e = &s->entry[s->nr++];

		lab_read(addr, e);
		addr = e->addr + e->size;
	}
	return 0;
}

static bool same_kind(const struct lab_entry *a, const struct lab_entry *b)
{
	return a->size == b->size && a->leaf == b->leaf &&
	       !strcmp(lab_perms(a), lab_perms(b));
}

static void say_run(const char *when, unsigned long start, unsigned long end,
		    const struct lab_entry *e)
{
	char unit = e->leaf >= SZ_1G ? 'G' : e->leaf >= SZ_1M ? 'M' : 'K';
	unsigned long leaf = e->leaf >> (unit == 'G' ? 30 : unit == 'M' ? 20 : 10);

	say("  %-6s  %016lx-%016lx  %-15s %3lu%c  %s", when, start, end - 1,
	    lab_level(e), leaf, unit, lab_perms(e));
}

/*
 * Entries of one kind in a row are one line. Shown is what overlaps the range
 * asked for, or touches it; checked is all of the window.
 */
static void show(const char *when, const struct snapshot *s, const struct step *step)
{
	int i, first = 0;

	for (i = 1; i <= s->nr; i++) {
		const struct lab_entry *last = &s->entry[i - 1];
		unsigned long start = s->entry[first].addr;
		unsigned long end = last->addr + last->size;

		if (i < s->nr && same_kind(last, &s->entry[i]))
			continue;
		if (start <= step->addr + step->size && end >= step->addr) {
			say_run(when, start, end, last);
			when = "";
		}
		first = i;
	}
}

static const char *differs(const struct step *s, const struct snapshot *before,
			   const struct snapshot *after)
{
	int i, j = 0;

	for (i = 0; i < after->nr; i++) {
		const struct lab_entry *now = &after->entry[i], *then;

		while (before->entry[j].addr + before->entry[j].size <= now->addr)
			j++;
		then = &before->entry[j];

		if (s->ret) {
			if (now->addr != then->addr || now->raw != then->raw)
				return "the call was refused, yet wrote";
		} else if (now->addr + now->size <= s->addr ||
			   now->addr >= s->addr + s->size) {
			if (strcmp(lab_perms(now), lab_perms(then)))
				return "a neighbour changed";
		} else if (strcmp(lab_perms(now), s->perms)) {
			return "the range has other permissions than asked for";
		} else if (now->leaf != s->leaf) {
			return "the leaves have another size than expected";
		}
	}
	return NULL;
}

static void run(const struct step *s)
{
	struct snapshot before, after;
	const char *wrong;
	int ret;

	say("");
	say("%d. %s", ++number, s->what);
	if (take_snapshot(&before, s->win, s->winsize))
		goto nomem;
	ret = s->fn(s->addr, s->size);
	if (take_snapshot(&after, s->win, s->winsize)) {
		vfree(before.entry);
		goto nomem;
	}
	say("  %s on %016lx-%016lx = %d", s->call, s->addr, s->addr + s->size - 1, ret);
	show("before", &before, s);
	show("after", &after, s);

	wrong = ret == s->ret ? differs(s, &before, &after) :
				"the call returned something else than expected";
	vfree(before.entry);
	vfree(after.entry);
	if (wrong)
		goto wrong;
	passed++;
	return;
nomem:
	wrong = "no memory to remember the page tables";
wrong:
	say("  WRONG: %s", wrong);
	failed++;
}

static int direct_invalid(unsigned long addr, unsigned long size)
{
	int ret = k.set_direct_map_valid_noflush(virt_to_page((void *)addr),
						 size >> PAGE_SHIFT, false);

	lab_flush(addr, addr + size);
	return ret;
}

static int direct_valid(unsigned long addr, unsigned long size)
{
	return k.set_direct_map_valid_noflush(virt_to_page((void *)addr),
					      size >> PAGE_SHIFT, true);
}

static int page_invalid(unsigned long addr, unsigned long size)
{
	int ret = k.set_direct_map_invalid_noflush(virt_to_page((void *)addr));

	lab_flush(addr, addr + size);
	return ret;
}

static int page_default(unsigned long addr, unsigned long size)
{
	return k.set_direct_map_default_noflush(virt_to_page((void *)addr));
}

static int memory_ro(unsigned long addr, unsigned long size)
{
	return k.set_memory_ro(addr, size >> PAGE_SHIFT);
}

static int memory_rw(unsigned long addr, unsigned long size)
{
	return k.set_memory_rw(addr, size >> PAGE_SHIFT);
}

static int memory_x(unsigned long addr, unsigned long size)
{
	return k.set_memory_x(addr, size >> PAGE_SHIFT);
}

static int memory_nx(unsigned long addr, unsigned long size)
{
	return k.set_memory_nx(addr, size >> PAGE_SHIFT);
}

/* The helper alone, with nobody to split first. */
static int helper_ro(unsigned long addr, unsigned long size)
{
	int ret = k.pageattr_change_range(addr, size, lab_ro_set, lab_ro_clear, NULL);

	lab_flush(addr, addr + size);
	return ret;
}

#define VALID_RW	"valid rw nx"
#define VALID_RO	"valid ro nx"
#define INVALID_RW	"invalid rw nx"

static void linear_map(void)
{
	unsigned long r = lab_region, half = r + SZ_512M;
	unsigned long page = half + 5 * PAGE_SIZE;
	unsigned long largest;
	struct lab_entry e;
	bool blocks;

	lab_read(r, &e);
	largest = e.size;
	blocks = largest > PAGE_SIZE;
	say("The linear map is made of %s here.", blocks ? "blocks" : "PTEs");

#define LINEAR(_what, _in_blocks, _fn, _call, _addr, _size, _perms, _leaf) \
	run(&(struct step) {						\
		.what = blocks ? _what _in_blocks : _what,		\
		.fn = _fn, .call = #_call "()",				\
		.win = r, .winsize = LAB_REGION_SIZE,			\
		.addr = _addr, .size = _size, .perms = _perms,		\
		.leaf = blocks ? (_leaf) : PAGE_SIZE,			\
	})

	LINEAR("1 GiB of the linear map is made invalid", ": in blocks", direct_invalid,
	       set_direct_map_valid_noflush, r, SZ_1G, INVALID_RW, largest);
	LINEAR("and valid again", "", direct_valid,
	       set_direct_map_valid_noflush, r, SZ_1G, VALID_RW, largest);
	LINEAR("A single page inside it", ": split first, then changed", page_invalid,
	       set_direct_map_invalid_noflush, page, PAGE_SIZE, INVALID_RW, PAGE_SIZE);
	LINEAR("and back", "", page_default,
	       set_direct_map_default_noflush, page, PAGE_SIZE, VALID_RW, PAGE_SIZE);
	LINEAR("64 KiB next to it", "", direct_invalid,
	       set_direct_map_valid_noflush, half + SZ_64K, SZ_64K, INVALID_RW,
	       lab_cont_pte);
	LINEAR("and valid again", "", direct_valid,
	       set_direct_map_valid_noflush, half + SZ_64K, SZ_64K, VALID_RW,
	       lab_cont_pte);
	LINEAR("2 MiB", ": a PMD block", direct_invalid,
	       set_direct_map_valid_noflush, half + SZ_2M, SZ_2M, INVALID_RW, SZ_2M);
	LINEAR("and valid again", "", direct_valid,
	       set_direct_map_valid_noflush, half + SZ_2M, SZ_2M, VALID_RW, SZ_2M);
	LINEAR("32 MiB", ": PMD blocks", direct_invalid,
	       set_direct_map_valid_noflush, half + SZ_32M, SZ_32M, INVALID_RW,
	       lab_cont_pmd);
	LINEAR("and valid again", "", direct_valid,
	       set_direct_map_valid_noflush, half + SZ_32M, SZ_32M, VALID_RW,
	       lab_cont_pmd);
}

/* Count a check; what is said of one that failed follows what was seen. */
#define verdict(ok, fmt, ...)						\
	do {								\
		if (ok) {						\
			passed++;					\
		} else {						\
			say("  WRONG: " fmt, ##__VA_ARGS__);		\
			failed++;					\
		}							\
	} while (0)

static void expect_write(unsigned long addr, bool allowed)
{
	u64 word = 0x1122334455667788;
	long ret = k.copy_to_kernel_nofault((void *)addr, &word, sizeof(word));

	say("  a write to %016lx %s", addr, ret ? "faults" : "goes through");
	verdict(!ret == allowed, "it must%s", allowed ? " not" : "");
}

#define NR_STALE	64

/*
 * A TLB that still has the old entry lets a write through: first have all of
 * them in there, of the area and of the linear map.
 */
static void stale_entries(void)
{
	unsigned long v = (unsigned long)vmalloc(NR_STALE * PAGE_SIZE);
	u64 word = 0x1122334455667788;
	int i, through = 0;
	u64 *at[2 * NR_STALE];

	if (!v) {
		say("WRONG: no memory");
		failed++;
		return;
	}
	for (i = 0; i < NR_STALE; i++) {
		at[i] = (u64 *)(v + i * PAGE_SIZE);
		at[NR_STALE + i] = page_address(vmalloc_to_page(at[i]));
	}
	/* What set_memory_ro() would find to flush, for another reason. */
	vm_unmap_aliases();
	for (i = 0; i < ARRAY_SIZE(at); i++)
		WRITE_ONCE(*at[i], i);
	k.set_memory_ro(v, NR_STALE);
	for (i = 0; i < ARRAY_SIZE(at); i++)
		through += !k.copy_to_kernel_nofault(at[i], &word, sizeof(word));
	k.set_memory_rw(v, NR_STALE);
	vfree((void *)v);

	say("%d pages just written to are made read-only: of writes to them and to", NR_STALE);
	say("  their linear aliases, %d go through", through);
	verdict(!through, "a TLB has old entries");
}

static void expect_alias(unsigned long addr, const char *perms)
{
	unsigned long lm = (unsigned long)page_address(vmalloc_to_page((void *)addr));
	struct lab_entry e;

	lab_read(lm, &e);
	say("  its linear alias %016lx is %s", lm, lab_perms(&e));
	verdict(!strcmp(lab_perms(&e), perms), "it must be %s", perms);
}

static void vmalloc_pages(void)
{
	unsigned long v = (unsigned long)vmalloc(4 * PAGE_SIZE);

	if (!v) {
		say("WRONG: no memory");
		failed++;
		return;
	}

#define VMALLOC(_what, _fn, _call, _perms)				\
	run(&(struct step) {						\
		.what = _what, .fn = _fn, .call = #_call "()",		\
		.win = v, .winsize = 4 * PAGE_SIZE,			\
		.addr = v + PAGE_SIZE, .size = 2 * PAGE_SIZE,		\
		.perms = _perms, .leaf = PAGE_SIZE,			\
	})

	VMALLOC("Two of four vmalloc pages, PTEs", memory_ro, set_memory_ro, VALID_RO);
	expect_write(v + PAGE_SIZE, false);
	expect_write(v, true);
	expect_alias(v + PAGE_SIZE, VALID_RO);
	VMALLOC("made executable", memory_x, set_memory_x, "valid ro x");
	VMALLOC("and not", memory_nx, set_memory_nx, VALID_RO);
	VMALLOC("and writable again", memory_rw, set_memory_rw, VALID_RW);
	expect_write(v + PAGE_SIZE, true);
	expect_alias(v + PAGE_SIZE, VALID_RW);
	vfree((void *)v);
}

static void vmalloc_leaf(unsigned long leaf, const char *what, const char *whole)
{
	unsigned long size = 2 * leaf;
	unsigned long v = (unsigned long)vmalloc_huge(size, GFP_KERNEL);
	char part[80];

	if (!v) {
		say("WRONG: no memory");
		failed++;
		return;
	}
	snprintf(part, sizeof(part), "One page of %s: refused, and nothing written", what);
	run(&(struct step) {
		.what = part, .fn = helper_ro, .call = "pageattr_change_range()",
		.win = v, .winsize = size, .addr = v + PAGE_SIZE, .size = PAGE_SIZE,
		.ret = -EINVAL,
	});
	run(&(struct step) {
		.what = whole, .fn = helper_ro, .call = "pageattr_change_range()",
		.win = v, .winsize = size, .addr = v, .size = leaf,
		.perms = VALID_RO, .leaf = leaf,
	});
	expect_write(v + leaf - PAGE_SIZE, false);
	expect_write(v + leaf, true);
	vfree((void *)v);
}

int lab_demo(void)
{
	if (!lab_region || !k.pageattr_change_range) {
		pr_err("lab: the demonstration needs the series kernel, and reserve_mem=1G:1G:pageattr\n");
		return -ENOENT;
	}
	linear_map();
	vmalloc_pages();
	stale_entries();
	if (lab_cont_pte > PAGE_SIZE)
		vmalloc_leaf(lab_cont_pte, "a contiguous set", "A contiguous set of vmalloc memory, whole");
	vmalloc_leaf(SZ_2M, "a PMD block", "A PMD block of vmalloc memory, whole");
	say("");
	say("%d steps, %d checks passed, %d failed", number, passed, failed);

	return failed ? -EIO : 0;
}
