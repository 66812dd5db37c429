"""Times the whole command beside polars' own streaming group_by on the same columns of the same files.

    cargo build --release -p evenhand-cli
    python3 -m venv ../bench && ../bench/bin/pip install -r benches/requirements.txt
    ../bench/bin/python benches/compare.py --binary target/release/evenhand --folder ../bench-data

Makes its data from a seed (once per folder) and writes docs/performance.md. For each file, in this order:

1. The file is read once, so that everyone reads from the page cache.
2. Everyone runs once, and all counts have to be the same, cell by cell.
3. Everyone runs twice while its memory is polled from /proc several times a millisecond: the kernel's own high-water
   mark of resident memory (VmHWM), and the highest anonymous part (RssAnon), which leaves out pages of the file itself.
4. Everyone is timed once per round, without polling; each round starts with another contestant.

At last it times audits of a tally of 1,000 cells: all that comes after the rows were counted.
"""

import argparse
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

SEED = 20261121
THRESHOLD = 0.55
GROUPS = {
    "region": ["North", "South", "East", "West", "Coast", "Inland", "Islands", "Abroad"],
    "race": ["Asian", "Black", "Hispanic", "Native American", "Other", "White"],
    "sex": ["Female", "Male", "Non-binary"],
}
ROW_GROUP = 262_144


def make(folder: Path, rows: int) -> None:
    """Writes the same rows as Parquet and as CSV."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(SEED)
    answers = pl.Series(["no", "yes"])
    score = rng.random(rows).round(4)
    label = rng.random(rows) < 0.2 + 0.5 * score
    frame = pl.DataFrame(
        {name: pl.Series(values).gather(rng.integers(0, len(values), rows)) for name, values in GROUPS.items()}
        | {
            "label": answers.gather(label.astype(np.uint32)),
            "prediction": answers.gather((score >= THRESHOLD).astype(np.uint32)),
            "score": pl.Series(score),
        }
    )
    for path, write in [
        (folder / f"rows-{rows}.parquet", lambda path: frame.write_parquet(path, row_group_size=ROW_GROUP)),
        (folder / f"rows-{rows}.csv", frame.write_csv),
    ]:
        part = path.with_suffix(".part")
        write(part)
        part.rename(path)


def made(folder: Path, rows: int) -> list[Path]:
    paths = [folder / f"rows-{rows}.{ending}" for ending in ("parquet", "csv")]
    if not all(path.exists() for path in paths):
        # In a process of its own, so that this one stays small and starts others quickly.
        subprocess.run([sys.executable, __file__, "--folder", folder, "--make", str(rows)], check=True)
    return paths


def warm(path: Path) -> None:
    os.sync()
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 24):
            pass


# Prints the counts and how long the query took, without the interpreter's start and the import.
POLARS = """
import json, sys, time
import polars as pl
path, decision, threshold = sys.argv[1:]
start = time.perf_counter()
scan = pl.scan_parquet(path) if path.endswith(".parquet") else pl.scan_csv(path)
event = pl.col(decision)
if threshold:
    event = pl.when(event >= float(threshold)).then(pl.lit("yes")).otherwise(pl.lit("no"))
