// SPDX-License-Identifier: GPL-2.0-only
///
/// Find code that changes the permissions of existing kernel mappings
/// without pageattr_change_range().
///
//# The rules record what each function of a file does to page-table entries:
//# where a pointer to an entry comes from, what is stored through it, and what
//# that value is computed from. A call of a page-table walker is then judged by
//# its callbacks, followed through helpers, macros and function pointers.
//#
//# With SPFLAGS="-D walkers", functions that descend the tables themselves are
//# looked for as well. MODE=table prints every call, one per line, with its
//# class, tab-separated.
//
// Confidence: Moderate
// Options: --no-includes --include-headers

virtual patch
virtual report
virtual context
virtual org
virtual table
virtual walkers

@initialize:python@
@@
import re

# Names say what a helper does only where the helper is not in this file.
LEVEL = r'(?:pte|pmd|pud|p4d|pgd)'
ENTRYP = re.compile(r'\b(?:%s_t|pte_basic_t) \*$' % LEVEL)
ENTRYV = re.compile(r'\b%s_t$' % LEVEL)
CONS = re.compile(r'(?:^|_)(?:mk_(?:huge_)?|(?:pfn|mfn|page|phys|paddr|ptfn)_(?:to_)?|folio_mk_)%s(?:_\w+)?$' % LEVEL)
RAW = re.compile(r'^(?:native_make_|__)%s(?:_ma)?$' % LEVEL)
XLATE = re.compile(r'^_*(?:virt|sym|vmalloc|kaddr|lm)_?to_|^__pa(?:_\w+)?$|^lm_alias$')
NEUTRAL = re.compile(r'^_*(?:native_)?%s(?:_val(?:_ma)?|p_get|p_get_lockless|_pfn|_page|_flags)$|^(?:READ_ONCE|likely|unlikely|__pgprot|pgprot_val|cpu_to_\w+|_p.d_pfn|huge_ptep_get|__\w+p_get)$' % LEVEL)
PREDICATE = re.compile(r'_(?:none|present|leaf|large|huge|young|dirty|write|read|exec|special|bad|same|cont|valid|user|sect|table|protnone|accessible|devmap|global)$')
HOLE = re.compile(r'(?:^|_)%sp?_(?:none|present|leaf|bad|large|huge|sect|table|valid)$' % LEVEL)
AGE = re.compile(r'mk(?:old|young|clean|dirty)|soft_dirty|uffd|young|access_flags|ACCESS|YOUNG|DIRTY|SOFT|REFERENCED|_AF$|_A$')
CONT = re.compile(r'mk(?:non)?cont|CONT|napot|NAPOT')
PROT = re.compile(r'^(?!.*(?:_SIZE|_MASK|_SHIFT|_OFFSET|_ORDER|_ALIGN|PTRS_PER_\w+|PAGE_KERNEL_START)$)(?:.*_)?(?:PAGE|PTE|PMD|PUD|P4D|PGD|SECT|PROT|ENTRY|SEGMENT|REGION3?)_')
CLEAR = re.compile(r'(?:^|_)clear$|get_and_clear|clear_flush|clear_full|_clear_ma$|zap_|%s_clear\w*$' % LEVEL)
UPDATE = re.compile(r'update|atomic|change|protect|modify|attr|set|clear|xchg|flag|bit|mask')
MEMORY = re.compile(r'^(?:mem(?:cpy|set|move)|copy_page|clear_page|pr_\w+|printk|\w*_print\w*|dev_\w+|trace_\w+|WARN\w*|BUG\w*|seq_\w+|VM_\w+)$')
CHANGE = re.compile(r'wrprotect|mk(?:write|ro|rw|nx|exec)|set_(?:ro|rw|nx|x|prot|perm)|protect|modify_prot')
SETTER = re.compile(r'set_%s|%sp?_(?:set|try_set|install|update|xchg|cmpxchg)' % (LEVEL, LEVEL))
DOWN = re.compile(r'^_*%s_(?:offset|(?<!pgd_)alloc)(?!_one)\w*$|_offset$|ptep$' % LEVEL)
TOP = re.compile(r'^(?:pgd_offset(?:_k|_pgd)?|pmd_off(?:_k)?|virt_to_kpte|\w*lookup_(?:pmd_)?address\w*)$')
FRESH = re.compile(r'alloc|_get_free_page|get_zeroed_page|page_address|page_to_virt|phys_to_virt|^__va$|pfn_to_kaddr')
KLOOKUP = re.compile(r'^(?:pgd_offset_k|virt_to_kpte|pmd_off_k|\w*lookup_(?:pmd_)?address\w*|pte_offset_kernel|pte_alloc_kernel\w*)$')
ROOT = re.compile(r'\binit_mm \. pgd\b|\bswapper_pg_dir\b|\bread_cr3')
AGAIN = re.compile(r'^_*kernel_map_pages$|^set_(?:memory|direct_map)_|_(?:ro|rw|nx)$|(?:change|update|modify)_\w*(?:prot|perm)')
READS = re.compile(r'_to_|get|offset|none|index|lock|map|print|^pr_|WARN|BUG|trace|phys|maddr|machine|same|^PTR|^IS_ERR|^GEM_|^[A-Z_]+$|%sp?_' % LEVEL)
FLUSH = re.compile(r'flush_(?:tlb|cache|dcache)|tlb_flush|dcache\w*_flush|flush_\w*entry|tlbi|local_flush')
LOCK = re.compile(r'^mmap_(?:write|read)_lock$|^down_(?:write|read)$')
STD = re.compile(r'^_*set_%s$|^set_pte_at$|^WRITE_ONCE$|^%s_val$|^=$' % (LEVEL, LEVEL))
BITFN = re.compile(r'^(?:set|clear)_%s_bit$|^%s_(?:set|clear)_flags$' % (LEVEL, LEVEL))

def toks(e):
	return re.findall(r'[A-Za-z_]\w*|\d\w*|->|<<=?|>>=?|&&|\|\||[-+=!<>|&^]=|\+\+|--|"(?:[^"\\]|\\.)*"|\S', e)

def strip(e):
	"""An expression without enclosing parentheses and casts."""
	t = toks(e)
	while t and t[0] == '(':
		d = 0
		for i, x in enumerate(t):
			d += (x == '(') - (x == ')')
			if d == 0:
				break
		if i == len(t) - 1:
			t = t[1:-1]
		elif re.match(r'^[\w\s*]+$', ' '.join(t[1:i])) and t[i + 1] not in ('->', '.', '[', '+', '-', '|', '=='):
			t = t[i + 1:]
		else:
			break
	return t

def calls_in(t):
	"""(name, [argument tokens], first, last) of each outermost call in tokens."""
	out, i = [], 0
	while i < len(t) - 1:
		if t[i + 1] == '(' and re.match(r'[A-Za-z_]', t[i]) and t[i] not in ('sizeof', 'typeof'):
			d, args, a = 0, [], i + 2
			for j in range(i + 1, len(t)):
				d += (t[j] in '([{') - (t[j] in ')]}')
				if d == 0 or (d == 1 and t[j] == ','):
					args.append(t[a:j])
					a = j + 1
				if d == 0:
					break
			member = i > 0 and t[i - 1] in ('->', '.')
			out.append((t[i], args, i, j, member))
			i = j
		i += 1
	return out

