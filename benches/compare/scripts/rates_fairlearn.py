"""rates_fairlearn.py PATH ATTRIBUTE [REPLICATES]: eight rates per group of one attribute with fairlearn.

Prints the rates, how long reading took, how long the rates took from the frame in memory, and, with REPLICATES, how
long the same took with that many bootstrap replicates.
"""

import json
import sys
import time
import warnings
from functools import partial

start = time.perf_counter()
import pandas as pd  # noqa: E402
from fairlearn import metrics as fair  # noqa: E402
from sklearn import metrics as sk  # noqa: E402

warnings.filterwarnings("ignore")
path, attribute, replicates = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0
imported = time.perf_counter()
columns = [attribute, "label", "prediction"]
frame = pd.read_parquet(path, columns=columns) if path.endswith(".parquet") else pd.read_csv(path, usecols=columns)
# Numbers, not texts: that is what its documentation shows, and it is faster.
label, prediction = ((frame[column] == "yes").astype(int) for column in ("label", "prediction"))
loaded = time.perf_counter()

RATES = {
    "selection-rate": fair.selection_rate,
    "true-positive-rate": fair.true_positive_rate,
    "false-positive-rate": fair.false_positive_rate,
    "true-negative-rate": fair.true_negative_rate,
    "false-negative-rate": fair.false_negative_rate,
    "positive-predictive-value": partial(sk.precision_score, zero_division=0),
    "negative-predictive-value": partial(sk.precision_score, pos_label=0, zero_division=0),
    "accuracy": sk.accuracy_score,
}


def rates(**bootstrap) -> tuple[float, dict]:
    begun = time.perf_counter()
    answer = fair.MetricFrame(
        metrics=RATES, y_true=label, y_pred=prediction, sensitive_features=frame[attribute], **bootstrap
    )
    by_group = answer.by_group.to_dict("index")
    return time.perf_counter() - begun, by_group


seconds, by_group = rates()
answer = {"import": imported - start, "load": loaded - imported, "seconds": seconds, "rates": {attribute: by_group}}
if replicates:
    answer["bootstrap"], _ = rates(n_boot=replicates, ci_quantiles=[0.025, 0.975], random_state=1)
print(json.dumps(answer))
