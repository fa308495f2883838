"""Writes data/applications.csv: synthetic instalment-loan applications with the dirt that real extracts have.

No row describes a person. The seed is fixed, so the file is the same on every machine:

    python tools/make_data.py            writes the file
    python tools/make_data.py --check    exit code 1 when the committed file differs
"""

import csv
import io
import math
import random
import sys
from pathlib import Path

SEED = 20240611
ROWS = 2000
DUPLICATES = 40
TARGET = Path(__file__).resolve().parent.parent / "data" / "applications.csv"
COLUMNS = [
    "application_id",
    "application_date",
    "age",
    "income_monthly",
    "employment_status",
    "housing",
    "purpose",
    "region",
    "loan_amount",
    "term_months",
    "interest_rate",
    "existing_debt",
    "late_payments_12m",
    "inquiries_6m",
    "bureau_score",
    "default_flag",
]


def dirty(rng: random.Random, word: str) -> str:
    """The same category as different clerks type it: other case, stray blanks."""
    roll = rng.random()
    if roll < 0.10:
        word = word.upper()
    elif roll < 0.22:
        word = word.capitalize()
    if rng.random() < 0.07:
        word = " " + word if rng.random() < 0.5 else word + "  "
    return word


def one_row(rng: random.Random, number: int) -> dict[str, str]:
    """One application. The chance of default follows from what the row says, before the dirt is added."""
    age = min(79, max(18, round(rng.gauss(41, 13))))
    status = rng.choices(["employed", "self-employed", "retired", "student", "unemployed"], [62, 14, 11, 7, 6])[0]
    if age >= 66:
        status = "retired"
    level = {"employed": 7.95, "self-employed": 8.05, "retired": 7.55, "student": 6.85, "unemployed": 6.75}[status]
    income = math.exp(rng.gauss(level, 0.38))
    housing = rng.choices(["rent", "own", "mortgage", "family"], [41, 22, 28, 9])[0]
    purpose = rng.choices(["car", "furniture", "renovation", "education", "consolidation", "other"], [27, 18, 17, 8, 21, 9])[0]
    region = rng.choices(["north", "south", "east", "west", "capital"], [20, 22, 17, 19, 22])[0]
    amount = min(40_000.0, max(500.0, income * rng.uniform(0.8, 6.5)))
    term = rng.choices([12, 24, 36, 48, 60], [16, 25, 28, 17, 14])[0]
    debt = 0.0 if rng.random() < 0.32 else income * rng.expovariate(1 / 1.6)
    late = min(9, int(rng.expovariate(1 / 0.55)))
    inquiries = min(12, int(rng.expovariate(1 / 1.3)))
    score = min(850.0, max(300.0, rng.gauss(655 - 32 * late - 7 * inquiries + 0.7 * (age - 41), 48)))
    risk = (
        -2.6
        + 0.9 * late
        + 0.22 * inquiries
        - 0.02 * (score - 620)
        + 0.45 * (amount / income - 3)
        + 0.3 * min(4.0, debt / income)
        + {"employed": -0.2, "self-employed": 0.15, "retired": -0.25, "student": 0.35, "unemployed": 0.95}[status]
        + (0.5 if purpose == "consolidation" else 0.0)
        - (0.3 if housing in {"own", "mortgage"} else 0.0)
        + 0.008 * (term - 36)
    )
    default = rng.random() < 1 / (1 + math.exp(-risk))
    rate = 0.045 + 0.06 / (1 + math.exp(-risk)) + rng.uniform(0, 0.03)
    year, month, day = rng.choices([2022, 2023, 2024], [36, 40, 24])[0], rng.randint(1, 12), rng.randint(1, 28)

    typed_status = "self employed" if status == "self-employed" and rng.random() < 0.25 else status
    typed_age = rng.choice([0, -1, 199, 999]) if rng.random() < 0.012 else age
    typed_rate = f"{rate * 100:.2f}%"
    return {
        "application_id": f"A{number:06d}",
        "application_date": f"{day:02d}/{month:02d}/{year}" if rng.random() < 0.3 else f"{year}-{month:02d}-{day:02d}",
        "age": str(typed_age),
        "income_monthly": "" if rng.random() < 0.06 else f"{income:.2f}",
        "employment_status": dirty(rng, typed_status),
        "housing": dirty(rng, housing),
        "purpose": dirty(rng, purpose),
        "region": dirty(rng, region),
        "loan_amount": f"{amount:.2f}",
        "term_months": str(term),
        "interest_rate": typed_rate.replace(".", ",") if rng.random() < 0.15 else typed_rate,
        "existing_debt": f"{debt:.2f}",
        "late_payments_12m": str(late),
        "inquiries_6m": str(inquiries),
        "bureau_score": "" if rng.random() < 0.09 else f"{score:.0f}",
        "default_flag": rng.choice(["Y", "y"]) if default else rng.choice(["N", "N", "N", "n"]),
    }


def make() -> str:
    """The whole file as text: the applications with some of them exported twice."""
    rng = random.Random(SEED)
    rows = [one_row(rng, 100_000 + 7 * i) for i in range(ROWS)]
    for _ in range(DUPLICATES):
        rows.insert(rng.randrange(len(rows)), dict(rng.choice(rows)))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


if __name__ == "__main__":
    text = make()
    if "--check" in sys.argv[1:]:
        same = TARGET.exists() and TARGET.read_bytes() == text.encode("utf-8")
        print("same" if same else f"{TARGET.name} differs from what this script makes")
        sys.exit(0 if same else 1)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(text.encode("utf-8"))
    print(f"{TARGET.name}: {len(text.splitlines()) - 1} rows")
