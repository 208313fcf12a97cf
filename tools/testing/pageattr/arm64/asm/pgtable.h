/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arm64's page tables, restated from the kernel's asm/pgtable*.h: what a stage 1
 * descriptor means to its walkers, for each page size and VA size.
 */
#ifndef __ASM_PGTABLE_H
#define __ASM_PGTABLE_H

#define CONFIG_ARM64		1
#define CONFIG_64BIT		1

#define TABLE_SHIFT		(PAGE_SHIFT - 3)
#define LEVEL_SHIFT(n)		(PAGE_SHIFT + (n) * TABLE_SHIFT)
#define PMD_SHIFT		LEVEL_SHIFT(1)
#if CONFIG_PGTABLE_LEVELS > 2
#define PUD_SHIFT		LEVEL_SHIFT(2)
#else
#define PUD_SHIFT		PMD_SHIFT
#endif
#if CONFIG_PGTABLE_LEVELS > 3
#define P4D_SHIFT		LEVEL_SHIFT(3)
#else
#define P4D_SHIFT		PUD_SHIFT
#endif
#if CONFIG_PGTABLE_LEVELS > 4
#define PGDIR_SHIFT		LEVEL_SHIFT(4)
#else
#define PGDIR_SHIFT		P4D_SHIFT
#endif
#define PTRS_PER_PTE		(1UL << TABLE_SHIFT)
#define PTRS_PER_PMD		PTRS_PER_PTE
#define PTRS_PER_PUD		PTRS_PER_PTE
#define PTRS_PER_P4D		PTRS_PER_PTE
#define PTRS_PER_PGD		(1UL << (VA_BITS - PGDIR_SHIFT))

/* A kernel for 52 bits on a CPU that has no such addresses has a level less. */
#ifdef FOLDED_AT_BOOT
#define pgtable_l5_enabled()	false
#define pgtable_l4_enabled()	(CONFIG_PGTABLE_LEVELS > 4)
#define lpa2_is_enabled()	false
#else
#define pgtable_l5_enabled()	(CONFIG_PGTABLE_LEVELS > 4)
#define pgtable_l4_enabled()	(CONFIG_PGTABLE_LEVELS > 3)
#define lpa2_is_enabled()	(VA_BITS == 52 && PAGE_SHIFT < 16)
#endif
#define folded_p4d(p, i)	((p4d_t *)PTR_ALIGN_DOWN(p, PAGE_SIZE) + (i))
#define folded_pud(p, i)	((pud_t *)PTR_ALIGN_DOWN(p, PAGE_SIZE) + (i))

#define PTE_VALID		BIT(0)
#define PTE_TYPE_MASK		3UL
#define PTE_TYPE_PAGE		3UL
#define PTE_USER		BIT(6)
#define PTE_RDONLY		BIT(7)
#define PTE_SHARED		(3UL << 8)
#define PTE_AF			BIT(10)
#define PTE_NG			BIT(11)
#define PTE_GP			BIT(50)
#define PTE_DBM			BIT(51)
#define PTE_WRITE		PTE_DBM
#define PTE_CONT		BIT(52)
#define PTE_PXN			BIT(53)
#define PTE_UXN			BIT(54)
#define PTE_PRESENT_INVALID	PTE_NG
#define PTE_MAYBE_SHARED	(lpa2_is_enabled() ? 0 : PTE_SHARED)

/* Bits 51-48 of an address of 52 bits: with 64K pages 15-12, else 51-50 in 9-8. */
#define PTE_ADDR_LOW		GENMASK(49, PAGE_SHIFT)
#if VA_BITS == 52
#define CONFIG_ARM64_PA_BITS_52	1
#if PAGE_SHIFT == 16
#define CONFIG_ARM64_64K_PAGES	1
#define PTE_ADDR_HIGH		(0xfUL << 12)
#define PTE_ADDR_HIGH_SHIFT	36
#define PHYS_TO_PTE_ADDR_MASK	(PTE_ADDR_LOW | PTE_ADDR_HIGH)
#else
#define CONFIG_ARM64_LPA2	1
#define PTE_ADDR_HIGH		(3UL << 8)
#define PTE_ADDR_HIGH_SHIFT	42
#define PHYS_TO_PTE_ADDR_MASK	GENMASK(49, 8)
#endif

static inline u64 entry_phys(unsigned long val)
{
	val &= ~PTE_MAYBE_SHARED;
	return (val & PTE_ADDR_LOW) | (val & PTE_ADDR_HIGH) << PTE_ADDR_HIGH_SHIFT;
}

static inline unsigned long __phys_to_pte_val(u64 phys)
{
	return (phys | phys >> PTE_ADDR_HIGH_SHIFT) & PHYS_TO_PTE_ADDR_MASK;
}
#else
static inline u64 entry_phys(unsigned long val)
{
	return val & PTE_ADDR_LOW;
}

static inline unsigned long __phys_to_pte_val(u64 phys)
{
	return phys;
}
#endif
#define __pte_to_phys(x)	entry_phys(pte_val(x))

/* An entry without PTE_VALID can be a leaf that is invalid for now. */
static inline bool val_present(unsigned long val)
{
	return val & (PTE_VALID | PTE_PRESENT_INVALID);
}

