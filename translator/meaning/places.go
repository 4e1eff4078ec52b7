package meaning

import (
	"iter"
	"math/bits"

	"pyxlate/grammar"
)

// nodeSet is a set of nodes of one tree, each with its number in the set.
type nodeSet struct {
	words []uint64 // a bit for each node
	ranks []int32  // how many are in the words before
	size  int
}

func newNodeSet(nodes int) *nodeSet {
	return &nodeSet{words: make([]uint64, (nodes+63)/64), ranks: make([]int32, (nodes+63)/64)}
}

// add takes a node in; index answers only when all are in and count is called.
func (s *nodeSet) add(id int32) { s.words[id>>6] |= 1 << (id & 63) }

func (s *nodeSet) count() {
	for w, word := range s.words {
		s.ranks[w] = int32(s.size)
		s.size += bits.OnesCount64(word)
	}
}

// index gives the number of a node, -1 if it is not in the set.
func (s *nodeSet) index(id int32) int32 {
	w, bit := s.words[id>>6], uint64(1)<<(id&63)
	if w&bit == 0 {
		return -1
	}
	return s.ranks[id>>6] + int32(bits.OnesCount64(w&(bit-1)))
}

// byNode holds something for nodes of a tree: compactly for those of a set,
// and for any other as well.
type byNode[T comparable] struct {
	set  *nodeSet
	vals []T
	rest map[int32]*T
}

func newByNode[T comparable](s *nodeSet) byNode[T] { return byNode[T]{set: s, vals: make([]T, s.size)} }

// get gives what is held for a node; the zero value if nothing is.
func (b *byNode[T]) get(id int32) (v T) {
	if i := b.set.index(id); i >= 0 {
		return b.vals[i]
	}
	if p := b.rest[id]; p != nil {
		return *p
	}
	return v
}

// at gives the place of a node.
func (b *byNode[T]) at(id int32) *T {
	if i := b.set.index(id); i >= 0 {
		return &b.vals[i]
	}
	p := b.rest[id]
	if p == nil {
		p = new(T)
		if b.rest == nil {
			b.rest = map[int32]*T{}
		}
		b.rest[id] = p
	}
	return p
}

// all yields the nodes for which something is held, in order.
func (b *byNode[T]) all() iter.Seq2[int32, T] {
	return func(yield func(int32, T) bool) {
		var zero T
		others := sortedKeys(b.rest)
		other := func(before int32) bool {
			for len(others) > 0 && others[0] < before {
				id := others[0]
				others = others[1:]
				if v := *b.rest[id]; v != zero && !yield(id, v) {
					return false
				}
			}
			return true
		}
		i := 0
		for w, word := range b.set.words {
			for ; word != 0; word &= word - 1 {
				id := int32(w<<6 + bits.TrailingZeros64(word))
				if v := b.vals[i]; v != zero && (!other(id) || !yield(id, v)) {
					return
				}
				i++
			}
		}
		other(int32(len(b.set.words) << 6))
	}
}

// places are the nodes of a tree at which something is usually found.
type places struct {
	values     *nodeSet // expressions
	names      *nodeSet // identifiers, and what binds the name of an import
	statements *nodeSet
}

func placesOf(t *grammar.Tree) places {
	p := places{newNodeSet(t.Len()), newNodeSet(t.Len()), newNodeSet(t.Len())}
	for id := range int32(t.Len()) {
		n := t.Node(id)
		if !n.IsNamed() {
			continue
		}
		switch n.Kind() {
		case grammar.KindModule, grammar.KindBlock:
			for c := range n.Children() {
				if !c.Is(grammar.KindComment) {
					p.statements.add(c.ID())
				}
			}
			continue
		case grammar.KindComment, grammar.KindExpressionStatement, grammar.KindArgumentList, grammar.KindStringStart, grammar.KindStringContent, grammar.KindStringEnd:
			continue
		case grammar.KindIdentifier, grammar.KindDottedName, grammar.KindAliasedImport:
			p.names.add(id)
		}
		p.values.add(id)
	}
	p.values.count()
	p.names.count()
	p.statements.count()
	return p
}
