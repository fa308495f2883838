"""The pipeline of the model loan-serving: which step reads and leaves what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from .contracts import Metric
from .datasets import Dataset
from .model import Context, Model, Step
from .parameters import Parameters
from .steps.fit import fit
from .steps.load import load
from .steps.prepare import prepare
from .table_contracts import APPLICATIONS_CONTRACT
from .values import Range

if TYPE_CHECKING:
    from .predictor import FitState
    from .serving import Serving

APPLICATIONS = Dataset(
    name="applications",
    path="data/applications.csv",
    format="csv",
    role="source",
    cite="loans.ipynb, cell 1",
)

ACCURACY = Metric(name="accuracy", rule=Range(low=0.5), cite="loans.ipynb, cell 7")


def _load(context: Context[Parameters]) -> None:
    outputs = load(applications=context.place(APPLICATIONS))
    context.enforce(APPLICATIONS_CONTRACT, outputs.loans)
    context.save("load", {"loans": outputs.loans})


def _prepare(context: Context[Parameters]) -> None:
    outputs = prepare(loans=context.load("load", "loans", pd.DataFrame))
    context.save("prepare", {"X": outputs.X, "y": outputs.y}, final=("X", "y"))


def _fit(context: Context[Parameters]) -> None:
    outputs = fit(
        X=context.load("prepare", "X", pd.DataFrame),
        y=context.load("prepare", "y", pd.Series),
        threshold=context.parameters.threshold,
    )
    context.metric(ACCURACY, outputs.accuracy)
    context.save("fit", {"model": outputs.model, "accuracy": outputs.accuracy})


def _serving() -> Serving[FitState]:
    from .predictor import SERVING

    return SERVING


MODEL = Model(
    name="loan-serving",
    package="loan_serving",
    version="sha256:0000000000000000",
    parameters=Parameters,
    steps=(
        Step("load", _load, cite="loans.ipynb, cells 1 to 2"),
        Step("prepare", _prepare, cite="loans.ipynb, cells 3 to 4"),
        Step("fit", _fit, cite="loans.ipynb, cells 5 to 7"),
    ),
    datasets=(APPLICATIONS,),
    contracts=(APPLICATIONS_CONTRACT,),
    metrics=(ACCURACY,),
    serving=_serving,
)
