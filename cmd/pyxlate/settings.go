package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"strings"

	"pyxlate/rules"
	"pyxlate/translator/report"
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

// settingsFlags say which settings file holds.
type settingsFlags struct {
	Settings   string `placeholder:"FILE" xor:"settings" help:"Take the settings of FILE, and of no other file."`
	NoSettings bool   `xor:"settings" help:"Take no settings file."`
}

func (c settingsFlags) find(paths []string) (*settings.File, error) {
	switch {
	case c.NoSettings:
		return &settings.File{}, nil
	case c.Settings != "":
		return settings.Named(c.Settings)
	}
	return settings.Find(paths)
}

// tell names the files that a run is steered by, where there are any.
func tell(w io.Writer, s Settings) {
	var parts []string
	if s.File != nil && s.File.Path != "" {
		parts = append(parts, "settings: "+report.VisiblePath(s.File.Path))
	}
	if len(s.Rules) > 0 {
		var dirs []string
		for _, dir := range s.Rules {
			dirs = append(dirs, report.VisiblePath(fromHere(dir)))
		}
		parts = append(parts, "rules: "+strings.Join(dirs, ", "))
	}
	if parts != nil {
		fmt.Fprintln(w, strings.Join(parts, "; "))
	}
}

// settings puts the flags on top of the settings file.
func (c *translateCommand) settings(heads []*rules.Pack) (Settings, error) {
	f, err := c.settingsFlags.find(c.Paths)
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
	for key := range chosen {
		// What a flag says of all packs goes before what the file says of one.
		maps.DeleteFunc(options, func(have, _ string) bool { return strings.HasSuffix(have, "."+key) })
	}
	maps.Copy(options, chosen)
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
