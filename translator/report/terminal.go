package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible returns text in which no character acts on a terminal: control
// characters and those that turn the direction of writing are shown as
// escapes, and so are bytes that are no UTF-8. Tabs and newlines stay, and the \r
// before a newline.
func Visible(text string) string {
	if strings.IndexFunc(text, acts) < 0 && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case !acts(r), r == '\r' && strings.HasPrefix(text[i:], "\r\n"):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func acts(r rune) bool {
	return r != '\t' && r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}

// VisiblePath is Visible for a path, of which no two may look the same: it is a
// part of a line, and at the start of one it is no command to those who read
// logs (::error of GitHub).
func VisiblePath(path string) string {
	if strings.HasPrefix(path, "::") || strings.HasPrefix(path, "##[") {
		path = "./" + path
	}
	return strings.NewReplacer("\t", `\t`, "\n", `\n`).Replace(Visible(path))
}

// visibleLine is Visible for a text that must stay on its line.
func visibleLine(text string) string {
	return Visible(strings.Join(strings.Fields(text), " "))
}

// A colour is the parameter of a terminal's SGR sequence.
type colour string

const (
	bold   colour = "1"
	red    colour = "31"
	green  colour = "32"
	yellow colour = "33"
	cyan   colour = "36"
)

// paint colours text where on says so.
func paint(on bool, c colour, text string) string {
	if !on || text == "" {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[m"
}
