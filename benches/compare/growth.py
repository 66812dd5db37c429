"""How time and memory grow with the number of rows: figures, and a plot with both axes logarithmic."""

import math
import statistics
from pathlib import Path
from typing import NamedTuple

from results import Results, whole

OURS = ["evenhand audit", "evenhand tally"]
RIVALS = ["DuckDB group_by", "polars group_by", "the limit"]
LIBRARIES = ["fairlearn", "aequitas", "AIF360"]
# Okabe and Ito's palette; the marks differ as well.
STYLES = {
    "evenhand audit": ("#D55E00", "o"),
    "DuckDB group_by": ("#0072B2", "s"),
    "polars group_by": ("#009E73", "^"),
    "the limit": ("#000000", "x"),
    "fairlearn": ("#CC79A7", "D"),
    "aequitas": ("#E69F00", "v"),
    "AIF360": ("#56B4E9", "P"),
}


class Growth(NamedTuple):
    what: str
    seconds: dict[int, float]
    """By rows."""
    anonymous: dict[int, float]

    def line(self) -> tuple[float, float] | None:
        """Seconds to start, and seconds per row: the line with the least relative errors."""
        if len(self.seconds) < 2:
            return None
        # Weighted least squares, by the reciprocal of the square of the time.
        w = {rows: seconds**-2 for rows, seconds in self.seconds.items()}
        total = sum(w.values())
        mean_rows = sum(w[rows] * rows for rows in w) / total
        mean_seconds = sum(w[rows] * self.seconds[rows] for rows in w) / total
        above = sum(w[rows] * (rows - mean_rows) * (self.seconds[rows] - mean_seconds) for rows in w)
        each = above / sum(w[rows] * (rows - mean_rows) ** 2 for rows in w)
        return mean_seconds - each * mean_rows, each

    def off(self) -> float | None:
        """How far the line is off the figure that it fits worst, relative."""
        line = self.line()
        if line is None:
            return None
        return max(abs(line[0] + line[1] * rows - seconds) / seconds for rows, seconds in self.seconds.items())

    def power(self, start: float = 0) -> float | None:
        """The slope of the line through log rows and log seconds, less the start: 1 is linear growth.

        Sizes at which starting takes most of the time are left out: what is left of them is noise.
        """
        least = 1.5 * start
        points = [
            (math.log(rows), math.log(seconds - start)) for rows, seconds in self.seconds.items() if seconds > least
        ]
        return statistics.linear_regression(*zip(*points)).slope if len(points) > 1 else None


def growths(results: Results, part: str) -> list[Growth]:
    found = [growth(results, part, what) for what in OURS + RIVALS]
    if part == "parquet":
        found += [growth(results, "libraries", what) for what in LIBRARIES]
    return [one for one in found if one.seconds]


def growth(results: Results, part: str, what: str) -> Growth:
    seconds, anonymous = {}, {}
    for record in results.records(part):
        if record["what"] == what and (median := whole(record)):
            seconds[record["question"]["rows"]] = median
            anonymous[record["question"]["rows"]] = record["anonymous"]
    return Growth(what, seconds, anonymous)


def plot(path: Path, found: list[Growth], title: str) -> None:
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"svg.hashsalt": "evenhand", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure, (times, memory) = plt.subplots(1, 2, figsize=(9.6, 4.2), sharex=True)
    for one in found:
        if one.what not in STYLES:
            continue
        color, marker = STYLES[one.what]
        how = {"color": color, "marker": marker, "markersize": 6, "linewidth": 1.6, "label": one.what}
        times.plot(list(one.seconds), list(one.seconds.values()), **how)
        memory.plot(list(one.anonymous), list(one.anonymous.values()), **how)
    for axes, label in ((times, "seconds, whole process"), (memory, "peak anonymous memory in MB")):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("rows")
        axes.set_ylabel(label)
        axes.grid(True, which="major", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    handles, labels = times.get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=len(labels), frameon=False, fontsize=9)
    figure.suptitle(title, fontsize=11)
    figure.tight_layout(rect=(0, 0.07, 1, 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    # Without a date and a version, the same figures give the same bytes.
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
    plt.close(figure)
    # matplotlib leaves blanks at the ends of lines.
    path.write_text("\n".join(line.rstrip() for line in path.read_text().splitlines()) + "\n")


def alt(found: list[Growth], kind: str) -> str:
    """What a person who does not see the plot should know."""
    parts = []
    for one in found:
        if one.what in STYLES:
            least, most = min(one.seconds), max(one.seconds)
            many = f"{one.what} {one.seconds[least]:.3g} s at {least / 1e6:g} million rows"
            parts.append(many if least == most else f"{many}, {one.seconds[most]:.3g} s at {most / 1e6:g} million")
    return f"Time and memory against rows of {kind}, both axes logarithmic: {'; '.join(parts)}"
