package batchai

import (
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"pyxlate/rules/ir"
)

// toolCommands are the commands of the old tool by their words, with the
// command that does the same today. {name} is an option of the old command by
// its long name; "" has no counterpart.
var toolCommands = []struct{ old, new string }{
	{"workspace create", "az ml workspace create --name {name} --resource-group {resource-group} --location {location}"},
	{"workspace show", "az ml workspace show --name {name} --resource-group {resource-group}"},
	{"workspace list", "az ml workspace list --resource-group {resource-group}"},
	{"workspace delete", "az ml workspace delete --name {name} --resource-group {resource-group} --yes"},
	{"cluster create", "az ml compute create --name {name} --type AmlCompute --size {vm-size} --min-instances {target|min} --max-instances {target|max} --tier {vm-priority} --admin-username {user-name} --ssh-key-value {ssh-key} --admin-password {password} --subnet {subnet} {in}"},
	{"cluster auto-scale", "az ml compute update --name {name} --min-instances {min} --max-instances {max} {in}"},
	{"cluster resize", "az ml compute update --name {name} --min-instances {target} --max-instances {target} {in}"},
	{"cluster show", "az ml compute show --name {name} {in}"},
	{"cluster list", "az ml compute list --type AmlCompute {in}"},
	{"cluster delete", "az ml compute delete --name {name} --yes {in}"},
	{"cluster node list", "az ml compute list-nodes --name {name} {in}"},
	{"cluster list-nodes", "az ml compute list-nodes --name {name} {in}"},
	{"cluster node exec", ""},
	{"cluster file list", ""},
	{"experiment", ""},
	{"job create", "az ml job create --file job.yml --name {name} --set compute=azureml:{cluster} experiment_name={experiment} {in}"},
	{"job wait", "az ml job stream --name {name|job} {in}"},
	{"job show", "az ml job show --name {name} {in}"},
	{"job list", "az ml job list {in}"},
	{"job terminate", "az ml job cancel --name {name} {in}"},
	{"job delete", "az ml job archive --name {name} {in}"},
	{"job file list", "az ml job download --name {job|name} --all {in}"},
	{"job file stream", "az ml job stream --name {job|name} {in}"},
	{"job stream-file", "az ml job stream --name {job|name} {in}"},
	{"job node list", "az ml compute list-nodes --name {cluster} {in}"},
	{"job node exec", ""},
	{"file-server", ""},
	{"list-usages", "az ml compute list-usage --location {location}"},
	{"usage show", "az ml compute list-usage --location {location}"},
}

// toolOptions gives the long names of short options.
var toolOptions = map[string]string{
	"n": "name", "g": "resource-group", "w": "workspace", "l": "location", "s": "vm-size", "t": "target", "u": "user-name",
	"k": "ssh-key", "p": "password", "c": "cluster", "e": "experiment", "j": "job", "f": "file", "d": "directory",
}

// toolLine gives the command of today for a command line of the old tool, in
// the text of its mark: the line itself stays as it is.
func toolLine(c ir.Context) *ir.Answer {
	line := toolWords(c)
	if command, ok := toolCommand(line); ok {
		return &ir.Answer{Notes: []ir.Note{note("BAI802", ir.Manual, ir.Expr{}, "COMMAND", command)}}
	}
	return &ir.Answer{Notes: []ir.Note{note("BAI803", ir.Manual, ir.Expr{}, "COMMAND", line)}}
}

// toolWords gives the command line: as its value says, where Python makes it, else
// as it is written.
func toolWords(c ir.Context) string {
	u := c.Use()
	show := func(a ir.Arg) string {
		if s := textOf(c, a).show(); s != "{}" {
			return s
		}
		return "{" + c.Text(a.At) + "}"
	}
	switch v := u.Value.(type) {
	case *ir.Seq:
		if v.Open || !v.Comp.IsZero() {
			break
		}
		words := make([]string, len(v.Elems))
		for i, e := range v.Elems {
			if words[i] = show(e); strings.ContainsAny(words[i], " \t'\"") && !strings.HasPrefix(words[i], "{") {
				words[i] = "'" + words[i] + "'"
			}
		}
		return strings.Join(words, " ")
	case *ir.Const, *ir.Text:
		if line := show(ir.Arg{Value: v, At: u.At}); toolStart.MatchString(line) {
			return toolText(line)
		}
	}
	return toolText(c.Text(u.At))
}

