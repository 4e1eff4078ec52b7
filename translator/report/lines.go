package report

import (
	"sort"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// lineEdits gives the edits by whole lines that turn before into after, for
// people to read: lines that occur once on either side, in the same order,
// stay together (a patience diff), so that a long page with many like lines is
// not shown as one big change.
func lineEdits(before, after string) []udiff.Edit {
	a, b := splitLines(before), splitLines(after)
	var edits []udiff.Edit
	i, j := 0, 0 // lines
	between := func(i2, j2 int) {
		old, now := a.text(i, i2), b.text(j, j2)
		for _, e := range udiff.Lines(old, now) {
			e.Start += a.at[i]
			e.End += a.at[i]
			edits = append(edits, e)
		}
	}
	for _, m := range anchors(a.lines, b.lines) {
		between(m[0], m[1])
		i, j = m[0]+1, m[1]+1
	}
	between(len(a.lines), len(b.lines))
	return edits
}

// lined is a text with the byte offset at which each of its lines begins, and
// one offset more: its end.
type lined struct {
	whole string
	lines []string
	at    []int
}

func splitLines(s string) lined {
	l := lined{whole: s, lines: strings.SplitAfter(s, "\n"), at: []int{0}}
	if n := len(l.lines); l.lines[n-1] == "" {
		l.lines = l.lines[:n-1]
	}
	for i, line := range l.lines {
		l.at = append(l.at, l.at[i]+len(line))
	}
	return l
}

func (l lined) text(from, to int) string { return l.whole[l.at[from]:l.at[to]] }

// anchors pairs the lines that occur once in a and once in b, as many of them
// as stand in the same order: a longest increasing subsequence.
func anchors(a, b []string) [][2]int {
	type seen struct{ n, at int }
	count := func(lines []string) map[string]seen {
		m := map[string]seen{}
		for i, l := range lines {
			s := m[l]
			m[l] = seen{s.n + 1, i}
		}
		return m
	}
	inA, inB := count(a), count(b)
	var pairs [][2]int
	for i, l := range a {
		if inA[l].n == 1 && inB[l].n == 1 && strings.TrimSpace(l) != "" {
			pairs = append(pairs, [2]int{i, inB[l].at})
		}
	}
	// ends[k] is the pair that ends the best chain of length k+1.
	var ends []int
	prev := make([]int, len(pairs))
	for p, pair := range pairs {
		k := sort.Search(len(ends), func(k int) bool { return pairs[ends[k]][1] >= pair[1] })
		prev[p] = -1
		if k > 0 {
			prev[p] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, p)
		} else {
			ends[k] = p
		}
	}
	var chain [][2]int
	if len(ends) > 0 {
		for p := ends[len(ends)-1]; p >= 0; p = prev[p] {
			chain = append(chain, pairs[p])
		}
	}
	for x, y := 0, len(chain)-1; x < y; x, y = x+1, y-1 {
		chain[x], chain[y] = chain[y], chain[x]
	}
	return chain
}