def tidy(e):
	"""An expression as the kernel writes it."""
	e = re.sub(r' ?(->|\.|\[) ?| (?=[]),])|(?<=\() | (?=\(\s)', r'\1', e)
	return re.sub(r'(?<=\)) (?=[\w(])', '', re.sub(r'([-+*/|&<>=,]) ?\(', r'\1 (', e))

class Fn:
	def __init__(self, file, name):
		self.file, self.name, self.line, self.ret, self.params = file, name, 0, '', []
		self.asg, self.calls, self.mcalls, self.rets, self.types = [], [], [], [], {}
		self.ifs, self.nullret, self.memo, self.pcalls = [], set(), {}, []
		self.static, self.pos = True, None

	def ptype(self, v):
		return self.types.get(v, '')

class Store:
	def __init__(self, kind, fn, setter, line, atoms=()):
		self.kind, self.fn, self.home, self.setter, self.line, self.atoms = kind, fn, fn, setter, int(line), set(atoms)

	def moved(self, fn):
		s = Store(self.kind, fn, self.setter, self.line, self.atoms)
		s.home = self.home
		return s

class Model:
	def __init__(self):
		self.fns, self.macro, self.fields, self.members, self.sites, self.sitecalls = {}, {}, {}, {}, [], []
		self.globals = {}

	def fn(self, p):
		name = p.current_element
		if name == 'something_else':
			name = '$%s' % p.current_element_line
		return self.fns.setdefault((p.file, name), Fn(p.file, name))

	def find(self, file, name):
		f = self.fns.get((file, name))
		if f and (f.line or f.name[0] == '$'):
			return f
		m = self.macro.get((file, name))
		if m:
			return m
		for (o, n), f in sorted(self.fns.items()):
			if n == name and f.line and o != file and not f.static:
				return f
		return None

	# Which names in a function point at entries of the tables being walked.
	def entries(self, f, seed, own):
		eps, roots = set(seed), set()
		fresh = set()
		if own:
			eps |= {n for ty, n in f.params if ENTRYP.search(ty)}
		for n in range(4):
			for lhs, op, rhs, line in f.asg:
				l = strip(lhs)
				if op != '=' or len(l) != 1 or l[0] in eps:
					continue
				v, t = l[0], strip(rhs)
				if not t:
					continue
				c = calls_in(t)
				args = [strip(' '.join(a)) for x in c for a in x[1]]
				base = [a for a in args if self.isptr(a, eps)]
				if own and c and TOP.search(c[0][0]):
					eps.add(v)
					roots.add(c[0][0])
				elif self.isptr(t, eps):
					eps.add(v)
				elif not ENTRYP.search(f.ptype(v)) and not (c and DOWN.search(c[0][0])):
					continue
				elif any(a[:1] == ['&'] and len(a) == 2 and ENTRYV.search(f.ptype(a[1])) for a in args):
					fresh.add(v)
				elif base:
					eps.add(v)
				elif v in fresh:
					continue
				elif own and ROOT.search(' '.join(t)):
					eps.add(v)
					roots.add(c[-1][0] if c else t[0])
				elif any(FRESH.search(x[0]) and not DOWN.search(x[0]) for x in c) or any(x in fresh for x in t):
					fresh.add(v)
				elif own and c:
					top = [x for x in t if TOP.search(x)] or [c[0][0]]
					if TOP.search(top[0]) or not DOWN.search(top[0]):
						eps.add(v)
						roots.add(top[0])
		return eps, roots

	def alias(self, f, v, depth=0):
		"""The name of the pointer that v is a copy of."""
		for lhs, op, rhs, line in f.asg:
			r = strip(rhs)
			if op == '=' and strip(lhs) == [v] and r != [v] and len(r) == 1 and depth < 4 and \
			   re.match(r'[A-Za-z_]', r[0]) and r[0] != 'NULL':
				return self.alias(f, r[0], depth + 1)
		return v

	def linear(self, f):
		"""The pages whose own linear mapping is looked up."""
		look = {x for n, a, l in f.calls if TOP.search(n) for e in a for x in toks(e)}
		return {a[0] for lhs, op, rhs, l in f.asg if lhs in look for n, a, l in f.calls
			if n == 'page_address' and '%s (' % n in ' '.join(toks(rhs)) and a[0] in toks(rhs)}

	def ptrs(self, t, f, eps):
		return {('from', self.alias(f, x)) for x in t if x in eps}

	def isptr(self, t, eps):
		"""The tokens are a pointer to an entry: p, p++, p + n, &p[n], (cast)p."""
		t = strip(' '.join(t))
		if t[:1] == ['&'] and len(t) > 2 and (t[1] in eps and t[2] in ('[', '->') or self.deref(t[1:], eps)):
			return True
		while t and t[0] in ('++', '--'):
			t = t[1:]
		if t and DOWN.search(t[0]) and t[1:2] == ['(']:
			return any(self.isptr(a, eps) for a in calls_in(t)[0][1])
		if not t or t[0] not in eps:
			return False
		if len(t) == 1 or t[1] in ('++', '--'):
			return True
		return t[1] in ('+', '-') and len(t) > 2

	def deref(self, t, eps):
		"""The tokens read or write the entry itself: *p, p[n], p->pte."""
		for i, x in enumerate(t):
			if x not in eps:
				continue
			nxt = t[i + 1] if i + 1 < len(t) else ''
			pre = t[i - 1] if i else ''
			pre2 = t[i - 2] if i > 1 else ''
			if nxt in ('[', '->') and pre != '&':
				return True
			if pre == ')' and pre2 == '*' and '(' in t[:i]:
				j = len(t[:i]) - 1 - t[:i][::-1].index('(')
				if j and t[j - 1] == '*':
					return True
			if pre == '*' and (pre2 == '' or not re.match(r'[\w)\]]', pre2)):
				return True
		return False

	def atoms(self, t, f, eps, bind, seen):
		"""What a value is computed from."""
		out = set()
		if isinstance(t, str):
			t = toks(t)
		t = strip(' '.join(t))
		if t == ['0'] or t == ['0UL']:
			return {('zero',)}
		inner = set()
		for name, args, i, j, member in calls_in(t):
			inner.update(range(i, j + 1))
			if member:
				for a in args:
					out |= self.atoms(a, f, eps, bind, seen)
				continue
			if PREDICATE.search(name):
				continue
			sub = [self.atoms(a, f, eps, bind, seen) for a in args]
			al = set().union(*sub) if sub else set()
			if any(self.isptr(a, eps) for a in args):
				if XLATE.search(name):
					out.add(('elsewhere',))
				elif not DOWN.search(name):
					out.add(('old',))
					out |= self.ptrs([x for a in args if self.isptr(a, eps) for x in a], f, eps)
				continue
			if XLATE.search(name):
				out.add(('xlate',) if ('addr',) in al else ('elsewhere',))
				continue
			if CONS.search(name):
				first = sub[0] if sub else set()
				rest = set().union(*sub[1:]) if sub[1:] else set()
				rest.discard(('old',))
				if set(args[0]) & self.linear(f):
					out |= {('same',)} | rest
				elif self.isold(first):
					out |= {('same',), ('old',)} | rest | {x for x in first if x[0] == 'from'}
				elif ('xlate',) in first:
					out |= {('same',), ('byaddr',)} | rest
				else:
					out |= {('new',)} | rest
				continue
			if RAW.search(name):
				if self.isold(al) or al & {('same',), ('new',)}:
					out |= al
				elif ('zero',) in al:
					out.add(('zero',))
				elif ('xlate',) in al:
					out |= {('same',), ('byaddr',)} | al
				else:
					out |= {('new',)} | al
				continue
			g = self.find(f.file, name)
			if g and (g.file, g.name) not in seen and len(seen) < 24:
				b = {}
				for k, (ty, pn) in enumerate(g.params):
					if k < len(sub):
						b[pn] = sub[k]
				s2 = seen | {(g.file, g.name)}
				r = set()
				for e, line in g.rets:
					r |= self.atoms(e, g, set(), b, s2)
				if self.isold(al) and self.isold(r):
					out |= r
					continue
				if r:
					out |= r
					continue
			if self.isold(al) and not NEUTRAL.search(name):
				kind = 'age' if AGE.search(name) else 'cont' if CONT.search(name) else \
				       'bits' if BITFN.search(name) else 'fn'
				out.add(('mod', kind, name, self.conds(f, ' '.join(t))))
			out |= al
		if self.deref(t, eps):
			out.add(('old',))
			out |= self.ptrs(t, f, eps)
		names = []
		for i, x in enumerate(t):
			if i in inner or not re.match(r'[A-Za-z_]', x):
				continue
			if i and t[i - 1] in ('->', '.'):
				continue
			nxt = t[i + 1] if i + 1 < len(t) else ''
			if x in eps:
				continue
			v = self.value(x, f, eps, bind, seen)
			if nxt in ('->', '.') and ('data',) in v and i + 2 < len(t):
				v = v | {('field', t[i + 2])}
			elif nxt == '.' and any(self.isptr(toks(e), eps) for m, e in self.fields.get((f.file, f.name + '/' + x), [])):
				# a description of the entry, filled in by somebody
				v = v | {('old',)}
			if nxt in ('->', '.') and ('data',) not in v and i + 2 < len(t) and 'prot' in t[i + 2]:
				v = v | {('prot', t[i + 2])}
			if not v and PROT.search(x) and x.upper() == x:
				v = {('prot', x)}
			names.append(x)
			out |= v
		if self.isold(out):
			for i, x in enumerate(t):
				if i in inner:
					continue
				if x in ('|', '^', '~') or (x == '&' and i and re.match(r'[\w)\]]', t[i - 1])):
					out.add(self.bits(t, f))
					break
		return out

	def isold(self, a):
		return any(x[0] in ('old', 'self') for x in a)

	def bits(self, t, f, cond=None):
		"""A modification by bit arithmetic, named by the bits it touches."""
		up = [x for x in t if PROT.search(x) and x.upper() == x]
		kind = 'bits'
		if up and all(AGE.search(x) for x in up):
			kind = 'age'
		elif up and all(CONT.search(x) for x in up):
			kind = 'cont'
		return ('mod', kind, ','.join(sorted(set(up))), cond if cond is not None else self.conds(f, ' '.join(t)))

	def conds(self, f, text=None, line=None):
		"""The conditions under which a statement of f runs, as text."""
		if line is None:
			lines = [l for lhs, op, rhs, l in f.asg if text and text in ' '.join(toks(rhs))]
			lines += [l for n, a, l in f.calls if text and text in ' , '.join(' '.join(toks(x)) for x in a)]
			if not lines:
				return ''
			line = lines[0]
		out = []
		for e, a, b in f.ifs:
			if a <= line <= b:
				out.append(e)
		return ' && '.join(sorted(set(out)))

	def value(self, v, f, eps, bind, seen):
		if v in bind:
			base = set(bind[v])
		elif ENTRYV.search(f.ptype(v)) and v in [n for t, n in f.params]:
			base = {('old',)}
		elif v in [n for t, n in f.params]:
			base = {('addr',)} if re.search(r'long$|^u64$|addr', f.ptype(v)) and v != 'flags' else set()
			if 'pgprot' in f.ptype(v):
				base = {('prot', v)}
		else:
			base = set()
		key = (f.file, f.name, v)
		if key in seen:
			return base | {('self', key)}
		s2 = seen | {key}
		for lhs, op, rhs, line in f.asg:
			l = strip(lhs)
			if v not in l or (len(l) > 1 and l[:2] != [v, '['] and l != ['*', v] and
					  not (l[:2] == [v, '.'] and ENTRYV.search(f.ptype(v))) and
					  not (l[0].endswith('_val') and l[2:3] == [v])):
				continue
			a = self.atoms(rhs, f, eps, bind, s2)
			cond = self.conds(f, line=line)
			a = {x[:3] + (cond,) if x[0] == 'mod' and not x[3] else x for x in a}
			if op in ('|=', '&=', '^='):
				a.discard(('zero',))
				a.add(self.bits(toks(rhs), f, cond))
			base |= a
		for fld, e in self.fields.get((f.file, f.name + '/' + v), []):
			# one member that holds an entry does not make the others one
			base |= {x for x in self.atoms(e, f, eps, bind, s2) if x[0] in ('data', 'field', 'prot', 'addr')}
		base.discard(('self', key))
		return base

	def judge(self, a, f, to=None):
		"""The kind of a store by the origin of the value."""
		# a value read through another pointer is a copy from elsewhere
		src = {x[1] for x in a if x[0] == 'from'}
		dst = [x for x in to or [] if re.match(r'[A-Za-z_]', x)]
		if src and dst and not src & {self.alias(f, x) for x in dst} and ('new',) not in a:
			return 'copy'
		if ('new',) in a:
			peek = any(re.search(r'%s_(?:page|pfn)$' % LEVEL, n) for n, x, l in f.calls)
			none = any(n.endswith('_none') for n, x, l in f.calls)
			return 'remap' if peek and not none else 'populate'
		mods = {x[1] for x in a if x[0] == 'mod'}
		if ('same',) in a:
			if ('byaddr',) in a and any(n.endswith('_none') for n, x, l in f.calls):
				return 'populate'
			return 'permission'
		if ('old',) in a:
			if mods & {'bits', 'fn'}:
				return 'permission'
			if 'cont' in mods:
				return 'cont'
			return 'age' if mods else 'same'
		if ('zero',) in a:
			return 'clear'
		return 'populate'

	def run(self, f, seed, bind, depth=0, own=False):
		"""Every store that f and the helpers it hands an entry to make."""
		key = (tuple(sorted(seed)), tuple(sorted((k, tuple(sorted(map(str, v)))) for k, v in bind.items())), own)
		if key in f.memo:
			return f.memo[key]
		f.memo[key] = res = []
		if depth > 8:
			return res
		eps, roots = self.entries(f, seed, own)
		for lhs, op, rhs, line in f.asg:
			l = strip(lhs)
			if not self.deref(l, eps):
				continue
			lv = l[1:] if l[0] == '*' else l
			if l[0] != '*' and l[0] not in eps and not re.match(r'\w+_val$', l[0]):
				continue
			if re.search(r'<=? (?:PAGE_OFFSET|TASK_SIZE)', self.conds(f, line=line)):
				continue
			if op == '=':
				a = self.atoms(rhs, f, eps, bind, frozenset())
			else:
				a = {('old',), self.bits(toks(rhs), f, self.conds(f, line=line))} | self.atoms(rhs, f, eps, bind, frozenset())
				a.discard(('zero',))
			res.append(Store(self.judge(a, f, [x for x in l if x in eps][:1] if op == '=' else None), f, '=', line, a))
		for name, args, line in f.calls + f.mcalls:
			res += self.call(f, name, args, line, eps, bind, depth, own)
		return res

	def call(self, f, name, args, line, eps, bind, depth, own):
		ptr = [k for k, a in enumerate(args) if self.isptr(toks(a), eps)]
		lval = name in ('WRITE_ONCE', 'smp_store_release', 'xchg', 'cmpxchg', 'try_cmpxchg') and \
		       args and self.deref(toks(args[0]), eps)
		member = name[0] == '.'
		if not member and name != f.name:
			g = self.find(f.file, name)
			gs = [g] if g else []
		else:
			gs = [self.find(f.file, n) for n in self.members.get((f.file, name[1:]), [])]
			gs = [g for g in gs if g]
		# user addresses
		if re.search(r'<=? (?:PAGE_OFFSET|TASK_SIZE)', self.conds(f, line=line)):
			return []
		if not ptr and not lval:
			if not re.search(r'update_va|mmu_update', name):
				return []
		at = [self.atoms(a, f, eps, bind, frozenset()) for a in args]
		if gs and ptr:
			out = []
			for g in gs:
				b = {}
				seed = set()
				name_of = {}
				for k, (ty, pn) in enumerate(g.params[:len(args)]):
					if k in ptr:
						seed.add(pn)
						for x in toks(args[k]):
							name_of[self.alias(f, x)] = pn
				for k, (ty, pn) in enumerate(g.params[:len(args)]):
					if k not in ptr:
						b[pn] = {('from', name_of.get(x[1], '')) if x[0] == 'from' else x for x in at[k]}
				sub = self.run(g, seed, b, depth + 1)
				# a setter is part of whoever calls it
				if any(x & {('old',), ('new',), ('same',), ('zero',)} for x in b.values()):
					sub = [x.moved(f) if x.home is g else x for x in sub]
				out += sub
			return out
		vals = [k for k in range(len(args)) if k not in ptr and not (lval and k == 0) and
			at[k] & {('old',), ('new',), ('same',)} and not
			(('addr',) in at[k] and not at[k] & {('new',), ('same',)}) or
			(k not in ptr and ('zero',) in at[k] and (SETTER.search(name) or lval) and re.search(r'%s \(' % LEVEL, args[k]))]
		if DOWN.search(name) or NEUTRAL.search(name) or PREDICATE.search(name) and not vals:
			return []
		if re.search(r'populate', name):
			return [Store('tables', f, name, line)]
		if MEMORY.search(name):
			return []
		if vals:
			a = at[vals[-1]]
			to = [strip(args[k]) for k in ptr] or [[x] for x in toks(args[0]) if x in eps][:1]
			kind = self.judge(a, f, to and to[0])
			if kind == 'same' and UPDATE.search(name) and any(x[0] == 'prot' for s in at for x in s):
				kind = 'permission'
			return [Store(kind, f, name, line, a)]
		if not ptr:
			return []
		if AGE.search(name) and not CHANGE.search(name):
			return [Store('age', f, name, line)]
		if CLEAR.search(name) and not any(x[0] == 'prot' for s in at for x in s):
			return [Store('clear', f, name, line)]
		prot = {x for s in at for x in s if x[0] in ('prot', 'field')}
		text = ' '.join(args)
		if re.search(r'~ 0U?L*\b', text):
			return [Store('clear', f, name, line)]
		if (prot and UPDATE.search(name)) or (SETTER.search(name) and 'update' in name):
			up = [x[1] for x in prot if x[0] == 'prot']
			kind = 'populate' if STD.search(name) else 'permission'
			if up and len(up) == len(prot) and all(AGE.search(x) for x in up):
				kind = 'age'
			elif up and len(up) == len(prot) and all(CONT.search(x) for x in up):
				kind = 'cont'
			cond = self.conds(f, line=line)
			return [Store(kind, f, name, line, prot | {('inplace', text), ('mod', 'bits', text, cond)})]
		if CHANGE.search(name):
			return [Store('permission', f, name, line, {('mod', 'fn', name, '')})]
		if SETTER.search(name):
			return [Store('populate', f, name, line)]
		if member or not READS.search(name):
			return [Store('handed', f, name, line)]
		return []

	def resolve(self, e, f, seen=()):
		"""The functions, ops tables or parameters an expression can be."""
		t = strip(e) if isinstance(e, str) else strip(' '.join(e))
		if t in (['NULL'], ['0']):
			return [('null', 'NULL')]
		if '->' in t or '.' in t:
			m = t[-1]
			v = [x for x in t if x not in ('&', '*')]
			if self.ops(f, ''.join(v)) is not None:
				return [('ops', ''.join(v))]
			got = [('fn', n) for n in self.members.get((f.file, m), []) if self.find(f.file, n)]
			got += [('ops', n) for n in self.members.get((f.file, m), []) if self.ops(f, n) is not None]
			return got or [('unknown', ' '.join(t))]
		if '?' in t:
			t = t[t.index('?') + 1:]
		if '[' in t:
			t = t[:t.index('[')]
		out = []
		for name, args, i, j, member in calls_in(t):
			g = self.find(f.file, name)
			if g and (f.name, name) not in seen:
				for e, l in g.rets:
					out += [(k, g.name + '/' + x if (g.file, g.name + '/' + x) in self.fields else x)
						for k, x in self.resolve(e, g, seen + ((f.name, name),)) if k != 'param']
		if out:
			return out
		for i, x in enumerate(t):
			if not re.match(r'[A-Za-z_]', x) or (f.name, x) in seen:
				continue
			nxt = t[i + 1] if i + 1 < len(t) else ''
			if nxt == '(' or x == 'NULL':
				continue
			asg = [(r, l) for lhs, op, r, l in f.asg if strip(lhs) == [x]]
			if x in [n for ty, n in f.params]:
				out.append(('param', x))
			elif self.find(f.file, x) and self.find(f.file, x).line:
				out.append(('fn', x))
			elif self.ops(f, x) is not None:
				out.append(('ops', x))
			elif asg:
				for r, l in asg:
					out += self.resolve(r, f, seen + ((f.name, x),))
			else:
				g = self.fns.get((f.file, x))
				if g and g.asg:
					out += self.resolve(g.asg[0][2], g, seen + ((f.name, x),))
				else:
					out.append(('unknown', x))
		return out or [('unknown', ' '.join(t))]

	def ops(self, f, x):
		"""A table of callbacks: its members, and where it is defined."""
		keys = [(f.file, x), (f.file, f.name + '/' + x), (f.file, x.split('.')[0] + '/' + x), self.globals.get(x)]
		for k in keys:
			if k in self.fields:
				return self.fields[k], self.fns.get((k[0], k[1].split('/')[0]), f)
		return None

	def seed(self, g):
		"""What the walker hands to a callback."""
		eps, bind = set(), {}
		for ty, n in g.params:
			if ENTRYP.search(ty):
				eps.add(n)
			elif 'long' in ty and not any(('addr',) in b for b in bind.values()):
				bind[n] = {('addr',)}
			elif ty.endswith('*'):
				bind[n] = {('data',)}
		return eps, bind

	def mm(self, e, f, depth=0):
		"""init_mm, kernel (another kernel-side mm), user or unknown."""
		t = strip(e) if isinstance(e, str) else e
		if t[:1] == ['&'] and len(t) == 2:
			loc = t[1] in f.types
			return {'init_mm'} if t[1] == 'init_mm' else {'user'} if loc else {'kernel'}
		if any(x in ('vm_mm', 'current', 'active_mm', 'get_task_mm') for x in t):
			return {'user'}
		out = set()
		if len(t) > 2 and t[1] in ('->', '.'):
			for fld, r in self.fields.get((f.file, f.name + '/' + t[0]), []):
				if fld == t[2]:
					out |= self.mm(r, f, depth + 1)
			for lhs, op, r, l in f.asg:
				if strip(lhs) == t and depth < 6:
					out |= self.mm(r, f, depth + 1)
			return out or ({'user'} if re.search(r'task_struct|vm_area|file', f.ptype(t[0])) else {'unknown'})
		if len(t) == 1:
			for lhs, op, r, l in f.asg:
				if strip(lhs) == t and depth < 6:
					out |= self.mm(r, f, depth + 1)
			names = [n for ty, n in f.params]
			if t[0] in names and depth < 4:
				k = names.index(t[0])
				for g in list(self.fns.values()):
					for n, args, l in g.calls:
						if n == f.name and len(args) > k and (g.file == f.file or not f.static):
							out |= self.mm(args[k], g, depth + 2)
						# handed on as a function pointer, next to the mm it is for
						elif n != f.name and any(strip(a) == [f.name] for a in args):
							for a in args:
								a = strip(a)
								if a[:1] == ['&'] and len(a) == 2 and a[1].endswith('mm'):
									out |= self.mm(a, g)
				# nothing has a user mm yet
				if not out and '__init' in f.ret:
					out.add('kernel')
		if not out and any('vm_area_struct' in ty for ty, n in f.params):
			out.add('user')
		return out or {'unknown'}

	def reach(self, g, depth=0):
		"""g and the functions of this file it calls."""
		out = {g}
		if depth < 3:
			for n, a, l in g.calls:
				h = self.find(g.file, n)
				if h and h not in out:
					out |= self.reach(h, depth + 1)
		return out

	def guards(self, g):
		"""The conditions under which a function returns early without an error."""
		return {e for r, line in g.rets for e, a, b in g.ifs if a <= line <= b and r[0] != '-'}

	def skips(self, g):
		"""Returns before some entries, not only holes and tables."""
		for e in self.guards(g):
			t = [x for x in toks(e) if re.match(r'[A-Za-z_]', x) and x != 'NULL']
			if not any(HOLE.search(x) for x in t) and len(strip(e.lstrip('! '))) > 1 and 'NULL' not in e:
				return True
		return False

	def tangled(self, g):
		"""Changes bits in another way than to clear a mask, then set one."""
		got = set()
		for lhs, op, rhs, line in sorted(g.asg, key=lambda x: x[3]):
			if op in ('|=', '&=', '^='):
				where = tuple(sorted((a, b) for e, a, b in g.ifs if a <= line <= b))
				plain = re.match(r'^(~ )?(?:[(] )*(?:pgprot_val [(] )?(?:[(] )*\w+(?: (?:->|\.) \w+)*(?: [)])*$', ' '.join(toks(rhs)))
				if op == '^=' or not plain or (plain.group(1) is not None) != (op == '&=') or \
				   (op, where) in got or op == '&=' and ('|=', where) in got:
					return True
				got.add((op, where))
		for e in [r for l, op, r, n in g.asg if op == '='] + [x for n, a, l in g.calls for x in a] + [e for e, l in g.rets]:
			t = toks(e)
			if re.search(LEVEL, e) and ('|' in t or '~' in t) and \
			   (t.count('|') > 1 or t.count('~') > 1 or set(t) & {'?', '^', '<<', '>>'} or
			    '|' in t and '~' in t and t.index('|') < t.index('~')):
				return True
		return False

	def verdict(self, callee, f, cbs, stores, mm):
		perm = [s for s in stores if s.kind == 'permission']
		bad, note = [], []
		if 'user' in mm and len(mm) == 1:
			return 'not convertible', 'user mm'
		if mm - {'init_mm'}:
			bad.append('mm is not init_mm')
		funcs = set()
		for g in cbs:
			funcs |= self.reach(g)
		if any(FLUSH.search(n) for g in funcs for n, a, l in g.calls):
			bad.append('flush inside the callback')
		mods = {x for s in perm for x in s.atoms if x[0] == 'mod' and x[1] in ('bits', 'fn')}
		conds = {}
		for x in mods:
			for c in x[3].split(' && ') if x[3] else []:
				t = [y for y in toks(c) if y not in ('!', '(', ')')]
				if any(PREDICATE.search(y) and re.search(r'leaf|none|large|huge|sect', y) for y in t):
					continue
				conds.setdefault(' '.join(t), set()).add(x[2])
		if conds:
			if len(conds) > 1 or any(len(b) > 1 for b in conds.values()):
				bad.append('masks computed per region')
			elif any(re.search(r'%s_\w+' % LEVEL, c) for c in conds):
				bad.append('depends on the old entry')
			else:
				note.append('one bit set or cleared')
		if any(self.skips(g) for g in funcs):
			bad.append('some entries are skipped')
		if any(('addr',) in s.atoms for s in perm):
			bad.append('depends on the address')
		if any(('same',) in s.atoms for s in perm):
			bad.append('entry rebuilt from page and prot')
		fns = sorted({x[2] for x in mods if x[1] == 'fn'})
		if fns:
			bad.append('bits hidden in %s()' % fns[0])
		inpl = {x for s in perm for x in s.atoms if x[0] == 'inplace'}
		if len(inpl) > 2:
			bad.append('masks chosen by an action code')
		if inpl or any('xchg' in s.setter for s in perm):
			bad.append('atomic update')
		odd = sorted({s.setter for s in perm if not STD.search(s.setter)})
		if odd:
			note.append('architecture-specific store %s()' % odd[0])
		if any(s.kind in ('tables', 'remap', 'populate') for s in stores):
			bad.append('also installs entries')
		if any(s.kind == 'clear' for s in stores) and not any(('zero',) in s.atoms for s in perm):
			bad.append('also clears entries')
		if any(re.search(r'p.._(?:present|valid) ', e) for g in cbs for e in self.guards(g)):
			note.append('invalid leaves no longer skipped')
		if any(LOCK.search(n) for n, a, l in f.calls):
			note.append('lock to be dropped')
		if callee == 'apply_to_page_range':
			note.append('hole semantics change')
		if not bad and any(self.tangled(g) for g in funcs):
			bad.append('not a plain pair of masks')
		if not bad:
			fld = {x for s in perm for x in s.atoms if x[0] == 'field'}
			if not note or note[0] != 'one bit set or cleared':
				note.insert(0, 'mask pair' if fld else 'constant masks')
			return 'mechanical', ', '.join(note)
		return 'needs work', ', '.join(bad + note)

	CALLEES = {
		'apply_to_page_range': (0, 3, 4), 'apply_to_existing_page_range': (0, 3, 4),
		'walk_kernel_page_table_range': (None, 2, 4), 'walk_kernel_page_table_range_lockless': (None, 2, 4),
		'walk_page_range_novma': (0, 3, 5), 'walk_page_range': (0, 3, 4),
	}

	def site(self, callee, f, line, args, pos, idx=None, depth=0):
		im, ic, idt = idx or self.CALLEES[callee]
		if len(args) <= max(ic, idt or 0):
			return
		mm = {'init_mm'} if im is None else self.mm(args[im] if isinstance(im, int) else im[0], f if isinstance(im, int) else im[1])
		# of the walks that skip what has no VMA, only those of the kernel
		if callee == 'walk_page_range' and self.mmname(mm) not in ('init_mm', 'kernel'):
			return
		rec = dict(file=f.file, line=int(line), function=f.name, callee=callee, callback='', mm=self.mmname(mm), pos=pos)
		rec['verdict'] = '-'
		# names that another file may explain
		rec['open'] = [f.name] if 'unknown' in mm or '__init' in f.ret and mm == {'kernel'} else []
		self.sites.append(rec)
		cbs, unknown, params, names = [], [], [], []
		for kind, n in self.resolve(args[ic], f):
			names.append(n.split('/')[-1])
			if kind == 'fn':
				cbs.append(self.find(f.file, n))
			elif kind == 'ops':
				fields, owner = self.ops(f, n)
				for fld, e in fields:
					for k2, n2 in self.resolve(e, owner):
						if k2 == 'fn':
							cbs.append(self.find(owner.file, n2))
						elif k2 == 'unknown' and re.search(r'_entry$|_hole$', fld):
							unknown.append(n2)
						elif k2 == 'param':
							unknown.append(n2)
			elif kind == 'param':
				params.append(n)
			elif kind == 'unknown':
				unknown.append(n)
		rec['callback'] = '|'.join(sorted(set(names)))
		if params and not cbs:
			rec['class'], rec['reason'] = 'other', 'forwarding wrapper'
			pn = [n for ty, n in f.params]
			if depth < 3 and params[0] in pn:
				i2 = pn.index(params[0])
				d2 = None
				if idt is not None:
					dt = strip(args[idt])
					d2 = pn.index(dt[0]) if len(dt) == 1 and dt[0] in pn else None
				m2 = None
				if im is not None:
					mt = strip(args[im]) if isinstance(im, int) else ['?']
					m2 = pn.index(mt[0]) if len(mt) == 1 and mt[0] in pn else ((args[im], f) if isinstance(im, int) else im)
				for g in list(self.fns.values()):
					for n, a, l, p in g.pcalls:
						if (n == f.name or self.macro.get((g.file, n)) is f) and g is not f and (g.file == f.file or not f.static):
							self.site(f.name, g, l, a, p, (m2, i2, d2), depth + 1)
			return
		if names == ['NULL']:
			rec['class'], rec['reason'] = 'other', 'allocates tables only'
			return
		if idt is not None and strip(args[idt]) in (['NULL'], ['0']):
			live = []
			for g in cbs:
				eps, bind = self.seed(g)
				if not any(('data',) in self.value(v, g, eps, bind, frozenset()) for v in g.nullret):
					live.append(g)
			if cbs and not live and not unknown:
				rec['class'], rec['reason'] = 'other', 'allocates tables only: the callback returns at once without data'
				return
		stores = []
		for g in cbs:
			eps, bind = self.seed(g)
			stores += self.run(g, eps, bind)
		kinds = {s.kind for s in stores}
		if 'permission' in kinds:
			rec['class'] = 'permission'
			rec['verdict'], rec['reason'] = self.verdict(callee, f, cbs, stores, mm)
			if rec['verdict'] == 'mechanical':
				self.plan(rec, callee, args, cbs)
		elif unknown:
			rec['class'], rec['reason'] = 'unknown', '%s is not defined in this file' % unknown[0]
			rec['open'] += unknown
		elif 'handed' in kinds:
			s = [s for s in stores if s.kind == 'handed'][0]
			rec['class'], rec['reason'] = 'unknown', 'the entry is handed to %s(), which is not defined in this file' % s.setter
			rec['open'].append(s.setter)
		elif 'remap' in kinds:
			rec['class'], rec['reason'] = 'other', 'remaps: a new output address'
		elif 'tables' in kinds:
			rec['class'], rec['reason'] = 'other', 'splits or installs tables'
		elif 'populate' in kinds:
			rec['class'], rec['reason'] = 'populate', 'a new output address'
		elif 'clear' in kinds:
			rec['class'], rec['reason'] = 'clear', 'clears the entry'
		elif 'cont' in kinds:
			rec['class'], rec['reason'] = 'other', 'changes the contiguous bit only'
		elif 'age' in kinds:
			rec['class'], rec['reason'] = 'other', 'ageing'
		elif 'same' in kinds:
			rec['class'], rec['reason'] = 'other', 'writes back what it read'
		elif any(CONS.search(n) for g in cbs for n, a, l in g.calls):
			rec['class'], rec['reason'] = 'populate', 'builds an entry, stored by someone else'
		elif not cbs:
			rec['class'], rec['reason'] = 'unknown', 'no callback found'
		else:
			rec['class'], rec['reason'] = 'collect', 'reads only'

	def plan(self, rec, callee, args, cbs):
		"""A mechanical site in C: the range, what is set in it, what is cleared."""
		data = strip(args[-1])
		if callee not in self.CALLEES or data[:1] != ['&'] or len(data) != 2:
			return
		if self.CALLEES[callee][0] is None:
			start, size, pgd = args[0], args[1], args[3]
		else:
			start, size, pgd = args[1], args[2], args[4] if callee == 'walk_page_range_novma' else 'NULL'
			if strip(args[0]) != ['&', 'init_mm']:
				return
		if callee.startswith('walk'):
			size = size[len(start) + 3:] if size.startswith(start + ' + ') else '%s - %s' % (size, start)
			if pgd != 'NULL':
				return
		fset, fclear, bit = set(), set(), set()
		for g in set().union(*[self.reach(g) for g in cbs]):
			for lhs, op, rhs, l in g.asg:
				fld = re.findall(r'(?:->|\.) (\w+)', rhs)
				if op == '&=' and '~' in rhs and fld:
					fclear |= set(fld)
				elif op == '|=' and fld:
					fset |= set(fld)
				elif op == '|=' and strip(rhs)[0].isupper() or op == '|=' and PROT.search(rhs):
					bit.add((rhs, ' '.join(sorted({e for e, a, b in g.ifs if a <= l <= b})[:1])))
			for n, a, l in g.calls:
				fld = re.findall(r'(?:->|\.) (\w+)', a[-1]) if BITFN.search(n) and len(a) == 2 else []
				(fclear if n.startswith('clear') else fset).update(fld)
		if len(fset) == 1 and len(fclear) == 1:
			on, off = ['%s.%s' % (data[1], x.pop()) for x in (fset, fclear)]
		elif len(bit) == 1 and not fset and not fclear:
			b, cond = bit.pop()
			on, off = ['__pgprot(%s ? %s : %s)' % ((data[1],) + x) for x in
				   ((b, '0'), ('0', b))[::-1 if cond.startswith('!') else 1]]
		else:
			return
		rec['new'], rec['cbs'] = (tidy(start), tidy(size), on, off), cbs

	def dead(self, sites):
		"""Static functions and tables that nobody needs once sites are converted."""
		gone = {n for r in sites for n in r['callback'].split('|')}
		keep = {n for r in self.sites if r not in sites for n in r['callback'].split('|')}
		gone -= keep
		for r in sites:
			if r['callback'] in gone:
				gone |= {g.name for g in r['cbs'] if g.static}
		while True:
			more = set()
			for f in self.fns.values():
				if f.static and f.line and f.name not in gone:
					users = {g.name for g in self.fns.values() for n, a, l in g.calls if n == f.name}
					if users and users <= gone:
						more.add(f.name)
			if not more:
				return gone
			gone |= more

	def mmname(self, mm):
		for x in ('init_mm', 'kernel', 'unknown', 'user'):
			if x in mm:
				return x
		return 'unknown'

	def named(self, f):
		"""A function names init_mm to someone, or the tables of the kernel."""
		text = ' , '.join([' '.join(toks(e)) for n, a, l in f.calls for e in a] +
				  [' '.join(toks(rhs)) for lhs, op, rhs, l in f.asg if ENTRYP.search(f.ptype(lhs))])
		return re.search(r'& init_mm\b', text) or ROOT.search(text)

	def kernel(self, f, roots):
		"""The lookups of a function, if they are in the kernel's tables."""
		kern = [r for r in roots if KLOOKUP.search(r)]
		for r in roots:
			g = self.find(f.file, r)
			if g and any(KLOOKUP.search(n) for h in self.reach(g) for n, a, l in h.calls):
				kern.append(r)
		mm = [self.mm(a[0], f) for n, a, l in f.calls if n == 'pgd_offset' and a]
		if kern or any('init_mm' in m for m in mm) or self.named(f):
			return sorted(kern or roots)
		return []

	def own(self):
		"""Functions that look an entry up themselves and change its permissions."""
		todo = [f for f in sorted(self.fns.values(), key=lambda f: (f.file, f.line))
			if f.line and not any('vm_area_struct' in ty for ty, n in f.params)]
		done = set()
		for f in todo:
			roots = self.entries(f, set(), True)[1]
			look = self.kernel(f, roots) if roots else []
			if not look:
				continue
			stores = self.run(f, set(), {}, 0, True)
			# who installs entries sets their permissions for the first time
			installs = {s.fn for s in stores if s.kind in ('populate', 'tables', 'remap')}
			stores = [s for s in stores if s.kind == 'permission' and s.fn not in installs]
			stores = [s for s in stores if ('byaddr',) not in s.atoms or ('old',) in s.atoms]
			if stores:
				s = stores[0]
				self.descent(f, look[0], s.fn.name if s.fn is not f else s.setter, 'own descent')
				done.add(f)
		# who is there to change permissions, and installs entries, does so again
		for f in todo:
			g = AGAIN.search(f.name) and f not in done and self.installer(f, f, done)
			if g:
				self.descent(f, g[0].name, g[1], 'own descent, which installs the entries again')

	def installer(self, f, top, done, depth=0):
		"""The function below top that installs kernel entries by its own descent."""
		for n, a, l in f.calls:
			g = self.find(f.file, n)
			if not g or g is f or g in done or AGAIN.search(g.name) or g.file != top.file or depth > 3:
				continue
			roots = self.entries(g, set(), True)[1]
			if roots and (self.kernel(g, roots) or self.named(top)):
				for s in self.run(g, set(), {}, 0, True):
					if s.kind in ('populate', 'same', 'permission'):
						return g, s.setter
			h = self.installer(g, top, done, depth + 1)
			if h:
				return h
		return None

	def descent(self, f, callee, callback, reason):
		rec = dict(file=f.file, line=f.line, function=f.name, callee=callee, callback=callback,
			   mm='init_mm', pos=f.pos, verdict='needs work', reason=reason)
		rec['class'] = 'permission'
		if 'read_cr3' in str(self.named(f)):
			rec['mm'] = 'unknown'
		self.sites.append(rec)

	def report(self, walkers):
		for callee, f, line, args, pos in self.sitecalls:
			self.site(callee, f, line, args, pos)
		if walkers:
			self.own()
		names = {(o, g.name): n for (o, n), g in self.macro.items()}
		for r in self.sites:
			for k in ('function', 'callee'):
				r[k] = names.get((r['file'], r[k]), r[k])
		got, out = set(), []
		for r in sorted(self.sites, key=lambda r: (r['file'], r['line'], r['callee'])):
			k = (r['file'], r['line'], r['callee'], r['callback'], r['function'])
			if k not in got:
				got.add(k)
				out.append(r)
		return out

	# What the rules below record.
	def func(self, p, f, ret, params):
		for q in p:
			fn = self.fn(q)
			fn.ret, fn.pos, fn.static = ret, q, False
			fn.line = fn.line or int(q.line)
			for x in params:
				m = re.match(r'^(.*?)\( \* (\w+) \)(.*)$', x) or re.match(r'^(.*?)(\w+)((?: \[.*\])?)$', x)
				if m:
					ty = re.sub(r'\b(?:const|struct|volatile) ', lambda k: k.group(0) if k.group(0) == 'struct ' else '', m.group(1)).strip()
					if (ty, m.group(2)) not in fn.params:
						fn.params.append((ty, m.group(2)))
					fn.types[m.group(2)] = ty

	def define(self, p, name, params):
		f = self.fn(p[0])
		f.params = [('', x.strip()) for x in params.split(',')]
		self.macro[(p[0].file, name)] = f

	def assign(self, p, l, op, r):
		f = self.fn(p[0])
		f.asg.append((l, op, r, int(p[0].line)))
		t = strip(l)
		if op == '=' and len(t) > 2 and t[-2] in ('->', '.'):
			self.field(p, t[1] if t[0] == '*' else t[0], t[-1], r)

	def call_of(self, p, name, args):
		f = self.fn(p[0])
		f.calls.append((name, args, int(p[0].line)))
		f.pcalls.append((name, args, int(p[0].line), p[0]))
		if name in self.CALLEES:
			self.sitecalls.append((name, f, p[0].line, args, p[0]))

	def field(self, p, var, member, e):
		f = self.fn(p[0])
		key = (f.file, f.name + '/' + var)
		self.fields.setdefault(key, []).append((member, e))
		if f.name == var.split('.')[0]:
			self.globals.setdefault(var, key)
		t = strip(e)
		if t[:1] == ['&']:
			t = t[1:]
		for x in t:
			if re.match(r'[A-Za-z_]\w*$', x) and x not in ('NULL',):
				self.members.setdefault((f.file, member), []).append(x)

