"""Writes docs/performance.md and its plots from what was measured."""

import textwrap
from pathlib import Path

import tables
from bars import bars, beyond_decoding
from data import LEVELS, OUTCOMES
from growth import Growth, alt, growths, plot
from parts import PARTS
from results import Results

LINEAR = 0.2
"""How far the line may be off a figure, relative, for growth to be called linear."""
TITLES = {"parquet": "Parquet", "csv": "CSV"}


def write(results: Results, path: Path, commands: str) -> None:
    found = {part: growths(results, part) for part in TITLES}
    for part, grown in found.items():
        if grown:
            title = f"{TITLES[part]}: time and memory against rows"
            plot(path.with_suffix("") / f"{part}.svg", grown, title)
    # Measured apart: kernels by criterion, lists by beyond.py.
    apart = "\n".join(Path(__file__).parent.with_name(name).read_text() for name in ("criterion.md", "lists.md"))
    sections = [
        head(results, commands),
        held(results),
        how(),
        *(sized(results, part) for part in TITLES),
        grows(found, path.stem),
        others(results),
        python(results),
        after(results),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for section in sections for line in [*section, ""]) + apart)


def head(results: Results, commands: str) -> list[str]:
    versions = ", ".join(f"{name} {number}" for name, number in results.kept["versions"].items())
    identity = results.kept["identity"]
    minutes = sum(part.get("took", 0) for part in results.kept["parts"].values()) / 60
    unmeasured = [name for name in PARTS if name not in results.kept["parts"]]
    dropped = [name for part in results.kept["parts"].values() for name in part.get("dropped", [])]
    lines = [
        "# Performance",
        "",
        "Written by `benches/compare`:",
        "",
        commands,
        "",
        f"Machine: {identity['machine']}.",
        textwrap.fill(f"Versions: {versions} (Python wheels). Binary: SHA-256 `{identity['binary'][:16]}…`.", 118),
        f"Measuring took {minutes:.0f} minutes.",
        "Ratios belong to the machine they were measured on; they are never a test.",
    ]
    if unmeasured or dropped:
        lines.append(f"Not measured: {', '.join([*unmeasured, *dropped])}.")
    return lines


def held(results: Results) -> list[str]:
    rows = [[bar.what, bar.asked, bar.measured or "", bar.verdict] for bar in bars(results)]
    return [
        "## Bars",
        "",
        "At 20 million rows, three text attributes, label and prediction, unless said. The median of evenhand's",
        "whole `audit` command (start, counting, all comparisons, the full JSON) is compared with the median of the",
        "query alone of DuckDB and polars, without the start of Python; with the whole script of fairlearn; and with",
        "the whole program that decodes the same columns and throws them away.",
        "",
        *tables.table(["what", "at least", "measured", ""], rows, "llrl"),
        "",
        *beyond_decoding(results),
    ]


HOW = """\
## How it is measured

Files hold the same rows from a seed: three text attributes of {few} levels, {outcomes} (Parquet:
and a weight). Each file is read once, so that everyone reads from the page cache. Then everyone runs once, and all counts
have to be the same, cell by cell; libraries' rates have to be evenhand's within 1e-9. Memory is polled from /proc
several times a millisecond in that run and, if it is short, in another one. At last everyone is timed once a round,
in turn, without polling; what takes over 3, 10 or 30 s is timed three times, twice or once.

- `evenhand audit` reads, counts, compares all groups on all criteria and prints the full JSON. It also hashes files
  under 16 MiB. `evenhand tally` reads, counts and writes the counts to a file. Both are whole commands.
- `DuckDB group_by` is `SELECT …, count(*) … GROUP BY` on the file, `polars group_by` its streaming engine, both from
  Python on all cores: as a whole process, and the query alone, without the start of Python and the import.
- `the limit` decodes the same column chunks and throws them away; of CSV it reads the bytes and finds the newlines.
- Resident memory includes pages of the file if a program maps it; anonymous memory does not.
- "audit is × as fast" divides the median of that line by the median of `evenhand audit` of the same rows."""


def how() -> list[str]:
    few = " x ".join(str(len(values)) for values in LEVELS["few"].values())
    return HOW.format(few=few, outcomes=", ".join(OUTCOMES)).splitlines()


def sized(results: Results, part: str) -> list[str]:
    how = "by polars, row groups of at most 262,144 rows" if part == "parquet" else "plain"
    lines = [f"## {TITLES[part]}", "", f"Written {how}." if part == "parquet" else "Plain, without quotes.", ""]
    if not results.part(part):
        return [*lines, "Not measured."]
    lines += tables.sizes(results, part)
    if not any(record["what"] == "the limit" for record in results.records(part)):
        lines += ["", "The limit was not measured: `--limit` was not given."]
    return lines


