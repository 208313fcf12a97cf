#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# series.sh - the series as it is mailed
#
# in:  base..pageattr of out/linux (make tree), series/0000-cover-letter.txt:
#      a subject line, a blank line, the text
# out: out/series/v1-0000-cover-letter.patch, out/series/v1-NNNN-*.patch and
#      out/series/v1.mbox, all patches but the cover letter, for git am.
#
# Recipients are what get_maintainer.pl says of the whole series. A sender adds
# the sign-off; nothing here knows of any person.

. "$(dirname "$0")/lib.sh"
lock
dir=$work/series
new=$work/series.tmp
trap 'rm -rf "$new"' EXIT
rm -rf "$new"
mkdir -p "$new/mail"
cd "$linux"
[ -n "$(git rev-list base..pageattr)" ] || die "the series is empty"
[ "$(git rev-parse pageattr)" = "$(git rev-parse refs/lab/made)" ] ||
	die "$(short "$linux") has commits which series/ has not: run make refresh first"

# recipients HEADER OPTIONS...: a format-patch option for each of them.
git diff base pageattr >"$new/diff"
recipients() {
	header=$1
	shift
	perl scripts/get_maintainer.pl --nogit --nogit-fallback --norolestats "$@" "$new/diff" >"$new/$header" ||
		die "scripts/get_maintainer.pl of this kernel fails"
	sed "s/^/--$header=/" "$new/$header" >>"$new/recipients"
}
recipients to --nor --nol
recipients cc --nom

set -- --cover-letter --cover-from-description=subject
if [ -f "$top/series/0000-cover-letter.txt" ]; then
	text=$(cat "$top/series/0000-cover-letter.txt")
else
	text=$(printf 'mm: cover letter to be written\n\nseries/0000-cover-letter.txt is missing.')
	note "note: series/0000-cover-letter.txt is missing"
fi
while read -r option; do
	set -- "$@" "$option"
done <"$new/recipients"
git -c branch.pageattr.description="$text" format-patch -q -v1 --no-renames --no-signature \
	--abbrev=12 -o "$new/mail" "$@" base..pageattr
find "$new/mail" -name 'v1-*.patch' ! -name 'v1-0000-*' | sort | xargs cat >"$new/mail/v1.mbox"

# What was written must give the very tree it was written from.
git clone -q --shared --no-checkout . "$new/am"
git diff --no-renames --name-only base pageattr | sed 's,^,/,' |
	git -C "$new/am" sparse-checkout set --no-cone --stdin
git -C "$new/am" checkout -q --detach base
git -C "$new/am" am -q "$new/mail/v1.mbox" >"$log/series.log" 2>&1 ||
	die "git am does not take the mailbox: see $(short "$log/series.log")"
[ "$(git -C "$new/am" rev-parse 'HEAD^{tree}')" = "$(git rev-parse 'pageattr^{tree}')" ] ||
	die "git am of the mailbox gives another tree than $(short "$linux")"

rm -rf "$dir"
mv "$new/mail" "$dir"
[ "$GIT_AUTHOR_EMAIL" != you@example.org ] ||
	note "note: set git config user.name and user.email before you send this"
note "$(short "$dir"): $(git rev-list --count base..pageattr) patches and the cover letter, $(wc -l <"$new/recipients") recipients"
