/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A page table as <linux/pgtable.h> shows it to mm code: five levels, of which
 * the upper ones may be folded, either by the compiler (CONFIG_PGTABLE_LEVELS)
 * or, where an architecture decides at boot, by pgtable_l5_enabled() and
 * pgtable_l4_enabled(). What an entry means is in the architecture's stub,
 * <asm/pgtable.h>.
 */
#ifndef _LINUX_PGTABLE_H
#define _LINUX_PGTABLE_H

#include <linux/align.h>
#include <linux/types.h>

#define PAGE_SIZE		(1UL << PAGE_SHIFT)
#define PAGE_MASK		(~(PAGE_SIZE - 1))

typedef struct { unsigned long pgprot; } pgprot_t;
typedef struct { unsigned long pte; } pte_t;
typedef struct { unsigned long pmd; } pmd_t;
typedef struct { unsigned long pud; } pud_t;
typedef struct { unsigned long p4d; } p4d_t;
typedef struct { unsigned long pgd; } pgd_t;
typedef unsigned long pteval_t;

#define pgprot_val(x)		((x).pgprot)
#define pte_val(x)		((x).pte)
#define pmd_val(x)		((x).pmd)
#define pud_val(x)		((x).pud)
#define p4d_val(x)		((x).p4d)
#define pgd_val(x)		((x).pgd)
#define __pgprot(x)		((pgprot_t){ (x) })
#define __pte(x)		((pte_t){ (x) })
#define __pmd(x)		((pmd_t){ (x) })
#define __pud(x)		((pud_t){ (x) })
#define __p4d(x)		((p4d_t){ (x) })
#define __pgd(x)		((pgd_t){ (x) })

struct mm_struct {
	pgd_t *pgd;
};

static struct mm_struct init_mm;

/* Memory of the table at this physical address; the case fails if there is none. */
#define __va(phys)		harness_va(phys)

#include <asm/pgtable.h>

#define PMD_SIZE		(1UL << PMD_SHIFT)
#define PUD_SIZE		(1UL << PUD_SHIFT)
#define P4D_SIZE		(1UL << P4D_SHIFT)
#define PGDIR_SIZE		(1UL << PGDIR_SHIFT)
#define PMD_MASK		(~(PMD_SIZE - 1))
#define PUD_MASK		(~(PUD_SIZE - 1))
#define P4D_MASK		(~(P4D_SIZE - 1))
#define PGDIR_MASK		(~(PGDIR_SIZE - 1))

#ifndef ptep_get
#define ptep_get(p)		READ_ONCE(*(p))
#endif
#define pmdp_get(p)		READ_ONCE(*(p))
#define pudp_get(p)		READ_ONCE(*(p))
#define p4dp_get(p)		READ_ONCE(*(p))
#define pgdp_get(p)		READ_ONCE(*(p))

#define pte_same(a, b)		(pte_val(a) == pte_val(b))
#define pmd_same(a, b)		(pmd_val(a) == pmd_val(b))
#define pud_same(a, b)		(pud_val(a) == pud_val(b))
#define p4d_same(a, b)		(p4d_val(a) == p4d_val(b))

/* A level that the compiler folds is never none and never bad: the next one is. */
#if CONFIG_PGTABLE_LEVELS < 5
#define pgd_none(x)		((void)(x), false)
#define pgd_bad(x)		((void)(x), false)
#define p4d_offset(p, addr)	((p4d_t *)(p))
#define p4d_addr_end(addr, end)	(end)
#else
static inline p4d_t *p4d_offset(pgd_t *p, unsigned long addr)
{
	unsigned long i = (addr >> P4D_SHIFT) & (PTRS_PER_P4D - 1);

	if (!pgtable_l5_enabled())
		return folded_p4d(p, i);
	return (p4d_t *)__va(entry_phys(pgd_val(pgdp_get(p)))) + i;
}
#endif

#if CONFIG_PGTABLE_LEVELS < 4
#define p4d_none(x)		((void)(x), false)
#define p4d_bad(x)		((void)(x), false)
#define p4d_present(x)		((void)(x), true)
#define pud_offset(p, addr)	((pud_t *)(p))
#define pud_addr_end(addr, end)	(end)
#else
static inline pud_t *pud_offset(p4d_t *p, unsigned long addr)
{
	unsigned long i = (addr >> PUD_SHIFT) & (PTRS_PER_PUD - 1);

	if (!pgtable_l4_enabled())
		return folded_pud(p, i);
	return (pud_t *)__va(entry_phys(p4d_val(p4dp_get(p)))) + i;
}
#endif

#if CONFIG_PGTABLE_LEVELS < 3
#define pud_none(x)		((void)(x), false)
#define pud_bad(x)		((void)(x), false)
#define pud_present(x)		((void)(x), true)
#define pmd_offset(p, addr)	((pmd_t *)(p))
#define pmd_addr_end(addr, end)	(end)
#else
static inline pmd_t *pmd_offset(pud_t *p, unsigned long addr)
{
	return (pmd_t *)__va(entry_phys(pud_val(pudp_get(p)))) +
		((addr >> PMD_SHIFT) & (PTRS_PER_PMD - 1));
}
#endif

static inline unsigned long pte_index(unsigned long addr)
{
	return (addr >> PAGE_SHIFT) & (PTRS_PER_PTE - 1);
}

static inline pte_t *pte_offset_kernel(pmd_t *p, unsigned long addr)
{
	return (pte_t *)__va(entry_phys(pmd_val(pmdp_get(p)))) + pte_index(addr);
}

static inline pgd_t *pgd_offset_pgd(pgd_t *pgd, unsigned long addr)
{
	return pgd + ((addr >> PGDIR_SHIFT) & (PTRS_PER_PGD - 1));
}

/* The next boundary of a level, or the end if that is nearer; 0 comes last. */
static inline unsigned long next_boundary(unsigned long addr, unsigned long end,
					  unsigned long size)
{
	unsigned long next = (addr & ~(size - 1)) + size;

	return next - 1 < end - 1 ? next : end;
}

#define pgd_addr_end(addr, end)	next_boundary(addr, end, PGDIR_SIZE)
#ifndef p4d_addr_end
#define p4d_addr_end(addr, end)	next_boundary(addr, end, P4D_SIZE)
#endif
#ifndef pud_addr_end
#define pud_addr_end(addr, end)	next_boundary(addr, end, PUD_SIZE)
#endif
#ifndef pmd_addr_end
#define pmd_addr_end(addr, end)	next_boundary(addr, end, PMD_SIZE)
#endif

#ifndef pmd_leaf
#define pmd_leaf(x)		((void)(x), false)
#endif
#ifndef pud_leaf
#define pud_leaf(x)		((void)(x), false)
#endif
#ifndef p4d_leaf
#define p4d_leaf(x)		((void)(x), false)
#endif
#ifndef pte_leaf_size
#define pte_leaf_size(x)	((void)(x), PAGE_SIZE)
#endif
#ifndef pmd_leaf_size
#define pmd_leaf_size(x)	((void)(x), PMD_SIZE)
#endif
#ifndef pud_leaf_size
#define pud_leaf_size(x)	((void)(x), PUD_SIZE)
#endif
#ifndef p4d_leaf_size
#define p4d_leaf_size(x)	((void)(x), P4D_SIZE)
#endif

#ifndef set_p4d
#define set_p4d(p, x)		WRITE_ONCE(*(p), x)
#endif

#define lazy_mmu_mode_enable()	harness_lazy(true)
#define lazy_mmu_mode_disable()	harness_lazy(false)

#endif
