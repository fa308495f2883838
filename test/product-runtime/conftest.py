"""Puts the sample product together with the runtime, as the package target does."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
RUNTIME = HERE.parents[1] / "src" / "targets" / "package" / "runtime"


def assemble(folder: Path) -> Path:
    """Copy the sample and the runtime modules into one product folder."""
    shutil.copytree(
        HERE / "sample",
        folder,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for module in RUNTIME.glob("*.py"):
        shutil.copy(module, folder / "src" / "credit_sample" / module.name)
    return folder


# Test modules import the package while they are collected, so it must stand by then.
PRODUCT = assemble(Path(tempfile.mkdtemp(prefix="product-")))
sys.path.insert(0, str(PRODUCT / "src"))
sys.path.insert(0, str(HERE))


def pytest_unconfigure() -> None:
    """Remove the product again."""
    shutil.rmtree(PRODUCT, ignore_errors=True)
