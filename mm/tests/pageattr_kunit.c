// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of pageattr_change_range(), on page tables that each test builds
 * for itself and that no CPU ever walks.
 *
 * What is expected of an entry is written out, per architecture, as the bits of
 * the table below; nothing here asks the code under test, or the helpers that
 * it uses, what the right answer would be.
 */
#include <kunit/run-in-irq-context.h>
#include <kunit/test.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/pageattr.h>
#include <linux/sizes.h>

MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING");

/*
 * PAGE_* and BLOCK_*: attributes of a leaf that is writable, that is read-only,
 * and that is writable but invalid. RO_* and INV_*: the masks that lead from
 * the first to the others. INV_IN_TLB: whether a TLB may hold an invalid entry,
 * so that changing it owes a flush. SOFT: a bit that is left to software. BAD: an
 * entry that is no leaf, no table and not none. CONT_*: what an entry of a
 * contiguous set has besides, and whether all entries of a set hold the same
 * output address. ADDR() encodes an output address, TABLE() an entry for a table.
 */
#if defined(CONFIG_ARM64)
#define PAGE_RW		0x00e8000000000703UL
#define PAGE_RO		0x00e0000000000783UL
#define PAGE_INV	0x00e8000000000f02UL
#define BLOCK_RW	0x00e8000000000701UL
#define BLOCK_RO	0x00e0000000000781UL
#define BLOCK_INV	0x00e8000000000f00UL
#define RO_SET		0x0000000000000080UL
#define RO_CLEAR	0x0008000000000000UL
#define INV_SET		0x0000000000000800UL
#define INV_CLEAR	0x0000000000000001UL
#define INV_IN_TLB	false
#define SOFT		0x0100000000000000UL
#define BAD		0x0000000000000002UL
#define ADDR(phys)	((unsigned long)(phys))
#define TABLE(phys)	((unsigned long)(phys) | 3)
#define CONT_PTE	0x0010000000000000UL
#define CONT_PMD	0x0010000000000000UL
#define CONT_EQUAL	false
#elif defined(CONFIG_RISCV)
#define PAGE_RW		0x00000000000000e7UL
#define PAGE_RO		0x00000000000000e3UL
#define PAGE_INV	0x00000000000000e6UL
#define BLOCK_RW	PAGE_RW
#define BLOCK_RO	PAGE_RO
#define BLOCK_INV	PAGE_INV
#define RO_SET		0x0000000000000002UL
#define RO_CLEAR	0x0000000000000004UL
#define INV_SET		0x0000000000000000UL
#define INV_CLEAR	0x0000000000000001UL
#define INV_IN_TLB	IS_ENABLED(CONFIG_32BIT)
#define SOFT		0x0000000000000200UL
#define BAD		0x0000000000000100UL
#define ADDR(phys)	((unsigned long)(phys) >> 2)
#define TABLE(phys)	((unsigned long)(phys) >> 2 | 1)
/* All entries of a NAPOT region are equal: N, and 64 KiB in the low PPN bits. */
#define CONT_PTE	0x8000000000002000UL
#define CONT_PTE_SIZE	SZ_64K
#define CONT_EQUAL	true
#else
#error "Write down the entries of this architecture"
#endif

/* Output address of the leaf that maps @addr: never that of real memory. */
static unsigned long out(unsigned long addr)
{
	return ADDR(0x100000000000UL | (addr & 0xffffffffffUL));
}

#define NR_TABLES	24

struct tables {
	pgd_t *pgd;
	void *page[NR_TABLES];
	void *copy[NR_TABLES];
	int nr;
};

