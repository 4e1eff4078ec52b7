"""Do two programs ask for the same?

    python compare.py [--report FILE] BEFORE.json AFTER.json

compares what run_before.py and run_after.py wrote. Differences that the migration makes on purpose are data: the file
rules/batchai/accepted.toml holds them beside the rules that cause them. An accepted difference counts only if the
report of pyxlate (--report, its JSON report) told the user of it. The exit status is 0 if the two agree.
"""

import argparse
import difflib
import glob
import json
import os
import re
import sys
import tomllib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from proof import asks  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ACCEPTED = os.path.join(ROOT, "rules", "batchai", "accepted.toml")
NOTES = os.path.join(ROOT, "rules", "batchai", "notes.yaml")

#: What an entry of accepted.toml may say; see the head of that file.
ENTRY = {"notes", "why", "ask", "only", "becomes", "field", "before", "after", "words", "to", "option", "where", "drop"}


def load_accepted(path=ACCEPTED):
    """The accepted differences, each checked for misspelled keys."""
    with open(path, "rb") as f:
        entries = tomllib.load(f)["accepted"]
    for entry in entries:
        if set(entry) - ENTRY or not entry.get("why"):
            raise ValueError("%s: an entry with %s" % (path, sorted(entry)))
        entry["ask"] = [entry["ask"]] if isinstance(entry["ask"], str) else entry["ask"]
        if not set(entry["ask"]) <= set(asks.KINDS):
            raise ValueError("%s: no kind of ask is called %s" % (path, entry["ask"]))
    return entries


def told(report, notes_path=NOTES):
    """The codes that a JSON report of pyxlate tells the user about: those of its uses, and those of notes whose text
    stands in a message (a use has one code and can have several notes). None of None: nothing is known."""
    if report is None:
        return None
    uses = [use for f in report["files"] for use in f["uses"]]
    codes = {use["code"] for use in uses}
    messages = "\n".join(use.get("message") or "" for use in uses)
    for code, note in texts(notes_path):
        pieces = [p.strip() for p in re.split(r"\{\w+\}", note) if len(p) > 12]
        if pieces and pieces[0] in messages:
            codes.add(code)
    return codes


def texts(notes_path):
    """(code, text) of the notes and of the reasons of rules, which stand in for notes."""
    with open(notes_path) as f:
        for line in f:
            match = re.match(r'^(BAI\w+): \{.*text: "(.*)"\}', line)
            if match:
                yield match[1], match[2].replace('\\"', '"')
    for path in glob.glob(os.path.join(os.path.dirname(notes_path), "*.yaml")):
        code = None
        with open(path) as f:
            for line in f:
                match = re.match(r"- id: (BAI\w+)|  why: (.*)", line)
                if match and match[1]:
                    code = match[1]
                elif match and code:
                    yield code, match[2].strip("'\"")


def compare(before, after, accepted, codes=None):
    """The differences between two runs.

    before, after  results of the runners
    accepted       load_accepted()
    codes          told(report); None: every accepted difference counts
    Returns a list of (what, accepted entry or None, untold); the two agree if every difference has an entry and none is
    untold.
    """
    left = effects(before["asks"])
    right = effects(after["asks"])
    marked = {a["code"] for a in after["asks"] if a["ask"] == "marked" and a.get("outcome")}
    differences = []

    def note(what, entry):
        untold = bool(entry and codes is not None and entry.get("notes")
                      and not set(entry["notes"]) & (codes | marked))
        differences.append((what, entry, untold))

    left = together([a for a in (rewritten(a, accepted, note) for a in left) if a])
    right = together(right)
    pairs, only_left, only_right = align(left, right)
    for ask in only_left:
        entry = one_side(ask, "before", accepted)
        if entry is None and marked:
            entry = {"why": "left by hand under a mark (%s)" % ", ".join(sorted(marked)), "notes": sorted(marked)}
        note("only before: %s" % text(ask), entry)
    for ask in only_right:
        note("only after: %s" % text(ask), one_side(ask, "after", accepted))
    for a, b in pairs:
        for field, x, y in fields(a, b):
            entry = field_entry(a["ask"], field, x, y, accepted)
            note("%s: %s is %s before and %s after" % (
                " ".join(asks.key(a)), field, json.dumps(x), json.dumps(y)), entry)
    return differences


