"""What was measured, kept as JSON beside the data, so that the page can be written again without measuring.

Parts that were measured alone are put beside the others only if machine and binary are the same.
"""

import hashlib
import json
import os
import platform
import statistics
import subprocess
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

PACKAGES = ["polars", "duckdb", "pyarrow", "pandas", "fairlearn", "aequitas", "aif360", "numpy", "scikit-learn"]


def machine() -> str:
    model = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown"
    )
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    return f"{os.cpu_count()} cores ({model}), {memory / 2**20:.0f} GiB of memory, {platform.system()}"


def sha256(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


class Results:
    def __init__(self, path: Path, kept: dict) -> None:
        self.path = path
        self.kept = kept

    @staticmethod
    def read(path: Path) -> "Results":
        return Results(path, json.loads(path.read_text()))

    @staticmethod
    def of(path: Path, binary: str) -> "Results":
        """Those that were kept, if they are from this machine and this binary; else none yet."""
        identity = {"machine": machine(), "binary": sha256(binary)}
        if path.exists():
            before = Results.read(path)
            if before.kept["identity"] == identity:
                return before
            aside = path.with_name(f"results-{before.kept['identity']['binary'][:12]}.json")
            path.rename(aside)
            print(f"results of another machine or binary are set aside as {aside.name}", flush=True)
        said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        versions = {"evenhand": said.split()[-1], "Python": platform.python_version()}
        versions |= {package: version(package) for package in PACKAGES}
        return Results(path, {"identity": identity, "versions": versions, "parts": {}})

    def keep(self, part: str, measured: dict) -> None:
        self.kept["parts"][part] = measured
        unfinished = self.path.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(self.kept, indent=1))
        unfinished.rename(self.path)

    def part(self, name: str) -> dict:
        return self.kept["parts"].get(name, {})

    def records(self, part: str, **question) -> Iterable[dict]:
        for record in self.part(part).get("records", []):
            if all(record["question"][key] == value for key, value in question.items()):
                yield record

    def record(self, part: str, what: str, **question) -> dict | None:
        return next((record for record in self.records(part, **question) if record["what"] == what), None)


def whole(record: dict | None) -> float | None:
    """The median of the whole process in seconds; nothing where it was not done."""
    return statistics.median(record["seconds"]) if record and record["seconds"] else None


def alone(record: dict | None) -> float | None:
    """The median of the query, or of the work on a frame in memory, without start and import."""
    return statistics.median(record["inner"]) if record and record["inner"] else None
