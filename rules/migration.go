package rules

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"pyxlate/rules/ir"
	"pyxlate/rules/sdk"
)

// Unanswered is the code of the engine for a use of a source that has no answer
// yet for the target of the run.
const Unanswered = "PYX100"

var unanswered = NoteText{Code: Unanswered, Verdict: ir.Manual,
	Text: "Move {NAME} by hand: pyxlate has no answer for it yet where the target is {TARGET}."}

// Migration is all that leads to one target, of all packs that do: what the
// engine carries out. Nothing below it knows that there are other targets.
type Migration struct {
	Target string  // its name for --to
	Name   string  // for people
	Packs  []*Pack // in the order in which they were given
	Source string  // the old SDKs' names for people: "Batch AI"

	Primary, Auxiliary, Extended []string // as in Pack
	Modules, Libraries           []string // as in Target
	Env                          []string
	Lines                        [][]string
	Samples                      map[string]Sample
	Pure                         []string
	Factories                    map[string]string
	PathAppends                  []string
	Conventions                  sdk.Conventions
	Neighbours                   []Neighbour
	Requirements                 map[string][]string
	Notes                        map[string]NoteText
	Rules                        []*Rule // in the order to try them

	resources map[*Pack]map[string]*Resource
	all       []*Resource // by pack and kind
	carried   []*Resource // those that old objects carry
	indexed   sync.Once   // what follows, when a symbol is first asked for
	bySymbol  map[string][]*Rule
	prefixes  []string // of wildcards in bySymbol, the longest first
}

// Select merges what all packs say that lead to a target. Packs that do not lead
// there take no part. The error names what two of them say differently.
func Select(packs []*Pack, target string) (*Migration, error) {
	m := &Migration{
		Target: target, Samples: map[string]Sample{}, Factories: map[string]string{},
		Requirements: map[string][]string{}, Notes: map[string]NoteText{}, resources: map[*Pack]map[string]*Resource{},
	}
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	var sources []string
	owner := map[string]*Pack{} // of codes
	for _, p := range packs {
		t := p.Target(target)
		if t == nil {
			continue
		}
		m.Packs = append(m.Packs, p)
		sources = append(sources, p.Source)
		m.Name = cmp.Or(m.Name, t.Name)
		if !t.Complete {
			m.Notes[Unanswered] = unanswered
		}
		m.Primary = appendNew(m.Primary, p.Primary...)
		m.Auxiliary = appendNew(m.Auxiliary, p.Auxiliary...)
		m.Extended = appendNew(m.Extended, p.Extended...)
		m.Modules = appendNew(m.Modules, t.Modules...)
		m.Libraries = appendNew(m.Libraries, t.Libraries...)
		m.Env = appendNew(m.Env, p.Env...)
		for _, l := range p.Lines {
			if !slices.ContainsFunc(m.Lines, func(have []string) bool { return slices.Equal(have, l) }) {
				m.Lines = append(m.Lines, l)
			}
		}
		m.Pure = appendNew(m.Pure, p.Pure...)
		m.PathAppends = appendNew(m.PathAppends, p.PathAppends...)
		merge(&m.Conventions, p.Conventions, fault)
		m.Neighbours = append(m.Neighbours, p.Neighbours...)
		for _, name := range slices.Sorted(maps.Keys(p.Samples)) {
			if have, ok := m.Samples[name]; ok && !slices.Equal(have.Marks, p.Samples[name].Marks) {
				fault("sample %s is known by other marks in two packs", name)
			}
			m.Samples[name] = p.Samples[name]
		}
		for _, symbol := range slices.Sorted(maps.Keys(p.Factories)) {
			if have, ok := m.Factories[symbol]; ok && have != p.Factories[symbol] {
				fault("factory %s takes its class as %s in one pack and as %s in another", symbol, have, p.Factories[symbol])
			}
			m.Factories[symbol] = p.Factories[symbol]
		}
		for name, list := range t.Requirements {
			m.Requirements[name] = appendNew(m.Requirements[name], list...)
		}
		for _, texts := range []map[string]NoteText{p.Notes, t.Notes} {
			for _, code := range slices.Sorted(maps.Keys(texts)) {
				if other := owner[code]; other != nil && other != p {
					fault("code %s is one of pack %s and of pack %s", code, other.ID, p.ID)
				}
				owner[code] = p
				m.Notes[code] = texts[code]
			}
		}
		for _, s := range p.Options {
			for _, q := range m.Packs {
				if other, ok := q.option(s.Name); ok && !slices.Equal(other.Values, s.Values) {
					fault("option %s takes %s in pack %s and %s in pack %s", s.Name,
						strings.Join(other.Values, " or "), q.ID, strings.Join(s.Values, " or "), p.ID)
				}
			}
		}
		m.resources[p] = t.Resources
		for _, kind := range slices.Sorted(maps.Keys(t.Resources)) {
			m.all = append(m.all, t.Resources[kind])
			if len(t.Resources[kind].Carriers) > 0 {
				m.carried = append(m.carried, t.Resources[kind])
			}
		}
		for _, r := range p.Rules {
			if r.Target == "" || r.Target == target {
				m.Rules = append(m.Rules, r)
			}
		}
	}
	if len(m.Packs) == 0 {
		fault("no pack leads to %q%s", target, Suggest(target, Targets(packs)))
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("target %s: %s", target, strings.Join(faults, "; "))
	}
	m.Source = list(sources)
	return m, nil
}