def message(r):
	what = '%s() changes permissions of existing entries' % \
	       (r['function'] if r['reason'].startswith('own descent') else r['callee'])
	if r['class'] == 'unknown':
		what = '%s() may change permissions' % r['callee']
	if r['verdict'] == '-':
		return 'WARNING: %s: %s' % (what, r['reason'])
	return 'WARNING: %s (%s), %s: %s' % (what, r['mm'], r['verdict'], r['reason'])

def at(p):
	for r in found:
		if (r['pos'].file, r['pos'].line, r['pos'].column) == (p.file, p.line, p.column):
			return r
	return {}

def convertible(p):
	return 'new' in at(p)

def wanted(p):
	return at(p).get('class') in ('permission', 'unknown')

// The names are literal, so that files without one of them are never parsed.
@call@
symbol init_mm;
position p;
@@

(
\(apply_to_page_range@p\|apply_to_existing_page_range@p\|
  walk_kernel_page_table_range@p\|walk_kernel_page_table_range_lockless@p\|
  walk_page_range_novma@p\)(...)
|
walk_page_range@p(&init_mm, ...)
)

@lookup depends on walkers@
position p;
@@

\(pgd_offset_k@p\|virt_to_kpte@p\|pmd_off_k@p\|lookup_address@p\|
  lookup_address_in_pgd@p\|lookup_address_in_pgd_attr@p\|lookup_pmd_address@p\|
  pte_offset_kernel@p\|pgd_offset@p\|pgd_index@p\|pmd_off@p\)(...)