var toolStart = regexp.MustCompile(`\baz\s+batchai\b`)

// toolText cuts the command out of what stands around it: a shell escape, an
// assignment, the quotes of a Python text.
func toolText(s string) string {
	at := toolStart.FindStringIndex(s)
	if at == nil {
		return strings.TrimSpace(s)
	}
	line := s[at[0]:]
	if at[0] > 0 && strings.IndexByte(`'"`, s[at[0]-1]) >= 0 {
		if i := strings.IndexByte(line, s[at[0]-1]); i >= 0 {
			line = line[:i]
		}
	}
	return strings.TrimSpace(line)
}

// toolCommand translates one command line.
func toolCommand(line string) (string, bool) {
	words := shellWords(line)
	if len(words) < 3 {
		return "", false
	}
	words = words[2:]
	options := map[string]string{}
	var verbs []string
	for i := 0; i < len(words); i++ {
		w := words[i]
		if !strings.HasPrefix(w, "-") {
			if len(options) == 0 {
				verbs = append(verbs, w)
			}
			continue
		}
		name, value, inline := strings.Cut(strings.TrimLeft(w, "-"), "=")
		if long, ok := toolOptions[name]; ok && !strings.HasPrefix(w, "--") {
			name = long
		}
		if !inline && i+1 < len(words) && !strings.HasPrefix(words[i+1], "-") {
			i++
			value = words[i]
		}
		options[name] = value
	}
	verb := strings.Join(verbs, " ")
	for _, t := range toolCommands {
		if verb != t.old && !strings.HasPrefix(verb, t.old+" ") {
			continue
		}
		if t.new == "" {
			return "", false
		}
		return fillCommand(t.new, options), true
	}
	return "", false
}

// fillCommand puts options into a command. A pair "--flag {option}" goes when
// the old command did not give the option.
func fillCommand(template string, options map[string]string) string {
	var out []string
	words := strings.Fields(template)
	for i, w := range words {
		switch {
		case w == "{in}":
			for _, o := range []struct{ old, flag string }{{"resource-group", "--resource-group"}, {"workspace", "--workspace-name"}} {
				if v := options[o.old]; v != "" {
					out = append(out, o.flag, v)
				}
			}
		case strings.Contains(w, "{"):
			open, shut := strings.IndexByte(w, '{'), strings.IndexByte(w, '}')
			value := ""
			for name := range strings.SplitSeq(w[open+1:shut], "|") {
				if v := options[name]; v != "" {
					value = v
				}
			}
			if w == "{vm-priority}" && strings.EqualFold(value, "lowpriority") {
				value = "low_priority"
			}
			switch {
			case value != "":
				out = append(out, w[:open]+value+w[shut+1:])
			case i > 0 && strings.HasPrefix(words[i-1], "--") && words[i-1] != "--set" && len(out) > 0 && out[len(out)-1] == words[i-1]:
				out = out[:len(out)-1]
			}
		default:
			out = append(out, w)
		}
	}
	if n := len(out); n > 0 && out[n-1] == "--set" {
		out = out[:n-1]
	}
	return strings.Join(out, " ")
}

// shellWords splits the first command of a line as a shell does, keeping
// variables and braces as they are written.
func shellWords(line string) []string {
	var out []string
	p := syntax.NewParser(syntax.Variant(syntax.LangBash))
	err := p.Words(strings.NewReader(line), func(w *syntax.Word) bool {
		start, end := w.Pos().Offset(), w.End().Offset()
		word := line[start:end]
		if s := w.Lit(); s != "" {
			word = s
		}
		out = append(out, word)
		return true
	})
	if err != nil {
		return strings.Fields(line)
	}
	return out
}
