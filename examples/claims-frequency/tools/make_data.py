"""Writes data/policies.csv, data/claims.csv and data/regions.csv: a synthetic motor portfolio with the dirt that real extracts have.

No row describes a person or a car. The seed is fixed, so the files are the same on every machine:

    python tools/make_data.py            writes the files
    python tools/make_data.py --check    exit code 1 when a committed file differs
"""

import csv
import datetime as dt
import io
import math
import random
import sys
from pathlib import Path

SEED = 20250117
POLICIES = 4200
FOLDER = Path(__file__).resolve().parent.parent / "data"
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 12, 31)

# brand as it should be, its share, what clerks type, its risk
BRANDS = [
    ("VOLTA", 24, ["VOLTA", "Volta", "volta ", "VOLTA"], 0.00),
    ("MERIDIAN", 21, ["MERIDIAN", "Meridian", "MERIDAN"], 0.10),
    ("KESTREL", 17, ["KESTREL", "Kestrel"], -0.08),
    ("AURIGA", 13, ["AURIGA", " AURIGA", "Auriga"], 0.18),
    ("TANGO MOTORS", 11, ["TANGO MOTORS", "TANGO", "Tango Motors"], 0.05),
    ("NORDWAGEN", 9, ["NORDWAGEN", "Nordwagen"], -0.12),
    ("LUMEN", 3, ["LUMEN", "Lumen"], -0.05),
    ("PICCOLO", 1, ["PICCOLO"], 0.20),
    ("ORYX", 1, ["ORYX", "Oryx"], 0.30),
]
REGIONS = [
    ("R11", "Coast", 118, 2),
    ("R24", "Lakes", 64, 1),
    ("R31", "Capital", 3920, 5),
    ("R42", "Valley", 236, 3),
    ("R53", "Mill Towns", 812, 4),
    ("R72", "Hills", 39, 1),
    ("R82", "River Plain", 155, 2),
    ("R93", "Harbour", 1480, 4),
]
AREAS = ["A", "B", "C", "D", "E"]


def day(date: dt.date) -> str:
    return date.strftime("%d.%m.%Y")


def comma(value: float, digits: int) -> str:
    """A number as a German spreadsheet writes it."""
    return f"{value:.{digits}f}".replace(".", ",")


def one_policy(rng: random.Random, number: int) -> tuple[dict[str, str], list[dict[str, str]]]:
    """A policy year and its claims. The frequency follows from what the row says, before the dirt is added."""
    start = FIRST if rng.random() < 0.45 else FIRST + dt.timedelta(days=rng.randrange(0, 340))
    end = LAST if rng.random() < 0.7 else start + dt.timedelta(days=rng.randrange(15, 366))
    end = min(end, LAST)
    age = min(88, max(18, round(rng.gauss(46, 15))))
    licence = max(0, age - 18 - min(age - 18, int(rng.expovariate(1 / 4))))
    bonus = 50 if licence > 14 and rng.random() < 0.75 else min(160, max(50, round(100 - 3.4 * licence + rng.gauss(0, 11))))
    brand, _, typed, brand_risk = rng.choices(BRANDS, [b[1] for b in BRANDS])[0]
    power = rng.choices(range(4, 13), [11, 18, 22, 20, 10, 7, 6, 4, 2])[0]
    vehicle_age = min(30, int(rng.expovariate(1 / 7)))
    fuel = rng.choices(["petrol", "diesel", "electric"], [52, 40, 8])[0]
    region, _, density, zone = rng.choices(REGIONS, [12, 8, 24, 14, 15, 6, 10, 11])[0]
    area = AREAS[min(4, max(0, zone - 1 + rng.choice([-1, 0, 0, 0, 1])))]
    mileage = max(1500.0, rng.gauss(13_500, 4_800) * (1.25 if fuel == "diesel" else 1.0))
    rate = math.exp(
        -1.82
        + 0.017 * (bonus - 60)
        + (0.45 if age < 25 else 0.12 if age > 74 else 0.0)
        + 0.22 * math.log(mileage / 13_000)
        + 0.09 * math.log(density / 200)
        + 0.04 * (power - 6)
        - 0.012 * vehicle_age
        + (0.12 if fuel == "diesel" else 0.0)
        + brand_risk
    )
    days = (end - start).days + 1
    policy_no = f"M{number:07d}"
    claims: list[dict[str, str]] = []
    waited = rng.expovariate(rate)
    while waited < days / 365.25 and len(claims) < 6:
        date = start + dt.timedelta(days=int(waited * 365.25))
        kind = rng.choices(["collision", "parking", "glass", "injury"], [46, 29, 17, 8])[0]
        level, spread = {"collision": (7.7, 0.75), "parking": (6.8, 0.5), "glass": (6.1, 0.35), "injury": (8.9, 1.25)}[kind]
        paid = math.exp(rng.gauss(level + 0.03 * (power - 6), spread))
        claims.append(
            {
                "claim_no": f"C{number:07d}-{len(claims) + 1}",
                "policy_no": policy_no,
                "reported": day(date + dt.timedelta(days=int(rng.expovariate(1 / 9)))),
                "cause": rng.choice([kind, kind, kind.upper(), f"{kind} "]),
                "status": rng.choices(["closed", "open", "reopened"], [80, 14, 6])[0],
                "paid": comma(paid, 2),
            }
        )
        waited += rng.expovariate(rate)
    row = {
        "Policy_No": policy_no,
        "Start": day(start),
        "End": "" if end == LAST and rng.random() < 0.3 else day(end),
        "Birth_Year": str(2024 - age) if rng.random() > 0.012 else rng.choice(["1900", "0", ""]),
        "Licence_Year": "" if rng.random() < 0.04 else str(2024 - licence),
        "Bonus_Malus": str(bonus) if rng.random() > 0.006 else "999",
        "Veh_Power": str(power),
        " Veh_Age": str(vehicle_age),
        "Brand": "" if rng.random() < 0.012 else rng.choice(typed),
        "Fuel": rng.choice({"petrol": ["Petrol", "petrol", "P"], "diesel": ["Diesel", "diesel", "D"], "electric": ["Electric", "E"]}[fuel]),
        "Area": area,
        "Region": region if rng.random() > 0.01 else "R00",
        "Mileage": "" if rng.random() < 0.07 else comma(mileage / 1000, 1),
    }
    return row, claims


