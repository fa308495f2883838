"""The runtime meets the bar of every generated file: types, lint, format, no dead code."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec

import pytest
from conftest import PRODUCT, RUNTIME, SERVING

RULES = "C901,E,F,W,I,UP,B,D,ANN,C4,SIM,RET,PTH,RUF,N"
# Two docstring rules exclude each other; X and y are names of scientists.
IGNORED = "D203,D213,N803,N806"
CHECKS = {
    "mypy": ("mypy", "--no-incremental", "src"),
    "ruff": (
        "ruff",
        "check",
        "--no-cache",
        "--select",
        RULES,
        "--ignore",
        IGNORED,
        ".",
    ),
    "format": ("ruff", "format", "--no-cache", "--check", "."),
    "vulture": ("vulture", "src", "--min-confidence", "80"),
}


@pytest.mark.parametrize("product", [PRODUCT, SERVING], ids=lambda path: path.name)
@pytest.mark.parametrize("name", CHECKS)
def test_the_product_is_clean(name, product):
    tool, *arguments = CHECKS[name]
    if find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run(
        [sys.executable, "-m", tool, *arguments],
        cwd=product,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "path", sorted(RUNTIME.rglob("*.py")), ids=lambda path: path.name
)
def test_a_runtime_module_stays_small_and_honest(path):
    text = path.read_text()
    assert len(text.splitlines()) < 500
    assert "crosswalk" not in text.lower().replace("crosswalk_", "")
    for word in ("type: ignore", "noqa", "eval(", "exec(", "pickle.load"):
        assert word not in text
    # kinds.py names open element types once for all; values.py reads annotations.
    if path.name not in ("kinds.py", "values.py"):
        assert re.search(r"\bAny\b", text) is None
