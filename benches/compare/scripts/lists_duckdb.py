"""lists_duckdb.py FILE: what groups of items get and what lists are worth to groups of users, with DuckDB.

Prints the figures and how long they took, without the interpreter's start and the import.
"""

import json
import sys
import time

import duckdb

path = sys.argv[1]
start = time.perf_counter()
db = duckdb.connect()
yes = "clicked = 'yes'" if path.endswith(".parquet") else "clicked"
attention = db.execute(
    f"SELECT seller_region, sum(1 / log2(rank + 1)) FROM '{path}' GROUP BY seller_region"
).fetchall()
ndcg = db.execute(
    f"""
    WITH best AS (
        SELECT n, sum(1 / log2(n + 1)) OVER (ORDER BY n) AS best FROM range(1, 11) AS places(n)
    ), lists AS (
        SELECT "user", list, sex, sum(CASE WHEN {yes} THEN 1 / log2(rank + 1) ELSE 0 END) AS dcg,
            count(*) FILTER (WHERE {yes}) AS n
        FROM '{path}' GROUP BY "user", list, sex
    ), users AS (
        SELECT "user", sex, avg(dcg / best) AS ndcg FROM lists JOIN best USING (n) GROUP BY "user", sex
    )
    SELECT sex, avg(ndcg) FROM users GROUP BY sex
    """
).fetchall()
seconds = time.perf_counter() - start
whole = sum(share for _, share in attention)
exposure = {group: share / whole for group, share in attention}
print(json.dumps({"seconds": seconds, "exposure": exposure, "ndcg": dict(ndcg)}))
