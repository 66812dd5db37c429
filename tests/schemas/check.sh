#!/usr/bin/env bash
# Has other software look at what machines read of a gate: the JUnit files against their XSD with libxml2, and read back by
# junitparser; Code Quality and SARIF against their schemas with Python's jsonschema; the metrics with Prometheus' own parser.
# `tests/schemas/check.sh` has cargo write the files; `tests/schemas/check.sh FOLDER` looks at those of a folder.
# Needs Python 3 with venv; what it installs is pinned in `requirements.txt`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -eq 0 ]; then
    mkdir "$work/files"
    FORMATS="$work/files" cargo test --locked --manifest-path "$here/../../Cargo.toml" -p evenhand-cli --test formats
    set -- "$work/files"
fi
python3 -m venv "$work/python"
"$work/python/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt"
PYTHONDONTWRITEBYTECODE=1 "$work/python/bin/python" "$here/check.py" "$1"
