#!/usr/bin/env bash
# Runs `evenhand check` for action.yml. What the workflow's author wrote comes in variables and goes on as arguments, one
# per line: no shell reads it.
#
#   INPUT_POLICY, INPUT_BASELINE, INPUT_REPORT   one path each, or nothing
#   INPUT_FILES, INPUT_ARGS                      one argument per line
set -euo pipefail

arguments=(check)
[ -z "${INPUT_POLICY:-}" ] || arguments+=("--policy=$INPUT_POLICY")
[ -z "${INPUT_BASELINE:-}" ] || arguments+=("--baseline=$INPUT_BASELINE")
[ -z "${INPUT_REPORT:-}" ] || arguments+=("--out=$INPUT_REPORT")
lines() {
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line%$'\r'}
        [[ $line =~ ^[[:space:]]*$ ]] || arguments+=("$line")
    done
}
lines <<<"${INPUT_ARGS:-}"
if [ -n "${INPUT_FILES:-}" ]; then
    # A file whose name begins with a dash is still a file.
    arguments+=(--)
    lines <<<"$INPUT_FILES"
fi

status=0
evenhand "${arguments[@]}" || status=$?
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    {
        echo "status=$status"
        # A name with a line break in it would write further outputs.
        if [ -n "${INPUT_REPORT:-}" ] && [[ $INPUT_REPORT != *$'\n'* ]] && [ -f "${INPUT_REPORT#*=}" ]; then
            echo "report=${INPUT_REPORT#*=}"
        fi
    } >>"$GITHUB_OUTPUT"
fi
exit "$status"
