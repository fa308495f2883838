"""Prints src/python/knowledge/star-names.json: what `from module import *` brings, as the libraries at hand have it.

For each module the names are grouped by the module that they are best imported from; modules stand as `name=module`
under "". `unsure` are names that Python has too, and
that only some versions of the library bring.
"""

from __future__ import annotations

import builtins
import importlib
import json
import os
import sys
import types
import warnings

os.environ["MPLBACKEND"] = "Agg"
warnings.simplefilter("ignore")

STANDARD = """math cmath random time os os.path datetime itertools functools collections statistics string typing operator
decimal fractions re json pathlib dataclasses glob shutil copy pprint"""
LIBRARIES = """numpy numpy.random numpy.linalg numpy.fft pylab matplotlib.pylab matplotlib.pyplot pandas seaborn
scipy.stats scipy.optimize scipy.linalg scipy.signal scipy.special scipy.integrate scipy.interpolate scipy.ndimage scipy.sparse
scipy.spatial scipy.spatial.distance scipy.cluster.hierarchy
sklearn.metrics sklearn.model_selection sklearn.preprocessing sklearn.linear_model sklearn.ensemble sklearn.cluster
sklearn.datasets sklearn.decomposition sklearn.feature_selection sklearn.impute sklearn.inspection sklearn.manifold
sklearn.naive_bayes sklearn.neighbors sklearn.neural_network sklearn.pipeline sklearn.svm sklearn.tree sklearn.compose
sklearn.cross_decomposition sklearn.discriminant_analysis sklearn.feature_extraction
sklearn.feature_extraction.text sklearn.gaussian_process sklearn.mixture
sklearn.multiclass sklearn.multioutput pandas.tseries.offsets pandas.api.types mpl_toolkits.mplot3d
statsmodels.formula.api statsmodels.tsa.stattools patsy IPython.display xgboost lightgbm"""
PARTS = {
    name: ["numpy", "matplotlib.pyplot", "numpy.random", "numpy.fft", "numpy.linalg", name]
    for name in ("pylab", "matplotlib.pylab")
}
# What numpy 2 brings and numpy 1 does not.
UNSURE = {"numpy": {"abs", "bool", "max", "min", "pow", "round"}}


def home(module: str, name: str, value: object) -> str:
    for part in PARTS.get(module, []):
        if getattr(importlib.import_module(part), name, None) is value and part != module:
            return part
    return module


def names_of(module: str) -> dict[str, str]:
    space: dict[str, object] = {}
    exec(f"from {module} import *", space)
    space.pop("__builtins__", None)
    groups: dict[str, list[str]] = {}
    for name, value in sorted(space.items()):
        if name.startswith("__") or getattr(builtins, name, None) is value:
            continue
        source = home(module, name, value)
        if isinstance(value, types.ModuleType) and value.__name__.split(".")[0] not in (source.split(".")[0], "posixpath"):
            groups.setdefault("", []).append(f"{name}={value.__name__}")
        else:
            groups.setdefault(source, []).append(name)
    return {part: " ".join(names) for part, names in sorted(groups.items())}


def main() -> None:
    modules = {}
    for module in sorted((STANDARD + " " + LIBRARIES).split()):
        unsure = " ".join(sorted(UNSURE.get(module, ())))
        modules[module] = {"names": names_of(module), **({"unsure": unsure} if unsure else {})}
    json.dump({"modules": modules}, sys.stdout, indent=2)
    sys.stdout.write("\n")


main()
