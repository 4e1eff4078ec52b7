package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// A word is something that a shell can complete: a flag or a command.
type word struct {
	text, help string
	values     []string // what follows it, where that is one of a few
	takes      bool     // something follows it
}

// words lists the flags of a command, and the commands at the top.
func words(n *kong.Node) (flags, commands []word) {
	for _, group := range n.AllFlags(true) {
		for _, f := range group {
			w := word{text: "--" + f.Name, help: firstSentence(f.Help), takes: !f.IsBool()}
			if f.Enum != "" {
				for _, v := range strings.Split(f.Enum, ",") {
					if v != "" {
						w.values = append(w.values, v)
					}
				}
			}
			flags = append(flags, w)
			if f.Short != 0 {
				w.text = "-" + string(f.Short)
				flags = append(flags, w)
			}
		}
	}
	for _, c := range n.Children {
		if c.Type == kong.CommandNode {
			commands = append(commands, word{text: c.Name, help: firstSentence(c.Help)})
		}
	}
	slices.SortFunc(flags, func(a, b word) int { return strings.Compare(a.text, b.text) })
	return flags, commands
}

func firstSentence(s string) string {
	first, _, _ := strings.Cut(s, ". ")
	first, _, _ = strings.Cut(first, ": ")
	return strings.NewReplacer("'", "", "\n", " ", "[", "(", "]", ")").Replace(strings.TrimSuffix(first, "."))
}

// run prints a script that completes the flags and commands of the model.
func (c *completionCommand) run(w io.Writer, model *kong.Application) error {
	var translate *kong.Node
	for _, n := range model.Children {
		if n.Name == "translate" {
			translate = n
		}
	}
	flags, _ := words(translate)
	_, commands := words(model.Node)
	var b strings.Builder
	switch c.Shell {
	case "bash":
		bash(&b, flags, commands)
	case "zsh":
		zsh(&b, flags, commands)
	case "fish":
		fish(&b, flags, commands)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func texts(all []word) string {
	var out []string
	for _, w := range all {
		out = append(out, w.text)
	}
	return strings.Join(out, " ")
}

func bash(b *strings.Builder, flags, commands []word) {
	fmt.Fprint(b, "# For ~/.bashrc: source <(pyxlate completion bash)\n_pyxlate() {\n    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n    case $before in\n")
	for _, f := range flags {
		if len(f.values) > 0 {
			fmt.Fprintf(b, "        %s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n", f.text, strings.Join(f.values, " "))
		}
	}
	fmt.Fprintf(b, "        rules) COMPREPLY=($(compgen -W \"$(pyxlate rules | cut -d' ' -f1)\" -- \"$word\")); return ;;\n    esac\n")
	fmt.Fprintf(b, "    if [[ $word == -* ]]; then\n        COMPREPLY=($(compgen -W '%s' -- \"$word\"))\n        return\n    fi\n", texts(flags))
	fmt.Fprintf(b, "    COMPREPLY=($(compgen -f -- \"$word\"))\n    if [[ $COMP_CWORD == 1 ]]; then\n        COMPREPLY+=($(compgen -W '%s' -- \"$word\"))\n    fi\n}\ncomplete -o filenames -F _pyxlate pyxlate\n", texts(commands))
}

func zsh(b *strings.Builder, flags, commands []word) {
	fmt.Fprint(b, "#compdef pyxlate\n# For ~/.zshrc: source <(pyxlate completion zsh)\n_pyxlate() {\n    _arguments \\\n")
	for _, f := range flags {
		action := ""
		switch {
		case len(f.values) > 0:
			action = fmt.Sprintf(":value:(%s)", strings.Join(f.values, " "))
		case f.takes:
			action = ":value:_files"
		}
		fmt.Fprintf(b, "        '*%s[%s]%s' \\\n", f.text, strings.ReplaceAll(f.help, ":", `\:`), action)
	}
	fmt.Fprint(b, "        '*:file:_pyxlate_word'\n}\n")
	fmt.Fprintf(b, "_pyxlate_word() {\n    (( CURRENT == 2 )) && compadd %s\n    _files\n}\n", texts(commands))
	fmt.Fprint(b, "if [[ $funcstack[1] == _pyxlate ]]; then _pyxlate \"$@\"; else compdef _pyxlate pyxlate; fi\n")
}

func fish(b *strings.Builder, flags, commands []word) {
	fmt.Fprint(b, "# For ~/.config/fish/config.fish: pyxlate completion fish | source\n")
	for _, c := range commands {
		fmt.Fprintf(b, "complete -c pyxlate -n __fish_use_subcommand -a %s -d '%s'\n", c.text, c.help)
	}
	for _, f := range flags {
		form := "-l " + strings.TrimPrefix(f.text, "--")
		if !strings.HasPrefix(f.text, "--") {
			form = "-s " + strings.TrimPrefix(f.text, "-")
		}
		switch {
		case len(f.values) > 0:
			form += fmt.Sprintf(" -x -a '%s'", strings.Join(f.values, " "))
		case f.takes:
			form += " -r"
		}
		fmt.Fprintf(b, "complete -c pyxlate %s -d '%s'\n", form, f.help)
	}
}
