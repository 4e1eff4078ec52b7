package report

import (
	"bufio"
	"fmt"
	"io"
	"text/tabwriter"
)

// Text prints what a person has to look at, the table by code and the summary.
// The findings that need nobody are only counted.
func Text(w io.Writer, r *Report, colour bool) error {
	out := bufio.NewWriter(w)
	for i := range r.Files {
		Findings(out, &r.Files[i], colour)
	}
	if rows := r.byCode(); len(rows) > 0 {
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprint(table, "code\t")
		for _, v := range Verdicts {
			fmt.Fprintf(table, "%s\t", v.Phrase())
		}
		fmt.Fprintln(table)
		for _, row := range rows {
			fmt.Fprintf(table, "%s\t", visibleLine(row.Code))
			for _, v := range Verdicts {
				fmt.Fprintf(table, "%d\t", row.Uses[v])
			}
			fmt.Fprintln(table)
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	fmt.Fprintln(out, paint(colour, bold, visibleLine(r.Summary())))
	return out.Flush()
}

// Findings prints the error of a file and those of its findings that are for a
// person, one a line. Of neighbours that say the same the first stands for all.
func Findings(w io.Writer, f *File, colour bool) {
	if f.Err != nil {
		fmt.Fprintln(w, paint(colour, red, visibleLine(f.Err.Error())))
	}
	for _, x := range f.Warnings {
		fmt.Fprintf(w, "%s: %s %s\n", VisiblePath(f.place(x.Cell, x.Line, x.Column)), paint(colour, yellow, "warning:"), visibleLine(x.Message))
	}
	for _, x := range groups(f.Findings) {
		message := visibleLine(x.Message)
		if x.More > 0 {
			message += fmt.Sprintf(" (and %d more here)", x.More)
		}
		c := yellow
		if x.Verdict == Manual {
			c = red
		}
		fmt.Fprintf(w, "%s: %s %s: %s\n", VisiblePath(f.Place(x.Finding)), visibleLine(x.Code), paint(colour, c, x.Verdict.Phrase()), message)
	}
}

// A group is a finding and how many of its next neighbours say the same.
type group struct {
	Finding
	More int
}

// groups gathers the findings that are for a person, without regard to those
// between them that need nobody.
func groups(findings []Finding) []group {
	var all []group
	for _, x := range findings {
		if x.Verdict == Migrated {
			continue
		}
		if n := len(all); n > 0 {
			last := &all[n-1]
			if last.Code == x.Code && last.Message == x.Message && last.Verdict == x.Verdict && last.Cell == x.Cell {
				last.More++
				continue
			}
		}
		all = append(all, group{Finding: x})
	}
	return all
}