/* Hang a new table into @entry, if there is one. */
static void *new_table(struct kunit *test, void *entry)
{
	struct tables *t = test->priv;
	void *page, *copy;

	KUNIT_ASSERT_LT(test, t->nr, NR_TABLES);
	page = (void *)get_zeroed_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	copy = kunit_kmalloc(test, PAGE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	t->page[t->nr] = page;
	t->copy[t->nr] = copy;
	t->nr++;
	if (entry)
		*(unsigned long *)entry = TABLE(__pa(page));

	return page;
}

static int pageattr_init(struct kunit *test)
{
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	t->pgd = new_table(test, NULL);

	return 0;
}

static void pageattr_exit(struct kunit *test)
{
	struct tables *t = test->priv;

	while (t && t->nr)
		free_page((unsigned long)t->page[--t->nr]);
}

static void start_over(struct kunit *test)
{
	pageattr_exit(test);
	pageattr_init(test);
}

/* Descend to the entry for @addr, building the tables on the way. */

static p4d_t *p4d_of(struct kunit *test, unsigned long addr)
{
	struct tables *t = test->priv;
	pgd_t *pgdp = pgd_offset_pgd(t->pgd, addr);

	if (pgd_none(pgdp_get(pgdp)))
		new_table(test, pgdp);
	return p4d_offset(pgdp, addr);
}

static pud_t *pud_of(struct kunit *test, unsigned long addr)
{
	p4d_t *p4dp = p4d_of(test, addr);

	if (p4d_none(p4dp_get(p4dp)))
		new_table(test, p4dp);
	return pud_offset(p4dp, addr);
}

static pmd_t *pmd_of(struct kunit *test, unsigned long addr)
{
	pud_t *pudp = pud_of(test, addr);

	if (pud_none(pudp_get(pudp)))
		new_table(test, pudp);
	return pmd_offset(pudp, addr);
}

static pte_t *pte_of(struct kunit *test, unsigned long addr)
{
	pmd_t *pmdp = pmd_of(test, addr);

	if (pmd_none(pmdp_get(pmdp)))
		new_table(test, pmdp);
	return pte_offset_kernel(pmdp, addr);
}

/*
 * The levels that can hold a leaf, and the contiguous sets, as data: a test of
 * "every level" is one loop. The first two are there in any configuration.
 */
static const struct level {
	const char *name;
	unsigned long size;	/* of the leaf, in bytes */
	unsigned long step;	/* of one entry of it, in bytes */
	unsigned long rw, ro, inv;
} levels[] = {
	{ "pte", PAGE_SIZE, PAGE_SIZE, PAGE_RW, PAGE_RO, PAGE_INV },
	{ "pmd", PMD_SIZE, PMD_SIZE, BLOCK_RW, BLOCK_RO, BLOCK_INV },
#if defined(CONFIG_ARM64) || defined(CONFIG_RISCV_ISA_SVNAPOT)
	{ "contiguous ptes", CONT_PTE_SIZE, PAGE_SIZE, PAGE_RW | CONT_PTE,
	  PAGE_RO | CONT_PTE, PAGE_INV | CONT_PTE },
#endif
#ifdef CONFIG_ARM64
	{ "contiguous pmds", CONT_PMD_SIZE, PMD_SIZE, BLOCK_RW | CONT_PMD,
	  BLOCK_RO | CONT_PMD, BLOCK_INV | CONT_PMD },
#endif
#if defined(CONFIG_ARM64_4K_PAGES) || defined(CONFIG_RISCV)
	{ "pud", PUD_SIZE, PUD_SIZE, BLOCK_RW, BLOCK_RO, BLOCK_INV },
#endif
};

static const struct level *const pte_level = &levels[0];
static const struct level *const pmd_level = &levels[1];

static unsigned long *entry_of(struct kunit *test, const struct level *l,
			       unsigned long addr)
{
	if (l->step == PAGE_SIZE)
		return (unsigned long *)pte_of(test, addr);
	if (l->step == PMD_SIZE)
		return (unsigned long *)pmd_of(test, addr);
	return (unsigned long *)pud_of(test, addr);
}

static void map_leaf(struct kunit *test, const struct level *l,
		     unsigned long addr, unsigned long attr)
{
	unsigned long off;

	for (off = 0; off < l->size; off += l->step)
		*entry_of(test, l, addr + off) = out(CONT_EQUAL ? addr : addr + off) | attr;
}

static void expect_leaf(struct kunit *test, const struct level *l,
			unsigned long addr, unsigned long attr)
{
	unsigned long off;

	for (off = 0; off < l->size; off += l->step)
		KUNIT_EXPECT_EQ_MSG(test, *entry_of(test, l, addr + off),
				    out(CONT_EQUAL ? addr : addr + off) | attr,
				    "%s at %lx", l->name, addr + off);
}

static void map_pages(struct kunit *test, unsigned long addr, int nr, unsigned long attr)
{
	for (; nr; nr--, addr += PAGE_SIZE)
		map_leaf(test, pte_level, addr, attr);
}

static void expect_pages(struct kunit *test, unsigned long addr, int nr,
			 unsigned long attr)
{
	for (; nr; nr--, addr += PAGE_SIZE)
		expect_leaf(test, pte_level, addr, attr);
}

static void snapshot(struct kunit *test)
{
	struct tables *t = test->priv;
	int i;

	for (i = 0; i < t->nr; i++)
		memcpy(t->copy[i], t->page[i], PAGE_SIZE);
}

static void expect_untouched(struct kunit *test)
{
	struct tables *t = test->priv;
	int i;

	for (i = 0; i < t->nr; i++)
		KUNIT_EXPECT_MEMEQ(test, t->page[i], t->copy[i], PAGE_SIZE);
}

static int change(struct kunit *test, unsigned long addr, unsigned long size,
		  unsigned long set, unsigned long clear, struct pageattr_report *report)
{
	struct tables *t = test->priv;

	return pageattr_change_pgd(t->pgd, addr, size, __pgprot(set),
				   __pgprot(clear), report);
}

static int make_ro(struct kunit *test, unsigned long addr, unsigned long size,
		   struct pageattr_report *report)
{
	return change(test, addr, size, RO_SET, RO_CLEAR, report);
}

static void expect_report(struct kunit *test, const struct pageattr_report *r,
			  unsigned long start, unsigned long end,
			  unsigned long leaf_size, bool valid)
{
	KUNIT_EXPECT_EQ(test, r->start, start);
	KUNIT_EXPECT_EQ(test, r->end, end);
	KUNIT_EXPECT_EQ(test, r->leaf_size, leaf_size);
	KUNIT_EXPECT_EQ(test, r->valid, valid);
}

/* A refused call says so, changed no byte of any table and reports nothing. */
static void expect_refused(struct kunit *test, unsigned long addr,
			   unsigned long size, int err)
{
	struct pageattr_report r = { 1, 2, 3, true };

	snapshot(test);
	KUNIT_EXPECT_EQ_MSG(test, make_ro(test, addr, size, &r), err,
			    "[%lx, %lx)", addr, addr + size);
	expect_untouched(test);
	expect_report(test, &r, 0, 0, 0, false);
}

/*
 * The tests work in the last eight PUDs of the address space: there, a range
 * can cross any table but the top one, and end where addresses do. With two
 * levels these are eight PGD entries.
 */
#define BASE	(-(8 * PUD_SIZE))

static void single_page(struct kunit *test)
{
	struct pageattr_report r;
	unsigned long addr = BASE + 5 * PAGE_SIZE;

	map_pages(test, BASE, 8, PAGE_RW);
	KUNIT_EXPECT_EQ(test, make_ro(test, addr, PAGE_SIZE, &r), 0);
	expect_pages(test, BASE, 5, PAGE_RW);
	expect_pages(test, addr, 1, PAGE_RO);
	expect_pages(test, addr + PAGE_SIZE, 2, PAGE_RW);
	expect_report(test, &r, addr, addr + PAGE_SIZE, PAGE_SIZE, true);
}

static void no_report_wanted(struct kunit *test)
{
	map_pages(test, BASE, 1, PAGE_RW);
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE, PAGE_SIZE, NULL), 0);
	expect_pages(test, BASE, 1, PAGE_RO);
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE, 0, NULL), -EINVAL);
}

