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
count=0
for rule in "$linux"/scripts/coccinelle/*/*.cocci; do
	grep -q '^virtual.*report' "$rule" || continue
	# Sparse reports what these two would, or they are for one driver.
	if grep -q ':ocaml' "$rule"; then
		echo "$(basename "$rule"): not run, it needs an OCaml compiler"
		continue
	fi
	rm -f "$said"
	make -s -C "$linux" coccicheck COCCI="$rule" MODE=report M="$new" DEBUG_FILE="$said" \
		>"$new.out" 2>&1 || { cat "$new.out" "$said"; die "$rule failed"; }
	sed '/^$/d; /^Please check for false/d; /^When using "patch"/d' "$new.out" >"$new.found"
	[ ! -s "$new.found" ] || { cat "$new.found"; die "$rule has found something in a new file"; }
	count=$((count + 1))
done
[ "$count" -gt 50 ] || die "next to none of the kernel's semantic patches has run"
echo "$count semantic patches find nothing"