static inline bool val_table(unsigned long val)
{
	return (val & PTE_TYPE_MASK) == 3;
}

#define pte_none(x)		(!pte_val(x))
#define pte_valid(x)		(!!(pte_val(x) & PTE_VALID))
#define pte_present(x)		val_present(pte_val(x))
#define pte_cont(x)		(!!(pte_val(x) & PTE_CONT))

#define pmd_none(x)		(!pmd_val(x))
#define pmd_bad(x)		(!val_table(pmd_val(x)))
#define pmd_valid(x)		(!!(pmd_val(x) & PTE_VALID))
#define pmd_present(x)		val_present(pmd_val(x))
#define pmd_cont(x)		(!!(pmd_val(x) & PTE_CONT))
#define pmd_leaf(x)		(pmd_present(x) && !val_table(pmd_val(x)))

/* With 64K pages there is no block above the PMD. */
#define pud_valid(x)		(!!(pud_val(x) & PTE_VALID))
#if CONFIG_PGTABLE_LEVELS > 2
#define pud_none(x)		(!pud_val(x))
#define pud_bad(x)		(!val_table(pud_val(x)))
#define pud_present(x)		val_present(pud_val(x))
#if PAGE_SHIFT < 16
#define pud_leaf(x)		(pud_present(x) && !val_table(pud_val(x)))
#endif
#endif

#if CONFIG_PGTABLE_LEVELS > 3
#define p4d_none(x)		(pgtable_l4_enabled() && !p4d_val(x))
#define p4d_bad(x)		(pgtable_l4_enabled() && !val_table(p4d_val(x)))
#define p4d_present(x)		(!p4d_none(x))
#endif

#if CONFIG_PGTABLE_LEVELS > 4
#define pgd_none(x)		(pgtable_l5_enabled() && !pgd_val(x))
#define pgd_bad(x)		(pgtable_l5_enabled() && !val_table(pgd_val(x)))
#endif

#define CONT_PTE_SHIFT		(PAGE_SHIFT + (PAGE_SHIFT == 12 ? 4 : PAGE_SHIFT == 14 ? 7 : 5))
#define CONT_PMD_SHIFT		(PMD_SHIFT + (PAGE_SHIFT == 12 ? 4 : 5))
#define CONT_PTE_SIZE		(1UL << CONT_PTE_SHIFT)
#define CONT_PMD_SIZE		(1UL << CONT_PMD_SHIFT)
#define CONT_PTES		(CONT_PTE_SIZE / PAGE_SIZE)
#define pte_leaf_size(x)	(pte_cont(x) ? CONT_PTE_SIZE : PAGE_SIZE)
#define pmd_leaf_size(x)	(pmd_cont(x) ? CONT_PMD_SIZE : 1UL << PMD_SHIFT)

/* ptep_get() looks at all of a contiguous set. Nobody here should call it. */
#define ptep_get(p)		(harness_fail("ptep_get() was called"), *(p))
static inline pte_t __ptep_get(pte_t *p)
{
	return READ_ONCE(*p);
}

/* Two neighbours at once, each of them single-copy atomic. */
static inline pte_t *__ptep_get_pair(pte_t *p, pte_t *pair)
{
	pair[0] = READ_ONCE(p[0]);
	pair[1] = READ_ONCE(p[1]);
	return p + 2;
}

static inline pte_t *__set_pte_pair_nosync(pte_t *p, const pte_t *pair)
{
	WRITE_ONCE(p[0], pair[0]);
	WRITE_ONCE(p[1], pair[1]);
	return p + 2;
}

/* With the lazy MMU mode on, barriers that are queued wait for its end. */
#define queue_pte_barriers()	harness_barriers(true)
#define emit_pte_barriers()	harness_barriers(false)
#define __set_pte_nosync(p, x)	WRITE_ONCE(*(p), x)

static inline void __set_pte(pte_t *p, pte_t x)
{
	__set_pte_nosync(p, x);
	if (pte_valid(x) && !(pte_val(x) & PTE_USER))
		queue_pte_barriers();
}

#define set_pte_at(mm, addr, p, x) __set_pte(p, x)

/* The kernel's top-level table is read-only, and is written through a fixmap. */
#define in_swapper_pgdir(p)	harness_in_swapper(p)
#define set_swapper_pgd(p, val)	harness_set_swapper((unsigned long *)(p), val)

static inline void set_pmd(pmd_t *p, pmd_t x)
{
	if (CONFIG_PGTABLE_LEVELS == 2 && in_swapper_pgdir(p)) {
		set_swapper_pgd(p, pmd_val(x));
		return;
	}
	WRITE_ONCE(*p, x);
	if (pmd_valid(x))
		queue_pte_barriers();
}

static inline void set_pud(pud_t *p, pud_t x)
{
	if (!pgtable_l4_enabled() && in_swapper_pgdir(p)) {
		set_swapper_pgd(p, pud_val(x));
		return;
	}
	WRITE_ONCE(*p, x);
	if (pud_valid(x))
		queue_pte_barriers();
}

#endif
