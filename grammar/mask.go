package grammar

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// MaskKind tells what IPython does with a masked line.
type MaskKind uint8

// The kinds of IPython's lines.
const (
	LineMagic   MaskKind = iota + 1 // %name rest
	CellMagic                       // %%name rest, then the rest of the cell
	Shell                           // !command, !!command
	Help                            // ?name, name?, name??
	ShellAssign                     // target = !command
	MagicAssign                     // target = %name rest
	AutoCall                        // ,f a b  ;f a b  /f a b
)

// String returns the name of the kind, such as "LineMagic".
func (k MaskKind) String() string {
	names := [...]string{"", "LineMagic", "CellMagic", "Shell", "Help", "ShellAssign", "MagicAssign", "AutoCall"}
	if int(k) < len(names) {
		return names[k]
	}
	return ""
}

// MaskedLine is a piece of a notebook cell that is IPython's and not Python's.
type MaskedLine struct {
	// Start and End are the bytes that are masked, 0-based, end exclusive, without the newline at the end: from the
	// character that calls IPython (`!`, `%`, `?`; for `name?` the name) to the end of the command with its
	// continuation lines; for a cell magic to the end of the cell, or of its first line if the body is Python. `%time x
	// = f()` is masked up to the statement, which stays.
	Start, End int
	Kind       MaskKind
	Name       string // of a magic ("run", "bash", "load_ext"); for Help what is asked about; else empty
	Rest       string // the command of a shell line, the arguments of a magic; continuation lines joined by a space
	Target     string // what is assigned to: the text left of `=`
	Body       int    // of a cell magic: the offset of the line after the first; else 0
}

// pythonBodies are the cell magics whose cell runs as Python in the notebook's own namespace.
var pythonBodies = map[string]bool{
	"time": true, "timeit": true, "capture": true, "prun": true, "debug": true,
	"memit": true, "mprun": true, "lprun": true, "snakeviz": true, "heat": true, "scalene": true, "pyinstrument": true,
	"wandb": true, "notify": true,
}

// statementMagics are the line magics whose arguments are a Python statement of the notebook.
var statementMagics = map[string]bool{"time": true, "timeit": true, "prun": true, "memit": true}

// automagics are the magics that IPython runs without their `%` when such a line is a whole cell and what follows
// cannot be Python.
var automagics = map[string]bool{
	"pip": true, "conda": true, "cd": true, "ls": true, "ll": true, "mkdir": true, "rm": true, "rmdir": true, "mv": true, "cp": true,
	"cat": true, "more": true, "less": true, "man": true, "load_ext": true, "matplotlib": true, "pylab": true, "run": true,
	"env": true, "time": true, "timeit": true, "config": true, "reload_ext": true, "writefile": true, "who": true,
}

// Mask replaces what is IPython's in a notebook cell by text that Python's grammar takes, so that the rest keeps its
// place: the result has the length of src and its newlines. A masked line becomes blank; where a block may need a
// statement, `pass` or `0`; a masked right-hand side `0`. Cells without such lines are returned as they are (the same
// memory), with no lines.
//
// It follows IPython's own rules (IPython.core.inputtransformer2): a line counts only where a statement begins, so that
// a `%` or `!` in brackets, strings or continuation lines is left alone.
func Mask(src []byte) (masked []byte, lines []MaskedLine) {
	if !bytes.ContainsAny(src, "!%?,;/") && !mayBeAutomagic(src) {
		return src, nil
	}
	m := masker{src: src}
	m.run()
	if len(m.lines) == 0 {
		return src, nil
	}
	return m.out, m.lines
}

// MaskShell masks a text that is a script of a shell as a whole, like the cell of a `%%bash`.
func MaskShell(src []byte) (masked []byte, lines []MaskedLine) {
	masked = make([]byte, len(src))
	for i, c := range src {
		masked[i] = ' '
		if c == '\n' || c == '\r' {
			masked[i] = c
		}
	}
	return masked, []MaskedLine{{End: len(bytes.TrimRight(src, "\r\n")), Kind: CellMagic, Name: "bash"}}
}

