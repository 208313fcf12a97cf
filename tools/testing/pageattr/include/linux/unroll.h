/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_UNROLL_H
#define _LINUX_UNROLL_H

#define unrolled_full

#endif
