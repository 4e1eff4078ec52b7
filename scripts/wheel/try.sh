#!/bin/sh
# Installs the wheel of dist/ into a fresh virtual environment and uses it there
# as a user would.
set -eu
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
version=$(cat packaging/VERSION)
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" --quiet --disable-pip-version-check install --no-index dist/pyxlate-"$version"-*.whl
cp -r examples/guide-notebook/before "$scratch/project"
cd "$scratch"

test "$(venv/bin/pyxlate --version)" = "pyxlate $version"
test "$(venv/bin/python -m pyxlate --version)" = "pyxlate $version"
status=0
venv/bin/pyxlate --check project || status=$?
test $status = 1 # there is something to migrate
status=0
venv/bin/pyxlate -o migrated project || status=$?
test $status -le 1
! cmp -s migrated/*.ipynb project/*.ipynb
venv/bin/pip --quiet --disable-pip-version-check uninstall --yes pyxlate
test ! -e venv/bin/pyxlate
echo "the wheel installs, runs and uninstalls"
