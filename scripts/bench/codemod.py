"""The peer of one rule on LibCST: client.clusters.get(group, workspace, name)
becomes ComputeTarget(workspace=ws, name=name), with its import.

    python codemod.py DIRECTORY

It rests on the spelling of names and looks at each file alone, as such codemods
do; writes nothing.
"""

import pathlib
import sys
from concurrent.futures import ProcessPoolExecutor

import libcst
import libcst.matchers as m
from libcst.codemod import CodemodContext
from libcst.codemod.visitors import AddImportsVisitor

CALL = m.Call(func=m.Attribute(value=m.Attribute(attr=m.Name("clusters")), attr=m.Name("get")),
              args=[m.Arg(), m.Arg(), m.Arg()])


class Get(m.MatcherDecoratableTransformer):
    def __init__(self, context):
        super().__init__()
        self.context = context

    @m.leave(CALL)
    def call(self, original, updated):
        AddImportsVisitor.add_needed_import(self.context, "azureml.core.compute", "ComputeTarget")
        equal = libcst.AssignEqual(libcst.SimpleWhitespace(""), libcst.SimpleWhitespace(""))
        return updated.with_changes(func=libcst.Name("ComputeTarget"), args=[
            libcst.Arg(libcst.Name("ws"), libcst.Name("workspace"), equal),
            libcst.Arg(updated.args[2].value, libcst.Name("name"), equal)])


def translate(path):
    text = path.read_bytes()
    try:
        module = libcst.parse_module(text)
    except (libcst.ParserSyntaxError, UnicodeDecodeError):
        return None
    context = CodemodContext()
    return AddImportsVisitor(context).transform_module(module.visit(Get(context))).bytes != text


if __name__ == "__main__":
    paths = sorted(pathlib.Path(sys.argv[1]).rglob("*.py"))
    with ProcessPoolExecutor() as pool:
        changed = list(pool.map(translate, paths, chunksize=16))
    print(len(paths), "files,", sum(c is True for c in changed), "would change,", sum(c is None for c in changed), "do not parse")
