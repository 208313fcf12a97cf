#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# mutants.sh [-u | -k] [NAME...] - do the suites notice when something breaks?
#
# in:  lab/mutants/NAME.diff: one small fault in the helper, the hooks or a
#      conversion. Its header says what breaks, which property is violated, and
#      the cheapest suite that should notice:
#        Suite: user CONFIG...         tools/testing/pageattr
#        Suite: kunit CONFIG MACHINE   the KUnit suite, in that kernel (build.sh)
#        Suite: sequence, demo, protnone, stress-SECONDS or bug-NAME, CONFIG
#               MACHINE                what the guest's init calls so
#        Noticed: REGEX                for kernels, what is said then; to fail in
#                                      some other way does not count
#      With -u only the mutants of the first kind, with -k only the others.
# out: a line for each, killed or survived, and by what; out/log/mutants/NAME.log.
#      Fails if one survives, does not apply any more, or does not build.
#
# The faults are made in copies below out/mutants, nowhere else.

. "$(dirname "$0")/lib.sh"
. "$top/lab/kernel.sh"
dir=$out/mutants
tree=$dir/tree
kernel=mutants/linux	# as build.sh wants it: relative to out/
logs=$log/mutants
cases=20000
killed=0 survived=0 broken=0
mkdir -p "$dir" "$logs" "$log/boot-mutants"

field() {
	sed -n "s/^$2: *//p; /^--- /q" "$top/lab/mutants/$1.diff"
}

# The files under test, without any fault.
fresh() {
	rm -rf "$tree"
	mkdir -p "$tree"
	(cd "$top" && tar -cf - mm/pageattr.c include/linux/pageattr.h arch/*/include/asm/pageattr.h) |
		tar -C "$tree" -xmf -
}

# apply NAME DIR: DIR is below a repository, but not part of it.
apply() {
	(cd "$2" && GIT_CEILING_DIRECTORIES="$dir" git apply -C1 "$top/lab/mutants/$1.diff")
}

user_make() {
	make -s -C "$top/tools/testing/pageattr" TREE="$tree" O="$dir/user" \
		COMPILERS=gcc CONFIGS="$1" build
}

# user_run CONFIG...: the random cases of both programs, as far as they are there.
user_run() {
	for config; do
		program=$dir/user/gcc/test
		[ "$config" != riscv-sv32 ] || program=${program}32
		timeout 60 "$program" -q -n "$cases" -c "$config" || return
	done
}

# kernel_run SUITE CONFIG MACHINE
kernel_run() {
	console=$log/boot-$kernel-$2-$3-$1.log
	if sh "$top/lab/boot.sh" "$kernel" "$2" "$3" "$1" 2>&1; then
		rc=0
	else
		rc=1
	fi
	sed -n 's/.*lab| //p' "$console"
	case $1 in
	kunit) kunit_parse_module "$console" || rc=1 ;;
	bug-*) grep -q "lab| $1: right" "$console" || rc=1 ;;
	esac
	return $rc
}

# The kernel tree for the others, at the tip of the series.
kernel_tree() {
	[ -e "$work/$kernel/.git" ] || {
		git -C "$linux" worktree prune
		git -C "$linux" worktree add -q -f --detach "$work/$kernel" pageattr
	}
	git -C "$work/$kernel" reset -q --hard
	git -C "$work/$kernel" checkout -q --detach pageattr
}

# verdict NAME WORD TEXT
verdict() {
	printf '%-9s %-34s %-28s %s\n' "$2" "$1" "$(field "$1" Suite)" "$3"
	eval "$2=\$(($2 + 1))"
}

# Why it was killed, in a line of its log; nothing, if it does not say so.
why() {
	noticed=$(field "$1" Noticed)
	grep -m 1 -oE "${noticed:-^(arm64|riscv|generic)[a-z0-9-]*: .*|SUMMARY: .*|runtime error: .*}" "$logs/$1.log" |
		sed -E 's/^(arm64|riscv|generic)[a-z0-9-]*: //' | cut -c 1-90 || :
}

mutant() {
	suite=$(field "$1" Suite)
	rc=0
	# shellcheck disable=SC2086
	set -- "$1" $suite
	case ${2:-} in
	user)
		fresh
		apply "$1" "$tree" >"$logs/$1.log" 2>&1 || { verdict "$1" broken 'does not apply any more'; return; }
		user_make "${suite#user }" >"$logs/$1.log" 2>&1 || { verdict "$1" broken 'does not build'; return; }
		name=$1
		shift 2
		user_run "$@" >"$logs/$name.log" 2>&1 || rc=$?
		;;
	kunit | sequence | demo | protnone | stress-* | bug-*)
		[ -n "$(field "$1" Noticed)" ] || { verdict "$1" broken 'does not say by what it is noticed'; return; }
		kernel_tree
		apply "$1" "$work/$kernel" >"$logs/$1.log" 2>&1 || { verdict "$1" broken 'does not apply any more'; return; }
		sh "$top/lab/build.sh" "$kernel" "$3" >"$logs/$1.log" 2>&1 || { verdict "$1" broken 'does not build'; return; }
		name=$1
		kernel_run "$2" "$3" "$4" >"$logs/$name.log" 2>&1 || rc=$?
		;;
	*)
		verdict "$1" broken 'names no suite that there is'
		return
		;;
	esac
	why=$(why "$name")
	if [ "$rc" -eq 0 ]; then
		verdict "$name" survived "$(field "$name" Breaks)"
	elif [ -z "$why" ]; then
		verdict "$name" broken "fails in some other way: see $(short "$logs/$name.log")"
	else
		verdict "$name" killed "$why"
	fi
}

only=
case ${1:-} in
-u) only=user ;;
-k) only=kernel ;;
esac
[ -z "$only" ] || shift
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(cd "$top/lab/mutants" && ls | sed -n 's/\.diff$//p')
names=
for name; do
	[ -f "$top/lab/mutants/$name.diff" ] || die "there is no lab/mutants/$name.diff"
	case $(field "$name" Suite) in
	user*) [ "$only" = kernel ] || names="$names $name" ;;
	*) [ "$only" = user ] || names="$names $name" ;;
	esac
done

# Nothing is proved by a suite that fails anyway.
configs=$(for name in $names; do field "$name" Suite | sed -n 's/^user //p'; done | tr ' ' '\n' | sort -u | tr '\n' ' ')
if [ -n "$configs" ]; then
	fresh
	user_make "$configs"
	# shellcheck disable=SC2086
	user_run $configs >"$logs/none.log" 2>&1 || die "tools/testing/pageattr fails without any fault: see $(short "$logs/none.log")"
fi
for suite in $(for name in $names; do field "$name" Suite | grep -v '^user' | tr ' ' ,; done | sort -u); do
	kernel_tree
	# shellcheck disable=SC2046
	set -- $(echo "$suite" | tr , ' ')
	sh "$top/lab/build.sh" "$kernel" "$2" >"$logs/build-$2.log" 2>&1 ||
		die "the kernel $2 does not build without any fault: see $(short "$logs/build-$2.log")"
	kernel_run "$@" >"$logs/none-$1-$2.log" 2>&1 ||
		die "$1 fails on $2 without any fault: see $(short "$logs/none-$1-$2.log")"
done

for name in $names; do
	mutant "$name"
done
echo "$killed killed, $survived survived, $broken broken"
[ $((survived + broken)) -eq 0 ]
