package sdk

import (
	"sync"
	"sync/atomic"
)

// A cache keeps what was found under a key. It is safe for concurrent use, and reading what it has known for a while
// takes no lock.
type cache[K comparable, V any] struct {
	settled atomic.Pointer[map[K]V] // never written to
	mu      sync.Mutex
	all     map[K]V // settled and what came later; nil when there is no more than settled
	misses  int     // questions that settled could not answer
}

func (c *cache[K, V]) load(key K) (V, bool) {
	settled := c.settled.Load()
	if settled != nil {
		if v, ok := (*settled)[key]; ok {
			return v, true
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.all[key]
	if c.all == nil {
		if settled = c.settled.Load(); settled != nil {
			v, ok = (*settled)[key]
		}
		return v, ok
	}
	if c.misses++; c.misses > len(c.all) {
		all := c.all
		c.settled.Store(&all)
		c.all, c.misses = nil, 0
	}
	return v, ok
}

// keep stores a value unless there is one already, and returns the one that is stored.
func (c *cache[K, V]) keep(key K, value V) V {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[K]V{}
		if settled := c.settled.Load(); settled != nil {
			for k, v := range *settled {
				c.all[k] = v
			}
		}
	}
	if v, ok := c.all[key]; ok {
		return v
	}
	c.all[key] = value
	return value
}