def effects(all_asks):
    """The asks that change the service or are what the program was run for; a creation, a wait or a look at the
    files of a job that is repeated word for word counts once."""
    out = []
    for ask in all_asks:
        if not asks.KINDS[ask["ask"]].effect:
            continue
        ask = normal(ask)
        if ask["ask"] in ("job.files", "job.download"):
            ask = {k: v for k, v in ask.items() if k in ("ask", "name", "directory")}
        if ask in out and ask["ask"] in ("resource_group.create", "storage.create", "directory.create",
                                         "datastore.register", "cluster.wait", "job.files", "job.download"):
            continue
        out.append(ask)
    return out


def together(effects):
    """`effects` with runs of uploads and of waits for jobs sorted: their order says nothing. Uploads come before the
    directories that are made between them, which is all the same to both."""
    out, start = list(effects), 0
    while start < len(out):
        for kinds in (("upload", "directory.create"), ("job.wait",)):
            end = start
            while end < len(out) and out[end]["ask"] in kinds:
                end += 1
            if end > start:
                run = {asks.key(a): a for a in out[start:end]}
                out[start:end] = [run[k] for k in sorted(run, key=lambda k: (k[0] != "upload", k))]
                end = start + len(run)
                break
        start = max(end, start + 1)
    return out


def normal(value):
    """`value` with numbers in one spelling: 10000, "10000" and 10000.0 are the same on a command line."""
    if isinstance(value, dict):
        return {k: normal(v) for k, v in value.items()}
    if isinstance(value, list):
        return [normal(v) for v in value]
    if isinstance(value, str) and re.fullmatch(r"-?\d*\.?\d+(e-?\d+)?", value):
        return "%.9g" % float(value)
    return value


def rewritten(ask, accepted, note):
    """The ask of the old program with the accepted rewritings applied (other kinds, words of command lines); None
    where it has no counterpart."""
    for entry in accepted:
        if ask["ask"] not in entry["ask"] or not matches(ask, entry):
            continue
        if entry.get("drop"):
            note("%s is not asked for" % text(ask), entry)
            return None
        if "becomes" in entry:
            note("%s becomes %s" % (" ".join(asks.key(ask)), entry["becomes"]), entry)
            ask = dict(ask, ask=entry["becomes"])
        elif "option" in entry:
            ask = without_option(ask, entry, note)
        elif "words" in entry:
            field = entry.get("field", "arguments")
            value = ask.get(field)
            if value is None:
                continue
            new = replace(value, entry["words"], entry["to"])
            if new != value:
                note("%s: %s: %s becomes %s" % (" ".join(asks.key(ask)), field, entry["words"], entry["to"]), entry)
                ask = dict(ask, **{field: new})
    return ask


def replace(value, pattern, to):
    if isinstance(value, list):
        return [v for v in (replace(v, pattern, to) for v in value) if v != ""]
    if isinstance(value, dict):
        return {k: replace(v, pattern, to) for k, v in value.items()}
    return re.sub(pattern, to, str(value))


def without_option(ask, entry, note):
    """Takes options out of the arguments whose value matches entry["option"]; "roles": those in which the command
    lines of the roles of a job differ."""
    words = ask.get("arguments")
    if not words:
        return ask
    drop = set()
    if entry["option"] == "roles":
        for line in (ask.get("roles") or {}).values():
            for i, word in enumerate(words):
                if i and words[i - 1].startswith("-") and i < len(line) and line[i] != word \
                        and line[i - 1] == words[i - 1]:
                    drop.update((i - 1, i))
    else:
        for i, word in enumerate(words):
            if re.fullmatch(entry["option"], word):
                drop.add(i)
                if i and words[i - 1].startswith("-") and "=" not in words[i - 1]:
                    drop.add(i - 1)
    if not drop:
        return ask
    note("%s: without %s" % (" ".join(asks.key(ask)), " ".join(words[i] for i in sorted(drop))), entry)
    ask = dict(ask, arguments=[w for i, w in enumerate(words) if i not in drop])
    if entry["option"] == "roles":
        ask.pop("roles", None)
    return ask


