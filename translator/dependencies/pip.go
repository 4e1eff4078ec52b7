package dependencies

import (
	"bytes"
	"regexp"
	"strings"

	"pyxlate/grammar"
	"pyxlate/translator/document"
)

var (
	pipInstall = regexp.MustCompile(`(?:^|[\s!%;&|])(?:pip[0-9.]*|python[0-9.]*\s+-m\s+pip)\s+(?:-\S+\s+)*install\s`)
	shellWord  = regexp.MustCompile(`"[^"\n]*"|'[^'\n]*'|[^\s"';&|]+`)
)

// pipPlaces reads the words behind `pip install` in the shell lines, magics and
// shell cells of a notebook or page.
func pipPlaces(d *document.Document) []place {
	var all []place
	for i, u := range d.Units {
		if !bytes.Contains(u.Source, []byte("pip")) {
			continue
		}
		mask := grammar.Mask
		if u.Shell {
			mask = grammar.MaskShell
		}
		_, masked := mask(u.Source)
		for _, m := range masked {
			for at := m.Start; at < m.End; {
				next := m.End
				if n := bytes.IndexByte(u.Source[at:m.End], '\n'); n >= 0 {
					next = at + n + 1
				}
				line := u.Source[at:next]
				if found := pipInstall.FindIndex(line); found != nil {
					all = append(all, words(u.Source, i, at, at+found[1], next)...)
				}
				at = next
			}
		}
	}
	return all
}

// words lists the words of one command up to the next.
func words(text []byte, unit, line, start, end int) []place {
	if n := bytes.IndexAny(text[start:end], "#;&|\n"); n >= 0 {
		end = start + n
	}
	line = bytes.LastIndexByte(text[:line], '\n') + 1
	var all []place
	for _, w := range shellWord.FindAllIndex(text[start:end], -1) {
		p := place{unit: unit, start: start + w[0], end: start + w[1], line: line, separator: " ", shell: true,
			write: func(r string) string { return r }}
		p.text = strings.Trim(string(text[p.start:p.end]), `"'`)
		if !strings.HasPrefix(p.text, "-") {
			all = append(all, p)
		}
	}
	return all
}
