#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# check.sh [full | STAGE...] - the tests that are done within an hour, or the ones
# named; `full` has those that take hours as well
#
# in:  lab/check/STAGE.sh, one script for each stage, which fails by its exit
#      code; the order is the list below. KDIR is passed on.
# out: a line for each stage, out/log/STAGE.log, and `N passed, N failed`
#
# A stage that passed is not run again while nothing it could depend on has
# changed: every file of this repository, the base, the compilers. The proof
# is in out/stamp/; FORCE=1 runs all stages again.

. "$(dirname "$0")/lib.sh"
stages='
	series-roundtrip
	bad-input
	user
	mutants
	checkpatch
	build-commits
	kernel-doc
	coccicheck
	audit
	conversion
	build-kernels
	objdump
	kunit
	atomic
	dump
	riscv-bugs
	stress
'
hours='
	fuzz
	mutants-kernel
	bisect
	objects
	suites
	load
	configs
	stress-long
	hotplug
'
# What would leave out a part of a stage, which passes for the whole another time.
unset LAB_ARCHES MAKEFLAGS MAKEOVERRIDES CASES CONFIGS COMPILERS SEED CFLAGS TIME \
	FIXTURES QEMU_MORE MEMORY PARAMS TREE JOBS
limit=8h
stage_verbose=1
passed=0 failed=0

key() {
	(
		cd "$top"
		find . \( -path ./out -o -path ./.git \) -prune -o -type f -print | LC_ALL=C sort | xargs -d '\n' sha256sum
		git -C "$linux" rev-parse 'HEAD^{tree}' 'base^{commit}'
		for tool in gcc clang aarch64-linux-gnu-gcc riscv64-linux-gnu-gcc clang-19 \
			powerpc64le-linux-gnu-gcc s390x-linux-gnu-gcc qemu-system-aarch64 \
			qemu-system-riscv64 qemu-system-riscv32 ld.lld-19 afl-fuzz sparse \
			spatch sphinx-build python3; do
			"$tool" --version 2>&1 | head -n 1
		done
	) | sha256sum
}

# count NAME COMMAND...: a stage with its result counted.
count() {
	name=$1
	shift
	if stage "$name" timeout --foreground -k 10 "$limit" "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		return 1
	fi
}

finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	exit
}

mkdir -p "$out/stamp"
count setup sh "$top/lab/setup.sh" all || finish
count tree sh "$top/lab/tree.sh" || finish
count series sh "$top/lab/series.sh" || :
# shellcheck disable=SC2086
case ${1:-} in
'')
	limit=45m
	set -- $stages
	;;
full)
	count setup-full sh "$top/lab/setup.sh" all full || finish
	set -- $stages $hours
	;;
esac
for test; do
	before=$(key)
	stamp=$out/stamp/$test-$(basename "$work")
	if [ -z "${FORCE:-}" ] && [ "$before" = "$(cat "$stamp" 2>/dev/null)" ]; then
		echo "ok   $test (passed before, nothing has changed)"
		passed=$((passed + 1))
		continue
	fi
	rm -f "$stamp"
	count "$test" sh "$top/lab/check/$test.sh" || continue
	[ "$before" != "$(key)" ] || echo "$before" >"$stamp"
done
finish
