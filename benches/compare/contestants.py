"""Who is asked, with which command, and how to read what each found."""

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from data import THRESHOLD, File

SCRIPTS = Path(__file__).with_name("scripts")
RATES = [
    "selection-rate",
    "true-positive-rate",
    "false-positive-rate",
    "true-negative-rate",
    "false-negative-rate",
    "positive-predictive-value",
    "negative-predictive-value",
    "accuracy",
]

Cells = dict[tuple[str, ...], tuple[float, ...]]
"""The levels of the protected attributes, the label and the decision: the number of rows, the sums of weights and of
their squares."""


class Question(NamedTuple):
    """Which columns of which file are counted."""

    file: File
    path: Path
    protected: list[str]
    decision: str = "prediction"
    """`prediction`: a column of texts; `threshold`: a score of at least that; `median`: a score above it."""
    weighted: bool = False

    @property
    def columns(self) -> list[str]:
        decision = "prediction" if self.decision == "prediction" else "score"
        return [*self.protected, "label", decision, *(["weight"] if self.weighted else [])]


class Contestant(NamedTuple):
    name: str
    command: list[str]
    found: Callable[[str], Cells | int | None]
    """What it counted, from what it printed: cells, the number of rows, or nothing."""
    inner: bool = False
    """Whether it prints how long its query took, without the start of its interpreter."""


def evenhand(binary: str, kept: Path, question: Question, audit: bool = True) -> list[Contestant]:
    """The whole command, once as an audit and once as a tally; the tally is written to `kept`."""
    roles = ["--protected", ",".join(question.protected), "--label", "label", "--adverse=false"]
    if question.decision == "prediction":
        roles += ["--prediction", "prediction"]
    else:
        threshold = "median" if question.decision == "median" else str(THRESHOLD)
        roles += ["--score", "score", "--threshold", threshold]
    if question.weighted:
        roles += ["--weight", "weight"]
    audits = [binary, "audit", str(question.path), *roles, "--exit-zero", "--format", "json"]
    tally = [binary, "tally", str(question.path), *roles, "--quiet", "--out", str(kept)]
    counted = Contestant("evenhand tally", tally, lambda _: cells_of_tally(kept, question.protected))
    return [Contestant("evenhand audit", audits, rows_of_audit), counted] if audit else [counted]


def group_by(engine: str, question: Question) -> Contestant:
    asked = {
        "path": str(question.path),
        "columns": [*question.protected, "label"],
        "decision": "prediction" if question.decision == "prediction" else "score",
        "threshold": {"prediction": None, "threshold": THRESHOLD, "median": "median"}[question.decision],
        "weight": "weight" if question.weighted else None,
    }
    script = str(SCRIPTS / f"group_by_{engine.lower()}.py")
    return Contestant(f"{engine} group_by", [sys.executable, script, json.dumps(asked)], cells_of_group_by, inner=True)


def limit(program: str | None, question: Question) -> list[Contestant]:
    """Reading the same bytes and throwing them away."""
    if program is None:
        return []
    if question.file.format == "Parquet":
        return [Contestant("the limit", [program, str(question.path), *question.columns], int)]
    # Lines, of which the first is the header.
    return [Contestant("the limit", [program, str(question.path)], lambda printed: int(printed) - 1)]


def library(name: str, path: Path, attributes: list[str], *options: str) -> Contestant:
    script = str(SCRIPTS / f"rates_{name.lower()}.py")
    return Contestant(name, [sys.executable, script, str(path), ",".join(attributes), *options], lambda _: None, True)


def cells_of_group_by(printed: str) -> Cells:
    answer = last_line(printed)
    keys = answer["keys"]
    # DuckDB reads yes and no in CSV as truth values.
    words = {True: "yes", False: "no"}
    return {
        tuple(words.get(level, level) for level in cell[:keys]): tuple(cell[keys:]) for cell in answer["cells"]
    }


def cells_of_tally(path: Path, protected: list[str]) -> Cells:
    cube = json.loads(path.read_text())["decisions"]
    dimensions = {
        dimension["column"] if dimension["role"] == "protected" else dimension["role"]: (place, dimension["levels"])
        for place, dimension in enumerate(cube["dimensions"])
    }
    order = [dimensions[name] for name in (*protected, "label", "prediction")]
    cells = {}
    for key, cell in cube["cells"]:
        weights = cell.get("weights")
        sums = [math.fsum(weights[kind]) for kind in ("sum", "squares")] if weights else []
        cells[tuple(levels[key[place]] for place, levels in order)] = (cell["n"], *sums)
    return cells


def rows_of_audit(printed: str) -> int:
    return json.loads(printed)["data"]["rows_counted"]


def rates_of_audit(printed: str) -> dict[str, dict[str, dict[str, float]]]:
    """By attribute, level and rate."""
    rates: dict = {}
    for entry in json.loads(printed)["rates"]:
        if len(entry["by"]) == 1:
            [(attribute, level)] = entry["group"].items()
            points = {rate: entry["values"][rate].get("point") for rate in RATES}
            rates.setdefault(attribute, {})[level] = points
    return rates


def last_line(printed: str) -> dict:
    return json.loads(printed.strip().splitlines()[-1])
