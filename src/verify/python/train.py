"""Runs the steps of the product, as its users do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

# The product's own check stops a training whose predictor does not answer as training
# did. Verification goes on without it: it holds the answers against the notebook itself.
_WITHOUT_CHECK = """
import importlib, sys
training = importlib.import_module({package!r} + ".training")
training.self_check = lambda *_: {{"outcome": "not comparable", "reasons": ["left to crosswalk verify"]}}
runner = importlib.import_module({package!r} + ".runner")
model = importlib.import_module({package!r} + ".pipeline").MODEL
sys.exit(runner.main(model, {arguments!r}))
"""


def train(job: dict[str, Any]) -> dict[str, Any]:
    """Run every step; say where it stopped, and what its own check found."""
    started = time.monotonic()
    arguments = [
        "run",
        "--workdir",
        job["workdir"],
        "--root",
        job["root"],
        *job["params"],
    ]
    done = product(job, ["-m", job["package"], *arguments])
    said = _said(done.stderr)
    answer: dict[str, Any] = {"code": done.returncode, "said": said, "selfCheck": None}
    checked = re.search(r"^(?:error|warning|info): (self-check.*)$", done.stderr, re.M)
    if checked:
        answer["selfCheck"] = checked.group(1)
    if done.returncode != 0 and "self-check" in said:
        script = _WITHOUT_CHECK.format(package=job["package"], arguments=arguments)
        again = product(job, ["-c", script])
        answer["code"] = again.returncode
        answer["selfCheck"] = said
        answer["said"] = _said(again.stderr)
    answer["isTrained"] = Path(job["workdir"], "artifacts.json").is_file()
    answer["seconds"] = round(time.monotonic() - started, 3)
    return answer


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
