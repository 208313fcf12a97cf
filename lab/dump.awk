# SPDX-License-Identifier: GPL-2.0-only
#
# From a console log of the sequence: what the calls returned, and what the
# kernel's own dump of its page tables says of each page that the sequence owns
# and of its linear alias. Addresses are gone: the pages have names. Then how much
# memory has which permissions in each part of the address space, whatever the
# size of the leaves, which depends on where memory was free. So it does in the
# linear alias of vmalloc memory: stock splits and changes it page by page, the
# series run by run, and leaves whole the blocks and contiguous sets in a run.

function attributes(addr,	i) {
	if (addr !~ /^[0-9a-f]+$/)
		return "-"
	for (i = 1; i <= lines; i++)
		if (start[i] <= addr && addr < end[i])
			return text[i]
	return "not mapped"
}

# Without the words for the size of the leaf; a space before each that is left.
function sizeless(attr,	word, n, i, rest) {
	n = split(attr, word)
	for (i = 1; i <= n; i++)
		if (word[i] !~ /^(PTE|PMD|PUD|P4D|PGD|CON|BLK|CONT)$/)
			rest = rest " " word[i]
	return rest
}

function kibytes(size) {
	return size * 1024 ^ (index("KMGTPE", substr(size, length(size))) - 1)
}

{ sub(/^\[[ 0-9.]+\] /, "") }

$1 == "lab-call" { print; next }
$1 == "lab-page" { n++; name[n] = $2 " page " $3; va[n] = $4; linear[n] = $5; next }
$1 == "lab-begin" && $2 == "dump" { inside = 1; next }
$1 == "lab-end" && $2 == "dump" { inside = 0; complete = 1 }

inside && /^---\[/ && !/ end \]---/ { part = $0 }

inside && /^0x/ {
	split($1, range, "-")
	lines++
	start[lines] = substr(range[1], 3)
	end[lines] = substr(range[2], 3)
	if ($2 ~ /^0x/)	# riscv says where it leads, too
		$2 = ""
	$1 = ""
	$0 = $0
	kib = kibytes($1)
	$1 = ""
	sub(/^ +/, "")
	text[lines] = $0
	total[part sizeless($0)] += kib
}

END {
	if (!complete || !n || !lines) {
		print "lab: the log holds no complete dump" >"/dev/stderr"
		exit 1
	}
	for (i = 1; i <= n; i++) {
		alias = ""
		# Pages that were given back may belong to anybody by now.
		if (va[i] != linear[i] && name[i] !~ /^unloaded:/)
			alias = "; linear:" sizeless(attributes(linear[i]))
		print name[i] ": " attributes(va[i]) alias
	}
	for (t in total)
		printf "%s %.0fK\n", t, total[t] | "LC_ALL=C sort"
}
