#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Other page sizes, address sizes, compilers, and ways to preempt, in as few kernels as
# have them all: the KUnit suite, the sequence of permission changes, and the stress
# module.

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"
sh "$top/lab/setup.sh" build boot clang

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

each arm64-64k-lockdep ptes blocks
each arm64-16k-rt-lockdep ptes blocks
each arm64-39bit-clang-lockdep ptes blocks
each arm64-52bit-kcsan ptes blocks
each riscv-rt-clang-lockdep sv39 sv48 sv57
