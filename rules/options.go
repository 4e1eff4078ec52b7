package rules

import (
	"fmt"
	"slices"
	"strings"
)

// option gives the pack's setting of a name.
func (p *Pack) option(name string) (Setting, bool) {
	for _, s := range p.Options {
		if s.Name == name {
			return s, true
		}
	}
	return Setting{}, false
}

// Choice gives what holds for an option of the pack: what is chosen under
// "PACK.NAME", else under "NAME", else the default; "" where the pack has no
// such option.
func (p *Pack) Choice(chosen map[string]string, name string) string {
	s, ok := p.option(name)
	if !ok {
		return ""
	}
	for _, key := range []string{p.ID + "." + name, name} {
		if v, ok := chosen[key]; ok && v != "" {
			return v
		}
	}
	return s.Values[0]
}

// CheckChoice tells what is wrong with choosing a value under a key: "NAME" for
// all packs that have an option of that name, or "PACK.NAME".
func CheckChoice(packs []*Pack, key, value string) error {
	id, name, one := strings.Cut(key, ".")
	if !one {
		id, name = "", key
	}
	var names, ids []string
	for _, p := range packs {
		ids = append(ids, p.ID)
		if one && p.ID != id {
			continue
		}
		for _, s := range p.Options {
			names = appendNew(names, s.Name)
			if s.Name == name && !slices.Contains(s.Values, value) {
				return fmt.Errorf("%s has no %q%s", key, value, suggestOrList(value, s.Values))
			}
		}
	}
	switch {
	case one && !slices.Contains(ids, id):
		return fmt.Errorf("there is no pack %q%s", id, Suggest(id, ids))
	case !slices.Contains(names, name):
		return fmt.Errorf("there is no option %q%s", key, suggestOrList(name, names))
	}
	return nil
}

// suggestOrList hints at the nearest of a few values, or lists them.
func suggestOrList(name string, known []string) string {
	if near := Suggest(name, known); near != "" {
		return near
	}
	if len(known) == 0 {
		return ""
	}
	return "; it takes " + strings.Join(known, " or ")
}
