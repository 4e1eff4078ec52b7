"""Measures pyxlate against its peers and against its own targets.

    python3 scripts/bench/bench.py [--runs N] [--markdown FILE]

Peers are installed by exact version into .bench/: ast-grep from npm, LibCST
from PyPI; grep is the system's. Runs are paired: in each round every command
of a comparison runs once, in turn, and the ratio is taken within the round;
what is shown is the median of the rounds and the range of the ratios.
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import sysconfig
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
HOME = REPOSITORY / ".bench"
AST_GREP = "0.51.1"
LIBCST = "1.8.6"
WORD = "batchai"
PATTERN = ["run", "-l", "py", "-p", "$C.clusters.get($A, $B, $N)", "-r", "ComputeTarget(workspace=ws, name=$N)"]

ROUND = """def step_{i}(a, b):
    # step {i}
    cluster = client.clusters.get('group', 'space', 'cluster{i}')
    print(cluster.name, a + b)
{filler}    return x3


"""
FILLER = "".join(f"    x{k} = a * {k} + len('text {k}')\n" for k in range(15))
HEAD = "from azure.mgmt.batchai import BatchAIManagementClient\n\nclient = BatchAIManagementClient(credentials, 'subscription')\n\n\n"


def sh(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)


def install():
    """The commands to compare, built and installed."""
    HOME.mkdir(exist_ok=True)
    sh("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", HOME / "pyxlate", "./cmd/pyxlate", cwd=REPOSITORY)
    sh("go", "build", "-o", HOME / "parse", "./scripts/bench/parse", cwd=REPOSITORY)
    ast_grep = HOME / "node_modules" / ".bin" / "ast-grep"
    if not ast_grep.exists():
        sh("npm", "install", "--no-audit", "--no-fund", "--prefix", HOME, f"@ast-grep/cli@{AST_GREP}")
    python = HOME / "venv" / "bin" / "python"
    if not python.exists():
        sh(sys.executable, "-m", "venv", HOME / "venv")
        sh(python, "-m", "pip", "install", "--quiet", f"libcst=={LIBCST}")
    return HOME / "pyxlate", HOME / "parse", ast_grep, python


def plain_tree():
    """Over 10,000 files without a use: the standard library, seven times."""
    out = HOME / "plain"
    if not out.exists():
        library = pathlib.Path(sysconfig.get_path("stdlib"))
        files = [f for f in library.rglob("*.py") if "site-packages" not in f.parts and WORD not in f.read_text("latin-1")]
        for i in range(7):
            for f in files:
                copy = out / f"copy{i}" / f.relative_to(library)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(f, copy)
    return out


def uses_tree():
    """Files of which every one has uses: the scripts of examples/, 40 times."""
    out = HOME / "uses"
    shutil.rmtree(out, ignore_errors=True)
    for f in sorted((REPOSITORY / "examples").glob("*/before/*.py")):
        if b"batchai" in f.read_bytes() and f.parent.parent.name not in ("untouched", "syntax-trouble", "several-modules"):
            for i in range(40):
                copy = out / f"copy{i}" / f.parent.parent.name / f.name
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(f, copy)
    return out


def steps(count):
    return HEAD + "".join(ROUND.format(i=i, filler=FILLER) for i in range(count))


def notebook(cells, output_bytes=0):
    def cell(source):
        return {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": source.splitlines(True)}

    all_cells = [cell(HEAD)] + [cell(ROUND.format(i=i, filler=FILLER)) for i in range(cells)]
    if output_bytes:
        all_cells[0]["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * output_bytes}}]
    return json.dumps({"cells": all_cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 2}, indent=1)


def large_files():
    """Inputs of two sizes each, to see that cost grows with size."""
    files = {}
    for name, text in {
        "script of 100,000 lines": steps(5000), "script of 200,000 lines": steps(10000),
        "notebook of 10 MB": notebook(5, 10 << 20), "notebook of 20 MB": notebook(5, 20 << 20),
        "notebook of 500 cells": notebook(500), "notebook of 1,000 cells": notebook(1000),
    }.items():
        path = HOME / (name.replace(" ", "-").replace(",", "") + (".ipynb" if name.startswith("notebook") else ".py"))
        path.write_text(text)
        files[name] = path
    return files


class Run:
    """What one run of a command took."""

    def __init__(self, command):
        start = time.perf_counter()
        process = subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "XDG_STATE_HOME": str(HOME / "state")})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = time.perf_counter() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        self.megabytes = usage.ru_maxrss / 1024
        if process.returncode not in (0, 1):
            sys.exit(f"bench.py: exit status {process.returncode}: {' '.join(map(str, command))}")


def compare(commands, runs):
    """Runs all commands in turn, and gives the runs of each by name."""
    result = {name: [] for name in commands}
    for _ in range(runs + 1):
        for name, command in commands.items():
            result[name].append(Run(command))
    return {name: all_runs[1:] for name, all_runs in result.items()}  # the first warms the cache


def median(runs, what="seconds"):
    return statistics.median(getattr(r, what) for r in runs)


def ratio(a, b):
    """Median and range of a's time over b's, run by run."""
    all_ratios = sorted(x.seconds / y.seconds for x, y in zip(a, b))
    return statistics.median(all_ratios), all_ratios[0], all_ratios[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--markdown", type=pathlib.Path)
    arguments = parser.parse_args()
    lines = []

    def say(text=""):
        print(text, flush=True)
        lines.append(text)

    def target(what, measured, wanted, met):
        say(f"| {what} | {measured} | {wanted} | {'yes' if met else '**no**'} |")

    pyxlate, parse, ast_grep, python = install()
    plain, uses, large = plain_tree(), uses_tree(), large_files()
    small = sorted((REPOSITORY / "examples" / "guide-notebook" / "before").glob("*.ipynb"))[0]

    def size(tree):
        files = list(tree.rglob("*.py"))
        return f"{len(files):,} files, {sum(f.stat().st_size for f in files) / 1e6:.1f} MB"

    cpu = next((l.split(":")[1].strip() for l in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if l.startswith("model name")), "") \
        if pathlib.Path("/proc/cpuinfo").exists() else platform.processor()
    load = os.getloadavg()[0]
    go = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout.strip()
    say(f"Machine: {cpu}, {os.cpu_count()} processors, {platform.system()} {platform.machine()}, {go}, Python {platform.python_version()}; load at the start {load:.1f}.")
    say(f"Peers: ast-grep {AST_GREP} (npm), LibCST {LIBCST} (PyPI), {subprocess.run(['grep', '--version'], capture_output=True, text=True).stdout.splitlines()[0]}.")
    say(f"Rounds: {arguments.runs}, after one to warm the cache.")
    say()
    say(f"- plain: {size(plain)}, none with a use\n- uses: {size(uses)}, each with uses")
    say()

    a = compare({"pyxlate": [pyxlate, "--check", plain], "grep": ["grep", "-rlF", WORD, plain],
                 "ast-grep": [ast_grep, *PATTERN, plain]}, arguments.runs)
    b = compare({"pyxlate": [pyxlate, "--check", uses], "ast-grep": [ast_grep, *PATTERN, uses],
                 "LibCST": [python, REPOSITORY / "scripts" / "bench" / "codemod.py", uses], "parser": [parse, uses]}, arguments.runs)
    c = compare({"pyxlate": [pyxlate, "--check", small]}, max(arguments.runs, 20))
    d = {name: compare({"pyxlate": [pyxlate, "--check", path]}, 1)["pyxlate"] for name, path in large.items()}

    say("| tree | command | seconds | processor seconds | MB |")
    say("|---|---|--:|--:|--:|")
    for tree, result in (("plain", a), ("uses", b), ("one notebook", c)):
        for name, runs in result.items():
            say(f"| {tree} | {name} | {median(runs):.3f} | {median(runs, 'cpu'):.3f} | {max(r.megabytes for r in runs):.0f} |")
    for name, runs in d.items():
        say(f"| {name} | pyxlate | {median(runs):.3f} | {median(runs, 'cpu'):.3f} | {max(r.megabytes for r in runs):.0f} |")
    say()
    say("| target | measured | wanted | met |")
    say("|---|---|---|---|")

    def shown(r):
        return f"{r[0]:.2f} ({r[1]:.2f} to {r[2]:.2f})"

    r = ratio(a["pyxlate"], a["grep"])
    target("no use: time over `grep -rlF`", shown(r), "at most 1.5", r[0] <= 1.5)
    r = ratio(a["ast-grep"], a["pyxlate"])
    target("no use: ast-grep's time over pyxlate's", shown(r), "at least 15", r[0] >= 15)
    r = ratio(b["pyxlate"], b["ast-grep"])
    target("uses everywhere: time over ast-grep's with one pattern", shown(r), "at most 1", r[0] <= 1)
    r = ratio(b["LibCST"], b["pyxlate"])
    target("uses everywhere: the LibCST codemod's time over pyxlate's", shown(r), "at least 20", r[0] >= 20)
    r = ratio(b["parser"], b["pyxlate"])
    target("uses everywhere: throughput over the raw parser's", shown(r), "at least 0.5", r[0] >= 0.5)
    r = median(c["pyxlate"])
    target("one notebook, whole process", f"{r * 1000:.0f} ms", "under 50 ms", r < 0.05)
    r = max(x.megabytes for x in a["pyxlate"] + b["pyxlate"])
    target("memory, both trees", f"{r:.0f} MB", "under 150 MB", r < 150)
    names = list(d)
    for small_name, large_name in zip(names[::2], names[1::2]):
        r = median(d[large_name], "cpu") / median(d[small_name], "cpu")
        target(f"twice the size: {large_name} over {small_name}", f"{r:.2f}", "about 2 or less", r <= 2.5)
    if arguments.markdown:
        arguments.markdown.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
