package run

import (
	"bytes"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is ignored is what git ignores: rules and paths that are put together at
// random from the pieces that matter, against git itself.
func TestIgnoreAsGitDoes(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("XDG_CONFIG_HOME", dir)
	require.NoError(t, exec.Command("git", "init", "-q", dir).Run())
	random := rand.New(rand.NewSource(1))
	pick := func(pieces string, most int) string {
		all := strings.Split(pieces, " ")
		var b strings.Builder
		for range 1 + random.Intn(most) {
			b.WriteString(strings.ReplaceAll(all[random.Intn(len(all))], "_", " "))
		}
		return b.String()
	}
	asked, ignored := 0, 0
	for range 300 {
		var rules []string
		for range 1 + random.Intn(4) {
			rules = append(rules, pick(`a b ab .py * ** ? / / /**/ **/ /** [ab] [!a] [^/] [a-c] [[:alpha:]] [[:foo:]] [ ] \ \* ! # _ \_ é [\]] [] ]a] [a-] - \/`, 5))
		}
		text := strings.Join(rules, "\n") + pick("\n \r\n", 1)
		require.NoError(t, os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(text), 0o666))
		x, err := parseIgnore([]byte(text), dir)
		require.NoError(t, err)
		var paths []string
		for range 60 {
			path := strings.Trim(pick("a b ab abc .py / / / * é _ ] -", 7), "/")
			for strings.Contains(path, "//") {
				path = strings.ReplaceAll(path, "//", "/")
			}
			if path != "" && !strings.HasPrefix(path, ".git") {
				paths = append(paths, path)
			}
		}
		cmd := exec.Command("git", "-C", dir, "check-ignore", "-z", "--stdin", "--no-index")
		cmd.Stdin = strings.NewReader(strings.Join(paths, "\x00"))
		out, _ := cmd.Output() // 1 where none is ignored
		want := map[string]bool{}
		for p := range bytes.SplitSeq(out, []byte{0}) {
			want[string(p)] = true
		}
		for _, path := range paths {
			have := false
			for i := range path { // a path that is not there is no directory; those above it are
				if path[i] == '/' {
					have = have || isIgnored([]*ignoreFile{x}, filepath.Join(dir, path[:i]), true)
				}
			}
			have = have || isIgnored([]*ignoreFile{x}, filepath.Join(dir, path), false)
			require.Equal(t, want[path], have, "%q in\n%s", path, text)
			asked++
			if have {
				ignored++
			}
		}
	}
	require.Greater(t, ignored, asked/20, "the rules were about something")
	require.Less(t, ignored, asked*19/20)
}

// Patterns whose asterisks can divide a path in more ways than there are stars
// in the sky are matched in steps that are few.
func TestIgnoreOfHostilePatterns(t *testing.T) {
	for pattern, path := range map[string]string{
		strings.Repeat("*a", 30) + "b":    strings.Repeat("a", 200),
		strings.Repeat("**/a/", 30) + "b": strings.Repeat("a/", 500) + "c",
		strings.Repeat("**/", 40) + "b":   strings.Repeat("a/", 500) + "c",
		strings.Repeat("**/*a*", 30):      strings.Repeat("aaaaaaaa/", 100) + "b",
	} {
		x, err := parseIgnore([]byte(pattern), "/r")
		require.NoError(t, err)
		ignored, _ := x.ask("/r/"+path, false)
		require.False(t, ignored)
	}
}

func TestIgnoreIsBounded(t *testing.T) {
	_, err := parseIgnore([]byte(strings.Repeat("a\n", maxIgnoreRules+1)), "/r")
	require.ErrorContains(t, err, "more than 10000 patterns")
	_, err = parseIgnore([]byte("a\n"+strings.Repeat("a", maxIgnorePattern+1)), "/r")
	require.ErrorContains(t, err, "a pattern of more than 1000 bytes")
	_, err = parseIgnore([]byte("#"+strings.Repeat("a", 2*maxIgnorePattern)), "/r")
	require.NoError(t, err)
	dir := t.TempDir()
	path := filepath.Join(dir, ".gitignore")
	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("a\n", maxIgnoreRules)), 0o666))
	var all []*ignoreFile
	for range 2 {
		all, err = withIgnores(all, ignoreSource{path, "d/.gitignore", dir})
		require.NoError(t, err)
	}
	_, err = withIgnores(all, ignoreSource{path, "d/.gitignore", dir})
	require.ErrorContains(t, err, "d/.gitignore: with those of the directories above, more than 20000 patterns; what it leaves out is not known")
}
