package run

import (
	"bytes"
	"cmp"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// excludeFiles are the files beside .gitignore in which git has rules for a
// repository, the one that goes before the other first: its own, and the user's.
func excludeFiles(repository string) []string {
	dir := filepath.Join(repository, ".git")
	if text, err := os.ReadFile(dir); err == nil { // of a worktree or submodule
		dir = below(repository, strings.TrimPrefix(string(text), "gitdir:"))
		if common, err := os.ReadFile(filepath.Join(dir, "commondir")); err == nil {
			dir = below(dir, string(common))
		}
	}
	files := []string{filepath.Join(dir, "info", "exclude")}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "git", "-C", repository, "config", "--type=path", "--get", "core.excludesFile").Output()
	if user := strings.TrimSuffix(string(out), "\n"); err == nil && user != "" {
		return append(files, below(repository, user))
	}
	home, _ := os.UserHomeDir()
	return append(files, filepath.Join(cmp.Or(os.Getenv("XDG_CONFIG_HOME"), filepath.Join(home, ".config")), "git", "ignore"))
}

// below gives a path that counts from a directory unless it is absolute.
func below(dir, path string) string {
	path = filepath.FromSlash(strings.TrimSpace(path))
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
