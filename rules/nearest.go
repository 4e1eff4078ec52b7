package rules

import "fmt"

// suggest words the nearest known name as a hint, or gives "".
func suggest(name string, known []string) string {
	if best := nearest(name, known); best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return ""
}

// nearest gives the known name within a third of the length in edits, ties to
// the alphabet; "" when none is near.
func nearest(name string, known []string) string {
	best, least := "", len(name)/3+1
	for _, k := range known {
		d := distance(name, k)
		if d > least || d == least && (best == "" || k >= best) && best != "" {
			continue
		}
		if d <= least {
			best, least = k, d
		}
	}
	return best
}

// distance is the number of insertions, deletions and replacements between two
// names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			above := row[j]
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j]+1, row[j-1]+1, diagonal+cost)
			diagonal = above
		}
	}
	return row[len(b)]
}

// Suggest words the known name nearest to one that is not known as a hint for
// an error ("; did you mean ...?"), or gives "".
func Suggest(name string, known []string) string { return suggest(name, known) }
