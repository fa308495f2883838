"""Runs the steps of the product, as its users do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

# The product's own check stops a training whose predictor does not answer as training
# did. Verification notes that and goes on: it holds the answers against the notebook.
_UNSTOPPED = """
import importlib, pathlib, sys
package, place, arguments = {package!r}, pathlib.Path({place!r}), {arguments!r}
try:
    training = importlib.import_module(package + ".training")
except ModuleNotFoundError:
    training = None
if training is not None:
    check = training.self_check
    def noted(*given):
        try:
            found = check(*given)
        except Exception as error:
            place.write_text("different: " + str(error), encoding="utf-8")
            return dict(outcome="not comparable", reasons=["left to crosswalk verify"])
        reasons = "; ".join(map(str, found.get("reasons", [])))
        place.write_text(found["outcome"] + ": " + reasons, encoding="utf-8")
        return found
    training.self_check = noted
runner = importlib.import_module(package + ".runner")
model = importlib.import_module(package + ".pipeline").MODEL
sys.exit(runner.main(model, arguments))
"""


def train(job: dict[str, Any]) -> dict[str, Any]:
    """Run every step; say where it stopped, and what its own check found."""
    started = time.monotonic()
    arguments = ["run", "--workdir", job["workdir"], "--root", job["root"], *job["params"]]
    place = Path(job["scratch"], "self-check")
    script = _UNSTOPPED.format(package=job["package"], place=str(place), arguments=arguments)
    done = product(job, ["-c", script])
    return {
        "code": done.returncode,
        "said": _said(done.stderr),
        "selfCheck": place.read_text(encoding="utf-8") if place.is_file() else None,
        "isTrained": Path(job["workdir"], "artifacts.json").is_file(),
        "seconds": round(time.monotonic() - started, 3),
    }


def product(job: dict[str, Any], words: list[str]) -> subprocess.CompletedProcess[str]:
    """Run Python with the product's package, from a folder that is not its own."""
    environment = {**os.environ, **job["env"], "PYTHONPATH": job["source"]}
    return subprocess.run(
        [sys.executable, *words],
        cwd=Path(job["workdir"]).parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _said(stderr: str) -> str:
    """Take the error that a product ends with, or the last line of a traceback."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    errors = [line[7:] for line in lines if line.startswith("error: ")]
    return (errors or lines or [""])[-1][:1000]
