#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make tree, make refresh and make tree again lose and add nothing: with the
# series as it is, with commits added, edited and dropped in the kernel tree,
# and where a later patch edits an overlay file. It runs in a scratch copy, on
# a base cut down to what the series touches.

. "$(dirname "$0")/scratch.sh"
kernel=$test/kernel
mini "$kernel"
git -C "$linux" diff --no-renames --diff-filter=a --name-only base pageattr |
	xargs -r git -C "$linux" archive base -- | tar -C "$kernel" -xf - 2>/dev/null || :
git -C "$linux" show base:mm/Kconfig >"$kernel/mm/Kconfig"
save "$repo"
save "$kernel"
tree() { works sh "$repo/lab/tree.sh"; }
refresh() { works sh "$repo/lab/refresh.sh"; }
head_tree() { git -C "$lt" rev-parse 'HEAD^{tree}'; }
clean() {
	same "$(git -C "$repo" status --porcelain --untracked-files=all)" '' "$1: $(git -C "$repo" status --porcelain -uall | paste -sd';')"
}
export KDIR="$kernel"

echo '# the series as it is'
tree
lt=$(echo "$repo"/out/kdir/kernel-*/linux)
refresh
clean 'make tree, make refresh changes the repository'
for dir in $(git -C "$linux" ls-tree -d --name-only base); do
	# The userspace harness is not mailed.
	[ ! -d "$repo/$dir" ] || (cd "$repo" && git ls-files "$dir" ':!tools/testing')
done | while read -r f; do
	git -C "$lt" cat-file -e "HEAD:$f" 2>/dev/null || die "$f is an overlay file that no patch of series/ names"
done
first=$(head_tree)

echo '# two new commits, the second edits the file that the first adds'
cd "$lt"
mkdir build-test
touch -d '2001-01-01' virt/file build-test/object
git update-index -q --refresh
seq 1 50 >mm/roundtrip.c
echo 'echo hello' >mm/roundtrip.sh
chmod +x mm/roundtrip.sh
echo 'config ROUNDTRIP' >>mm/Kconfig
git add mm
git commit -q -m 'mm: a subject which is so long that git format-patch would fold it, and that ends here' -m 'Text.

More text: with a colon.'
sed -i 's/^7$/seven/' mm/roundtrip.c
git commit -q -a -m 'mm: edit the new file'
fails 'run make refresh first' sh "$repo/lab/tree.sh"
want=$(git log --format='%T%n%B' base.. | cksum)
refresh
grep -qx seven "$repo/mm/roundtrip.c" || die 'the overlay has not the final text'
[ -x "$repo/mm/roundtrip.sh" ] || die 'the overlay lost a mode'
second=$(head_tree)
save "$repo"
tree
refresh
clean 'make tree, make refresh changes a series that refresh wrote'
same "$(git log --format='%T%n%B' base.. | cksum)" "$want" 'the commits are not those that were carried back'
git show HEAD~1:mm/roundtrip.c | grep -qx 7 || die 'the first commit has not the first text'

echo '# from nothing'
mv "$repo/out" "$repo/old"
tree
same "$(head_tree)" "$second" 'a fresh tree differs from the one that was carried back'
rm -rf "$repo/out"
mv "$repo/old" "$repo/out"

echo '# an edit of the overlay in the repository, without touching other files'
sed -i 's/^40$/forty/' "$repo/mm/roundtrip.c"
tree
grep -qx forty mm/roundtrip.c || die 'the edit of the overlay did not arrive'
same "$(stat -c %Y virt/file build-test/object | sort -u)" "$(date -d 2001-01-01 +%s)" 'an unchanged file was written'

echo '# edits on both sides, and none is lost'
sed -i 's/^30$/thirty/' "$repo/mm/roundtrip.c"
sed -i 's/^20$/twenty/' mm/roundtrip.c
fails 'uncommitted edits' sh "$repo/lab/tree.sh"
fails 'uncommitted edits' sh "$repo/lab/refresh.sh"
git commit -q -a -m 'mm: twenty'
fails 'git rebase --onto lab/new lab/made' sh "$repo/lab/tree.sh"
fails 'git rebase --onto lab/new lab/made' sh "$repo/lab/refresh.sh"
works git rebase -q --onto lab/new lab/made
refresh
tree
same "$(grep -cxE 'thirty|twenty|forty' "$repo/mm/roundtrip.c")" 3 'an edit was lost'

echo '# commits dropped'
git reset -q --hard HEAD~3
refresh
same "$(head_tree)" "$first" 'dropping the commits does not give the first tree'
[ ! -e "$repo/mm/roundtrip.c" ] || die 'a dropped overlay file stayed'
