"""rates_aif360.py PATH ATTRIBUTE: eight rates per group of one attribute with AIF360.

Prints the rates, how long reading took, and how long the rates took from the frame in memory, its data sets included.
"""

import json
import logging
import sys
import time
import warnings

start = time.perf_counter()
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
import pandas as pd  # noqa: E402
from aif360.datasets import BinaryLabelDataset  # noqa: E402
from aif360.metrics import ClassificationMetric  # noqa: E402

path, attribute = sys.argv[1:3]
imported = time.perf_counter()
columns = [attribute, "label", "prediction"]
rows = pd.read_parquet(path, columns=columns) if path.endswith(".parquet") else pd.read_csv(path, usecols=columns)
codes, levels = pd.factorize(rows[attribute])
frame = pd.DataFrame({attribute: codes.astype(float), "label": (rows["label"] == "yes").astype(float)})
prediction = (rows["prediction"] == "yes").astype(float).to_numpy().reshape(-1, 1)
del rows, codes
loaded = time.perf_counter()

RATES = {
    "selection-rate": "selection_rate",
    "true-positive-rate": "true_positive_rate",
    "false-positive-rate": "false_positive_rate",
    "true-negative-rate": "true_negative_rate",
    "false-negative-rate": "false_negative_rate",
    "positive-predictive-value": "positive_predictive_value",
    "negative-predictive-value": "negative_predictive_value",
    "accuracy": "accuracy",
}
truth = BinaryLabelDataset(
    df=frame, label_names=["label"], protected_attribute_names=[attribute], favorable_label=1.0, unfavorable_label=0.0
)
decided = truth.copy()
decided.labels = prediction
by_group = {}
for code, level in enumerate(levels):
    others = [{attribute: float(other)} for other in range(len(levels)) if other != code]
    metric = ClassificationMetric(
        truth, decided, unprivileged_groups=others, privileged_groups=[{attribute: float(code)}]
    )
    by_group[level] = {rate: float(getattr(metric, name)(privileged=True)) for rate, name in RATES.items()}
seconds = time.perf_counter() - loaded
answer = {"import": imported - start, "load": loaded - imported, "seconds": seconds, "rates": {attribute: by_group}}
print("\n" + json.dumps(answer))
