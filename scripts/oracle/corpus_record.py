"""Prelude of a recorded run: notes what a notebook's own code gets from predictions and figures, and which estimators it ends with.

Knows nothing of Crosswalk. Loaded in the kernel before the first cell; `found(namespace)` says at the end which names hold

  estimator   an object that was fitted: an attribute ending in `_` beside a `fit`, a pipeline of such, a booster of
              xgboost or lightgbm, results of statsmodels
  prediction  what a predicting method gave, itself or a view of it
  figure      what a `score` method or a function of sklearn.metrics (or a cross-validation) gave, itself or one of its parts

or a list, tuple or dict with such a member. Every class is looked at when it is made, so notebooks' own classes count too.
"""

import builtins
import functools
import sys
import types

PREDICTING = frozenset(
    "predict predict_proba predict_log_proba decision_function fit_predict score_samples forecast get_prediction get_forecast".split()
)
SCORING = frozenset(["score"])
EVALUATING = {
    "sklearn.metrics": None,
    "sklearn.model_selection": frozenset(
        "cross_val_score cross_validate cross_val_predict validation_curve learning_curve permutation_test_score".split()
    ),
    "statsmodels.tools.eval_measures": None,
}
NO_FIGURE = ("pairwise", "distance", "kernel", "scorer", "check_", "make_", "get_")
TINY = (bool, int, str, bytes, type(None), type)

kept = []
keys = {}


def from_notebook(depth=4):
    """Whether the call comes from the notebook, at most a few frames (wrappers, decorators) away."""
    frame = sys._getframe(2)
    while frame is not None and depth > 0:
        if frame.f_globals.get("__name__") == "__main__":
            return True
        frame, depth = frame.f_back, depth - 1
    return False


def note(kind, value, deep=True):
    """Remembers an object by identity; it is kept alive, so no other one gets its id."""
    if isinstance(value, TINY):
        return
    if id(value) not in keys:
        kept.append(value)
        keys[id(value)] = kind
    if deep and isinstance(value, (tuple, list)):
        for item in value:
            note(kind, item, False)
    elif deep and isinstance(value, dict):
        for item in value.values():
            note(kind, item, False)


def recording(kind, function):
    """The function itself, with what it gives to the notebook noted."""

    @functools.wraps(function)
    def recorded(*args, **kwargs):
        value = function(*args, **kwargs)
        if from_notebook():
            note(kind, value)
        return value

    recorded._cw_recorded = True
    return recorded


def watch_class(cls):
    """Wraps the methods that a class defines itself, also where scikit-learn offers them on a condition only."""
    for name, value in list(vars(cls).items()):
        kind = "prediction" if name in PREDICTING else "figure" if name in SCORING else None
        if kind is None:
            continue
        try:
            if isinstance(value, types.FunctionType):
                setattr(cls, name, recording(kind, value))
            elif isinstance(getattr(value, "fn", None), types.FunctionType):
                value.fn = recording(kind, value.fn)
        except (AttributeError, TypeError):
            continue


build_class = builtins.__build_class__


@functools.wraps(build_class)
def building(*args, **kwargs):
    cls = build_class(*args, **kwargs)
    if isinstance(cls, type):
        watch_class(cls)
    return cls


def watch_modules():
    """Wraps the evaluating functions of modules that have been imported completely since the last look."""
    for name in list(EVALUATING):
        module = sys.modules.get(name)
        if module is None or getattr(module.__spec__, "_initializing", False):
            continue
        wanted = EVALUATING.pop(name)
        for key, value in list(vars(module).items()):
            public = not key.startswith("_") and isinstance(value, types.FunctionType)
            if not public or (key not in wanted if wanted else key.startswith(NO_FIGURE) or any(word in key for word in NO_FIGURE)):
                continue
            setattr(module, key, recording("prediction" if key.endswith("predict") else "figure", value))
    wrapper = sys.modules.get("statsmodels.base.wrapper")
    if wrapper and not hasattr(wrapper, "_cw_seen") and not getattr(wrapper.__spec__, "_initializing", False):
        wrapper._cw_seen = True
        make = wrapper.make_wrapper

        def make_wrapper(func, how):
            made = make(func, how)
            return recording("prediction", made) if func.__name__ in PREDICTING else made

        wrapper.make_wrapper = make_wrapper


importing = builtins.__import__


@functools.wraps(importing)
def imported(name, *args, **kwargs):
    module = importing(name, *args, **kwargs)
    if EVALUATING and name.startswith(("sklearn", "statsmodels", "metrics", "model_selection", "wrapper")):
        watch_modules()
    return module


def is_fitted(value):
    """Whether an object is an estimator that has learned something."""
    cls = type(value)
    module = cls.__module__.split(".")[0]
    if module in ("xgboost", "lightgbm") and cls.__name__ == "Booster":
        return True
    if module in ("statsmodels", "linearmodels", "arch") and "Results" in cls.__name__:
        return True
    if not hasattr(cls, "fit"):
        return False
    if any(key.endswith("_") and not key.startswith("_") for key in getattr(value, "__dict__", {})):
        return True
    # Pipelines and unions keep what they learned in their parts.
    if not (hasattr(value, "steps") or hasattr(value, "transformer_list")):
        return False
    try:
        return bool(value.__sklearn_is_fitted__())
    except Exception:
        return False


def kind_of(value):
    """estimator, prediction or figure; undefined for other values."""
    if isinstance(value, TINY):
        return None
    if is_fitted(value):
        return "estimator"
    if id(value) in keys:
        return keys[id(value)]
    base = getattr(value, "base", None)
    for _ in range(8):
        if base is None:
            return None
        if id(base) in keys:
            return keys[id(base)]
        base = getattr(base, "base", None)
    return None


def found(namespace):
    """The names of a finished namespace that hold something of a model: {name: kind}."""
    out = {}
    for name, value in namespace.items():
        if name.startswith("_") or name in ("In", "Out", "exit", "quit", "get_ipython", "open"):
            continue
        kind = kind_of(value)
        if kind is None and isinstance(value, (list, tuple, dict)):
            members = list(value.values()) if isinstance(value, dict) else list(value)
            inside = [item for member in members[:2000] for item in (member if isinstance(member, tuple) else (member,))]
            kind = next(filter(None, map(kind_of, inside)), None)
        if kind:
            out[name] = kind
    return out


builtins.__build_class__ = building
builtins.__import__ = imported
