"""Writes fold_expected.json and fold_generated.json: what CPython makes of the expressions below, and of generated ones.

    python3 translator/meaning/testdata/fold_expected.py
    python3 translator/meaning/testdata/fold_expected.py --seed 7 --count 100000 FILE   # generated ones alone, elsewhere

Expressions in MUST are folded by the folder, with this very result; those in
MAY may stay unknown, but must not come out as anything else. An error stands
for "not a constant"; so does what is too large to write down.
"""
import argparse
import ast
import json
import os
import posixpath
import random

MUST = r"""
1 + 2
7 // 2
-7 // 2
7 // -2
-7 % 3
7 % -3
2 ** 10
2 ** 100
2 ** -2
10 ** 20 + 1
7 / 2
6 / 3
0.1 + 0.2
1e16
1e15
1.5e-7
123456789.123
-0.0
1e300 * 10
-7.5 // 2
7.5 % -2
0x1F + 0o17 + 0b11
1_000 * 2
1 << 10
255 & 15 | 32
5 ^ 1
~5
-(-3)
+True
True + True
True & False
not 0
not 'a'
1 < 2
1 < 2 < 3
3 > 2 > 2
'a' < 'b'
'a' == 'a'
1 == 1.0
1 != 2
'b' in 'abc'
'd' not in 'abc'
2 in [1, 2]
None is None
1 if '' else 2
'' or 'x'
'a' and 'b'
'a' + 'b'
'a' 'b' "c"
'ab' * 3
3 * 'ab'
'x' * -1
'{0}/{1}'.format('a', 'b')
'{}/{}'.format('a', 3)
'{1}{0}{1}'.format('a', 'b')
'{a}-{b}'.format(a=1, b='x')
'{{}}{}'.format(1)
'{:>8}|'.format('ab')
'{:<8}|'.format('ab')
'{:^8}|'.format('ab')
'{:*^9}|'.format('ab')
'{:08d}'.format(42)
'{:+d}'.format(42)
'{: d}'.format(42)
'{:x} {:X} {:o} {:b}'.format(255, 255, 8, 5)
'{:#x}'.format(255)
'{:,}'.format(1234567)
'{:_}'.format(1234567)
'{:,.2f}'.format(1234567.891)
'{:.3f}'.format(3.14159)
'{:10.2f}|'.format(3.14159)
'{:e}'.format(12345.678)
'{:g}'.format(0.00001234)
'{:g}'.format(1234567.0)
'{:.0%}'.format(0.25)
'{:%}'.format(0.5)
'{:.2}'.format('abcdef')
'{:5}|'.format(3)
'{:5}|'.format('a')
'{!r}'.format('a')
'{0!s:>5}'.format('a')
'{!r:>6}'.format('a')
'{:=+8}'.format(-5)
'{:05}'.format(-3)
'{0[a]}'.format({'a': 'v'})
'{0[1]}'.format(['x', 'y'])
'{:{}}|'.format('a', 5)
'{0:{1}}|'.format('a', 5)
'{:{w}}|'.format('a', w=6)
'{}'.format(None)
'{}'.format(True)
'{}'.format(1.5)
'%s/%s' % ('a', 'b')
'%s' % 'a'
'%d%%' % 5
'%05d' % 42
'%-5d|' % 42
'%+d' % 3
'%x %o' % (255, 8)
'%.2f' % 3.14159
'%8.3f|' % 2.5
'%r' % 'a'
'%(a)s-%(b)d' % {'a': 'x', 'b': 2}
'%s' % None
'%s' % 1.0
'%5s|' % 'ab'
'%-5s|' % 'ab'
'%.2s' % 'abc'
'%e' % 12345.678
'%g' % 1e-05
'%c' % 'x'
'%i' % 3.9
'%s %s' % (1, True)
f'{1 + 1}a'
f'{"x"!r:>5}'
f'{3.14159:.2f}'
f'{"a"}{"b"}'
f'{{}}'
','.join(['a', 'b', 'c'])
'/'.join(('a', 'b'))
''.join([])
'  a b '.strip()
'xxaxx'.strip('x')
'xxaxx'.lstrip('x')
'xxaxx'.rstrip('x')
'\u00a0a\u2003'.strip()
'aBc'.lower()
'aBc'.upper()
'hello wOrld-x'.title()
"they're".title()
'hELLO'.capitalize()
'a-b-c'.replace('-', '_')
'a-b-c'.replace('-', '_', 1)
'abc'.replace('', '-')
'a,b,c'.split(',')
'a,b,c'.split(',', 1)
'a,b,c'.rsplit(',', 1)
' a  b '.split()
'a/b/c'.partition('/')
'a/b/c'.rpartition('/')
'abc'.partition('/')
'abc'.startswith('ab')
'abc'.endswith('bc')
'42'.zfill(5)
'-42'.zfill(5)
'ab'.ljust(4) + '|'
'ab'.rjust(4, '*')
'banana'.count('an')
'banana'.find('na')
'banana'.rfind('na')
'héllo'.find('l')
'123'.isdigit()
'abc'[0]
'abc'[-1]
'abc'[1:]
'abc'[:-1]
'abc'[::-1]
'abcdef'[1:5:2]
'abcdef'[-100:100]
'abcdef'[4:1:-1]
'héllo'[1]
[1, 2, 3][1]
[1, 2, 3][-1]
(1, 2) + (3,)
[0] * 3
{'a': 1}['a']
{'a': 1}.get('b', 2)
str(5)
str('a')
str(1.0)
str(None)
int('42')
int(' 42 ')
int('ff', 16)
int('0x1f', 16)
int(3.9)
int(-3.9)
int(True)
float('1.5')
float(2)
bool('')
bool('a')
len('abc')
len('héllo')
len([1, 2])
abs(-3)
repr('a')
repr('it\'s')
repr("a\"'b\n\x00\xe9\u2028")
repr(b'a\xff')
format(3.14159, '.2f')
format('a', '>3')
os.path.join('a', 'b')
os.path.join('a/', 'b')
os.path.join('a', '/b')
os.path.join('a', '')
os.path.join('', 'b')
os.path.join('a', 'b', 'c.txt')
posixpath.join('a', 'b')
os.path.basename('a/b/c.py')
os.path.basename('c.py')
os.path.basename('a/')
os.path.dirname('a/b/c.py')
os.path.split('a/b/c.py')[0]
os.path.split('a/b/c.py')[-1]
os.path.split('c.py')[1]
os.path.relpath('a/b/c.py', 'a')
os.path.relpath('a/b/c.py', './a/')
os.path.relpath('./a/b/c.py', 'a/b')
os.path.relpath('a/b', 'a/b')
os.path.relpath('/d/x/c.py', '/d/x')
os.path.relpath('./c.py')
os.path.relpath('./c.py', '.')
os.path.dirname('c.py')
os.path.dirname('/c.py')
os.path.dirname('a//b')
os.path.splitext('a/b.tar.gz')
os.path.splitext('a/.profile')
os.path.splitext('a.b/c')
os.path.normpath('a/./b/../c')
os.sep
'a' + os.sep + 'b'
'é' + 'ü'
'\x41\u00e9'
r'\n' + '\n'
b'a' == b'a'
'abc'.removeprefix('a')
'a'.encode('utf-8')
""".strip().splitlines()

