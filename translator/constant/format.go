package constant

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Percent formats a constant as % does, with flags such as "-08.3".
func Percent(x any, flags string, verb byte) (string, bool) {
	left, zero, sign := false, false, ""
	alt := false
	i := 0
loop:
	for ; i < len(flags); i++ {
		switch flags[i] {
		case '-':
			left = true
		case '0':
			zero = true
		case '+':
			sign = "+"
		case ' ':
			if sign == "" {
				sign = " "
			}
		case '#':
			alt = true
		default:
			break loop
		}
	}
	w, p, hasPrec := strings.Cut(flags[i:], ".")
	width, prec := 0, -1
	var err error
	if w != "" {
		if width, err = strconv.Atoi(w); err != nil {
			return "", false
		}
	}
	if hasPrec {
		prec = 0
		if p != "" {
			if prec, err = strconv.Atoi(p); err != nil {
				return "", false
			}
		}
	}
	if width > 1000 || prec > 100 || alt {
		return "", false
	}
	body := ""
	neg := false
	number := true
	switch verb {
	case 's', 'r':
		number = false
		var ok bool
		if verb == 's' {
			body, ok = Str(x)
		} else {
			body, ok = Repr(x)
		}
		if !ok {
			return "", false
		}
		if prec >= 0 {
			if rs := []rune(body); len(rs) > prec {
				body = string(rs[:prec])
			}
		}
	case 'd', 'i', 'u', 'x', 'X', 'o':
		k, ok := Big(x)
		if f, isFloat := x.(float64); isFloat && (verb == 'd' || verb == 'i' || verb == 'u') && !math.IsInf(f, 0) && !math.IsNaN(f) {
			k, _ = big.NewFloat(f).Int(nil)
			ok = true
		}
		if !ok {
			return "", false
		}
		neg = k.Sign() < 0
		base := map[byte]int{'x': 16, 'X': 16, 'o': 8}[verb]
		if base == 0 {
			base = 10
		}
		body = new(big.Int).Abs(k).Text(base)
		if verb == 'X' {
			body = strings.ToUpper(body)
		}
		if prec > len(body) {
			body = strings.Repeat("0", prec-len(body)) + body
		}
	case 'f', 'F', 'e', 'E', 'g', 'G':
		f, ok := Float(x)
		if !ok || math.IsInf(f, 0) || math.IsNaN(f) {
			return "", false
		}
		neg = f < 0 || f == 0 && math.Signbit(f)
		if prec < 0 {
			prec = 6
		}
		body = formatFloat(math.Abs(f), verb, prec, false)
	case 'c':
		number = false
		if s, ok := x.(string); ok && utf8.RuneCountInString(s) == 1 {
			body = s
		} else if k, ok := x.(int64); ok && k > 0 && k < 0x10ffff && (k < 0xd800 || k > 0xdfff) {
			body = string(rune(k))
		} else {
			return "", false
		}
	default:
		return "", false
	}
	if number {
		if neg {
			sign = "-"
		}
	} else {
		sign = ""
	}
	pad := max(0, width-utf8.RuneCountInString(sign+body))
	switch {
	case left:
		return sign + body + strings.Repeat(" ", pad), true
	case zero && number:
		return sign + strings.Repeat("0", pad) + body, true
	}
	return strings.Repeat(" ", pad) + sign + body, true
}

// formatFloat formats a float that is not negative as Python does.
func formatFloat(f float64, verb byte, prec int, alt bool) string {
	switch verb {
	case 'f', 'F':
		return strconv.FormatFloat(f, 'f', prec, 64)
	case 'e', 'E':
		return strconv.FormatFloat(f, verb, prec, 64)
	}
	if prec == 0 {
		prec = 1
	}
	e := strconv.FormatFloat(f, 'e', prec-1, 64)
	mant, exp, _ := strings.Cut(e, "e")
	x, _ := strconv.Atoi(exp)
	var s string
	if x < -4 || x >= prec {
		if strings.Contains(mant, ".") {
			mant = strings.TrimRight(strings.TrimRight(mant, "0"), ".")
		}
		s = mant + "e" + exp
	} else {
		s = strconv.FormatFloat(f, 'f', prec-1-x, 64)
		if strings.Contains(s, ".") {
			s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
		}
	}
	if verb == 'G' {
		s = strings.ToUpper(s)
	}
	return s
}

