package main

import (
	"cmp"
	"maps"
	"strings"

	"pyxlate/rules"
	"pyxlate/translator/settings"
)

// Settings are what a user can choose about a translation itself: by flags,
// and where they say nothing by a settings file.
type Settings struct {
	To string // name of the target; "" is the default one
	// Options are what is chosen of the packs' options, by NAME or PACK.NAME.
	Options map[string]string
	Notes   bool     // notes of the verdict review go into the code as comments
	Jobs    int      // files worked on at once; 0 means one for each processor
	Rules   []string // directories of further rule files
	// File is the settings file that holds for the paths, never nil. Its codes
	// to select and to ignore include those of the flags.
	File *settings.File
}

// settings puts the flags on top of the settings file.
func (c *translateCommand) settings(heads []*rules.Pack) (Settings, error) {
	f, err := settings.Find(c.Paths)
	if err != nil {
		return Settings{}, err
	}
	options := maps.Clone(f.Options)
	if options == nil {
		options = map[string]string{}
	}
	chosen, err := c.chosen(heads)
	if err != nil {
		return Settings{}, err
	}
	for key, value := range chosen {
		// What a flag says of all packs goes before what the file says of one.
		maps.DeleteFunc(options, func(have, _ string) bool { return strings.HasSuffix(have, "."+key) })
		options[key] = value
	}
	s := Settings{
		To:      cmp.Or(c.To, f.To),
		Options: options,
		Jobs:    c.Jobs,
		Rules:   append(f.Rules, c.Rules...),
		File:    f,
	}
	if notes := cmp.Or(c.Notes, f.Notes); notes != nil {
		s.Notes = *notes
	}
	if len(c.Select) > 0 {
		f.Select = c.Select
	}
	f.Ignore = append(f.Ignore, c.Ignore...)
	return s, nil
}
