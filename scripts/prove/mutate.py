"""How much does the comparison see? Makes small mistakes in translated programs and counts those that it finds.

    python mutate.py [--recipes DIR] [--only TEXT] [--most N] [-v]

Every example (and, with --recipes, every notebook below DIR) that agrees and has nothing left by hand is translated;
in what the translation has written, one thing at a time is made wrong: a keyword is left out, two arguments or the
values of two keywords are swapped, a number, text or truth value is another one, an entry of a list or dict or a
statement is missing, two statements change places. The wrong program runs like any translated one (README.md), and
its asks are compared with those of the old program. A mistake is found if the program fails or the two disagree.

--most   at most so many mistakes a program, spread over it evenly (default 40; 0: all)
-v       lists the mistakes that were not found

harmless.toml holds the mistakes that are none, each with its reason. The exit status is 1 if another was not found.
"""

import argparse
import ast
import collections
import json
import os
import re
import shutil
import sys
import tempfile
import tokenize
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import compare  # noqa: E402
import prove  # noqa: E402

#: file: path in the tree; text: the whole file with the mistake; what: for a person; kind, call, name, line: what
#: harmless.toml looks at
Mutant = collections.namedtuple("Mutant", "file text kind call name line what")


class Source:
    """A program file as pieces of Python that can be replaced: a script is one piece, a notebook one a code cell."""

    def __init__(self, path):
        self.notebook = None
        if path.endswith(".ipynb"):
            with open(path, encoding="utf-8-sig") as f:
                self.notebook = json.load(f)
            self.encoding = "utf-8"
            self.pieces = ["".join(c["source"]) if c["cell_type"] == "code" else "" for c in self.notebook["cells"]]
        else:
            with tokenize.open(path) as f:
                self.encoding = f.encoding
                self.pieces = [f.read()]

    def with_piece(self, number, text):
        """The bytes of the file with another text in a piece."""
        if self.notebook is None:
            return text.encode(self.encoding)
        book = json.loads(json.dumps(self.notebook))
        book["cells"][number]["source"] = text
        return json.dumps(book).encode()


def mutants(file, before, after):
    """The mistakes that can be made in what is new in the program at `after`; `before` is the old one."""
    known = {line.strip() for piece in Source(before).pieces for line in piece.split("\n")}
    source = Source(after)
    for number, piece in enumerate(source.pieces):
        try:
            tree = ast.parse(piece)
        except SyntaxError:
            continue  # lines of IPython
        new = {n for n, line in enumerate(piece.split("\n"), 1) if line.strip() not in known}
        for kind, node, call, name, edits in mistakes(tree, piece):
            if node.lineno not in new or said(call):
                continue
            text = splice(piece, edits)
            try:
                ast.parse(text)
            except SyntaxError:
                continue
            where = "cell %d, line %d" % (number + 1, node.lineno) if source.notebook else "line %d" % node.lineno
            yield Mutant(file, source.with_piece(number, text), kind, call, name,
                         piece.split("\n")[node.lineno - 1].strip(),
                         "%s: %s %s" % (where, kind, shown(piece, edits)))


def said(call):
    """Is the call one that only tells the reader something?"""
    return call in ("print", "display")


def shown(piece, edits):
    lines = piece.encode().split(b"\n")
    return " | ".join("%s -> %s" % (between(lines, start, end).decode(), new) for start, end, new in edits)[:160]


def between(lines, start, end):
    """The bytes from `start` to `end`, each (line from 1, column in bytes)."""
    (a, b), (c, d) = start, end
    if a == c:
        return lines[a - 1][b:d]
    return b"\n".join([lines[a - 1][b:]] + lines[a:c - 1] + [lines[c - 1][:d]])


def splice(piece, edits):
    lines = piece.encode().split(b"\n")
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    text = piece.encode()
    for start, end, new in sorted(edits, reverse=True):
        text = text[:offsets[start[0] - 1] + start[1]] + new.encode() + text[offsets[end[0] - 1] + end[1]:]
    return text.decode()