type masker struct {
	src   []byte
	out   []byte // nil until something is masked
	lines []MaskedLine
}

func (m *masker) run() {
	if m.cellMagic() || m.automagic() {
		return
	}
	for at := m.resume(); at < len(m.src); {
		at = m.statement(at)
	}
}

// resume returns where Python begins: after the line of a cell magic with a Python body.
func (m *masker) resume() int {
	if len(m.lines) > 0 {
		return m.lines[0].Body
	}
	return 0
}

var cellMagicLine = regexp.MustCompile(`^%%[ \t]*([A-Za-z_][\w.]*)?(.*)$`)

// cellMagic masks a cell that begins with a cell magic, and reports whether nothing is left to do. Blank lines and
// comments may precede it.
func (m *masker) cellMagic() bool {
	at := 0
	for at < len(m.src) {
		line := m.line(at)
		text := bytes.TrimSpace(m.src[at:line])
		if len(text) > 0 && text[0] != '#' {
			break
		}
		at = m.nextLine(line)
	}
	if at >= len(m.src) {
		return true
	}
	start := at + indentWidth(m.src[at:])
	end := m.line(at)
	match := cellMagicLine.FindSubmatch(m.src[start:end])
	if match == nil || len(match[1]) == 0 || bytes.HasSuffix(bytes.TrimSpace(match[2]), []byte("?")) && len(match[2]) <= 2 {
		return false
	}
	line := MaskedLine{Start: start, Kind: CellMagic, Name: string(match[1]), Rest: strings.TrimSpace(string(match[2]))}
	line.Body = m.nextLine(end)
	line.End = end
	if !pythonBodies[line.Name] {
		line.End = len(bytes.TrimRight(m.src, "\r\n"))
	}
	m.mask(line, "")
	return !pythonBodies[line.Name]
}

var automagicLine = regexp.MustCompile(`^\s*([A-Za-z_]\w*)[ \t]+([^\s=(,.\[;:+*/%&|^<>!-]|-{1,2}\w|\.{0,2}/|\.\.)`)

func mayBeAutomagic(src []byte) bool {
	m := automagicLine.FindSubmatch(src)
	return m != nil && automagics[string(m[1])]
}

// automagic masks a cell of one line that IPython takes for a magic.
func (m *masker) automagic() bool {
	text := bytes.TrimSpace(m.src)
	if len(m.lines) > 0 || bytes.ContainsAny(text, "\r\n") || !mayBeAutomagic(text) {
		return false
	}
	name, rest, _ := strings.Cut(string(text), " ")
	rest = strings.TrimSpace(rest)
	switch word, _, _ := strings.Cut(rest, " "); word {
	case "in", "is", "and", "or", "not", "if", "for":
		return false // Python after all.
	}
	start := bytes.Index(m.src, text)
	m.mask(MaskedLine{Start: start, End: start + len(text), Kind: LineMagic, Name: name, Rest: rest}, "")
	return true
}

// statement deals with the logical line at the given offset, which is the beginning of a line, and returns the offset
// of the next.
func (m *masker) statement(at int) int {
	start := at + indentWidth(m.src[at:])
	if start >= len(m.src) {
		return len(m.src)
	}
	filler := ""
	if start > at {
		filler = "pass"
	}
	switch c := m.src[start]; c {
	case '\n', '\r', '#':
		return m.nextLine(m.line(start))
	case '!', '%', '?', ',', ';', '/':
		end := m.command(start)
		line := escaped(m.src, start, end)
		if body := m.statementOf(line); body > 0 {
			line.End, filler = body, "pass;"
		}
		m.mask(line, filler)
		return m.nextLine(end)
	}
	logical := m.scan(start)
	switch {
	case logical.help:
		text := string(m.src[start:logical.code])
		m.mask(MaskedLine{Start: start, End: logical.code, Kind: Help, Name: strings.TrimSpace(strings.Trim(text, "?%"))}, filler)
	case logical.assign > 0:
		value := logical.assign
		end := m.command(value)
		line := escaped(m.src, value, end)
		line.Kind = ShellAssign
		if m.src[value] == '%' {
			line.Kind = MagicAssign
		}
		line.Target = strings.TrimSpace(strings.TrimRight(string(m.src[start:value]), " \t="))
		m.mask(line, "0")
		return m.nextLine(end)
	}
	return m.nextLine(logical.end)
}

