// Package golden holds the flag with which tests rewrite what they expect
// instead of comparing with it. A test package without such files imports it
// for the flag alone, so that `go test ./... -update` is understood everywhere.
package golden

import "flag"

// Update is set by -update. What a test then writes must be read by a person
// before it is committed.
var Update = flag.Bool("update", false, "rewrite the expected results; read the diff before you commit it")
