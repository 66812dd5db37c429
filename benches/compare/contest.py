"""Everyone answers the same question: first checked, then polled for memory, then timed in turn."""

import time

from agreement import same_counts
from contestants import Contestant, Question, last_line
from process import Failed, Limit, Run, timed, warm, watched

ONCE, TWICE, THRICE = 30.0, 10.0, 3.0
"""What takes longer than this many seconds is timed once, twice, three times."""


class Clock:
    """When the run has to be done; what would begin later is left out, and the page says so."""

    def __init__(self, minutes: float) -> None:
        self.start = time.perf_counter()
        self.minutes = minutes

    def over(self) -> bool:
        return time.perf_counter() - self.start > self.minutes * 60

    def say(self, text: str) -> None:
        seconds = int(time.perf_counter() - self.start)
        print(f"{seconds // 60:3}:{seconds % 60:02}  {text}", flush=True)


def turns(seconds: float, rounds: int) -> int:
    for longer, times in ((ONCE, 0), (TWICE, 2), (THRICE, 3)):
        if seconds > longer:
            return min(times, rounds)
    return rounds


def contest(question: Question, everyone: list[Contestant], rounds: int, clock: Clock) -> list[dict]:
    """A record of each contestant. Each round starts with another one."""
    warm(question.path)
    first: dict[str, Run] = {}
    records: dict[str, dict] = {}
    truth = None
    for one in everyone:
        try:
            run = watched(one.command)
        except Failed as failure:
            records[one.name] = started(question, one, []) | {"ended": f"cannot: {failure.said}"}
            continue
        first[one.name] = run
        truth = same_counts(one.name, one.found(run.printed), truth, question.file.rows)
        records[one.name] = started(question, one, [run])
    able = [one for one in everyone if one.name in first]
    for one in able:
        if first[one.name].seconds < THRICE:
            poll(records[one.name], watched(one.command))
    measure(able, records, {name: turns(run.seconds, rounds) for name, run in first.items()})
    for record in records.values():
        say(clock, record)
    return list(records.values())


def measure(everyone: list[Contestant], records: dict[str, dict], times: dict[str, int]) -> None:
    for turn in range(max(times.values(), default=0)):
        at = turn % len(everyone)
        for one in everyone[at:] + everyone[:at]:
            if turn < times[one.name]:
                # What was timed once is the checked run; all others start anew.
                add(records[one.name], one, timed(one.command), fresh=turn == 0)


def started(question: Question, one: Contestant, runs: list[Run]) -> dict:
    """A record with the checked and polled runs."""
    asked = question.file._asdict() | {"format": question.file.format, "said": question.file.said}
    asked |= {"protected": question.protected, "decision": question.decision, "weighted": question.weighted}
    record = {"question": asked, "what": one.name, "seconds": [], "inner": [], "resident": 0, "anonymous": 0}
    record["ended"] = "not run"
    for run in runs:
        poll(record, run)
        add(record, one, run, fresh=False)
    return record


def poll(record: dict, run: Run) -> None:
    record["resident"] = max(record["resident"], run.resident)
    record["anonymous"] = max(record["anonymous"], run.anonymous)
    record["ended"] = run.ended


def add(record: dict, one: Contestant, run: Run, fresh: bool) -> None:
    if fresh:
        record["seconds"], record["inner"] = [], []
    if run.ended != "well":
        record["stopped"] = run.seconds
        return
    record["seconds"].append(run.seconds)
    if one.inner:
        record["inner"].append(last_line(run.printed)["seconds"])


def limited(question: Question, one: Contestant, limit: Limit) -> tuple[dict, Run]:
    """One polled run that is ended at the limit."""
    warm(question.path)
    run = watched(one.command, limit)
    return started(question, one, [run]), run


def say(clock: Clock, record: dict) -> None:
    asked = record["question"]
    where = f"{asked['rows']:>11,} {asked['format']:7} {asked['said'][:40]:40} {record['what']:22}"
    if not record["seconds"]:
        clock.say(f"{where} {record['ended']}")
        return
    seconds = sorted(record["seconds"])
    clock.say(f"{where} {seconds[len(seconds) // 2] * 1e3:9,.1f} ms  {record['anonymous']:7,.0f} MB")
