package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"pyxlate/rules"
)

// flagged lists the options of packs that have a flag of their own, by name.
func flagged(heads []*rules.Pack) []rules.Setting {
	var all []rules.Setting
	seen := map[string]bool{}
	for _, p := range heads {
		for _, s := range p.Options {
			if s.Flag && !seen[s.Name] {
				seen[s.Name] = true
				all = append(all, s)
			}
		}
	}
	return all
}

// optionFlags are the flags of options, as a structure for kong: one text each,
// in the order of flagged.
func optionFlags(heads []*rules.Pack) kong.Plugins {
	var fields []reflect.StructField
	for i, s := range flagged(heads) {
		tag := fmt.Sprintf("name:%q enum:%q default:%q placeholder:%q help:%q",
			s.Name, ","+strings.Join(s.Values, ","), "", "HOW", strings.TrimSuffix(s.Help, ".")+" ("+s.Values[0]+").")
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("Option%d", i), Type: reflect.TypeFor[string](), Tag: reflect.StructTag(tag)})
	}
	if len(fields) == 0 {
		return nil
	}
	return kong.Plugins{reflect.New(reflect.StructOf(fields)).Interface()}
}

// chosen is what the flags choose of the packs' options, by NAME or PACK.NAME.
func (c *translateCommand) chosen(heads []*rules.Pack) (map[string]string, error) {
	all := map[string]string{}
	for _, text := range c.Set {
		key, value, ok := strings.Cut(text, "=")
		if !ok || key == "" {
			return nil, usagef("--set %s: give NAME=VALUE", text)
		}
		if err := rules.CheckChoice(heads, key, value); err != nil {
			return nil, usagef("--set %s: %w", text, err)
		}
		all[key] = value
	}
	for _, flags := range c.Plugins {
		v := reflect.ValueOf(flags).Elem()
		for i, s := range flagged(heads) {
			if value := v.Field(i).String(); value != "" {
				all[s.Name] = value
			}
		}
	}
	return all, nil
}

// optionHelp are the lines of the overview about the flags of options.
func optionHelp(heads []*rules.Pack) string {
	const indent, width = 24, 78
	var b strings.Builder
	for _, s := range flagged(heads) {
		line := fmt.Sprintf("%-*s", indent, "      --"+s.Name+" HOW")
		for word := range strings.FieldsSeq(s.Help) {
			if len(line)+1+len(word) > width && len(line) > indent {
				b.WriteString(line + "\n")
				line = strings.Repeat(" ", indent)
			}
			if len(line) > indent {
				line += " "
			}
			line += word
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// optionNames lists the options of packs with their values, for people.
func optionNames(heads []*rules.Pack) string {
	var all []string
	for _, p := range heads {
		for _, s := range p.Options {
			text := s.Name + "=" + strings.Join(s.Values, "|")
			if !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	return strings.Join(all, ", ")
}