// A file that took too long leaves its facts behind.
@script:python depends on call || lookup@
@@

model, found, dead = Model(), [], set()

// What each function is, and every fact about it. One script rule follows each
// rule at once: bindings that live longer would be multiplied.
@func depends on call || lookup@
type T;
identifier f;
parameter list ps;
position p;
@@

T f@p(ps) { ... }

@script:python@
p << func.p;
f << func.f;
T << func.T;
ps << func.ps;
@@

model.func(p, f, T, [str(x) for x in ps.elements])

@stat depends on call || lookup@
type T;
identifier f;
position p;
@@

static T f@p(...) { ... }

@script:python@
p << stat.p;
@@

model.fn(p[0]).static = True

@macro depends on call || lookup@
identifier m, f;
identifier list xs;
position p;
@@

#define m(xs) <+... f@p(...) ...+>

@script:python@
p << macro.p;
m << macro.m;
xs << macro.xs;
@@

model.define(p, m, str(xs))

@macroval depends on call || lookup@
identifier m;
identifier list xs;
expression E;
position p;
@@

#define m(xs) E@p

@script:python@
p << macroval.p;
m << macroval.m;
xs << macroval.xs;
E << macroval.E;
@@

model.define(p, m, str(xs))
model.fn(p[0]).rets.append((E, int(p[0].line)))

