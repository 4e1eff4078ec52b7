package run

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"pyxlate/translator/files"
)

// gitStatus knows which tracked files have changes that are not committed. It
// asks git once for each repository, at the first question about it.
type gitStatus struct {
	repositories map[string]map[string]bool
}

// uncommitted tells whether the file differs from what git has committed. It
// is false where there is no git to ask.
func (g *gitStatus) uncommitted(ctx context.Context, path string) bool {
	root := files.Repository(filepath.Dir(path))
	if root == "" {
		return false
	}
	changed, asked := g.repositories[root]
	if !asked {
		changed = askGit(ctx, root)
		if g.repositories == nil {
			g.repositories = map[string]map[string]bool{}
		}
		g.repositories[root] = changed
	}
	return changed[path]
}

// elsewhere are variables by which a hook of git tells of the repository that it
// is a hook of. What is asked here is about the one that holds the files.
var elsewhere = []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX",
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_CONFIG", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE"}

// gitCommand is a call of git about a repository that may be anybody's: what
// its configuration would run or fetch is not run or fetched.
func gitCommand(ctx context.Context, environment []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	own := slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(elsewhere, name)
	})
	cmd.Env = append(append(own, "GIT_ALLOW_PROTOCOL=", "GIT_NO_LAZY_FETCH=1", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0"), environment...)
	cmd.WaitDelay = time.Second
	return cmd
}

func askGit(ctx context.Context, root string) map[string]bool {
	dir, err := gitDirectory(root)
	if err != nil || !readable(dir) {
		return nil
	}
	// A repository can be made so that git waits for ever. The answer is for a
	// warning only.
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	off, err := withoutFilters(ctx, root)
	if err != nil {
		return nil
	}
	cmd := gitCommand(ctx, off, "-c", "core.fsmonitor=false", "-C", root,
		"status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames", "--ignore-submodules=all")
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

// withoutFilters gives the environment in which git runs none of the filters
// that the configuration of a repository itself names. Those of the user's own
// (git-lfs) stay.
func withoutFilters(ctx context.Context, root string) (environment []string, err error) {
	out, err := gitCommand(ctx, nil, "-c", "core.fsmonitor=false", "-C", root, "config", "--list", "-z", "--show-scope", "--name-only").Output()
	if err != nil {
		return nil, err
	}
	// scope NUL name NUL
	fields := bytes.Split(out, []byte{0})
	n, _ := strconv.Atoi(os.Getenv("GIT_CONFIG_COUNT")) // the user may have set some so
	for i := 0; i+1 < len(fields); i += 2 {
		scope, name := string(fields[i]), string(fields[i+1])
		last := strings.LastIndexByte(name, '.')
		if !strings.HasPrefix(name, "filter.") || last < len("filter.") || scope != "local" && scope != "worktree" {
			continue
		}
		for key, value := range map[string]string{"clean": "", "process": "", "required": "false"} {
			environment = append(environment, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s.%s", n, name[:last], key), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", n, value))
			n++
		}
	}
	return append(environment, fmt.Sprintf("GIT_CONFIG_COUNT=%d", n)), nil
}

// readable tells whether what git reads first of a repository can be read
// without waiting.
func readable(dir string) bool {
	return !slices.ContainsFunc([]string{"HEAD", "config", "config.worktree", "commondir", "index", "packed-refs", "info/attributes", "info/exclude"}, func(name string) bool {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
		return err == nil && !info.Mode().IsRegular()
	})
}

// gitDirectory gives the directory in which git keeps a repository whose files
// are below root: its own, or the one that a file there names.
func gitDirectory(root string) (string, error) {
	dir := filepath.Join(root, ".git")
	if info, err := os.Stat(dir); err != nil || info.IsDir() {
		return dir, nil // nothing there is nothing to read
	}
	text, err := files.Read(dir, files.Settings) // of a worktree or submodule
	if err != nil {
		return "", fileError(dir, err)
	}
	return below(root, strings.TrimPrefix(string(text), "gitdir:")), nil
}

// excludeFiles are the files beside .gitignore in which git has rules for a
// repository, the one that goes before the other last: the user's, and its own.
func excludeFiles(ctx context.Context, repository string) ([]ignoreSource, error) {
	dir, err := gitDirectory(repository)
	if err != nil {
		return nil, err
	}
	if text, err := files.Read(filepath.Join(dir, "commondir"), files.Settings); err == nil {
		dir = below(dir, string(text))
	} else if !errors.Is(err, os.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		return nil, fileError(filepath.Join(dir, "commondir"), err)
	}
	own := filepath.Join(dir, "info", "exclude")
	all := []ignoreSource{{own, own, repository}}
	if user := userExcludes(ctx, repository, filepath.Join(dir, "config")); user != os.DevNull {
		all = slices.Insert(all, 0, ignoreSource{user, user, repository})
	}
	return all, nil
}

// userExcludes gives core.excludesFile: of the repository's configuration, or
// the user's. Git is not asked within the repository: it would read whatever
// that configuration includes.
func userExcludes(ctx context.Context, repository, config string) string {
	ask := func(where ...string) string {
		args := append(append([]string{"config"}, where...), "--type=path", "--get", "core.excludesFile")
		out, _ := gitCommand(ctx, []string{"GIT_DIR=" + os.DevNull}, args...).Output()
		return strings.TrimSuffix(string(out), "\n")
	}
	if info, err := os.Stat(config); err == nil && info.Mode().IsRegular() && info.Size() <= files.Settings {
		if file := ask("--file", config); file != "" {
			return below(repository, file)
		}
	}
	if file := ask(); file != "" {
		return below(repository, file)
	}
	home, _ := os.UserHomeDir()
	return filepath.Join(cmp.Or(os.Getenv("XDG_CONFIG_HOME"), filepath.Join(home, ".config")), "git", "ignore")
}

// below gives a path that counts from a directory unless it is absolute.
func below(dir, path string) string {
	path = filepath.FromSlash(strings.TrimSpace(path))
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
