#!/bin/sh
# The validation study of the verdict rule, in one command:
#
#     validation/run.sh
#
# Writes docs/validation.md and docs/validation/. The same software gives the same bytes. Needs cargo, and Python 3.11
# or newer for the two tools that are asked about the same data.
#
# EVENHAND_VENV  a Python environment that has validation/requirements.txt; without it one is made outside the checkout
# CARGO          the cargo to use
set -eu
cd "$(dirname "$0")/.."
started=$(date +%s)

venv=${EVENHAND_VENV:-}
if [ -z "$venv" ]; then
    venv=${XDG_CACHE_HOME:-$HOME/.cache}/evenhand/validation-venv
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r validation/requirements.txt
fi

# The dev profile, with the study itself and the generator of random numbers optimised as well: section E draws billions.
study() {
    "${CARGO:-cargo}" run --quiet --config 'profile.dev.package.evenhand-cli.opt-level=2' \
        --config 'profile.dev.package.rand_chacha.opt-level=2' --config 'profile.dev.package.chacha20.opt-level=2' \
        -p evenhand-cli --example validation -- "$@"
}

between=$(mktemp -d)
trap 'rm -r "$between"' EXIT
study data "$between/data.json"
"$venv/bin/python" validation/compare.py "$between/data.json" "$between/answers.json"
study report "$between/answers.json" docs
echo "validation/run.sh took $(($(date +%s) - started)) s" >&2
