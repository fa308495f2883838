"""What the notebook promises about its tables."""

from __future__ import annotations

from .contracts import Column, Table
from .values import Range

APPLICATIONS_CONTRACT = Table(
    name="applications",
    columns=(
        Column("age", "int", rules=(Range(18, 120),)),
        Column("default", "int", target=True),
    ),
    cite="loans.ipynb, cell 1",
)