def no_payment(rng: random.Random, claims: list[dict[str, str]]) -> list[dict[str, str]]:
    """What a claims system adds: files without payment, recoveries, one claim in two states, one of an unknown policy."""
    out: list[dict[str, str]] = []
    for claim in claims:
        out.append(claim)
        roll = rng.random()
        if roll < 0.05:
            out.append({**claim, "claim_no": f"{claim['claim_no']}X", "paid": "0,00", "status": "closed"})
        elif roll < 0.08:
            out.append({**claim, "claim_no": f"{claim['claim_no']}R", "paid": comma(-rng.uniform(50, 600), 2), "status": "closed"})
        elif roll < 0.12:
            out.append({**claim, "status": "closed"})
    for i in range(9):
        out.append({**rng.choice(claims), "policy_no": f"X{i:07d}", "claim_no": f"C9{i:06d}-1"})
    return out


def text(rows: list[dict[str, str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def make() -> dict[str, str]:
    """The text of each file."""
    rng = random.Random(SEED)
    policies: list[dict[str, str]] = []
    claims: list[dict[str, str]] = []
    for i in range(POLICIES):
        row, own = one_policy(rng, 4_000_000 + 13 * i)
        policies.append(row)
        claims += own
        if rng.random() < 0.008:
            policies.append(dict(row))
        elif rng.random() < 0.006:
            policies.append({**row, "Start": day(FIRST), "Area": rng.choice(AREAS)})
    regions = [{"region": r, "region_name": n, "density": str(d), "zone": str(z)} for r, n, d, z in REGIONS]
    return {"policies.csv": text(policies), "claims.csv": text(no_payment(rng, claims)), "regions.csv": text(regions)}


if __name__ == "__main__":
    files = make()
    if "--check" in sys.argv[1:]:
        differ = [n for n, t in files.items() if not (FOLDER / n).exists() or (FOLDER / n).read_bytes() != t.encode("utf-8")]
        print("same" if not differ else f"{', '.join(differ)} differ from what this script makes")
        sys.exit(1 if differ else 0)
    FOLDER.mkdir(exist_ok=True)
    for name, content in files.items():
        (FOLDER / name).write_bytes(content.encode("utf-8"))
        print(f"{name}: {len(content.splitlines()) - 1} rows")
