package grammar

import (
	"bufio"
	"bytes"
	"sync"

	"github.com/go-python/gpython/parser"
	"github.com/go-python/gpython/py"
)

// maxSecondOpinion is the size in bytes from which AcceptedByGpython says nothing. Below it, it takes a few seconds at
// the very worst.
const maxSecondOpinion = 1 << 20

// AcceptedByGpython reports whether gpython's parser takes the text (UTF-8, without IPython's lines). It knows Python
// 3.4: a no says little (f-strings, annotations, async are unknown to it), but what it took before an edit it must take
// after. It takes no text over 1 MiB. Safe for concurrent use.
func AcceptedByGpython(src []byte) (accepted bool) {
	if len(src) > maxSecondOpinion {
		return false
	}
	defer func() {
		if recover() != nil {
			accepted = false
		}
	}()
	buffer := buffers.Get().(*bufio.Reader)
	defer buffers.Put(buffer)
	buffer.Reset(bytes.NewReader(src))
	_, err := parser.Parse(buffer, "", py.ExecMode)
	return err == nil
}

// buffers are readers for gpython, which makes one for each text if it is given another kind.
var buffers = sync.Pool{New: func() any { return bufio.NewReader(nil) }}
