// Package sdk knows the surfaces of the SDKs that programs are moved from and to: modules, classes, parameters,
// defaults, types and enum values, version by version.
//
// It owes exact facts. They are data (tables/*.json, one per package and version), extracted by scripts/sdk/extract.py
// from the real packages and from stubs/ for the one that was never published; nothing about an SDK is written in Go.
// A test in CI extracts again and compares.
//
// It must not know rules, Python syntax trees or the programs that are translated.
//
// All names are dotted Python names. A symbol has one canonical name, the shortest public path that leads to it, and
// any number of aliases (other modules that export it); [Set.Symbol] takes either.
package sdk
