package run

import (
	"bytes"
	"slices"
	"strings"
	"sync/atomic"

	"pyxlate/translator/document"
)

// An Other is a source that an engine leaves alone because it leads elsewhere: how
// files show that they use it.
type Other struct {
	Modules       []string   // whose import is a sign
	Lines         [][]string // first words of command lines
	Distributions []string   // in lists of requirements
}

// others are the sources that an engine leaves alone, with the files that use
// each.
type others struct {
	all   []Other
	words [][]word // a word of each sign, by source
	files []atomic.Int64
}

func newOthers(engine Engine) *others {
	e, ok := engine.(interface{ Others() []Other })
	if !ok {
		return &others{}
	}
	o := &others{all: e.Others()}
	o.files = make([]atomic.Int64, len(o.all))
	for _, other := range o.all {
		var words []word
		add := func(text string) {
			if !slices.ContainsFunc(words, func(w word) bool { return strings.Contains(text, w.text) }) {
				words = addWord(words, text, text)
			}
		}
		for _, m := range other.Modules {
			add(m[strings.LastIndexByte(m, '.')+1:])
		}
		for _, l := range other.Lines {
			add(l[len(l)-1])
		}
		for _, d := range other.Distributions {
			add(d)
		}
		o.words = append(o.words, words)
	}
	return o
}

// see counts a file for the sources of which it shows a sign of use.
func (o *others) see(kind document.Kind, raw []byte) {
	for i := range o.all {
		if slices.ContainsFunc(o.words[i], func(w word) bool { return w.in(raw) }) && o.all[i].usedBy(kind, raw) {
			o.files[i].Add(1)
		}
	}
}

// usedBy looks for a sign of use: an import, a distribution in a list, a command
// line. Addresses, names of images and prose are none.
func (o *Other) usedBy(kind document.Kind, raw []byte) bool {
	if kind.HoldsPython() {
		if names := importedModules(raw); slices.ContainsFunc(o.Modules, func(m string) bool {
			return slices.ContainsFunc(names, func(name string) bool { return name == m || strings.HasPrefix(name, m+".") })
		}) {
			return true
		}
	}
	if kind == document.Dependencies {
		for _, d := range o.Distributions {
			for i := range tokens(raw, d) {
				line := raw[bytes.LastIndexByte(raw[:i], '\n')+1 : i]
				if strings.Trim(string(line), " \t\"'-[,") == "" || bytes.HasSuffix(bytes.TrimRight(line, " "), []byte{'='}) {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(o.Lines, func(words []string) bool {
		for i := range tokens(raw, words[len(words)-1]) {
			before := bytes.TrimRight(raw[:i], " \t")
			if len(before) == i {
				continue
			}
			rest := words[:len(words)-1]
			for n := len(rest) - 1; n >= 0; n-- {
				cut, ok := bytes.CutSuffix(before, []byte(rest[n]))
				if !ok || len(cut) > 0 && isWord(cut[len(cut)-1]) && !escaped(raw, len(cut)) {
					ok = false
				}
				if !ok {
					before = nil
					break
				}
				before = bytes.TrimRight(cut, " \t")
			}
			if before != nil {
				return true
			}
		}
		return false
	})
}

// tokens yields the places at which a text stands as a token: no letter, digit,
// dash, dot or slash next to it.
func tokens(raw []byte, text string) func(func(int) bool) {
	part := func(c byte) bool { return isWord(c) || c == '-' || c == '.' || c == '/' }
	return func(yield func(int) bool) {
		w := newWord(text, text)
		for i := w.next(raw, 0); i >= 0; i = w.next(raw, i+1) {
			end := i + len(text)
			if i > 0 && part(raw[i-1]) && !escaped(raw, i) || end < len(raw) && part(raw[end]) {
				continue
			}
			if !yield(i) {
				return
			}
		}
	}
}
