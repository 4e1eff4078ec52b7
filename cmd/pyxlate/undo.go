package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"pyxlate/translator/report"
	"pyxlate/translator/run"
)

type undoCommand struct {
	Force  bool `help:"Restore files that changed since as well."`
	List   bool `xor:"which" help:"List the runs that can be taken back, those of this project marked *."`
	Number *int `name:"run" xor:"which" placeholder:"N" help:"Take back run N of the list, of whatever project."`
	All    bool `xor:"which" help:"Take back the last run of all projects."`
}

func (c *undoCommand) run(env environment) (int, error) {
	number := 0
	if c.Number != nil {
		if number = *c.Number; number < 1 {
			return 0, usagef("--run %d: give a number of the list", number)
		}
	}
	if c.List {
		return statusDone, c.list(env.stdout)
	}
	restored, refused := 0, 0
	err := run.Undo{
		Force: c.Force, Number: number, Anywhere: c.All, Gate: env.gate,
		Confirm: func(r run.PastRun, outside []string) error { return confirm(env, r, outside) },
		Done: func(u run.Undone) {
			if u.Err != nil {
				refused++
				fmt.Fprintf(env.stderr, "%s: %s\n", report.VisiblePath(fromHere(u.Path)), report.Visible(u.Err.Error()))
				return
			}
			restored++
			fmt.Fprintf(env.stderr, "%s: restored\n", report.VisiblePath(fromHere(u.Path)))
		},
	}.Run()
	if err != nil {
		return 0, err
	}
	if restored+refused == 0 {
		fmt.Fprintln(env.stderr, "the last undo had restored all files before it was ended")
	} else {
		fmt.Fprintf(env.stderr, "%d restored, %d left\n", restored, refused)
	}
	if refused > 0 {
		return statusFailed, nil
	}
	return statusDone, nil
}

// confirm asks whether to take back a run that reaches beyond this project.
func confirm(env environment, r run.PastRun, outside []string) error {
	files := fmt.Sprintf("%d files", len(outside))
	if len(outside) == 1 {
		files = "1 file"
	}
	what := fmt.Sprintf("run %d (%s) wrote %s outside of this project, such as %s", r.Number, startOf(r), files, report.VisiblePath(outside[0]))
	if !isTerminal(env.stdin) {
		return fmt.Errorf("%s; nothing is taken back, for nobody is asked here: call `pyxlate undo` in that project", what)
	}
	in := bufio.NewReader(env.stdin)
	for {
		fmt.Fprintf(env.stderr, "%s. Take it back [y,n]? ", what)
		answer, err := in.ReadString('\n')
		switch answer = strings.ToLower(strings.TrimSpace(answer)); {
		case answer == "y" || answer == "yes":
			return nil
		case answer == "n" || answer == "no" || err != nil:
			return fmt.Errorf("nothing is taken back")
		}
	}
}

// startOf says when and where a run was started.
func startOf(r run.PastRun) string {
	text := r.Began.Local().Format("2006-01-02 15:04:05")
	if r.Project != "" {
		text += " in " + report.VisiblePath(r.Project)
	}
	return text
}

func (c *undoCommand) list(w io.Writer) error {
	all, err := run.Runs("")
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if len(all) == 0 {
		fmt.Fprintln(t, run.ErrNothing)
		return t.Flush()
	}
	fmt.Fprintln(t, " \trun\twhen\tfiles\tproject")
	for _, r := range all {
		mark, project := " ", r.Project
		if r.Here {
			mark = "*"
		}
		if project == "" && len(r.Files) > 0 { // of a version that did not keep it
			project = r.Files[0] + ", ..."
		}
		if project = report.VisiblePath(project); r.GoingOn {
			project += " (going on)"
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%d\t%s\n", mark, r.Number, r.Began.Local().Format("2006-01-02 15:04:05"), len(r.Files), project)
	}
	return t.Flush()
}