def grows(found: dict[str, list[Growth]], folder: str) -> list[str]:
    lines = ["## Growth", ""]
    for part, grown in found.items():
        if not grown:
            continue
        lines += [
            f"![{alt(grown, TITLES[part])}]({folder}/{part}.svg)",
            "",
            statement(TITLES[part], grown),
            "",
            *tables.per_row(grown),
            "",
            "The line is the one with the least relative errors; the power is the slope with both axes logarithmic. Less the",
            "start, it is of those sizes at which starting takes less than two thirds of the time.",
            "",
            f"Behind the plot, {TITLES[part]}: medians of whole processes, and peaks of anonymous memory.",
            "",
            *tables.points(grown, "s"),
            "",
            *tables.points(grown, "MB"),
            "",
        ]
    return lines[:-1]


def statement(kind: str, grown: list[Growth]) -> str:
    audit = next((one for one in grown if one.what == "evenhand audit"), None)
    if audit is None or len(audit.seconds) < 3 or (line := audit.line()) is None:
        return "Fewer than three sizes were measured: they say nothing about growth."
    start, each = line
    linear = audit.off() <= LINEAR
    says = "grows linearly in rows" if linear else "does not grow quite linearly in rows here"
    power = audit.power(max(start, 0))
    less = f", and {power:.2f} for the time less that of the start" if power else ""
    said = (
        f"Time {says}. Of {kind}, `evenhand audit` takes {max(start, 0) * 1e3:,.0f} ms to start and to compare, and "
        f"{each * 1e9:,.2f} ns a row: that line is at most {audit.off() * 100:.0f} % off a figure. Both axes being "
        f"logarithmic, the slope is {audit.power():.2f}{less}."
    )
    return textwrap.fill(said, 118)


def others(results: Results) -> list[str]:
    lines = []
    for title, part, head, name in [
        ("Scores, medians and weights", "roles", "decision", tables.role_of),
        ("Other writers, forms and groups", "forms", "file", tables.form_of),
    ]:
        rows = next((record["question"]["rows"] for record in results.records(part)), None)
        lines += [f"## {title}", ""]
        if rows is None:
            lines += ["Not measured.", ""]
            continue
        lines += [f"{rows:,} rows. In brackets: how many times as fast evenhand's whole audit is (its tally, where", ""]
        lines[-1:] = ["there is no audit).", ""]
        lines += [*tables.apart(results, part, head, name), ""]
        if part == "forms":
            lines += [
                "Of the attribute with 1,000 levels, the rows are tallied, not audited: half a million pairs of groups",
                "would measure comparisons, not reading. evenhand takes no column with more levels for groups.",
                "",
            ]
    return lines[:-1]


LIBRARIES = """\
## Python libraries

Scripts that do what the libraries' documentation shows, from Parquet into pandas: fairlearn's `MetricFrame` with
eight rates of one attribute, aequitas' `Group.get_crosstabs` and `Bias.get_disparity_major_group` of three
attributes, AIF360's `ClassificationMetric` with eight rates of one attribute. All are given outcomes as numbers, as
is fastest. "In memory" is the part after reading. evenhand's audit is of as many attributes, and of all its rates.
"""
FRAME = """\
## Rows in memory

A million rows of three text attributes, label and prediction, as a polars DataFrame and as a pandas frame. They are
not the same rows: evenhand's are made by its example and have 36 groups by all three attributes, aequitas' are those
of the files and have 30. evenhand reads texts; aequitas is given its outcomes as numbers.
"""
BOOTSTRAP = """\
## One replicate of the bootstrap

fairlearn draws rows anew and computes all rates again: the time with replicates less that without, per replicate.
evenhand draws the counts of cells, which has the same distribution and does not depend on the number of rows.
Compared per replicate; nobody would wait for as many of fairlearn's.
"""


def python(results: Results) -> list[str]:
    return [
        *LIBRARIES.split("\n"),
        *(tables.libraries(results) if results.part("libraries") else ["Not measured."]),
        "",
        *FRAME.split("\n"),
        *tables.frame(results),
        "",
        *BOOTSTRAP.split("\n"),
        *tables.bootstrap(results),
    ]


def after(results: Results) -> list[str]:
    audits = results.part("tally").get("audits", [])
    rows = [[f"`{one['options']}`", *tables.spread(one["seconds"])] for one in audits]
    return [
        "## After the tally",
        "",
        "`evenhand audit` of a tally of 1,000 cells (5 x 10 x 5 groups, label and decision), as a whole command:",
        "",
        *(tables.table(["options", "median ms", "fastest to slowest"], rows, "lrl") if rows else ["Not measured."]),
    ]
