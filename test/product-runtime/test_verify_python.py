"""The Python that `crosswalk verify` runs is as clean as that of products."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from test_quality import IGNORED, RULES

VERIFY = Path(__file__).resolve().parents[2] / "src" / "verify"
LENGTH = ("--line-length", "100", "--target-version", "py311")
# Values of any type are what it is about.
MORE = f"{IGNORED},ANN401,N818"
CHECKS = {
    "mypy": ("mypy", "--strict", "--no-incremental", "--ignore-missing-imports", "-p", "python"),
    "ruff": ("ruff", "check", "--no-cache", *LENGTH, "--select", RULES, "--ignore", MORE, "python"),
    "format": ("ruff", "format", "--no-cache", "--check", *LENGTH, "python"),
    "vulture": ("vulture", "python", "--min-confidence", "80"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_it_is_clean(name):
    tool, *arguments = CHECKS[name]
    if find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run(
        [sys.executable, "-m", tool, *arguments], cwd=VERIFY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
