#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# refresh.sh - carry the commits of out/linux back into series/ and the overlay
#
# in:  base..pageattr of out/linux, committed; uncommitted edits are refused,
#      since they belong to one commit or another (git commit --fixup, and
#      git rebase -i --autosquash base). New files need git add -f there.
# out: series/NNNN-subject.patch, one for each commit, and the overlay files
#      with their final text. A file new in the series goes to the overlay,
#      every other edit into the patch. What no commit has any more is removed.
#
# The result is applied to the base before anything in the repository changes,
# and must give the very same trees and texts.

. "$(dirname "$0")/lib.sh"
lock
[ -d "$linux" ] || die "there is no $(short "$linux") yet: run make tree first"
new=$work/refresh.tmp
rm -rf "$new"
mkdir -p "$new/series"
trap 'rm -rf "$new"' EXIT

# Is this file, which commit $2 adds, kept whole? Then it is new to the kernel,
# it is still there in the end, and no later commit adds it once more.
is_overlay() {
	! git cat-file -e "base:$1" 2>/dev/null &&
		git ls-tree HEAD -- "$1" | grep -q '^100' &&
		[ "$(git log -1 --format=%H --diff-filter=A --no-renames base.. -- "$1")" = "$2" ]
}

# write_patch NUMBER COMMIT
write_patch() {
	file=$new/series/$1-$(git log -1 --format=%f "$2" | cut -c1-52).patch
	! git log -1 --format=%b "$2" | grep -qE '^(---$|diff -|Index: )' ||
		die "the text of '$(git log -1 --format=%s "$2")' has a line that git am takes for the diff"
	git log -1 --format='Subject: [PATCH] %s%n%n%b' "$2" | git stripspace >"$file"
	printf '%s\n' --- >>"$file"
	for f in $(git diff-tree -r --no-renames --no-commit-id --name-only --diff-filter=A "$2"); do
		is_overlay "$f" "$2" || continue
		echo "Overlay: $f" >>"$file"
		mkdir -p "$new/$(dirname "$f")"
		git show "HEAD:$f" >"$new/$f"
		case $(git ls-tree HEAD -- "$f") in 100755*) chmod +x "$new/$f" ;; esac
	done
	echo >>"$file"
	set -- "$2" $(overlays_of "$file" | sed 's/^/:(exclude,literal)/')
	c=$1
	shift
	git diff-tree -p --no-renames --no-color --no-commit-id --abbrev=12 "$c" -- . "$@" >>"$file"
}

cd "$linux"
[ "$(git symbolic-ref -q HEAD)" = refs/heads/pageattr ] ||
	die "$(short "$linux") is not on branch pageattr: finish what was begun there, and git checkout pageattr"
[ -z "$(git status --porcelain --untracked-files=no)" ] ||
	die "$(short "$linux") has uncommitted edits: commit them there first (git commit --fixup, git rebase -i --autosquash base)"
# The .gitignore of Debian's package ignores every new file, so ask without it.
stray=$(git ls-files -o -x '/build-*' -- '*.[chS]' '*.rst' '*.cocci' '*.sh' '*Kconfig*' '*Makefile*' | paste -sd' ')
[ -z "$stray" ] || die "$(short "$linux") has new files in no commit: git add -f and commit, or remove: $stray"
git merge-base --is-ancestor base HEAD && [ -z "$(git rev-list --merges base..)" ] ||
	die "the commits of $(short "$linux") are not a straight line on tag base: rebase them first"
! git log --format=%s base.. | grep -qE '^(fixup|squash|amend)! ' ||
	die "$(short "$linux") still has fixup commits: git rebase -i --autosquash base"
from=$(git rev-parse base)
old=$(sh "$top/lab/compose.sh" "$top" "$linux" "$from") ||
	die "series/ as it is does not apply, so edits made there could be lost: put it right first"
[ "$(chain_id base "$old")" = "$(chain_id base refs/lab/made)" ] || git merge-base --is-ancestor "$old" HEAD || {
	git update-ref refs/lab/new "$old"
	die "series/ or the overlay has changed since the last make tree: in $(short "$linux"), git rebase --onto lab/new lab/made, then run make refresh"
}

n=0
for c in $(git rev-list --reverse base..); do
	n=$((n + 1))
	write_patch "$(printf %04d $n)" "$c"
done
tip=$(sh "$top/lab/compose.sh" "$new" "$linux" "$from")
[ "$(chain_id base "$tip")" = "$(chain_id base HEAD)" ] ||
	die "the series written from $(short "$linux") does not give the same commits; nothing was changed"

# It does: install what differs, and remove what is no more.
cd "$top"
for p in $(series_of "$top"); do
	{ overlays_of "$p"; echo "series/${p##*/}"; } | while read -r f; do
		[ -e "$new/$f" ] || {
			rm -f "$f"
			rmdir -p --ignore-fail-on-non-empty "$(dirname "$f")" 2>/dev/null || :
		}
	done
done
(cd "$new" && find . -type f) | while read -r f; do
	f=${f#./}
	mkdir -p "$(dirname "$f")"
	cmp -s "$new/$f" "$f" || cp "$new/$f" "$f"
	if [ -x "$new/$f" ]; then chmod +x "$f"; else chmod -x "$f"; fi
done
git -C "$linux" reset -q --keep "$tip"
git -C "$linux" update-ref refs/lab/made "$tip"
note "series/: $n patches carried from $(short "$linux")"