static void whole_table(struct kunit *test)
{
	struct pageattr_report r;

	map_pages(test, BASE, PTRS_PER_PTE, PAGE_RW);
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE, PMD_SIZE, &r), 0);
	expect_pages(test, BASE, PTRS_PER_PTE, PAGE_RO);
	expect_report(test, &r, BASE, BASE + PMD_SIZE, PAGE_SIZE, true);
}

/* From the middle of one PTE table, over a full one, into a third. */
static void several_tables(struct kunit *test)
{
	unsigned long start = BASE + 3 * PAGE_SIZE;
	unsigned long end = BASE + 2 * PMD_SIZE + 2 * PAGE_SIZE;
	struct pageattr_report r;

	map_pages(test, BASE, 2 * PTRS_PER_PTE + 4, PAGE_RW);
	KUNIT_EXPECT_EQ(test, make_ro(test, start, end - start, &r), 0);
	expect_pages(test, BASE, 3, PAGE_RW);
	expect_pages(test, start, 2 * PTRS_PER_PTE - 1, PAGE_RO);
	expect_pages(test, end, 2, PAGE_RW);
	expect_report(test, &r, start, end, PAGE_SIZE, true);
}

/* Neighbouring pages whose entries share no table below the top ones. */
static void across_upper_tables(struct kunit *test)
{
	unsigned long start = BASE + PUD_SIZE - 2 * PAGE_SIZE;
	struct pageattr_report r;

	map_pages(test, start, 4, PAGE_RW);
	KUNIT_EXPECT_EQ(test, make_ro(test, start + PAGE_SIZE, 2 * PAGE_SIZE, &r), 0);
	expect_pages(test, start, 1, PAGE_RW);
	expect_pages(test, start + PAGE_SIZE, 2, PAGE_RO);
	expect_pages(test, start + 3 * PAGE_SIZE, 1, PAGE_RW);
	expect_report(test, &r, start + PAGE_SIZE, start + 3 * PAGE_SIZE,
		      PAGE_SIZE, true);
}

static void end_of_address_space(struct kunit *test)
{
	unsigned long last = -PAGE_SIZE;
	struct pageattr_report r;
	const struct level *l;

	map_pages(test, last - PAGE_SIZE, 2, PAGE_RW);
	KUNIT_EXPECT_EQ(test, make_ro(test, last, PAGE_SIZE, &r), 0);
	expect_pages(test, last - PAGE_SIZE, 1, PAGE_RW);
	expect_pages(test, last, 1, PAGE_RO);
	expect_report(test, &r, last, 0, PAGE_SIZE, true);
	expect_refused(test, last, 2 * PAGE_SIZE, -EINVAL);

	for (l = levels; l < levels + ARRAY_SIZE(levels); l++) {
		if (l->size == PAGE_SIZE)
			continue;
		start_over(test);
		map_leaf(test, l, -l->size, l->rw);
		KUNIT_EXPECT_EQ(test, make_ro(test, -l->size, l->size, &r), 0);
		expect_leaf(test, l, -l->size, l->ro);
		expect_report(test, &r, -l->size, 0, l->size, true);
		expect_refused(test, last, PAGE_SIZE, -EINVAL);
	}
}

/* A leaf of each size, whole, between two others that stay as they are. */
static void whole_leaf(struct kunit *test)
{
	const struct level *l;

	for (l = levels; l < levels + ARRAY_SIZE(levels); l++) {
		struct pageattr_report r;
		unsigned long addr = ALIGN(BASE + PUD_SIZE, l->size);

		map_leaf(test, l, addr - l->size, l->rw);
		map_leaf(test, l, addr, l->rw);
		map_leaf(test, l, addr + l->size, l->rw);
		KUNIT_EXPECT_EQ_MSG(test, make_ro(test, addr, l->size, &r), 0,
				    "%s", l->name);
		expect_leaf(test, l, addr - l->size, l->rw);
		expect_leaf(test, l, addr, l->ro);
		expect_leaf(test, l, addr + l->size, l->rw);
		expect_report(test, &r, addr, addr + l->size, l->size, true);
		KUNIT_EXPECT_EQ_MSG(test, pageattr_stride(&r), l->step, "%s", l->name);

		start_over(test);
	}
}

/* Every way in which a range can begin, end, or both, inside a leaf. */
static void part_of_a_leaf(struct kunit *test)
{
	const struct level *l;

	for (l = levels; l < levels + ARRAY_SIZE(levels); l++) {
		unsigned long addr = ALIGN(BASE + PUD_SIZE, l->size);
		unsigned long parts[] = { PAGE_SIZE, l->size / 2, l->size - PAGE_SIZE };
		unsigned long attrs[] = { l->rw, l->inv };
		int i, j;

		if (l->size == PAGE_SIZE)
			continue;
		for (i = 0; i < ARRAY_SIZE(parts) * ARRAY_SIZE(attrs); i++) {
			unsigned long attr = attrs[i / ARRAY_SIZE(parts)];
			unsigned long part = parts[i % ARRAY_SIZE(parts)];

			for (j = -1; j <= 1; j++)
				map_leaf(test, l, addr + j * l->size, attr);

			/* The head of the leaf, its tail, and neither. */
			expect_refused(test, addr, part, -EINVAL);
			expect_refused(test, addr + l->size - part, part, -EINVAL);
			if (part < l->size / 2 || l->size == 2 * PAGE_SIZE)
				expect_refused(test, addr + part, PAGE_SIZE, -EINVAL);

			/* With a whole leaf before it, and after it. */
			expect_refused(test, addr - l->size, l->size + part, -EINVAL);
			expect_refused(test, addr + l->size - part, l->size + part,
				       -EINVAL);

			/* From inside one into another. */
			expect_refused(test, addr - part, 2 * part, -EINVAL);
		}
		start_over(test);
	}
}

