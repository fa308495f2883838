"""How much more branching the functions of a product have than the cells they come from.

Reads JSON on standard input: {"src": FOLDER, "own": {FUNCTION: [TEXT, …]}}, where the texts are the cells (or the definition)
that a step (or a helper) was made of. Prints JSON: [{"at", "complexity", "own", "beyond"}], the worst first.

Complexity is McCabe's, counted as ruff's C901 counts it; a cell counts as if it were the body of one function, and every text
gives what it has above 1. A function of no notebook has nothing of its own.
"""

import ast
import json
import sys
import textwrap
from pathlib import Path


def branches(body):
    """Ways beyond the first one through these statements, nested functions with them."""
    count = 0
    for node in body:
        if isinstance(node, ast.If):
            count += 1 + branches(node.body) + branches(node.orelse)
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            count += 1 + branches(node.body) + branches(node.orelse)
        elif isinstance(node, (ast.Try, getattr(ast, "TryStar", ast.Try))):
            count += branches(node.body) + branches(node.orelse) + branches(node.finalbody) + bool(node.orelse)
            count += sum(1 + branches(handler.body) for handler in node.handlers)
        elif isinstance(node, (ast.With, ast.AsyncWith, ast.ClassDef)):
            count += branches(node.body)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            count += 1 + branches(node.body)
        elif isinstance(node, ast.Match):
            count += sum(1 + branches(case.body) for case in node.cases)
            last = node.cases[-1]
            count -= last.guard is None and isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
    return count


def own_of(texts):
    """What the texts have above 1; a text that is one definition counts as that function."""
    total = 0
    for text in texts:
        body = ast.parse(textwrap.dedent(text)).body
        single = len(body) == 1 and isinstance(body[0], (ast.FunctionDef, ast.AsyncFunctionDef))
        total += branches(body[0].body if single else body)
    return total


def main():
    given = json.load(sys.stdin)
    src = Path(given["src"])
    out = []
    for path in sorted(src.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        methods = [item for node in tree.body if isinstance(node, ast.ClassDef) for item in node.body]
        for node in [*tree.body, *methods]:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                complexity, own = 1 + branches(node.body), own_of(given["own"].get(node.name, []))
                at = f"{path.relative_to(src)}:{node.lineno}: {node.name}"
                out.append({"at": at, "complexity": complexity, "own": own, "beyond": complexity - own})
    print(json.dumps(sorted(out, key=lambda item: -item["beyond"])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
