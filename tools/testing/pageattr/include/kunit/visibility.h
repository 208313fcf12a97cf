/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KUNIT_VISIBILITY_H
#define _KUNIT_VISIBILITY_H

#define VISIBLE_IF_KUNIT
#define EXPORT_SYMBOL_IF_KUNIT(symbol) _Static_assert(sizeof(&symbol) > 0, "")

#endif
