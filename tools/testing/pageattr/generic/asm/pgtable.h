/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An architecture that needs no hook: five levels, blocks at all but the top
 * one, bit 0 for a table and for a leaf that is valid, bit 1 for a leaf.
 */
#ifndef _ASM_GENERIC_PGTABLE_H
#define _ASM_GENERIC_PGTABLE_H

#define CONFIG_64BIT		1

#define CONFIG_PGTABLE_LEVELS	5
#define PMD_SHIFT		21
#define PUD_SHIFT		30
#define P4D_SHIFT		39
#define PGDIR_SHIFT		48
#define PTRS_PER_PTE		512UL
#define PTRS_PER_PMD		512UL
#define PTRS_PER_PUD		512UL
#define PTRS_PER_P4D		512UL
#define PTRS_PER_PGD		256UL
#define pgtable_l4_enabled()	true
#define pgtable_l5_enabled()	true
#define folded_p4d(p, i)	((p4d_t *)(p) + (i))
#define folded_pud(p, i)	((pud_t *)(p) + (i))

static inline u64 entry_phys(unsigned long val)
{
	return val & GENMASK(51, 12);
}

#define pte_none(x)		(!pte_val(x))
#define pte_present(x)		(pte_val(x) & 1)
#define pmd_none(x)		(!pmd_val(x))
#define pmd_present(x)		(pmd_val(x) & 1)
#define pmd_leaf(x)		(!!(pmd_val(x) & 2))
#define pmd_bad(x)		((pmd_val(x) & 3) != 1)
#define pud_none(x)		(!pud_val(x))
#define pud_present(x)		(pud_val(x) & 1)
#define pud_leaf(x)		(!!(pud_val(x) & 2))
#define pud_bad(x)		((pud_val(x) & 3) != 1)
#define p4d_none(x)		(!p4d_val(x))
#define p4d_present(x)		(p4d_val(x) & 1)
#define p4d_leaf(x)		(!!(p4d_val(x) & 2))
#define p4d_bad(x)		((p4d_val(x) & 3) != 1)
#define pgd_none(x)		(!pgd_val(x))
#define pgd_bad(x)		((pgd_val(x) & 3) != 1)

#define set_pte_at(mm, addr, p, x) WRITE_ONCE(*(p), x)
#define set_pmd(p, x)		WRITE_ONCE(*(p), x)
#define set_pud(p, x)		WRITE_ONCE(*(p), x)

#endif
