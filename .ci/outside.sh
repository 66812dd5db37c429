#!/usr/bin/env bash
# Looks at the reports from outside: in a browser, on paper, in a spreadsheet, with hostile names. `.ci/run` calls it; it can
# be run alone. It installs what it needs where it may, and says what is missing where it may not.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A packages=(
    [chromium]=chromium [pdfinfo]=poppler-utils [soffice]=libreoffice-calc-nogui [node]=nodejs [npm]=npm [python3]=python3
)
missing() {
    local command
    for command in "${!packages[@]}"; do
        command -v "$command" >/dev/null || echo "${packages[$command]}"
    done | sort
    # Debian has what makes environments in a package of its own.
    ! command -v python3 >/dev/null || python3 -c "import ensurepip" 2>/dev/null || echo python3-venv
}

wanted=$(missing)
if [ -n "$wanted" ]; then
    echo "== installing" $wanted
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    # shellcheck disable=SC2086 # several names
    if ! { "${as_root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq \
        --no-install-recommends $wanted; } >/dev/null; then
        echo "these could not be installed here; install them, and run this again:" $wanted
        exit 1
    fi
    wanted=$(missing)
    [ -z "$wanted" ] || { echo "still missing:" $wanted; exit 1; }
fi

begin() {
    echo "== $1 ($(date -u +%T))"
}

target=${CARGO_TARGET_DIR:-target}
begin "the command with PDF"
cargo build --locked -p evenhand-cli --features pdf
begin "the sample reports, PDF among them"
cargo test --locked -p evenhand-cli --features pdf --test generated reports_
begin "the browser's driver"
npm ci --prefix tests/browser --no-audit --no-fund

status=0
# Suites by name: `.ci/outside.sh paper office`; without names, all of them.
wanted=" ${*:-browser paper hostile office schemas} "
suite() {
    local name=$1
    [[ $wanted == *" $name "* ]] || return 0
    begin "$2"
    shift 2
    "$@" || { status=1; echo "== this suite did not pass: $*"; }
}
suite browser "reports in a browser" node tests/browser/run.mjs
suite paper "reports on paper" node tests/paper/check.mjs
suite hostile "names that are written to do harm, in every format" node tests/hostile/check.mjs "$target/debug/evenhand"
suite office "workbooks in LibreOffice" bash tests/office/check.sh
suite schemas "the gate's formats and their schemas" bash tests/schemas/check.sh
exit "$status"