// Targets lists the targets to which packs lead, the default first.
func Targets(packs []*Pack) []string {
	var all []string
	for _, p := range packs {
		for _, t := range p.Targets {
			all = appendNew(all, t.ID)
		}
	}
	return all
}

// appendNew appends what is not in a list yet.
func appendNew(list []string, more ...string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// list writes names as people do.
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// index orders the rules by the symbols that they are about.
func (m *Migration) index() {
	m.bySymbol = map[string][]*Rule{}
	for _, r := range m.Rules {
		for _, from := range r.From {
			if !slices.Contains(m.bySymbol[from], r) {
				m.bySymbol[from] = append(m.bySymbol[from], r)
			}
			if cut, ok := strings.CutSuffix(from, "*"); ok && !slices.Contains(m.prefixes, cut) {
				m.prefixes = append(m.prefixes, cut)
			}
		}
	}
	slices.SortFunc(m.prefixes, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
}

// symbols gives the rules by the symbols that they name, as they are written.
func (m *Migration) symbols() map[string][]*Rule {
	m.indexed.Do(m.index)
	return m.bySymbol
}

// For lists the rules of a symbol, in the order to try them: those that name it,
// else those of the longest wildcard that covers it.
func (m *Migration) For(symbol string) []*Rule {
	m.indexed.Do(m.index)
	if rs, ok := m.bySymbol[symbol]; ok {
		return rs
	}
	for _, prefix := range m.prefixes {
		if strings.HasPrefix(symbol, prefix) {
			return m.bySymbol[prefix+"*"]
		}
	}
	return nil
}

// Note gives the text for a code: an entry of the catalogue, or what the rule
// of that code says for itself.
func (m *Migration) Note(code string) (NoteText, bool) {
	n, ok := m.Notes[code]
	return n, ok
}

// Codes lists the codes that findings of the migration can have, sorted.
func (m *Migration) Codes() []string {
	all := slices.Collect(maps.Keys(m.Notes))
	for _, p := range m.Packs {
		all = append(all, p.AllCodes()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// About says in a sentence what a code is about: the text of its note, or the
// reason of its rule.
func (m *Migration) About(code string) string { return m.Notes[code].Text }

// Resource gives a kind of target object as the rule's pack declares it.
func (m *Migration) Resource(p *Pack, kind string) (*Resource, bool) {
	r, ok := m.resources[p][kind]
	return r, ok
}

// Resources lists all kinds of target object, by pack and kind.
func (m *Migration) Resources() []*Resource { return m.all }

// Carried lists the kinds of target object that old objects carry.
func (m *Migration) Carried() []*Resource { return m.carried }

// Of gives the pack whose source a symbol belongs to: that of the longest
// prefix, of a primary SDK before an auxiliary one; the first pack for what is
// none of theirs.
func (m *Migration) Of(symbol string) *Pack {
	if len(m.Packs) == 1 {
		return m.Packs[0]
	}
	best, length, primary := m.Packs[0], -1, false
	take := func(p *Pack, prefix string, isPrimary bool) {
		if below(symbol, prefix) && (isPrimary && !primary || isPrimary == primary && len(prefix) > length) {
			best, length, primary = p, len(prefix), isPrimary
		}
	}
	for _, p := range m.Packs {
		for _, prefix := range p.Primary {
			take(p, prefix, true)
		}
		for _, prefix := range p.Env {
			if strings.HasPrefix(symbol, prefix) {
				return p
			}
		}
		for _, words := range p.Lines {
			if line := strings.Join(words, " "); symbol == line || strings.HasPrefix(symbol, line+" ") {
				return p
			}
		}
		for _, prefix := range p.Auxiliary {
			take(p, prefix, false)
		}
	}
	return best
}

// below reports whether a dotted name is a prefix or lies below it.
func below(name, prefix string) bool {
	return strings.HasPrefix(name, prefix) && (len(name) == len(prefix) || strings.HasSuffix(prefix, ".") || name[len(prefix)] == '.')
}

// Code gives the code for something that the engine itself has to say of a
// symbol, by its role in Pack.Codes.
func (m *Migration) Code(role, symbol string) string { return m.Of(symbol).Codes[role] }

// HasRole reports whether a code is that of a role in some pack.
func (m *Migration) HasRole(code, role string) bool {
	return slices.ContainsFunc(m.Packs, func(p *Pack) bool { return code != "" && p.Codes[role] == code })
}

// packOf gives the pack to whose family a code belongs, nil for none.
func (m *Migration) packOf(code string) *Pack {
	for _, p := range m.Packs {
		if p.Family != "" && strings.HasPrefix(code, p.Family) {
			return p
		}
	}
	return nil
}

// usualTarget is the target for which a code speaks where nothing is said: the
// default one of its pack; of codes that belong to no family, that of the first
// pack.
func (m *Migration) usualTarget(code string) string {
	if p := m.packOf(code); p != nil {
		return p.Targets[0].ID
	}
	return m.Packs[0].Targets[0].ID
}

// MarkTarget is what a mark with a code says of its target: "" where it is the
// usual one.
func (m *Migration) MarkTarget(code string) string {
	if m.usualTarget(code) == m.Target {
		return ""
	}
	return m.Target
}

// Own reports whether a mark with a code and a target is one of this migration:
// what it stands above is left to a person. One for another target is none: what
// it stands above is tried again.
func (m *Migration) Own(code, target string) bool {
	return cmp.Or(target, m.usualTarget(code)) == m.Target
}

// Answers reports whether a use of a symbol is what a mark with a code may be
// about.
func (m *Migration) Answers(code, symbol string) bool {
	p := m.packOf(code)
	return p == nil || p == m.Of(symbol)
}

// Incomplete reports whether the pack of a symbol has not yet an answer for all
// of its symbols where this is the target.
func (m *Migration) Incomplete(symbol string) bool { return !m.Of(symbol).Target(m.Target).Complete }

// Neighbourhood tells of a file's text which of the neighbours it needs and
// which it gives, a bit each.
func (m *Migration) Neighbourhood(has func(word string) bool) (needs, gives uint64) {
	for i, n := range m.Neighbours {
		if slices.ContainsFunc(n.Gives, has) {
			gives |= 1 << i
		} else if slices.ContainsFunc(n.Reads, has) {
			needs |= 1 << i
		}
	}
	return needs, gives
}
