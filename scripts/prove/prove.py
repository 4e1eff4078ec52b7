"""Runs programs before and after translation against the real SDKs and compares what they ask for.

    python prove.py [--examples] [--recipes DIR] [--golden] [--only TEXT] [-v]

--examples   every example of examples/ (the default)
--recipes    every notebook below DIR, a checkout of Azure/BatchAI; skipped by name where DIR is not there
--golden     take the after side of an example from the repository instead of translating it now
--only       only programs whose path contains TEXT

The old side runs on azure-mgmt-batchai 2.0.0 and, where that refuses the program's calls, on 1.0.1, 0.2.0 and 0.1.0,
at last on 2.0.0 with the calls that only 1.0.1 takes ("mixed"); the run that came furthest counts. Environments are made below .venv-prove/ from the requirements files beside this program.
The exit status is 0 if no program disagrees and none fails after translation that ran before.
"""

import argparse
import collections
import concurrent.futures
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import compare  # noqa: E402
from proof import asks  # noqa: E402
from proof import program  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(HERE))
ENVIRONMENTS = os.path.join(ROOT, ".venv-prove")
VERSIONS = ("2.0.0", "1.0.1", "0.2.0", "0.1.0")

#: name: path shown; tree: directory that is copied as a whole; path: of the program in it; pyxlate and golden: how the
#: after side comes about; settings: of programs.toml
Case = collections.namedtuple("Case", "name tree path golden settings")
Outcome = collections.namedtuple("Outcome", "case verdict reason lines accepted")


def environment(name):
    """The interpreter of an environment, which is made where it is missing or its requirements have changed."""
    requirements = os.path.join(HERE, "requirements-%s.txt" % name)
    directory = os.path.join(ENVIRONMENTS, name)
    python = os.path.join(directory, "bin", "python")
    stamp = os.path.join(directory, "requirements.txt")
    with open(requirements) as f:
        wanted = f.read()
    if os.path.exists(stamp):
        with open(stamp) as f:
            if f.read() == wanted:
                return python
    print("making the environment %s" % name, file=sys.stderr)
    shutil.rmtree(directory, ignore_errors=True)
    base = shutil.which("python3.11") or sys.executable
    subprocess.run([base, "-m", "venv", directory], check=True)
    # The lists are complete: nothing is resolved, so that packages can stand together that ask for other releases of
    # each other than the programs do (requirements-after.txt says which).
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
                    "-r", requirements], check=True)
    with open(stamp, "w") as f:
        f.write(wanted)
    return python


def settings_of(path, table):
    """The settings that programs.toml has for a program: of the first entry whose path the program's ends with."""
    for entry in table:
        if path.endswith(entry["path"]):
            return {k: v for k, v in entry.items() if k != "path"}
    return {}


def examples(table):
    """A case for every Python program of every example."""
    for about in sorted(glob.glob(os.path.join(ROOT, "examples", "*", "before"))):
        name = os.path.basename(os.path.dirname(about))
        for path in programs(about):
            yield Case("%s/%s" % (name, path), about, path, os.path.join(os.path.dirname(about), "after"),
                       settings_of("%s/%s" % (name, path), table))


def recipes(directory, table, scratch):
    """A case for every notebook below `directory`, of a copy in `scratch` with the repairs of programs.toml."""
    copy = os.path.join(scratch, "recipes")
    shutil.copytree(directory, copy, ignore=shutil.ignore_patterns(".git", ".ipynb_checkpoints"))
    for path in programs(copy):
        if path.endswith(".ipynb"):
            settings = settings_of(path, table)
            if "repair" in settings:
                repair(os.path.join(copy, path), *settings.pop("repair"))
            yield Case(path, copy, path, None, settings)


def repair(path, old, new):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    if old not in text:
        raise ValueError("%s: nothing to repair: %s" % (path, old))
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new))


