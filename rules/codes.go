package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

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

// NextCode gives the code for the next rule or note of a series: the one after
// the highest that a rule or a note has or had. What is free below stays free: a
// comment or a setting of a user's may name a code that is gone.
//
// A series are the codes that differ in their last two digits at most: BAI2 is
// the beginning of that of BAI264, CML of that of CML7.
func NextCode(packs []*Pack, beginning string) (string, error) {
	highest := map[string]number{}
	for _, p := range packs {
		for _, code := range slices.Concat(p.AllCodes(), p.Retired) {
			if series, n, ok := splitCode(code); ok && n.value >= highest[series].value {
				highest[series] = n
			}
		}
	}
	var all []string
	for series := range highest {
		all = append(all, series)
	}
	slices.Sort(all)
	i := slices.IndexFunc(all, func(series string) bool { return strings.EqualFold(series, beginning) })
	if i < 0 {
		return "", fmt.Errorf("no codes begin so, but with %s%s", list(all), beginningHint(beginning, all))
	}
	n := highest[all[i]]
	if n.value == lastOfSeries {
		return "", fmt.Errorf("%s%d is the last code that begins so: take another beginning", all[i], n.value)
	}
	return fmt.Sprintf("%s%0*d", all[i], n.digits, n.value+1), nil
}

const lastOfSeries = 99

// number is what a code has behind the beginning of its series, as it is
// written.
type number struct{ value, digits int }

// splitCode gives the beginning of a code's series and its number there; a letter
// behind the number (BAI405b) belongs to neither.
func splitCode(code string) (series string, n number, ok bool) {
	const digits = "0123456789"
	if last := len(code) - 1; last > 0 && 'a' <= code[last] && code[last] <= 'z' && strings.IndexByte(digits, code[last-1]) >= 0 {
		code = code[:last]
	}
	letters := len(strings.TrimRight(code, digits))
	cut := max(letters, len(code)-2)
	if letters == 0 || cut == len(code) {
		return "", number{}, false
	}
	value, _ := strconv.Atoi(code[cut:])
	return code[:cut], number{value, len(code) - cut}, true
}

// beginningHint says what was meant by a beginning with which there is no code, or
// which would be the first.
func beginningHint(beginning string, all []string) string {
	if series, _, ok := splitCode(beginning); ok && slices.Contains(all, series) {
		return fmt.Sprintf("; did you mean %q?", series) // a code
	}
	if slices.ContainsFunc(all, func(series string) bool { return strings.HasPrefix(series, beginning) }) {
		return "" // any of them
	}
	if near := suggest(beginning, all); near != "" {
		return near
	}
	letters := strings.TrimRight(beginning, "0123456789")
	switch {
	case letters == "" || strings.ContainsFunc(letters, func(r rune) bool { return !unicode.IsLetter(r) }):
		return ""
	case letters == beginning:
		return fmt.Sprintf("; the first of new ones is %s1", beginning)
	}
	return fmt.Sprintf("; the first of new ones is %s01", beginning)
}

// retired finds codes that are given again.
func (v *validation) retired() {
	for _, code := range v.pack.Retired {
		i := slices.IndexFunc(v.pack.Rules, func(r *Rule) bool { return r.ID == code })
		if i >= 0 {
			v.errorf(v.pack.Rules[i], "id", "id %s is retired: it was another rule's%s", code, v.freeCode(code))
		} else if slices.Contains(v.pack.AllCodes(), code) {
			v.errorf(v.pack, "retired", "note %s has the code of one that is gone%s", code, v.freeCode(code))
		}
	}
}

// freeCode names a code to take where one cannot be had.
func (v *validation) freeCode(code string) string {
	series, _, ok := splitCode(code)
	if !ok {
		return ""
	}
	next, err := NextCode([]*Pack{v.pack}, series)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("; %s is free", next)
}
