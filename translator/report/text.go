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
			fmt.Fprintf(table, "%s\t", v.phrase())
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
		fmt.Fprintf(w, "%s: %s %s\n", visibleLine(f.place(x.Cell, x.Line, x.Column)), paint(colour, yellow, "warning:"), visibleLine(x.Message))
	}
	for i := 0; i < len(f.Findings); i++ {
		x := f.Findings[i]
		if x.Verdict == Migrated {
			continue
		}
		more := 0
		for j := i + 1; j < len(f.Findings); j++ {
			y := f.Findings[j]
			if y.Verdict == Migrated {
				continue
			}
			if y.Code != x.Code || y.Message != x.Message || y.Verdict != x.Verdict || y.Cell != x.Cell {
				break
			}
			more, i = more+1, j
		}
		message := visibleLine(x.Message)
		if more > 0 {
			message += fmt.Sprintf(" (and %d more here)", more)
		}
		c := yellow
		if x.Verdict == Manual {
			c = red
		}
		fmt.Fprintf(w, "%s: %s %s: %s\n", visibleLine(f.Place(x)), visibleLine(x.Code), paint(colour, c, x.Verdict.phrase()), message)
	}
}
