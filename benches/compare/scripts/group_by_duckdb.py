"""group_by_duckdb.py QUESTION.json: counts with DuckDB's GROUP BY, on all cores.

Prints the counts and how long the query took, without the interpreter's start, the import and the connection.
"""

import json
import os
import sys
import time

import duckdb

question = json.loads(sys.argv[1])
path, columns, decision = question["path"], question["columns"], question["decision"]

keys = ", ".join(f'"{column}"' for column in columns)
event, before = f'"{decision}"', ""
threshold = question.get("threshold")
if threshold == "median":
    before = f"WITH middle AS (SELECT median({event}) AS value FROM '{path}') "
    event = f"CASE WHEN {event} > (SELECT value FROM middle) THEN 'yes' ELSE 'no' END"
elif threshold is not None:
    event = f"CASE WHEN {event} >= {threshold} THEN 'yes' ELSE 'no' END"
sums = "count(*)"
if weight := question.get("weight"):
    sums += f', sum("{weight}"), sum("{weight}" * "{weight}")'
query = f"{before}SELECT {keys}, {event} AS event, {sums} FROM '{path}' GROUP BY {keys}, event"

db = duckdb.connect(config={"threads": os.cpu_count()})
db.execute("SET enable_progress_bar = false")
start = time.perf_counter()
cells = db.execute(query).fetchall()
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "cells": cells, "keys": len(columns) + 1}))
