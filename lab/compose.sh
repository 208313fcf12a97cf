#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# compose.sh ROOT REPO BASE - the series of ROOT as commits on BASE
#
# in:  ROOT/series/NNNN-*.patch and the overlay files which they name;
#      BASE, a commit of the kernel repository REPO
# out: the new tip on stdout. Only objects are added to REPO: no branch, no
#      index and no file changes, whether the series applies or not.
#
# An overlay file is kept with its final text. What it was when an earlier
# commit added it follows from taking back the later patches' edits of it.

. "$(dirname "$0")/lib.sh"
root=$1 repo=$2 from=$3
tmp=$(mktemp -d "$out/compose.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
export GIT_DIR="$repo/.git"
cd "$tmp"

# The failed hunks of git's complaint in ./err, as "file, hunk 2 (@@ ... @@)".
explain() {
	sed -n 's/^error: patch failed: \(.*\):\([0-9]*\)$/\1 \2/p' err |
		while read -r file line; do
			awk -v file="$file" -v line="$line" '
			/^diff --git / { ours = $3 == "a/" file; n = 0 }
			ours && /^@@ / {
				n++
				if ($2 ~ "^-" line "(,|$)" || $3 ~ "^[+]" line "(,|$)") {
					match($0, /^@@ .* @@/)
					print file ", hunk " n " (" substr($0, 1, RLENGTH) ")"
					exit
				}
			}' "$1"
		done >hunks
	[ -s hunks ] || sed -n 's/^error: //p' err >hunks
	paste -sd';' hunks | sed 's/;/; /g'
}

# patch NAME FILE ARGS...: git apply to the index, or say what did not fit.
patch() {
	name=$1 file=$2
	shift 2
	git apply --cached --whitespace=nowarn "$@" "$file" 2>err && return
	case " $* " in
	*' -R '*) die "$name does not fit the text of the overlay file: $(explain "$file")" ;;
	*) die "$name does not apply to Linux $(git show "$from:Makefile" >Makefile && kernel_version .): $(explain "$file"); the series is made for Linux 7.3" ;;
	esac
}

# Take every patch apart, and put the final overlay in an index of its own.
export GIT_INDEX_FILE="$tmp/overlay.index"
git read-tree --empty
count=0
for p in $(series_of "$root"); do
	count=$((count + 1))
	git mailinfo -b "$count.body" "$count.diff" <"$p" >"$count.info" 2>err ||
		die "series/${p##*/} is not in git format-patch form"
	echo "series/${p##*/}" >"$count.name"
	sed -n 's/^Subject: //p' "$count.info" >"$count.subject"
	[ -s "$count.subject" ] || die "series/${p##*/} has no Subject line"
	overlays_of "$p" >"$count.overlay"
	while read -r f; do
		[ -f "$root/$f" ] || die "series/${p##*/} names the overlay file $f, which is not there"
		! git cat-file -e "$from:$f" 2>/dev/null ||
			die "$f exists in this kernel already: the series may have been applied to it"
		[ -z "$(git ls-files -- "$f")" ] || die "series/${p##*/} adds $f, which an earlier patch adds"
		mode=100644
		[ ! -x "$root/$f" ] || mode=100755
		git update-index --add --cacheinfo "$mode,$(git hash-object -w --no-filters "$root/$f"),$f"
	done <"$count.overlay"
done

# Backwards: what the overlay files were when they were added.
n=$count
while [ "$n" -gt 0 ]; do
	while read -r f; do
		git ls-files -s -- "$f"
		git update-index --force-remove "$f"
	done <"$n.overlay" >"$n.blobs"
	set --
	for f in $(git ls-files); do
		! grep -qxF "diff --git a/$f b/$f" "$n.diff" || set -- "$@" --include="$f"
	done
	[ $# -eq 0 ] || patch "$(cat "$n.name")" "$n.diff" -R "$@"
	n=$((n - 1))
done

# Forwards: one commit for each patch, a minute apart.
export GIT_INDEX_FILE="$tmp/index"
git read-tree "$from"
tip=$(git rev-parse "$from^{commit}")
when=$(git log -1 --format=%ct "$tip")
while [ "$n" -lt "$count" ]; do
	n=$((n + 1)) when=$((when + 60))
	git update-index --add --index-info <"$n.blobs"
	! grep -q '^diff --git ' "$n.diff" || patch "$(cat "$n.name")" "$n.diff"
	{ cat "$n.subject"; echo; cat "$n.body"; } | git stripspace >message
	tip=$(GIT_AUTHOR_DATE="@$when +0000" GIT_COMMITTER_DATE="@$when +0000" \
		git commit-tree -p "$tip" -F message "$(git write-tree)")
done
echo "$tip"
