"""How new applications are answered, as the notebook answers those held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from .serving import Answer, Field, Serving
from .table_contracts import APPLICATIONS_CONTRACT


@dataclass(frozen=True)
class FitState:
    """What training keeps for serving."""

    median: dict[str, float]
    city_codes: dict[str, int]
    columns: list[str]
    scaler: StandardScaler
    model: LogisticRegression
    threshold: float


def predict(frame: pd.DataFrame, state: FitState) -> dict[str, object]:
    """Score applications (loans.ipynb, cell 6)."""
    for column in ["income", "debt"]:
        frame[column] = frame[column].fillna(state.median[column])
    frame["home"] = frame["home"].str.strip().str.lower()
    frame["city"] = frame["city"].map(state.city_codes).fillna(0)
    frame = pd.get_dummies(frame, columns=["home"])
    frame = frame.reindex(columns=state.columns, fill_value=0)
    p = state.model.predict_proba(state.scaler.transform(frame))[:, 1]
    return {"p": p, "decision": np.where(p >= state.threshold, "refer", "accept")}


SERVING = Serving(
    dataset="applications",
    state=FitState,
    answers=(
        Answer(
            name="predict",
            function=predict,
            values=("p", "decision"),
            cite="loans.ipynb, cell 6",
        ),
    ),
    fields=(
        Field("median", cite="loans.ipynb, cell 3", keyed=True),
        Field("city_codes", cite="loans.ipynb, cell 3"),
        Field("columns", cite="loans.ipynb, cell 4"),
        Field("scaler", cite="loans.ipynb, cell 5"),
        Field("model", cite="loans.ipynb, cell 5"),
        Field("threshold", cite="loans.ipynb, cell 6"),
    ),
    reads={"sep": ";"},
    contract=APPLICATIONS_CONTRACT,
)
