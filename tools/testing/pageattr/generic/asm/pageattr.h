/* SPDX-License-Identifier: GPL-2.0-only */
/* No hook is overridden: what is tested is the defaults. */
