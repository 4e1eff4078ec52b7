package main

import (
	"cmp"

	"pyxlate/translator/settings"
)

// Settings are what a user can choose about a translation itself: by flags,
// and where they say nothing by a settings file.
type Settings struct {
	To      string   // name of the target; "" is the pack's first
	Storage string   // "register" or "default"; "" is the former
	Notes   bool     // notes of the verdict review go into the code as comments
	Jobs    int      // files worked on at once; 0 means one for each processor
	Rules   []string // directories of further rule files
	// File is the settings file that holds for the paths, never nil. Its codes
	// to select and to ignore include those of the flags.
	File *settings.File
}

// settings puts the flags on top of the settings file.
func (c *translateCommand) settings() (Settings, error) {
	f, err := settings.Find(c.Paths)
	if err != nil {
		return Settings{}, err
	}
	s := Settings{
		To:      cmp.Or(c.To, f.To),
		Storage: cmp.Or(c.Storage, f.Options["storage"]),
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
