"""Types as SDK documentation writes them, normalised to one small grammar.

The grammar (the Go side parses it in rules/sdk/type.go):

    type  = union
    union = item { "|" item }
    item  = name [ "[" type { "," type } "]" ]

`name` is a Python builtin, a dotted name, or one of the generic names poller, paged, future, iterator, module,
callable, any. An empty string means "not documented, or not in a form that names a type".
"""

import re

UNKNOWN = ""

# Spellings that documentation uses for builtins and for well-known types.
SPELLINGS = {
    "string": "str", "String": "str", "Str": "str", "unicode": "str", "char": "str",
    "boolean": "bool", "Boolean": "bool", "Bool": "bool",
    "long": "int", "Int": "int", "integer": "int", "Integer": "int", "number": "float", "Float": "float",
    "List": "list", "builtin.list": "list", "builtins.list": "list", "array": "list", "typing.List": "list",
    "Sequence": "list", "typing.Sequence": "list", "Iterable": "iterator", "typing.Iterable": "iterator",
    "Dict": "dict", "dictionary": "dict", "OrderedDict": "dict", "typing.Dict": "dict", "builtin.dict": "dict",
    "collections.OrderedDict": "dict", "Mapping": "dict",
    "Set": "set", "Tuple": "tuple", "typing.Tuple": "tuple", "typing.Set": "set",
    "none": "None", "NoneType": "None",
    "object": "any", "obj": "any", "Any": "any", "typing.Any": "any", "varies": "any",
    "datetime": "datetime.datetime", "Datetime": "datetime.datetime", "iso-8601": "datetime.datetime",
    "date": "datetime.date", "timedelta": "datetime.timedelta", "duration": "datetime.timedelta",
    "function": "callable", "func": "callable", "Callable": "callable", "typing.Callable": "callable",
    "method": "callable",
    "iter": "iterator", "generator": "iterator", "builtin.generator": "iterator", "Generator": "iterator",
    "Iterator": "iterator", "typing.Iterator": "iterator", "typing.Generator": "iterator",
    "uuid": "uuid.UUID", "type": "type",
    "Future": "future", "concurrent.futures.Future": "future",
    "AzureOperationPoller": "poller", "LROPoller": "poller",
    "msrestazure.azure_operation.AzureOperationPoller": "poller",
    "msrest.polling.LROPoller": "poller", "azure.core.polling.LROPoller": "poller",
    "azure.core.paging.ItemPaged": "paged", "ItemPaged": "paged",
}
BUILTINS = {
    "str", "bytes", "bytearray", "int", "float", "bool", "list", "dict", "set", "tuple", "None", "any", "callable",
    "iterator", "type", "poller", "paged", "future", "module", "Exception",
}
UNIONS = {"Union", "typing.Union", "Optional", "typing.Optional"}
RAW = {"msrest.pipeline.ClientRawResponse", "ClientRawResponse"}

ROLE = re.compile(r"(?<![\w`]):?(?:py:)?(?:class|obj|mod|type|exc|data|func|meth):`([^`<]*?)\s*(?:<([^>]*)>)?`")
TOKEN = re.compile(r"\s*(?:(~?!?[A-Za-z_][\w\-]*(?:\.\w+)*)|([\[\](){}<>,:|/])|(\S))")


class Reject(ValueError):
    """The text is prose, not a type."""


def normalise(text, resolve):
    """Return the type that `text` names, or UNKNOWN.

    `resolve(name)` maps a class name (dotted or bare) to its canonical name, to another type expression, or to
    UNKNOWN where the name is not a type anyone knows.
    """
    text = " ".join(text.split())
    text = re.sub(r"\b(module|package)\b.*", "", text) if text.startswith("module") else text
    text = ROLE.sub(lambda m: (m.group(2) or m.group(1)).replace(" ", ""), text)
    text = text.replace("``", "").replace("`", "").replace("'", "").replace('"', "").strip()
    text = re.sub(r"[\s,(]*\b[Oo]ptional\)?[.:]?$", "", text).rstrip(".: ")
    if not text:
        return UNKNOWN
    tokens = _tokens(text)
    try:
        parser = _Parser(tokens, resolve)
        result = parser.union()
        if parser.rest():
            # "str, one of [...]": a plain type followed by prose.
            if parser.peek() == "," and len(result) == 1 and result[0] in BUILTINS and not parser.only_names():
                return result[0]
            return UNKNOWN
        return _join(result)
    except Reject:
        return UNKNOWN


def _tokens(text):
    out = []
    for m in TOKEN.finditer(text):
        if m.group(3):
            out.append(("bad", m.group(3)))
        elif m.group(1):
            out.append(("name", m.group(1).lstrip("~!")))
        else:
            out.append(("punct", m.group(2)))
    return out


def _join(items):
    seen = []
    for item in items:
        for part in _split_union(item):
            if part and part not in seen:
                seen.append(part)
    # "poller[Cluster] or poller[ClientRawResponse[...]]": the raw one has lost its argument by now.
    return "|".join(s for s in seen if not any(o.startswith(s + "[") for o in seen))


