"""Reads OpenMetrics text as a parser that is not ours does, and checks what a trend needs of it. `check.py` calls it."""

from prometheus_client.openmetrics.parser import text_string_to_metric_families

EXPECTED = {"evenhand_verdict", "evenhand_checks", "evenhand_rows"}
UNITS = {"evenhand_rows": "rows", "evenhand_group_rows": "rows"}


def problems(text):
    """What is wrong with the text, one sentence each."""
    try:
        families = list(text_string_to_metric_families(text))
    except ValueError as error:
        yield f"the parser refuses it: {error}"
        return
    missing = EXPECTED - {family.name for family in families}
    if missing:
        yield f"{sorted(missing)} missing"
    seen = set()
    for family in families:
        if family.type != "gauge":
            yield f"{family.name} is a {family.type}"
        if not family.documentation:
            yield f"{family.name} has no help"
        if family.unit != UNITS.get(family.name, ""):
            yield f"{family.name} is in {family.unit!r}"
        for sample in family.samples:
            series = (sample.name, tuple(sorted(sample.labels.items())))
            if series in seen:
                yield f"{series} stands twice"
            seen.add(series)
            if sample.timestamp is not None:
                yield f"{series} has a timestamp"
    verdicts = sorted(sample.value for family in families if family.name == "evenhand_verdict" for sample in family.samples)
    if verdicts != [0, 0, 0, 1]:
        yield f"its verdicts are {verdicts}, not one of four"
