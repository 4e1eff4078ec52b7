"""Write literals.json: string literals and what CPython takes them for.

Each entry holds the source and either "error" (CPython refuses it), "value" (of text, as code points), "bytes"
(as numbers) or, for f-strings, "parts": text, or [expression, conversion, format]. Usage: python3 literals.py > literals.json
"""
import ast
import itertools
import json
import warnings

warnings.simplefilter("ignore")

PREFIXES = ["", "r", "R", "u", "U", "b", "B", "f", "F", "br", "Rb", "bR", "RB", "fr", "rF", "FR", "ub", "bf", "ur", "fb", "rr"]
BODIES = [
    "", "abc", "a b\tc", r"\n\t\r\\\'\"\a\b\f\v", r"\0\7\12\101\377\400\777\8\9\08", r"\x41\x7f\xff", r"\x4", r"\x", r"\xg1", r"\x 1",
    "\\u00e9\\u4e2d", r"\u12", r"\U0001F600", r"\U00110000", r"\U0000004", r"\d\w\q\(", r"\N{DASH}", r"\N{EN DASH}x", r"\N",
    "é中😀", "\\\né", "a\\\nb", "a\\\r\nb", r"C:\\dir\\file", r"C:\dir\file", r"\ud800", "{{}}", "{{a}}b", "{{{{", r"\{{", r"\\{{x}}",
    "100%", "%s %(x)d", "~/$HOME", "it%s" % chr(34), r"\\", r"\\\\", r"a\\", "\\\\\\n", r"\t{{\n}}", r"\173\175", r"\x7b",
]
QUOTES = ["'", '"', "'''", '"""']
MORE = [
    "'a' 'b'", "'a' \"b\" '''c'''", "'a' b'b'", "b'a' b'\\xff'", "r'\\a' '\\\\'", "('a'\n  'b' # c\n  'd')", "u'a' 'b'", "'' ''",
    "'''a\nb'''", "'''a\r\nb\rc'''", '"""a"b""c"""', "'''it's \\''' '''", "r'a\\'b'", "r'''a\\\n b'''", "'a\\''", "'''\\\n  a'''",
    "f'{a}'", "f'x{a}y{b}z'", "f'{a!r}'", "f'{a!s:>10}'", "f'{a:>{w}}'", "f'{a:%Y-%m-%d}'", "f'{{{a}}}'", "f'{a}{{}}'",
    "f'{a=}'", "f'{a = }'", "f'{a=!s}'", "f'{a=:>5}'", "f'{a.b[0](c)}'", "f\"{a['b']}\"", "f'''{\na\n}'''", "rf'\\d{a}\\n'", "f'\\t{a}\\n'",
    "f'{a}' 'b' f'{c}'", "'{a}' f'{b}'", "f'a' '{b}'", "f'{a + b}' '{{'", "f'{ a }'", "f'{(a, b)}'", "f'{lambda_}'",
    "f'{a!x}'", "f'{}'", "f'{a'", "f'a}'", "f'{(lambda: 1)()}'", "f'{a if b else c}'", "f'{not a}'", "f'{a:{b}.{c}}'", "f'{a:\\n}'",
    "f'{a == b}'", "f'{a != b}'", "f'{a[\"x\"]!r}'", "F'{a}' rb'x'", "f''", "f'' ''", "f'\\{a}'", "f'\\\\{a}'", "f'\\x41{a}'", "f'\\N{DASH}{a}'",
    "f'{f\"{a}\"}'", "f'é{a}中'", "f'''a\r\n{b}\r\n'''", "f'a\\\n{b}'", "f'{a:}'", "f'{a!r:}'", "f'{await_}'",
]


def entry(source):
    try:
        tree = ast.parse(source.encode("utf-8"), mode="eval").body
    except (SyntaxError, ValueError):
        return {"source": source, "error": True}
    if isinstance(tree, ast.Constant) and isinstance(tree.value, bytes):
        return {"source": source, "bytes": list(tree.value)}
    if isinstance(tree, ast.Constant):
        return {"source": source, "value": [ord(c) for c in tree.value]}
    parts = []
    for value in tree.values:
        if isinstance(value, ast.Constant):
            parts.append(value.value)
        else:
            spec = ast.unparse(value.format_spec)[2:-1] if value.format_spec else ""
            parts.append([ast.unparse(value.value), chr(value.conversion) if value.conversion > 0 else "", spec])
    return {"source": source, "parts": parts}


SOURCES = [p + q + b + q for p, q, b in itertools.product(PREFIXES, QUOTES, BODIES)] + MORE
print("[" + ",\n".join(json.dumps(entry(s), separators=(",", ":")) for s in dict.fromkeys(SOURCES)) + "]")
