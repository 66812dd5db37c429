"""lists_pandas.py FILE: what groups of items get and what lists are worth to groups of users, with pandas.

The usual way to do it: RecBole's metrics (`recbole.evaluator.metrics.NDCGMetric`) are the same sums over a matrix of
users and places. Prints the figures and how long they took, without the interpreter's start and the import.
"""

import json
import sys
import time

import numpy as np
import pandas as pd

path = sys.argv[1]
start = time.perf_counter()
columns = ["list", "user", "sex", "rank", "seller_region", "clicked"]
if path.endswith(".parquet"):
    rows = pd.read_parquet(path, columns=columns)
else:
    rows = pd.read_csv(path, usecols=columns)
discount = 1 / np.log2(rows["rank"].to_numpy() + 1.0)
clicked = rows["clicked"].to_numpy() == "yes"
attention = pd.Series(discount).groupby(rows["seller_region"].to_numpy()).sum()
gains = pd.DataFrame(
    {"user": rows["user"], "list": rows["list"], "sex": rows["sex"], "dcg": discount * clicked, "n": clicked}
)
lists = gains.groupby(["user", "list", "sex"], observed=True, sort=False).sum().reset_index()
lists = lists[lists["n"] > 0]
best = np.cumsum(1 / np.log2(np.arange(1, 11) + 1.0))
lists["ndcg"] = lists["dcg"] / best[lists["n"].to_numpy() - 1]
users = lists.groupby(["user", "sex"], observed=True, sort=False)["ndcg"].mean().reset_index()
ndcg = users.groupby("sex")["ndcg"].mean()
seconds = time.perf_counter() - start
exposure = attention / attention.sum()
print(json.dumps({"seconds": seconds, "exposure": exposure.to_dict(), "ndcg": ndcg.to_dict()}))