@decl depends on call || lookup@
type T;
identifier v;
expression E;
position p;
@@

(
T v@p;
|
T v@p = E;
)

@script:python@
p << decl.p;
T << decl.T;
v << decl.v;
@@

model.fn(p[0]).types[v] = T

// includes initialised declarations, by isomorphism
@asg depends on call || lookup@
expression l, r;
assignment operator op;
position p;
@@

l op@p r

@script:python@
p << asg.p;
l << asg.l;
op << asg.op;
r << asg.r;
@@

model.assign(p, l, op.strip(), r)

@args depends on call || lookup@
identifier f;
expression list es;
position p;
@@

f@p(es)

@script:python@
p << args.p;
f << args.f;
es << args.es;
@@

model.call_of(p, f, [str(x) for x in es.elements])

@mcall depends on call || lookup@
expression E;
identifier f;
expression list es;
position p;
@@

\(E->f@p(es)\|E.f@p(es)\)

@script:python@
p << mcall.p;
f << mcall.f;
es << mcall.es;
@@

model.fn(p[0]).mcalls.append(('.' + f, [str(x) for x in es.elements], int(p[0].line)))

@ret depends on call || lookup@
expression E;
position p;
@@

return@p E;

@script:python@
p << ret.p;
E << ret.E;
@@

