#!/bin/sh
# Builds the committed state twice in a temporary folder and compares the jars of the SDK.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for build in first second; do
    mkdir "$work/$build"
    git -C "$root" archive HEAD | tar -x -C "$work/$build"
    (cd "$work/$build" && mvn -q -B -DskipTests -pl sdk-http-fallback,sdk-p2p -am package)
    (cd "$work/$build" && find sdk-*/target -maxdepth 1 -name '*.jar' | sort | xargs sha256sum) >"$work/$build.sha256"
    # The second build must not depend on the first one's place or files.
    rm -rf "${work:?}/$build"
done
cat "$work/first.sha256"
cmp "$work/first.sha256" "$work/second.sha256" && echo "both builds gave the same jars"
