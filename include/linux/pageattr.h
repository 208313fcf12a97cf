/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Change the permissions of existing kernel mappings.
 *
 * The rules, and how to convert an architecture, are in
 * Documentation/mm/pageattr.rst.
 */
#ifndef _LINUX_PAGEATTR_H
#define _LINUX_PAGEATTR_H

#include <linux/pgtable.h>
#include <linux/types.h>
#include <linux/unroll.h>

/**
 * struct pageattr_report - what a call changed, for the caller to flush
 * @start:	address of the first leaf that changed
 * @end:	address of the byte after the last leaf that changed; 0 where that
 *		is the end of the address space
 * @leaf_size:	size in bytes of the smallest leaf that changed, a contiguous
 *		set counting as one leaf; 0 if nothing changed, and then @start
 *		and @end are 0, too
 * @valid:	an entry that changed was valid before, so that a TLB may hold its
 *		old permissions. If false, no flush is owed: the architecture says
 *		whether its TLBs may hold invalid entries, see
 *		pageattr_pte_valid().
 *
 * [@start, @end) may include entries that did not change.
 */
struct pageattr_report {
	unsigned long start;
	unsigned long end;
	unsigned long leaf_size;
	bool valid;
};

/**
 * pageattr_stride() - In what steps may the TLB be flushed?
 * @report:	what a call changed; something did
 *
 * Unlike @leaf_size of the report, this does not count a contiguous set as one:
 * a TLB may hold each of its entries by itself.
 *
 * Context: any.
 * Return: the size in bytes that the smallest entry maps which changed. Each
 * such step from the start of the report on meets every entry that changed.
 */
static inline unsigned long pageattr_stride(const struct pageattr_report *report)
{
	if (report->leaf_size < PMD_SIZE)
		return PAGE_SIZE;
	if (report->leaf_size < PUD_SIZE)
		return PMD_SIZE;
	if (report->leaf_size < P4D_SIZE)
		return PUD_SIZE;
	return P4D_SIZE;
}

int pageattr_change_range(unsigned long addr, unsigned long size,
			  pgprot_t set_mask, pgprot_t clear_mask,
			  struct pageattr_report *report);

int pageattr_change_pages(struct page **pages, unsigned long nr,
			  pgprot_t set_mask, pgprot_t clear_mask,
			  struct pageattr_report *report);

#if IS_ENABLED(CONFIG_KUNIT)
/**
 * pageattr_change_pgd() - pageattr_change_range() in tables other than init_mm's.
 * @pgd:	the top-level table
 * @addr:	as for pageattr_change_range()
 * @size:	as for pageattr_change_range()
 * @set_mask:	as for pageattr_change_range()
 * @clear_mask:	as for pageattr_change_range()
 * @report:	as for pageattr_change_range()
 *
 * Context: as for pageattr_change_range().
 * Return: as for pageattr_change_range().
 */
int pageattr_change_pgd(pgd_t *pgd, unsigned long addr, unsigned long size,
			pgprot_t set_mask, pgprot_t clear_mask,
			struct pageattr_report *report);

/**
 * pageattr_change_pages_pgd() - pageattr_change_pages() in other tables.
 * @pgd:	the top-level table
 * @pages:	as for pageattr_change_pages()
 * @nr:		as for pageattr_change_pages()
 * @set_mask:	as for pageattr_change_range()
 * @clear_mask:	as for pageattr_change_range()
 * @report:	as for pageattr_change_pages()
 *
 * Context: as for pageattr_change_range().
 * Return: as for pageattr_change_pages().
 */
int pageattr_change_pages_pgd(pgd_t *pgd, struct page **pages, unsigned long nr,
			      pgprot_t set_mask, pgprot_t clear_mask,
			      struct pageattr_report *report);
#endif

/*
 * The hooks. An architecture that selects GENERIC_PAGEATTR provides
 * <asm/pageattr.h>, and overrides there what the defaults below get wrong for
 * it: a static inline function, and a macro of the same name. That file may be
 * empty.
 *
 * Which entries are leaves, and how large they are, the walker asks of
 * pmd_leaf(), pud_leaf() and p4d_leaf() and of pte_leaf_size(),
 * pmd_leaf_size(), pud_leaf_size() and p4d_leaf_size(). They must give the same
 * answer for a leaf that was made invalid, and count a contiguous set as one
 * leaf.
 */
