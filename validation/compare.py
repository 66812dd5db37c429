"""Asks fairlearn, aequitas and a bare four-fifths rule about the data sets that the study generated.

    python validation/compare.py DATA.json ANSWERS.json

DATA.json has scenarios: the people per group, and for each data set how many of each group were selected. Each data set
is written out as rows and given to each tool in the way its documentation shows. ANSWERS.json says in how many data
sets each flagged something. `validation/run.sh` runs this between the two halves of the Rust program.
"""

import json
import multiprocessing
import platform
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from aequitas.bias import Bias
    from aequitas.fairness import Fairness
    from aequitas.group import Group
    from fairlearn.metrics import (
        MetricFrame,
        demographic_parity_difference,
        demographic_parity_ratio,
        selection_rate,
    )

TAU = 0.8


def rows_of(people: int, selected: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """One row per person: the group and the decision."""
    groups = np.repeat([f"g{index:02d}" for index in range(len(selected))], people)
    decisions = np.concatenate([np.repeat([1, 0], [count, people - count]) for count in selected])
    return groups, decisions


def four_fifths(selected: list[int]) -> bool:
    """Whether some rate is under four fifths of another; the groups are equal in size."""
    return 5 * min(selected) < 4 * max(selected)


def aequitas_flags(groups: np.ndarray, decisions: np.ndarray) -> bool:
    """Whether a group lacks impact parity at tau, against the largest group (the first of equals)."""
    # aequitas wants a label; impact parity does not depend on it.
    frame = pd.DataFrame({"group": groups, "score": decisions, "label_value": decisions})
    counts, _ = Group().get_crosstabs(frame, attr_cols=["group"])
    disparities = Bias().get_disparity_major_group(counts, original_df=frame, check_significance=False)
    judged = Fairness(tau=TAU).get_group_value_fairness(disparities)
    return not bool(judged["Impact Parity"].astype(bool).all())


def bootstrap(groups: np.ndarray, decisions: np.ndarray, boots: int, seed: int) -> tuple[bool, bool]:
    """Whether the 95 % interval of the difference holds 0, and whether that of the ratio lies under tau."""
    frame = MetricFrame(
        metrics=selection_rate,
        y_true=decisions,
        y_pred=decisions,
        sensitive_features=groups,
        n_boot=boots,
        ci_quantiles=[0.025, 0.975],
        random_state=seed,
    )
    low, high = frame.difference_ci(method="between_groups")
    ratio_high = frame.ratio_ci(method="between_groups")[1]
    return bool(low <= 0 <= high), bool(ratio_high < TAU)


def answer(job: tuple[dict, int, int, int]) -> dict[str, bool]:
    """What everyone says about one data set."""
    warnings.simplefilter("ignore")
    scenario, index, boots, seed = job
    selected = scenario["sets"][index]
    groups, decisions = rows_of(scenario["people"], selected)
    said = {
        "four_fifths": four_fifths(selected),
        "fairlearn_ratio": demographic_parity_ratio(decisions, decisions, sensitive_features=groups) < TAU,
        "fairlearn_difference": demographic_parity_difference(decisions, decisions, sensitive_features=groups) > 0.1,
        "aequitas": aequitas_flags(groups, decisions),
    }
    if index < scenario["bootstrapped"]:
        said["interval_holds_zero"], said["interval_under_tau"] = bootstrap(groups, decisions, boots, seed + index)
    return {key: bool(value) for key, value in said.items()}


def main() -> None:
    data = json.loads(Path(sys.argv[1]).read_text())
    scenarios = {}
    with multiprocessing.Pool() as pool:
        for scenario in data["scenarios"]:
            jobs = [(scenario, index, data["boots"], data["seed"]) for index in range(len(scenario["sets"]))]
            answers = pool.map(answer, jobs, chunksize=4)
            keys = sorted({key for said in answers for key in said})
            scenarios[scenario["id"]] = {key: sum(said.get(key, False) for said in answers) for key in keys}
            print(f"compared {scenario['id']}", file=sys.stderr)
    packages = ["fairlearn", "aequitas", "numpy", "pandas", "scikit-learn", "scipy"]
    software = {"Python": platform.python_version()} | {name: version(name) for name in packages}
    result = {"software": software, "scenarios": scenarios}
    Path(sys.argv[2]).write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