def span(node):
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def mistakes(tree, piece):
    """(kind, node, name of the call around it, name of the argument, edits) of every mistake; an edit is (start, end,
    new text)."""
    lines = piece.encode().split(b"\n")

    def text(node):
        return between(lines, *span(node)).decode()

    def gone(nodes, i):
        """The edit that takes the i-th of `nodes` out of a list with commas."""
        start, end = span(nodes[i])
        if i + 1 < len(nodes):
            return start, span(nodes[i + 1])[0], ""
        return (span(nodes[i - 1])[1] if i else start), end, ""

    def swapped(a, b):
        return [(*span(a), text(b)), (*span(b), text(a))]

    def name_of(call):
        f = call.func
        return f.attr if isinstance(f, ast.Attribute) else f.id if isinstance(f, ast.Name) else ""

    def walk(node, call, name):
        if isinstance(node, ast.Call):
            own = name_of(node)
            arguments = sorted(node.args + node.keywords, key=lambda a: span(a)[0])
            for i, a in enumerate(arguments):
                if isinstance(a, ast.keyword) and a.arg:
                    yield "without keyword", a, own, a.arg, [gone(arguments, i)]
                    for b in arguments[i + 1:i + 2]:
                        if isinstance(b, ast.keyword) and b.arg and text(a.value) != text(b.value):
                            yield "swapped values", a, own, a.arg, swapped(a.value, b.value)
                elif isinstance(a, ast.expr):
                    for b in arguments[i + 1:i + 2]:
                        if isinstance(b, ast.expr) and text(a) != text(b):
                            yield "swapped arguments", a, own, str(i), swapped(a, b)
            yield from walk(node.func, call, name)
            for i, a in enumerate(arguments):
                inner = a.value if isinstance(a, ast.keyword) else a
                yield from walk(inner, own, (a.arg or "") if isinstance(a, ast.keyword) else str(i))
            return
        if isinstance(node, ast.Constant):
            wrong = other(node.value)
            if wrong is not None:
                yield "other value", node, call, name, [(*span(node), wrong)]
        elif isinstance(node, (ast.List, ast.Tuple)) and isinstance(node.ctx, ast.Load):
            for i, e in enumerate(node.elts):
                if isinstance(node, ast.List):
                    yield "without entry", e, call, name, [gone(node.elts, i)]
                if i + 1 < len(node.elts) and text(e) != text(node.elts[i + 1]):
                    yield "swapped entries", e, call, name, swapped(e, node.elts[i + 1])
        elif isinstance(node, ast.Dict):
            for i, (k, v) in enumerate(zip(node.keys, node.values)):
                if k is None:
                    continue
                end = span(node.keys[i + 1])[0] if i + 1 < len(node.keys) and node.keys[i + 1] else None
                if end:
                    yield "without entry", k, call, name, [(span(k)[0], end, "")]
                elif i and node.keys[i - 1]:
                    yield "without entry", k, call, name, [(span(node.values[i - 1])[1], span(v)[1], "")]
        elif isinstance(node, ast.JoinedStr):
            return
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                for i, s in enumerate(block):
                    if acts(s):
                        yield "without statement", s, called(s), "", [(*span(s), "pass")]
                        if i + 1 < len(block) and acts(block[i + 1]):
                            yield "swapped statements", s, called(s), "", swapped(s, block[i + 1])
        for child in ast.iter_child_nodes(node):
            yield from walk(child, call, name)

    def acts(s):
        """Is the statement there for what it does? A variable that is not made is missed by whoever reads it."""
        return isinstance(s, ast.Expr) and isinstance(s.value, ast.Call) \
            or isinstance(s, ast.Assign) and isinstance(s.targets[0], (ast.Attribute, ast.Subscript))

    def called(s):
        return name_of(s.value) if isinstance(s, ast.Expr) else text(s.targets[0])

    yield from walk(tree, "", "")


def other(value):
    """Another value of the same kind, as it is written; None where there is none."""
    if isinstance(value, bool):
        return repr(not value)
    if isinstance(value, (int, float)):
        return repr(value + 1)
    if isinstance(value, str) and value:
        return repr(value + "x")
    return None


