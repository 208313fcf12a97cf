#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# lab/audit.sh on small trees: two compared, a class that fails, what cannot be
# parsed, bad input, and an interrupt. All of it is copied, so that a user who
# may not read everything can run it.

set -u
LC_ALL=C
export LC_ALL
lab=$(cd "$(dirname "$0")/.." && pwd)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/audit-runs.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
fail=0 n=0
chmod 755 "$tmp"
mkdir -p "$tmp/lab/audit" "$tmp/t" "$tmp/out"
chmod 1777 "$tmp/t"
cp "$lab/audit.sh" "$tmp/lab"
cp "$lab/audit/some.sh" "$lab/audit/spoken.awk" "$tmp/lab/audit"
cp "${COCCI:-$lab/../scripts/coccinelle/api/pageattr.cocci}" "$tmp/rules.cocci"
export COCCI="$tmp/rules.cocci" OUT="$tmp/out" TMPDIR="$tmp/t"
unset KDIR OLD NEW FAIL_ON LIST
SPATCH=${SPATCH:-spatch}
export SPATCH

# tree NAME: a kernel, as far as the audit can tell; mm/a.c is standard input
tree() {
	mkdir -p "$tmp/$1/include/linux" "$tmp/$1/arch" "$tmp/$1/mm"
	echo 'PATCHLEVEL = 1' >"$tmp/$1/Makefile"
	: >"$tmp/$1/include/linux/mm.h"
	cat >"$tmp/$1/mm/a.c"
}

# run STATUS [ASSIGNMENT...]: the audit in $tmp, its words in said
run() {
	status=$1
	shift
	(cd "$tmp" && exec ${as:-} env "$@" timeout ${stop:-100} sh lab/audit.sh) >"$tmp/said" 2>&1
	rc=$?
	n=$((n + 1))
	[ $rc -eq "$status" ] || wrong "exit status $rc, not $status, of: $*"
}

wrong() {
	echo "not ok $*"
	sed 's/^/    /' "$tmp/said"
	fail=1
}

# says WORDS: the last run has this line, or part of one
says() {
	grep -qF -- "$1" "$tmp/said" || wrong "it does not say: $1"
}

callback() {
	echo "static int $1(pte_t *slot, unsigned long va, void *arg)"
	echo "{ $2; return 0; }"
}

callsite() {
	echo "int $1(unsigned long va) { return apply_to_page_range(&init_mm, va, 4096, $2, NULL); }"
}

callbacks() {
	callback look 'pte_none(*slot)'
	callback veil 'set_pte(slot, pte_wrprotect(*slot))'
	callback drop 'pte_clear(&init_mm, va, slot)'
}

{
	callbacks
	callsite goes drop
	callsite turns look
	callsite stays veil
	echo 'int twice(unsigned long va)'
	echo '{ return apply_to_page_range(&init_mm, va, 1, veil, NULL) ||'
	echo '  apply_to_page_range(&init_mm, va, 1, look, NULL); }'
} | tree old
{
	echo
	callbacks
	echo 'int twice(unsigned long va)'
	echo '{ return apply_to_page_range(&init_mm, va, 1, look, NULL) ||'
	echo '  apply_to_page_range(&init_mm, va, 1, veil, NULL) ||'
	echo '  apply_to_page_range(&init_mm, va, 2, veil, NULL); }'
	callsite stays veil
	callsite turns veil
	callsite comes look
} | tree new
{
	callbacks
	callsite reads look
} | tree calm

# functions, wherever they have moved in the file
cat >"$tmp/want" <<'WANT'
appeared  mm/a.c comes(): collect
changed   mm/a.c turns(): collect -> permission
vanished  mm/a.c goes(): clear
WANT
run 0 OLD="$tmp/old" NEW="$tmp/new"
diff "$tmp/want" "$tmp/said" >"$tmp/diff" || wrong 'old and new, compared'
[ -z "$(ls -A "$tmp/out")" ] || wrong 'a comparison leaves files'
run 0 OLD="$tmp/new" NEW="$tmp/new"
[ "$(cat "$tmp/said")" = 'no difference' ] || wrong 'a tree differs from itself'
run 1 OLD="$tmp/old" NEW="$tmp/new" FAIL_ON=permission
says 'audit: class permission is left (4).'
run 0 OLD="$tmp/new" NEW="$tmp/calm" FAIL_ON=permission

