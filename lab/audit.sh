#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Who changes kernel permissions some other way, in the tree KDIR.
#
# KDIR=tree            the tree to audit; it is only read
# OLD=tree NEW=tree    compare two trees instead, by function
# FAIL_ON=class        exit 1 if a call site of that class is left
# LIST=calls           only the calls of the walkers, not own descents
# OUT=dir              where audit.tsv and audit.json go (default: out)
#
# scripts/coccinelle/api/pageattr.cocci decides everything; this script picks
# the files, runs spatch on them and formats what it says.

set -u
LC_ALL=C
export LC_ALL

top=$(cd "$(dirname "$0")/.." && pwd)
cocci=${COCCI:-$top/scripts/coccinelle/api/pageattr.cocci}
spatch=${SPATCH:-spatch}
out=${OUT:-$top/out}
jobs=${JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)}
list=${LIST:-all}
tab=$(printf '\t')

calls='apply_to_page_range|apply_to_existing_page_range|walk_kernel_page_table_range|walk_kernel_page_table_range_lockless|walk_page_range_novma'
# walks of what has a VMA, were it not for their mm
calls_mm='walk_page_range\(&init_mm'
lookups='pgd_offset_k|virt_to_kpte|pmd_off_k|lookup_address|lookup_address_in_pgd|lookup_address_in_pgd_attr|lookup_pmd_address|pte_offset_kernel'
# of init_mm where a file names that, or its tables
offsets='pgd_offset|pgd_index|pmd_off'
roots='init_mm|swapper_pg_dir|read_cr3|read_cr3_pa'

die() {
	echo "audit: $*" >&2
	exit 2
}

say() {
	if [ -t 2 ]; then
		printf '\r\033[K%s' "$*" >&2
	fi
}

[ -r "$cocci" ] || die "the semantic patch $cocci cannot be read."
command -v "$spatch" >/dev/null 2>&1 ||
	die "Coccinelle is missing: $spatch is not installed (Debian: apt install coccinelle)."
"$spatch" --version 2>/dev/null | grep -q 'Python scripting support: yes' ||
	die "$spatch was built without Python scripting, which the rules need."
case $list in
all|calls) ;;
*) die "LIST=$list is not known; use LIST=calls or leave it out." ;;
esac
case ${FAIL_ON:-} in
''|permission|populate|clear|collect|other|unknown) ;;
*) die "FAIL_ON=$FAIL_ON is no class; the classes are permission, populate, clear, collect, other and unknown." ;;
esac

tmp=$(mktemp -d "${TMPDIR:-/tmp}/audit.XXXXXX") || die "no temporary directory can be made."
trap 'rm -rf "$tmp" "$out"/.audit.*.$$' EXIT
auditor=
trap 'kill $auditor 2>/dev/null; wait; echo "audit: interrupted, nothing was written." >&2; exit 130' INT TERM HUP

is_kernel() {
	[ -d "$1" ] || die "there is no tree $1."
	[ -r "$1/Makefile" ] || die "$1 has no readable Makefile, so it is no kernel tree."
	grep -q '^PATCHLEVEL[[:space:]]*=' "$1/Makefile" && [ -f "$1/include/linux/mm.h" ] && [ -d "$1/arch" ] ||
		die "$1 is no kernel tree (no PATCHLEVEL in its Makefile, or no arch or include/linux/mm.h)."
}

# words pattern: "file:word" of the C files of the current tree. What is built
# in it, and what does not become part of a kernel, is left out.
words() {
	for d in *; do
		case $d in
		Documentation | tools | out | build-*) ;;
		*) echo "$d" ;;
		esac
	done | xargs -d '\n' grep -rowE --include='*.[ch]' --exclude='.?*' "$1" 2>>"$tmp/unreadable" | sort -u
}

# spread dir: the lines on standard input as lists of files in dir, several
# for each job, of like size in bytes.
spread() {
	mkdir "$1"
	while read -r first more; do
		echo "$(wc -c <"$first") $first${more:+ $more}"
	done | sort -rn | awk -v dir="$1" -v n=$((jobs * 4)) '{
		sub(/^[0-9]+ /, "")
		print >(dir "/" (NR - 1) % n)
	}'
}

# rules mode dir: spatch on the lists in dir
rules() {
	export SPATCH="$spatch" COCCI="$cocci" R="$tmp/r"
	find "$2" -type f | sort | xargs -r -P "$jobs" -n 1 "$top/lab/audit/some.sh" "$1" &
	pid=$!
	trap 'kill $pid $(cat "$tmp"/r/*.pid) 2>/dev/null; exit 130' INT TERM HUP
	while kill -0 $pid 2>/dev/null; do
		say "audit: $(cat "$tmp"/r/*.err 2>/dev/null | grep -c '^HANDLING') of $total files of $PWD"
		sleep 1
	done
	wait $pid || die "the rules could not be run."
}

