/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lab's module: calls the kernel's permission changes on memory that it
 * owns, and reads the kernel's page tables to see what came of it. It is built
 * against the stock kernel and against the series, from one source, and neither
 * kernel has any other change for it: what is not exported is looked up by name.
 */
#ifndef LAB_H
#define LAB_H

#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/types.h>
#include <linux/vmalloc.h>

/* Lines with this mark are for the host. */
#define say(fmt, ...)	printk(KERN_INFO "lab| " fmt "\n", ##__VA_ARGS__)

struct pageattr_report;

struct lab_kernel {
	struct mm_struct *init_mm;
	int (*set_memory_ro)(unsigned long addr, int numpages);
	int (*set_memory_rw)(unsigned long addr, int numpages);
	int (*set_memory_x)(unsigned long addr, int numpages);
	int (*set_memory_nx)(unsigned long addr, int numpages);
	int (*set_direct_map_invalid_noflush)(struct page *page);
	int (*set_direct_map_default_noflush)(struct page *page);
	int (*set_direct_map_valid_noflush)(struct page *page, unsigned int nr,
					    bool valid);
	struct vm_struct *(*find_vm_area)(const void *addr);
	void *(*execmem_alloc)(int type, size_t size);
	void (*execmem_free)(void *ptr);
	long (*copy_to_kernel_nofault)(void *dst, const void *src, size_t size);
	/* Where it is no inline function. */
	void (*flush_tlb_kernel_range)(unsigned long start, unsigned long end);
	/* Only in the series kernel. */
	int (*pageattr_change_range)(unsigned long addr, unsigned long size,
				     pgprot_t set_mask, pgprot_t clear_mask,
				     struct pageattr_report *report);
};

extern struct lab_kernel k;

#ifdef CONFIG_RISCV
#define lab_flush	k.flush_tlb_kernel_range
#else
#define lab_flush	flush_tlb_kernel_range
#endif

/* 1 GiB of the linear map that nobody else uses, or 0. */
extern unsigned long lab_region;
#define LAB_REGION_SIZE	SZ_1G

/* One entry of a kernel page table, read without the kernel's own predicates. */
struct lab_entry {
	unsigned long addr;	/* first address that the entry maps */
	unsigned long size;	/* bytes that the entry maps */
	unsigned long leaf;	/* the same for the contiguous set it is in */
	unsigned long pfn;	/* what is mapped at addr */
	u64 raw;
	bool mapped;
	bool valid;
	bool write;
	bool exec;
};

void lab_read(unsigned long addr, struct lab_entry *e);
const char *lab_perms(const struct lab_entry *e);
const char *lab_level(const struct lab_entry *e);
extern const pgprot_t lab_ro_set, lab_ro_clear;

/* How large leaves are at most where the kernel maps pages, and PMD blocks. */
extern const unsigned long lab_cont_pte, lab_cont_pmd;

void *lab_lookup(const char *name);

int lab_demo(void);
int lab_bug(const char *name);
int lab_sequence(void);
int lab_count(void);
int lab_stress(int seconds);
int lab_softirq(void);
void lab_softirq_end(void);
void lab_sequence_end(void);
void lab_label(const char *name, unsigned long addr, int nr);
extern int lab_labelled;	/* pages that were given names */
void lab_exchange(struct vm_struct *area, struct page **pages);

#endif
