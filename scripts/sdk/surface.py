"""The public surface of a Python package, read from its source with `ast`; nothing is imported or run.

A Package parses its modules, follows imports (within itself and into the packages it is allowed to use), gives every
definition one canonical public name, and describes it. The result of Package.table() is what extract.py writes.
"""

import ast
import fnmatch
import os
import re

import doctype

# Dunder methods that say something about how instances are used.
SPECIAL_METHODS = {"__getitem__", "__setitem__", "__iter__", "__next__", "__call__", "__getattr__", "__len__",
                   "__enter__", "__contains__"}
ENUM_BASES = {"enum.Enum", "enum.IntEnum", "enum.Flag", "enum.IntFlag"}


class Definition:
    """A class, function or constant at the top of a module, or a class inside a class."""

    def __init__(self, module, name, node, kind):
        self.module, self.name, self.node, self.kind = module, name, node, kind


class Module:
    """One source file and what its top level binds."""

    def __init__(self, package, name, path, is_package):
        self.package, self.name, self.is_package = package, name, is_package
        self.is_stub = path.endswith(".pyi")
        with open(path, encoding="utf-8-sig") as f:
            self.tree = ast.parse(f.read(), path)
        self.bindings = {}      # name -> [("def", Definition) | ("from", module, name) | ("module", module)]
        self.stars = []
        self.all = None
        self._scan(self.tree.body)

    def _bind(self, name, value):
        self.bindings.setdefault(name, []).append(value)

    def _scan(self, body):
        for node in body:
            if isinstance(node, ast.ClassDef):
                self._bind(node.name, ("def", Definition(self, node.name, node, "class")))
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._bind(node.name, ("def", Definition(self, node.name, node, "function")))
            elif isinstance(node, ast.Import):
                for a in node.names:
                    if a.asname:
                        self._bind(a.asname, ("module", a.name))
                    else:
                        self._bind(a.name.split(".")[0], ("module", a.name.split(".")[0]))
            elif isinstance(node, ast.ImportFrom):
                source = self._absolute(node.module, node.level)
                for a in node.names:
                    if a.name == "*":
                        self.stars.append(source)
                    else:
                        self._bind(a.asname or a.name, ("from", source, a.name))
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for t in targets:
                    if isinstance(t, ast.Name) and node.value is not None:
                        if t.id == "__all__":
                            self.all = _strings(node.value)
                        elif isinstance(node.value, (ast.Name, ast.Attribute)):
                            self._bind(t.id, ("same", node.value))
                        else:
                            self._bind(t.id, ("def", Definition(self, t.id, node, "constant")))
            elif isinstance(node, ast.Try):
                # The first alternative is the one a current Python takes; the others stay reachable as aliases.
                self._scan(node.body)
                for handler in node.handlers:
                    self._scan(handler.body)
                self._scan(node.orelse)
            elif isinstance(node, ast.If):
                self._scan(node.body)
                self._scan(node.orelse)

    def _absolute(self, module, level):
        if level == 0:
            return module
        parts = self.name.split(".")
        if not self.is_package:
            parts = parts[:-1]
        if level > 1:
            parts = parts[:-(level - 1)]
        return ".".join(parts + ([module] if module else []))


def _strings(node):
    try:
        return [s for s in ast.literal_eval(node) if isinstance(s, str)]
    except ValueError:
        return None


def _unparse(node):
    return ast.unparse(node)


