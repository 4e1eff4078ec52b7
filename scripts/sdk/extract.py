#!/usr/bin/env python3
"""Write rules/sdk/tables/: the surfaces of the SDKs, read from the real packages at exact versions.

    scripts/sdk/extract.py            download what packages.toml lists and write the tables
    scripts/sdk/extract.py --check    extract again and compare with the tables that are checked in
    scripts/sdk/extract.py NAME...    only these packages (and what they use)

The packages are downloaded with pip (no dependencies), unpacked and read as source; nothing is installed or run, so
packages that no longer import are no problem. Needs Python 3.11 or newer; everything else goes to .venv-sdk/.
"""

import argparse
import difflib
import json
import pathlib
import subprocess
import sys
import tomllib
import venv
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
TABLES = REPOSITORY / "rules" / "sdk" / "tables"
WORK = REPOSITORY / ".venv-sdk"

sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))
import surface  # noqa: E402

FORMAT = 1  # of the tables; rules/sdk/table.go checks it


def label(spec):
    return "%s-%s" % (spec["name"], spec["version"])


def load_specs():
    with open(HERE / "packages.toml", "rb") as f:
        config = tomllib.load(f)
    specs = {}
    for spec in config["package"]:
        merged = {**config.get("defaults", {}), **spec}
        specs[label(merged)] = merged
    return specs


def source(spec):
    """The directory with the package's source: a stub directory of this repository, or a wheel, unpacked."""
    if "stubs" in spec:
        return REPOSITORY / spec["stubs"]
    target = WORK / "src" / label(spec)
    if target.exists():
        return target
    python = WORK / "bin" / "python"
    if not python.exists():
        venv.create(WORK, with_pip=True)
    wheels = WORK / "wheels" / label(spec)
    subprocess.run(
        [python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--only-binary", ":all:", "--dest", wheels, "%s==%s" % (spec["name"], spec["version"])], check=True)
    wheel, = wheels.glob("*.whl")
    partial = target.with_suffix(".partial")
    with zipfile.ZipFile(wheel) as z:
        for member in z.namelist():
            if member.endswith((".py", ".pyi")) or member.endswith("/METADATA"):
                z.extract(member, partial)
    partial.rename(target)
    return target


def render(spec, table):
    """One line for each alias and symbol, in order of their names: what Go looks up by bisection, and what makes a
    difference between two versions readable."""
    head = {"format": FORMAT, "package": spec["name"], "version": spec["version"],
            "roots": spec["roots"]}
    lines = ["{"]
    for key, value in head.items():
        lines.append("%s: %s," % (json.dumps(key), json.dumps(value)))
    for key, last in (("aliases", False), ("symbols", True)):
        lines.append("%s: {" % json.dumps(key))
        entries = sorted(table[key].items())
        for i, (name, value) in enumerate(entries):
            comma = "," if i < len(entries) - 1 else ""
            lines.append("%s: %s%s" % (json.dumps(name), json.dumps(value, ensure_ascii=False), comma))
        lines.append("}" if last else "},")
    lines.append("}")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare, write nothing; exit status 1 if they differ")
    parser.add_argument("packages", nargs="*", help="names or name-version labels; default: all")
    args = parser.parse_args()
    specs = load_specs()
    wanted = [k for k, s in specs.items() if not args.packages or k in args.packages or s["name"] in args.packages]
    if not wanted:
        parser.error("no such package in packages.toml")

    built = {}

    def build(key):
        if key not in built:
            spec = specs[key]
            uses = [build(u) for u in spec.get("uses", [])]
            built[key] = surface.Package(spec, str(source(spec)), uses)
        return built[key]

    differ = False
    if not args.check:
        TABLES.mkdir(parents=True, exist_ok=True)
    for key in wanted:
        text = render(specs[key], build(key).table())
        path = TABLES / (key + ".json")
        if not args.check:
            path.write_text(text, encoding="utf-8", newline="\n")
            print("%s: %d symbols, %d bytes" % (key, text.count('"kind": "'), len(text)))
            continue
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if old != text:
            differ = True
            sys.stdout.writelines(list(difflib.unified_diff(
                old.splitlines(True), text.splitlines(True), str(path), "extracted again", n=0))[:40])
    if not args.packages:
        for path in sorted(TABLES.glob("*.json")):
            if path.stem not in specs:
                print("%s: not in packages.toml" % path)
                differ = True
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
