"""Programs as units of Python text, and how they are run.

`load` reads scripts, notebooks and Markdown pages; `Sandbox` runs them in a directory of their own: no network, no
sleeping, a standing clock, files and environment variables that the program does not bring made up by world.py.
A statement under a mark (`# TODO(pyxlate CODE): ...`) is expected to fail: it is tried, and what came of it recorded.
"""

import ast
import builtins
import collections
import io
import json
import os
import re
import runpy
import signal
import socket
import sys
import tokenize
import traceback
import types

from proof import world

Unit = collections.namedtuple("Unit", "name text")

MARK = re.compile(r"^\s*#\s*TODO\(pyxlate (BAI\w+|[A-Z]+\w*)\)")
FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>```+|~~~+)[ \t]*\{?[ \t]*\.?(?P<info>[\w+-]*)")


def load(path):
    """The units of Python text of a script (one), a notebook (a code cell each) or a page (a fence each), in order."""
    if path.endswith(".ipynb"):
        with open(path, encoding="utf-8-sig") as f:
            notebook = json.load(f)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        units = []
        for number, cell in enumerate(cells, 1):
            if cell.get("cell_type") != "code":
                continue
            source = cell.get("source", cell.get("input", ""))
            text = source if isinstance(source, str) else "".join(source)
            units.append(Unit("cell %d" % number, without_magics(text)))
        return units
    if path.endswith((".md", ".markdown")):
        with open(path, encoding="utf-8-sig") as f:
            return fences(f.read())
    with tokenize.open(path) as f:
        return [Unit(os.path.basename(path), f.read())]


def without_magics(text):
    """A cell's text with the lines that are IPython's replaced by statements that do nothing; lines keep their place.

    `%%cells` are nothing at all but for those that hold Python (%%time, %%capture), `%run x.py` runs the file.
    """
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is not None and lines[first].lstrip().startswith("%%"):
        if re.match(r"%%(time|timeit|capture|prun)\b", lines[first].lstrip()):
            lines[first] = "pass"
        else:
            return "\n".join("" for _ in lines)
    # A line that starts with % or ! may be the inside of a string or of a bracket: try without touching it first.
    try:
        ast.parse(text)
        return text
    except SyntaxError:
        pass
    out = []
    continued = False
    for line in lines:
        indent = line[:len(line) - len(line.lstrip())]
        stripped = line.strip()
        if continued:
            out.append("")
            continued = stripped.endswith("\\")
        elif stripped.startswith("%run "):
            out.append("%s__run__(%r)" % (indent, stripped.split()[1]))
        elif stripped.startswith(("%", "!")) or re.match(r"^[\w.]+\?{1,2}$|^\?{1,2}[\w.]+$", stripped):
            out.append(indent + "pass")
            continued = stripped.endswith("\\")
        elif re.match(r"^[\w., ]+=\s*[!%]", stripped):
            out.append("%s%s = []" % (indent, stripped.split("=", 1)[0].strip()))
            continued = stripped.endswith("\\")
        else:
            out.append(line)
    return "\n".join(out)


def fences(text):
    """The fences of Python of a Markdown page, each without the indentation of its fence."""
    units, body, opened = [], None, None
    for number, line in enumerate(text.split("\n"), 1):
        match = FENCE.match(line)
        if body is None:
            if match:
                opened = match
                body = [] if match["info"].lower() in ("python", "python3", "py", "ipython3") else False
                start = number
        elif match and match["fence"].startswith(opened["fence"]) and not match["info"]:
            if body is not False:
                units.append(Unit("fence at line %d" % start, "\n".join(body)))
            body = None
        elif body is not False:
            indent = opened["indent"]
            body.append(line[len(indent):] if line.startswith(indent) else line.lstrip())
    return units


def marks(text):
    """The marks of a unit: line of the marked statement (the next line that is no comment) -> code."""
    out, waiting = {}, None
    for number, line in enumerate(text.split("\n"), 1):
        match = MARK.match(line)
        if match:
            waiting = waiting or match[1]
        elif waiting and line.strip() and not line.lstrip().startswith("#"):
            out[number] = waiting
            waiting = None
    return out


class Marker(ast.NodeTransformer):
    """Puts every marked statement into a try whose outcome goes to __marked__(code, line, error or None)."""

    def __init__(self, marked):
        self.marked = marked

    def visit(self, node):
        node = self.generic_visit(node)
        if not isinstance(node, ast.stmt):
            return node
        lines = [node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])]
        code = next((self.marked[line] for line in lines if line in self.marked), None)
        if code is None or isinstance(node, (ast.Return, ast.Break, ast.Continue, ast.FunctionDef, ast.ClassDef)):
            return node
        if not isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try)):
            # Compound statements count for what is inside them, too: only their own line is marked.
            pass
        template = ast.parse(
            "try:\n    pass\n    __marked__(%r, %d, None)\n"
            "except Exception as __error__:\n    __marked__(%r, %d, __error__)" % (code, node.lineno, code, node.lineno)
        ).body[0]
        template.body[0] = node
        for part in ast.walk(template):
            if part is not node and not any(part is inner for inner in ast.walk(node)):
                if hasattr(part, "lineno") or isinstance(part, (ast.stmt, ast.expr, ast.excepthandler)):
                    ast.copy_location(part, node)
        return template


class Finished(Exception):
    """A run took longer than its limit."""


class Sandbox:
    """Runs one program in the current directory, which the caller has made for it.

    recorder     asks.Recorder
    given        relative path -> True: files that may be made up when they are missing; None: all may
    environment  variables of programs.toml
    define       names of programs.toml that every unit may read: name -> expression of Python
    """

    def __init__(self, recorder, given=None, environment=None, define=None, configuration=None):
        self.recorder = recorder
        self.given = given
        self.environment = environment or {}
        self.define = define or {}
        self.configuration = configuration
        self.made_up = {}
        self.skipped = []
        self.directory = os.getcwd()

    # -- what is not there ------------------------------------------------------------------------------------------

    def make_up(self, path):
        """Makes a file that the program reads and does not bring; False if that is not to be."""
        if not isinstance(path, (str, bytes, os.PathLike)):
            return False
        path = os.fsdecode(path)
        name = re.split(r"[/\\]", path)[-1]
        absolute = os.path.abspath(path)
        inside = absolute.startswith(os.path.dirname(os.path.dirname(os.path.dirname(self.directory))) + os.sep)
        known = name.endswith((".json", ".yml", ".yaml", ".txt", ".pub", ".py", ".sh", ".csv"))
        if name.startswith(".") or not (known or inside):
            return False
        relative = os.path.relpath(absolute, self.directory)
        if self.given is not None and relative not in self.given:
            return False
        body = world.body(path, self.configuration)
        self.made_up[os.path.relpath(absolute, self.directory)] = True
        return body

    def inside(self, path):
        """The place in this run for an absolute path of another machine (/mnt/data/x), other paths as they are."""
        if isinstance(path, str) and path.startswith(("/mnt/", "/data/", "/run/", "/home/", "/datadrive/")) \
                and not path.startswith(os.path.dirname(self.directory)):
            return os.path.join(self.directory, ".root", path[1:])
        return path

    def stat(self, path, **kwargs):
        try:
            return self._stat(path, **kwargs)
        except FileNotFoundError:
            if self.inside(path) == path:
                raise
            return self._stat(self.inside(path), **kwargs)

    def open(self, file, mode="r", *args, **kwargs):
        if self.running and self.inside(file) != file and not os.path.lexists(file):
            file = self.inside(file)
        try:
            return self._open(file, mode, *args, **kwargs)
        except FileNotFoundError:
            if not isinstance(mode, str) or any(c in mode for c in "wxa+"):
                raise
            if not self.running:
                raise
            body = self.make_up(file)
            if body is False:
                raise
            path = os.path.abspath(os.fsdecode(file))
            try:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with self._open(path, "wb") as f:
                    f.write(body)
                return self._open(file, mode, *args, **kwargs)
            except OSError:
                return io.BytesIO(body) if "b" in mode else io.StringIO(body.decode())

    def size(self, path):
        """os.path.getsize: the storage SDK asks for a file's size before it opens it."""
        try:
            return os.stat(path).st_size
        except FileNotFoundError:
            with self.open(path, "rb"):
                return os.stat(path).st_size

    # -- the run ----------------------------------------------------------------------------------------------------

    def run(self, path, limit=120):
        """Runs the program at `path` (a file name in the current directory) and returns None or why it stopped.

        The reason is a dict: error (type and text), unit, line, and trace for a person.
        """
        units = load(path)
        namespace = {"__name__": "__main__", "__file__": os.path.abspath(path), "__builtins__": builtins}
        namespace["get_ipython"] = lambda: types.SimpleNamespace(
            run_line_magic=lambda *a: None, magic=lambda *a: None, system=lambda *a: None)
        namespace["display"] = lambda *values: None
        namespace["__run__"] = lambda name: namespace.update(runpy.run_path(name, run_name="__main__"))
        namespace["__marked__"] = self.marked
        self.prepare(units)
        sys.argv = [path]
        sys.path.insert(0, os.getcwd())
        signal.signal(signal.SIGALRM, self.finished)
        signal.alarm(limit)
        unit = Unit("start", "")
        try:
            for name, expression in self.define.items():
                namespace[name] = eval(expression, namespace)
            for unit in units:
                try:
                    tree = ast.parse(unit.text, unit.name)
                except SyntaxError:
                    if len(units) == 1:
                        raise
                    # A cell or fence that does not parse fails on its own; a reader goes on with the next.
                    self.skipped.append(unit.name)
                    continue
                tree = Marker(marks(unit.text)).visit(tree)
                exec(compile(ast.fix_missing_locations(tree), unit.name, "exec"), namespace)
        except SystemExit as stop:
            if stop.code in (None, 0):
                return None
            return dict(error="SystemExit: %s" % stop.code, unit=unit.name, line=None, trace="")
        except BaseException as error:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == unit.name]
            line = frames[-1].lineno if frames else getattr(error, "lineno", None)
            return dict(error="%s: %s" % (type(error).__name__, str(error).strip()[:500]), unit=unit.name,
                        line=line, trace=traceback.format_exc()[-4000:])
        finally:
            signal.alarm(0)
            self.running = False
        return None

    def finished(self, *_):
        raise Finished("the program was still running")

    def marked(self, code, line, error):
        """What came of a marked statement."""
        self.recorder.add("marked", code=code, line=line,
                          outcome=None if error is None else "%s: %s" % (type(error).__name__, str(error)[:200]))

    def prepare(self, units):
        """No network, no sleeping, no questions; a clock that stands; variables that the program asks for."""
        texts = [unit.text for unit in units]
        for folder, _, files in os.walk("."):
            for file in sorted(files):
                if file.endswith(".py"):
                    with open(os.path.join(folder, file), encoding="utf-8", errors="replace") as f:
                        texts.append(f.read())
        for text in texts:
            # Without a default: with one the program can do without.
            for name in re.findall(r"(?:environ\[|environ\.get\(|getenv\()\s*['\"](\w+)['\"]\s*[\])]", text):
                if name not in os.environ:
                    os.environ[name] = world.environment_value(name)
        os.environ.update(self.environment)
        self.running = True
        self._open = builtins.open
        builtins.open = self.open
        io.open = self.open
        os.path.getsize = self.size
        self._stat = os.stat
        os.stat = self.stat
        builtins.input = lambda *a: "proof"
        import getpass
        import time
        getpass.getpass = lambda *a, **k: world.PASSWORD
        sleep = time.sleep
        time.sleep = lambda seconds: sleep(min(seconds, 0.005))
        stop_the_clock()
        no_network()


def stop_the_clock():
    """datetime.now, utcnow and today and time.strftime answer world.NOW."""
    import datetime
    import time

    real = datetime.datetime

    class Standing(type(real)):
        def __instancecheck__(cls, value):
            return isinstance(value, real)

        def __subclasscheck__(cls, other):
            return issubclass(other, real)

    class datetime_(real, metaclass=Standing):
        @classmethod
        def now(cls, tz=None):
            return world.NOW if tz is None else world.NOW.replace(tzinfo=datetime.timezone.utc).astimezone(tz)

        @classmethod
        def utcnow(cls):
            return world.NOW

        @classmethod
        def today(cls):
            return world.NOW

    datetime_.__name__ = datetime_.__qualname__ = "datetime"
    datetime.datetime = datetime_
    strftime = time.strftime
    time.strftime = lambda form, t=None: strftime(form, t or world.NOW.timetuple())


def no_network():
    """Opening a connection raises."""
    def refused(*_, **__):
        raise ConnectionError("the proof runs without a network")

    socket.socket.connect = refused
    socket.create_connection = refused
    socket.getaddrinfo = refused
