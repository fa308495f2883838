"""Reads a JSON list of paths or texts on stdin and prints, for each, CPython's syntax tree in the shape of Crosswalk's
IR (test/unit/python/oracle.ts makes the same shape from the IR), or null where CPython refuses the text."""

import ast
import json
import sys
import warnings

warnings.simplefilter("ignore")
OPS = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "Mod": "%", "Pow": "**", "FloorDiv": "//", "MatMult": "@",
    "LShift": "<<", "RShift": ">>", "BitOr": "|", "BitAnd": "&", "BitXor": "^",
    "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Is": "is", "IsNot": "is not",
    "In": "in", "NotIn": "not in", "And": "and", "Or": "or", "Not": "not", "UAdd": "+", "USub": "-", "Invert": "~",
}


def op(node):
    return OPS[type(node).__name__]


def constant(value):
    if isinstance(value, bool) or value is None or value is Ellipsis:
        return ["const", repr(value)]
    if isinstance(value, str):
        return ["str", [ord(c) for c in value] if any(ord(c) > 126 or ord(c) < 32 for c in value) else value]
    if isinstance(value, bytes):
        return ["bytes", list(value)]
    if isinstance(value, int):
        return ["int", hex(value)]
    if isinstance(value, float):
        return ["float", repr(value)]
    return ["complex", repr(value.imag)]


def params(a):
    out = []
    positional = a.posonlyargs + a.args
    defaults = [None] * (len(positional) - len(a.defaults)) + a.defaults
    for i, (one, default) in enumerate(zip(positional, defaults)):
        out.append([one.arg, "positional-only" if i < len(a.posonlyargs) else "normal", dump(one.annotation), dump(default)])
    if a.vararg:
        out.append([a.vararg.arg, "star", dump(a.vararg.annotation), None])
    for one, default in zip(a.kwonlyargs, a.kw_defaults):
        out.append([one.arg, "keyword-only", dump(one.annotation), dump(default)])
    if a.kwarg:
        out.append([a.kwarg.arg, "double-star", dump(a.kwarg.annotation), None])
    return out


def type_params(node):
    names = {"TypeVar": "plain", "TypeVarTuple": "star", "ParamSpec": "double-star"}
    return [
        [names[type(p).__name__], p.name, dump(getattr(p, "bound", None)), dump(getattr(p, "default_value", None))]
        for p in getattr(node, "type_params", [])
    ]


def fstring(values):
    out = []
    for value in values:
        if isinstance(value, ast.Constant):
            text = constant(value.value)
            if out and out[-1][0] == "str":
                joined = ast.Constant(codes(out[-1]) + value.value)
                out[-1] = constant(joined.value)
            else:
                out.append(text)
        else:
            spec = fstring(value.format_spec.values) if value.format_spec else []
            conversion = None if value.conversion == -1 else chr(value.conversion)
            out.append(["field", dump(value.value), conversion, spec])
    return out


def codes(part):
    return part[1] if isinstance(part[1], str) else "".join(map(chr, part[1]))


def dump(node):
    if node is None:
        return None
    if isinstance(node, list):
        return [dump(one) for one in node]
    kind = type(node).__name__
    return globals()["d_" + kind](node)


def d_Module(n): return dump(n.body)
def d_Expr(n): return ["expr", dump(n.value)]
def d_Assign(n): return ["assign", dump(n.targets), dump(n.value)]
def d_AugAssign(n): return ["augassign", dump(n.target), op(n.op), dump(n.value)]
def d_AnnAssign(n): return ["annassign", dump(n.target), dump(n.annotation), dump(n.value)]
def d_Delete(n): return ["delete", dump(n.targets)]
def d_Return(n): return ["return", dump(n.value)]
def d_Raise(n): return ["raise", dump(n.exc), dump(n.cause)]
def d_Assert(n): return ["assert", dump(n.test), dump(n.msg)]
def d_Import(n): return ["import", [[a.name, a.asname] for a in n.names]]
def d_ImportFrom(n): return ["importfrom", n.module or "", n.level, [[a.name, a.asname] for a in n.names]]
def d_Global(n): return ["global", n.names]
def d_Nonlocal(n): return ["nonlocal", n.names]
def d_Pass(n): return ["pass"]
def d_Break(n): return ["break"]
def d_Continue(n): return ["continue"]
def d_If(n): return ["if", dump(n.test), dump(n.body), dump(n.orelse)]
def d_For(n): return ["for", False, dump(n.target), dump(n.iter), dump(n.body), dump(n.orelse)]
def d_AsyncFor(n): return ["for", True, dump(n.target), dump(n.iter), dump(n.body), dump(n.orelse)]
def d_While(n): return ["while", dump(n.test), dump(n.body), dump(n.orelse)]
def d_With(n): return ["with", False, [[dump(i.context_expr), dump(i.optional_vars)] for i in n.items], dump(n.body)]
def d_AsyncWith(n): return ["with", True, [[dump(i.context_expr), dump(i.optional_vars)] for i in n.items], dump(n.body)]