def matches(ask, entry):
    """Does the ask fit the "where" of an entry (field -> regular expression; "" fits an absent field)?"""
    return all(re.fullmatch(pattern, plain(ask.get(field)), re.S) for field, pattern in entry.get("where", {}).items())


def plain(value):
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def align(left, right):
    """Pairs of asks with the same key in the same order, and what is left over on each side."""
    matcher = difflib.SequenceMatcher(None, [asks.key(a) for a in left], [asks.key(a) for a in right], autojunk=False)
    pairs, only_left, only_right = [], [], []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pairs.extend(zip(left[i1:i2], right[j1:j2]))
        else:
            only_left.extend(left[i1:i2])
            only_right.extend(right[j1:j2])
    return pairs, only_left, only_right


def one_side(ask, side, accepted):
    return next((e for e in accepted if e.get("only") == side and ask["ask"] in e["ask"] and matches(ask, e)), None)


def fields(a, b):
    """(field, value before, value after) for every field that is not the same."""
    for field in sorted(set(a) | set(b)):
        if field not in ("ask", "size") and a.get(field) != b.get(field):
            x, y = a.get(field), b.get(field)
            if isinstance(x, dict) and isinstance(y, dict) or field == "environment":
                x, y = x or {}, y or {}
                for key in sorted(set(x) | set(y)):
                    if x.get(key) != y.get(key):
                        yield "%s.%s" % (field, key), x.get(key), y.get(key)
            else:
                yield field, x, y


def field_entry(kind, field, x, y, accepted):
    for entry in accepted:
        if "field" not in entry or "words" in entry or kind not in entry["ask"]:
            continue
        old = re.fullmatch(entry["field"], field) and re.fullmatch(entry.get("before", ".*"), plain(x), re.S)
        # What a group of "before" has found, "after" can name: {name}.
        after = re.sub(r"\{([a-z_]+)\}", lambda m: re.escape(old[m[1]]), entry.get("after", ".*")) if old else None
        if old and re.fullmatch(after, plain(y), re.S):
            return entry
    return None


def text(ask):
    rest = {k: v for k, v in ask.items() if k != "ask" and k not in asks.KINDS[ask["ask"]].key and k != "size"}
    return " ".join(asks.key(ask)) + (" " + json.dumps(rest, sort_keys=True) if rest else "")


def verdict(differences):
    """(agree, lines for a person)"""
    open_ = [d for d in differences if d[1] is None]
    untold = [d for d in differences if d[1] is not None and d[2]]
    lines = ["- " + what for what, _, _ in open_]
    lines += ["- %s (accepted by %s, and the report does not say so)" % (what, "/".join(entry["notes"]))
              for what, entry, _ in untold]
    return not open_ and not untold, lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", help="the JSON report of pyxlate for the program")
    parser.add_argument("-v", "--verbose", action="store_true", help="list accepted differences, too")
    parser.add_argument("before")
    parser.add_argument("after")
    options = parser.parse_args()
    with open(options.before) as f, open(options.after) as g:
        before, after = json.load(f), json.load(g)
    report = None
    if options.report:
        with open(options.report) as f:
            report = json.load(f)
    accepted, codes, good = load_accepted(), told(report), True
    for x, y in zip(before, after):
        differences = compare(x, y, accepted, codes)
        agree, lines = verdict(differences)
        good = good and agree
        print("%s: %s" % (x["path"], "agree" if agree else "disagree"))
        for line in lines:
            print("  " + line)
        if options.verbose:
            for what, entry, _ in differences:
                if entry:
                    print("    accepted: %s [%s]" % (what, "/".join(entry.get("notes", [])) or entry["why"]))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
