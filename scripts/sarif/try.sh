#!/bin/sh
# Validates SARIF reports against the official 2.1.0 schema: of the examples, of
# files that cannot be read, of hostile names, and of nothing.
# Needs Go, gcc and Node.js; installs a validator into a scratch directory.
set -eu
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cp scripts/sarif/package.json scripts/sarif/try.mjs "$scratch/"
(cd "$scratch" && npm install --silent --no-audit --no-fund --no-package-lock)
go build -o "$scratch/pyxlate" ./cmd/pyxlate

odd=$scratch/odd
mkdir "$odd" "$scratch/none"
cp examples/caffe2/before/resnet.py "$odd/a %20\"<b>#?.py"
cp examples/caffe2/before/resnet.py "$odd/$(printf 'line\nbreak.py')"
cp examples/caffe2/before/resnet.py "$odd/$(printf 'lat\351n.py')"
printf 'import azure.mgmt.batchai\nx = (\n' >"$odd/broken.py"
printf '# \351\nimport azure.mgmt.batchai\n' >"$odd/latin.py"
printf '{"cells": "azure.mgmt.batchai"' >"$odd/half.ipynb"

report() { # NAME PATH...
    name=$1
    shift
    "$scratch/pyxlate" --check --report "sarif=$scratch/$name.sarif" "$@" 2>"$scratch/$name.log" || [ $? -le 2 ]
}
report examples examples/*/before
report odd "$odd"
report missing "$scratch/there-is-none.py"
report none "$scratch/none"
node "$scratch/try.mjs" "$scratch"/*.sarif