MAY = r"""
1 / 0
1 // 0
1 % 0
0 ** -1
'a' + 1
1 + 'a'
'a' % 1
'%d' % 'a'
'%s %s' % 'a'
'%s' % ('a', 'b')
'%s' % (1, 2)
'{} {}'.format(1)
'{0} {}'.format(1, 2)
'{} {0}'.format(1, 2)
'{x}'.format(1)
'{'.format(1)
'}'.format(1)
'{:d}'.format('a')
'{:s}'.format(1)
'{:+}'.format('a')
'{:=5}'.format('a')
'{:,}'.format('a')
'{:x}'.format(1.5)
'{:.2d}'.format(1)
'{!x}'.format(1)
'{:5}'.format(None)
'{:5}'.format(True)
'{:05}'.format('ab')
'{:^05}'.format('ab')
'{:>+08.2f}'.format(3.14159)
'{:010,}'.format(1234)
'{:#b}'.format(5)
'{:#010x}'.format(255)
'{:c}'.format(65)
'{:n}'.format(1234)
'{:_x}'.format(65535)
'{:,x}'.format(65535)
'{:.3}'.format(3.14159)
'{:10}|'.format(3.5)
'{:G}'.format(1e-10)
'{:E}'.format(12345.678)
'{:-^20,.3f}'.format(-98765.4321)
'{0.real}'.format(5)
'%5.1f|%-8s|%+.3e' % (3.14159, 'ab', 12345.678)
'%#x' % 255
'%05.1f' % -2.345
'% d' % 5
'%*d' % (5, 3)
'%c' % 65
'%c' % 'ab'
'%d' % True
'%s' % True
'%s' % [1]
'%a' % 'é'
'%u' % 3
'%.3d' % 5
'%x' % -255
'%g' % 100000.0
'%g' % 1000000.0
'%G' % 1e-10
'%.0f' % 0.5
'%.0f' % 2.5
round(2.5)
round(2.675, 2)
'İ'.lower()
'ß'.upper()
'ǆ'.title()
'a\x1cb'.split()
'a b c'.split(None, 1)
'abc'.split('')
'abc'[10]
'abc'['a']
'abc'[::0]
'ab'.join('xy')
','.join([1])
','.join({'a'})
int('a')
int('1_0')
int('--1')
int('')
int('9' * 10)
int('١')
int('7', 8)
int('z', 36)
int('0b1', 2)
int('0x', 16)
int(1e30)
float('inf')
float('nan')
float('1_0')
float('0x1')
float('')
len(5)
abs('a')
abs(-2.5)
-'a'
~1.5
1 < 'a'
'a' is 'a'
1 in 'a'
2 ** 5000
2 ** 0.5
(-8) ** 0.5
10 ** 400 * 1.0
1e308 * 10
7 // 0.0
-1 % 1e-5
5 % 3.5
-5 % 3.5
0.0 // 1
-1 // 1e300
1e16 % 7
3.0 ** 2
10 ** -3
1 << 100
1 << -1
-1 >> 1
-5 & 3
10 / 3
1e22
1e21 + 1
123456789012345680.0
5e-324
1.7976931348623157e308
0.1 * 3
100 * 1.1
'x' * 10 ** 6
'abc' * True
[1] * 0
[] + ()
{'a': 1}['b']
[1][5]
os.path.join('a', 1)
os.path.join()
os.path.dirname('//a')
os.path.dirname('///a/b')
os.path.normpath('')
os.path.normpath('//a')
os.path.splitext('...')
os.path.splitext('a/...b.c')
''.replace('', 'x')
''.replace('', 'x', 1)
'abc'.replace('', '-', 2)
'aaa'.replace('aa', 'b')
'aaa'.count('')
'abc'.find('')
'abc'.rfind('')
'abc'.startswith(('a', 'b'))
'abc'.startswith('b', 1)
'ab'.center(5)
'ab'.center(6, '*')
'abc'.index('z')
'+5'.zfill(4)
''.zfill(3)
'ab'.ljust(4, '**')
'a\tb'.expandtabs()
'abc'.swapcase()
'a' 'b' % ()
'%%' % ()
'%' % ()
'%(a)s' % 'x'
'%s' % {'a': 1}
f'{1:{5}}'
f'{1.5!r:>6}'
f'{None}'
f'{3=}'
f'{"é"!a}'
'a'.encode('utf-16')
'é'.encode()
str(b'a')
str('a', 'utf-8')
bool(None)
bool(0.0)
format(5)
format(5, 'd')
format(None, '')
repr(1e16)
repr('\u200b\xad\U0001f600')
'\N{BULLET}'
1 is 1
True is True
None is False
None == False
'a' != None
not None
1 and 0 or 'x'
()
(1,) == (1,)
""".strip().splitlines()


