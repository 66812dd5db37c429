#!/usr/bin/env bash
# What the CI of this repository runs at every commit: the model decides, the gate looks at the decisions.
set -euo pipefail
awk -f model.awk applicants.csv >decisions.csv
evenhand check --out junit.xml
