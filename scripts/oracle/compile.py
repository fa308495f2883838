"""Reads a JSON list of texts on stdin and prints for each whether this Python compiles it as a notebook's cell."""

import ast
import json
import sys
import warnings

warnings.simplefilter("ignore")


def main():
    for text in json.load(sys.stdin):
        try:
            compile(text, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            print(json.dumps({"ok": True}))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            print(json.dumps({"ok": False, "error": f"{type(error).__name__}: {error}"}))


main()