class Generator:
    """Expressions at random, most of which mean something: every form that the folder knows, on values of every kind."""

    STRINGS = ["", "a", "abc", "a/b", "/mnt/x", "x.py", "A b", " a ", "1", "-2.5", "%s", "%d", "{}", "{0}", "{a}", "é", "a\\nb", "'"]
    NUMBERS = ["0", "1", "2", "3", "-1", "7", "10", "100", "0.5", "2.0", "-1.5", "1e3", "0x1f", "True", "False"]

    def __init__(self, seed):
        self.random = random.Random(seed)

    def one(self, *choices):
        return self.random.choice(choices)

    def any(self, depth):
        return self.one(self.string, self.string, self.number, self.sequence, self.truth)(depth)

    def string(self, depth):
        if depth <= 0:
            return repr(self.one(*self.STRINGS))
        s, t, n = self.string, self.any, self.number
        return self.one(
            lambda: repr(self.one(*self.STRINGS)),
            lambda: "%s + %s" % (s(depth - 1), s(depth - 1)),
            lambda: "(%s) * %s" % (s(depth - 1), self.one("0", "1", "2", "3", "-1")),
            lambda: "(%s)[%s]" % (s(depth - 1), self.index()),
            lambda: "(%s).%s" % (s(depth - 1), self.method(depth)),
            lambda: "(%s).join([%s, %s])" % (s(depth - 1), s(depth - 1), s(depth - 1)),
            lambda: "str(%s)" % t(depth - 1),
            lambda: "repr(%s)" % t(depth - 1),
            lambda: "%r %% (%s,)" % (self.percent(), t(depth - 1)),
            lambda: "%r.format(%s)" % (self.braces("0"), t(depth - 1)),
            lambda: "%r.format(a=%s)" % (self.braces("a"), t(depth - 1)),
            lambda: "format(%s, %r)" % (n(depth - 1), self.spec()),
            lambda: self.fstring(depth),
            lambda: "os.path.%s(%s)" % (self.one("join", "basename", "dirname", "normpath"), s(depth - 1)),
            lambda: "os.path.join(%s, %s)" % (s(depth - 1), s(depth - 1)),
            lambda: "os.path.splitext(%s)[%s]" % (s(depth - 1), self.one("0", "1")),
            lambda: "%s if %s else %s" % (s(depth - 1), self.truth(depth - 1), s(depth - 1)),
            lambda: "(%s or %s)" % (s(depth - 1), s(depth - 1)),
        )()

    def method(self, depth):
        s = self.string
        return self.one(
            lambda: self.one("upper()", "lower()", "title()", "capitalize()", "swapcase()", "strip()", "lstrip()", "rstrip()"),
            lambda: "%s(%s)" % (self.one("strip", "lstrip", "rstrip"), s(0)),
            lambda: "replace(%s, %s)" % (s(0), s(0)),
            lambda: "replace(%s, %s, %s)" % (s(0), s(0), self.one("0", "1", "-1")),
            lambda: "%s(%s)[%s]" % (self.one("split", "rsplit", "partition", "rpartition"), s(0), self.one("0", "-1", "1")),
            lambda: "%s(%s)" % (self.one("zfill", "ljust", "rjust", "center"), self.one("0", "3", "7")),
        )()

    def percent(self):
        return self.one("", "a", "%%") + "%" + self.one("", "-", "0", "+", " ", "#") + self.one("", "5", "2") + \
            self.one("", ".2", ".0") + self.one("s", "d", "r", "f", "x", "g", "e", "i", "c", "X", "o") + self.one("", "z")

    def spec(self):
        return self.one("", "<", ">", "^", "*^", "=", "0=") + self.one("", "+", " ", "-") + self.one("", "#") + \
            self.one("", "0") + self.one("", "6", "3") + self.one("", ",", "_") + self.one("", ".2", ".0") + \
            self.one("", "s", "d", "f", "x", "b", "e", "g", "%", "n", "c")

    def braces(self, name):
        return self.one("", "a", "{{", "}}") + "{" + self.one(name, name, "") + self.one("", "!r", "!s") + \
            self.one("", ":" + self.spec()) + "}" + self.one("", "b")

    def fstring(self, depth):
        inner = self.one(self.number, self.sequence, self.truth)(0)
        return "f'a{%s%s%s}b{{'" % (inner, self.one("", "!r", "!s"), self.one("", ":" + self.spec()))

    def number(self, depth):
        if depth <= 0:
            return self.one(*self.NUMBERS)
        n = self.number
        return self.one(
            lambda: self.one(*self.NUMBERS),
            lambda: "(%s) %s (%s)" % (n(depth - 1), self.one("+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>"), n(depth - 1)),
            lambda: "%s(%s)" % (self.one("-", "+", "~"), n(depth - 1)),
            lambda: "len(%s)" % self.one(self.string, self.sequence)(depth - 1),
            lambda: "int(%s)" % self.one(self.string, self.number)(depth - 1),
            lambda: "float(%s)" % self.one(self.string, self.number)(depth - 1),
            lambda: "%s(%s, %s)" % (self.one("min", "max"), n(depth - 1), n(depth - 1)),
            lambda: "abs(%s)" % n(depth - 1),
            lambda: "round(%s)" % n(depth - 1),
            lambda: "round(%s, %s)" % (n(depth - 1), self.one("0", "1", "2", "-1")),
            lambda: "sum(%s)" % self.sequence(depth - 1),
            lambda: "(%s).%s(%s)" % (self.string(depth - 1), self.one("find", "count", "index", "rfind"), self.string(0)),
            lambda: "(%s)[%s]" % (self.sequence(depth - 1), self.one("0", "1", "-1")),
            lambda: "(%s if %s else %s)" % (n(depth - 1), self.truth(depth - 1), n(depth - 1)),
        )()

    def sequence(self, depth):
        items = [self.one(self.number, self.string)(depth - 1) for _ in range(self.random.randrange(4))]
        one = self.one("[%s]" % ", ".join(items), "(%s)" % "".join(i + ", " for i in items))
        if depth <= 0:
            return one
        return self.one(
            lambda: one,
            lambda: "%s + %s" % (self.sequence(depth - 1), self.sequence(depth - 1)),
            lambda: "(%s)[%s]" % (self.sequence(depth - 1), self.one("1:", ":1", "::-1", "::2", "-1:")),
            lambda: "(%s) * %s" % (self.sequence(depth - 1), self.one("0", "1", "2")),
            lambda: "(%s).split(%s)" % (self.string(depth - 1), self.one("", self.string(0))),
            lambda: "%s(%s)" % (self.one("list", "tuple", "sorted"), self.one(self.string, self.sequence)(depth - 1)),
            lambda: "list(range(%s))" % self.one("3", "1, 4", "5, 0, -2", "0"),
        )()

    def truth(self, depth):
        if depth <= 0:
            return self.one("True", "False", "None")
        return self.one(
            lambda: "(%s %s %s)" % (self.number(depth - 1), self.one("<", "<=", "==", "!=", ">", ">="), self.number(depth - 1)),
            lambda: "(%s %s %s)" % (self.string(depth - 1), self.one("<", "==", "!=", "in", "not in"), self.string(depth - 1)),
            lambda: "(%s in %s)" % (self.any(depth - 1), self.sequence(depth - 1)),
            lambda: "(not %s)" % self.any(depth - 1),
            lambda: "(%s and %s)" % (self.any(depth - 1), self.any(depth - 1)),
            lambda: "(%s or %s)" % (self.any(depth - 1), self.any(depth - 1)),
            lambda: "(%s).%s(%s)" % (self.string(depth - 1), self.one("startswith", "endswith"), self.string(0)),
            lambda: "(%s).%s()" % (self.string(depth - 1), self.one("isdigit", "isalpha", "isupper", "islower", "isspace", "isalnum")),
            lambda: "bool(%s)" % self.any(depth - 1),
        )()

    def index(self):
        return self.one("0", "-1", "1", "1:", ":2", "::-1", "-2:", "1:-1", "::2", ":-1", "5:")


