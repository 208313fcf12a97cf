#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# build-commits.sh [TARGET...] - every commit of the series builds by itself: all
# objects of the files that the series touches, as far as they are there and
# configured by then, for each architecture, with W=1 and sparse, and without a
# warning in these files that the base has not; then the targets that are named,
# without a warning anywhere
#
# in:  lab/configs/{common,ARCH,debug}.config, on top of a tinyconfig
# out: out/commits, a worktree, with build-ARCH in it

. "$(dirname "$0")/../lib.sh"
. "$top/lab/kernel.sh"
tree=$work/commits
sparse=$out/tools/sparse
arches=${LAB_ARCHES:-arm64 riscv}
warnings=$work/warnings
mkdir -p "$warnings"
[ -e "$tree/.git" ] || {
	git -C "$linux" worktree prune
	git -C "$linux" worktree add -q -f --detach "$tree" base
}
cd "$tree"
[ -z "$(git status --porcelain --untracked-files=no)" ] || git reset -q --hard
touched=$(git diff --no-renames --name-only base pageattr)

# kmake TARGETS...: the kernel's make in build-$arch.
kmake() {
	make -s -j "$(nproc)" O="build-$arch" CC="ccache ${CROSS_COMPILE}gcc" \
		CHECK="$sparse" PYTHON3=/usr/bin/python3 "$@"
}

# A tinyconfig and the fragments, written only if it differs from what is there.
configure() {
	mkdir -p "build-$arch"
	kmake KCONFIG_CONFIG=new.config tinyconfig >/dev/null
	cat "$top/lab/configs/common.config" "$top/lab/configs/$arch.config" \
		"$top/lab/configs/debug.config" >>"build-$arch/new.config"
	kmake KCONFIG_CONFIG=new.config olddefconfig
	cmp -s "build-$arch/new.config" "build-$arch/.config" ||
		cp "build-$arch/new.config" "build-$arch/.config"
}

# configured FILE.c: does kbuild make an object of it in this configuration?
configured() {
	dir=$(dirname "$1") name=$(basename "$1" .c)
	option=$(cat "$dir/Makefile" "$dir/../Makefile" 2>/dev/null |
		sed -n "s,^obj-\$(\(CONFIG_[A-Z0-9_]*\)).*[= /]$name\.o.*,\1,p" | head -n 1)
	[ -z "$option" ] || grep -q "^$option=[ym]" "build-$arch/.config"
}

# objects: what to build of the series' files.
objects() {
	for f in $touched; do
		case $f in
		tools/* | scripts/*) continue ;;
		arch/"$arch"/*.c) ;;
		arch/*) continue ;;
		*.c) ;;
		*) continue ;;
		esac
		[ ! -f "$f" ] || ! configured "$f" || echo "${f%.c}.o"
	done
}

# build COMMIT [TARGET...]: its warnings in $warnings/$arch, without line numbers.
build() {
	git checkout -q --detach "$1"
	{ [ -n "$configured_at" ] && git diff --quiet "$configured_at" -- '*Kconfig*'; } || configure
	configured_at=$1
	shift
	targets=$(objects)
	: >"$warnings/$arch"
	[ -n "$targets$*" ] || return 0
	echo "# $arch $(git log -1 --format=%s): $(echo "$targets" "$@" | tr '\n' ' ')"
	# shellcheck disable=SC2086
	{
		{ [ -z "$targets" ] || kmake W=1 C=2 $targets; } &&
			{ [ $# -eq 0 ] || kmake KCFLAGS=-Werror "$@"; }
	} >"$warnings/$arch.log" 2>&1 || {
		cat "$warnings/$arch.log"
		die "'$(git log -1 --format=%s)' does not build for $arch"
	}
	cat "$warnings/$arch.log"
	for f in $touched; do
		sed 's,^\(\.\./\)*,,' "$warnings/$arch.log" | grep "^$f:.*\(warning\|error\):" || :
	done | sed 's/:[0-9][0-9]*:[0-9]*//' | sort -u >"$warnings/$arch"
}

for arch in $arches; do
	arch_env "$arch"
	configured_at=
	build base "$@"
	mv "$warnings/$arch" "$warnings/$arch.base"
	for c in $(git rev-list --reverse base..pageattr); do
		build "$c" "$@"
		comm -13 "$warnings/$arch.base" "$warnings/$arch" >"$warnings/$arch.new"
		[ ! -s "$warnings/$arch.new" ] || {
			cat "$warnings/$arch.new"
			die "'$(git log -1 --format=%s)' warns on $arch, see above"
		}
	done
done
