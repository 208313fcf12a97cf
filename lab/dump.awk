# SPDX-License-Identifier: GPL-2.0-only
#
# From a console log of the sequence: what the calls returned, and what the
# kernel's own dump of its page tables says of each page that the sequence owns
# and of its linear alias. Addresses are gone: the pages have names. Then how much
# memory has which permissions in each part of the address space, whatever the
# size of the leaves, which depends on where memory was free.

function attributes(addr,	i) {
	if (addr !~ /^[0-9a-f]+$/)
		return "-"
	for (i = 1; i <= lines; i++)
		if (start[i] <= addr && addr < end[i])
			return text[i]
	return "not mapped"
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
	gsub(/(^| )(PTE|PMD|PUD|P4D|PGD|CON|BLK|CONT)( |$)/, " ")
	gsub(/ +/, " ")
	total[part $0] += kib
}

END {
	if (!complete || !n) {
		print "lab: the log holds no complete dump" >"/dev/stderr"
		exit 1
	}
	for (i = 1; i <= n; i++)
		# Pages that were given back may belong to anybody by now.
		print name[i] ": " attributes(va[i]) (name[i] ~ /^unloaded:/ ? "" : \
			"; linear: " attributes(linear[i]))
	for (t in total)
		printf "%s %dK\n", t, total[t] | "LC_ALL=C sort"
}