# Text that calls a walker, but that the rules do not account for.
unseen() {
	xargs -r -n 50 awk -v names="$calls" -f "$top/lab/audit/spoken.awk" <"$1" |
	awk -F'\t' 'NR == FNR { seen[$1 FS $2] = 1; next }
		    !(($1 FS $2) in seen) { print $1 ": line " $2 " calls a walker, but could not be read" }' "$2" -
}

# audit tree result: a sorted TSV without header, and what was not understood.
# In the background, where a signal does not have to wait for it.
audit() {
	audit_here "$@" &
	auditor=$!
	wait $auditor || exit
}

audit_here() {
	cd "$1" || exit 2
	mode=o
	[ "$list" = all ] || mode=c
	: >"$tmp/unreadable"
	rm -rf "$tmp/r" "$tmp/first" "$tmp/again"
	mkdir "$tmp/r"
	say "audit: looking for files"
	if [ $mode = c ]; then
		words "$calls|$calls_mm" >"$tmp/words"
	else
		words "$calls|$calls_mm|$lookups|$offsets|$roots" >"$tmp/words"
	fi
	if [ -s "$tmp/unreadable" ]; then
		die "a file of $1 cannot be read: $(sed -n '1s/^grep: //p' "$tmp/unreadable")."
	fi
	grep -E ":($calls|$calls_mm)$" "$tmp/words" | cut -d: -f1 | sort -u >"$tmp/call"
	# decompressors and boot loaders have tables of their own
	awk -F: -v offsets="^($offsets)\$" -v roots="^($roots)\$" '
		 $1 ~ /^arch\/[^\/]*\/boot\// { next }
		 $2 ~ roots { kernel[$1]; next }
		 $2 ~ offsets { offset[$1]; next }
		 { print $1 }
		 END { for (f in offset) if (f in kernel) print f }' "$tmp/words" |
		sort -u - "$tmp/call" >"$tmp/todo"
	total=$(wc -l <"$tmp/todo")
	spread "$tmp/first" <"$tmp/todo"
	rules $mode "$tmp/first"
	# A name that only another file explains: read the two together.
	find "$tmp/r" -name '*.out' -exec cat {} + |
		awk -F'\t' '$11 != "" { print $2 "\t" $11 }' | sort -u >"$tmp/open"
	if [ -s "$tmp/open" ]; then
		say "audit: looking for what other files define"
		words "$(cut -f2 "$tmp/open" | tr ',' '\n' | sort -u | paste -sd'|')" | grep '\.c:' >"$tmp/where"
		# a name that is everywhere explains nothing
		awk '
		FILENAME == ARGV[1] { i = index($0, ":"); n = substr($0, i + 1)
			if (++c[n] <= 8) f[n] = f[n] " " substr($0, 1, i - 1); next }
		{ split($0, a, "\t"); k = split(a[2], w, ","); m = ""
		  for (i = 1; i <= k; i++) m = m f[w[i]]
		  more[a[1]] = more[a[1]] m }
		END { for (x in more) { k = split(more[x], w, " "); l = ""; split("", got)
			for (i = 1; i <= k; i++) if (w[i] != x && !(w[i] in got)) { got[w[i]] = 1; l = l " " w[i] }
			if (l != "") print x l } }' "$tmp/where" "$tmp/open" >"$tmp/more"
		mkdir "$tmp/again"
		[ ! -s "$tmp/more" ] || split -l 1 -a 4 "$tmp/more" "$tmp/again/again."
		total=$((total + $(wc -l <"$tmp/more")))
		rules $mode "$tmp/again"
	fi
	say ''
	# what was read with other files is better known
	find "$tmp/r" -name '*.out' | sort -r | xargs -r awk -F'\t' -v OFS='\t' '
	FILENAME ~ /\/again/ { known[$2] }
	FILENAME ~ /\/again/ || !($2 in known) {
		arch = "generic"
		if (split($2, a, "/") > 2 && a[1] == "arch")
			arch = a[2]
		print $2, $3, $4, $5, $6, $7, $8, $9, $10, arch
	}' | sort -t"$tab" -u -k1,1 -k2,2n -k4,5 >"$2"
	{
		find "$tmp/r" -name '*.bad' -exec cat {} +
		unseen "$tmp/call" "$2"
	} | sort -u >"$2.bad"
}

header="file${tab}line${tab}function${tab}callee${tab}callback${tab}class${tab}mm${tab}verdict${tab}reason${tab}arch"

json() {
	awk -F'\t' '
	BEGIN { split("file line function callee callback class mm verdict reason arch", k, " "); print "[" }
	{
		printf "%s{", (NR > 1 ? ",\n" : "")
		for (i = 1; i <= 10; i++) {
			gsub(/\\/, "\\\\", $i); gsub(/"/, "\\\"", $i)
			q = i == 2 ? "" : "\""
			printf "%s\"%s\": %s%s%s", (i > 1 ? ", " : ""), k[i], q, $i, q
		}
		printf "}"
	}
	END { print "\n]" }' "$1"
}

