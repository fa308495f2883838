"""Reads a JSON list of {"path": …} or {"text": …} on stdin and prints for each the spans, in UTF-16 offsets, of all
statements and expressions of CPython's syntax tree, as sorted [start, end, class name]; what stands in f-strings is left
out, as Python 3.11 does not place it."""

import ast
import json
import sys
import warnings

warnings.simplefilter("ignore")


def units(text):
    return len(text.encode("utf-16-le")) // 2


def main():
    sys.setrecursionlimit(20000)
    for item in json.load(sys.stdin):
        text = item["text"] if "text" in item else open(item["path"], encoding="utf-8", newline="").read()
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError) as error:
            print(json.dumps({"ok": False, "error": str(error)}))
            continue
        starts, at = [], 0
        rows = text.split("\n")
        for row in rows:
            starts.append(at)
            at += units(row) + 1

        def offset(line, column):
            return starts[line - 1] + units(rows[line - 1].encode()[:column].decode())

        out, work = [], [tree]
        while work:
            node = work.pop()
            if isinstance(node, (ast.stmt, ast.expr)) and not isinstance(node, ast.Slice):
                start = offset(node.lineno, node.col_offset)
                out.append([start, offset(node.end_lineno, node.end_col_offset), type(node).__name__])
            if not isinstance(node, ast.JoinedStr):
                work.extend(ast.iter_child_nodes(node))
        print(json.dumps({"ok": True, "spans": sorted(out)}))


main()
