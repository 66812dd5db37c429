"""The parts of the benchmark, in the order in which they are run: the most important first."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from agreement import same_rates
from contest import Clock, contest, limited, measure, say, started, turns
from contestants import Contestant, Question, evenhand, group_by, last_line, library, limit, rates_of_audit
from data import FORMS, PROTECTED, File, made
from process import Limit, timed, watched


class Setting(NamedTuple):
    folder: Path
    binary: str
    limit: str | None
    bootstrap: str | None
    frame: str | None
    rows: list[int]
    rounds: int
    bounds: Limit
    clock: Clock

    @property
    def middle(self) -> int:
        """Where all forms and roles are compared: 20 million rows, if there are as many."""
        return max((rows for rows in self.rows if rows <= 20_000_000), default=min(self.rows))

    def question(self, levels: str, rows: int, form: str, **how) -> Question:
        file = File(levels, rows, form)
        protected = how.pop("protected", PROTECTED[levels])
        return Question(file, made(self.folder, file), protected, **how)

    @property
    def kept(self) -> Path:
        return self.folder / "kept.tally.json"


def rivals(setting: Setting, question: Question) -> list[Contestant]:
    return [
        *evenhand(setting.binary, setting.kept, question),
        group_by("DuckDB", question),
        group_by("polars", question),
    ]


def sizes(setting: Setting, form: str) -> dict:
    records = []
    for rows in setting.rows:
        question = setting.question("few", rows, form)
        everyone = rivals(setting, question) + limit(setting.limit, question)
        records += contest(question, everyone, setting.rounds, setting.clock)
    return {"records": records}


def parquet(setting: Setting) -> dict:
    return sizes(setting, "polars")


def csv(setting: Setting) -> dict:
    return sizes(setting, "csv")


def libraries(setting: Setting) -> dict:
    """fairlearn and AIF360 for one attribute, aequitas for three; each until it runs out of time or memory."""
    records: list[dict] = []
    before: dict[str, dict] = {}
    # 20 million rows would say nothing that 10 million do not, and take minutes.
    for rows in (rows for rows in setting.rows if rows != 20_000_000):
        every = setting.question("few", rows, "polars")
        one = every._replace(protected=every.protected[:1])
        ours = evenhand(setting.binary, setting.kept, one)[:1]
        truth = rates_of_audit(timed(evenhand(setting.binary, setting.kept, every)[0].command).printed)
        records += contest(one, ours, setting.rounds, setting.clock)
        records += contest(every, evenhand(setting.binary, setting.kept, every)[:1], setting.rounds, setting.clock)
        for name, question in [("aequitas", every), ("AIF360", one), ("fairlearn", one)]:
            asked = library(name, question.path, question.protected)
            record = library_at(setting, question, asked, before.get(name), truth)
            before[name] = record
            records.append(record)
            say(setting.clock, record)
    return {"records": records}


def library_at(setting: Setting, question: Question, one: Contestant, smaller: dict | None, truth: dict) -> dict:
    expected = 0.0
    if smaller is not None:
        if not smaller["seconds"]:
            return started(question, one, []) | {"ended": "not run: stopped at fewer rows"}
        # Without the start of Python and the imports, which do not grow.
        expected = min(smaller["inner"]) * question.file.rows / smaller["question"]["rows"]
    if expected > 2 * setting.bounds.seconds:
        ended = f"not run: about {expected:,.0f} s at the time per row of the size before"
        return started(question, one, []) | {"ended": ended}
    record, run = limited(question, one, setting.bounds)
    if run.ended == "well":
        same_rates(one.name, last_line(run.printed)["rates"], truth)
        measure([one], {one.name: record}, {one.name: turns(run.seconds, min(3, setting.rounds))})
    return record


def frame(setting: Setting) -> dict:
    """Rows that are in memory already."""
    if setting.frame is None:
        return {"missing": "--frame"}
    rows = 1_000_000
    question = setting.question("few", rows, "polars")
    theirs = library("aequitas", question.path, question.protected, "7")
    ours, aequitas = [], []
    for _ in range(3):
        ours.append(json.loads(timed([setting.frame, "--rows", str(rows), "--rounds", "11"]).printed))
        aequitas += last_line(timed(theirs.command).printed)["crosstabs"]
    median = sorted(aequitas)[len(aequitas) // 2] * 1e3
    setting.clock.say(f"frame of {rows:,} rows: {ours[-1]}, aequitas {median:.1f} ms")
    return {"ours": ours, "aequitas": aequitas, "rows": rows}


def bootstrap(setting: Setting) -> dict:
    """One replicate of the bootstrap."""
    if setting.bootstrap is None:
        return {"missing": "--bootstrap"}
    rows, replicates = 1_000_000, 3
    question = setting.question("few", rows, "polars", protected=["region"])
    # Of 1,000 cells, and of the very rows that fairlearn is given.
    timed(evenhand(setting.binary, setting.kept, question, audit=False)[0].command)
    runs = [(timed([setting.bootstrap]), timed([setting.bootstrap, "10000", str(setting.kept)])) for _ in range(3)]
    ours, same = ([json.loads(run.printed) for run in kind] for kind in zip(*runs))
    theirs = library("fairlearn", question.path, question.protected, str(replicates))
    run = watched(theirs.command, setting.bounds)
    if run.ended != "well":
        return {"ours": ours, "same": same, "ended": run.ended}
    answer = last_line(run.printed)
    each = (answer["bootstrap"] - answer["seconds"]) / replicates
    setting.clock.say(f"bootstrap: {ours[-1]}, fairlearn {each:.1f} s per replicate")
    theirs = {"rows": rows, "replicates": replicates, "plain": answer["seconds"], "seconds": answer["bootstrap"]}
    return {"ours": ours, "same": same, "fairlearn": theirs | {"anonymous": run.anonymous}}


def roles(setting: Setting) -> dict:
    """The same rows with a score and a threshold, with the median as the threshold, and with weights."""
    questions = [
        setting.question("few", setting.middle, "polars", decision="threshold"),
        setting.question("few", setting.middle, "polars", decision="median"),
        setting.question("few", setting.middle, "polars", weighted=True),
        setting.question("few", setting.middle, "csv", decision="threshold"),
        setting.question("few", setting.middle, "csv", decision="median"),
    ]
    return everywhere(setting, questions)


def forms(setting: Setting) -> dict:
    """The same rows by other writers, and rows with many groups."""
    questions = [
        setting.question("many", setting.middle, "polars"),
        setting.question("many", setting.middle, "polars", protected=["area"]),
        *(setting.question("few", setting.middle, form) for form in FORMS if form not in ("polars", "csv")),
        setting.question("many", setting.middle, "csv"),
    ]
    return everywhere(setting, questions)


def everywhere(setting: Setting, questions: list[Question]) -> dict:
    records, dropped = [], []
    for question in questions:
        if setting.clock.over():
            dropped.append(f"{question.file.format} {question.file.said}")
            continue
        everyone = rivals(setting, question)
        if question.protected == ["area"]:
            # An audit would compare a million pairs of groups: that measures comparisons, not reading.
            everyone = everyone[1:]
        if not question.path.suffix in (".gz", ".zst"):
            everyone += limit(setting.limit, question)
        records += contest(question, everyone, min(3, setting.rounds), setting.clock)
    return {"records": records, "dropped": dropped}


def tally(setting: Setting) -> dict:
    """Audits of a tally of 1,000 cells: all that comes after the rows were counted."""
    path = setting.folder / "cells-1000.tally.json"
    tally_of_cells(path)
    everyone = [
        ["--format", "table"],
        ["--format", "json"],
        ["--format", "markdown"],
        ["--format", "json", "--intersections", "first+second"],
        ["--quiet", "--out", "rates.svg"],
        ["--quiet", "--out", "rates.png"],
    ]
    seconds: list[list[float]] = [[] for _ in everyone]
    for turn in range(setting.rounds + 1):
        for place in range(len(everyone)):
            place = (place + turn) % len(everyone)
            options = [str(setting.folder / part) if part.startswith("rates.") else part for part in everyone[place]]
            run = timed([setting.binary, "audit", str(path), "--adverse=false", "--exit-zero", *options])
            if turn > 0:
                seconds[place].append(run.seconds)
    return {"audits": [{"options": " ".join(options), "seconds": taken} for options, taken in zip(everyone, seconds)]}


def tally_of_cells(path: Path) -> None:
    """A tally of 5 x 10 x 5 groups times label and decision: the 1,000 cells of `evenhand-measure`'s benchmark."""
    sizes = {"first": 5, "second": 10, "third": 5, "label": 2, "prediction": 2}
    dimensions = [
        {
            "role": name if size == 2 else "protected",
            "column": name,
            "coding": "as-written",
            "levels": ["no", "yes"] if size == 2 else [f"group {level:03}" for level in range(size)],
        }
        for name, size in sizes.items()
    ]
    cells = []
    for key in itertools.product(*map(range, sizes.values())):
        place, factor = 0, 1
        for level, size in zip(key, sizes.values()):
            place += level * factor
            factor *= size
        cells.append([key, {"n": 20 + place * 7_919 % 101}])
    records = sum(counts["n"] for _, counts in cells)
    tally = {"version": 1, "records": records, "decisions": {"dimensions": dimensions, "cells": cells}}
    path.write_text(json.dumps(tally))


PARTS: dict[str, Callable[[Setting], dict]] = {
    "parquet": parquet,
    "csv": csv,
    "tally": tally,
    "frame": frame,
    "libraries": libraries,
    "bootstrap": bootstrap,
    "roles": roles,
    "forms": forms,
}