// statementOf returns the offset of the Python statement that a line magic runs in the notebook's namespace (`%time x =
// f()`); 0 for none.
func (m *masker) statementOf(line MaskedLine) int {
	if line.Kind != LineMagic || !statementMagics[line.Name] || line.Rest == "" || line.Rest[0] == '-' {
		return 0
	}
	at := line.Start + bytes.Index(m.src[line.Start:line.End], []byte(line.Name)) + len(line.Name)
	at += indentWidth(m.src[at:])
	if logical := m.scan(at); at >= line.End || logical.end != line.End || logical.assign > 0 || logical.help {
		return 0
	}
	return at
}

// escaped describes the command between the given offsets, whose first character calls IPython.
func escaped(src []byte, start, end int) MaskedLine {
	line := MaskedLine{Start: start, End: end}
	text := joinContinued(src[start:end])
	switch {
	case strings.HasPrefix(text, "!"):
		line.Kind, line.Rest = Shell, strings.TrimSpace(strings.TrimLeft(text, "!"))
	case strings.HasPrefix(text, "?"):
		line.Kind, line.Name = Help, strings.TrimSpace(strings.Trim(text, "?"))
	case !strings.HasPrefix(text, "%"):
		line.Kind, line.Rest = AutoCall, strings.TrimSpace(text[1:])
	case strings.HasSuffix(text, "?") && !strings.ContainsAny(text, " \t"):
		line.Kind, line.Name = Help, strings.Trim(text, "?%")
	default:
		line.Kind = LineMagic
		text = strings.TrimSpace(strings.TrimLeft(text, "%"))
		end := strings.IndexAny(text, " \t")
		if end < 0 {
			end = len(text)
		}
		line.Name, line.Rest = text[:end], strings.TrimSpace(text[end:])
	}
	return line
}

