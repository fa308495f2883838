"""Reads a JSON list of {"path": …} or {"text": …} on stdin and prints for each the scopes that CPython's symtable finds,
or {"ok": false} where CPython refuses the text. The shape is that of test/unit/python/scopes-oracle.ts."""

import json
import symtable
import sys
import warnings

warnings.simplefilter("ignore")
LIVES = {1: "local", 2: "global", 3: "global", 4: "free", 5: "cell"}


def dump(table):
    names = []
    for symbol in table.get_symbols():
        name = symbol.get_name()
        if name.startswith("."):
            continue
        # The private fields tell the raw flags: the public methods mix them for module scopes.
        lives = LIVES[symbol._Symbol__scope]
        flags = "".join(
            letter
            for letter, on in (
                ("a", symbol.is_assigned()),
                ("i", symbol.is_imported()),
                ("p", symbol.is_parameter()),
                ("r", symbol.is_referenced()),
                ("t", symbol.is_annotated()),
                ("g", symbol.is_declared_global() or bool(symbol._Symbol__flags & 1)),
                ("n", bool(symbol._Symbol__flags & 8)),
            )
            if on
        )
        names.append([name, flags, lives])
    names.sort()
    return [table.get_type(), table.get_name(), names, [dump(child) for child in table.get_children()]]


def main():
    sys.setrecursionlimit(20000)
    for item in json.load(sys.stdin):
        try:
            text = item["text"] if "text" in item else open(item["path"], encoding="utf-8", newline="").read()
            tree = dump(symtable.symtable(text, "<text>", "exec"))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            print(json.dumps({"ok": False, "error": f"{type(error).__name__}: {error}"}))
            continue
        print(json.dumps({"ok": True, "tree": tree}))


main()