model.fn(p[0]).rets.append((E, int(p[0].line)))

@cond depends on call || lookup@
expression E;
statement S;
position p;
@@

if (E) S@p

@script:python@
p << cond.p;
E << cond.E;
@@

model.fn(p[0]).ifs.append((E, int(p[0].line), int(p[0].line_end)))

@other depends on call || lookup@
expression E;
statement S, S1;
position p;
@@

if (E) S else S1@p

@script:python@
p << other.p;
E << other.E;
@@

model.fn(p[0]).ifs.append((E, int(p[0].line), int(p[0].line_end)))

@null depends on call || lookup@
identifier v;
position p;
@@

if (!v@p) return ...;

@script:python@
p << null.p;
v << null.v;
@@

model.fn(p[0]).nullret.add(v)

@member depends on call || lookup@
type T;
identifier i, m;
expression E;
position p;
@@

(
T i = { ..., .m@p = E, ... };
|
T i[...] = { ..., { ..., .m@p = E, ... }, ... };
)

@script:python@
p << member.p;
i << member.i;
m << member.m;
E << member.E;
@@

model.field(p, i, m, E)

@nested depends on call || lookup@
type T;
identifier i, o, m;
expression E;
position p;
@@

T i = { ..., .o = { ..., .m@p = E, ... }, ... };