// joinContinued joins the lines of a command as IPython does: without the backslashes, by a space.
func joinContinued(command []byte) string {
	parts := strings.Split(strings.ReplaceAll(string(command), "\r", ""), "\n")
	for i, part := range parts {
		part = strings.TrimRight(part, " \t")
		if i < len(parts)-1 {
			part = strings.TrimSuffix(part, `\`)
		}
		parts[i] = part
	}
	return strings.Join(parts, " ")
}

// logicalLine is what scan finds out about a logical line of Python.
type logicalLine struct {
	end    int  // offset of the newline that ends it, or of the end of the text
	code   int  // offset after its last token, comments left out
	assign int  // offset of the `!` or `%` after its first `=` outside brackets; 0 for none
	help   bool // its last token is `?`
}

// scan reads the logical line at the given offset with Python's rules for strings, brackets, comments and continuation.
func (m *masker) scan(at int) logicalLine {
	src := m.src
	line := logicalLine{code: at}
	depth, assigned, comment := 0, false, false
	i := at
	for i < len(src) {
		c := src[i]
		switch {
		case c == '\n' || c == '\r' && (i+1 >= len(src) || src[i+1] != '\n'):
			if depth == 0 {
				line.end = i
				if i > at && c == '\n' && src[i-1] == '\r' {
					line.end--
				}
				line.finish(src, comment)
				return line
			}
			i++
		case c == ' ' || c == '\t' || c == '\r' || c == '\f':
			i++
		case c == '#':
			end := m.line(i)
			comment = depth == 0
			i = end
		case c == '\\' && i+1 < len(src) && (src[i+1] == '\n' || src[i+1] == '\r'):
			i += 2
			if src[i-1] == '\r' && i < len(src) && src[i] == '\n' {
				i++
			}
		case c == '\'' || c == '"':
			i = endOfString(src, i)
			line.code = i
		case c == '=' && depth == 0 && !assigned && isAssignment(src, i):
			assigned = true
			i++
			line.code = i
			value := i
			for value < len(src) && (src[value] == ' ' || src[value] == '\t') {
				value++
			}
			if value < len(src) && (src[value] == '!' && !bytes.HasPrefix(src[value:], []byte("!=")) ||
				src[value] == '%' && value+1 < len(src) && isWordStart(src[value+1])) {
				line.assign = value
				line.end = m.line(value)
				return line
			}
		default:
			switch c {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth = max(0, depth-1)
			}
			i++
			line.code = i
		}
	}
	line.end = len(src)
	line.finish(src, comment)
	return line
}

func (l *logicalLine) finish(src []byte, comment bool) {
	l.help = l.code > 0 && src[l.code-1] == '?' && !comment
}

// isAssignment reports whether the `=` at i stands alone.
func isAssignment(src []byte, i int) bool {
	return (i == 0 || !bytes.ContainsRune([]byte("=!<>+-*/%&|^@:"), rune(src[i-1]))) && (i+1 >= len(src) || src[i+1] != '=')
}

func isWordStart(c byte) bool { return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// endOfString returns the offset after the string whose opening quote is at i. A string of one line that does not end
// there ends with it.
func endOfString(src []byte, i int) int {
	quote := src[i]
	triple := bytes.HasPrefix(src[i:], []byte{quote, quote, quote})
	if triple {
		i += 3
	} else {
		i++
	}
	for i < len(src) {
		switch c := src[i]; {
		case c == '\\':
			i++
			if i+1 < len(src) && src[i] == '\r' && src[i+1] == '\n' {
				i++
			}
			i++
		case !triple && (c == '\n' || c == '\r'):
			return i
		case c == quote && !triple:
			return i + 1
		case c == quote && bytes.HasPrefix(src[i:], []byte{quote, quote, quote}):
			return i + 3
		default:
			i++
		}
	}
	return len(src)
}

// command returns the end of a command: of its line, or of the last line that a backslash joins to it, without the
// newline.
func (m *masker) command(at int) int {
	for {
		end := m.line(at)
		if end == 0 || end >= len(m.src) || m.src[end-1] != '\\' {
			return end
		}
		next := m.nextLine(end)
		if next >= len(m.src) {
			return end
		}
		at = next
	}
}

// line returns the offset of the newline (LF, CR or CRLF) that ends the line around the given offset.
func (m *masker) line(at int) int {
	if i := bytes.IndexAny(m.src[at:], "\r\n"); i >= 0 {
		return at + i
	}
	return len(m.src)
}

// nextLine returns the offset after the newline at the given offset.
func (m *masker) nextLine(newline int) int {
	switch {
	case newline >= len(m.src):
		return len(m.src)
	case bytes.HasPrefix(m.src[newline:], []byte("\r\n")):
		return newline + 2
	}
	return newline + 1
}

// mask records the line and overwrites its bytes, newlines excepted, by filler and spaces.
func (m *masker) mask(line MaskedLine, filler string) {
	if m.out == nil {
		m.out = slices.Clone(m.src)
	}
	m.lines = append(m.lines, line)
	area := m.out[line.Start:line.End]
	first := len(area)
	if i := bytes.IndexAny(area, "\r\n"); i >= 0 {
		first = i
	}
	for i, c := range area {
		if c != '\n' && c != '\r' {
			area[i] = ' '
		}
	}
	if len(filler) > first {
		filler = strings.Replace(filler, "pass", "0", 1)
	}
	copy(area[:first], filler)
}

// indentWidth returns the number of bytes of white space at the beginning of a line.
func indentWidth(text []byte) int {
	return len(text) - len(bytes.TrimLeft(text, " \t\f"))
}