# what is left
run 1 KDIR="$tmp/old" FAIL_ON=permission
says 'audit: class permission is left (2).'
run 0 KDIR="$tmp/calm" FAIL_ON=permission
printf '%s\t' mm/a.c 7 reads apply_to_page_range look collect init_mm - 'reads only' | sed 's/\t$/\tgeneric/' >"$tmp/want"
echo >>"$tmp/want"
sed 1d "$tmp/out/audit.tsv" | cmp -s - "$tmp/want" || wrong 'the line of reads()'
run 1 KDIR="$tmp/calm" FAIL_ON=collect
says 'audit: class collect is left (1).'

# what cannot be read is named
{
	callbacks
	echo 'int hidden(unsigned long va)'
	echo '{ int int = ); return apply_to_page_range(&init_mm, va, 1, veil, NULL); }'
	callsite seen veil
} | tree odd
run 0 KDIR="$tmp/odd"
says 'mm/a.c: not parsed near line 8'
says 'mm/a.c: line 8 calls a walker, but could not be read'

# input
run 2 KDIR="$tmp/none"
says "audit: there is no tree $tmp/none."
run 2 KDIR="$tmp/lab"
says "audit: $tmp/lab has no readable Makefile, so it is no kernel tree."
mkdir "$tmp/plain"
: >"$tmp/plain/Makefile"
run 2 KDIR="$tmp/plain"
says "audit: $tmp/plain is no kernel tree"
run 2 OLD="$tmp/old"
says 'audit: to compare, name both trees: OLD=tree NEW=tree.'
run 2 KDIR="$tmp/old" FAIL_ON=populated
says 'audit: FAIL_ON=populated is no class'
run 2 KDIR="$tmp/old" SPATCH=no-spatch
says 'audit: Coccinelle is missing: no-spatch is not installed'
chmod 0 "$tmp/new/mm/a.c"
if [ "$(id -u)" -ne 0 ] || as='setpriv --reuid=65534 --regid=65534 --clear-groups' && command -v setpriv >/dev/null; then
	run 2 KDIR="$tmp/new"
	says "audit: a file of $tmp/new cannot be read: mm/a.c: Permission denied."
fi
as=

# an interrupt leaves the files that are there, and nothing that runs
cat >"$tmp/slow" <<'SLOW'
#!/bin/sh
[ "$1" != --version ] || exec echo 'Python scripting support: yes'
echo $$ >>"$PIDS"
exec sleep 60
SLOW
chmod 755 "$tmp/slow"
for signal in INT TERM; do
	echo older >"$tmp/out/audit.tsv"
	: >"$tmp/pids"
	stop="--preserve-status -s $signal 2"
	run 130 KDIR="$tmp/calm" SPATCH="$tmp/slow" PIDS="$tmp/pids"
	says 'audit: interrupted, nothing was written.'
	[ "$(cat "$tmp/out/audit.tsv")" = older ] || wrong "$signal: audit.tsv was written"
	[ "$(ls -A "$tmp/out")" = "$(printf '%s\n' audit.json audit.tsv)" ] || wrong "$signal leaves files"
	[ -z "$(ls -A "$tmp/t")" ] || wrong "$signal leaves temporary files"
	[ -s "$tmp/pids" ] || wrong "$signal came before spatch"
	while read -r pid; do
		case $(sleep 0.2; ps -o stat= -p "$pid") in
		'' | Z*) ;;
		*) wrong "$signal leaves spatch running" ;;
		esac
	done <"$tmp/pids"
done

[ $fail -ne 0 ] || echo "audit: $n runs as expected"
exit $fail
