package run

import (
	"errors"
	"sync"
	"sync/atomic"
)

// A Gate is for whoever ends the process while a run goes on: what must not be
// cut off passes it, one file after the other. The zero Gate is open. It is
// there for tidiness; a run that is killed at any other moment leaves nothing
// half written either, but may leave a temporary file for the next to remove.
type Gate struct {
	mu     sync.RWMutex
	closed bool
	files  atomic.Int64
}

var errClosed = errors.New("the run was ended")

// Close waits for what has passed, lets nothing else pass, and gives the number
// of files that were written.
func (g *Gate) Close() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	return g.Files()
}

// Files is the number of files that were written.
func (g *Gate) Files() int { return int(g.files.Load()) }

// pass does what must not be cut off.
func (g *Gate) pass(do func() error) error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.closed {
		return errClosed
	}
	return do()
}

// write is pass for what writes a file.
func (g *Gate) write(do func() error) error {
	return g.pass(func() error {
		err := do()
		if err == nil {
			g.files.Add(1)
		}
		return err
	})
}
