package main

import (
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// pathsApart sees to it that no path passes for anything else: hooks and
// patterns of a shell hand over names that others have chosen. What follows --
// is a path, also where it is called like a command. Without it, what is both
// an option and the name of a file is neither.
func pathsApart(args []string, commands []*kong.Node) ([]string, error) {
	switch slices.Index(args, "--") {
	case -1:
		for _, a := range args {
			if !strings.HasPrefix(a, "-") || a == "-" {
				continue
			}
			if _, err := os.Lstat(a); err == nil {
				return nil, usagef("%s is an option, and the name of a file here: put -- between the options and the paths", a)
			}
		}
		return args, nil
	case 0:
	default:
		if slices.ContainsFunc(commands, func(c *kong.Node) bool { return c.Name == args[0] }) {
			return args, nil
		}
	}
	return append([]string{"translate"}, args...), nil
}
