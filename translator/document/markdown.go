package document

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"pyxlate/translator/edit"
)

// openMarkdown finds the fenced blocks of Python and of shell commands, as CommonMark has them:
// inside lists and block quotes too, unclosed ones up to the end. A block that
// shows an interactive session (>>>) is no program and no unit.
func (d *Document) openMarkdown() error {
	if err := requireUTF8(d.Path, d.raw); err != nil {
		return err
	}
	lines := rawLines(d.raw)
	if bytes.HasPrefix(d.raw, byteOrderMark) {
		lines[0].start += len(byteOrderMark)
	}
	fences := 0
	for i := 0; i < len(lines); i++ {
		f, ok := openFence(d.raw[lines[i].start:lines[i].end])
		if !ok {
			continue
		}
		fences++
		body, closed := f.body(d.raw, lines[i+1:])
		if python, shell := fenceLanguage(f.info); python || shell {
			skip := f.options(d.raw, lines[i+1:i+1+body])
			l := &fenceLayout{prefix: f.prefix, firstLine: i + 2 + skip}
			var source []byte
			for _, line := range lines[i+1+skip : i+1+body] {
				text := line.start + f.stripped(d.raw[line.start:line.end])
				l.lines = append(l.lines, fenceLine{start: line.start, text: text, source: len(source)})
				source = append(source, d.raw[text:line.end]...)
			}
			l.start, l.end = lines[i+skip].end, lines[i+skip].end
			if body > 0 {
				l.end = lines[i+body].end
			}
			if shell || !prompt.Match(source) {
				d.addUnit(fences, source, l)
				d.Units[len(d.Units)-1].Shell = shell
			} else {
				d.unread(fences, i+1, true, lines[i+1:i+1+body])
			}
		} else if session := sessionRE.MatchString(f.info); session || strings.TrimSpace(f.info) == "" {
			d.unread(fences, i+1, session, lines[i+1:i+1+body])
		}
		i += body
		if closed {
			i++
		}
	}
	return nil
}

// unread notes a block whose fence is on a line of the page, from 1.
func (d *Document) unread(fence, line int, session bool, body []span) {
	if len(body) > 0 {
		d.Unread = append(d.Unread, Unread{At: Position{Cell: fence, Line: line, Column: 1}, Session: session, Text: d.raw[body[0].start:body[len(body)-1].end]})
	}
}

// rawLines splits text after each \n, \r\n or \r.
func rawLines(text []byte) []span {
	starts := lineStarts(text)
	var lines []span
	for i, start := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		if start < end {
			lines = append(lines, span{start, end})
		}
	}
	return lines
}

var (
	// A fence opens after any mix of indentation, quote marks and list marks.
	fenceLineRE = regexp.MustCompile("^((?:[ \t]|>|[-*+][ \t]|[0-9]{1,9}[.)][ \t])*)(`{3,}|~{3,})([^\r\n]*)")
	prompt      = regexp.MustCompile(`(?m)^[ \t]*>>>( |$)`)
	// The language is the first word of the info string, or the first class of
	// a list of attributes.
	languageRE = regexp.MustCompile(`^\s*(?:\{\s*\.?)?([A-Za-z0-9_+-]+)`)
	// A directive of MyST names the language behind it, and may have options on
	// the first lines of the block.
	directiveRE = regexp.MustCompile(`^\s*\{(?:code-cell|code-block|code|sourcecode)\}`)
	sessionRE   = regexp.MustCompile(`^\s*(?:pycon|python-console|python-repl|doctest)\b`)
	optionRE    = regexp.MustCompile(`^[ \t]*:[A-Za-z][\w-]*:`)
)

// fence is the opening line of a fenced block.
type fence struct {
	prefix string // what stands before each line of the body
	marker byte   // '`' or '~'
	length int
	info   string
}

func openFence(line []byte) (fence, bool) {
	m := fenceLineRE.FindSubmatch(line)
	if m == nil || m[2][0] == '`' && bytes.IndexByte(m[3], '`') >= 0 {
		return fence{}, false
	}
	// Below a list mark, the lines of the item are indented by its width.
	prefix := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '>' {
			return r
		}
		return ' '
	}, string(m[1]))
	return fence{prefix: prefix, marker: m[2][0], length: len(m[2]), info: string(m[3])}, true
}

// fenceLanguage tells from the info string whether a fence is a program, or
// commands of a shell.
func fenceLanguage(info string) (python, shell bool) {
	m := languageRE.FindStringSubmatch(directiveRE.ReplaceAllString(info, ""))
	if m == nil {
		return false, false
	}
	language := strings.TrimSuffix(strings.ToLower(m[1]), "-interactive")
	switch language {
	case "python", "py", "python3", "python2", "ipython", "ipython3", "ipython2":
		return true, false
	case "bash", "sh", "shell", "zsh", "console", "shell-session", "powershell", "cmd", "bat":
		return false, true
	}
	return false, strings.HasSuffix(language, "cli") // that of some service
}

