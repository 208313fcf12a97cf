#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The KUnit suite, by the kernel's kunit.py, built into the kernel with all
# debugging, on each machine; and as a module, in the kernel without any.

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"

for machine in ptes blocks; do
	machine arm64-debug "$machine"
	(cd "$linux" && timeout -k 10 300 /usr/bin/python3 tools/testing/kunit/kunit.py exec \
		--arch="$ARCH" --cross_compile="$CROSS_COMPILE" --timeout=240 \
		--build_dir=build-arm64-debug --qemu_args="${qemu#* } -nic none" pageattr)
	no_splat "$linux/build-arm64-debug/test.log"
done

sh "$top/lab/boot.sh" linux arm64-plain ptes kunit
# What KUnit says at boot is that no suite is built in.
sed '1,/Run \/init/d' "$log/boot-linux-arm64-plain-ptes-kunit.log" |
	/usr/bin/python3 "$linux/tools/testing/kunit/kunit.py" parse