def programs(directory):
    """Programs below a directory: scripts outside of packages, notebooks, pages with Python in them."""
    for folder, folders, files in os.walk(directory):
        folders[:] = sorted(d for d in folders if not d.startswith("."))
        for name in sorted(files):
            path = os.path.join(folder, name)
            if name.endswith((".py", ".ipynb")) and not os.path.exists(os.path.join(folder, "__init__.py")) \
                    or name.endswith(".md") and has_units(path):
                yield os.path.relpath(path, directory)


def has_units(path):
    try:
        return bool(program.load(path))
    except (OSError, UnicodeDecodeError, ValueError):
        return False


class Bench:
    """A directory for the copies in which programs run."""

    def __init__(self, directory):
        self.directory = directory
        self.count = 0

    def copy(self, case, overlay=None):
        """A copy of the case's tree (deep enough for its ../../..), overlaid with translated files; the program's
        path in it."""
        self.count += 1
        tree = os.path.join(self.directory, str(self.count), "a", "b", "c", "tree")
        shutil.copytree(case.tree, tree, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "report.json"))
        if overlay:
            shutil.copytree(overlay, tree, dirs_exist_ok=True, ignore=shutil.ignore_patterns("report.json"))
        return os.path.join(tree, case.path)

    def batch(self, runner, python, work):
        """The results of `work`, a list of (path, settings), run by one runner process."""
        if not work:
            return []
        self.count += 1
        order, out = (os.path.join(self.directory, "%s-%d.json" % (w, self.count)) for w in ("work", "results"))
        with open(order, "w") as f:
            json.dump([{"path": path, "settings": settings} for path, settings in work], f)
        with open(os.path.join(self.directory, "output-%d.txt" % self.count), "w") as log:
            subprocess.run([python, "-W", "ignore", os.path.join(HERE, runner), "--batch", order, "--out", out],
                           check=True, stdout=log, stderr=log)
        with open(out) as f:
            return json.load(f)


def run_before(bench, cases):
    """Result of the old side for each case: on the SDK version on which it came furthest."""
    best = {}
    for version in VERSIONS + ("mixed",):
        work = [c for c in cases if c.settings.get("sdk", version) == version
                and (c not in best or refused(best[c]))]
        if not work:
            continue
        mix = {}
        if version == "mixed":
            old = os.path.dirname(os.path.dirname(environment("before-1.0.1")))
            mix = {"mix": glob.glob(os.path.join(old, "lib", "python*", "site-packages", "azure", "mgmt", "batchai"))[0]}
        results = bench.batch("run_before.py", environment("before-" + ("2.0.0" if mix else version)),
                              [(bench.copy(c), dict(c.settings, **mix)) for c in work])
        for case, result in zip(work, results):
            result["sdk"] = version
            if case not in best or rank(result) > rank(best[case]):
                best[case] = result
    return [best[c] for c in cases]


def refused(result):
    """Did the run stop at something that another version of the SDK may take?"""
    stopped = result["stopped"]
    return bool(stopped) and stopped["error"].startswith(("TypeError", "AttributeError", "ImportError",
                                                          "ModuleNotFoundError", "ValidationError"))


def rank(result):
    return (result["stopped"] is None, len(result["asks"]))