#ifdef CONFIG_GENERIC_PAGEATTR

#include <asm/pageattr.h>

/* Leaf encoding */

#ifndef pageattr_pte_get
/**
 * pageattr_pte_get() - Read a PTE of a kernel mapping.
 * @ptep:	pointer to the PTE
 *
 * Override this if ptep_get() does more than a single-copy atomic load.
 *
 * Context: any.
 * Return: the PTE.
 */
static inline pte_t pageattr_pte_get(pte_t *ptep)
{
	return ptep_get(ptep);
}
#endif

#ifndef pageattr_pte_addr_mask
/**
 * pageattr_pte_addr_mask() - Which bits of a PTE hold the output address?
 *
 * PTEs that differ in no other bit are changed together. A bit of it that a mask
 * names is taken for an attribute in that call.
 *
 * Context: any.
 * Return: a mask of a PTE; 0 if there is none that fits all PTEs: each is then
 * changed by itself.
 */
static inline unsigned long pageattr_pte_addr_mask(void)
{
	return 0;
}
#endif

#ifndef pageattr_pte_leaf
/**
 * pageattr_pte_leaf() - Does a PTE that is not none map a page?
 * @pte:	the PTE
 *
 * A PTE made invalid by an earlier call does. What is said of a none PTE does not
 * matter. Override this if the architecture can tell a PTE that has no place in a
 * kernel page table.
 *
 * Context: any.
 * Return: false if the page table is corrupt.
 */
static inline bool pageattr_pte_leaf(pte_t pte)
{
	return true;
}
#endif

#ifndef pageattr_pte_valid
/**
 * pageattr_pte_valid() - May a TLB hold a translation made from this PTE?
 * @pte:	a PTE that maps a page
 *
 * Context: any.
 * Return: false if no TLB can hold it, so that changing it owes no flush.
 */
static inline bool pageattr_pte_valid(pte_t pte)
{
	return pte_present(pte);
}
#endif

#ifndef pageattr_pte_modify
/**
 * pageattr_pte_modify() - Encode new permissions into a PTE.
 * @pte:	the PTE
 * @set_mask:	bits to set
 * @clear_mask:	bits to clear; @set_mask wins where both name a bit
 *
 * Context: any.
 * Return: @pte with only the bits of the masks changed.
 */
static inline pte_t pageattr_pte_modify(pte_t pte, pgprot_t set_mask,
					pgprot_t clear_mask)
{
	return __pte((pte_val(pte) & ~pgprot_val(clear_mask)) |
		     pgprot_val(set_mask));
}
#endif

#ifndef pageattr_pte_set
/**
 * pageattr_pte_set() - Store a PTE of a kernel mapping.
 * @addr:	address that the PTE maps
 * @ptep:	pointer to the PTE
 * @pte:	the new PTE: same page, other permissions
 *
 * One single-copy atomic store. What the page-table walker is owed after it may
 * be left to pageattr_sync().
 *
 * Context: any.
 */
static inline void pageattr_pte_set(unsigned long addr, pte_t *ptep, pte_t pte)
{
	set_pte_at(&init_mm, addr, ptep, pte);
}
#endif

#ifndef pageattr_ptes_get
/**
 * pageattr_ptes_get() - Read the next PTEs.
 * @ptep:	pointer to the first PTE
 * @ptes:	where to put them
 * @nr:		how many; a constant
 *
 * Override this together with pageattr_ptes_set() if there is a load of several
 * PTEs at once that is single-copy atomic for each.
 *
 * Context: any.
 */
static __always_inline void pageattr_ptes_get(pte_t *ptep, pte_t *ptes, const int nr)
{
	int i;

	unrolled_full
	for (i = 0; i < nr; i++)
		ptes[i] = pageattr_pte_get(ptep + i);
}

