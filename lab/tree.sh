#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# tree.sh - the base kernel with the series applied
#
# in:  the series and the overlay of this repository; KDIR, a kernel tree of
#      the user's (a clean git tree, or a plain directory), else fetch.sh's
# out: out/linux, a git repository: the base as tag `base`, one commit for each
#      patch on branch `pageattr`; out/base, a worktree of the base alone.
#      With KDIR both are below out/kdir/, and KDIR itself is only read.
#
# Files that do not change keep their times, and build-* directories in either
# tree stay, so that a build goes on where it was. Commits are made off to the
# side (compose.sh) and checked out only when all of them fit. The ref lab/made
# remembers what was made last: anything else in out/linux is somebody's work,
# and stays until `make refresh` has carried it back.

. "$(dirname "$0")/lib.sh"
new=$linux.tmp

# A first tree is made in $new and renamed when it is complete.
init() {
	rm -rf "$new"
	git init -q "$new"
	echo '/build-*' >>"$new/.git/info/exclude"
}

# commit_of GITDIR WORKTREE TEXT: everything in a directory as a root commit.
commit_of() {
	git --git-dir="$1" --work-tree="$2" -c core.compression=1 add -A -f .
	kc_date="@$(stat -c %Y "$2/Makefile") +0000"
	GIT_AUTHOR_DATE=$kc_date GIT_COMMITTER_DATE=$kc_date \
		git --git-dir="$1" commit-tree -m "$3" "$(git --git-dir="$1" write-tree)"
}

# The base of fetch.sh.
unpack() {
	init
	dpkg-deb --fsys-tarfile "$out/download/linux-source.deb" |
		tar -xO ./usr/src/linux-source-7.3.tar.xz |
		tar -xJ --strip-components=1 -C "$new" ||
		die "unpacking the base kernel failed"
	[ -f "$new/Makefile" ] && [ -d "$new/virt" ] ||
		die "the base kernel did not unpack completely"
}

import() {
	commit_of "$new/.git" "$new" "Linux $(kernel_version "$new"), $(cat "$out/base.version")" >"$new/.git/tip"
	git -C "$new" tag base "$(cat "$new/.git/tip")"
	git -C "$new" reset -q base
	touch "$new/.git/lab-complete"
}

# The base of KDIR: its own commit, or a commit of the files that it has.
check_kdir() {
	for f in Makefile Kconfig mm; do
		[ -e "$kdir/$f" ] || die "KDIR=$KDIR is no kernel tree: it has no $f"
	done
	[ -n "$(kernel_version "$kdir")" ] || die "KDIR=$KDIR is no kernel tree: its Makefile has no VERSION"
	[ -d "$kdir/arch/arm64" ] || die "KDIR=$KDIR has no arch/arm64, which the series changes"
	if [ -e "$kdir/.git" ]; then
		git -C "$kdir" rev-parse -q --verify 'HEAD^{commit}' >/dev/null ||
			die "KDIR=$KDIR is a git tree without a commit"
		[ -z "$(git -C "$kdir" status --porcelain --untracked-files=no)" ] ||
			die "KDIR=$KDIR has uncommitted changes: commit or stash them first"
		return
	fi
	for f in .config include/config include/generated; do
		[ ! -e "$kdir/$f" ] || die "KDIR=$KDIR has been built in place ($f): clean it with make mrproper first"
	done
}

import_kdir() {
	repo=$linux
	if [ ! -d "$linux" ]; then
		repo=$new
		init
	fi
	if [ -e "$kdir/.git" ]; then
		objects=$(git -C "$kdir" rev-parse --path-format=absolute --git-path objects)
		echo "$objects" >"$repo/.git/objects/info/alternates"
		shallow=$(git -C "$kdir" rev-parse --path-format=absolute --git-path shallow)
		[ ! -f "$shallow" ] || cp "$shallow" "$repo/.git/shallow"
		git -C "$kdir" rev-parse HEAD >"$repo/.git/tip"
	else
		GIT_INDEX_FILE="$repo/.git/kdir.index" commit_of "$repo/.git" "$kdir" \
			"Linux $(kernel_version "$kdir")" >"$repo/.git/tip"
	fi
	[ "$repo" = "$linux" ] || git -C "$new" reset -q --hard "$(cat "$new/.git/tip")"
}

# Nothing of the user's may be in the way of a new tip.
check_work() {
	[ "$(git symbolic-ref -q HEAD)" = refs/heads/pageattr ] ||
		die "$(short "$linux") is not on branch pageattr: finish what was begun there, and git checkout pageattr"
	[ -z "$(git status --porcelain --untracked-files=no)" ] ||
		die "$(short "$linux") has uncommitted edits: commit them there (git commit --fixup, git rebase), then run make refresh"
	made=$(git rev-parse -q --verify refs/lab/made || git rev-parse base)
	[ "$(git rev-parse HEAD)" != "$made" ] || return 0
	[ "$(chain_id base HEAD)" != "$(chain_id "$from" "$tip")" ] || return 0
	git update-ref refs/lab/new "$tip"
	[ "$(chain_id base "$made")" = "$(chain_id "$from" "$tip")" ] ||
		die "$(short "$linux") has commits which series/ has not, and series/ has changed too: in $(short "$linux"), git rebase --onto lab/new lab/made, then run make refresh"
	die "$(short "$linux") has commits which series/ has not: run make refresh first"
}

case ${1:-} in
unpack | import | import_kdir)
	"$1"
	exit
	;;
esac

lock
if [ -n "$KDIR" ]; then
	check_kdir
	stage import-kdir sh "$0" import_kdir
elif [ ! -d "$linux" ] && [ ! -f "$new/.git/lab-complete" ]; then
	sh "$top/lab/fetch.sh"
	stage unpack sh "$0" unpack
	stage import sh "$0" import
fi
repo=$linux
[ -d "$linux" ] || repo=$new
from=$(cat "$repo/.git/tip")
tip=$(sh "$top/lab/compose.sh" "$top" "$repo" "$from")
cd "$repo"
[ "$repo" = "$new" ] || check_work
git update-ref refs/tags/base "$from"
git reset -q --keep "$tip"
git update-ref refs/lab/made "$tip"
cd "$top"
[ "$repo" = "$linux" ] || mv "$new" "$linux"
if [ ! -e "$base/.git" ]; then
	git -C "$linux" worktree prune
	stage base git -C "$linux" worktree add -q -f --detach "$base" base
fi
git -C "$base" checkout -q --detach base
note "$(short "$linux"): Linux $(kernel_version "$linux") and $(git -C "$linux" rev-list --count base..) commits on tag base"
