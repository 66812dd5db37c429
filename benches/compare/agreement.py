"""Before anything is timed, everyone has to find the same."""

import sys

from contestants import Cells

RATE = 1e-9
"""Rates are quotients of the same integers; libraries round a few times on the way."""
SUM = 1e-9
"""Relative. evenhand's sums of weights are exact; those of engines that add in floating point are not."""


def same_counts(name: str, found: Cells | int | None, truth: Cells | None, rows: int) -> Cells | None:
    """All cells where cells are printed, the number of rows where not. Gives what the next are compared with."""
    if isinstance(found, dict):
        for key in found.keys() | (truth or found).keys():
            mine, theirs = found.get(key), (truth or found).get(key)
            if mine is None or theirs is None or not alike(mine, theirs):
                sys.exit(f"{name} finds {mine} in {key}, those before it {theirs}")
        truth = truth or found
        found = sum(counts[0] for counts in found.values())
    if found is not None and found != rows:
        sys.exit(f"{name} counts {found} rows of {rows}")
    return truth


def alike(mine: tuple[float, ...], theirs: tuple[float, ...]) -> bool:
    sums = zip(mine[1:], theirs[1:], strict=True)
    return mine[0] == theirs[0] and all(abs(one - other) <= SUM * abs(other) for one, other in sums)


def same_rates(name: str, found: dict, truth: dict) -> None:
    for attribute, groups in found.items():
        if groups.keys() != truth[attribute].keys():
            sys.exit(f"{name} finds the groups {sorted(groups)} of {attribute}, evenhand {sorted(truth[attribute])}")
        for group, rates in groups.items():
            for rate, value in rates.items():
                if not abs(value - truth[attribute][group][rate]) <= RATE:
                    ours = truth[attribute][group][rate]
                    sys.exit(f"{name} finds a {rate} of {value} for {attribute} {group}, evenhand {ours}")