// Format computes format(x, spec).
func Format(x any, spec string) (string, bool) {
	if spec == "" {
		return Str(x)
	}
	rs := []rune(spec)
	fill, align := ' ', rune(0)
	i := 0
	isAlign := func(r rune) bool { return r == '<' || r == '>' || r == '^' || r == '=' }
	explicit := false
	if len(rs) >= 2 && isAlign(rs[1]) {
		fill, align, i = rs[0], rs[1], 2
		explicit = true
	} else if isAlign(rs[0]) {
		align, i = rs[0], 1
	}
	sign, signed := '-', false
	if i < len(rs) && (rs[i] == '+' || rs[i] == '-' || rs[i] == ' ') {
		sign, signed = rs[i], true
		i++
	}
	alt := false
	if i < len(rs) && rs[i] == '#' {
		alt = true
		i++
	}
	zero := false
	if i < len(rs) && rs[i] == '0' {
		zero = true
		i++
	}
	digits := func() int {
		n := -1
		for i < len(rs) && rs[i] >= '0' && rs[i] <= '9' {
			n = max(n, 0)*10 + int(rs[i]-'0')
			if n > 1000 {
				return 1001
			}
			i++
		}
		return n
	}
	width := digits()
	group := ""
	if i < len(rs) && (rs[i] == ',' || rs[i] == '_') {
		group = string(rs[i])
		i++
	}
	prec := -1
	if i < len(rs) && rs[i] == '.' {
		i++
		if prec = digits(); prec < 0 {
			return "", false
		}
	}
	verb := byte(0)
	if i < len(rs) {
		verb = byte(rs[i])
		i++
	}
	if i != len(rs) || width > 1000 || prec > 100 {
		return "", false
	}
	body, neg, number := "", false, true
	switch y := x.(type) {
	case string:
		if verb != 0 && verb != 's' || signed || alt || group != "" || align == '=' {
			return "", false
		}
		number = false
		body = y
		if prec >= 0 {
			if r := []rune(body); len(r) > prec {
				body = string(r[:prec])
			}
		}
		if zero && !explicit {
			fill = '0'
		}
	case bool, nil, []byte:
		return "", false
	case float64:
		if math.IsInf(y, 0) || math.IsNaN(y) || alt {
			return "", false
		}
		neg = math.Signbit(y)
		a := math.Abs(y)
		switch verb {
		case 'f', 'F', 'e', 'E', 'g', 'G':
			if prec < 0 {
				prec = 6
			}
			body = formatFloat(a, verb, prec, alt)
		case '%':
			if prec < 0 {
				prec = 6
			}
			body = strconv.FormatFloat(a*100, 'f', prec, 64) + "%"
		case 0:
			if prec >= 0 {
				return "", false
			}
			body = reprFloat(a)
		default:
			return "", false
		}
	default:
		k, ok := Big(x)
		if !ok {
			return "", false
		}
		switch verb {
		case 'f', 'F', 'e', 'E', 'g', 'G', '%':
			f, ok := Float(x)
			if !ok {
				return "", false
			}
			return Format(f, spec)
		}
		if prec >= 0 {
			return "", false
		}
		neg = k.Sign() < 0
		a := new(big.Int).Abs(k)
		prefix := ""
		switch verb {
		case 0, 'd', 'n':
			body = a.String()
		case 'b':
			body, prefix = a.Text(2), "0b"
		case 'o':
			body, prefix = a.Text(8), "0o"
		case 'x':
			body, prefix = a.Text(16), "0x"
		case 'X':
			body, prefix = strings.ToUpper(a.Text(16)), "0X"
		default:
			return "", false
		}
		if verb != 0 && verb != 'd' && group == "," || verb == 'n' && group != "" {
			return "", false
		}
		if alt {
			if zero || group != "" || align == '=' {
				return "", false
			}
			body = prefix + body
		}
	}
	if group != "" {
		if zero || align == '=' {
			return "", false
		}
		if verb == 'b' || verb == 'o' || verb == 'x' || verb == 'X' {
			return "", false
		}
		whole, frac, dot := strings.Cut(body, ".")
		if j := strings.IndexAny(whole, "eE%"); j >= 0 {
			return "", false
		}
		var b []byte
		for j := 0; j < len(whole); j++ {
			if j > 0 && (len(whole)-j)%3 == 0 {
				b = append(b, group[0])
			}
			b = append(b, whole[j])
		}
		body = string(b)
		if dot {
			body += "." + frac
		}
	}
	head := ""
	if number {
		switch {
		case neg:
			head = "-"
		case sign != '-':
			head = string(sign)
		}
		if align == 0 {
			align = '>'
			if zero {
				align = '='
			}
		}
		if zero && !explicit {
			fill = '0'
		}
	} else if align == 0 {
		align = '<'
	}
	pad := max(0, width-utf8.RuneCountInString(head+body))
	f := string(fill)
	switch align {
	case '<':
		return head + body + strings.Repeat(f, pad), true
	case '>':
		return strings.Repeat(f, pad) + head + body, true
	case '^':
		return strings.Repeat(f, pad/2) + head + body + strings.Repeat(f, pad-pad/2), true
	}
	return head + strings.Repeat(f, pad) + body, true
}
