# SPDX-License-Identifier: GPL-2.0-only
#
# Calls of the functions in "names" as the text has them, outside comments and
# strings, as file<TAB>line. The audit compares this with what the rules saw.

FNR == 1 { inc = 0; prev = "" }

{
	s = $0
	gsub(/"([^"\\]|\\.)*"/, "\"\"", s)
	r = ""
	while (s != "") {
		i = index(s, inc ? "*/" : "/*")
		j = inc ? 0 : index(s, "//")
		if (j && (!i || j < i)) {
			r = r substr(s, 1, j - 1)
			break
		}
		if (!inc)
			r = r (i ? substr(s, 1, i - 1) : s)
		if (!i)
			break
		inc = !inc
		s = substr(s, i + 2)
	}
	if (match(" " r, "[^A-Za-z0-9_]((" names ")[ \t]*\\(|walk_page_range\\(&init_mm)")) {
		before = substr(r, 1, RSTART - 1)
		sub(/[ \t]+$/, "", before)
		# after a type it is a declaration or the definition
		type = before ~ /[A-Za-z0-9_*]$/ && before !~ /(^|[^A-Za-z0-9_])(return|else|do)$/
		if (before == "" && prev ~ /^([a-z]+[ \t]+)*(int|void|long)[ \t]*$/)
			type = 1
		if (!type && r !~ ("^#[ \t]*define[ \t]+(" names ")"))
			print FILENAME "\t" FNR
	}
	if (r ~ /[^ \t]/)
		prev = r
}
