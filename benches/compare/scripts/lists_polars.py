"""lists_polars.py FILE: what groups of items get and what lists are worth to groups of users, with polars' streaming
engine.

Prints the figures and how long they took, without the interpreter's start and the import.
"""

import json
import sys
import time

import polars as pl

path = sys.argv[1]
start = time.perf_counter()
rows = pl.scan_parquet(path) if path.endswith(".parquet") else pl.scan_csv(path)
rows = rows.with_columns(
    (1 / (pl.col("rank").cast(pl.Float64) + 1).log(2)).alias("discount"), (pl.col("clicked") == "yes").alias("gain")
)
best = pl.DataFrame({"n": range(1, 11)}, schema={"n": pl.UInt32}).with_columns(
    (1 / (pl.col("n").cast(pl.Float64) + 1).log(2)).cum_sum().alias("best")
)
attention = rows.group_by("seller_region").agg(pl.col("discount").sum())
ndcg = (
    rows.group_by("user", "list", "sex")
    .agg((pl.col("discount") * pl.col("gain")).sum().alias("dcg"), pl.col("gain").sum().cast(pl.UInt32).alias("n"))
    .join(best.lazy(), on="n")
    .group_by("user", "sex")
    .agg((pl.col("dcg") / pl.col("best")).mean().alias("ndcg"))
    .group_by("sex")
    .agg(pl.col("ndcg").mean())
)
attention, ndcg = pl.collect_all([attention, ndcg], engine="streaming")
seconds = time.perf_counter() - start
whole = attention["discount"].sum()
exposure = {group: share / whole for group, share in attention.rows()}
print(json.dumps({"seconds": seconds, "exposure": exposure, "ndcg": dict(ndcg.rows())}))
