#!/usr/bin/env python3
"""Runs pyxlate over a tree of programs and prints a table, file by file.

    python3 scripts/recipes.py PATH... [--pyxlate bin/pyxlate] [--manual] [--pyflakes]

For each file: uses, migrated, review, manual. --manual lists the uses left by
hand by code. --pyflakes translates into a scratch folder and prints what
pyflakes says of a translated file and does not say of the original (needs the
package pyflakes). Exit status 1 where a file failed.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile


def text_of(path):
    """The Python of a file as one text; magics and shell lines as comments."""
    if not path.endswith(".ipynb"):
        return open(path, encoding="utf-8", errors="replace").read()
    cells = json.load(open(path, encoding="utf-8")).get("cells", [])
    out = []
    for cell in cells:
        if cell.get("cell_type") != "code":
            continue
        src = "".join(cell["source"])
        if src.lstrip().startswith("%%"):
            continue
        out.append("\n".join("pass  #" + l if l.lstrip()[:1] in ("!", "%") else l for l in src.split("\n")))
    return "\n".join(out) + "\n"


def flakes(path):
    from pyflakes import api, reporter

    class Collect(reporter.Reporter):
        def __init__(self):
            self.seen = collections.Counter()

        def unexpectedError(self, filename, msg):
            self.seen[msg] += 1

        def syntaxError(self, filename, msg, lineno, offset, text):
            self.seen["syntax error: " + str(msg)] += 1

        def flake(self, message):
            self.seen[message.message % message.message_args] += 1

    c = Collect()
    api.check(text_of(path), path, c)
    return c.seen


def main():
    p = argparse.ArgumentParser()
    p.add_argument("paths", nargs="+")
    p.add_argument("--pyxlate", default="bin/pyxlate")
    p.add_argument("--manual", action="store_true")
    p.add_argument("--pyflakes", action="store_true")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as tmp:
        report = os.path.join(tmp, "report.json")
        subprocess.run([a.pyxlate, "--check", "--report", "json=" + report, *a.paths],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        data = json.load(open(report))
        total = collections.Counter()
        failed = 0
        by_code = collections.defaultdict(list)
        for f in data["files"]:
            if f.get("error"):
                failed += 1
                print("%-90s %s" % (f["path"], f["error"]))
                continue
            n = collections.Counter(u["verdict"] for u in f["uses"])
            if not f["uses"]:
                continue
            total.update(n)
            print("%-90s %4d uses %4d migrated %4d review %4d manual" %
                  (f["path"][-90:], sum(n.values()), n["migrated"], n["review"], n["manual"]))
            for u in f["uses"]:
                if u["verdict"] == "manual":
                    by_code[u["code"]].append((f["path"], u))
        uses = sum(total.values())
        done = total["migrated"] + total["review"]
        print("%d uses: %d migrated, %d review, %d manual (%.2f %% migrated or review); %d files failed" %
              (uses, total["migrated"], total["review"], total["manual"], 100.0 * done / max(uses, 1), failed))
        if a.manual:
            for code, us in sorted(by_code.items(), key=lambda x: -len(x[1])):
                print("\n%s: %d" % (code, len(us)))
                seen = collections.Counter((u["symbol"], u["message"]) for _, u in us)
                for (symbol, message), n in seen.most_common(12):
                    where = next("%s:%s:%s" % (os.path.basename(p), u.get("cell", ""), u["line"]) for p, u in us if u["symbol"] == symbol)
                    print("  %3d  %s  [%s]\n       %s" % (n, symbol, where, message[:200]))
        if a.pyflakes:
            out = os.path.join(tmp, "out")
            subprocess.run([a.pyxlate, "-o", out, *a.paths], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            changed = {f["path"] for f in data["files"] if f.get("changed")}
            for root, _, names in os.walk(out):
                for name in names:
                    new = os.path.join(root, name)
                    old = next((c for c in changed if c.endswith(os.path.relpath(new, out))), None)
                    if old is None or not name.endswith((".py", ".ipynb")):
                        continue
                    more = flakes(new) - flakes(old)
                    for message, n in more.items():
                        print("pyflakes: %s: %s (%d)" % (old, message, n))
    return 1 if failed else 0


sys.exit(main())
