"""What both runners share: arguments, a process for each program, the JSON they write."""

import argparse
import json
import os
import random
import sys
import traceback

from proof import asks
from proof import program
from proof import world


def main(doc, prepare, side):
    """Runs the programs of the command line with `side` (run_before.Before or run_after.After)."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settings", help="JSON: environment, define, configuration, files, given; see README.md")
    parser.add_argument("--out", help="file to write to instead of stdout")
    parser.add_argument("--batch", help="JSON file: a list of {path, settings}")
    parser.add_argument("programs", nargs="*", metavar="PROGRAM")
    options = parser.parse_args()
    settings = json.loads(options.settings) if options.settings else {}
    work = [(path, settings) for path in options.programs]
    if options.batch:
        with open(options.batch) as f:
            work += [(entry["path"], entry["settings"]) for entry in json.load(f)]
    prepare()
    # Programs have modules of their own that are called jobs or compare.
    tools = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [p for p in sys.path if os.path.abspath(p or ".") != tools]
    results = [apart(path, side, chosen) for path, chosen in work]
    text = json.dumps(results, indent=1, sort_keys=True)
    if options.out:
        with open(options.out, "w") as f:
            f.write(text)
    else:
        print(text)
    return 0


def apart(path, side, settings):
    """The result of one program, run in a process of its own; its output goes to stderr."""
    sys.stdout.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            os.dup2(2, 1)
            result = one(path, side, settings)
        except BaseException:
            result = {"path": path, "asks": [], "made_up": [], "stopped": {
                "error": "the runner failed: " + traceback.format_exc()[-3000:], "unit": "", "line": None}}
        with os.fdopen(writing, "w") as f:
            json.dump(result, f)
            f.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as f:
        text = f.read()
    os.waitpid(child, 0)
    if not text:
        return {"path": path, "asks": [], "made_up": [],
                "stopped": {"error": "the process of the program ended", "unit": "", "line": None}}
    return json.loads(text)


def one(path, side, settings):
    """Runs the program at `path` in this process."""
    directory, name = os.path.split(os.path.abspath(path))
    os.chdir(directory)
    for extra in settings.get("files", []):
        if not os.path.exists(extra):
            os.makedirs(os.path.dirname(extra) or ".", exist_ok=True)
            with open(extra, "wb") as f:
                f.write(world.body(extra, settings.get("configuration")))
    recorder = asks.Recorder()
    run = side(recorder, settings)
    given = settings.get("given")
    sandbox = program.Sandbox(recorder, given=None if given is None else set(given),
                              environment=settings.get("environment"), define=settings.get("define"),
                              configuration=settings.get("configuration"))
    no_chance()
    run.start()
    stopped = sandbox.run(name, settings.get("limit", 120))
    run.end()
    recorder.end()
    return {"path": path, "asks": [asks.clean(a) for a in recorder.asks], "made_up": sorted(sandbox.made_up),
            "skipped": sandbox.skipped,
            "stopped": stopped, "versions": run.versions()}


def no_chance():
    """Random values become the middle of their range or the first of their choices, in both modules alike."""
    random.uniform = lambda a, b: (a + b) / 2
    random.choice = lambda values: values[0]
    random.randint = lambda a, b: a
    random.random = lambda: 0.5
    try:
        import numpy
    except ImportError:
        return
    numpy.random.uniform = lambda low=0.0, high=1.0, size=None: (low + high) / 2
    numpy.random.randint = lambda low, high=None, size=None: 0 if high is None else low
    numpy.random.choice = lambda a, size=None: a[0]
