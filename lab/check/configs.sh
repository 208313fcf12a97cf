#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Other page sizes, address sizes, compilers, and ways to preempt: the KUnit suite,
# the sequence of permission changes, and the stress module, in a kernel each.

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"
sh "$top/lab/setup.sh" build boot full

# each CONFIG MACHINE...
each() {
	config=$1
	shift
	sh "$top/lab/build.sh" linux "$config"
	for machine; do
		kunit "$config" "$machine"
		sh "$top/lab/boot.sh" linux "$config" "$machine" sequence
		stress "$config" "$machine" 60
	done
}

for bits in 64k 16k 39bit 52bit; do
	each arm64-$bits ptes blocks
done
each arm64-rt ptes blocks
each arm64-clang ptes blocks
each arm64-kcsan ptes blocks
each riscv-rt sv39 sv48 sv57
each riscv-clang sv39 sv48 sv57
