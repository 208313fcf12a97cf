#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What `make coccicheck MODE=patch` offers on the base with nothing but the
# helper added: patches of the files where expected-7.3.tsv says `mechanical`, and
# of no other; they apply, and what comes of them compiles, with the helper.
#
# in:  clang, which has all of the architectures in one package
# out: out/convert, a worktree, with offer.patch and build-ARCH in it
#
# What a maintainer does first is done here: select GENERIC_PAGEATTR, and write an
# <asm/pageattr.h>. It may be empty but for arm, which has no set_pmd(). arm is
# configured with LPAE: its short descriptors have pmds in pairs, and pgds that
# are arrays, which the walker does not know.

. "$(dirname "$0")/../lib.sh"
tree=$work/convert
cocci=scripts/coccinelle/api/pageattr.cocci
helper=$(git -C "$linux" log --format=%H --diff-filter=A base..pageattr -- mm/pageattr.c)
[ -e "$tree/.git" ] || {
	git -C "$linux" worktree prune
	git -C "$linux" worktree add -q -f --detach "$tree" "$helper"
}
cd "$tree"
git reset -q --hard
git clean -q -f -d -x arch scripts include mm
git checkout -q --detach "$helper"
cp "$top/$cocci" "$cocci"

make -s coccicheck COCCI="$cocci" MODE=patch >offer.log 2>&1 || {
	cat offer.log
	die 'make coccicheck failed'
}
sed -n '/^diff /,$p' offer.log >offer.patch
! grep -E '^(EXN|Traceback)' offer.log || die 'the rules failed on a file'
sed -n 's,^+++ b/,,p' offer.patch | sort >offered
awk -F'\t' '$8 == "mechanical" { print $1 }' "$top/lab/audit/expected-7.3.tsv" | sort -u >expected
diff expected offered || die 'not the files that are mechanical are offered a patch (< expected, > offered)'
git apply offer.patch || die 'the offer does not apply'
git diff --stat
! git grep -nwE '(apply_to_page_range|walk_kernel_page_table_range(_lockless)?) *\(' -- $(cat offered) ||
	die 'a call is left'

# kmake TARGETS...: the kernel's make in build-$arch.
kmake() {
	make -s -j "$(nproc)" O="build-$arch" ARCH="$arch" LLVM=-19 "$@"
}

# hooks ARCH: its <asm/pageattr.h>
hooks() {
	echo '/* SPDX-License-Identifier: GPL-2.0-only */'
	[ "$1" = arm ] || return 0
	cat <<-'HOOKS'
		#define pageattr_pmd_set pageattr_pmd_set
		static inline void pageattr_pmd_set(unsigned long addr, pmd_t *pmdp, pmd_t pmd)
		{
			*pmdp = pmd;
			flush_pmd_entry(pmdp);
		}
	HOOKS
}

for arch in $(cut -d/ -f2 offered); do
	config=$(echo "$arch" | tr a-z A-Z)
	hooks $arch >"arch/$arch/include/asm/pageattr.h"
	sed -i "/^config $config\$/a\\	select GENERIC_PAGEATTR" "arch/$arch/Kconfig"
	mkdir -p "build-$arch"
	kmake KCONFIG_CONFIG=new.config tinyconfig >/dev/null
	{
		printf 'CONFIG_%s=y\n' EXPERT 64BIT MMU DEBUG_KERNEL DEBUG_PAGEALLOC
		# shellcheck disable=SC2016
		[ "$arch" != arm ] || printf 'CONFIG_%s\n' 64BIT=n ARCH_MULTIPLATFORM=y \
			ARCH_MULTI_V7=y ARCH_MULTI_V6=n ARM_LPAE=y
	} >>"build-$arch/new.config"
	kmake KCONFIG_CONFIG=new.config olddefconfig
	cmp -s "build-$arch/new.config" "build-$arch/.config" ||
		cp "build-$arch/new.config" "build-$arch/.config"
	for option in GENERIC_PAGEATTR DEBUG_PAGEALLOC; do
		grep -q "^CONFIG_$option=y" "build-$arch/.config" || echo "# $arch has no $option"
	done
	objects=$(sed -n "s,^\(arch/$arch/.*\)c$,\1o,p" offered)
	echo "# $arch: $objects mm/pageattr.o"
	# shellcheck disable=SC2086
	kmake $objects mm/pageattr.o
	for o in $objects; do
		llvm-nm-19 -u "build-$arch/$o" | grep -w pageattr_change_range ||
			die "$o does not call the helper"
	done
done
