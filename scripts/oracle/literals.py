"""Reads a JSON list of Python literals on stdin and prints for each its value as tagged JSON, and Python's own repr."""

import ast
import json
import sys


def tagged(value):
    kind = type(value).__name__
    if kind in ("tuple", "list"):
        return [kind, [tagged(one) for one in value]]
    if kind == "set":
        return [kind, sorted((tagged(one) for one in value), key=json.dumps)]
    if kind == "dict":
        return [kind, [[tagged(k), tagged(v)] for k, v in value.items()]]
    if kind == "bytes":
        return [kind, list(value)]
    if kind == "str":
        return [kind, [ord(c) for c in value]]
    if kind == "complex":
        return [kind, value.real, value.imag]
    if kind == "float":
        return [kind, value]
    return [kind, repr(value)]


def main():
    for text in json.load(sys.stdin):
        value = ast.literal_eval(text)
        print(json.dumps([tagged(value), repr(value)]))


main()
