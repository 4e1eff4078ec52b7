package constant

import (
	"math"
	"math/big"
	"strings"
)

// Arithmetic computes a op b of two constants, not bool and int of a text or
// bytes but their numbers, and a text times a number. It declines (false) what
// CPython raises on, what grows too large, and operators that it does not know.
func Arithmetic(op string, a, b any) (any, bool) {
	if op == "*" {
		s, ok := a.(string)
		i, ok2 := b.(int64)
		if !ok {
			s, ok = b.(string)
			i, ok2 = a.(int64)
		}
		if ok {
			if !ok2 || i > MaxText {
				return nil, false
			}
			i = max(i, 0)
			if len(s)*int(i) > MaxText {
				return nil, false
			}
			return strings.Repeat(s, int(i)), true
		}
	}
	x, ok1 := Big(a)
	y, ok2 := Big(b)
	if ok1 && ok2 && op != "/" {
		v, ok := intArithmetic(op, x, y)
		if ok {
			_, ba := a.(bool)
			_, bb := b.(bool)
			if i, small := v.(int64); small && ba && bb && (op == "&" || op == "|" || op == "^") {
				return i != 0, true
			}
		}
		return v, ok
	}
	p, ok1 := Float(a)
	q, ok2 := Float(b)
	if !ok1 || !ok2 {
		return nil, false
	}
	var z float64
	switch op {
	case "+":
		z = p + q
	case "-":
		z = p - q
	case "*":
		z = p * q
	case "/":
		if q == 0 {
			return nil, false
		}
		if x != nil && y != nil && x.Sign() != 0 {
			z, _ = new(big.Rat).SetFrac(x, y).Float64()
		} else {
			z = p / q
		}
	case "//", "%":
		if q == 0 {
			return nil, false
		}
		mod := math.Mod(p, q)
		div := (p - mod) / q
		if mod != 0 {
			if (q < 0) != (mod < 0) {
				mod += q
				div--
			}
		} else {
			mod = math.Copysign(0, q)
		}
		if op == "%" {
			z = mod
			break
		}
		if div != 0 {
			fl := math.Floor(div)
			if div-fl > 0.5 {
				fl++
			}
			z = fl
		} else {
			z = math.Copysign(0, p/q)
		}
	case "**":
		if p == 0 && q < 0 || p < 0 && q != math.Trunc(q) {
			return nil, false
		}
		var ok bool
		if z, ok = power(p, q); !ok {
			return nil, false
		}
	default:
		return nil, false
	}
	if math.IsInf(z, 0) && !math.IsInf(p, 0) && !math.IsInf(q, 0) && op == "**" {
		return nil, false
	}
	return z, true
}

// power gives p to the q where a float holds it exactly: elsewhere the last
// digit is a matter of the library that Python was built with.
func power(p, q float64) (z float64, exactly bool) {
	z = math.Pow(p, q)
	if p == 0 || q == 0 || p == 1 || math.IsInf(z, 0) || math.IsNaN(z) {
		return z, true
	}
	if q != math.Trunc(q) || math.Abs(q) > 1<<10 {
		return 0, false
	}
	exact, base := big.NewRat(1, 1), new(big.Rat).SetFloat64(p)
	if base == nil {
		return 0, false
	}
	for range int(math.Abs(q)) {
		exact.Mul(exact, base)
		if exact.Num().BitLen()+exact.Denom().BitLen() > 1<<12 {
			return 0, false
		}
	}
	if q < 0 {
		exact.Inv(exact)
	}
	of := new(big.Rat).SetFloat64(z)
	return z, of != nil && of.Cmp(exact) == 0
}

