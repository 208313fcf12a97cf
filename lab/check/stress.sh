#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Owners on all CPUs who change pages of the same blocks at once, for some seconds,
# with KASAN and lockdep; `make check-full` does it longer, and on more CPUs.

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"
stress arm64-debug ptes 10
stress arm64-debug blocks 10
stress riscv-debug sv48 10