def spread(all_, most):
    """At most `most` of a list, evenly."""
    if not most or len(all_) <= most:
        return all_
    return [all_[i * len(all_) // most] for i in range(most)]


def load_harmless():
    with open(os.path.join(HERE, "harmless.toml"), "rb") as f:
        entries = tomllib.load(f)["harmless"]
    for entry in entries:
        if set(entry) - {"why", "kind", "call", "name", "line"} or not entry.get("why"):
            raise ValueError("harmless.toml: an entry with %s" % sorted(entry))
    return entries


def harmless(mutant, entries):
    """The reason why a mistake is none, or None."""
    for entry in entries:
        if all(re.fullmatch(entry.get(field, ".*"), getattr(mutant, field) or "", re.S)
               for field in ("kind", "call", "name", "line")):
            return entry["why"]
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipes", metavar="DIR")
    parser.add_argument("--only", default="")
    parser.add_argument("--most", type=int, default=40)
    parser.add_argument("--binary", default=os.path.join(prove.ROOT, "bin", "pyxlate"))
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    with open(os.path.join(HERE, "programs.toml"), "rb") as f:
        table = tomllib.load(f)["program"]
    with tempfile.TemporaryDirectory() as scratch:
        cases = list(prove.recipes(options.recipes, table, scratch) if options.recipes else prove.examples(table))
        cases = [c for c in cases if options.only in c.name and "skip" not in c.settings]
        return measure(cases, os.path.abspath(options.binary), prove.Bench(scratch), options)


def measure(cases, binary, bench, options):
    befores = prove.run_before(bench, cases)
    trees, agreed = {}, {}
    accepted, entries = compare.load_accepted(), load_harmless()
    for case in cases:
        if case.tree not in trees:
            trees[case.tree] = prove.translate(bench, binary, case)
    settings = [dict(prove.after_settings(c, b), limit=20) for c, b in zip(cases, befores)]
    afters = bench.batch("run_after.py", prove.environment("after"),
                         [(bench.copy(c, trees[c.tree][0]), s) for c, s in zip(cases, settings)])
    for case, before, after, chosen in zip(cases, befores, afters, settings):
        report = prove.only(trees[case.tree][1], case)
        outcome = prove.judge(case, report, before, after, accepted)
        by_hand = any(u["verdict"] == "manual" for f in report["files"] for u in f["uses"])
        if outcome.verdict == "agreed" and not by_hand and not after["stopped"]:
            agreed[case] = before, after, report, chosen
    made, found, none = collections.Counter(), collections.Counter(), collections.Counter()
    left = []
    every = [(case, m) for case in agreed
             for m in spread(list(of_case(case, trees[case.tree][0], agreed)), options.most)]
    for at in range(0, len(every), CHUNK):
        part = every[at:at + CHUNK]
        for (case, m), result in zip(part, run(bench, part, trees, agreed)):
            before, after, report, _ = agreed[case]
            made[m.kind] += 1
            if prove.judge(case, report, before, result, accepted).verdict in ("disagreed", "failed"):
                found[m.kind] += 1
            elif harmless(m, entries):
                none[m.kind] += 1
            else:
                left.append("%s: %s  [%s(%s)]%s" % (case.name, m.what, m.call, m.name, "" if
                            result["asks"] == after["asks"] else "  (asks differ)"))
        print("%d of %d" % (min(at + CHUNK, len(every)), len(every)), file=sys.stderr)
    for kind in sorted(made):
        print("%-20s %5d made %5d found %5d harmless %5d not found" % (
            kind, made[kind], found[kind], none[kind], made[kind] - found[kind] - none[kind]))
    total = sum(made.values())
    print("%d mistakes in %d programs: %d found, %d harmless, %d not found" % (
        total, len(agreed), sum(found.values()), sum(none.values()), len(left)))
    for line in left if options.verbose else left[:20]:
        print("  " + line)
    return 1 if left else 0


#: Mistakes whose copies of the programs lie on the disk at a time.
CHUNK = 100


def run(bench, part, trees, agreed):
    """The results of programs with a mistake each."""
    work = []
    for case, m in part:
        path = bench.copy(case, trees[case.tree][0])
        with open(os.path.join(path[:-len(case.path)], m.file), "wb") as f:
            f.write(m.text)
        work.append((path, agreed[case][3]))
    results = bench.batch("run_after.py", prove.environment("after"), work)
    for (case, _), (path, _) in zip(part, work):
        shutil.rmtree(path[:-len(case.path)], ignore_errors=True)
    return results


def of_case(case, translated, agreed):
    """The mistakes of a program and, for an example, of the modules beside it that are no programs themselves."""
    files = [case.path]
    if case.golden:
        others = {c.path for c in agreed if c.tree == case.tree}
        files += [f for f in prove.programs(case.tree) if f not in others and f.endswith((".py", ".ipynb"))]
    for file in files:
        old, new = os.path.join(case.tree, file), os.path.join(translated, file)
        if file.endswith((".py", ".ipynb")) and os.path.exists(new):
            yield from mutants(file, old, new)


if __name__ == "__main__":
    sys.exit(main())
