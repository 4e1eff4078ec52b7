package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"pyxlate/translator/report"
	"pyxlate/translator/run"
)

// errInterrupted is what a signal that asks the process to end comes to.
var errInterrupted = errors.New("interrupted")

// errNoAnswer ends a run whose questions nobody answers any more.
var errNoAnswer = errors.New("the input ended before all questions were answered")

// process is what a call can do with the process that it is the work of.
type process struct {
	gate *run.Gate   // for what must not be cut off
	end  func(error) // ends the work
}

// interruptible does the work of a call until it is done or a signal asks to
// end, whatever it waits for then: a prompt, a pipe, a program of any size.
// What must not be cut off is waited for; interrupted says what is to be known
// after so many files were written. A second signal ends the process at once.
func interruptible(work func(context.Context, process) (int, error), interrupted func(files int) error) (int, error) {
	ctx, end := context.WithCancelCause(context.Background())
	defer end(nil)
	gate := new(run.Gate)
	signals := make(chan os.Signal, 1)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) { // as nohup has it
			signal.Notify(signals, s)
		}
	}
	defer signal.Stop(signals)
	type outcome struct {
		status int
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		status, err := work(ctx, process{gate, end})
		done <- outcome{status, err}
	}()
	select {
	case o := <-done:
		return o.status, o.err
	case <-signals:
		signal.Stop(signals)
		end(errInterrupted)
		return statusFailed, interrupted(gate.Close())
	}
}

// interrupted says what is to be known after a command that a signal ended,
// when it had written so many files.
func (c *commandLine) interrupted(command string, files int) error {
	switch command {
	case "undo":
		if files == 0 {
			return fmt.Errorf("%w; nothing was restored", errInterrupted)
		}
		return fmt.Errorf("%w; %s restored, and the next `pyxlate undo` goes on", errInterrupted, were(files))
	case "translate":
		return c.Translate.unfinished(errInterrupted, files)
	}
	return errInterrupted
}

// unfinished says what is to be known after a run that did not come to its end.
func (c *translateCommand) unfinished(why error, files int) error {
	switch {
	case c.Write && files == 0:
		return fmt.Errorf("%w; no file was written", why)
	case c.Write:
		return fmt.Errorf("%w; %s rewritten before, and `pyxlate undo` takes this back", why, were(files))
	case c.Out != "":
		return fmt.Errorf("%w; the copy at %s is not complete", why, report.Visible(c.Out))
	}
	return why
}

func were(files int) string {
	if files == 1 {
		return "1 file was"
	}
	return fmt.Sprintf("%d files were", files)
}
