#!/usr/bin/env bash
# Fetches the released binary of one version, checks its sum, and prints the folder it is in. Nothing is compiled, and
# nothing else is fetched. Used by action.yml and by the pre-commit hook.
#
#   EVENHAND_VERSION   the version, without the v; this script's own if not set
#   EVENHAND_RELEASES  where the releases are, such as https://github.com/OWNER/evenhand/releases/download
#   EVENHAND_SHA256    the archive's sum as its user wrote it down; without it, the one that lies beside the archive
#   EVENHAND_TARGET    the platform; found out if not set
#   EVENHAND_CACHE     where binaries are kept
set -euo pipefail

stop() {
    echo "error: $1" >&2
    echo "  help: $2" >&2
    exit 3
}

version=${EVENHAND_VERSION:-0.1.0}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] ||
    stop "\`$version\` is no version" "write it as 0.1.0"
releases=${EVENHAND_RELEASES:-}
[ -n "$releases" ] || stop "EVENHAND_RELEASES is not set" "set it to where the releases are downloaded from"

if [ -z "${EVENHAND_TARGET:-}" ]; then
    case "$(uname -s)/$(uname -m)" in
        Linux/x86_64) EVENHAND_TARGET=x86_64-unknown-linux-gnu ;;
        Linux/aarch64 | Linux/arm64) EVENHAND_TARGET=aarch64-unknown-linux-gnu ;;
        Darwin/x86_64) EVENHAND_TARGET=x86_64-apple-darwin ;;
        Darwin/arm64) EVENHAND_TARGET=aarch64-apple-darwin ;;
        MINGW*/x86_64 | MSYS*/x86_64 | CYGWIN*/x86_64) EVENHAND_TARGET=x86_64-pc-windows-msvc ;;
        *) stop "there is no binary for $(uname -s) on $(uname -m)" \
            "build it with \`cargo install --path crates/evenhand-cli --features pdf\` and put it on the PATH" ;;
    esac
fi
case $EVENHAND_TARGET in
    *-windows-*) ending=zip program=evenhand.exe ;;
    *) ending=tar.xz program=evenhand ;;
esac
archive=evenhand-cli-$EVENHAND_TARGET.$ending

cache=${EVENHAND_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/evenhand}
# On Windows the runner writes D:\a; in a PATH a colon parts folders.
if command -v cygpath >/dev/null; then cache=$(cygpath -u "$cache"); fi
# A pinned sum is part of the name: a binary that was fetched without it is not taken for one that was checked by it.
kept=$cache/$version-$EVENHAND_TARGET${EVENHAND_SHA256:+-$EVENHAND_SHA256}
if [ -x "$kept/$program" ]; then
    echo "$kept"
    exit 0
fi

mkdir -p "$cache"
work=$(mktemp -d "$cache/fetching.XXXXXX")
trap 'rm -rf "$work"' EXIT

fetch() {
    # What is fetched is checked below; still nothing goes over a line that others can write to.
    curl --proto '=https,file' --proto-redir '=https' --tlsv1.2 --location --fail --silent --show-error \
        --retry 3 --max-time 300 --output "$work/$1" "$releases/v$version/$1" ||
        stop "$releases/v$version/$1 cannot be fetched" "see whether version $version was released for this platform"
}
fetch "$archive"
wanted=${EVENHAND_SHA256:-}
if [ -z "$wanted" ]; then
    fetch "$archive.sha256"
    read -r wanted _ <"$work/$archive.sha256" || true
fi
if command -v sha256sum >/dev/null; then
    sum=$(sha256sum <"$work/$archive")
else
    sum=$(shasum -a 256 <"$work/$archive")
fi
sum=${sum%% *}
[[ $wanted =~ ^[0-9a-f]{64}$ ]] || stop "the sum of $archive is no SHA-256: \`${wanted:0:80}\`" "write 64 digits in lower case"
[ "$sum" = "$wanted" ] || stop "$archive is not what was released: its SHA-256 is $sum instead of $wanted" \
    "do not run it; fetch it again, and tell the maintainers if it stays so"

mkdir "$work/unpacked"
case $ending in
    zip) unzip -q "$work/$archive" -d "$work/unpacked" ;;
    *) tar -xJf "$work/$archive" -C "$work/unpacked" ;;
esac
found=$(find "$work/unpacked" -type f -name "$program")
[ -f "$found" ] || stop "$archive does not hold one $program" "tell the maintainers"
mkdir "$work/ready"
mv "$found" "$work/ready/$program"
chmod +x "$work/ready/$program"
# Renamed when it is whole. Another run may have been quicker: its binary is the same.
mv "$work/ready" "$kept" 2>/dev/null || [ -x "$kept/$program" ] || stop "$kept cannot be written" "set EVENHAND_CACHE"
# Where another was there already, `mv` has moved ours into it.
rm -rf "$kept/ready"
echo "$kept"
