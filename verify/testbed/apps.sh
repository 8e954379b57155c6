#!/usr/bin/env bash
# Packs the node apps of the tests, with their modules, as target/apps/NAME.tar. Installs only when a lock file has changed:
# after that no network is needed.
#
#   verify/testbed/apps.sh NAME...      next, vite, webpack
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../../bin/common.sh"
sources=$root/verify/testbed/src/test/resources/apps
packed=$root/verify/testbed/target/apps
node_wanted=20.19 # by Vite 8 and Next.js 16

pack() { # NAME
    local app=$packed/$1 archive=$packed/$1.tar
    [ -e "$sources/$1/package-lock.json" ] || die "apps: $1 (expected: a folder of $sources with a package-lock.json)"
    mkdir -p "$app"
    cp -Rp "$sources/$1/." "$app"
    if ! cmp -s "$app/package-lock.json" "$app.installed"; then
        with_progress "installing the node modules of $1" \
            npm --prefix "$app" ci --no-audit --no-fund --ignore-scripts --prefer-offline
        cp "$app/package-lock.json" "$app.installed"
    fi
    if [ ! -e "$archive" ] || [ -n "$(find "$app" -newer "$archive" -print -quit)" ]; then
        tar -C "$app" -cf "$archive.new" .
        mv "$archive.new" "$archive"
    fi
}

[ $# -gt 0 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 2; }
for command in npm node; do
    command -v "$command" > /dev/null || die "$command is missing: sudo bin/setup --test"
done
node_found=$(node -p process.versions.node)
printf '%s\n' "$node_wanted" "$node_found" | sort -VC || die "node $node_found is too old (expected: $node_wanted or newer)"
mkdir -p "$packed"
exec 9> "$packed/lock"
flock 9
for name in "$@"; do
    pack "$name"
done
