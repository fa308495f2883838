"""Puts the sample products together with the runtime, as the package target does."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
RUNTIME = HERE.parents[1] / "src" / "targets" / "package" / "runtime"


def assemble(folder: Path, sample: str, package: str, serves: bool) -> Path:
    """Copy a sample and the runtime modules into one product folder."""
    shutil.copytree(
        HERE / sample,
        folder,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for module in RUNTIME.glob("*.py"):
        shutil.copy(module, folder / "src" / package / module.name)
    for module in (RUNTIME / "serving").glob("*.py") if serves else ():
        shutil.copy(module, folder / "src" / package / module.name)
    return folder


# Test modules import the packages while they are collected, so these must stand by then.
_HOME = Path(tempfile.mkdtemp(prefix="product-"))
PRODUCT = assemble(_HOME / "plain", "sample", "credit_sample", serves=False)
SERVING = assemble(_HOME / "serving", "sample-serving", "loan_serving", serves=True)
for path in (HERE, PRODUCT / "src", SERVING / "src"):
    sys.path.insert(0, str(path))


def pytest_unconfigure() -> None:
    """Remove the products again."""
    shutil.rmtree(_HOME, ignore_errors=True)
