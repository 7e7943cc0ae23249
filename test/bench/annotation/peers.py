"""Runs a case of a peer for each name that comes in on a line, and prints what it took and what it says, as JSON.

Data come from the files that crowd.ts writes. Each peer gets them in its own form; making that form is not timed.
"""

import json
import sys
import time
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
from cleanlab.multiannotator import get_label_quality_multiannotator
from crowdkit.aggregation import DawidSkene

folder = Path(sys.argv[1])
size = json.loads((folder / "size.json").read_text())
units, raters, values = np.fromfile(folder / "ratings.i32", dtype=np.int32).reshape(3, -1)
probabilities = np.fromfile(folder / "probabilities.f64").reshape(size["units"], size["classes"])

matrix = np.full((size["raters"], size["units"]), np.nan)
matrix[raters, units] = values
counts = np.zeros((size["units"], size["classes"]), dtype=np.int64)
np.add.at(counts, (units, values), 1)
table = pd.DataFrame({"task": units, "worker": raters, "label": values})
labels = np.ascontiguousarray(matrix.T)


def digits(series):
    return "".join(map(str, np.asarray(series, dtype=int)))


def dawid_skene():
    # Without a tolerance it stops before the iterations are done.
    fitted = DawidSkene(n_iter=5, tol=float("-inf")).fit(table)
    return fitted.labels_


def crowdlab():
    result = get_label_quality_multiannotator(labels, probabilities, return_detailed_quality=False, verbose=False)
    return result["label_quality"]["consensus_label"]


CASES = {
    "krippendorff from matrix": (
        lambda: krippendorff.alpha(reliability_data=matrix, level_of_measurement="nominal"),
        float,
    ),
    "krippendorff from value counts": (
        lambda: krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"),
        float,
    ),
    "crowd-kit, 5 iterations": (dawid_skene, lambda series: digits(series.sort_index())),
    "cleanlab": (crowdlab, digits),
}

for line in sys.stdin:
    run, shown = CASES[line.strip()]
    start = time.perf_counter()
    result = run()
    seconds = time.perf_counter() - start
    print(json.dumps({"milliseconds": seconds * 1000, "result": shown(result)}), flush=True)
