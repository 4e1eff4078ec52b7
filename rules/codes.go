package rules

import "slices"

// AllCodes lists the codes that findings of the pack can have, sorted: those
// of its rules and of its notes.
func (p *Pack) AllCodes() []string {
	var all []string
	for _, r := range p.Rules {
		all = append(all, r.ID)
	}
	for _, t := range p.Targets {
		for code := range t.Notes {
			all = append(all, code)
		}
	}
	for code := range p.Notes {
		all = append(all, code)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