# Grouped by architecture; permission first, in the groups and among them.
table() {
	awk -F'\t' -v OFS='\t' '
	function rank(c) { return c == "permission" ? 0 : c == "unknown" ? 1 : 2 }
	NR == FNR { if (!($10 in best) || rank($6) < best[$10]) best[$10] = rank($6); next }
	{ print best[$10], $10, rank($6), $6, $0 }' "$1" "$1" |
	sort -t"$tab" -k1,1n -k2,2 -k3,3n -k4,4 -k5,5 -k6,6n |
	awk -F'\t' '
	$2 != arch { arch = $2; printf "%s%s\n", (NR > 1 ? "\n" : ""), arch }
	{
		printf "  %-10s %-8s %s:%s %s(): %s", $10, $11, $5, $6, $7, $8
		if ($9 != "")
			printf " by %s", $9
		printf "\n"
		if ($10 == "permission" || $10 == "unknown" || $10 == "other")
			printf "  %19s %s%s\n", "", ($12 == "-" ? "" : $12 ": "), $13
	}'
	echo
	awk -F'\t' '
	{ n[$6]++; v[$6, $8]++ }
	END {
		c = split("permission unknown populate clear collect other", k, " ")
		for (i = 1; i <= c; i++) {
			printf "%-10s %3d", k[i], n[k[i]]
			if (k[i] == "permission" && n[k[i]])
				printf "  (%d mechanical, %d needs work, %d not convertible)", v[k[i], "mechanical"],
					v[k[i], "needs work"], v[k[i], "not convertible"]
			printf "\n"
		}
	}' "$1"
}

bad() {
	[ -s "$1.bad" ] || return 0
	echo
	echo "Not fully understood:"
	awk -F': not parsed near line ' '
	NF == 2 { l[$1] = l[$1] (l[$1] == "" ? "" : ", ") $2; next }
	{ print "  " $0 }
	END { for (f in l) print "  " f ": not parsed near line " l[f] | "sort" }' "$1.bad"
}

# What appeared, vanished or changed class, by function: its calls may have
# moved, and there may be more or fewer of a class.
compare() {
	for t; do
		cut -f1,3,6 "$t" | sort -u >"$t.classes"
	done
	awk -F'\t' '
	{ k = $1 "\t" $2 }
	FILENAME == ARGV[1] { old[k] = old[k] == "" ? $3 : old[k] " " $3; next }
	{ new[k] = new[k] == "" ? $3 : new[k] " " $3 }
	END {
		for (k in old)
			if (!(k in new)) print "vanished\t" k "\t" old[k]
			else if (old[k] != new[k]) print "changed\t" k "\t" old[k] " -> " new[k]
		for (k in new)
			if (!(k in old)) print "appeared\t" k "\t" new[k]
	}' "$1.classes" "$2.classes" | sort | awk -F'\t' '{ printf "%-9s %s %s(): %s\n", $1, $2, $3, $4 } END { if (!NR) print "no difference" }'
}

left() {
	[ -n "${FAIL_ON:-}" ] && cut -f6 "$1" | grep -qx "$FAIL_ON"
}

if [ -n "${OLD:-}${NEW:-}" ]; then
	[ -n "${OLD:-}" ] && [ -n "${NEW:-}" ] || die "to compare, name both trees: OLD=tree NEW=tree."
	is_kernel "$OLD"
	is_kernel "$NEW"
	audit "$OLD" "$tmp/old"
	audit "$NEW" "$tmp/new"
	compare "$tmp/old" "$tmp/new"
	cat "$tmp/old.bad" "$tmp/new.bad" | sort -u >"$tmp/both.bad"
	bad "$tmp/both"
	result=$tmp/new
else
	is_kernel "${KDIR:=$top/out/linux}"
	audit "$KDIR" "$tmp/result"
	result=$tmp/result
	# complete files only: written aside, then renamed
	mkdir -p "$out" || die "$out cannot be made."
	{ echo "$header"; cat "$result"; } >"$out/.audit.tsv.$$" &&
		json "$result" >"$out/.audit.json.$$" &&
		mv "$out/.audit.tsv.$$" "$out/audit.tsv" &&
		mv "$out/.audit.json.$$" "$out/audit.json" || die "$out cannot be written."
	table "$result"
	bad "$result"
	echo
	echo "$out/audit.tsv and audit.json have the same."
fi

if left "$result"; then
	echo "audit: class $FAIL_ON is left ($(cut -f6 "$result" | grep -cx "$FAIL_ON"))." >&2
	exit 1
fi
