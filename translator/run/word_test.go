package run

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWordsAreFoundWhereTheyAre(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func(size int) []byte {
		out := make([]byte, size)
		for i := range out {
			out[i] = "abx\x00\xff"[random.IntN(5)]
		}
		return out
	}
	for range 3000 {
		raw, needle := text(random.IntN(700)), text(1+random.IntN(8))
		w, from := newWord(string(needle)), random.IntN(len(raw)+1)
		want := bytes.Index(raw[from:], needle)
		if want >= 0 {
			want += from
		}
		require.Equal(t, want, w.next(raw, from), "%q in %q from %d", needle, raw, from)
	}
	w := newWord("word")
	require.False(t, w.in(nil))
	require.Equal(t, -1, w.next([]byte("word"), 5))
}

func BenchmarkWord(b *testing.B) {
	text := bytes.Repeat([]byte("def method(self, batch):\n    return self.utility[batch.check]\n"), 300)
	w := newWord("batchai")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		w.in(text)
	}
}