/**
 * pageattr_ptes_set() - Store the next PTEs.
 * @addr:	address that the first PTE maps
 * @ptep:	pointer to the first PTE
 * @ptes:	the new PTEs
 * @nr:		how many; a constant
 *
 * Context: any.
 */
static __always_inline void pageattr_ptes_set(unsigned long addr, pte_t *ptep,
					      const pte_t *ptes, const int nr)
{
	int i;

	unrolled_full
	for (i = 0; i < nr; i++)
		pageattr_pte_set(addr + i * PAGE_SIZE, ptep + i, ptes[i]);
}
#endif

/*
 * Block encoding: for PMD, PUD and P4D what the hooks above are for PTE.
 * Override pageattr_*_modify() if a block keeps a permission in another bit
 * than a PTE does.
 */

#ifndef pageattr_pmd_valid
static inline bool pageattr_pmd_valid(pmd_t pmd)
{
	return pmd_present(pmd);
}
#endif

#ifndef pageattr_pmd_modify
static inline pmd_t pageattr_pmd_modify(pmd_t pmd, pgprot_t set_mask,
					pgprot_t clear_mask)
{
	return __pmd((pmd_val(pmd) & ~pgprot_val(clear_mask)) |
		     pgprot_val(set_mask));
}
#endif

#ifndef pageattr_pmd_set
static inline void pageattr_pmd_set(unsigned long addr, pmd_t *pmdp, pmd_t pmd)
{
	set_pmd(pmdp, pmd);
}
#endif

#ifndef pageattr_pud_valid
static inline bool pageattr_pud_valid(pud_t pud)
{
	return pud_present(pud);
}
#endif

#ifndef pageattr_pud_modify
static inline pud_t pageattr_pud_modify(pud_t pud, pgprot_t set_mask,
					pgprot_t clear_mask)
{
	return __pud((pud_val(pud) & ~pgprot_val(clear_mask)) |
		     pgprot_val(set_mask));
}
#endif

#ifndef pageattr_pud_set
static inline void pageattr_pud_set(unsigned long addr, pud_t *pudp, pud_t pud)
{
	set_pud(pudp, pud);
}
#endif

#ifndef pageattr_p4d_valid
static inline bool pageattr_p4d_valid(p4d_t p4d)
{
	return p4d_present(p4d);
}
#endif

#ifndef pageattr_p4d_modify
static inline p4d_t pageattr_p4d_modify(p4d_t p4d, pgprot_t set_mask,
					pgprot_t clear_mask)
{
	return __p4d((p4d_val(p4d) & ~pgprot_val(clear_mask)) |
		     pgprot_val(set_mask));
}
#endif

#ifndef pageattr_p4d_set
static inline void pageattr_p4d_set(unsigned long addr, p4d_t *p4dp, p4d_t p4d)
{
	set_p4d(p4dp, p4d);
}
#endif

/* Lazy MMU */

#ifndef pageattr_lazy_begin
/**
 * pageattr_lazy_begin() - The walk is about to store its first entry.
 *
 * Called once per call, after the range was found fit to be changed.
 *
 * Context: any; in interrupt context there is no lazy MMU mode to enter.
 */
static inline void pageattr_lazy_begin(void)
{
	lazy_mmu_mode_enable();
}
#endif

#ifndef pageattr_sync
/**
 * pageattr_sync() - Settle what a batch of stores owes the page-table walker.
 * @made_valid:	an entry of the batch is valid now
 *
 * The batch is all that a call stored. Called once per call that stored an
 * entry, before pageattr_lazy_end(), in interrupt context as well: here, the
 * barriers are due that pageattr_pte_set() and its like leave out.
 *
 * Context: any.
 */
static inline void pageattr_sync(bool made_valid)
{
}
#endif

#ifndef pageattr_lazy_end
/**
 * pageattr_lazy_end() - The walk has stored its last entry.
 *
 * Context: that of the matching pageattr_lazy_begin().
 */
static inline void pageattr_lazy_end(void)
{
	lazy_mmu_mode_disable();
}
#endif

#endif /* CONFIG_GENERIC_PAGEATTR */

#endif /* _LINUX_PAGEATTR_H */
