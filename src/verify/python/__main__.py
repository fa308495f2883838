"""The one way in: `python -m crosswalk_verify COMMAND JOB.json ANSWER.json`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from . import surroundings


def run(command: str, job: dict[str, Any]) -> dict[str, Any]:
    """Run one command; what only one of them needs is imported by it alone."""
    if command == "describe":
        return surroundings.describe(job)
    if command == "notebook":
        from .notebook import run_notebooks

        return run_notebooks(job)
    if command == "train":
        from .train import train

        return train(job)
    if command == "results":
        from .results import compare_results

        return compare_results(job)
    if command == "answers":
        from .answers import compare_answers

        return compare_answers(job)
    if command == "trace":
        from .trace import first_divergence

        return first_divergence(job)
    raise SystemExit(f"no such command: {command}")


def main() -> None:
    """Read the job, do it, and write the answer in one piece."""
    command, job_file, answer_file = sys.argv[1:4]
    job: dict[str, Any] = json.loads(Path(job_file).read_text(encoding="utf-8"))
    surroundings.limit_memory(int(job.get("memory", 0)))
    surroundings.raise_loopback()
    answer = run(command, job)
    part = Path(f"{answer_file}.part")
    part.write_text(json.dumps(answer), encoding="utf-8")
    part.replace(answer_file)
    # The answer is complete; threads of libraries that die late must not turn it into a failure.
    sys.stdout.flush()
    os._exit(0)


main()
