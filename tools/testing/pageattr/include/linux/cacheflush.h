/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_CACHEFLUSH_H
#define _LINUX_CACHEFLUSH_H

#include <linux/pgtable.h>

#endif
