package grammar

import "testing"

// requireWellFormed checks what every tree owes, whatever the text.
func requireWellFormed(t testing.TB, tree *Tree) {
	t.Helper()
	if root := tree.Root(); root.Last() != int32(tree.Len()-1) || !root.Parent().IsZero() {
		t.Fatalf("the root has last %d of %d nodes", root.Last(), tree.Len())
	}
	for id := int32(0); id < int32(tree.Len()); id++ {
		n := tree.Node(id)
		if n.Start() > n.End() || n.End() > len(tree.Source()) || n.CodeEnd() > n.End() {
			t.Fatalf("node %d %s has the range [%d,%d) of %d bytes", id, n.Kind(), n.Start(), n.End(), len(tree.Source()))
		}
		if n.Kind().String() == "" {
			t.Fatalf("node %d has the unknown kind %d", id, n.Kind())
		}
		next, at := id+1, n.Start()
		for child := range n.AllChildren() {
			if child.ID() != next || child.Parent() != n {
				t.Fatalf("node %d %s: child %d expected, %d found\n%s", id, n.Kind(), next, child.ID(), dump(tree.Root(), 0))
			}
			if child.Start() < at || child.End() > n.End() {
				t.Fatalf("node %d %s [%d,%d) has the child %s [%d,%d) after %d", id, n.Kind(), n.Start(), n.End(),
					child.Kind(), child.Start(), child.End(), at)
			}
			next, at = child.Last()+1, child.End()
		}
		if next != n.Last()+1 {
			t.Fatalf("node %d %s ends at %d instead of %d", id, n.Kind(), next-1, n.Last())
		}
	}
}