/* Only the boundaries count: leaves of every size inside a range are fine. */
static void mixed_leaves(struct kunit *test)
{
	unsigned long pages = BASE, blocks = BASE + PMD_SIZE;
	struct pageattr_report r;
	int i;

	map_pages(test, pages, PTRS_PER_PTE, PAGE_RW);
	for (i = 0; i < 3; i++)
		map_leaf(test, pmd_level, blocks + i * PMD_SIZE, BLOCK_RW);
	KUNIT_EXPECT_EQ(test, make_ro(test, pages + PMD_SIZE - PAGE_SIZE,
				      PAGE_SIZE + 2 * PMD_SIZE, &r), 0);
	expect_pages(test, pages, PTRS_PER_PTE - 1, PAGE_RW);
	expect_leaf(test, pte_level, pages + PMD_SIZE - PAGE_SIZE, PAGE_RO);
	expect_leaf(test, pmd_level, blocks, BLOCK_RO);
	expect_leaf(test, pmd_level, blocks + PMD_SIZE, BLOCK_RO);
	expect_leaf(test, pmd_level, blocks + 2 * PMD_SIZE, BLOCK_RW);
	expect_report(test, &r, pages + PMD_SIZE - PAGE_SIZE,
		      blocks + 2 * PMD_SIZE, PAGE_SIZE, true);
}

/* Mapped pages around a hole at each level: only they change. */
static void holes(struct kunit *test)
{
	struct pageattr_report r;
	unsigned long end = BASE + 4 * PUD_SIZE;

	/* None PTEs, a none PMD, none PUDs, and none PGDs with few levels. */
	map_pages(test, BASE + PAGE_SIZE, 1, PAGE_RW);
	map_pages(test, BASE + 2 * PMD_SIZE + 3 * PAGE_SIZE, 1, PAGE_RW);
	map_pages(test, end - 2 * PAGE_SIZE, 1, PAGE_RW);
	snapshot(test);
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE, end - BASE, &r), 0);
	expect_report(test, &r, BASE + PAGE_SIZE, end - PAGE_SIZE, PAGE_SIZE, true);
	expect_pages(test, BASE + PAGE_SIZE, 1, PAGE_RO);
	expect_pages(test, BASE + 2 * PMD_SIZE + 3 * PAGE_SIZE, 1, PAGE_RO);
	expect_pages(test, end - 2 * PAGE_SIZE, 1, PAGE_RO);

	/* Nothing else did: put them back, and all is as it was. */
	map_pages(test, BASE + PAGE_SIZE, 1, PAGE_RW);
	map_pages(test, BASE + 2 * PMD_SIZE + 3 * PAGE_SIZE, 1, PAGE_RW);
	map_pages(test, end - 2 * PAGE_SIZE, 1, PAGE_RW);
	expect_untouched(test);
}

/* A range of nothing but holes, with tables of each level and without. */
static void only_holes(struct kunit *test)
{
	struct pageattr_report r = { 1, 2, 3, true };

	pte_of(test, BASE);
	pmd_of(test, BASE + PUD_SIZE);
	pud_of(test, BASE + 2 * PUD_SIZE);
	snapshot(test);
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE, -BASE, &r), 0);
	expect_report(test, &r, 0, 0, 0, false);
	expect_untouched(test);

	/* A range may begin and end in the middle of what is not there. */
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE + PAGE_SIZE, PUD_SIZE, &r), 0);
	expect_report(test, &r, 0, 0, 0, false);
	expect_untouched(test);
}

static void invalid_and_back(struct kunit *test)
{
	const struct level *l;

	for (l = levels; l < levels + ARRAY_SIZE(levels); l++) {
		unsigned long addr = ALIGN(BASE + PUD_SIZE, l->size);
		struct pageattr_report r;

		map_leaf(test, l, addr, l->rw);
		KUNIT_EXPECT_EQ(test, change(test, addr, l->size, INV_SET,
					     INV_CLEAR, &r), 0);
		expect_leaf(test, l, addr, l->inv);
		expect_report(test, &r, addr, addr + l->size, l->size, true);

		KUNIT_EXPECT_EQ(test, change(test, addr, l->size, INV_CLEAR,
					     INV_SET, &r), 0);
		expect_leaf(test, l, addr, l->rw);
		expect_report(test, &r, addr, addr + l->size, l->size, INV_IN_TLB);

		start_over(test);
	}
}

/* Permissions of an invalid leaf change too, and it stays invalid. */
static void invalid_stays_invalid(struct kunit *test)
{
	const struct level *l;

	for (l = levels; l < levels + ARRAY_SIZE(levels); l++) {
		unsigned long addr = ALIGN(BASE + PUD_SIZE, l->size);
		struct pageattr_report r;

		map_leaf(test, l, addr, l->inv);
		KUNIT_EXPECT_EQ(test, make_ro(test, addr, l->size, &r), 0);
		expect_leaf(test, l, addr, (l->inv & ~RO_CLEAR) | RO_SET);
		expect_report(test, &r, addr, addr + l->size, l->size, INV_IN_TLB);

		start_over(test);
	}
}

/* One valid leaf among invalid ones is enough for a flush to be owed. */
static void valid_among_invalid(struct kunit *test)
{
	struct pageattr_report r;

	map_pages(test, BASE, 4, PAGE_INV);
	map_pages(test, BASE + 2 * PAGE_SIZE, 1, PAGE_RW);
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE, 4 * PAGE_SIZE, &r), 0);
	expect_report(test, &r, BASE, BASE + 4 * PAGE_SIZE, PAGE_SIZE, true);

	/* Only the invalid ones change: the valid one is read-only already. */
	KUNIT_EXPECT_EQ(test, change(test, BASE, 4 * PAGE_SIZE, INV_CLEAR,
				     INV_SET, &r), 0);
	expect_pages(test, BASE, 4, PAGE_RO);
	expect_report(test, &r, BASE, BASE + 4 * PAGE_SIZE, PAGE_SIZE, INV_IN_TLB);
}