@script:python@
p << nested.p;
i << nested.i;
o << nested.o;
m << nested.m;
E << nested.E;
@@

model.field(p, i + '.' + o, m, E)

@literal depends on call || lookup@
type T;
identifier m;
expression E;
position p;
@@

 (T){ ..., .m@p = E, ... }

@script:python@
p << literal.p;
m << literal.m;
E << literal.E;
@@

model.field(p, '', m, E)

@script:python depends on (call || lookup) && !walkers@
@@

found = model.report(False)
dead = model.dead([r for r in found if 'new' in r])

@script:python depends on (call || lookup) && walkers@
@@

found = model.report(True)

@script:python depends on table && (call || lookup)@
@@

for r in found:
	print('\t'.join(['PAGEATTR', r['file'], str(r['line']), r['function'], r['callee'], r['callback'],
			 r['class'], r['mm'], r['verdict'], r['reason'], ','.join(r.get('open', []))]))

@script:python depends on report && (call || lookup)@
@@

for r in found:
	if r['class'] in ('permission', 'unknown'):
		coccilib.report.print_report(r['pos'], message(r))

@script:python depends on org && (call || lookup)@
@@

for r in found:
	if r['class'] in ('permission', 'unknown'):
		coccilib.org.print_todo(r['pos'], message(r))