def part_raises(e):
    """Does a part of the expression raise that stands for itself?"""
    top = ast.parse(e, mode="eval").body
    parts = [n for n in ast.walk(top) if isinstance(n, ast.expr) and n is not top
             and isinstance(getattr(n, "ctx", ast.Load()), ast.Load) and not isinstance(n, (ast.FormattedValue, ast.Slice))]
    return any("error" in answer(ast.unparse(n)) for n in parts)


def generated(seed, count):
    """`count` rows of generated expressions that CPython can read."""
    generator, rows, seen = Generator(seed), [], set()
    while len(rows) < count:
        e = generator.any(generator.random.randrange(1, 4))
        if len(e) > 160 or e in seen:
            continue
        seen.add(e)
        try:
            compile(e, "", "eval")
        except (SyntaxError, ValueError):
            continue
        row = dict({"expr": e, "must": False}, **answer(e))
        if row.get("error") == "IndexError" or "error" in row and part_raises(e):
            continue  # what it would be, if it came to be anything, may well be known
        if len(row.get("repr", "")) < 500:
            rows.append(row)
    return rows


def answer(expression):
    try:
        text = repr(eval(expression, {"os": os, "posixpath": posixpath}))
        return {"repr": text} if len(text) < 10000 else {"error": "too large"}
    except Exception as e:
        return {"error": type(e).__name__}


def write(name, rows):
    with open(name, "w", encoding="utf-8") as f:
        f.write("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("file", nargs="?")
    options = parser.parse_args()
    if options.file:
        write(options.file, generated(options.seed, options.count))
        return
    rows = []
    for must, expressions in ((True, MUST), (False, MAY)):
        for e in expressions:
            rows.append(dict({"expr": e, "must": must}, **answer(e)))
    here = os.path.dirname(os.path.abspath(__file__))
    write(os.path.join(here, "fold_expected.json"), rows)
    write(os.path.join(here, "fold_generated.json"), generated(options.seed, options.count))


if __name__ == "__main__":
    import warnings
    warnings.simplefilter("ignore")
    main()
