"""The state of the global random generators: a notebook seeds once, for all cells."""

from __future__ import annotations

import random
import sys
from importlib import import_module

from .errors import ArtifactError


def random_state() -> object:
    """Return the state of the global generators of Python and numpy."""
    state: dict[str, object] = {"python": random.getstate()}
    if "numpy" in sys.modules:
        name, keys, *rest = import_module("numpy").random.get_state(legacy=True)
        state["numpy"] = [name, keys.tolist(), *rest]
    return state


def restore_random_state(state: object) -> None:
    """Put the global generators back to where `random_state` found them."""
    if not isinstance(state, dict):
        raise ArtifactError("this is no random state")
    random.setstate(state["python"])
    if "numpy" in state:
        name, keys, *rest = state["numpy"]
        numpy = import_module("numpy")
        numpy.random.set_state((name, numpy.array(keys, dtype="uint32"), *rest))


def seed_generators(seed: int) -> None:
    """Seed the global generators of Python and numpy where the notebook does not."""
    random.seed(seed)
    import_module("numpy").random.seed(seed)
