"""Times the whole command beside polars' own streaming group_by on the same columns of the same files.

    python3 -m venv ../bench && ../bench/bin/pip install -r benches/requirements.txt
    cargo build --release -p evenhand-cli
    ../bench/bin/python benches/compare.py --binary target/release/evenhand --folder ../bench-data

Makes its data from a seed (once per folder), times every contestant in turn for several rounds in one run, and writes
docs/performance.md. Memory is polled from /proc while a contestant runs: the peak of all resident memory, and of its
anonymous part (RssAnon), which leaves out pages of the file itself.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

SEED = 20261121
COLUMNS = ["region", "race", "sex", "label", "prediction"]
GROUPS = {
    "region": ["North", "South", "East", "West", "Coast", "Inland", "Islands", "Abroad"],
    "race": ["Asian", "Black", "Hispanic", "Native American", "Other", "White"],
    "sex": ["Female", "Male", "Non-binary"],
}


def make(folder: Path, rows: int) -> tuple[Path, Path]:
    """The same rows as Parquet (row groups of at most 262,144 rows) and as CSV."""
    import numpy as np
    import polars as pl

    parquet, csv = folder / f"rows-{rows}.parquet", folder / f"rows-{rows}.csv"
    if parquet.exists() and csv.exists():
        return parquet, csv
    rng = np.random.default_rng(SEED)
    score = rng.random(rows)
    label = rng.random(rows) < 0.2 + 0.5 * score
    frame = pl.DataFrame(
        {name: pl.Series(np.array(values)[rng.integers(0, len(values), rows)]) for name, values in GROUPS.items()}
        | {
            "label": pl.Series(np.where(label, "yes", "no")),
            "prediction": pl.Series(np.where(score > 0.55, "yes", "no")),
            "score": pl.Series(score.round(4)),
        }
    )
    frame.write_parquet(parquet, row_group_size=262_144)
    frame.write_csv(csv)
    return parquet, csv


POLARS = """
import sys, polars as pl
path, columns = sys.argv[1], sys.argv[2].split(",")
scan = pl.scan_parquet(path) if path.endswith(".parquet") else pl.scan_csv(path)
print(scan.group_by(columns).agg(pl.len()).collect(engine="streaming").height)
"""


def contestants(binary: str, path: Path) -> dict[str, list[str]]:
    roles = ["--protected", "region,race,sex", "--prediction", "prediction", "--label", "label", "--adverse=false"]
    return {
        "evenhand audit": [binary, "audit", str(path), *roles, "--exit-zero", "--format", "json"],
        "evenhand tally": [binary, "tally", str(path), *roles, "--quiet", "--out", str(path) + ".tally.json"],
        "polars streaming group_by": [sys.executable, "-c", POLARS, str(path), ",".join(COLUMNS)],
    }


def watch(process: subprocess.Popen, peaks: dict[str, int]) -> None:
    """Polls the resident memory of a process until it is gone."""
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if line.startswith("Rss"))
            anonymous = int(fields["RssAnon"].split()[0])
            total = anonymous + int(fields["RssFile"].split()[0]) + int(fields["RssShmem"].split()[0])
            peaks["anonymous"] = max(peaks["anonymous"], anonymous)
            peaks["resident"] = max(peaks["resident"], total)
        except (FileNotFoundError, ProcessLookupError, KeyError):
            pass
        time.sleep(0.002)


def run(command: list[str]) -> tuple[float, dict[str, int]]:
    peaks = {"anonymous": 0, "resident": 0}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    watcher = threading.Thread(target=watch, args=(process, peaks))
    watcher.start()
    _, errors = process.communicate()
    seconds = time.perf_counter() - start
    watcher.join()
    if process.returncode != 0:
        sys.exit(f"{command} ended with {process.returncode}: {errors.decode()}")
    return seconds, peaks


def machine() -> str:
    model = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown"
    )
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    return f"{os.cpu_count()} cores ({model}), {memory // 2**20} GiB of memory, {platform.system()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/evenhand")
    parser.add_argument("--folder", type=Path, required=True, help="where the data are kept (about 1.3 GB)")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 20_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", type=Path, default=Path("docs/performance.md"))
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)

    table = []
    for rows in arguments.rows:
        for path in make(arguments.folder, rows):
            path.read_bytes()  # everyone reads from the page cache
            runs: dict[str, list] = {}
            for _ in range(arguments.rounds):
                for name, command in contestants(arguments.binary, path).items():
                    runs.setdefault(name, []).append(run(command))
            for name, results in runs.items():
                seconds = [seconds for seconds, _ in results]
                peak = {kind: max(peaks[kind] for _, peaks in results) / 1024 for kind in ("resident", "anonymous")}
                table.append((rows, path.suffix[1:], name, seconds, peak))
                print(f"{rows:>11,} {path.suffix[1:]:8} {name:26} {statistics.median(seconds):7.3f} s", flush=True)
    arguments.write.write_text(page(table, arguments, machine()))


def page(table: list, arguments: argparse.Namespace, where: str) -> str:
    import polars

    version = subprocess.run([arguments.binary, "--version"], capture_output=True, text=True).stdout.strip()
    kernels = Path(__file__).with_name("criterion.md").read_text()
    lines = [
        "# Performance",
        "",
        "Written by `benches/compare.py`, which says how to run it. Ratios were measured in one run, in turn; they are",
        "never a test. Three text attributes, a label and a decision were read out of six columns; Parquet by polars with",
        "row groups of at most 262,144 rows.",
        "",
        f"Machine: {where}. {version}, polars {polars.__version__} (Python wheel), {arguments.rounds} rounds, medians.",
        "",
        "| rows | format | what | seconds (median) | fastest to slowest | peak resident | peak anonymous | times as fast as polars |",
        "|---:|---|---|---:|---|---:|---:|---:|",
    ]
    medians = {(rows, kind, name): statistics.median(seconds) for rows, kind, name, seconds, _ in table}
    for rows, kind, name, seconds, peak in table:
        ratio = medians[rows, kind, "polars streaming group_by"] / medians[rows, kind, name]
        lines.append(
            f"| {rows:,} | {kind} | {name} | {statistics.median(seconds):.3f} | {min(seconds):.3f} to {max(seconds):.3f} "
            f"| {peak['resident']:.0f} MB | {peak['anonymous']:.0f} MB | {ratio:.1f} |"
        )
    lines += [
        "",
        "`evenhand audit` reads, counts, compares all groups on all criteria and prints the full JSON; `group_by` only counts,",
        "and starts a Python interpreter first (about 0.1 s).",
        "",
        kernels,
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