def translate(bench, binary, case):
    """Translates a case's tree; (directory of the translated files, JSON report)."""
    out = os.path.join(bench.directory, "translated-%d" % id(case))
    report = out + ".json"
    subprocess.run([binary, "-o", out, "--report", "json=" + report, case.tree],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(report) as f:
        return out, json.load(f)


def only(report, case):
    """A report with nothing but the files that a case can run: for a tree of unrelated programs its own, for an
    example all."""
    if case.golden:
        return report
    return dict(report, files=[f for f in report["files"] if f["path"].endswith(case.path)])


def after_settings(case, before):
    """What the new side is given: the files that the old one lacked, and the clusters that were there before it."""
    made, there = set(), []
    for ask in before["asks"]:
        if ask["ask"] == "cluster.create":
            made.add(ask["name"])
        elif ask["ask"] in ("cluster.get", "cluster.update", "cluster.delete") and ask["name"] not in made:
            # Under its own name and under the one that the new service takes (accepted.toml, BAI203).
            there += [ask["name"], re.sub(r"[^A-Za-z0-9-]", "-", ask["name"])[:16].rstrip("-")]
    settings = dict(case.settings)
    settings["files"] = sorted(set(case.settings.get("files", [])) | set(before["made_up"]))
    settings["given"] = []
    settings["clusters"] = there
    return settings


def prove(cases, binary, golden, bench):
    """The outcome of every case."""
    skipped = [Outcome(c, "skipped", c.settings["skip"], [], 0) for c in cases if "skip" in c.settings]
    if golden:
        skipped += [Outcome(c, "skipped", "no after side is committed", [], 0) for c in cases
                    if "skip" not in c.settings and c.golden and not os.path.isdir(c.golden)]
    out = {o.case for o in skipped}
    cases = [c for c in cases if c not in out]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        old = pool.submit(run_before, bench, cases)
        trees, sides = {}, []
        for case in cases:
            if case.tree not in trees:
                trees[case.tree] = translate(bench, binary, case)
            out, report = trees[case.tree]
            sides.append((case.golden if golden and case.golden else out, only(report, case)))
        befores = old.result()
    afters = bench.batch("run_after.py", environment("after"), [
        (bench.copy(case, side[0]), after_settings(case, before))
        for case, side, before in zip(cases, sides, befores)])
    accepted = compare.load_accepted()
    outcomes = []
    for case, (_, report), before, after in zip(cases, sides, befores, afters):
        outcomes.append(judge(case, report, before, after, accepted))
        save(bench, case, before, after, report)
    return sorted(outcomes + skipped, key=lambda o: o.case.name)


def judge(case, report, before, after, accepted):
    """Outcome of one case from its two runs."""
    manual = sum(u["verdict"] == "manual" for f in report["files"] for u in f["uses"])
    left, cut = before, ""
    if before["stopped"]:
        cut = "before stops: " + where(before["stopped"])
    right = after
    if after["stopped"] and not (before["stopped"] and same_stop(before, after)):
        reason = "after stops: " + where(after["stopped"])
        if any(a["ask"] == "marked" and a.get("outcome") for a in after["asks"]):
            # What is left by hand is missing: compare as far as the new program came.
            left = dict(before, asks=up_to(before, after, accepted))
            cut = "; ".join(filter(None, [reason, cut]))
        elif before["stopped"] and reached(before, after, accepted):
            # The old program stopped for reasons of its own before that.
            right = dict(after, asks=up_to(after, before, accepted))
            cut = "; ".join([cut, reason])
        else:
            return Outcome(case, "failed", "; ".join(filter(None, [reason, cut])), trace(after), 0)
    elif before["stopped"] and not after["stopped"]:
        # The new program went on where the old one could not: compare as far as the old one came.
        right = dict(after, asks=up_to(after, before, accepted))
    differences = compare.compare(left, right, accepted, compare.told(report))
    agree, lines = compare.verdict(differences)
    count = sum(d[1] is not None for d in differences)
    reason = "; ".join(filter(None, [cut, "" if before["sdk"] == "2.0.0" else "SDK " + before["sdk"]]))
    if not before["asks"] and agree or before["stopped"] and not compare.effects(before["asks"]):
        return Outcome(case, "skipped", cut or "asks the service for nothing", lines, count)
    if manual and not agree:
        return Outcome(case, "by hand", "; ".join(filter(None, [
            "%d uses left by hand, %d differences" % (manual, len(lines)), reason])), lines, count)
    return Outcome(case, "agreed" if agree else "disagreed", reason, lines, count)


def up_to(long, short, accepted):
    """The asks of the run `long` up to the last one that `short`, which stopped, has too."""
    keys = set(keys_of(short, accepted))
    end = 0
    for i, ask in enumerate(long["asks"]):
        if keys & set(keys_of({"asks": [ask]}, accepted)):
            end = i + 1
    return long["asks"][:end]


def keys_of(result, accepted):
    """The keys of the effects of a run, as they are and as the accepted rewritings make them."""
    for ask in compare.effects(result["asks"]):
        yield asks.key(ask)
        new = compare.rewritten(ask, accepted, lambda *_: None)
        if new:
            yield asks.key(new)


def reached(before, after, accepted):
    """Has the new program done everything that the old one did until it stopped?"""
    missing = [what for what, entry, _ in compare.compare(before, after, accepted) if entry is None
               and what.startswith("only before")]
    return not missing


def same_stop(before, after):
    """Did both runs stop at the same error? Lines differ, and the text of a syntax error quotes one."""
    kinds = {r["stopped"]["error"].split(":")[0] for r in (before, after)}
    return before["stopped"]["error"] == after["stopped"]["error"] or kinds == {"SyntaxError"}


def where(stopped):
    return "%s (%s%s)" % (stopped["error"].replace("\n", " ")[:160], stopped["unit"],
                          ", line %s" % stopped["line"] if stopped["line"] else "")


def trace(result):
    return ["| " + line for line in (result["stopped"].get("trace") or "").splitlines()[-12:]]


def save(bench, case, before, after, report):
    base = os.path.join(bench.directory, "results", case.name.replace("/", "__"))
    os.makedirs(os.path.dirname(base), exist_ok=True)
    for kind, value in (("before", [before]), ("after", [after]), ("report", report)):
        with open("%s.%s.json" % (base, kind), "w") as f:
            json.dump(value, f, indent=1, sort_keys=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", action="store_true")
    parser.add_argument("--recipes", metavar="DIR")
    parser.add_argument("--golden", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--binary", default=os.path.join(ROOT, "bin", "pyxlate"))
    parser.add_argument("--keep", metavar="DIR", help="keep the runs and their results in DIR")
    parser.add_argument("-v", "--verbose", action="store_true", help="traces of programs that failed")
    options = parser.parse_args()
    with open(os.path.join(HERE, "programs.toml"), "rb") as f:
        table = tomllib.load(f)["program"]
    if not os.path.exists(options.binary):
        sys.exit("%s is not there: `make build` makes it" % options.binary)
    with tempfile.TemporaryDirectory() as scratch:
        if options.keep:
            shutil.rmtree(options.keep, ignore_errors=True)
            scratch = os.path.abspath(options.keep)
            os.makedirs(scratch)
        cases = []
        if options.examples or not options.recipes:
            cases += examples(table)
        if options.recipes:
            if os.path.isdir(options.recipes):
                cases += recipes(options.recipes, table, scratch)
            else:
                print("recipes: skipped, %s is not there" % options.recipes)
        cases = [c for c in cases if options.only in c.name]
        outcomes = prove(cases, os.path.abspath(options.binary), options.golden, Bench(scratch))
    show(outcomes, options.verbose)
    return 1 if any(o.verdict in ("disagreed", "failed") for o in outcomes) else 0


def show(outcomes, verbose):
    width = max([len(o.case.name) for o in outcomes] + [10])
    for o in outcomes:
        print("%-*s  %-9s  %s" % (width, o.case.name, o.verdict, o.reason))
        if o.verdict == "disagreed" or verbose and o.verdict in ("failed", "by hand"):
            for line in o.lines:
                print("    " + line)
    counts = collections.Counter(o.verdict for o in outcomes)
    print("%d programs: %s; %d accepted differences" % (
        len(outcomes), ", ".join("%d %s" % (n, v) for v, n in sorted(counts.items())),
        sum(o.accepted for o in outcomes)))


# Case holds dicts; its identity is its name.
Case.__hash__ = lambda self: hash(self.name)
Case.__eq__ = lambda self, other: self.name == other.name

if __name__ == "__main__":
    sys.exit(main())
