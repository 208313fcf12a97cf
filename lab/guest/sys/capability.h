/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel's memfd_secret test wants of libcap: to drop all capabilities. */
#ifndef LAB_SYS_CAPABILITY_H
#define LAB_SYS_CAPABILITY_H

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct __user_cap_data_struct *cap_t;

static inline cap_t cap_init(void)
{
	static struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];

	return none;
}

static inline int cap_set_proc(cap_t cap)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(SYS_capset, &header, cap);
}

#endif
