"""Compares what a product left in its work folder with runs of its notebook.

    python corpus_compare.py --digest DIGEST.py --src SRC --package NAME --workdir W --runs A.json B.json …

`--runs` are runs of the notebook itself (corpus_kernel.py): a variable on which they differ is left out, for that reason
only. The last line is JSON: equal, different, stable (names that can be compared at all), shown (figures of matplotlib and
the like), unstable, notInNotebook, artifacts.
"""

import argparse
import importlib
import importlib.util
import json
import sys
import warnings
from pathlib import Path


def load(path):
    spec = importlib.util.spec_from_file_location("_digest", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--digest", type=Path, required=True)
    parser.add_argument("--src", type=Path, required=True)
    parser.add_argument("--package", required=True)
    parser.add_argument("--workdir", type=Path, required=True)
    parser.add_argument("--rtol", type=float, default=1e-6)
    parser.add_argument("--runs", type=Path, nargs="+", required=True)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    digest = load(arguments.digest)
    sys.path.insert(0, str(arguments.src))
    values = importlib.import_module(f"{arguments.package}.artifacts").read(arguments.workdir)
    product = digest.namespace_digest(values)
    # What the digest leaves out by its type is an artifact all the same.
    product["vars"].update({name: {"opaque": True} for name in values if name not in product["vars"]})
    first, *others = [json.loads(path.read_text(encoding="utf-8"))["namespace"] for path in arguments.runs]
    names = set(first["vars"])
    for other in others:
        names &= digest.stable(first, other)
    against = digest.compare(first, product, arguments.rtol, names)
    comparable = names - set(against["not_comparable"])
    report = {
        "equal": sorted(against["equal"]),
        "different": sorted(against["different"]),
        "stable": sorted(comparable),
        "shown": sorted(against["not_comparable"]),
        "unstable": sorted(set(first["vars"]) - names),
        "notInNotebook": sorted(set(product["vars"]) - set(first["vars"])),
        "artifacts": sorted(product["vars"]),
    }
    print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
