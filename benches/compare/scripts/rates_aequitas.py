"""rates_aequitas.py PATH ATTRIBUTES [REPEATS]: rates per group of each attribute, and disparities, with aequitas.

Prints the rates, how long reading took, and how long the rates (`get_crosstabs`) and the disparities took from the
frame in memory; with REPEATS, the rates that often.
"""

import json
import sys
import time
import warnings

start = time.perf_counter()
import pandas as pd  # noqa: E402
from aequitas.bias import Bias  # noqa: E402
from aequitas.group import Group  # noqa: E402

warnings.filterwarnings("ignore")
path, attributes, repeats = sys.argv[1], sys.argv[2].split(","), int(sys.argv[3]) if len(sys.argv) > 3 else 1
imported = time.perf_counter()
columns = [*attributes, "label", "prediction"]
rows = pd.read_parquet(path, columns=columns) if path.endswith(".parquet") else pd.read_csv(path, usecols=columns)
frame = rows[attributes].copy()
frame["score"] = (rows["prediction"] == "yes").astype(int)
frame["label_value"] = (rows["label"] == "yes").astype(int)
del rows
loaded = time.perf_counter()

RATES = {
    "selection-rate": "pprev",
    "true-positive-rate": "tpr",
    "false-positive-rate": "fpr",
    "true-negative-rate": "tnr",
    "false-negative-rate": "fnr",
    "positive-predictive-value": "precision",
    "negative-predictive-value": "npv",
    "accuracy": "accuracy",
}
crosstabs = []
for _ in range(repeats):
    begun = time.perf_counter()
    table, _ = Group().get_crosstabs(frame, attr_cols=attributes)
    crosstabs.append(time.perf_counter() - begun)
begun = time.perf_counter()
Bias().get_disparity_major_group(table, original_df=frame, check_significance=False)
disparities = time.perf_counter() - begun

rates: dict = {attribute: {} for attribute in attributes}
for row in table.to_dict("records"):
    rates[row["attribute_name"]][row["attribute_value"]] = {rate: row[name] for rate, name in RATES.items()}
answer = {"import": imported - start, "load": loaded - imported, "seconds": crosstabs[0] + disparities}
# aequitas prints as well; this is the last line.
print("\n" + json.dumps(answer | {"crosstabs": crosstabs, "rates": rates}))
