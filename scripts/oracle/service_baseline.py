"""A service of the credit-risk notebook as a team writes it by hand, to measure beside.

The cells stand here as they stand in the notebook; what training learned is read from
the fit state of the product (its values alone, no code of the product runs on a
request). FastAPI, pydantic with the same types and bounds, one worker, no log, no
figures, no ids.

    python service_baseline.py WORKDIR PORT
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
import uvicorn
from credit_risk.fit_state import load
from credit_risk.pipeline import MODEL
from credit_risk.predictor import SERVING
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

warnings.filterwarnings("ignore")

Number = Annotated[float, Field(allow_inf_nan=False)]
TEXTS = ["application_date", "employment_status", "housing", "purpose", "region"]


class Application(BaseModel):
    """One raw application."""

    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)

    application_date: str
    age: int
    income_monthly: Annotated[float, Field(gt=0)] | None
    employment_status: str
    housing: str
    purpose: str
    region: str
    loan_amount: Annotated[float, Field(ge=500, le=40000)]
    term_months: Literal[12, 24, 36, 48, 60]
    interest_rate: str
    existing_debt: float
    late_payments_12m: Annotated[int, Field(ge=0)]
    inquiries_6m: int
    bureau_score: Annotated[float, Field(ge=300, le=850)] | None


class Batch(BaseModel):
    """A request."""

    model_config = ConfigDict(extra="forbid")

    records: Annotated[list[Application], Field(max_length=1000)]


FLOATS = ["income_monthly", "loan_amount", "existing_debt", "bureau_score"]


def make(workdir: Path) -> FastAPI:
    """Make the application with what training learned."""
    kept = load(SERVING, workdir, MODEL.version)._state
    cat, columns = kept.CAT, kept.NUM
    by_status = kept.col_median_by_employment_status
    overall, caps = kept.df_median, kept.caps_by_col
    model, challenger = kept.model, kept.challenger

    def annuity(amount: Any, rate: Any, months: Any) -> Any:
        r = rate / 12
        return amount * r / (1 - (1 + r) ** -months)

    def answer(df: pd.DataFrame) -> list[dict[str, float]]:
        for col in cat:
            df[col] = df[col].str.strip().str.lower()
        df["employment_status"] = df["employment_status"].replace(
            {"self employed": "self-employed"}
        )
        df["application_date"] = pd.to_datetime(
            df["application_date"], format="mixed", dayfirst=True
        )
        df["interest_rate"] = df["interest_rate"].apply(
            lambda s: float(s.strip("%").replace(",", ".")) / 100
        )
        df.loc[(df["age"] < 18) | (df["age"] > 100), "age"] = np.nan
        df["score_missing"] = df["bureau_score"].isna().astype(int)
        for col in ["age", "income_monthly", "bureau_score"]:
            group = df["employment_status"].map(by_status[col])
            df[col] = df[col].fillna(group).fillna(overall[col])
        for col in ["income_monthly", "loan_amount", "existing_debt"]:
            df[col] = df[col].clip(*caps[col])
        df["instalment"] = annuity(
            df["loan_amount"], df["interest_rate"], df["term_months"]
        )
        df["instalment_to_income"] = df["instalment"] / df["income_monthly"]
        df["debt_to_income"] = df["existing_debt"] / df["income_monthly"]
        X = df[columns].copy()
        proba = model.predict_proba(X)[:, 1]
        proba_gb = challenger.predict_proba(X)[:, 1]
        return [
            {"proba": a, "proba_gb": b}
            for a, b in zip(proba.tolist(), proba_gb.tolist(), strict=True)
        ]

    app = FastAPI()

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/v1/score")
    async def score(batch: Batch) -> dict[str, Any]:
        df = pd.DataFrame([row.model_dump() for row in batch.records])
        df[FLOATS] = df[FLOATS].astype(float)
        return {"predictions": answer(df)}

    return app


if __name__ == "__main__":
    uvicorn.run(
        make(Path(sys.argv[1])),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        log_level="error",
        access_log=False,
    )
