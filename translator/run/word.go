package run

/*
#cgo CFLAGS: -O3
#include <stddef.h>
#include <string.h>

// find gives the first place of a word in a text, -1 if there is none. The compiler makes vector code of the loop over
// a block, which looks for two bytes of the word at once: the difference is 0 where both are there.
static ptrdiff_t find(const unsigned char *text, size_t size, const unsigned char *word, size_t length, size_t rare, size_t second) {
	enum { block = 256 };
	if (length > size)
		return -1;
	size_t places = size - length + 1;
	for (size_t from = 0; from < places; from += block) {
		size_t count = places - from < block ? places - from : block;
		const unsigned char *a = text + from + rare, *b = text + from + second;
		unsigned char is_a = word[rare], is_b = word[second], least = 1;
		for (size_t i = 0; i < count; i++) {
			unsigned char difference = (a[i] ^ is_a) | (b[i] ^ is_b);
			least = difference < least ? difference : least;
		}
		for (size_t i = 0; least == 0 && i < count; i++)
			if (a[i] == is_a && memcmp(text + from + i, word, length) == 0)
				return from + i;
	}
	return -1;
}
*/
import "C"

import (
	"strings"
	"unsafe"
)

// A word stands for those that contain it: a text without it has none of them.
type word struct {
	text         string
	rare, second int // indexes of its rarest bytes
	of           []string
}

func newWord(text string, of ...string) word {
	rare := rarest(text, -1)
	return word{text, rare, rarest(text, rare), of}
}

// frequent are the bytes of Python programs, the most frequent first, as
// counted over 40 MB of public packages.
const frequent = " etsranio\nlcd_\",pufm:.gh()'yb=-vwxk0ASET1[]NCR2ID#PGL{}F*>M\\O`3/Bj4Uqz|5V68+79HWK?<%X~@YJ$!Q;"

// rarest is the index of the byte of a word that is the least frequent, but not
// that at index other unless there is no second one.
func rarest(text string, other int) int {
	best, at := -1, 0
	for i := range len(text) {
		if i == other {
			continue
		}
		rank := strings.IndexByte(frequent, text[i])
		if rank < 0 {
			rank = len(frequent)
		}
		if rank > best {
			best, at = rank, i
		}
	}
	return at
}

// in tells whether a text holds the word.
func (w *word) in(raw []byte) bool {
	return w.next(raw, 0) >= 0
}

// next gives the index of the first occurrence at or after from, -1 if there
// is none. Two bytes at a time, and many places at once, take a quarter of what
// bytes.IndexByte takes for the rarest of them: most words have none that is
// rare, and each time it is found costs as much as searching a hundred bytes.
func (w *word) next(raw []byte, from int) int {
	rest := raw[min(from, len(raw)):]
	i := C.find((*C.uchar)(unsafe.SliceData(rest)), C.size_t(len(rest)),
		(*C.uchar)(unsafe.StringData(w.text)), C.size_t(len(w.text)), C.size_t(w.rare), C.size_t(w.second))
	if i < 0 {
		return -1
	}
	return from + int(i)
}