// intArithmetic computes x op y of two ints.
func intArithmetic(op string, x, y *big.Int) (any, bool) {
	z := new(big.Int)
	switch op {
	case "+":
		z.Add(x, y)
	case "-":
		z.Sub(x, y)
	case "*":
		z.Mul(x, y)
	case "//", "%":
		if y.Sign() == 0 {
			return nil, false
		}
		m := new(big.Int)
		z.QuoRem(x, y, m)
		if m.Sign() != 0 && (m.Sign() < 0) != (y.Sign() < 0) {
			m.Add(m, y)
			z.Sub(z, big.NewInt(1))
		}
		if op == "%" {
			z = m
		}
	case "**":
		if y.Sign() < 0 {
			p, ok1 := Float(Int(x))
			q, ok2 := Float(Int(y))
			if !ok1 || !ok2 || p == 0 {
				return nil, false
			}
			z, ok := power(p, q)
			return z, ok
		}
		if !y.IsInt64() || x.BitLen() > 1 && y.Int64()*int64(x.BitLen()-1) > MaxBits {
			return nil, false
		}
		z.Exp(x, y, nil)
	case "<<", ">>":
		if y.Sign() < 0 || !y.IsInt64() || y.Int64() > MaxBits {
			return nil, false
		}
		if op == "<<" {
			z.Lsh(x, uint(y.Int64()))
		} else {
			z.Rsh(x, uint(y.Int64()))
		}
	case "&":
		z.And(x, y)
	case "|":
		z.Or(x, y)
	case "^":
		z.Xor(x, y)
	default:
		return nil, false
	}
	v := Int(z)
	return v, v != nil
}

// Equal computes x == y: 1 == 1.0 == True.
func Equal(x, y any) bool {
	if i, ok := Big(x); ok {
		if j, ok := Big(y); ok {
			return i.Cmp(j) == 0
		}
		if q, ok := y.(float64); ok && !math.IsInf(q, 0) && !math.IsNaN(q) {
			return new(big.Float).SetInt(i).Cmp(big.NewFloat(q)) == 0
		}
		return false
	}
	if p, ok := x.(float64); ok {
		if q, ok := y.(float64); ok {
			return p == q
		}
		if _, ok := Big(y); ok {
			return Equal(y, x)
		}
		return false
	}
	return Same(x, y)
}

// Same reports whether two constants have the same type and value: 1, 1.0 and
// True are three.
func Same(a, b any) bool {
	switch x := a.(type) {
	case []byte:
		y, ok := b.([]byte)
		return ok && string(x) == string(y)
	case *big.Int:
		y, ok := b.(*big.Int)
		return ok && x.Cmp(y) == 0
	}
	switch b.(type) {
	case []byte, *big.Int:
		return false
	}
	return a == b
}

// Compare computes a op b of two constants: ==, !=, <>, is, is not, <, <=, >, >=,
// and in, not in of two texts.
func Compare(op string, x, y any) (result, ok bool) {
	switch op {
	case "in", "not in":
		s, isStr := x.(string)
		t, isStr2 := y.(string)
		return strings.Contains(t, s) == (op == "in"), isStr && isStr2
	case "==":
		return Equal(x, y), true
	case "!=", "<>":
		return !Equal(x, y), true
	case "is", "is not":
		if x != nil && y != nil {
			p, ok1 := x.(bool)
			q, ok2 := y.(bool)
			if !ok1 || !ok2 {
				return false, false
			}
			return (p == q) == (op == "is"), true
		}
		return (x == nil && y == nil) == (op == "is"), true
	}
	var c int
	if s, ok := x.(string); ok {
		t, ok := y.(string)
		if !ok {
			return false, false
		}
		c = strings.Compare(s, t)
	} else if i, ok := Big(x); ok {
		if j, ok := Big(y); ok {
			c = i.Cmp(j)
		} else if q, ok := y.(float64); ok && !math.IsNaN(q) {
			c = new(big.Float).SetInt(i).Cmp(big.NewFloat(q))
		} else {
			return false, false
		}
	} else if p, ok := x.(float64); ok && !math.IsNaN(p) {
		q, ok := Float(y)
		if !ok || math.IsNaN(q) {
			return false, false
		}
		switch {
		case p < q:
			c = -1
		case p > q:
			c = 1
		}
	} else {
		return false, false
	}
	switch op {
	case "<":
		return c < 0, true
	case "<=":
		return c <= 0, true
	case ">":
		return c > 0, true
	case ">=":
		return c >= 0, true
	}
	return false, false
}
