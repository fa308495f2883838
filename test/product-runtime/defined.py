"""Classes and functions that a notebook defines and a product keeps in a module."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import NamedTuple


class Grade(enum.Enum):
    """Grades of a borrower."""

    A = "a"
    B = "b"


class Level(enum.IntEnum):
    """Levels that are numbers too."""

    LOW = 1


class Split(NamedTuple):
    """A pair with names."""

    train: object
    test: object


@dataclass
class Config:
    """Settings of a run."""

    name: str
    cuts: tuple[float, ...] = (0.5,)
    seen: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A data class without a dictionary."""

    value: object


def double(x: float) -> float:
    """Return twice x."""
    return 2 * x


class Other:
    """Neither plain nor an estimator."""


def made_inside(amount: float) -> dict[str, object]:
    """Return functions as a step makes them: two lambdas, one with a variable."""
    return {
        "plain": lambda x: x + 1,
        "default": lambda x, by=2: x * by,
        "variable": lambda x: x + amount,
    }