columns = ["region", "race", "sex", "label", event.alias("event")]
counts = scan.group_by(columns).agg(pl.len()).collect(engine="streaming")
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "counts": counts.rows()}))
"""

Counts = dict[tuple[str, ...], int]


class Contestant(NamedTuple):
    name: str
    command: list[str]
    counts: Callable[[str], Counts | int]
    """What it counted, from what it printed: cells, or only the number of rows."""
    rival: str | None
    """Whose query it is compared with."""


STREAMING = "polars group_by"
STREAMING_SCORE = "polars group_by, score"


def contestants(binary: str, path: Path, scores: bool) -> list[Contestant]:
    kept = path.with_suffix(path.suffix + ".tally.json")
    roles = ["--protected", "region,race,sex", "--label", "label", "--adverse=false"]
    decision = ["--prediction", "prediction"]
    score = ["--score", "score", "--threshold", str(THRESHOLD)]
    audit = [binary, "audit", str(path), *roles, "--exit-zero", "--format", "json"]
    tally = [binary, "tally", str(path), *roles, "--quiet", "--out", str(kept)]
    polars = [sys.executable, "-c", POLARS, str(path)]
    known = [
        Contestant("evenhand audit", audit + decision, rows_of_audit, STREAMING),
        Contestant("evenhand tally", tally + decision, lambda _: cells_of_tally(kept), STREAMING),
        Contestant(STREAMING, [*polars, "prediction", ""], cells_of_polars, None),
    ]
    if scores:
        known += [
            Contestant("evenhand audit, score", audit + score, rows_of_audit, STREAMING_SCORE),
            Contestant("evenhand tally, score", tally + score, lambda _: cells_of_tally(kept), STREAMING_SCORE),
            Contestant(STREAMING_SCORE, [*polars, "score", str(THRESHOLD)], cells_of_polars, None),
        ]
    return known


def cells_of_polars(printed: str) -> Counts:
    return {tuple(cell): n for *cell, n in json.loads(printed)["counts"]}


def cells_of_tally(path: Path) -> Counts:
    cube = json.loads(path.read_text())["decisions"]
    dimensions = {
        dimension["column"] if dimension["role"] != "prediction" else "event": (place, dimension["levels"])
        for place, dimension in enumerate(cube["dimensions"])
    }
    order = [dimensions[name] for name in ("region", "race", "sex", "label", "event")]
    return {tuple(levels[key[place]] for place, levels in order): cell["n"] for key, cell in cube["cells"]}


def rows_of_audit(printed: str) -> int:
    return json.loads(printed)["data"]["rows_counted"]


def run(command: list[str]) -> tuple[float, str]:
    start = time.perf_counter()
    process = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if process.returncode != 0:
        sys.exit(f"{command} ended with {process.returncode}: {process.stderr}")
    return seconds, process.stdout


def agree(everyone: list[Contestant], rows: int) -> None:
    """Everyone's counts are the same: all cells where cells are printed, the number of rows where not."""
    truth = None
    for contestant in everyone:
        counts = contestant.counts(run(contestant.command)[1])
        if isinstance(counts, dict):
            truth = truth or counts
            if counts != truth:
                sys.exit(f"{contestant.name} counts otherwise than those before it")
            counts = sum(counts.values())
        if counts != rows:
            sys.exit(f"{contestant.name} counts {counts} rows of {rows}")


def peaks(command: list[str]) -> dict[str, float]:
    """The peaks of a process's memory in MB."""
    highest = {"VmHWM": 0, "RssAnon": 0}
    # Popen returns once the new program has replaced the copy of this one, whose memory would count otherwise.
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    status = os.open(f"/proc/{process.pid}/status", os.O_RDONLY)
    while process.poll() is None:
        for line in os.pread(status, 1 << 14, 0).decode().splitlines():
            kind, _, rest = line.partition(":")
            if kind in highest:
                highest[kind] = max(highest[kind], int(rest.split()[0]))
        time.sleep(0.0002)
    os.close(status)
    return {kind: kib * 1024 / 1e6 for kind, kib in highest.items()}


class Result(NamedTuple):
    rows: int
    format: str
    contestant: Contestant
    seconds: list[float]
    queries: list[float]
    """Of polars: how long the query alone took."""
    resident: float
    anonymous: float


def measure(binary: str, path: Path, rows: int, scores: bool, rounds: int) -> list[Result]:
    everyone = contestants(binary, path, scores)
    warm(path)
    agree(everyone, rows)
    memory = {one.name: [peaks(one.command) for _ in range(2)] for one in everyone}
    seconds: dict[str, list[float]] = {one.name: [] for one in everyone}
    queries: dict[str, list[float]] = {one.name: [] for one in everyone}
    for turn in range(rounds):
        first = turn % len(everyone)
        for one in everyone[first:] + everyone[:first]:
            taken, printed = run(one.command)
            seconds[one.name].append(taken)
            if one.rival is None:
                queries[one.name].append(json.loads(printed)["seconds"])
    results = []
    for one in everyone:
        highest = {kind: max(seen[kind] for seen in memory[one.name]) for kind in ("VmHWM", "RssAnon")}
        taken = seconds[one.name], queries[one.name]
        results.append(Result(rows, path.suffix[1:], one, *taken, highest["VmHWM"], highest["RssAnon"]))
        median = statistics.median(seconds[one.name])
        print(f"{rows:>11,} {path.suffix[1:]:8} {one.name:26} {median:7.3f} s", flush=True)
    return results


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


def after_the_tally(binary: str, folder: Path, rounds: int) -> list[tuple[str, list[float]]]:
    """The options of an audit of 1,000 cells, and the seconds of the whole command."""
    tally = folder / "cells-1000.tally.json"
    tally_of_cells(tally)
    everyone = [
        ["--format", "table"],
        ["--format", "json"],
        ["--format", "markdown"],
        ["--format", "json", "--intersections", "first+second"],
        ["--quiet", "--out", "rates.svg"],
        ["--quiet", "--out", "rates.png"],
    ]
    seconds: list[list[float]] = [[] for _ in everyone]
    for turn in range(rounds + 1):
        for place in range(len(everyone)):
            place = (place + turn) % len(everyone)
            options = [str(folder / part) if part.startswith("rates.") else part for part in everyone[place]]
            taken, _ = run([binary, "audit", str(tally), "--adverse=false", "--exit-zero", *options])
            if turn > 0:
                seconds[place].append(taken)
    for options, taken in zip(everyone, seconds):
        print(f"{' '.join(options):50} {statistics.median(taken):7.3f} s", flush=True)
    return [(" ".join(options), taken) for options, taken in zip(everyone, seconds)]


