"""Lines of Markdown for each part."""

import statistics
from collections.abc import Iterable

from bars import fairlearn_replicate, in_memory, our_replicate
from growth import Growth
from results import Results, alone, whole

LIBRARIES = ["fairlearn", "aequitas", "AIF360"]
DECISIONS = {
    "prediction": "a column of texts",
    "threshold": "score at least 0.55",
    "median": "score above the median of all rows",
}


def table(head: list[str], rows: Iterable[list[str]], right: str) -> list[str]:
    """`right` has an `r` for each column of numbers and an `l` for each of texts."""
    rule = "|" + "|".join("---:" if side == "r" else "---" for side in right) + "|"
    return [f"| {' | '.join(head)} |", rule, *(f"| {' | '.join(row)} |" for row in rows)]


def milliseconds(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:,.{0 if value >= 100 else 1 if value >= 1 else 3}f}"


def spread(seconds: list[float]) -> list[str]:
    if len(seconds) == 1:
        return [milliseconds(seconds[0]), "once"]
    shown = f"{milliseconds(min(seconds))} to {milliseconds(max(seconds))}"
    return [milliseconds(statistics.median(seconds)), shown]


def ratio(theirs: float | None, ours: float | None) -> str:
    if theirs is None or ours is None:
        return ""
    return f"{theirs / ours:,.{2 if theirs / ours < 10 else 1 if theirs / ours < 100 else 0}f}"


def measured(before: list[str], record: dict, ours: float | None) -> list[list[str]]:
    """The row of a whole process, and that of its query alone."""
    if not record["seconds"]:
        return [[*before, record["what"], "", record["ended"], "", "", ""]]
    memory = [f"{record['resident']:,.0f} MB", f"{record['anonymous']:,.0f} MB"]
    mine = record["what"] == "evenhand audit"
    against = "" if mine or record["what"] == "evenhand tally" else ratio(whole(record), ours)
    rows = [[*before, record["what"], *spread(record["seconds"]), *memory, against]]
    if record["inner"] and record["what"] not in LIBRARIES:
        query = [f"{record['what']}, query alone", *spread(record["inner"])]
        rows.append([*before, *query, "", "", ratio(alone(record), ours)])
    return rows


TIMES = ["what", "median ms", "fastest to slowest", "peak resident", "peak anonymous", "audit is × as fast"]


def sizes(results: Results, part: str) -> list[str]:
    records = list(results.records(part))
    ours = {r["question"]["rows"]: whole(r) for r in records if r["what"] == "evenhand audit"}
    rows = [
        row for r in records for row in measured([f"{r['question']['rows']:,}"], r, ours.get(r["question"]["rows"]))
    ]
    return table(["rows", *TIMES], rows, "rlrlrrr")


def apart(results: Results, part: str, head: str, name) -> list[str]:
    """One line a question: for forms and roles, which are many."""
    questions: dict[str, dict[str, dict]] = {}
    for record in results.records(part):
        questions.setdefault(name(record["question"]), {})[record["what"]] = record
    rows = []
    for said, found in questions.items():
        audit, tally = found.get("evenhand audit"), found.get("evenhand tally")
        ours = whole(audit) or whole(tally)
        row = [said, time_of(audit), time_of(tally)]
        for rival in ("DuckDB group_by", "polars group_by", "the limit"):
            theirs = found.get(rival)
            middle = alone(theirs) or whole(theirs)
            times = f" ({ratio(middle, ours)}×)" if middle and ours else ""
            row.append(time_of(theirs, query=rival != "the limit") + times)
        peak = audit or tally
        row.append(f"{peak['anonymous']:,.0f} MB" if peak and peak["seconds"] else "")
        rows.append(row)
    head_row = [head, "audit ms", "tally ms", "DuckDB's query ms", "polars' query ms", "the limit ms", "peak anonymous"]
    return table(head_row, rows, "lrrrrrr")


def time_of(record: dict | None, query: bool = False) -> str:
    if record is None:
        return ""
    seconds = alone(record) if query else whole(record)
    return milliseconds(seconds) if seconds else record["ended"].replace("|", "/")[:80]


def form_of(question: dict) -> str:
    said = f"{question['format']}, {question['said']}"
    if question["levels"] != "many":
        return said
    groups = "one attribute of 1,000" if question["protected"] == ["area"] else "20 x 50 x 25"
    return f"{said} ({groups})"


def role_of(question: dict) -> str:
    weights = ", weights" if question["weighted"] else ""
    return f"{question['format']}, {DECISIONS[question['decision']]}{weights}"


