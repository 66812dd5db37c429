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
    echo "== installing ${wanted//$'\n'/ }"
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    # shellcheck disable=SC2086 # several names
    if ! { "${as_root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq \
        --no-install-recommends $wanted; } >/dev/null; then
        echo "these could not be installed here; install them, and run this again: ${wanted//$'\n'/ }"
        exit 1
    fi
    wanted=$(missing)
    [ -z "$wanted" ] || { echo "still missing: ${wanted//$'\n'/ }"; exit 1; }
fi

begin() {
    echo "== $1 ($(date -u +%T))"
}

# Suites by name: `.ci/outside.sh paper office`; without names, all of them.
known=" browser paper hostile office schemas "
for name in "$@"; do
    [[ $known == *" $name "* ]] || { echo "there is no suite $name; there are:$known"; exit 2; }
done
asked=" ${*:-$known} "

target=${CARGO_TARGET_DIR:-target}
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
mkdir "$room/books" "$room/formats"
# One choice of packages and features throughout, the one of `.ci/run`, so that nothing is built a second time. The tests need
# the command, so cargo builds that too.
chosen=(--locked -p evenhand-report -p evenhand-cli --features "evenhand-report/pdf,evenhand-cli/pdf")
begin "the sample reports, PDF among them"
cargo test "${chosen[@]}" --test generated reports_
begin "workbooks of made-up audits, and gates in every format"
WORKBOOKS="$room/books" cargo test "${chosen[@]}" --lib workbook::tests::every_audit
FORMATS="$room/formats" cargo test "${chosen[@]}" --test formats written_for_other
begin "the browser's driver"
npm ci --prefix tests/browser --no-audit --no-fund

status=0
sum=""
suite() {
    local name=$1 since=$SECONDS came="passed"
    [[ $asked == *" $name "* ]] || return 0
    begin "$2"
    shift 2
    # Long enough on a machine that is busy; what hangs ends here.
    timeout --kill-after=10 "${SUITE_SECONDS:-900}" "$@" || {
        came="DID NOT PASS (status $?; 124 is out of time): $*"
        status=1
        echo "== this suite did not pass: $*"
    }
    sum+="$name: $((SECONDS - since)) s, $came"$'\n'
}
suite browser "reports in a browser" node tests/browser/run.mjs
suite paper "reports on paper" node tests/paper/check.mjs
suite hostile "names that are written to do harm, in every format" node tests/hostile/check.mjs "$target/debug/evenhand"
suite office "workbooks in LibreOffice" bash tests/office/check.sh reports/*/report.xlsx "$room"/books/*.xlsx
suite schemas "the gate's formats and their schemas" bash tests/schemas/check.sh "$room/formats"
printf '== the suites\n%s' "$sum"
exit "$status"
