package examples

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules/packs"
	"pyxlate/rules/sdk"
	"pyxlate/translator/check/checktest"
	"pyxlate/translator/check/golden"
	"pyxlate/translator/rewrite"
)

// harness loads the pack once for all examples.
func harness(t testing.TB) checktest.Harness {
	t.Helper()
	tables, err := sdk.Load()
	require.NoError(t, err)
	m, err := packs.Select("azureml")
	require.NoError(t, err)
	return checktest.Harness{Migration: m, Tables: tables, Words: packWords(t)}
}

var goString = regexp.MustCompile("\"(?:[^\"\\\\\n]|\\\\.)*\"|`[^`]*`")

// packWords are the strings of the pack's functions: what these write into new
// code beside what they find in the old.
func packWords(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../rules/batchai/*.go")
	require.NoError(t, err)
	var words []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, lit := range goString.FindAllString(string(text), -1) {
			if s, err := strconv.Unquote(lit); err == nil {
				words = append(words, s)
			}
		}
	}
	return words
}

// summary is the small form of a report that is kept beside an example.
type summary struct {
	Summary map[string]int `json:"summary"`
	Files   []fileSummary  `json:"files"`
}

type fileSummary struct {
	Path string       `json:"path"`
	Uses []useSummary `json:"uses"`
}

type useSummary struct {
	Code    string `json:"code"`
	Verdict string `json:"verdict"`
	Symbol  string `json:"symbol"`
	Cell    int    `json:"cell,omitempty"`
	Line    int    `json:"line"`
}

// marshal puts each use on a line of its own, so that a diff can be read.
func (s summary) marshal() []byte {
	var b bytes.Buffer
	one := func(v any) string {
		text, _ := json.Marshal(v)
		return string(text)
	}
	fmt.Fprintf(&b, "{\"summary\": %s,\n \"files\": [", one(s.Summary))
	for i, f := range s.Files {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n  {\"path\": %s, \"uses\": [", one(f.Path))
		for j, u := range f.Uses {
			if j > 0 {
				b.WriteString(",")
			}
			b.WriteString("\n    " + one(u))
		}
		b.WriteString("]}")
	}
	b.WriteString("\n ]}\n")
	return b.Bytes()
}

func TestExamples(t *testing.T) {
	h := harness(t)
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) { example(t, h, e.Name()) })
	}
}

func example(t *testing.T, h checktest.Harness, name string) {
	about, err := os.ReadFile(filepath.Join(name, "about.txt"))
	require.NoError(t, err, "every example says what it shows")
	assert.Equal(t, 1, strings.Count(string(about), "\n"), "about.txt is one line")

	h.Options = rewrite.Options{Settings: settings(t, filepath.Join(name, "options"))}
	before := filepath.Join(name, "before")
	var files []checktest.File
	require.NoError(t, filepath.WalkDir(before, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(before, path)
		files = append(files, checktest.File{Path: filepath.ToSlash(rel), Text: text})
		return err
	}))

	results := checktest.Run(t, h, files...)
	report := summary{Summary: map[string]int{}}
	outputs := map[string][]byte{}
	for i := range results {
		r := results[i].Report(h.Migration)
		f := fileSummary{Path: r.Doc.Path, Uses: []useSummary{}}
		for _, x := range r.Findings {
			report.Summary[string(x.Verdict)]++
			f.Uses = append(f.Uses, useSummary{x.Code, string(x.Verdict), x.Symbol, x.Cell, x.Line})
		}
		report.Files = append(report.Files, f)
		outputs[r.Doc.Path] = results[i].Output
	}
	outputs["report.json"] = report.marshal()
	if t.Failed() {
		return // a broken promise is not to be compared, and never written
	}
	if _, err := os.Stat(filepath.Join(name, "after")); err != nil && !*golden.Update {
		t.Skip("the promises hold, but nobody has read the after side yet: `make update` writes it; read it, commit it")
	}
	for path, output := range outputs {
		golden.File(t, filepath.Join(name, "after", filepath.FromSlash(path)), output)
	}

	// Nothing else lies on the after side.
	_ = filepath.WalkDir(filepath.Join(name, "after"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(filepath.Join(name, "after"), path)
		if _, ok := outputs[filepath.ToSlash(rel)]; ok {
			return nil
		}
		if *golden.Update {
			return os.Remove(path)
		}
		t.Errorf("%s is no result of the example", path)
		return nil
	})
}

// settings reads the lines "name=value" of an options file that may be absent.
func settings(t *testing.T, path string) map[string]string {
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	out := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		require.True(t, ok, "%s: a line is name=value", path)
		out[name] = value
	}
	return out
}