/* A bit in both masks is set, whatever it was. */
static void masks_alias(struct kunit *test)
{
	const struct level *l;

	for (l = levels; l < levels + ARRAY_SIZE(levels); l++) {
		unsigned long addr = ALIGN(BASE + PUD_SIZE, l->size);

		map_leaf(test, l, addr, l->rw);
		map_leaf(test, l, addr + l->size, l->ro);
		KUNIT_EXPECT_EQ(test, change(test, addr, 2 * l->size, RO_SET,
					     RO_CLEAR | RO_SET, NULL), 0);
		expect_leaf(test, l, addr, l->ro);
		expect_leaf(test, l, addr + l->size, l->ro);

		start_over(test);
	}
}

#ifdef CONFIG_ARM64
/*
 * With KPTI a valid entry has nG set, which in an invalid one is
 * PTE_PRESENT_INVALID: the mask that makes an entry valid sets what the mask
 * beside it clears, and the other way round.
 */
static void arm64_ng_aliases_present_invalid(struct kunit *test)
{
	const unsigned long valid_ng = 0x801;
	const unsigned long ng = 0x800;
	const struct level *l;

	for (l = levels; l < levels + ARRAY_SIZE(levels); l++) {
		unsigned long addr = ALIGN(BASE + PUD_SIZE, l->size);

		map_leaf(test, l, addr, l->rw | ng);
		KUNIT_EXPECT_EQ(test, change(test, addr, l->size, ng, valid_ng, NULL), 0);
		expect_leaf(test, l, addr, l->inv);
		KUNIT_EXPECT_EQ(test, change(test, addr, l->size, valid_ng, ng, NULL), 0);
		expect_leaf(test, l, addr, l->rw | ng);

		start_over(test);
	}
}
#endif

static void nothing_to_change(struct kunit *test)
{
	const struct level *l;

	for (l = levels; l < levels + ARRAY_SIZE(levels); l++) {
		unsigned long addr = ALIGN(BASE + PUD_SIZE, l->size);
		struct pageattr_report r = { 1, 2, 3, true };

		map_leaf(test, l, addr, l->ro);
		snapshot(test);
		KUNIT_EXPECT_EQ(test, make_ro(test, addr, l->size, &r), 0);
		expect_untouched(test);
		expect_report(test, &r, 0, 0, 0, false);

		start_over(test);
	}
}

/* The span reported goes from the first leaf that changed to the last. */
static void report_spans_what_changed(struct kunit *test)
{
	struct pageattr_report r;

	map_pages(test, BASE, 8, PAGE_RO);
	map_pages(test, BASE + 2 * PAGE_SIZE, 1, PAGE_RW);
	map_pages(test, BASE + 5 * PAGE_SIZE, 1, PAGE_RW);
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE, 8 * PAGE_SIZE, &r), 0);
	expect_report(test, &r, BASE + 2 * PAGE_SIZE, BASE + 6 * PAGE_SIZE,
		      PAGE_SIZE, true);
}

static void bad_ranges(struct kunit *test)
{
	map_pages(test, BASE, 4, PAGE_RW);
	map_pages(test, -4 * PAGE_SIZE, 4, PAGE_RW);

	/* Misaligned. */
	expect_refused(test, BASE + 1, PAGE_SIZE, -EINVAL);
	expect_refused(test, BASE + PAGE_SIZE / 2, PAGE_SIZE, -EINVAL);
	expect_refused(test, BASE, PAGE_SIZE - 1, -EINVAL);
	expect_refused(test, BASE, PAGE_SIZE + 1, -EINVAL);
	expect_refused(test, BASE, 1, -EINVAL);
	expect_refused(test, BASE + 8, PAGE_SIZE - 8, -EINVAL);

	/* Empty. */
	expect_refused(test, BASE, 0, -EINVAL);
	expect_refused(test, 0, 0, -EINVAL);

	/* Inverted, and so far too long. */
	expect_refused(test, BASE + 2 * PAGE_SIZE, -PAGE_SIZE, -EINVAL);
	expect_refused(test, -2 * PAGE_SIZE, 3 * PAGE_SIZE, -EINVAL);
}

/* A corrupt entry next to a boundary: nothing is written. */
static void corrupt_at_the_edge(struct kunit *test)
{
	map_pages(test, BASE, PTRS_PER_PTE, PAGE_RW);
	*(unsigned long *)pmd_of(test, BASE + PMD_SIZE) = BAD;
	expect_refused(test, BASE, 2 * PMD_SIZE, -EFAULT);
	*(unsigned long *)pmd_of(test, BASE + PMD_SIZE) = 0;
	map_pages(test, BASE + PMD_SIZE, PTRS_PER_PTE, PAGE_RW);
	*(unsigned long *)pmd_of(test, BASE) = BAD;
	expect_refused(test, BASE, 2 * PMD_SIZE, -EFAULT);
	*(unsigned long *)pud_of(test, BASE + PUD_SIZE) = BAD;
	expect_refused(test, BASE + PMD_SIZE, PUD_SIZE, -EFAULT);
}

/* In the middle: what was written before it is met is reported. */
static void corrupt_in_the_middle(struct kunit *test)
{
	struct pageattr_report r;

	map_pages(test, BASE, PTRS_PER_PTE, PAGE_RW);
	*(unsigned long *)pmd_of(test, BASE + PMD_SIZE) = BAD;
	map_pages(test, BASE + 2 * PMD_SIZE, PTRS_PER_PTE, PAGE_RW);
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE, 3 * PMD_SIZE, &r), -EFAULT);
	expect_pages(test, BASE, PTRS_PER_PTE, PAGE_RO);
	KUNIT_EXPECT_EQ(test, *(unsigned long *)pmd_of(test, BASE + PMD_SIZE), BAD);
	expect_pages(test, BASE + 2 * PMD_SIZE, PTRS_PER_PTE, PAGE_RW);
	expect_report(test, &r, BASE, BASE + PMD_SIZE, PAGE_SIZE, true);
}