def machine() -> str:
    model = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown"
    )
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    return f"{os.cpu_count()} cores ({model}), {memory / 2**20:.0f} GiB of memory, {platform.system()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/evenhand")
    parser.add_argument("--folder", type=Path, required=True, help="where the data are kept (about 0.9 GB)")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 20_000_000])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--write", type=Path, default=Path("docs/performance.md"))
    parser.add_argument("--make", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if arguments.make:
        make(arguments.folder, arguments.make)
        return

    # Scores are read from the largest files only.
    results = [
        result
        for rows in arguments.rows
        for path in made(arguments.folder, rows)
        for result in measure(arguments.binary, path, rows, rows == max(arguments.rows), arguments.rounds)
    ]
    after = after_the_tally(arguments.binary, arguments.folder, arguments.rounds)
    arguments.write.write_text(page(results, after, arguments))


def page(results: list[Result], after: list[tuple[str, list[float]]], arguments: argparse.Namespace) -> str:
    import polars

    version = run([arguments.binary, "--version"])[1].strip()
    commands = __doc__.split("\n\n")[1]
    lines = [
        "# Performance",
        "",
        "Written by `benches/compare.py`:",
        "",
        commands,
        "",
        f"Machine: {machine()}. {version}, polars {polars.__version__} (Python wheel).",
        f"Medians of {arguments.rounds} rounds.",
        "Ratios belong to the machine they were measured on; they are never a test.",
        "",
        "## Rows",
        "",
        "The script makes files of six columns (three text attributes, a label, a decision and a score) from a seed, as CSV",
        f"and as Parquet by polars in row groups of at most {ROW_GROUP:,} rows. Everyone reads the same five columns from the",
        "page cache, on all cores, in turn, and has to find the same counts before it is timed.",
        "",
        "- `evenhand audit` reads, counts, compares all groups on all criteria and prints the full JSON. It also hashes files",
        "  under 16 MiB. `evenhand tally` reads, counts and writes the counts to a file. Both are timed as whole commands.",
        "- `polars group_by` is polars' streaming engine: `group_by` of the five columns with `len()`. It is timed as a whole",
        "  process, and from within, without the start of Python and the import of polars. The last column divides the median",
        "  of that query alone by the median of evenhand's whole command.",
        f'- With "score", the decision is not a column of texts but whether the score is at least {THRESHOLD}, for both.',
        "",
        "Resident memory includes pages of the file if a program maps it; anonymous memory does not. Peaks are of two runs",
        "that were not timed.",
        "",
        "| rows | format | what | median ms | fastest to slowest | peak resident | peak anonymous | times as fast |",
        "|---:|---|---|---:|---:|---:|---:|---:|",
    ]
    queries = {(result.rows, result.format, result.contestant.name): result.queries for result in results}
    for result in results:
        name, rival = result.contestant.name, result.contestant.rival
        where = f"| {result.rows:,} | {result.format}"
        ratio = ""
        if rival:
            alone = queries[result.rows, result.format, rival]
            ratio = f"{statistics.median(alone) / statistics.median(result.seconds):.1f}"
        memory = f"{result.resident:.0f} MB | {result.anonymous:.0f} MB"
        lines.append(f"{where} | {name} | {times(result.seconds)} | {memory} | {ratio} |")
        if not rival:
            lines.append(f"{where} | {name}, query alone | {times(result.queries)} | | | 1 |")
    lines += [
        "",
        "## After the tally",
        "",
        "`evenhand audit` of a tally of 1,000 cells (5 x 10 x 5 groups, label and decision), as a whole command:",
        "",
        "| options | median ms | fastest to slowest |",
        "|---|---:|---:|",
        *(f"| `{options}` | {times(seconds)} |" for options, seconds in after),
    ]
    return "\n".join([*lines, "", Path(__file__).with_name("criterion.md").read_text()])


def times(seconds: list[float]) -> str:
    def shown(value: float) -> str:
        return f"{value * 1000:,.{0 if value >= 0.1 else 1}f}"

    return f"{shown(statistics.median(seconds))} | {shown(min(seconds))} to {shown(max(seconds))}"


if __name__ == "__main__":
    main()
