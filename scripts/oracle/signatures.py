"""python signatures.py FOLDER lists what a product may not hold: Any in a signature, and ways to quiet mypy."""

import ast
import re
import sys
from pathlib import Path

QUIET = re.compile(r"type:\s*ignore|ignore_errors|mypy:\s*ignore|\bno_type_check\b")


def annotations(node):
    """Every annotation of a function's signature, and of the fields of a class."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        a = node.args
        every = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
        yield from (one.annotation for one in every)
        yield node.returns
    elif isinstance(node, ast.ClassDef):
        yield from (item.annotation for item in node.body if isinstance(item, ast.AnnAssign))


def main(folder):
    if not folder.is_dir():
        return f"{folder} is not there"
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".py", ".toml"):
            continue
        text = path.read_text(encoding="utf-8")
        at = path.relative_to(folder)
        found += [f"{at}:{i}: {line.strip()}" for i, line in enumerate(text.splitlines(), 1) if QUIET.search(line)]
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(text)):
            for annotation in filter(None, annotations(node)):
                names = {
                    n.id if isinstance(n, ast.Name) else n.attr for n in ast.walk(annotation) if isinstance(n, (ast.Name, ast.Attribute))
                }
                if "Any" in names:
                    found.append(f"{at}:{annotation.lineno}: Any in the signature of {node.name}")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
