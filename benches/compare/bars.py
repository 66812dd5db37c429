"""What evenhand is held to: ratios within one run on one machine."""

import statistics
from typing import NamedTuple

from results import Results, alone, whole

MIDDLE, MOST = 20_000_000, 100_000_000
FLAT = 1.5
"""How much more anonymous memory 100 million rows may take than one million, to be called flat."""


class Bar(NamedTuple):
    what: str
    asked: str
    measured: str | None
    """Nothing where it was not measured."""
    ratio: float | None
    """At least 1 where the bar holds."""

    @property
    def verdict(self) -> str:
        if self.measured is None or self.ratio is None:
            return "not measured"
        return "holds" if self.ratio >= 1 else f"missed by {(1 - self.ratio) * 100:.0f} %"


def faster(what: str, least: float, theirs: float | None, ours: float | None) -> Bar:
    asked = f"{least:,.10g}× faster"
    if theirs is None or ours is None:
        return Bar(what, asked, None, None)
    digits = 1 if theirs / ours < 100 else 0
    return Bar(what, asked, f"{theirs / ours:,.{digits}f}×", theirs / ours / least)


def bars(results: Results) -> list[Bar]:
    return [
        rows(results, "parquet", "DuckDB", 3),
        rows(results, "parquet", "polars", 5),
        rows(results, "csv", "DuckDB", 2.5),
        script(results, 1_000_000, 500),
        script(results, 10_000_000, 1_000),
        memory_of_rows(results),
        replicate(results),
        decoding(results),
        anonymous(results),
    ]


def rows(results: Results, part: str, rival: str, least: float) -> Bar:
    kind = "Parquet" if part == "parquet" else "CSV"
    query = "GROUP BY" if rival == "DuckDB" else "streaming group_by"
    theirs = alone(results.record(part, f"{rival} group_by", rows=MIDDLE))
    owner = f"{rival}'" if rival.endswith("s") else f"{rival}'s"
    return faster(f"{kind} against {owner} {query}", least, theirs, whole(audit(results, part, MIDDLE)))


def audit(results: Results, part: str, rows: int, attributes: int = 3) -> dict | None:
    found = (record for record in results.records(part, rows=rows) if record["what"] == "evenhand audit")
    return next((record for record in found if len(record["question"]["protected"]) == attributes), None)


def script(results: Results, rows: int, least: float) -> Bar:
    what = f"whole command at {rows // 1_000_000} M rows against the fairlearn script (8 rates, one attribute)"
    record, ours = results.record("libraries", "fairlearn", rows=rows), whole(audit(results, "libraries", rows, 1))
    theirs = whole(record)
    if record and theirs is None and "stopped" in record and ours:
        bar = faster(what, least, record["stopped"], ours)
        return bar._replace(measured=f"more than {bar.measured}")
    return faster(what, least, theirs, ours)


def memory_of_rows(results: Results) -> Bar:
    what = "tally and rates from a DataFrame in memory against aequitas `get_crosstabs`, 1 M rows"
    part = results.part("frame")
    if "ours" not in part:
        return faster(what, 10, None, None)
    return faster(what, 10, statistics.median(part["aequitas"]), in_memory(part) / 1000)


def in_memory(part: dict, what: str = "rates") -> float:
    """The median in ms of counting and of all that follows, or of counting alone."""
    times = (next(times for name, times in run.items() if name in names_of(what)) for run in part["ours"])
    return statistics.median(each["median_ms"] for each in times)


def names_of(what: str) -> tuple[str, ...]:
    return ("tally_and_rates", "tally_and_audit") if what == "rates" else ("tally",)


def replicate(results: Results) -> Bar:
    what = "one bootstrap replicate of all rates against fairlearn's, 1 M rows"
    part = results.part("bootstrap")
    if "fairlearn" not in part:
        return faster(what, 10_000, None, None)
    return faster(what, 10_000, fairlearn_replicate(part), our_replicate(part["ours"]))


def our_replicate(runs: list[dict]) -> float:
    return statistics.median(run["seconds"] / run["replicates"] for run in runs)


def fairlearn_replicate(part: dict) -> float:
    theirs = part["fairlearn"]
    return (theirs["seconds"] - theirs["plain"]) / theirs["replicates"]


def decoding(results: Results) -> Bar:
    what, asked = "Parquet against decoding alone", "within 1.5×"
    limit, ours = whole(results.record("parquet", "the limit", rows=MIDDLE)), whole(audit(results, "parquet", MIDDLE))
    if limit is None or ours is None:
        return Bar(what, asked, None, None)
    return Bar(what, asked, f"{ours / limit:.2f}×", 1.5 / (ours / limit))


def beyond_decoding(results: Results) -> list[str]:
    """Where the time of an audit goes that decoding alone does not take."""
    sizes = []
    for rows in (MIDDLE, MOST):
        limit = whole(results.record("parquet", "the limit", rows=rows))
        tally = whole(results.record("parquet", "evenhand tally", rows=rows))
        ours = whole(audit(results, "parquet", rows))
        if None not in (limit, tally, ours):
            sizes.append((rows, limit * 1000, tally * 1000, ours * 1000))
    if len(sizes) < 2:
        return []
    (few, first, middle, last), (many, *_, all_of_many) = sizes
    limit_of_many, tally_of_many = sizes[1][1], sizes[1][2]
    per_row = (tally_of_many - middle) / (many - few) * 1e6
    decoding = (limit_of_many - first) / (many - few) * 1e6
    fixed = middle - per_row * few / 1e6
    return [
        f"Of the {last:.0f} ms of an audit of {few // 10**6} million rows, decoding alone takes {first:.0f} (start included), and",
        f"comparing and printing {last - middle:.0f}. Some {fixed:.0f} ms do not depend on the rows: the start, footers, and the look at",
        "the first records that warns of counts, twins and odd values even where all roles are named. Each row takes",
        f"{per_row:.2f} ns to tally, of which {decoding:.2f} are decoding; the rest turns values into codes, codes into a",
        f"place, and counts it. At {many // 10**6} million rows the audit takes {all_of_many / limit_of_many:.2f} times the decoding.",
    ]


def anonymous(results: Results) -> Bar:
    what = "anonymous memory, 100 M rows, row groups of at most 262,144 rows"
    asked = "under 200 MB, and flat from 1 M on"
    audits = (record for record in results.records("parquet") if record["what"] == "evenhand audit")
    peaks = {record["question"]["rows"]: record["anonymous"] for record in audits}
    if MOST not in peaks or 1_000_000 not in peaks:
        return Bar(what, asked, None, None)
    most, least = peaks[MOST], peaks[1_000_000]
    shown = f"{most:.0f} MB ({least:.0f} MB at 1 M rows)"
    return Bar(what, asked, shown, min(200 / max(most, 1e-9), FLAT * least / max(most, 1e-9)))
