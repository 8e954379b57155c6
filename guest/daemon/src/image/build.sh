#!/bin/sh
# Builds the guest image: a jlinked Java run time, the daemon's jars, its options and its AOT cache.
#
#   build.sh JAVA_HOME JARS OUT
#
# The image is mounted read-only into every sandbox, so all of them share its pages. Where it is mounted does not matter.
set -eu
java_home=$1
jars=$2
out=$3
here=$(dirname "$0")

version() { grep JAVA_RUNTIME_VERSION "$1/release" 2>/dev/null || true; }

mkdir -p "$out"
if [ "$(version "$java_home")" != "$(version "$out/jre")" ]; then
    rm -rf "$out/jre" "$out/jre.partial"
    "$java_home/bin/jlink" --add-modules java.base --output "$out/jre.partial" \
        --strip-debug --no-header-files --no-man-pages --compress=zip-0
    mv "$out/jre.partial" "$out/jre"
fi
rm -rf "$out/lib" "$out/guest.aot"
mkdir "$out/lib"
cp "$jars"/*.jar "$out/lib/"
cp "$here/options" "$out/options"
# One run that serves itself one of each request; what it loaded is what the cache holds.
if ! "$out/jre/bin/java" @"$out/options" -XX:AOTCacheOutput="$out/guest.aot" -jar "$out/lib/daemon.jar" --train \
    > "$out/training.log" 2>&1 || [ ! -s "$out/guest.aot" ]; then
    cat "$out/training.log" >&2
    echo "the guest daemon's training run failed" >&2
    exit 1
fi
chmod -R go+rX "$out"
