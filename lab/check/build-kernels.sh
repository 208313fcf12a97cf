#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernels that the stages after this one boot: stock and series from one
# configuration, and the series with KASAN and lockdep.

. "$(dirname "$0")/../lib.sh"
for arch in arm64 riscv; do
	sh "$top/lab/build.sh" base $arch-plain
	sh "$top/lab/build.sh" linux $arch-plain
	sh "$top/lab/build.sh" linux $arch-debug
done
sh "$top/lab/build.sh" linux riscv-32bit