class Package:
    """One package at one version. `spec` is its entry in packages.toml; `uses` are the Packages it may refer to."""

    def __init__(self, spec, root, uses):
        self.spec, self.root, self.uses = spec, root, uses
        self.modules = {}       # name -> Module or None, parsed on demand
        self.paths = {}         # module name -> (path, is_package)
        self._index()
        self.canonical = {}     # (module, name) -> canonical qualified name
        self.aliases = {}       # other public path -> canonical
        self.defs = {}          # canonical -> Definition
        self.public_modules = sorted(m for m in self.paths if self._selected(m))
        self._name_definitions()
        self.by_last = {}
        for q in self.defs:
            self.by_last.setdefault(q.rsplit(".", 1)[1], []).append(q)

    # ---- modules -----------------------------------------------------------------------------------------------

    def _index(self):
        for top, _, files in os.walk(self.root):
            for name in files:
                stem, ext = os.path.splitext(name)
                if ext not in (".py", ".pyi"):
                    continue
                rel = os.path.relpath(os.path.join(top, stem), self.root).replace(os.sep, ".")
                is_package = stem == "__init__"
                if is_package:
                    rel = rel.rpartition(".")[0]
                    if not rel:
                        continue
                if ext == ".py" and rel in self.paths:
                    continue
                self.paths[rel] = (os.path.join(top, name), is_package)

    def _selected(self, module):
        parts = module.split(".")
        if any(p.startswith("_") for p in parts):
            return False
        if any(fnmatch.fnmatchcase(module, p) for p in self.spec.get("exclude", [])):
            return False
        return any(fnmatch.fnmatchcase(module, p) for p in self.spec["modules"])

    def module(self, name):
        """The Module of that name, here or in a package in use; None for anything else."""
        if name in self.paths:
            if name not in self.modules:
                path, is_package = self.paths[name]
                self.modules[name] = Module(self, name, path, is_package)
            return self.modules[name]
        for p in self.uses:
            if name in p.paths:
                return p.module(name)
        return None

    # ---- names -------------------------------------------------------------------------------------------------

    def lookup(self, module, name, seen=()):
        """All that `name` may be in `module`: ("def", Definition), ("module", name) or ("external", dotted)."""
        key = (module.name, name)
        if key in seen:
            return []
        seen = seen + (key,)
        found = []
        for b in module.bindings.get(name, []):
            if b[0] == "def":
                found.append(b)
            elif b[0] == "module":
                found.append(("module", b[1]))
            elif b[0] == "same":
                found += self.lookup_expr(module, b[1], seen)
            else:
                found += self._imported(b[1], b[2], seen)
        if not found:
            for star in module.stars:
                target = self.module(star)
                if target:
                    found += self.lookup(target, name, seen)
        return found

    def _imported(self, source, name, seen):
        target = self.module(source)
        if target:
            found = self.lookup(target, name, seen)
            if found:
                return found
        if self.module(source + "." + name):
            return [("module", source + "." + name)]
        return [("external", source + "." + name)]

    def lookup_expr(self, module, node, seen=()):
        """What a dotted name in `module` stands for."""
        if isinstance(node, ast.Name):
            return self.lookup(module, node.id, seen)
        if isinstance(node, ast.Attribute):
            out = []
            for kind, what in self.lookup_expr(module, node.value, seen):
                if kind == "module":
                    out += self._imported(what, node.attr, seen)
                elif kind == "external":
                    out.append(("external", what + "." + node.attr))
                elif kind == "def" and what.kind == "class":
                    for child in what.node.body:
                        if isinstance(child, ast.ClassDef) and child.name == node.attr:
                            out.append(("def", _nested(what, child)))
            return out
        return []

    def _name_definitions(self):
        paths = {}      # (module, name) -> [(rank, path)]
        variants = {}   # (module, name) of an alternative -> (module, name) of the first choice
        defs = {}
        for m in self.public_modules:
            module = self.module(m)
            names = list(module.bindings)
            for star in module.stars:
                target = self.module(star)
                if target:
                    names += [n for n in (target.all or target.bindings) if not n.startswith("_")]
            for name in dict.fromkeys(names):
                if name.startswith("_") and name != "__version__":
                    continue
                if module.is_stub and not any(b[0] == "def" for b in module.bindings.get(name, [])):
                    continue    # what a stub imports it does not export
                found = [w for k, w in self.lookup(module, name) if k == "def"]
                for i, d in enumerate(found):
                    key = (d.module.name, d.name)
                    if i > 0:
                        variants.setdefault(key, (found[0].module.name, found[0].name))
                    rank = 0 if d.module is module or module.is_package else 1
                    paths.setdefault(key, []).append((rank if i == 0 else 2, m + "." + name))
                    defs[key] = d
        # Base classes that have no public path still carry members.
        todo = list(defs.values())
        while todo:
            d = todo.pop()
            if d.kind != "class":
                continue
            for kind, base in self.bases(d):
                if kind == "def" and base.module.package is self:
                    key = (base.module.name, base.name)
                    if key not in paths:
                        paths[key] = [(3, base.module.name + "." + base.name)]
                        defs[key] = base
                        todo.append(base)
        owners = {}
        for key, options in sorted(paths.items()):
            if defs[key].module.package is not self or key in variants:
                continue
            if all(rank in (1, 2) for rank, _ in options):
                continue    # only what a public module happens to import from a private one
            canonical = min(options, key=lambda o: (o[0] > 0, o[0], o[1].count("."), o[1]))[1]
            moved = self.spec.get("moved", {}).get(canonical)
            if moved:
                self.aliases[canonical] = moved
                canonical = moved
            if canonical in owners:
                raise SystemExit("two definitions for %s: %s and %s" % (canonical, owners[canonical], key))
            owners[canonical] = key
            self.canonical[key] = canonical
            self.defs[canonical] = defs[key]
        for key, first in variants.items():
            if first in self.canonical and key not in self.canonical:
                self.canonical[key] = self.canonical[first]
        for key, options in paths.items():
            target = self.canonical.get(key) or self._foreign(defs[key])
            for _, path in options:
                if target and path != target:
                    self.aliases.setdefault(path, target)
        for path in list(self.aliases):
            if path in self.defs:
                del self.aliases[path]
        for path in self.spec.get("moved", {}):
            if path not in self.aliases:
                raise SystemExit("%s %s has no %s to move" % (self.spec["name"], self.spec["version"], path))

    def _foreign(self, d):
        return d.module.package.canonical.get((d.module.name, d.name))

    def name_of(self, d):
        """The canonical name of a definition, nested classes included; None where it has none."""
        if isinstance(d, _Nested):
            outer = self.name_of(d.outer)
            return outer and outer + "." + d.name
        return d.module.package.canonical.get((d.module.name, d.name))

    def find(self, dotted):
        """The canonical name of what a documentation's dotted class name stands for, or None."""
        for p in [self] + self.uses:
            if dotted in p.defs:
                return dotted
            if dotted in p.aliases:
                return p.aliases[dotted]
            if dotted in p.paths:
                continue
            head, _, last = dotted.rpartition(".")
            module = p.module(head) if head else None
            if module:
                for kind, d in p.lookup(module, last):
                    if kind == "def" and d.kind == "class" and self.name_of(d):
                        return self.name_of(d)
            elif head and (head in p.defs or head in p.aliases):
                outer = p.defs.get(head) or p.defs.get(p.aliases[head])
                if outer and outer.kind == "class":
                    for child in outer.node.body:
                        if isinstance(child, ast.ClassDef) and child.name == last:
                            return self.name_of(_nested(outer, child))
        return None

    # ---- types -------------------------------------------------------------------------------------------------

    def type_of(self, text, module):
        """Normalise a type that the documentation or an annotation in `module` names."""
        def resolve(name, args):
            for old, new in self.spec.get("rename", {}).items():
                if name == old or name.startswith(old + "."):
                    name = new + name[len(old):]
            if "." in name:
                found = self.find(name)
                if not found and not self._known(name):
                    return name
            else:
                found = None
                for kind, d in self.lookup(module, name):
                    if kind == "def" and d.kind == "class" and self.name_of(d):
                        found = self.name_of(d)
                        break
                    if kind == "external":
                        return doctype.SPELLINGS.get(d, d)
                if not found:
                    found = self._unique(name)
            if not found:
                return doctype.UNKNOWN
            return self._instance(found)
        return doctype.normalise(text, resolve)

    def _known(self, name):
        return any(name == r or name.startswith(r + ".") for p in [self] + self.uses for r in p.spec["roots"])

    def _unique(self, name):
        found = [q for p in [self] + self.uses for q in p.by_last.get(name, []) if p.defs[q].kind == "class"]
        return found[0] if len(found) == 1 else None

    def _instance(self, qname):
        """The type of an instance of the class: paged[T] for a paging container of T, otherwise its name."""
        d = next((p.defs[qname] for p in [self] + self.uses if qname in p.defs), None)
        if d is not None and d.kind == "class" and qname.endswith("Paged"):
            for key, value in _class_dict(d.node, "_attribute_map").items():
                if key == "current_page":
                    inner = self.map_type(value.get("type", ""), d.module)
                    return "paged" + inner[len("list"):]
        if d is not None and d.kind == "class" and qname.endswith("ListResult") or qname.endswith("ListUsagesResult"):
            # Track 2 documents ItemPaged[XListResult]; what it iterates over is the element of `value`.
            for key, value in _class_dict(d.node, "_attribute_map").items():
                if key == "value":
                    return self.map_type(value.get("type", ""), d.module)[len("list["):-1]
        return qname

    def map_type(self, text, module):
        """A type in the notation of msrest's _attribute_map: 'str', '[Cluster]', '{str}', 'iso-8601'."""
        text = text.strip()
        if text.startswith("["):
            return "list[%s]" % self.map_type(text[1:-1], module)
        if text.startswith("{"):
            return "dict[str,%s]" % self.map_type(text[1:-1], module)
        known = doctype.SPELLINGS.get(text, text)
        if known in doctype.BUILTINS or "." in known:
            return known
        package = module.name.rsplit(".", 1)[0]
        for where in (module.name, package):
            m = self.module(where)
            for kind, d in self.lookup(m, text) if m else []:
                if kind == "def" and d.kind == "class" and self.name_of(d):
                    return self.name_of(d)
        return self._unique(text) or doctype.UNKNOWN

    # ---- classes -----------------------------------------------------------------------------------------------

    def bases(self, d):
        out = []
        exprs = []
        for b in d.node.bases:
            if isinstance(b, ast.Call) and _unparse(b.func).endswith("with_metaclass"):
                exprs += b.args[1:]
            elif isinstance(b, ast.Subscript):
                exprs.append(b.value)
            else:
                exprs.append(b)
        for e in exprs:
            found = [f for f in self.lookup_expr(d.module, e) if f[0] != "def" or f[1].kind == "class"]
            if found:
                out.append(found[0])
            elif self.lookup_expr(d.module, e):
                continue    # ABC = ABCMeta(...): says nothing about the surface
            else:
                out.append(("external", _unparse(e)))
        return out

    def mro(self, d):
        """The definitions of a class and its bases, depth first; good enough without diamonds."""
        out, todo = [], [d]
        while todo:
            c = todo.pop(0)
            if any(c.node is o.node for o in out):
                continue
            out.append(c)
            todo = [b for k, b in self.bases(c) if k == "def" and b.kind == "class"] + todo
        return out

    def base_names(self, d):
        out = []
        for kind, b in self.bases(d):
            if kind == "def":
                name = self.name_of(b)
                if name:
                    out.append(name)
                elif b.kind == "class":
                    # A base outside the selection: go on to what it derives from.
                    out += self.base_names(b)
            elif kind == "external" and b not in ("object", "abc.ABC", "ABC"):
                out.append(b)
        return list(dict.fromkeys(out))

    def is_enum(self, d):
        for c in self.mro(d):
            for kind, b in self.bases(c):
                if kind == "external" and b in ENUM_BASES:
                    return True
        return False

    def constructor(self, d, depth=0):
        """The parameters that calling the class takes; None where only a class outside the sources knows."""
        if self.is_enum(d):
            return [{"name": "value", "kind": "pos", "required": True}]
        for c in self.mro(d):
            methods = {n.name: n for n in c.node.body if isinstance(n, ast.FunctionDef)}
            fn = methods.get("__init__")
            new = methods.get("__new__")
            if new is not None and (fn is None or (fn.args.vararg and fn.args.kwarg)):
                fn = new
            if fn is None:
                continue
            params = self.params(fn, c, skip_first=True, class_doc=ast.get_docstring(c.node, clean=True))
            return self._forwarded(params, fn, c, depth)
        for c in self.mro(d):
            for kind, b in self.bases(c):
                if kind == "external" and b not in ("object", "abc.ABC", "ABC"):
                    return [{"name": "args", "kind": "var"}, {"name": "kwargs", "kind": "varkw"}]
        return []

    def _forwarded(self, params, fn, d, depth):
        """Resolve **kwargs of a constructor: to the keywords of the base's that it hands them to, to the keywords
        that the class documents as optional, or to nothing where the base ignores unknown names."""
        rest = next((p for p in params if p["kind"] == "varkw"), None)
        if rest is None or depth > 8:
            return params
        named = [p for p in params if p is not rest]
        have = {p["name"] for p in named}
        documented = _optional_kwargs(ast.get_docstring(d.node, clean=True) or "")
        if documented:
            for name, typ in documented:
                if name not in have:
                    named.append(_drop({"name": name, "kind": "kw", "default": "...",
                                        "type": self.type_of(typ, d.module)}))
            return named
        call = next((n for n in ast.walk(fn) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
                     and n.func.attr in ("__init__", "__new__") and isinstance(n.func.value, ast.Call)
                     and _unparse(n.func.value.func) == "super"
                     and any(k.arg is None and _unparse(k.value) == rest["name"] for k in n.keywords)), None)
        if call is None:
            return params
        given = {k.arg for k in call.keywords}
        for kind, base in self.bases(d):
            if kind != "def":
                continue
            name = self.name_of(base) or base.module.name + "." + base.name
            if name in self.spec.get("closed_bases", []):
                return named
            inherited = self.constructor(base, depth + 1)
            if any(isinstance(a, ast.Starred) for a in call.args):
                # Hands on *args too: calling it is calling the base, if that is all it takes.
                return inherited if all(p["kind"] == "var" for p in named) else params
            inherited = inherited[len([a for a in call.args if not isinstance(a, ast.Starred)]):]
            for p in inherited:
                if p["name"] in have or p["name"] in given:
                    continue
                if p["kind"] == "varkw":
                    named.append(p)
                elif p["kind"] != "var":
                    named.append(dict(p, kind="kw"))
            return named
        return params

    def params(self, fn, owner, skip_first, class_doc=None):
        types, notes = self._param_docs(fn, owner.module, class_doc)
        a = fn.args
        positional = a.posonlyargs + a.args
        defaults = [None] * (len(positional) - len(a.defaults)) + list(a.defaults)
        out = []

        def add(arg, kind, default):
            p = {"name": arg.arg, "kind": kind}
            if default is not None:
                p["default"] = _unparse(default)
            elif kind in ("pos", "posonly", "kw"):
                p["required"] = True
            typ = types.get(arg.arg, "")
            if arg.annotation is not None and not typ:
                typ = self.type_of(_unparse(arg.annotation), owner.module)
            if typ:
                p["type"] = typ
            if notes.get(arg.arg):
                p["deprecated"] = notes[arg.arg]
            if kind == "pos" and arg.arg in self.spec.get("transport", []):
                p["transport"] = True
            if kind == "varkw" and arg.arg in self.spec.get("varkw", {}):
                p["keys"] = sorted(self.spec["varkw"][arg.arg])
            out.append(p)

        for i, (arg, default) in enumerate(zip(positional, defaults)):
            if skip_first and i == 0:
                continue
            add(arg, "posonly" if i < len(a.posonlyargs) else "pos", default)
        if a.vararg:
            add(a.vararg, "var", None)
        for arg, default in zip(a.kwonlyargs, a.kw_defaults):
            add(arg, "kw", default)
        if a.kwarg:
            add(a.kwarg, "varkw", None)
            out[-1].pop("type", None)
            keywords = self._keyword_docs(fn, owner.module)
            if keywords and "keys" not in out[-1]:
                # A documented **kwargs: the documented names are parameters.
                for name, typ in keywords:
                    if all(p["name"] != name for p in out):
                        out.insert(len(out) - 1, _drop({"name": name, "kind": "kw", "default": "...", "type": typ}))
        return out

    def _param_docs(self, fn, module, class_doc):
        """Types and deprecation notes by parameter name."""
        types, notes = {}, {}
        for doc in (class_doc, ast.get_docstring(fn, clean=True)):
            _, fields = doctype.fields(doc)
            for field, argument, body in fields:
                if field in ("type", "paramtype"):
                    typ = self.type_of(doctype.first_paragraph(body), module)
                    if typ:
                        types[argument.split()[-1] if argument else ""] = typ
                elif field in ("param", "keyword", "params"):
                    words = argument.split()
                    if not words:
                        continue
                    if len(words) > 1:
                        typ = self.type_of(" ".join(words[:-1]), module)
                        if typ:
                            types.setdefault(words[-1], typ)
                    note = _deprecation_note(body)
                    if note:
                        notes[words[-1]] = note
        return types, notes

    def _keyword_docs(self, fn, module):
        _, fields = doctype.fields(ast.get_docstring(fn, clean=True))
        types = {a.split()[-1]: self.type_of(doctype.first_paragraph(b), module)
                 for f, a, b in fields if f == "paramtype" and a}
        out = []
        for f, a, _ in fields:
            words = a.split()
            if f == "keyword" and words:
                typ = self.type_of(" ".join(words[:-1]), module) if len(words) > 1 else types.get(words[-1], "")
                out.append((words[-1], typ))
        return out

    def returns(self, fn, module):
        _, fields = doctype.fields(ast.get_docstring(fn, clean=True))
        if fn.returns is not None:
            typ = self.type_of(_unparse(fn.returns), module)
            if typ:
                return typ
        typ, text = "", ""
        for field, _, body in fields:
            if field == "rtype":
                typ = self.type_of(doctype.first_paragraph(body), module)
            elif field in ("return", "returns"):
                text = doctype.first_paragraph(body)
        if typ in ("poller", ""):
            # 0.x: ":return: ... instance that returns :class:`X <a.b.X>` or :class:`ClientRawResponse<...>` if ..."
            text = " ".join(text.split())
            m = re.search(r"instance that returns (.*?)(?: or :class:`ClientRawResponse|$)", text)
            if m and typ == "poller":
                inner = self.type_of(m.group(1), module)
                if inner:
                    typ = "poller[%s]" % inner
            elif not typ and re.fullmatch(r":\w+:`[^`]+`\.?", text):
                typ = self.type_of(text, module)
        return typ

    # ---- descriptions ------------------------------------------------------------------------------------------

    def doc_of(self, text):
        text = re.sub(r"^\s*(Required|Optional)\.\s*", "", text or "")
        return doctype.summary(text) if self.spec.get("docs", True) else ""

    def function(self, fn, d, kind, nested=False):
        decorators = [_unparse(x) for x in fn.decorator_list]
        static = "staticmethod" in decorators
        classmethod_ = "classmethod" in decorators
        doc = ast.get_docstring(fn, clean=True)
        head, _ = doctype.fields(doc)
        out = {"kind": kind, "params": self.params(fn, d, skip_first=nested and not static),
               "returns": self.returns(fn, d.module)}
        if static:
            out["static"] = True
        if classmethod_:
            out["classmethod"] = True
        out["deprecated"] = _deprecation(doc, decorators)
        out["doc"] = self.doc_of(head)
        return _drop(out)

    def class_(self, d, qname, out):
        doc = ast.get_docstring(d.node, clean=True)
        head, fields = doctype.fields(doc)
        init = next((n for n in d.node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"), None)
        enum = self.is_enum(d)
        decorators = [_unparse(x) for x in d.node.decorator_list]
        deprecated = _deprecation(doc, decorators)
        if not deprecated and init is not None:
            deprecated = _deprecation(ast.get_docstring(init, clean=True), [])
        out[qname] = _drop({
            "kind": "class", "bases": self.base_names(d), "params": self.constructor(d),
            "enum": enum or None, "deprecated": deprecated, "doc": self.doc_of(head)})
        members = out[qname]["params"] if "params" in out[qname] else []
        types = {p["name"]: p["type"] for p in members if "type" in p}
        docs = {}
        declared = []
        for field, argument, body in fields:
            if not argument:
                continue
            name = argument.split()[-1].split(".")[-1]
            if field in ("ivar", "var", "cvar"):
                declared.append(name)
                docs[name] = body
                if len(argument.split()) > 1:
                    types.setdefault(name, self.type_of(" ".join(argument.split()[:-1]), d.module))
            elif field == "param":
                docs.setdefault(name, body)
            elif field in ("vartype", "type"):
                typ = self.type_of(doctype.first_paragraph(body), d.module)
                if typ:
                    types[name] = typ
        if enum:
            declared = []
        attributes = {name: {} for name in declared if _public(name)}
        mapped = _class_dict(d.node, "_attribute_map")
        validation = _class_dict(d.node, "_validation")
        for name, value in mapped.items():
            if _public(name) and isinstance(value, dict):
                attributes.setdefault(name, {})
                if not types.get(name):
                    types[name] = self.map_type(value.get("type", ""), d.module)
                types[name] = re.sub(r"^paged", "list", types[name])
        for name, value in validation.items():
            if name in attributes and isinstance(value, dict):
                attributes[name].update({k: True for k in ("required", "readonly", "constant") if value.get(k)})
        for node in d.node.body:
            self._class_statement(node, d, qname, enum, attributes, types, docs, out)
        if not enum:
            self._instance_attributes(d, attributes, types)
        for name, facts in attributes.items():
            if qname + "." + name in out:
                continue
            body = docs.get(name, "")
            out[qname + "." + name] = _drop(dict(
                facts, kind="attribute", type=types.get(name, ""),
                deprecated=_deprecation_note(body), doc=self.doc_of(body)))

    def _class_statement(self, node, d, qname, enum, attributes, types, docs, out):
        if isinstance(node, ast.ClassDef) and _public(node.name):
            self.class_(_nested(d, node), qname + "." + node.name, out)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            decorators = [_unparse(x) for x in node.decorator_list]
            if not (_public(node.name) or node.name in SPECIAL_METHODS):
                return
            member = qname + "." + node.name
            if any(x.endswith(".setter") for x in decorators):
                if member in out:
                    out[member].pop("readonly", None)
                return
            if any(x.endswith(".deleter") or x.endswith("overload") for x in decorators):
                return
            if any(x == "property" or x.endswith("cached_property") or x.endswith("abstractproperty")
                   for x in decorators):
                doc = ast.get_docstring(node, clean=True)
                head, _ = doctype.fields(doc)
                out[member] = _drop({"kind": "attribute", "property": True, "readonly": True,
                                     "type": self.returns(node, d.module) or types.get(node.name, ""),
                                     "deprecated": _deprecation(doc, decorators), "doc": self.doc_of(head)})
                return
            out[member] = self.function(node, d, "method", nested=True)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for t in targets:
                if not isinstance(t, ast.Name) or not _public(t.id):
                    continue
                if node.value is None:
                    attributes.setdefault(t.id, {})
                    types[t.id] = self.type_of(_unparse(node.annotation), d.module)
                    continue
                value = node.value
                if enum:
                    out[qname + "." + t.id] = {"kind": "enum", "value": _unparse(value)}
                    continue
                facts = attributes.setdefault(t.id, {})
                if isinstance(value, ast.Constant) and value.value is not None:
                    facts["value"] = _unparse(value)
                if isinstance(node, ast.AnnAssign):
                    types[t.id] = self.type_of(_unparse(node.annotation), d.module)
                elif not types.get(t.id):
                    types[t.id] = self._value_type(value, d, {})

    def _instance_attributes(self, d, attributes, types):
        for fn in d.node.body:
            if not isinstance(fn, ast.FunctionDef) or not fn.args.args:
                continue
            me = fn.args.args[0].arg
            local = {p["name"]: p.get("type", "") for p in self.params(fn, d, True, None)}
            for node in ast.walk(fn):
                if isinstance(node, ast.Assign):
                    targets, value = node.targets, node.value
                elif isinstance(node, ast.AnnAssign):
                    targets, value = [node.target], node.value
                else:
                    continue
                for t in targets:
                    if not (isinstance(t, ast.Attribute) and isinstance(t.value, ast.Name) and t.value.id == me
                            and _public(t.attr)):
                        continue
                    if fn.name != "__init__" and t.attr not in attributes and fn.name != "_initialize":
                        continue
                    attributes.setdefault(t.attr, {})
                    if not types.get(t.attr) and value is not None:
                        types[t.attr] = self._value_type(value, d, local)

    def _value_type(self, value, d, local):
        if isinstance(value, ast.Constant):
            name = type(value.value).__name__
            return name if name in ("str", "int", "float", "bool", "bytes") else ""
        if isinstance(value, ast.Dict):
            return "dict"
        if isinstance(value, ast.List):
            return "list"
        if isinstance(value, ast.Name) and local.get(value.id):
            return local[value.id]
        if isinstance(value, (ast.Name, ast.Attribute)):
            for kind, what in self.lookup_expr(d.module, value):
                if kind == "module" and self.module(what):
                    return "module[%s]" % what
        if isinstance(value, ast.Call):
            for kind, what in self.lookup_expr(d.module, value.func):
                if kind == "def" and what.kind == "class" and self.name_of(what):
                    return self._instance(self.name_of(what))
        return ""

    def table(self):
        """The surface as {"aliases": {path: canonical}, "symbols": {canonical: description}}."""
        out = {}
        for m in self.public_modules:
            out[m] = _drop({"kind": "module",
                            "doc": self.doc_of(doctype.fields(ast.get_docstring(self.module(m).tree))[0])})
        for root in list(out):
            parts = root.split(".")
            for i in range(1, len(parts)):
                out.setdefault(".".join(parts[:i]), {"kind": "module"})
        for qname, d in self.defs.items():
            if d.kind == "class":
                self.class_(d, qname, out)
            elif d.kind == "function":
                out[qname] = self.function(d.node, d, "function")
            elif d.kind == "constant" and d.name.upper() == d.name and d.name != "ABC":
                value = d.node.value
                out[qname] = _drop({
                    "kind": "constant", "type": self._value_type(value, d, {}),
                    "value": _unparse(value) if isinstance(value, ast.Constant) else ""})
        for entry in self.spec.get("override", []):
            if entry["symbol"] not in out:
                raise SystemExit("override of an unknown symbol: " + entry["symbol"])
            out[entry["symbol"]].update({k: v for k, v in entry.items() if k in ("returns", "type")})
        aliases = {a: c for a, c in self.aliases.items() if a not in out and self._alias_target(c, out)}
        return {"aliases": aliases, "symbols": out}

    def _alias_target(self, canonical, out):
        if canonical in out:
            return True
        return any(canonical in p.defs and p.defs[canonical].kind != "constant" for p in self.uses)


class _Nested(Definition):
    outer = None


def _nested(outer, node):
    d = _Nested(outer.module, node.name, node, "class")
    d.outer = outer
    return d


def _public(name):
    return not name.startswith("_")


def _drop(entry):
    """Without what says nothing: empty strings, lists, None and False."""
    return {k: v for k, v in entry.items() if v not in ("", None, False, [])}


def _class_dict(node, name):
    for stmt in node.body:
        if isinstance(stmt, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in stmt.targets):
            try:
                value = ast.literal_eval(stmt.value)
            except ValueError:
                return {}
            return value if isinstance(value, dict) else {}
    return {}


OPTIONAL_KWARGS = re.compile(r"^\s*-\s+(\w+)\s+\(([\w.:`~ ]+)\):", re.M)


def _optional_kwargs(doc):
    """The names under "Optional kwargs may include:" (msrestazure's credentials)."""
    head, mark, rest = doc.partition("kwargs may include")
    return OPTIONAL_KWARGS.findall(rest) if mark else []


def _deprecation(doc, decorators):
    """The sentence that declares something deprecated, or an empty string.

    `decorators` are unparsed decorator expressions: deprecated('what', 'what to use') is azureml's form.
    """
    for x in decorators:
        if re.match(r"(\w+\.)*deprecated\b", x):
            call = ast.parse(x, mode="eval").body
            words = [a.value for a in getattr(call, "args", []) if isinstance(a, ast.Constant)]
            return "deprecated" + (": use " + " ".join(words[1].split()) if len(words) > 1 else "")
    if not doc:
        return ""
    m = re.search(r"^\s*\.\. deprecated::\s*(\S+)", doc, re.M)
    if m:
        return "deprecated since " + m.group(1)
    head = re.split(r"^\s*(?:\.\. |:\w+[^:\n]*:(?:\s|$))", doc, maxsplit=1, flags=re.M)[0]
    return _deprecation_note(head)


def _deprecation_note(text):
    """"DEPRECATED. Use X." with the sentence that follows, or a sentence that says so in lower case."""
    text = re.sub(doctype.ROLE, lambda m: m.group(1).lstrip("~") or m.group(2), " ".join(text.split()))
    m = re.search(r"\bDEPRECATED\b[.:, ]*(Use [^.]+(?:\.\w[^.]*)*\.?)?", text)
    if m:
        return ("deprecated: " + m.group(1).replace("``", "")[:1].lower() + m.group(1).replace("``", "")[1:]
                if m.group(1) else "deprecated")
    for sentence in re.split(r"(?<=[.!])\s+", text):
        if re.search(r"\b(is|are|has been|have been|will be) deprecated\b", sentence):
            return sentence[:200]
    return ""