/* Not none, but nothing that a kernel mapping has. */
static void corrupt_pte(struct kunit *test)
{
	struct pageattr_report r;

	map_pages(test, BASE, 4, PAGE_RW);
	*(unsigned long *)pte_of(test, BASE + 2 * PAGE_SIZE) = BAD;
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE, 4 * PAGE_SIZE, &r), -EFAULT);
	expect_pages(test, BASE, 2, PAGE_RO);
	KUNIT_EXPECT_EQ(test, *(unsigned long *)pte_of(test, BASE + 2 * PAGE_SIZE), BAD);
	expect_pages(test, BASE + 3 * PAGE_SIZE, 1, PAGE_RW);
	expect_report(test, &r, BASE, BASE + 2 * PAGE_SIZE, PAGE_SIZE, true);
	expect_refused(test, BASE + PAGE_SIZE, 2 * PAGE_SIZE, -EFAULT);
	expect_refused(test, BASE + 2 * PAGE_SIZE, PAGE_SIZE, -EFAULT);
}

#ifdef CONFIG_RISCV
/* What points to a table has no place where pages are mapped. */
static void riscv_table_at_the_last_level(struct kunit *test)
{
	map_pages(test, BASE, 2, PAGE_RW);
	*(unsigned long *)pte_of(test, BASE + PAGE_SIZE) = out(BASE) | 1;
	expect_refused(test, BASE, 2 * PAGE_SIZE, -EFAULT);
}

#ifdef CONFIG_RISCV_ISA_SVNAPOT
/* A region is as large as its entries say, and knows it when invalid, too. */
static void riscv_napot_region_among_pages(struct kunit *test)
{
	const struct level *napot = &levels[2];
	struct pageattr_report r;

	map_pages(test, BASE, 48, PAGE_RW);
	map_leaf(test, napot, BASE + SZ_64K, napot->inv);
	expect_refused(test, BASE, SZ_64K + PAGE_SIZE, -EINVAL);
	expect_refused(test, BASE + 2 * SZ_64K - PAGE_SIZE, 2 * PAGE_SIZE, -EINVAL);

	KUNIT_EXPECT_EQ(test, change(test, BASE, 3 * SZ_64K, INV_CLEAR, 0, &r), 0);
	expect_pages(test, BASE, 16, PAGE_RW);
	expect_leaf(test, napot, BASE + SZ_64K, napot->rw);
	expect_pages(test, BASE + 2 * SZ_64K, 16, PAGE_RW);
	expect_report(test, &r, BASE + SZ_64K, BASE + 2 * SZ_64K, SZ_64K, false);
}
#endif
#endif

static void interrupts_off(struct kunit *test)
{
	unsigned long flags;
	int ret;

	map_pages(test, BASE, 2 * PTRS_PER_PTE, PAGE_RW);
	local_irq_save(flags);
	ret = make_ro(test, BASE, 2 * PMD_SIZE, NULL);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, ret, 0);
	expect_pages(test, BASE, 2 * PTRS_PER_PTE, PAGE_RO);
}

struct context_test {
	struct kunit *test;
	unsigned long *entry[3];
};

/* Each context owns a page of its own, as the contract wants. */
static bool change_in_context(void *arg)
{
	struct context_test *ct = arg;
	int i = in_hardirq() ? 2 : in_serving_softirq() ? 1 : 0;
	unsigned long addr = BASE + i * PAGE_SIZE;

	if (change(ct->test, addr, PAGE_SIZE, INV_SET, INV_CLEAR, NULL) ||
	    READ_ONCE(*ct->entry[i]) != (out(addr) | PAGE_INV))
		return false;
	return !change(ct->test, addr, PAGE_SIZE, INV_CLEAR, INV_SET, NULL) &&
	       READ_ONCE(*ct->entry[i]) == (out(addr) | PAGE_RW);
}

static void in_interrupts(struct kunit *test)
{
	struct context_test ct = { .test = test };
	int i;

	map_pages(test, BASE, 3, PAGE_RW);
	for (i = 0; i < 3; i++)
		ct.entry[i] = (unsigned long *)pte_of(test, BASE + i * PAGE_SIZE);
	kunit_run_irq_test(test, change_in_context, 10000, &ct);
	expect_pages(test, BASE, 3, PAGE_RW);
}

#ifdef CONFIG_ARCH_HAS_LAZY_MMU_MODE
static void lazy_mmu_nesting(struct kunit *test)
{
	map_pages(test, BASE, 2, PAGE_RW);

	KUNIT_EXPECT_FALSE(test, is_lazy_mmu_mode_active());
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE, PAGE_SIZE, NULL), 0);
	KUNIT_EXPECT_FALSE(test, is_lazy_mmu_mode_active());

	lazy_mmu_mode_enable();
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE + PAGE_SIZE, PAGE_SIZE, NULL), 0);
	KUNIT_EXPECT_TRUE(test, is_lazy_mmu_mode_active());
	/* A refused call leaves the nesting as it found it. */
	KUNIT_EXPECT_EQ(test, make_ro(test, BASE, 0, NULL), -EINVAL);
	KUNIT_EXPECT_TRUE(test, is_lazy_mmu_mode_active());
	lazy_mmu_mode_disable();

	KUNIT_EXPECT_FALSE(test, is_lazy_mmu_mode_active());
	expect_pages(test, BASE, 2, PAGE_RO);
}
#endif

