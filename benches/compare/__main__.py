"""Times the whole command beside DuckDB, polars, fairlearn, aequitas and AIF360, and beside the machine's own limit.

    cargo build --release -p evenhand-cli
    cargo build --release -p evenhand-source --example limit
    cargo build --release -p evenhand-measure --example bootstrap
    cargo build --release -p evenhand --example frame_speed
    python3 -m venv ../bench && ../bench/bin/pip install -r benches/requirements.txt
    ../bench/bin/python benches/compare --folder ../bench-data --binary target/release/evenhand \\
        --limit target/release/examples/limit --bootstrap target/release/examples/bootstrap \\
        --frame target/release/examples/frame_speed

Makes its data from a seed (once per folder, about 10 GB) and writes docs/performance.md and docs/performance/. What was
measured is kept in the folder. `--write-only` writes the page again without measuring; `--only parquet,csv` measures
these parts alone and puts them beside the others if machine and binary are the same.
"""

import argparse
import sys
import time
from pathlib import Path

from contest import Clock
from parts import PARTS, Setting
from process import Limit
from results import Results, sha256


def main() -> None:
    arguments = parsed()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    kept = arguments.folder / "results.json"
    if arguments.write_only:
        results = Results.read(kept)
    else:
        results = Results.of(kept, arguments.binary)
        measure(arguments, results)

    # Not before all is measured: it is large, and this process should start others quickly.
    import page

    page.write(results, arguments.write, __doc__.split("\n\n")[1])


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python benches/compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, required=True, help="where data and results are kept")
    parser.add_argument("--binary", default="target/release/evenhand")
    for program in ("limit", "bootstrap", "frame"):
        parser.add_argument(f"--{program}", help="that example; without it, its part is not measured")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000, 20_000_000, 100_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between them")
    parser.add_argument("--minutes", type=float, default=25, help="after which no further form or role is begun")
    parser.add_argument("--limit-seconds", type=float, default=300, help="of a library's script")
    parser.add_argument("--limit-gb", type=float, default=14, help="of a library's script: its anonymous memory")
    parser.add_argument("--write-only", action="store_true")
    parser.add_argument("--write", type=Path, default=Path("docs/performance.md"))
    arguments = parser.parse_args()
    arguments.only = arguments.only.split(",")
    if unknown := set(arguments.only) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return arguments


def measure(arguments: argparse.Namespace, results: Results) -> None:
    clock = Clock(arguments.minutes)
    bounds = Limit(arguments.limit_seconds, arguments.limit_gb * 1000)
    programs = [arguments.limit, arguments.bootstrap, arguments.frame]
    setting = Setting(
        arguments.folder, arguments.binary, *programs, sorted(arguments.rows), arguments.rounds, bounds, clock
    )
    for name, part in PARTS.items():
        if name not in arguments.only:
            continue
        clock.say(f"-- {name}")
        start = time.perf_counter()
        measured = part(setting)
        measured["took"] = time.perf_counter() - start
        programs = {program: getattr(arguments, program) for program in programs_of(name)}
        measured["programs"] = {program: sha256(path) for program, path in programs.items() if path}
        results.keep(name, measured)
    clock.say("measured")


def programs_of(part: str) -> list[str]:
    """Which programs beside the binary a part needs."""
    return {"frame": ["frame"], "bootstrap": ["bootstrap"]}.get(part, ["limit"])


if __name__ == "__main__":
    sys.exit(main())
