"""Reads OpenMetrics text as a parser that is not ours does, and checks what a trend needs of it.

Needs prometheus_client==0.26.0. Run: python tests/formats/openmetrics.py FILE...
"""

import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

EXPECTED = {"evenhand_verdict", "evenhand_checks", "evenhand_rows"}
UNITS = {"evenhand_rows": "rows", "evenhand_group_rows": "rows"}


def check(path):
    with open(path, encoding="utf-8", newline="") as file:
        families = list(text_string_to_metric_families(file.read()))
    names = {family.name for family in families}
    assert EXPECTED <= names, f"{path}: {sorted(EXPECTED - names)} missing"
    seen = set()
    for family in families:
        assert family.type == "gauge", f"{path}: {family.name} is a {family.type}"
        assert family.documentation, f"{path}: {family.name} has no help"
        assert family.unit == UNITS.get(family.name, ""), f"{path}: {family.name} is in {family.unit!r}"
        for sample in family.samples:
            series = (sample.name, tuple(sorted(sample.labels.items())))
            assert series not in seen, f"{path}: {series} stands twice"
            seen.add(series)
            assert sample.timestamp is None, f"{path}: {series} has a timestamp"
    verdicts = [s.value for f in families if f.name == "evenhand_verdict" for s in f.samples]
    assert sorted(verdicts) == [0, 0, 0, 1], f"{path}: verdicts {verdicts}"
    print(f"{path}: {len(families)} metrics, {len(seen)} series")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("name at least one file")
    for path in sys.argv[1:]:
        check(path)