// body counts the lines of the block among those that follow its opening, and
// tells whether a closing fence ends it. One without a closing fence ends
// where its list item or quote ends.
func (f fence) body(raw []byte, lines []span) (n int, closed bool) {
	quotes := strings.Count(f.prefix, ">")
	open := -1 // where it ends if it is not closed
	for i, line := range lines {
		text := raw[line.start:line.end]
		n := f.stripped(text)
		if bytes.Count(text[:n], []byte{'>'}) < quotes {
			return i, false
		}
		if f.closes(text[n:]) {
			return i, true
		}
		if open < 0 && n < len(f.prefix) && len(bytes.TrimSpace(text[n:])) > 0 {
			open = i
		}
	}
	if open < 0 {
		open = len(lines)
	}
	return open, false
}

// options counts the lines at the start of the block of a directive that are
// options of it: `:key: value`, or YAML between lines of dashes.
func (f fence) options(raw []byte, lines []span) int {
	if !directiveRE.MatchString(f.info) {
		return 0
	}
	text := func(i int) []byte {
		line := raw[lines[i].start:lines[i].end]
		return line[f.stripped(line):]
	}
	n := 0
	for n < len(lines) && optionRE.Match(text(n)) {
		n++
	}
	if n == 0 && len(lines) > 0 && string(bytes.TrimSpace(text(0))) == "---" {
		for i := 1; i < len(lines); i++ {
			if string(bytes.TrimSpace(text(i))) == "---" {
				return i + 1
			}
		}
	}
	return n
}

// closes tells whether a line, freed of the block's prefix, is its closing
// fence.
func (f fence) closes(line []byte) bool {
	text := bytes.TrimRight(line, " \t\r\n")
	trimmed := bytes.TrimLeft(text, " ")
	if len(text)-len(trimmed) > 3 || len(trimmed) < f.length {
		return false
	}
	return len(bytes.Trim(trimmed, string(f.marker))) == 0
}

// stripped counts the bytes at the start of a line that belong to the block's
// prefix: as many of it as there are.
func (f fence) stripped(line []byte) int {
	i := 0
	for _, want := range []byte(f.prefix) {
		if i == len(line) {
			return i
		}
		switch {
		case line[i] == want:
			i++
		case want == '\t' && line[i] == ' ', want == ' ' && line[i] == '\t':
			i++
		case want == ' ' || want == '\t':
			// Less indented; a quote mark may still follow.
		default:
			return i
		}
	}
	return i
}

// A fenceLayout is the body of a fenced block.
type fenceLayout struct {
	prefix     string
	start, end int // raw
	firstLine  int // line of the document of the first line of the body, from 1
	lines      []fenceLine
}

// fenceLine is one line of the body.
type fenceLine struct {
	start  int // raw offset of the line, its prefix included
	text   int // raw offset of its text
	source int // offset of its text in the unit's source
}

func (l *fenceLayout) span() (start, end int) { return l.start, l.end }

func (l *fenceLayout) origin(raw []byte, line int) (docLine, before int) {
	if line < len(l.lines) {
		before = utf8.RuneCount(raw[l.lines[line].start:l.lines[line].text])
	}
	return l.firstLine + line, before
}

// rewrite gives each new line the prefix of the block and leaves each old one
// its own.
func (l *fenceLayout) rewrite(raw, source []byte, edits []edit.Edit) ([]byte, error) {
	if l.start > 0 && raw[l.start-1] != '\n' && raw[l.start-1] != '\r' {
		return nil, fmt.Errorf("the fence has no line after it")
	}
	var out bytes.Buffer
	lineStart := true // of the new text
	write := func(text []byte, prefix []byte, hasPrefix bool) {
		if lineStart {
			if !hasPrefix {
				prefix = []byte(l.prefix)
				if len(bytes.TrimRight(text, "\r\n")) == 0 {
					prefix = bytes.TrimRight(prefix, " \t")
				}
			}
			out.Write(prefix)
		}
		out.Write(text)
		lineStart = bytes.HasSuffix(text, []byte("\n")) || bytes.HasSuffix(text, []byte("\r"))
	}
	keep := func(start, end int) {
		for i, line := range l.lines {
			lineEnd := len(source)
			if i+1 < len(l.lines) {
				lineEnd = l.lines[i+1].source
			}
			from, to := max(start, line.source), min(end, lineEnd)
			if from < to {
				write(source[from:to], raw[line.start:line.text], from == line.source)
			}
		}
	}
	edit.Splice(edits, len(source), keep, func(e edit.Edit) {
		// What takes the place of an old line takes its prefix too, unless it
		// begins with a space that would then read as prefix.
		old := slices.IndexFunc(l.lines, func(line fenceLine) bool { return line.source == e.Start && e.Start < e.End })
		for piece := range strings.Lines(edit.Localize(e.New, source, e.Start)) {
			if old >= 0 && piece[0] > ' ' {
				write([]byte(piece), raw[l.lines[old].start:l.lines[old].text], source[e.Start] > ' ')
			} else {
				write([]byte(piece), nil, false)
			}
			old = -1
		}
	})
	return out.Bytes(), nil
}
