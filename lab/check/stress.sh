#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Owners on all CPUs who change pages of the same blocks at once, for some seconds,
# with all debugging; `make check-full` does it longer, and on more CPUs.

. "$(dirname "$0")/../lib.sh"
sh "$top/lab/boot.sh" linux arm64-debug ptes stress-10
sh "$top/lab/boot.sh" linux arm64-debug blocks stress-10
sh "$top/lab/boot.sh" linux riscv-debug sv48 stress-10
