"""The pipeline of the model credit-sample: which step reads and leaves what."""

from __future__ import annotations

import pandas as pd

from .contracts import Column, Metric, Table
from .datasets import Dataset
from .model import Context, Model, Step
from .parameters import Parameters
from .settings import Secret
from .steps.fit import fit
from .steps.load import load
from .steps.prepare import prepare
from .values import OneOf, Range

APPLICATIONS = Dataset(
    name="applications",
    path="data/applications.csv",
    format="csv",
    role="source",
    cite="train.ipynb, cell 3",
    world="risk.applications",
)
SCORES = Dataset(
    name="scores",
    path="out/scores.csv",
    format="csv",
    role="output",
    cite="train.ipynb, cell 9",
)

APPLICATIONS_CONTRACT = Table(
    name="applications",
    columns=(
        Column("id", "str", key=True),
        Column("income", "float", rules=(Range(low=0),), pii=True),
        Column("default", "int", rules=(OneOf(0, 1),), target=True),
    ),
    rows=Range(low=10),
    cite="train.ipynb, cell 3",
)
ACCURACY = Metric(name="accuracy", rule=Range(low=0.5), cite="train.ipynb, cell 8")


def _load(context: Context[Parameters]) -> None:
    outputs = load(
        applications=context.place(APPLICATIONS),
        seed=context.parameters.seed,
    )
    context.enforce(APPLICATIONS_CONTRACT, outputs.raw)
    context.save("load", {"raw": outputs.raw}, final=("raw",))


def _prepare(context: Context[Parameters]) -> None:
    outputs = prepare(
        raw=context.load("load", "raw", pd.DataFrame),
        features=context.parameters.features,
        test_size=context.parameters.test_size,
    )
    context.save(
        "prepare",
        {
            "X": outputs.X,
            "y": outputs.y,
            "cuts": outputs.cuts,
            "train": outputs.train,
        },
        final=("X", "y", "cuts"),
    )


def _fit(context: Context[Parameters]) -> None:
    outputs = fit(
        X=context.load("prepare", "X", pd.DataFrame),
        y=context.load("prepare", "y", pd.Series),
        train=context.load("prepare", "train", pd.Series),
        penalty=context.parameters.penalty,
        scores=context.place(SCORES),
    )
    context.metric(ACCURACY, outputs.accuracy)
    context.save(
        "fit",
        {"model": outputs.model, "accuracy": outputs.accuracy},
        final=("model", "accuracy"),
    )


MODEL = Model(
    name="credit-sample",
    package="credit_sample",
    version="sha256:0000000000000000",
    parameters=Parameters,
    steps=(
        Step("load", _load, cite="train.ipynb, cells 3 to 4", rng_out=True),
        Step("prepare", _prepare, cite="train.ipynb, cells 5 to 6", rng_in="load"),
        Step("fit", _fit, cite="train.ipynb, cells 7 to 9"),
    ),
    datasets=(APPLICATIONS, SCORES),
    secrets=(Secret("API_KEY", cite="train.ipynb, cell 4"),),
    contracts=(APPLICATIONS_CONTRACT,),
    metrics=(ACCURACY,),
)
