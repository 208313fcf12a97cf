// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kprobes.h>
#include <linux/module.h>

#include "lab.h"

struct lab_kernel k;
unsigned long lab_region;

static char *mode = "demo";
module_param(mode, charp, 0444);

static int seconds = 10;
module_param(seconds, int, 0444);
MODULE_PARM_DESC(seconds, "how long the stress mode lasts, up to half of it in meetings");

static unsigned long (*lookup)(const char *name);

/* A kprobe knows the address of any function, that of the lookup included. */
static int find_lookup(void)
{
	struct kprobe kp = { .symbol_name = "kallsyms_lookup_name" };
	int ret = register_kprobe(&kp);

	if (ret)
		return ret;
	lookup = (void *)kp.addr;
	unregister_kprobe(&kp);

	return 0;
}

void *lab_lookup(const char *name)
{
	return (void *)lookup(name);
}

#define NEED(name)							\
	do {								\
		k.name = (void *)lookup(#name);				\
		if (!k.name) {						\
			pr_err("lab: this kernel has no " #name "\n");	\
			return -ENOENT;					\
		}							\
	} while (0)

static int find_kernel(void)
{
	int (*find_reserved)(const char *name, phys_addr_t *start, phys_addr_t *size);
	phys_addr_t start, size;
	int ret = find_lookup();

	if (ret)
		return ret;

	NEED(init_mm);
	NEED(set_memory_ro);
	NEED(set_memory_rw);
	NEED(set_memory_x);
	NEED(set_memory_nx);
	NEED(set_direct_map_invalid_noflush);
	NEED(set_direct_map_default_noflush);
	NEED(set_direct_map_valid_noflush);
	NEED(find_vm_area);
	NEED(execmem_alloc);
	NEED(execmem_free);
	NEED(copy_to_kernel_nofault);
	k.flush_tlb_kernel_range = (void *)lookup("flush_tlb_kernel_range");
	k.pageattr_change_range = (void *)lookup("pageattr_change_range");

	find_reserved = (void *)lookup("reserve_mem_find_by_name");
	if (find_reserved && find_reserved("pageattr", &start, &size) &&
	    size >= LAB_REGION_SIZE)
		lab_region = (unsigned long)__va(start);

	return 0;
}

static int address_bits(void)
{
#ifdef CONFIG_ARM64
	return vabits_actual;
#else
	return VA_BITS;
#endif
}

/* What boot.sh compares with what it asked for. */
static void say_machine(void)
{
	unsigned long addr, largest = 0;
	struct lab_entry e;

	for (addr = PAGE_OFFSET; addr < (unsigned long)high_memory; addr += PMD_SIZE) {
		lab_read(addr, &e);
		largest = max(largest, e.leaf);
	}
	say("machine: linear map of %s, %d-bit addresses",
	    largest > PAGE_SIZE ? "blocks" : "pages", address_bits());
}

static int __init lab_init(void)
{
	int ret = find_kernel();

	if (ret)
		return ret;
	say_machine();
	if (!strcmp(mode, "none"))
		return 0;
	if (!strcmp(mode, "demo"))
		return lab_demo();
	if (!strcmp(mode, "sequence"))
		return lab_sequence();
	if (!strcmp(mode, "count"))
		return lab_count();
	if (!strcmp(mode, "stress"))
		return lab_stress(seconds);
	if (!strcmp(mode, "softirq"))
		return lab_softirq();
	if (IS_ENABLED(CONFIG_RISCV) && strstarts(mode, "bug-"))
		return lab_bug(mode);
	pr_err("lab: no such mode: %s\n", mode);

	return -EINVAL;
}
module_init(lab_init);

static void __exit lab_exit(void)
{
	if (!strcmp(mode, "softirq"))
		lab_softirq_end();
	lab_sequence_end();
}
module_exit(lab_exit);

MODULE_DESCRIPTION("Permission changes of kernel mappings, shown");
MODULE_LICENSE("GPL");
