#!/bin/sh
# Runs the hooks of .pre-commit-hooks.yaml with the real pre-commit, on a scratch
# repository that takes them from the last commit of this one.
set -eu
cd "$(dirname "$0")/../.."
here=$(pwd)
revision=$(git rev-parse HEAD)
scratch=$(mktemp -d)
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" --quiet --disable-pip-version-check install pre-commit==4.3.0
# Modules that are downloaded already are not downloaded again.
GOMODCACHE=$(go env GOMODCACHE)
export GOMODCACHE PRE_COMMIT_HOME="$scratch/cache" XDG_STATE_HOME="$scratch/state"
pre_commit() { "$scratch/venv/bin/pre-commit" "$@"; }

mkdir "$scratch/repository"
cd "$scratch/repository"
git init --quiet
git config user.name "A user"
git config user.email user@example.com
config() {
    cat >.pre-commit-config.yaml <<END
repos:
  - repo: $here
    rev: $revision
    hooks:
      - id: $1
END
}
cat >cluster.py <<'END'
from azure.mgmt.batchai import BatchAIManagementClient

client = BatchAIManagementClient(credentials, 'subscription')
print(client.clusters.get('group', 'space', 'd2').name)
END
cp cluster.py before.py
echo 'print("nothing to do")' >plain.py
git add cluster.py plain.py

expect() { # STATUS COMMAND...
    want=$1
    shift
    status=0
    "$@" || status=$?
    if [ "$status" != "$want" ]; then
        echo "$*: exit status $status, not $want" >&2
        exit 1
    fi
}

config pyxlate-check
git add .pre-commit-config.yaml
expect 1 pre_commit run --all-files
cmp cluster.py before.py
expect 0 pre_commit run --files plain.py

# A file that is called like an option is a file.
cp cluster.py ./--report=json=planted.py
git add ./--report=json=planted.py
expect 1 pre_commit run --all-files
[ ! -e planted.py ]
git rm --quiet --cached ./--report=json=planted.py
rm ./--report=json=planted.py

config pyxlate
git add .pre-commit-config.yaml
expect 1 pre_commit run --all-files # it modified a file
grep -q 'from azureml.core' cluster.py
git add cluster.py
expect 0 pre_commit run --all-files
git commit --quiet --message "migrated"

config pyxlate-check
git add .pre-commit-config.yaml
expect 0 pre_commit run --all-files

# As a git hook.
pre_commit install >/dev/null
cp before.py cluster.py
git add cluster.py .pre-commit-config.yaml
expect 1 git commit --quiet --message "the old SDK again"
echo "the hooks run with pre-commit"
