#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The stress stage for ten minutes each, on four CPUs and two, with all debugging
# and with what the kernel's own suites need.

. "$(dirname "$0")/../lib.sh"
sh "$top/lab/setup.sh" build boot full

# long CONFIG MACHINE
long() {
	sh "$top/lab/build.sh" linux "$1"
	sh "$top/lab/boot.sh" linux "$1" "$2" stress-600
	sed -n "s/.*lab| stress/$1, $2/p" "$log/boot-linux-$1-$2-stress-600.log"
}

long arm64-suites ptes
long arm64-suites blocks
long riscv-suites sv48
long arm64-debug blocks
long riscv-debug sv57
