package run

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"time"
)

// gitStatus knows which tracked files have changes that are not committed. It
// asks git once for each repository, at the first question about it.
type gitStatus struct {
	repositories map[string]map[string]bool
}

// uncommitted tells whether the file differs from what git has committed. It
// is false where there is no git to ask.
func (g *gitStatus) uncommitted(path string) bool {
	root := repositoryOf(filepath.Dir(path))
	if root == "" {
		return false
	}
	changed, asked := g.repositories[root]
	if !asked {
		changed = askGit(root)
		if g.repositories == nil {
			g.repositories = map[string]map[string]bool{}
		}
		g.repositories[root] = changed
	}
	return changed[path]
}

func askGit(root string) map[string]bool {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	// What a repository's configuration would run is not run.
	cmd := exec.CommandContext(ctx, "git", "-c", "core.fsmonitor=false", "--no-optional-locks", "-C", root,
		"status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames")
	out, err := cmd.Output()
	if err != nil {
		return nil
	}
	changed := map[string]bool{}
	for entry := range bytes.SplitSeq(out, []byte{0}) {
		if len(entry) > 3 { // two letters of status, a space, the path
			changed[filepath.Join(root, string(entry[3:]))] = true
		}
	}
	return changed
}
