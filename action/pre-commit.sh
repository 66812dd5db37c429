#!/usr/bin/env bash
# The pre-commit hook: the released binary of the version that the hook is pinned to, fetched once, then
# `evenhand check` with the hook's arguments.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ -z "${EVENHAND_RELEASES:-}" ]; then
    # Git tells hooks which repository they are for; here it is the one that the hook came from.
    home=$(env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE git -C "$here" remote get-url origin)
    EVENHAND_RELEASES=${home%.git}/releases/download
    export EVENHAND_RELEASES
fi
folder=$("$here/install.sh")
exec "$folder/evenhand" check "$@"
