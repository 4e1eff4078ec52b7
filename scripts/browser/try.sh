#!/bin/sh
# Opens HTML reports in a real, headless Chromium: the filters, the counts, the
# page on a phone, in the dark and on paper, hostile names, and 500 files. The
# pictures are left in bin/browser/ for a person to look at.
# Needs Go, gcc and Node.js; installs Debian's Chromium if there is none (as
# root), and playwright-core into a scratch directory. CHROMIUM names another.
set -eu
cd "$(dirname "$0")/../.."
here=$(pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v google-chrome || true)}
if [ -z "$CHROMIUM" ]; then
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null
    CHROMIUM=$(command -v chromium)
fi
export CHROMIUM

cp scripts/browser/package.json scripts/browser/try.mjs "$scratch/"
(cd "$scratch" && npm install --silent --no-audit --no-fund --no-package-lock)

go build -o "$scratch/pyxlate" ./cmd/pyxlate
export XDG_STATE_HOME="$scratch/state"
report() { # STATUS NAME PATH...: the reports NAME.html and NAME.json
    want=$1 name=$scratch/$2
    shift 2
    status=0
    "$scratch/pyxlate" --color never --report "html=$name.html" --report "json=$name.json" "$@" >/dev/null 2>"$name.log" || status=$?
    if [ "$status" != "$want" ]; then
        cat "$name.log" >&2
        echo "pyxlate $*: exit status $status, not $want" >&2
        exit 1
    fi
}
sample=$here/examples/caffe2/before/resnet.py

report 2 examples examples/*/before # some parts do not parse

# Names and texts that would act on a page that did not escape them; a long
# line; a file that cannot be read.
mkdir "$scratch/hostile" "$scratch/hostile/<img src=x onerror=bad()>"
cp "$sample" "$scratch/hostile/<img src=x onerror=bad()>/a.py"
cp "$sample" "$scratch/hostile/\"'&quot; onload=bad() &amp;file=x#y=1,2+3%41.py"
{
    printf 'long = "</script><script>bad()</script>%02000d"\n' 0
    cat "$sample"
} >"$scratch/hostile/long.py"
printf 'import azure.mgmt.batchai\nx = "\377"\n' >"$scratch/hostile/broken.py"
(cd "$scratch/hostile" && report 2 hostile .)

mkdir "$scratch/plain"
echo 'print("nothing")' >"$scratch/plain/plain.py"
report 0 empty "$scratch/plain"

mkdir "$scratch/500"
i=0
while [ "$i" -lt 500 ]; do
    cp "$sample" "$scratch/500/file-$i.py"
    i=$((i + 1))
done
report 1 many "$scratch/500"

mkdir -p bin/browser
cd "$scratch"
node try.mjs "$scratch" "$here/bin/browser"
