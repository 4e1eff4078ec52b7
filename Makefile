# The commands of the project. `make test` needs Go and gcc alone; targets that
# need Python install what they use into environments of their own.

GO ?= go
BIN := bin/pyxlate
VERSION := $(shell cat packaging/VERSION)
LDFLAGS := -X main.version=$(VERSION)
FUZZTIME ?= 60s

.PHONY: all build install test race vet lint examples update sdk sdk-check prove prove-mutate fuzz bench wheel wheel-try hooks-try browser-try sarif-try clean

all: build

build:
	$(GO) build -ldflags "$(LDFLAGS)" -o $(BIN) ./cmd/pyxlate

install:
	$(GO) install -ldflags "$(LDFLAGS)" ./cmd/pyxlate

test:
	$(GO) test ./...

race:
	$(GO) test -race ./...

vet:
	$(GO) vet ./...

lint: vet
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

# Every example, before and after, through the harness of promises.
examples:
	$(GO) test ./... -run Examples -count=1

# Writes anew what tests expect, and what is made of the rules: after sides of
# examples and programs, compiled.txt of the packs, docs/rules.md. A person reads
# the diff.
update:
	$(GO) test ./... -update

# The tables of rules/sdk from the real packages.
sdk:
	python3 scripts/sdk/extract.py

sdk-check:
	python3 scripts/sdk/extract.py --check

# Programs before and after translation against the real SDKs; first the tests
# of what compares them.
prove: build
	python3 -m unittest discover -q -s scripts/prove
	python3 -m unittest discover -q -s scripts/sdk
	python3 scripts/prove/prove.py --examples

# Small mistakes in translated programs: does the proof find them?
prove-mutate: build
	python3 scripts/prove/mutate.py --most 12 -v

# A minute for each fuzz target, or FUZZTIME.
fuzz:
	FUZZTIME=$(FUZZTIME) sh scripts/fuzz.sh

# Against peers, which it installs; docs/performance.md has results. The parts
# alone: go test ./... -run '^$$' -bench .
bench:
	python3 scripts/bench/bench.py

# A wheel for this platform, so that `pip install dist/pyxlate-*.whl` gives the
# command. On Linux the program is linked statically and runs on any of them.
STATIC := $(if $(filter Linux,$(shell uname -s)),-linkmode external -extldflags -static)
wheel:
	$(GO) build -trimpath -tags netgo,osusergo -ldflags "-s -w $(STATIC) $(LDFLAGS)" -o bin/wheel/pyxlate ./cmd/pyxlate
	python3 scripts/wheel/build.py bin/wheel/pyxlate dist

# The wheel in a fresh virtual environment; the hooks with the real pre-commit,
# from the last commit.
wheel-try: wheel
	sh scripts/wheel/try.sh

hooks-try:
	sh scripts/hooks/try.sh

# The HTML report in a real browser; pictures of it in bin/browser.
browser-try:
	sh scripts/browser/try.sh

# SARIF reports against the official schema.
sarif-try:
	sh scripts/sarif/try.sh

clean:
	rm -rf bin dist