def libraries(results: Results) -> list[str]:
    rows = []
    ours: dict[tuple[int, int], float | None] = {}
    records = list(results.records("libraries"))
    for record in records:
        if record["what"] == "evenhand audit":
            ours[record["question"]["rows"], len(record["question"]["protected"])] = whole(record)
    for record in records:
        asked = record["question"]
        mine = ours.get((asked["rows"], len(asked["protected"])))
        before = [f"{asked['rows']:,}", str(len(asked["protected"]))]
        if not record["seconds"]:
            memory = [f"{record[kind]:,.0f} MB" if record[kind] else "" for kind in ("resident", "anonymous")]
            rows.append([*before, record["what"], "", record["ended"], "", *memory, ""])
            continue
        inside = milliseconds(alone(record)) if record["inner"] else ""
        memory = [f"{record['resident']:,.0f} MB", f"{record['anonymous']:,.0f} MB"]
        against = "" if record["what"] == "evenhand audit" else ratio(whole(record), mine)
        rows.append([*before, record["what"], *spread(record["seconds"]), inside, *memory, against])
    head = ["rows", "attributes", "what", "median ms", "fastest to slowest", "in memory ms", "peak resident"]
    return table([*head, "peak anonymous", "audit is × as fast"], rows, "rrlrlrrrr")


def frame(results: Results) -> list[str]:
    part = results.part("frame")
    if "ours" not in part:
        return missing(part)
    counted, rated = in_memory(part, "tally") / 1000, in_memory(part) / 1000
    theirs = statistics.median(part["aequitas"])
    rows = [
        ["evenhand, counting", milliseconds(counted), ""],
        ["evenhand, counting and all that follows", milliseconds(rated), "1"],
        ["aequitas `get_crosstabs`", milliseconds(theirs), ratio(theirs, rated)],
    ]
    return table(["what", "median ms", "evenhand is × as fast"], rows, "lrr")


def bootstrap(results: Results) -> list[str]:
    part = results.part("bootstrap")
    if "ours" not in part:
        return missing(part)
    each = fairlearn_replicate(part) if "fairlearn" in part else None
    rows = []
    for runs, of in ((part["ours"], ""), (part["same"], ", the rows that fairlearn is given")):
        one, mine = runs[0], our_replicate(runs)
        shape = f"{one['cells']:,} cells, {one['groups']:,} groups, {one['rates']:,} rates{of}"
        every = f"{mine * one['replicates']:,.2f}"
        rows.append(["evenhand", shape, f"{one['replicates']:,}", every, milliseconds(mine), ratio(each, mine)])
    if "fairlearn" in part:
        theirs = part["fairlearn"]
        shape = f"{theirs['rows']:,} rows, 5 groups, 8 rates"
        every = f"{theirs['seconds'] - theirs['plain']:,.1f}"
        rows.append(["fairlearn", shape, str(theirs["replicates"]), every, milliseconds(each), ""])
    else:
        rows.append(["fairlearn", part["ended"], "", "", "", ""])
    head = ["what", "of", "replicates", "all, seconds", "one, ms", "times as fast as fairlearn"]
    return table(head, rows, "llrrrr")


def missing(part: dict) -> list[str]:
    return [f"Not measured: `{part['missing']}` was not given." if part else "Not measured."]


def points(found: list[Growth], unit: str) -> list[str]:
    """The figures behind a plot."""
    every = sorted({rows for one in found for rows in one.seconds})
    rows = []
    for one in found:
        values = one.seconds if unit == "s" else one.anonymous
        shown = [f"{values[count]:,.{3 if unit == 's' else 0}f}" if count in values else "" for count in every]
        rows.append([one.what, *shown])
    head = [f"{'seconds' if unit == 's' else 'MB'} at rows", *(f"{count:,}" for count in every)]
    return table(head, rows, "l" + "r" * len(every))


def per_row(found: list[Growth]) -> list[str]:
    every = sorted({rows for one in found for rows in one.seconds})
    rows = []
    for one in found:
        shown = [f"{one.seconds[count] / count * 1e9:,.2f}" if count in one.seconds else "" for count in every]
        row = [one.what, *shown, number(one.power())]
        if line := one.line():
            start, each = line
            row += [f"{max(start, 0) * 1e3:,.0f}", f"{each * 1e9:,.2f}", f"{one.off() * 100:.0f} %"]
            row.append(number(one.power(max(start, 0))))
        rows.append(row + [""] * (len(every) + 6 - len(row)))
    head = [*(f"{count:,}" for count in every), "power", "start ms", "ns a row", "worst fit", "power less start"]
    return table(["ns per row at", *head], rows, "l" + "r" * len(head))


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
