"""group_by_polars.py QUESTION.json: counts with polars' streaming engine.

Prints the counts and how long the query took, without the interpreter's start and the import.
"""

import json
import sys
import time

import polars as pl

question = json.loads(sys.argv[1])
path, columns, decision = question["path"], question["columns"], question["decision"]

start = time.perf_counter()
scan = pl.scan_parquet(path) if path.endswith(".parquet") else pl.scan_csv(path)
event = pl.col(decision)
threshold = question.get("threshold")
if threshold == "median":
    threshold = scan.select(pl.col(decision).median()).collect(engine="streaming").item()
    event = pl.when(event > threshold).then(pl.lit("yes")).otherwise(pl.lit("no"))
elif threshold is not None:
    event = pl.when(event >= threshold).then(pl.lit("yes")).otherwise(pl.lit("no"))
sums = [pl.len()]
if weight := question.get("weight"):
    sums += [pl.col(weight).sum().alias("w"), (pl.col(weight) * pl.col(weight)).sum().alias("w2")]
cells = scan.group_by([*columns, event.alias("event")]).agg(sums).collect(engine="streaming")
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "cells": cells.rows(), "keys": len(columns) + 1}))
