package run

import (
	"bytes"
	"slices"
	"strings"

	"pyxlate/translator/document"
)

// triggers tell what no file with a use lacks.
type triggers struct {
	words   []word
	modules []word // by the last part of their names
}

func newTriggers(engine Engine) *triggers {
	t := &triggers{}
	for _, w := range engine.Triggers() {
		if len(w) == 0 {
			continue
		}
		t.words = addWord(t.words, string(w), string(w))
	}
	for _, m := range engine.Modules() {
		t.modules = addWord(t.modules, m[strings.LastIndexByte(m, '.')+1:], m)
	}
	return t
}

// sharedWord is the number of bytes that words must share to be searched for
// as one: what is shorter is too common.
const sharedWord = 6

// addWord adds a text, which stands for name, to the words to search for.
func addWord(words []word, text, name string) []word {
	for i, w := range words {
		if shared := longestShared(w.text, text); len(shared) >= min(sharedWord, len(text), len(w.text)) {
			words[i] = newWord(shared, append(w.of, name)...)
			return words
		}
	}
	return append(words, newWord(text, name))
}

// longestShared is the longest part that two short texts share.
func longestShared(a, b string) string {
	best := ""
	for i := range a {
		for j := i + len(best) + 1; j <= len(a) && strings.Contains(b, a[i:j]); j++ {
			best = a[i:j]
		}
	}
	return best
}

// in tells whether a file needs to be translated. One in UTF-16 counts, so that
// it does not pass for one without a use: opening it tells.
func (t *triggers) in(raw []byte) bool {
	if document.IsUTF16(raw) {
		raw = bytes.ReplaceAll(raw, []byte{0}, nil)
	}
	for i := range t.words {
		w := &t.words[i]
		if !w.in(raw) {
			continue
		}
		if slices.ContainsFunc(w.of, func(name string) bool { return bytes.Contains(raw, []byte(name)) }) {
			return true
		}
	}
	for i := range t.modules {
		w := &t.modules[i]
		if w.in(raw) && slices.ContainsFunc(w.of, func(name string) bool { return mayImport(raw, name) && imports(raw, name) }) {
			return true
		}
	}
	return false
}

// mayImport tells whether the last part of a module's name follows a keyword
// of imports at no great distance: what few files go beyond.
func mayImport(raw []byte, module string) bool {
	dot := strings.LastIndexByte(module, '.')
	last := newWord(module[dot+1:], module)
	for i := last.next(raw, 0); i >= 0; i = last.next(raw, i+1) {
		end := i + len(last.text)
		if i > 0 && (isWord(raw[i-1]) || dot < 0 && raw[i-1] == '.') || end < len(raw) && isWord(raw[end]) {
			if !escaped(raw, i) {
				continue
			}
		}
		before := raw[max(0, i-statementBytes):i]
		if bytes.Contains(before, []byte("import")) || bytes.Contains(before, []byte("from")) || bytes.Contains(before, []byte("%run")) {
			return true
		}
	}
	return false
}

// escaped tells whether the letter before offset i belongs to an escape, such
// as the \n of a notebook's text.
func escaped(raw []byte, i int) bool { return i > 1 && raw[i-2] == '\\' }

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c >= 0x80
}

// imports tells whether a file imports a module or one below it, by its full
// name or by the path of its file. A relative import counts where the name has
// several parts: of one part it is just a neighbour, whose own text decides.
func imports(raw []byte, module string) bool {
	return slices.ContainsFunc(importedModules(raw), func(name string) bool {
		if strings.ContainsAny(name, `/\`) {
			name = strings.TrimSuffix(strings.ReplaceAll(name, `\`, "/"), ".py")
			return strings.Contains("."+strings.ReplaceAll(name, "/", ".")+".", "."+module+".")
		}
		absolute := strings.TrimLeft(name, ".")
		return strings.HasPrefix(absolute+".", module+".") && (absolute == name || strings.Contains(module, "."))
	})
}
