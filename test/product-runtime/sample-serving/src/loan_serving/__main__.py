"""Run the pipeline from the command line."""

from __future__ import annotations

import sys

from .pipeline import MODEL
from .runner import main

if __name__ == "__main__":
    sys.exit(main(MODEL))
