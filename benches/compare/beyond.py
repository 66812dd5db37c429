"""Times audits of recommended lists, scores and amounts: lists beside pandas, polars and DuckDB.

    python benches/compare/beyond.py --folder ../bench-data --binary target/release/evenhand

Makes its data from a seed (once per folder, 2 GB) and writes benches/lists.md, which is the last section of
docs/performance.md; writes that section there as well. Everyone has to find the same figures before anything is timed.
"""

import argparse
import json
import resource
import statistics
import sys
import textwrap
from importlib.metadata import version
from pathlib import Path

from contest import Clock, add, poll, turns
from contestants import SCRIPTS, Contestant, last_line
from process import Failed, Run, timed, warm, watched
from results import machine, sha256
from shown import ENDINGS, ITEMS, LENGTH, LISTS, ROWS, USERS, make
from tables import table

TITLE = "## Lists, scores and amounts"
ALIKE = 1e-9
"""Figures are sums of millions of doubles, which engines round as they add."""
ROLES = {
    "list": "list",
    "user": "user",
    "item": "item",
    "rank": "rank",
    "relevance": "clicked",
    "protected": "sex,item.seller_region",
}
ENGINES = ["DuckDB", "polars", "pandas"]
LESS = {
    "all of it": {},
    "nothing of clicks": {"relevance": None},
    "no users: every list counts for itself": {"user": None, "protected": "item.seller_region"},
    "only groups of items": {"protected": "item.seller_region"},
    "only groups of users": {"protected": "sex"},
}
ALONE = {
    "scores": ["--score", "score", "--label", "label", "--positive-label", "yes", "--protected", "region,sex"],
    "amounts": ["--amount", "price", "--protected", "region,sex", "--controls", "cost,fee,distance"],
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python benches/compare/beyond.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--folder", type=Path, required=True, help="where data are kept")
    parser.add_argument("--binary", default="target/release/evenhand")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--page", type=Path, default=Path("docs/performance.md"))
    parser.add_argument("--section", type=Path, default=Path(__file__).parent.with_name("lists.md"))
    arguments = parser.parse_args()
    clock = Clock(0)
    contests = {}
    for what in ("lists-sorted", "lists-shuffled"):
        for format in ENDINGS:
            path = make(arguments.folder, what, format)
            everyone = [audit(arguments.binary, path, ROLES), *(engine(name, path) for name in ENGINES)]
            contests[f"{format}, {what.removeprefix('lists-')}"] = contest(path, everyone, arguments.rounds, clock)
    path = make(arguments.folder, "lists-shuffled", "Parquet")
    less = [audit(arguments.binary, path, ROLES | roles, name) for name, roles in LESS.items()]
    parts = contest(path, less, arguments.rounds, clock, same=False)
    alone = {}
    for what, flags in ALONE.items():
        for format in ENDINGS:
            path = make(arguments.folder, what, format)
            command = [arguments.binary, "audit", str(path), *flags, "--exit-zero", "--format", "json"]
            one = Contestant(what, command, lambda _: None)
            alone[f"{what}, {format}"] = contest(path, [one], arguments.rounds, clock, same=False)[what]
    lines = section(arguments.binary, contests, parts, alone)
    text = "".join(f"{line}\n" for line in lines)
    arguments.section.write_text(text)
    before = arguments.page.read_text().split(f"\n{TITLE}\n")[0]
    arguments.page.write_text(f"{before.rstrip()}\n\n{text}")


def audit(binary: str, path: Path, roles: dict, name: str = "evenhand audit") -> Contestant:
    flags = [part for role, column in roles.items() if column for part in (f"--{role}", column)]
    command = [binary, "audit", str(path), *flags, "--no-guess", "--exit-zero", "--format", "json"]
    return Contestant(name, command, figures_of_audit)


def engine(name: str, path: Path) -> Contestant:
    script = str(SCRIPTS / f"lists_{name.lower()}.py")
    return Contestant(name, [sys.executable, script, str(path)], figures_of_script, inner=True)


def figures_of_audit(printed: str) -> dict[str, float]:
    figures = {}
    for entry in json.loads(printed)["rates"]:
        for attribute, level in entry["group"].items():
            measure = "exposure-share" if attribute.endswith("seller_region") else "ndcg@10"
            if (value := entry["values"].get(measure, {}).get("point")) is not None:
                figures[level] = value
    return figures


def figures_of_script(printed: str) -> dict[str, float]:
    answer = last_line(printed)
    return answer["exposure"] | answer["ndcg"]


def contest(path: Path, everyone: list[Contestant], rounds: int, clock: Clock, same: bool = True) -> dict[str, dict]:
    warm(path)
    records, first, truth = {}, {}, None
    for one in everyone:
        record = {"seconds": [], "inner": [], "cpu": [], "resident": 0, "anonymous": 0, "ended": "not run"}
        try:
            first[one.name] = run = watched(one.command)
        except Failed as failure:
            sys.exit(f"{one.name} cannot: {failure.said}")
        if same:
            truth = agreed(one.name, one.found(run.printed), truth)
        poll(record, run)
        records[one.name] = record
    # What takes long is timed twice nevertheless: the polled run is not one of these.
    times = {name: max(2, turns(run.seconds, rounds)) for name, run in first.items()}
    for turn in range(max(times.values())):
        at = turn % len(everyone)
        for one in everyone[at:] + everyone[:at]:
            if turn < times[one.name]:
                run, cpu = spent(one.command)
                add(records[one.name], one, run, fresh=False)
                records[one.name]["cpu"].append(cpu)
    for name, record in records.items():
        took = f"{median(record):7.2f} s  {median(record, 'cpu'):7.2f} s"
        clock.say(f"{path.name:32} {name:40} {took}  {record['anonymous']:7,.0f} MB")
    return records


def spent(command: list[str]) -> tuple[Run, float]:
    """A timed run, and the seconds that all cores together worked on it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = timed(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return run, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def agreed(name: str, found: dict[str, float], truth: dict[str, float] | None) -> dict[str, float]:
    truth = truth or found
    if len(found) != 5 or found.keys() != truth.keys():
        sys.exit(f"{name} finds figures of {sorted(found)}, those before it of {sorted(truth)}")
    for group, value in found.items():
        if not abs(value - truth[group]) <= ALIKE:
            sys.exit(f"{name} finds {value} for {group}, those before it {truth[group]}")
    return truth


def median(record: dict, which: str = "seconds") -> float:
    return statistics.median(record[which])


SAYS = """\
{rows:,} rows of {lists:,} lists of {length} items, for {users:,} users; {items:,} items of providers in three regions.
Asked are the share of attention that items of each region get (log model), and NDCG@10 by sex (of each user the mean of
the lists with a click). pandas, polars and DuckDB compute these five figures, which have to be evenhand's within 1e-9.
`evenhand audit` is the whole command: every measure of lists, of users and of pairs of items, with intervals, all
comparisons and the JSON. Engines are timed with the start of Python, and alone. Seconds are medians. Other programs ran
on this machine meanwhile; the seconds that all cores together worked show least of them. Sorted files hold list after
list; the rows of shuffled ones come in any order. holisticai's measures of lists take a dense matrix of users by items,
which has {dense:,} million places here: it is left out. "Audit is × as fast" divides by the time of evenhand's audit: below
1, the query for the five figures took less than the whole audit.
"""
MEMORY = """\
An entry of a list takes 32 bytes until all rows are there, so memory grows with the rows, sorted or not, up to 67
million; beside them there is one record for each user and each item. Sorted lists are not closed early: a user counts
once, with the mean of his lists, and another may come at the end of the file.

How much attention groups of items get needs no users, and neither do clicks by place: they are counts. NDCG and all
else that is measured list by list, pairs of items and everything about users are computed when lists are put together.
What leaving columns out saves, of the shuffled Parquet file:
"""
ALONE_SAYS = """\
{rows:,} rows each: a score of a million different values with a label, by two attributes; and a price that three costs
explain, by two attributes, which reads the file twice (the second pass finds the robust errors of the regression).
"""


def section(binary: str, contests: dict, parts: dict, alone: dict) -> list[str]:
    versions = ", ".join(f"{name} {version(name)}" for name in ("polars", "duckdb", "pandas", "pyarrow", "numpy"))
    said = f"Versions: {versions}. Binary: SHA-256 `{sha256(binary)[:16]}…`. Machine: {machine()}."
    lines = [TITLE, "", "Measured apart from the rest, by", "", *usage(), "", textwrap.fill(said, 118), ""]
    dense = USERS * ITEMS // 1_000_000
    lines += SAYS.format(rows=ROWS, lists=LISTS, length=LENGTH, users=USERS, items=ITEMS, dense=dense).splitlines()
    rows = []
    for file, records in contests.items():
        own = median(records["evenhand audit"])
        for name, record in records.items():
            inner = f"{median(record, 'inner'):.2f}" if record["inner"] else ""
            ratio = "" if name == "evenhand audit" else f"{median(record) / own:.2f}"
            seconds = f"{median(record):.2f}"
            work = f"{median(record, 'cpu'):.2f}"
            rows.append([file, name, seconds, inner, work, f"{record['anonymous']:,.0f} MB", ratio])
    head = ["file", "what", "s", "query alone, s", "of all cores, s", "peak anonymous", "audit is × as fast"]
    lines += ["", *table(head, rows, "llrrrrr"), "", *MEMORY.splitlines(), ""]
    head = ["what is audited", "s", "of all cores, s", "peak anonymous"]
    lines += [*table(head, [spread(name, record) for name, record in parts.items()], "lrrr"), ""]
    lines += [*ALONE_SAYS.format(rows=ROWS).splitlines(), ""]
    head[0] = "what"
    lines += table(head, [spread(name, record) for name, record in alone.items()], "lrrr")
    return lines


def spread(name: str, record: dict) -> list[str]:
    return [name, f"{median(record):.2f}", f"{median(record, 'cpu'):.2f}", f"{record['anonymous']:,.0f} MB"]


def usage() -> list[str]:
    return ["    " + line.strip() for line in __doc__.splitlines() if line.startswith("    ")]


if __name__ == "__main__":
    main()