/* A run of pages with equal attributes that ends anywhere, for any reason. */
static void runs_of_pages(struct kunit *test)
{
	static const unsigned long others[] = { PAGE_RO, PAGE_INV, 0, PAGE_RW | SOFT };
	static const unsigned long changed[] = {
		PAGE_RO, (PAGE_INV & ~RO_CLEAR) | RO_SET, 0, PAGE_RO | SOFT
	};
	int other, at;

	for (other = 0; other < ARRAY_SIZE(others); other++) {
		for (at = 0; at < 40; at++) {
			unsigned long addr = BASE + PAGE_SIZE, odd = addr + at * PAGE_SIZE;

			map_pages(test, BASE, 42, PAGE_RW);
			map_pages(test, odd, 1, others[other]);
			if (!others[other])
				*(unsigned long *)pte_of(test, odd) = 0;
			KUNIT_EXPECT_EQ(test, make_ro(test, addr, 40 * PAGE_SIZE, NULL), 0);
			expect_pages(test, BASE, 1, PAGE_RW);
			expect_pages(test, addr, at, PAGE_RO);
			if (others[other])
				expect_pages(test, odd, 1, changed[other]);
			else
				KUNIT_EXPECT_EQ(test, *(unsigned long *)pte_of(test, odd), 0);
			expect_pages(test, odd + PAGE_SIZE, 39 - at, PAGE_RO);
			expect_pages(test, addr + 40 * PAGE_SIZE, 1, PAGE_RW);
		}
	}
}

/* A bit of the output address is changed, which some of the pages have already. */
static void bit_of_the_address(struct kunit *test)
{
	const unsigned long bit = ADDR(16 * PAGE_SIZE);
	struct pageattr_report r;
	int i;

	map_pages(test, BASE, 48, PAGE_RW);
	KUNIT_EXPECT_EQ(test, change(test, BASE, 48 * PAGE_SIZE, bit, 0, &r), 0);
	for (i = 0; i < 48; i++)
		KUNIT_EXPECT_EQ_MSG(test, *(unsigned long *)pte_of(test, BASE + i * PAGE_SIZE),
				    out(BASE + i * PAGE_SIZE) | bit | PAGE_RW, "page %d", i);
	expect_report(test, &r, BASE, BASE + 48 * PAGE_SIZE, PAGE_SIZE, true);

	map_pages(test, BASE, 48, PAGE_RW);
	KUNIT_EXPECT_EQ(test, change(test, BASE, 48 * PAGE_SIZE, 0, bit, &r), 0);
	for (i = 0; i < 48; i++)
		KUNIT_EXPECT_EQ_MSG(test, *(unsigned long *)pte_of(test, BASE + i * PAGE_SIZE),
				    (out(BASE + i * PAGE_SIZE) & ~bit) | PAGE_RW, "page %d", i);
	expect_report(test, &r, BASE + 16 * PAGE_SIZE, BASE + 32 * PAGE_SIZE, PAGE_SIZE, true);
}

/* Masks without a bit: the answer of a call that changes something, no change. */
static void masks_without_a_bit(struct kunit *test)
{
	struct pageattr_report r = { 1, 2, 3, true };

	map_pages(test, BASE, PTRS_PER_PTE, PAGE_RW);
	map_leaf(test, pmd_level, BASE + PMD_SIZE, BLOCK_RW);
	snapshot(test);
	KUNIT_EXPECT_EQ(test, change(test, BASE, 2 * PMD_SIZE, 0, 0, &r), 0);
	expect_report(test, &r, 0, 0, 0, false);
	KUNIT_EXPECT_EQ(test, change(test, BASE, PMD_SIZE + PAGE_SIZE, 0, 0, NULL), -EINVAL);
	expect_untouched(test);
}

/*
 * Pages for pageattr_change_pages(): two PTE tables full of them. What is at
 * their addresses does not matter, it is not used: the test's tables map these.
 */
struct some_pages {
	struct page *first;
	unsigned long addr;
};

static struct some_pages some_pages(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct some_pages p;

	KUNIT_ASSERT_NOT_NULL(test, page);
	p.first = pfn_to_page(ALIGN_DOWN(page_to_pfn(page), 2 * PTRS_PER_PTE));
	p.addr = (unsigned long)__va(PFN_PHYS(page_to_pfn(p.first)));
	__free_page(page);

	return p;
}

/* Puts pages with the numbers of a list, which ends with -1, into an array. */
static unsigned long choose(struct page **array, struct page *first, const int *numbers)
{
	unsigned long nr = 0;

	for (; *numbers >= 0; numbers++)
		array[nr++] = first + *numbers;

	return nr;
}

static int pages_ro(struct kunit *test, struct page **pages, unsigned long nr,
		    struct pageattr_report *report)
{
	struct tables *t = test->priv;

	return pageattr_change_pages_pgd(t->pgd, pages, nr, __pgprot(RO_SET),
					 __pgprot(RO_CLEAR), report);
}

static void expect_chosen(struct kunit *test, unsigned long addr, const int *numbers)
{
	int i;

	for (i = 0; i < 2 * PTRS_PER_PTE; i++) {
		const int *n = numbers;

		while (*n >= 0 && *n != i)
			n++;
		expect_pages(test, addr + i * PAGE_SIZE, 1, *n < 0 ? PAGE_RW : PAGE_RO);
	}
}

/* Runs, single pages, neighbours in the wrong order, one page twice. */
static void pages_in_any_order(struct kunit *test)
{
	static const int lists[][24] = {
		{ 7, -1 },
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, -1 },
		{ 9, 8, 7, 6, -1 },
		{ 5, 1, 3, 11, -1 },
		{ 20, 21, 22, 2, 3, 4, 4, 40, -1 },
		{ PTRS_PER_PTE - 1, PTRS_PER_PTE, -1 },
		{ PTRS_PER_PTE + 1, 1, PTRS_PER_PTE + 3, 3, PTRS_PER_PTE, 0, -1 },
		{ 2 * PTRS_PER_PTE - 1, 0, -1 },
	};
	struct some_pages p = some_pages(test);
	struct page *pages[24];
	int i;

	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		int low = 2 * PTRS_PER_PTE, high = 0;
		struct pageattr_report r;
		const int *n;

		map_pages(test, p.addr, 2 * PTRS_PER_PTE, PAGE_RW);
		KUNIT_EXPECT_EQ(test, pages_ro(test, pages, choose(pages, p.first, lists[i]),
					       &r), 0);
		expect_chosen(test, p.addr, lists[i]);
		for (n = lists[i]; *n >= 0; n++) {
			low = min(low, *n);
			high = max(high, *n);
		}
		expect_report(test, &r, p.addr + low * PAGE_SIZE,
			      p.addr + (high + 1) * PAGE_SIZE, PAGE_SIZE, true);
	}
}

