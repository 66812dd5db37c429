#!/usr/bin/env bash
# The story of a repository with a gate: a model changes over five commits, and the third treats women worse. It is what
# CI would see at each of them, printed to be read.
#
#   tests/story/run.sh target/debug/evenhand [FOLDER]
#
# In FOLDER (a temporary one if not given) the repository is made, and beside it lies what each run left. Ends with 0 when
# the gate stopped the third commit and no other.
set -euo pipefail

evenhand=$(realpath "$1")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ $# -gt 1 ]; then
    room=$(realpath "$2")
else
    room=$(mktemp -d)
    trap 'rm -rf "$room"' EXIT
fi
repository=$room/repository
mkdir "$room/bin" "$repository"
ln -s "$evenhand" "$room/bin/evenhand"
export PATH=$room/bin:$PATH
cd "$repository"

# Whoever runs this has settings of their own, and may be inside another repository's hook.
for variable in $(git rev-parse --local-env-vars); do unset "$variable"; done
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME="A. Developer" GIT_AUTHOR_EMAIL=developer@example.com GIT_AUTHOR_DATE="2026-01-31T12:00:00Z"
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
unset SOURCE_DATE_EPOCH GITHUB_ACTIONS GITHUB_OUTPUT GITHUB_STEP_SUMMARY
export NO_COLOR=1 COLUMNS=100

stop() {
    echo "the story went otherwise: $1"
    exit 1
}

# Shows a command and runs it; what it ends with is for the caller.
show() {
    echo "\$ $*"
    "$@"
}

# What a CI server does at a commit, and what it has to come to.
build() {
    local commit=$1 expected=$2 status=0
    : >"$room/summary-$commit.md"
    : >"$room/outputs-$commit"
    # A server checks out what was committed, and nothing else.
    rm -rf "$room/checkout"
    git clone --quiet "$repository" "$room/checkout"
    (
        cd "$room/checkout"
        export GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$room/summary-$commit.md GITHUB_OUTPUT=$room/outputs-$commit
        show ./ci.sh
    ) >"$room/log-$commit" 2>&1 || status=$?
    # Set off: a server takes lines that begin with :: for its own.
    sed 's/^/   | /' "$room/log-$commit"
    cp "$room/checkout/decisions.csv" "$room/decisions-$commit.csv"
    cp "$room/checkout/junit.xml" "$room/junit-$commit.xml"
    case $status in
        0) echo "   commit $commit: status 0, it may be merged" ;;
        1) echo "   commit $commit: status 1, the build stops here" ;;
        *) echo "   commit $commit: status $status" ;;
    esac
    [ "$status" -eq "$expected" ] || stop "commit $commit ended with $status instead of $expected"
}

chapter() {
    echo
    echo "== commit $1: $2"
}

commit() {
    git add --all
    git commit --quiet --file "$here/commits/$1/message"
}

# Takes over the files of a commit.
change() {
    chapter "${1%%-*}" "$(cat "$here/commits/$1/message")"
    cp "$here/commits/$1/model.awk" model.awk
}

git init --quiet --initial-branch main .
cp "$here/evenhand.toml" "$here/ci.sh" .
awk -f "$here/applicants.awk" >applicants.csv
printf '%s\n' decisions.csv junit.xml >.gitignore

change 1-first-model
awk -f model.awk applicants.csv >decisions.csv
echo "The first model is what later ones are compared with:"
show evenhand baseline create || stop "no baseline was made"
commit 1-first-model
build 1 0

change 2-count-years
git diff --unified=0 -- model.awk | grep '^[+-] ' || true
commit 2-count-years
build 2 0

change 3-unbroken-careers
git diff --unified=0 -- model.awk | grep '^[+-] ' || true
commit 3-unbroken-careers
build 3 1
echo "What the summary of the build says:"
sed 's/^/   | /' "$room/summary-3.md"
echo "Nor can the baseline be made to forget:"
awk -f model.awk applicants.csv >decisions.csv
cp baseline.json "$room/baseline-before.json"
status=0
show evenhand baseline update || status=$?
[ "$status" -ne 0 ] || stop "the baseline was loosened"
cmp baseline.json "$room/baseline-before.json" || stop "the baseline was changed all the same"
echo "   status $status, and the baseline is what it was"

chapter 4 "Take it back"
show git revert --no-edit HEAD >/dev/null
build 4 0

change 5-years-that-count
git diff --unified=0 -- model.awk | grep '^[+-] ' || true
awk -f model.awk applicants.csv >decisions.csv
echo "It treats people more alike, so later models have to be as good:"
show evenhand baseline update || stop "the better baseline was refused"
! cmp --silent baseline.json "$room/baseline-before.json" || stop "the baseline is still the old one"
commit 5-years-that-count
build 5 0

echo
echo "The gate stopped the third of five commits, and no other."
