#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The walker and the hooks in userspace, in every configuration, against a model:
# ten million random cases and the fuzzer's corpus, with gcc and clang.

. "$(dirname "$0")/../lib.sh"
make -s -j "$(nproc)" -C "$top/tools/testing/pageattr" O="$out/user" build
make -s -C "$top/tools/testing/pageattr" O="$out/user" run