def _split_union(text):
    depth, start, parts = 0, 0, []
    for i, c in enumerate(text):
        depth += (c == "[") - (c == "]")
        if c == "|" and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return parts + [text[start:]]


class _Parser:
    """Recursive descent over the token list; union() returns a list of alternatives."""

    def __init__(self, tokens, resolve):
        self.tokens, self.i, self.resolve = tokens, 0, resolve

    def rest(self):
        return self.tokens[self.i:]

    def only_names(self):
        return all(kind == "name" and text in BUILTINS or text == "," for kind, text in self.rest())

    def peek(self):
        return self.tokens[self.i][1] if self.i < len(self.tokens) else None

    def take(self, want=None):
        if self.i >= len(self.tokens):
            raise Reject()
        kind, text = self.tokens[self.i]
        if want is not None and text != want:
            raise Reject()
        self.i += 1
        return kind, text

    def union(self):
        items = [self.item()]
        while self.peek() in ("or", "|", "/") or self._comma_before_or():
            self.take()
            if self.peek() == "or":
                self.take()
            items.append(self.item())
        return [i for i in items if i is not None]

    def _comma_before_or(self):
        """Whether "A, B or C" stands here: a comma list that ends in "or"."""
        if self.peek() != ",":
            return False
        depth = 0
        for kind, text in self.tokens[self.i:]:
            if kind == "punct" and text in "[({<":
                depth += 1
            elif kind == "punct" and text in "])}>":
                depth -= 1
                if depth < 0:
                    return False
            elif depth == 0 and text == "or":
                return True
            elif depth == 0 and kind == "bad":
                return False
        return False

    def item(self):
        kind, text = self.take()
        if text == "a" and self.peek() in ("dict", "list", "str"):
            kind, text = self.take()
        if text == "[":
            inner = self.args("]")
            return "list[%s]" % ",".join(inner) if inner and inner[0] else "list"
        if text == "(":
            inner = self.args(")")
            if len(inner) == 1:
                return inner[0]
            return "tuple[%s]" % ",".join(i or "any" for i in inner)
        if text == "{":
            inner = self.args("}")
            return "dict[%s]" % ",".join(inner) if len(inner) == 2 and all(inner) else "dict"
        if kind != "name":
            raise Reject()
        name = SPELLINGS.get(text, text)
        args = []
        if name == "callable" and self.peek() in ("[", "("):
            self.skip()
        elif self.peek() in ("[", "("):
            close = {"[": "]", "(": ")"}[self.take()[1]]
            args = self.args(close)
        elif self.peek() == "of":
            self.take()
            args = [_join(self.union())]
            if name == "dict" and self.peek() == "to":
                self.take()
                args.append(_join(self.union()))
        if name in UNIONS:
            return _join(args + (["None"] if name.endswith("Optional") else []))
        if name in RAW:
            return None
        if name in BUILTINS:
            if name == "callable":
                return name
            if not [a for a in args if a]:
                return name
            if name in ("poller", "paged", "list", "set", "iterator", "future"):
                args = args[:1]
            if name == "dict" and len(args) != 2:
                return name
            return "%s[%s]" % (name, ",".join(a or "any" for a in args))
        resolved = self.resolve(name, args)
        if resolved == UNKNOWN and "." not in name:
            # A bare word that is no class in sight: prose, or a type nobody can import.
            raise Reject()
        return resolved

    def skip(self):
        """Skip a bracketed part."""
        depth = 0
        while True:
            _, text = self.take()
            depth += (text in "[(") - (text in "])")
            if depth == 0:
                return

    def args(self, close):
        out = []
        if self.peek() == close:
            self.take()
            return out
        while True:
            out.append(_join(self.union()))
            _, sep = self.take()
            if sep == close:
                return out
            if sep not in (",", ":"):
                raise Reject()


FIELD = re.compile(r"^[ \t]*:(\w+)((?:[ \t]+[^:\n]*?)?):(?=\s|$)", re.M)


def fields(doc):
    """Split a docstring into its summary line and its field list.

    Returns (summary, [(field, argument, body)]): ":param str name: text" is ("param", "str name", "text").
    """
    if not doc:
        return "", []
    marks = list(FIELD.finditer(doc))
    head = doc[:marks[0].start()] if marks else doc
    out = []
    for m, following in zip(marks, marks[1:] + [None]):
        body = doc[m.end():following.start() if following else len(doc)]
        # A field ends at a blank line followed by unindented text; a type never spans a blank line.
        out.append((m.group(1), m.group(2).strip(), body))
    return summary(head), out


def summary(text):
    """The first sentence of the first paragraph, on one line."""
    text = text.strip()
    paragraph = re.split(r"\n\s*\n", text, maxsplit=1)[0] if text else ""
    line = " ".join(paragraph.split())
    line = re.sub(ROLE, lambda m: m.group(1).lstrip("~") or m.group(2), line)
    m = re.match(r"(.+?[.!?])(?=\s+[A-Z`*]|$)", line)
    return (m.group(1) if m else line)[:300]


def first_paragraph(body):
    return re.split(r"\n\s*\n", body.strip(), maxsplit=1)[0]
