"""Writes data/sensors.csv, data/machines.csv and data/failures.csv: synthetic pumps of three plants with the dirt that historians have.

The seed is fixed, so the files are the same on every machine:

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

SEED = 20250303
MACHINES = 20
DAYS = 150
FOLDER = Path(__file__).resolve().parent.parent / "data"
FIRST = dt.datetime(2024, 1, 8, 6, 0)
MODELS = {"HP-200": (61.0, 2.1, 38.0), "HP-310": (66.0, 2.6, 44.0), "LX-5": (57.0, 1.8, 31.0)}
PARTS = ["bearing", "seal", "impeller"]


def one_machine(rng: random.Random, number: int) -> tuple[dict[str, str], list[dict[str, str]], list[dict[str, str]]]:
    """A pump, two readings a day, and its failures: wear grows, shows in vibration and heat, and ends in a failure."""
    name = f"P{number:03d}"
    model = rng.choices(list(MODELS), [10, 8, 6])[0]
    plant = rng.choice(["Nord", "Süd", "West"])
    installed = dt.date(2010 + rng.randrange(0, 13), rng.randrange(1, 13), rng.randrange(1, 28))
    base_temp, base_vib, base_press = MODELS[model]
    load = rng.uniform(0.85, 1.2)
    speed = rng.uniform(0.55, 1.5) * (1.0 + 0.03 * (2024 - installed.year))
    wear = rng.uniform(0.0, 0.5)
    readings: list[dict[str, str]] = []
    failures: list[dict[str, str]] = []
    down = 0
    limit = rng.gauss(1.0, 0.12)
    for half_day in range(2 * DAYS):
        at = FIRST + dt.timedelta(hours=12 * half_day, minutes=rng.choice([0, 0, 0, 1, 2]))
        if down > 0:
            down -= 1
            continue
        wear += 0.011 * speed * load * rng.uniform(0.5, 1.6)
        late = max(0.0, wear - 0.72)
        season = 3.0 * math.sin(2 * math.pi * (half_day / 2) / 365)
        temp = base_temp * load + season + 26 * late + rng.gauss(0, 1.4)
        vib = base_vib * load + 4.4 * late**1.4 + rng.gauss(0, 0.18)
        press = base_press * load - 11 * late + rng.gauss(0, 0.9)
        rpm = 1480 * load + rng.gauss(0, 14)
        row = {
            "machine_id": name if rng.random() > 0.02 else name.lower(),
            "ts": at.isoformat(sep=" ", timespec="minutes"),
            "temperature": f"{temp:.1f}",
            "vibration": f"{vib:.2f}",
            "pressure": f"{press:.1f}",
            "rpm": f"{rpm:.0f}",
            "status": rng.choices(["run", "RUN", "idle"], [80, 8, 12])[0],
        }
        roll = rng.random()
        if roll < 0.02:
            row[rng.choice(["temperature", "vibration", "pressure"])] = ""
        elif roll < 0.026:
            row["temperature"] = "-999"
        elif roll < 0.029:
            row["vibration"] = "-999"
        readings.append(row)
        if rng.random() < 0.008:
            readings.append(dict(row))
        if wear > limit and rng.random() < 0.4:
            failed = at + dt.timedelta(hours=rng.randrange(1, 11), minutes=rng.randrange(0, 60))
            part = rng.choices(PARTS, [6, 3, 2])[0]
            failures.append(
                {
                    "machine": name,
                    "failed_at": failed.strftime("%d/%m/%Y %H:%M"),
                    "component": rng.choice([part, part.upper(), f" {part}"]),
                    "downtime_h": "" if rng.random() < 0.1 else f"{rng.uniform(6, 60):.1f}",
                }
            )
            wear, limit, down = rng.uniform(0.0, 0.25), rng.gauss(1.0, 0.12), rng.randrange(1, 4)
    machine = {
        "machine_id": name,
        "model": rng.choice([model, model, model.replace("-", "")]),
        "plant": rng.choice([plant, plant.upper()]),
        "installed": installed.isoformat(),
        "rated_kw": "" if rng.random() < 0.12 else str(rng.choice([15, 22, 30, 37])),
    }
    return machine, readings, failures


def text(rows: list[dict[str, str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def make() -> dict[str, str]:
    """The text of each file."""
    rng = random.Random(SEED)
    machines: list[dict[str, str]] = []
    readings: list[dict[str, str]] = []
    failures: list[dict[str, str]] = []
    for number in range(1, MACHINES + 1):
        machine, own, failed = one_machine(rng, number)
        machines.append(machine)
        readings += own
        failures += failed
    failures.append(dict(failures[3]))
    failures.append({"machine": "P999", "failed_at": "01/04/2024 08:00", "component": "seal", "downtime_h": "12.0"})
    # The historian exports by time, not by machine.
    readings.sort(key=lambda row: row["ts"])
    return {"machines.csv": text(machines), "sensors.csv": text(readings), "failures.csv": text(failures)}


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