def d_Try(n, star=False):
    handlers = [[dump(h.type), h.name, dump(h.body)] for h in n.handlers]
    return ["try", star, dump(n.body), handlers, dump(n.orelse), dump(n.finalbody)]


def d_TryStar(n): return d_Try(n, True)
def d_Match(n): return ["match", dump(n.subject), [[dump(c.pattern), dump(c.guard), dump(c.body)] for c in n.cases]]
def d_MatchValue(n): return ["value", dump(n.value)]
def d_MatchSingleton(n): return ["value", constant(n.value)]
def d_MatchSequence(n): return ["sequence", dump(n.patterns)]
def d_MatchOr(n): return ["or", dump(n.patterns)]
def d_MatchAs(n): return ["capture", n.name, dump(n.pattern)]
def d_MatchStar(n): return ["star", n.name]
def d_MatchMapping(n): return ["mapping", dump(n.keys), dump(n.patterns), n.rest]
def d_MatchClass(n): return ["class", dump(n.cls), dump(n.patterns), [[k, dump(p)] for k, p in zip(n.kwd_attrs, n.kwd_patterns)]]


def function(n, is_async):
    return ["function", is_async, n.name, params(n.args), dump(n.returns), dump(n.decorator_list), type_params(n), dump(n.body)]


def d_FunctionDef(n): return function(n, False)
def d_AsyncFunctionDef(n): return function(n, True)
def d_ClassDef(n): return ["classdef", n.name, dump(n.bases), [[k.arg, dump(k.value)] for k in n.keywords], dump(n.decorator_list), type_params(n), dump(n.body)]
def d_TypeAlias(n): return ["typealias", n.name.id, type_params(n), dump(n.value)]
def d_Name(n): return ["name", n.id]
def d_Constant(n): return constant(n.value)
def d_JoinedStr(n): return ["fstring", fstring(n.values)]
def d_Attribute(n): return ["attribute", dump(n.value), n.attr]
def d_Subscript(n): return ["subscript", dump(n.value), dump(n.slice)]
def d_Slice(n): return ["slice", dump(n.lower), dump(n.upper), dump(n.step)]
def d_Call(n): return ["call", dump(n.func), dump(n.args), [[k.arg, dump(k.value)] for k in n.keywords]]
def d_BinOp(n): return ["binary", op(n.op), dump(n.left), dump(n.right)]
def d_BoolOp(n): return ["bool", op(n.op), dump(n.values)]
def d_UnaryOp(n): return ["unary", op(n.op), dump(n.operand)]
def d_Compare(n): return ["compare", dump(n.left), [op(o) for o in n.ops], dump(n.comparators)]
def d_IfExp(n): return ["conditional", dump(n.test), dump(n.body), dump(n.orelse)]
def d_Lambda(n): return ["lambda", params(n.args), dump(n.body)]
def d_Tuple(n): return ["tuple", dump(n.elts)]
def d_List(n): return ["list", dump(n.elts)]
def d_Set(n): return ["set", dump(n.elts)]
def d_Dict(n): return ["dict", [[dump(k), dump(v)] for k, v in zip(n.keys, n.values)]]


def comprehension(kind, element, key, n):
    clauses = [[bool(c.is_async), dump(c.target), dump(c.iter), dump(c.ifs)] for c in n.generators]
    return ["comprehension", kind, dump(element), dump(key), clauses]


def d_ListComp(n): return comprehension("list", n.elt, None, n)
def d_SetComp(n): return comprehension("set", n.elt, None, n)
def d_DictComp(n): return comprehension("dict", n.value, n.key, n)
def d_GeneratorExp(n): return comprehension("generator", n.elt, None, n)
def d_NamedExpr(n): return ["walrus", n.target.id, dump(n.value)]
def d_Starred(n): return ["starred", dump(n.value)]
def d_Await(n): return ["await", dump(n.value)]
def d_Yield(n): return ["yield", False, dump(n.value)]
def d_YieldFrom(n): return ["yield", True, dump(n.value)]




def main():
    sys.setrecursionlimit(20000)
    for item in json.load(sys.stdin):
        try:
            text = item["text"] if "text" in item else open(item["path"], encoding="utf-8", newline="").read()
            out = dump(ast.parse(text))
            compile(text, "<text>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | 0) if item.get("compile") else None
        except (SyntaxError, ValueError, UnicodeDecodeError, RecursionError, MemoryError) as error:
            out = None
            message = f"{type(error).__name__}: {error}"
            print(json.dumps({"ok": False, "error": message}))
            continue
        print(json.dumps({"ok": True, "tree": out}))


main()
