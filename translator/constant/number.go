package constant

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Number reads a number literal: int64, *big.Int or float64; nil for complex
// numbers and what is too large.
func Number(s string) any {
	s = strings.ReplaceAll(s, "_", "")
	low := strings.ToLower(s)
	if strings.HasSuffix(low, "j") {
		return nil
	}
	if strings.HasPrefix(low, "0x") || strings.HasPrefix(low, "0o") || strings.HasPrefix(low, "0b") || !strings.ContainsAny(low, ".e") {
		if strings.HasSuffix(low, "l") {
			return nil
		}
		if len(low) > MaxBits/3 {
			return nil
		}
		if len(low) > 1 && low[0] == '0' && low[1] >= '0' && low[1] <= '9' {
			if strings.Trim(low, "0") != "" {
				return nil // Python 2's octal
			}
			return int64(0)
		}
		i, ok := new(big.Int).SetString(low, 0)
		if !ok {
			return nil
		}
		return Int(i)
	}
	x, err := strconv.ParseFloat(low, 64)
	if err != nil && !math.IsInf(x, 0) {
		return nil
	}
	return x
}

// Int gives an int constant in its smallest form, nil if it is too large.
func Int(i *big.Int) any {
	if i.IsInt64() {
		return i.Int64()
	}
	if i.BitLen() > MaxBits {
		return nil
	}
	return i
}

// Big gives a bool or an int as an int; not ok for others.
func Big(v any) (*big.Int, bool) {
	switch x := v.(type) {
	case bool:
		if x {
			return big.NewInt(1), true
		}
		return new(big.Int), true
	case int64:
		return big.NewInt(x), true
	case *big.Int:
		return x, true
	}
	return nil, false
}

// Float gives a bool, an int or a float as a float; not ok for others, and where
// CPython raises OverflowError.
func Float(v any) (float64, bool) {
	if x, ok := v.(float64); ok {
		return x, true
	}
	i, ok := Big(v)
	if !ok {
		return 0, false
	}
	x, _ := new(big.Float).SetInt(i).Float64()
	return x, !math.IsInf(x, 0)
}

// Truth is bool(v) of a constant.
func Truth(v any) bool {
	switch x := v.(type) {
	case nil:
		return false
	case bool:
		return x
	case int64:
		return x != 0
	case *big.Int:
		return x.Sign() != 0
	case float64:
		return x != 0
	case string:
		return x != ""
	case []byte:
		return len(x) > 0
	}
	return true
}

// ToInt computes int(x), or int(x, base) of a text where base is not 0; nil where
// CPython raises, and for spellings that versions of Python read otherwise.
func ToInt(x any, base int) any {
	switch y := x.(type) {
	case float64:
		if math.IsInf(y, 0) || math.IsNaN(y) || base != 0 {
			return nil
		}
		i, _ := big.NewFloat(y).Int(nil)
		return Int(i)
	case string:
		if base == 0 {
			base = 10
		}
		s := strings.TrimSpace(y)
		if s == "" || strings.Contains(s, "_") || len(s) > MaxBits/3 || !ASCII(s) {
			return nil
		}
		low := strings.ToLower(strings.TrimLeft(s, "+-"))
		for b, p := range map[int]string{16: "0x", 8: "0o", 2: "0b"} {
			if base == b && strings.HasPrefix(low, p) {
				s = strings.Replace(strings.ToLower(s), p, "", 1)
			}
		}
		if s == "" || strings.ContainsAny(s[1:], "+-") || strings.ContainsAny(low, "+-") {
			return nil
		}
		i, ok := new(big.Int).SetString(s, base)
		if !ok {
			return nil
		}
		return Int(i)
	}
	if i, ok := Big(x); ok && base == 0 {
		return Int(i)
	}
	return nil
}

// ToFloat computes float(x); not ok where CPython raises, and for names of
// numbers ("inf", "nan").
func ToFloat(x any) (float64, bool) {
	s, isStr := x.(string)
	if !isStr {
		return Float(x)
	}
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s, "xXpP_iInN") {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
