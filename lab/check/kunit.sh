#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The KUnit suite, by the kernel's kunit.py, built into the kernel with all
# debugging, on each machine; and as a module, in the kernel without any.

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"

# module CONFIG MACHINE
module() {
	sh "$top/lab/boot.sh" linux "$1" "$2" kunit
	kunit_parse_module "$log/boot-linux-$1-$2-kunit.log"
}

for machine in ptes blocks; do
	kunit arm64-debug $machine
done
module arm64-plain ptes

kunit riscv-32bit sv32

for machine in sv39 sv48 sv57; do
	kunit riscv-debug $machine
	kunit riscv-debug $machine-nonapot
done
module riscv-plain sv57
