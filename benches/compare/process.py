"""Runs a command as a whole process: how long it takes, what it prints, and the most memory it holds.

Memory is polled from /proc: the kernel's own high-water mark of resident memory (VmHWM), and the highest anonymous part
(RssAnon), which leaves out pages of the file itself. A process that is timed is not polled, unless it has a limit.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple


class Limit(NamedTuple):
    """Beyond which a process is ended."""

    seconds: float
    megabytes: float


class Run(NamedTuple):
    seconds: float
    printed: str
    resident: float
    """The peak in MB; 0 where it was not polled."""
    anonymous: float
    ended: str
    """`well`, or why it was ended before it was done."""


class Failed(Exception):
    """A command ended with another status than 0."""

    def __init__(self, command: list[str], status: int, errors: str) -> None:
        super().__init__(f"{' '.join(command)[:400]}\nended with {status}:\n{errors}")
        lines = [line.strip() for line in errors.splitlines() if line.strip()]
        # Python's last line names the exception; a command's first line its error.
        said = (lines or ["no message"])[-1 if command[0] == sys.executable else 0]
        # The folder is not for the page.
        self.said = re.sub("[^ `]*/", "", said.removeprefix("error: "))


def timed(command: list[str]) -> Run:
    """Runs it without polling."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
        process.wait()
        seconds = time.perf_counter() - start
        return finished(command, process, Run(seconds, "", 0, 0, "well"), out, errors)


def watched(command: list[str], limit: Limit | None = None) -> Run:
    """Runs it and polls its memory several times a millisecond, and less often once it has run for a second."""
    peak = {"VmHWM": 0.0, "RssAnon": 0.0}
    ended = "well"
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        # Popen returns once the new program has replaced the copy of this one, whose memory would count otherwise.
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
        status = os.open(f"/proc/{process.pid}/status", os.O_RDONLY)
        while process.poll() is None:
            seconds = time.perf_counter() - start
            for line in os.pread(status, 1 << 14, 0).decode().splitlines():
                kind, _, rest = line.partition(":")
                if kind in peak:
                    peak[kind] = max(peak[kind], int(rest.split()[0]) * 1024 / 1e6)
            if limit and (seconds > limit.seconds or peak["RssAnon"] > limit.megabytes):
                over_time = f"stopped after {limit.seconds:,.0f} s"
                over_memory = f"stopped at {limit.megabytes / 1000:,.1f} GB"
                ended = over_time if seconds > limit.seconds else over_memory
                process.kill()
                break
            time.sleep(0.0002 if seconds < 1 else 0.005)
        process.wait()
        seconds = time.perf_counter() - start
        os.close(status)
        return finished(command, process, Run(seconds, "", peak["VmHWM"], peak["RssAnon"], ended), out, errors)


def finished(command: list[str], process: subprocess.Popen, run: Run, out, errors) -> Run:
    if run.ended != "well":
        return run
    if process.returncode != 0:
        errors.seek(0)
        raise Failed(command, process.returncode, errors.read()[-2_000:])
    out.seek(0)
    return run._replace(printed=out.read())


def warm(path: Path) -> None:
    """Reads the file once, so that everyone reads from the page cache."""
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 24):
            pass
