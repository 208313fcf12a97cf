#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The walker and the hooks in userspace under libFuzzer and under AFL++, for ten
# minutes each, from the corpus that is kept.

. "$(dirname "$0")/../lib.sh"
sh "$top/lab/setup.sh" user full
for fuzzer in fuzz afl; do
	make -s -C "$top/tools/testing/pageattr" O="$out/user" TIME=600 $fuzzer
done
