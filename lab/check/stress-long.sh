#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The stress stage for ten minutes each, on four CPUs and two, with KASAN and lockdep
# and with what the kernel's own suites need.

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"
sh "$top/lab/setup.sh" build boot full

# long CONFIG MACHINE
long() {
	sh "$top/lab/build.sh" linux "$1"
	stress "$1" "$2" 600
}

long arm64-suites ptes
long arm64-suites blocks
long riscv-suites sv48
long arm64-debug blocks
long riscv-debug sv57
