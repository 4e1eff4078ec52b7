package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"pyxlate/translator/report"
	"pyxlate/translator/run"
)

// progressLine is a line of a terminal that says how far a run is, once there is
// something to wait for. It goes before anything else is printed.
type progressLine struct {
	w     io.Writer
	mu    sync.Mutex
	began time.Time
	last  time.Time
	shown bool
}

const (
	progressAfter = 400 * time.Millisecond // most runs have ended by then
	progressEvery = 100 * time.Millisecond
)

func (p *progressLine) show(at run.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.began.IsZero() {
		p.began = now
	}
	if now.Sub(p.began) < progressAfter || now.Sub(p.last) < progressEvery {
		return
	}
	p.last, p.shown = now, true
	doing := "searching"
	if at.Translating {
		doing = "translating"
	}
	text := []rune(fmt.Sprintf("%s %d of %d: %s", doing, at.Done+1, at.Total, report.VisiblePath(at.Path)))
	if width := widthOf(p.w) - 1; width > 0 && len(text) > width {
		text = append(text[:width-1], '…')
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s", string(text))
}

// clear takes the line away.
func (p *progressLine) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
