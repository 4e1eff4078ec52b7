#!/bin/sh
# Runs every fuzz target of the module for $FUZZTIME each (default 60s), $FUZZJOBS
# of them side by side (default: a processor each).
set -eu
export FUZZTIME="${FUZZTIME:-60s}"
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
export log

grep -r --include='*_test.go' '^func Fuzz' . |
	sed -n 's/^\(.*\)\/[^/]*:func \(Fuzz[A-Za-z0-9_]*\)(.*/\1 \2/p' | sort |
	xargs -P "${FUZZJOBS:-$(getconf _NPROCESSORS_ONLN)}" -n 2 sh -c '
		out="$log/$(echo "$0.$1" | tr / _)"
		status=0
		# When the time ends between two of its looks at the clock, go test fails
		# with "context deadline exceeded" and names no input (internal/fuzz: ctx is
		# done, fuzzCtx is not yet). That says nothing about the target: once more.
		for try in 1 2 3; do
			if go test "$0" -run "^\$" -fuzz "^$1\$" -fuzztime "$FUZZTIME" -fuzzminimizetime 5s -parallel 1 >"$out" 2>&1 </dev/null; then
				status=0
				break
			fi
			status=1
			grep -q "^ *context deadline exceeded" "$out" && ! grep -q "Failing input" "$out" || break
		done
		echo "== $0 $1 ($FUZZTIME)"
		if [ $status = 0 ]; then tail -n 3 "$out"; else cat "$out"; fi
		exit $status
	'