static void pages_of_a_block(struct kunit *test)
{
	struct some_pages p = some_pages(test);
	struct pageattr_report r;
	struct page **pages;
	int i;

	pages = kunit_kmalloc_array(test, PTRS_PER_PTE, sizeof(*pages), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pages);
	for (i = 0; i < PTRS_PER_PTE; i++)
		pages[i] = p.first + i;
	map_leaf(test, pmd_level, p.addr, BLOCK_RW);
	KUNIT_EXPECT_EQ(test, pages_ro(test, pages, PTRS_PER_PTE, &r), 0);
	expect_leaf(test, pmd_level, p.addr, BLOCK_RO);
	expect_report(test, &r, p.addr, p.addr + PMD_SIZE, PMD_SIZE, true);

	/* The same pages, but not in a row. */
	map_leaf(test, pmd_level, p.addr, BLOCK_RW);
	swap(pages[0], pages[1]);
	snapshot(test);
	KUNIT_EXPECT_EQ(test, pages_ro(test, pages, PTRS_PER_PTE, &r), -EINVAL);
	expect_untouched(test);
}

/* One page of many is inside a block: none is changed. */
static void pages_refused_in_the_middle(struct kunit *test)
{
	const int list[] = { 1, 2, 3, PTRS_PER_PTE + 1, 5, -1 };
	struct some_pages p = some_pages(test);
	struct pageattr_report r = { 1, 2, 3, true };
	struct page *pages[5];

	map_pages(test, p.addr, PTRS_PER_PTE, PAGE_RW);
	map_leaf(test, pmd_level, p.addr + PMD_SIZE, BLOCK_RW);
	snapshot(test);
	KUNIT_EXPECT_EQ(test, pages_ro(test, pages, choose(pages, p.first, list), &r), -EINVAL);
	expect_untouched(test);
	expect_report(test, &r, 0, 0, 0, false);
}

/* A corrupt entry that no boundary is at: none of the pages is changed. */
static void pages_corrupt_in_the_middle(struct kunit *test)
{
	const int list[] = { 9, 1, 2, 3, 5, -1 };
	struct some_pages p = some_pages(test);
	struct pageattr_report r = { 1, 2, 3, true };
	struct page *pages[5];

	map_pages(test, p.addr, 16, PAGE_RW);
	*(unsigned long *)pte_of(test, p.addr + 2 * PAGE_SIZE) = BAD;
	snapshot(test);
	KUNIT_EXPECT_EQ(test, pages_ro(test, pages, choose(pages, p.first, list), &r), -EFAULT);
	expect_untouched(test);
	expect_report(test, &r, 0, 0, 0, false);
}

static void no_pages(struct kunit *test)
{
	struct pageattr_report r = { 1, 2, 3, true };

	KUNIT_EXPECT_EQ(test, pages_ro(test, NULL, 0, &r), 0);
	expect_report(test, &r, 0, 0, 0, false);
}

static struct kunit_case pageattr_test_cases[] = {
	KUNIT_CASE(single_page),
	KUNIT_CASE(no_report_wanted),
	KUNIT_CASE(whole_table),
	KUNIT_CASE(several_tables),
	KUNIT_CASE(across_upper_tables),
	KUNIT_CASE(end_of_address_space),
	KUNIT_CASE(whole_leaf),
	KUNIT_CASE(part_of_a_leaf),
	KUNIT_CASE(mixed_leaves),
	KUNIT_CASE(holes),
	KUNIT_CASE(only_holes),
	KUNIT_CASE(invalid_and_back),
	KUNIT_CASE(invalid_stays_invalid),
	KUNIT_CASE(valid_among_invalid),
	KUNIT_CASE(masks_alias),
	KUNIT_CASE(nothing_to_change),
	KUNIT_CASE(report_spans_what_changed),
	KUNIT_CASE(bad_ranges),
	KUNIT_CASE(corrupt_at_the_edge),
	KUNIT_CASE(corrupt_in_the_middle),
	KUNIT_CASE(corrupt_pte),
	KUNIT_CASE(runs_of_pages),
	KUNIT_CASE(bit_of_the_address),
	KUNIT_CASE(masks_without_a_bit),
	KUNIT_CASE(pages_in_any_order),
	KUNIT_CASE(pages_of_a_block),
	KUNIT_CASE(pages_refused_in_the_middle),
	KUNIT_CASE(pages_corrupt_in_the_middle),
	KUNIT_CASE(no_pages),
	KUNIT_CASE(interrupts_off),
	KUNIT_CASE(in_interrupts),
#ifdef CONFIG_ARCH_HAS_LAZY_MMU_MODE
	KUNIT_CASE(lazy_mmu_nesting),
#endif
#ifdef CONFIG_ARM64
	KUNIT_CASE(arm64_ng_aliases_present_invalid),
#endif
#ifdef CONFIG_RISCV
	KUNIT_CASE(riscv_table_at_the_last_level),
#ifdef CONFIG_RISCV_ISA_SVNAPOT
	KUNIT_CASE(riscv_napot_region_among_pages),
#endif
#endif
	{}
};

static struct kunit_suite pageattr_test_suite = {
	.name = "pageattr",
	.init = pageattr_init,
	.exit = pageattr_exit,
	.test_cases = pageattr_test_cases,
};

kunit_test_suite(pageattr_test_suite);

MODULE_DESCRIPTION("KUnit tests for permission changes of kernel mappings");
MODULE_LICENSE("GPL");
