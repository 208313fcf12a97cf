# SPDX-License-Identifier: GPL-2.0-only
#
# What the kernel's own suites said on a console, without what differs from one boot
# to the next: times, addresses, numbers of our own suite.

{
	sub(/^\[ *[0-9.]+\] /, "")
	sub(/\[ *[A-Z][0-9]+\] /, "")
}

# Of KTAP: what passed, what did not. Only the series has our suite: what passes there
# is left out.
/# Subtest: / { suite = $NF }
suite == "pageattr" && /^ *ok [0-9]+/ {
	if (/^ok/)
		suite = ""
	next
}
# What the tracers' self-tests say after their numbers.
/^\([0-9 ]+\) (PASSED|FAILED!)/ { print "Testing " $NF; next }
/^ *(not )?ok [0-9]+/ {
	sub(/ok [0-9]+ (- )?/, "ok ")
	sub(/uninit bytes: [0-9]+/, "uninit bytes: N")
	print
	next
}
/EXPECTATION FAILED|ASSERTION FAILED/ { print; next }

/test_bpf: / { sub(/jited:1 .*PASS/, "jited:1 PASS"); sub(/jited:0 .*PASS/, "jited:0 PASS") }
/test_vmalloc|vmalloc_test|Summary: .* passed:/ { sub(/ avg: .*/, "") }
/All test took/ { next }
# Data races are there one time and not the next: but for those of what changes
# permissions, and of what calls it.
/BUG: KCSAN: / && !/pageattr|_memory|direct_map|map_pages|_prot|split|lockless|kfence|vmap|vmalloc|vm_/ { next }
# Whose access it was, riscv without frame pointers finds on the stack, or not.
/BUG: KFENCE: / && !/ in swsusp_save\+/ { sub(/ in [^ ]*$/, "") }
/lab-suite|^lkdtm: |rodata_test: |test_bpf: |Summary: |^Testing |Checked W\+X|debug_vm_pgtable|PM: hibernation|WARNING:|BUG:|[Kk]ernel BUG|rcu: INFO|blocked for more than|Oops|Internal error|Unable to handle|Kernel panic/ {
	gsub(/0x[0-9a-f]+/, "X")
	gsub(/[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]+/, "X")
	if (/PM: hib|WARNING:|BUG|rcu: INFO|blocked for|Oops|Internal error/)
		gsub(/[0-9]+/, "N")
	print
}