// What is starred: each call that changes permissions, and each own walker.
@depends on context && (call || lookup)@
position p : script:python() { wanted(p[0]) };
identifier f;
@@

* f@p(...)

@depends on context && walkers && (call || lookup)@
type T;
position p : script:python() { wanted(p[0]) };
identifier f;
@@

* T f@p(...)
  { ... }

// Only masks that do not depend on the entry can be handed to the helper.
@site depends on patch && call@
position p : script:python() { convertible(p[0]) };
identifier f;
@@

f@p(...)

// Names bound here stay bound in Python: none may be one that it has.
@script:python new depends on patch@
p << site.p;
start;
size;
on;
off;
@@

coccinelle.start, coccinelle.size, coccinelle.on, coccinelle.off = at(p[0])['new']

@done depends on patch && new@
position site.p;
expression X;
identifier f, new.start, new.size, new.on, new.off;
@@

(
+ /* FIXME: pageattr: decide on the flush and the locks around this */
  X =
- f@p(...)
+ pageattr_change_range(start, size, on, off, NULL)
  ;
|
+ /* FIXME: pageattr: decide on the flush and the locks around this */
  return
- f@p(...)
+ pageattr_change_range(start, size, on, off, NULL)
  ;
|
+ /* FIXME: pageattr: decide on the flush and the locks around this */
- f@p(...);
+ pageattr_change_range(start, size, on, off, NULL);
)

@depends on patch && done@
identifier f : script:python() { f in dead };
type T;
@@

- static T f(...) { ... }

@depends on patch && done@
identifier i : script:python() { i in dead };
@@

- static const struct mm_walk_ops i = { ... };

@inc depends on patch && done@
@@

+ #include <linux/pageattr.h>
  #include <linux/pagewalk.h>

@inc2 depends on patch && done && !inc@
@@

  #include <linux/mm.h>
+ #include <linux/pageattr.h>

@depends on patch && done && !inc && !inc2@
@@

  #include <linux/pgtable.h>
+ #include <linux/pageattr.h>
