package ir

import (
	"math/big"
	"strconv"
)

// pieceText is str(v) for the constants whose str is beyond doubt; floats are
// left out (their repr is the folder's business).
func pieceText(v Value) (string, bool) {
	if s, ok := String(v); ok {
		return s, true
	}
	c, ok := v.(*Const)
	if !ok {
		return "", false
	}
	switch x := c.V.(type) {
	case nil:
		return "None", true
	case bool:
		if x {
			return "True", true
		}
		return "False", true
	case int64:
		return strconv.FormatInt(x, 10), true
	case *big.Int:
		return x.String(), true
	}
	return "", false
}
