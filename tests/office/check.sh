#!/usr/bin/env bash
# Opens workbooks in LibreOffice, has every formula calculated anew, and compares what comes out with the numbers that the
# workbooks carry. `tests/office/check.sh` takes the sample reports, and has cargo make workbooks of made-up audits, with
# hostile names among them; `tests/office/check.sh FILE.xlsx…` takes others. PATIENCE=SECONDS is how long LibreOffice may take.
# Needs LibreOffice Calc (Debian: libreoffice-calc-nogui) and Python 3, nothing else.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

for program in soffice python3; do
    command -v "$program" >/dev/null || { echo "$program is not there: apt-get install libreoffice-calc-nogui python3"; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -eq 0 ]; then
    mkdir "$work/books"
    (cd "$root" && WORKBOOKS="$work/books" cargo test --locked -p evenhand-report --lib workbook::tests::every_audit)
    set -- "$root"/reports/*/report.xlsx "$work"/books/*.xlsx
fi
python3 "$here/recalculate.py" "$work" "$@"
