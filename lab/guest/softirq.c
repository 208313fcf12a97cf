// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often permissions are changed, and how often in softirq: what a load is for.
 */
#include <linux/kprobes.h>
#include <linux/preempt.h>

#include "lab.h"

static atomic_t changes, in_softirq;

static int change(struct kprobe *kp, struct pt_regs *regs)
{
	atomic_inc(&changes);
	if (in_serving_softirq())
		atomic_inc(&in_softirq);
	return 0;
}

static struct kprobe probe = {
	.symbol_name = "pageattr_change_range",
	.pre_handler = change,
};

int lab_softirq(void)
{
	return register_kprobe(&probe);
}

void lab_softirq_end(void)
{
	unregister_kprobe(&probe);
	say("load: %d changes of permissions, %d of them in softirq",
	    atomic_read(&changes), atomic_read(&in_softirq));
}
