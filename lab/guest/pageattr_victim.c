// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module with text, constants and data, to be loaded and unloaded: both are
 * permission changes. It names its pages, so that the host can see what became
 * of them.
 */
#include <linux/mm.h>
#include <linux/module.h>

void lab_label(const char *name, unsigned long addr, int nr);

static char *name = "module";
module_param(name, charp, 0444);

static const u64 constants[PAGE_SIZE / 8] = { 1 };
static u64 variables[PAGE_SIZE / 8] = { 2 };

static noinline u64 text(u64 x)
{
	return x + constants[x % ARRAY_SIZE(constants)] +
	       variables[x % ARRAY_SIZE(variables)]++;
}

static int __init victim_init(void)
{
	char label[40];

	for_class_mod_mem_type(type, core) {
		const struct module_memory *mem = &THIS_MODULE->mem[type];

		if (!mem->size)
			continue;
		snprintf(label, sizeof(label), "%s:%d", name, type);
		lab_label(label, (unsigned long)mem->base,
			  PAGE_ALIGN(mem->size) >> PAGE_SHIFT);
	}
	return text(1) ? 0 : -EIO;
}
module_init(victim_init);

static void __exit victim_exit(void)
{
}
module_exit(victim_exit);

MODULE_DESCRIPTION("A module to load and unload");
MODULE_LICENSE("GPL");
