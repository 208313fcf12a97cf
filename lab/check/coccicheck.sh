#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's own semantic patches, by its coccicheck, find nothing in the files that
# are new with the series.

. "$(dirname "$0")/../lib.sh"
sh "$top/lab/setup.sh" audit
new=$work/coccicheck/new said=$work/coccicheck/said
rm -rf "$work/coccicheck"
mkdir -p "$new"
(cd "$linux" && git diff --diff-filter=A --name-only base pageattr -- '*.[ch]' | tar -cf - -T -) |
	tar -C "$new" -xf -

# What Coccinelle cannot parse, it passes over without a word.
macros=$work/coccicheck/macros.h
echo "#define __uninitialized" >"$macros"
for file in $(cd "$new" && find . -name '*.[ch]'); do
	(cd "$new" && spatch --macro-file "$macros" --parse-c "$file") >"$new.out" 2>&1 &&
		grep -q 'perfect = 1;' "$new.out" ||
		{ grep '^bad' "$new.out"; die "Coccinelle cannot read all of $file"; }
done

# coccicheck RULE DIRECTORY: what it finds is in $new.found.
coccicheck() {
	rm -f "$said"
	make -s -C "$linux" coccicheck COCCI="$1" MODE=report M="$2" DEBUG_FILE="$said" \
		SPFLAGS="--macro-file $macros" >"$new.out" 2>&1 || { cat "$new.out" "$said"; die "$1 failed"; }
	sed '/^$/d; /^Please check for false/d; /^When using "patch"/d' "$new.out" >"$new.found"
}

# It has to find a second semicolon, in the function that it is most likely to miss.
mkdir "$work/coccicheck/control"
sed 's/pageattr_ptes_get(ptep, ptes, nr);/&;/' "$new/mm/pageattr.c" >"$work/coccicheck/control/pageattr.c"
coccicheck "$linux/scripts/coccinelle/misc/semicolon.cocci" "$work/coccicheck/control"
grep -q 'pageattr.c:.*Unneeded semicolon' "$new.found" ||
	die "Coccinelle does not find what was planted in pageattr_ptes_like()"

count=0
for rule in "$linux"/scripts/coccinelle/*/*.cocci; do
	grep -q '^virtual.*report' "$rule" || continue
	# Sparse reports what these two would, or they are for one driver.
	if grep -q ':ocaml' "$rule"; then
		echo "$(basename "$rule"): not run, it needs an OCaml compiler"
		continue
	fi
	coccicheck "$rule" "$new"
	[ ! -s "$new.found" ] || { cat "$new.found"; die "$rule has found something in a new file"; }
	count=$((count + 1))
done
[ "$count" -gt 50 ] || die "next to none of the kernel's semantic patches has run"
echo "$count semantic patches find nothing"
