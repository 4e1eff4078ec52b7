package constant

import (
	"strings"
	"unicode/utf8"
)

// Index gives s[i], counted in characters; not ok where CPython raises.
func Index(s string, i int64) (string, bool) {
	rs := []rune(s)
	if i < 0 {
		i += int64(len(rs))
	}
	if i < 0 || i >= int64(len(rs)) {
		return "", false
	}
	return string(rs[i]), true
}

// Slice gives s[a:b:c], counted in characters; a nil bound is one that is not
// given. Not ok where CPython raises.
func Slice(s string, lim [3]*int64) (string, bool) {
	rs := []rune(s)
	step := int64(1)
	if lim[2] != nil {
		step = *lim[2]
	}
	if step == 0 {
		return "", false
	}
	n := int64(len(rs))
	clamp := func(p *int64, deflt, lo, hi int64) int64 {
		if p == nil {
			return deflt
		}
		i := *p
		if i < 0 {
			i += n
		}
		return max(lo, min(hi, i))
	}
	var out []rune
	if step > 0 {
		for i, e := clamp(lim[0], 0, 0, n), clamp(lim[1], n, 0, n); i < e && i < n; {
			out = append(out, rs[i])
			if step > n {
				break
			}
			i += step
		}
	} else {
		for i, e := clamp(lim[0], n-1, -1, n-1), clamp(lim[1], -1, -1, n-1); i > e && i >= 0; {
			out = append(out, rs[i])
			if step < -n {
				break
			}
			i += step
		}
	}
	return string(out), true
}

// whitespace is what str.strip() strips.
const whitespace = " \t\n\r\v\f\x1c\x1d\x1e\x1f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

// Method calls a method of a text with constant arguments, all given by
// position. It gives a constant, a []string for a list, or a [3]string for a
// tuple; not ok where CPython raises, and for what it does not know.
func Method(s, name string, args []any) (result any, ok bool) {
	if len(args) == 1 && args[0] == nil && (name == "strip" || name == "lstrip" || name == "rstrip") {
		args = nil
	}
	strs, ints := make([]string, len(args)), make([]int64, len(args))
	for i, a := range args {
		switch x := a.(type) {
		case string:
			strs[i] = x
		case int64:
			ints[i] = x
		default:
			return nil, false
		}
	}
	isStr := func(i int) bool {
		if i >= len(args) {
			return false
		}
		_, ok := args[i].(string)
		return ok
	}
	isInt := func(i int) bool {
		if i >= len(args) {
			return false
		}
		_, ok := args[i].(int64)
		return ok
	}
	switch {
	case name == "strip" || name == "lstrip" || name == "rstrip":
		cut := whitespace
		if len(args) == 1 {
			if !isStr(0) {
				return nil, false
			}
			cut = strs[0]
		} else if len(args) > 1 {
			return nil, false
		}
		if name != "rstrip" {
			s = strings.TrimLeft(s, cut)
		}
		if name != "lstrip" {
			s = strings.TrimRight(s, cut)
		}
		return s, true
	case len(args) == 0 && name == "lower" && ASCII(s):
		return strings.ToLower(s), true
	case len(args) == 0 && name == "upper" && ASCII(s):
		return strings.ToUpper(s), true
	case len(args) == 0 && name == "title" && ASCII(s):
		b := []byte(strings.ToLower(s))
		letter := false
		for i, c := range b {
			is := c >= 'a' && c <= 'z'
			if is && !letter {
				b[i] = c - 32
			}
			letter = is
		}
		return string(b), true
	case len(args) == 0 && name == "capitalize" && ASCII(s):
		if s == "" {
			return s, true
		}
		return strings.ToUpper(s[:1]) + strings.ToLower(s[1:]), true
	case name == "replace" && isStr(0) && isStr(1) && (len(args) == 2 || len(args) == 3 && isInt(2)):
		count := -1
		if len(args) == 3 {
			count = int(max(-1, min(ints[2], MaxText)))
		}
		if (len(s)+1)*max(1, len(strs[1])) > 4*MaxText {
			return nil, false
		}
		if s == "" && count != -1 {
			return nil, false // differs between versions of Python
		}
		return strings.Replace(s, strs[0], strs[1], count), true
	case name == "split" && len(args) == 0:
		return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(whitespace, r) }), true
	case (name == "split" || name == "rsplit") && isStr(0) && strs[0] != "" && (len(args) == 1 || len(args) == 2 && isInt(1)):
		count := -1
		if len(args) == 2 && ints[1] >= 0 {
			count = int(min(ints[1], MaxText)) + 1
		}
		if name == "split" || count < 0 {
			return strings.SplitN(s, strs[0], count), true
		}
		var out []string
		for len(out) < count-1 {
			i := strings.LastIndex(s, strs[0])
			if i < 0 {
				break
			}
			out = append([]string{s[i+len(strs[0]):]}, out...)
			s = s[:i]
		}
		return append([]string{s}, out...), true
	case (name == "partition" || name == "rpartition") && isStr(0) && len(args) == 1 && strs[0] != "":
		a, b, found := strings.Cut(s, strs[0])
		sep := strs[0]
		if name == "rpartition" {
			i := strings.LastIndex(s, sep)
			found = i >= 0
			if found {
				a, b = s[:i], s[i+len(sep):]
			} else {
				a, b = "", s
			}
		}
		if !found {
			sep = ""
		}
		return [3]string{a, sep, b}, true
	case name == "startswith" && isStr(0) && len(args) == 1:
		return strings.HasPrefix(s, strs[0]), true
	case name == "endswith" && isStr(0) && len(args) == 1:
		return strings.HasSuffix(s, strs[0]), true
	case name == "zfill" && isInt(0) && len(args) == 1 && ints[0] <= MaxText:
		w := int(ints[0]) - utf8.RuneCountInString(s)
		if w <= 0 {
			return s, true
		}
		sign := ""
		if s != "" && (s[0] == '-' || s[0] == '+') {
			sign, s = s[:1], s[1:]
		}
		return sign + strings.Repeat("0", w) + s, true
	case (name == "ljust" || name == "rjust") && isInt(0) && ints[0] <= MaxText && (len(args) == 1 || len(args) == 2 && isStr(1) && utf8.RuneCountInString(strs[1]) == 1):
		fill := " "
		if len(args) == 2 {
			fill = strs[1]
		}
		pad := strings.Repeat(fill, max(0, int(ints[0])-utf8.RuneCountInString(s)))
		if name == "ljust" {
			return s + pad, true
		}
		return pad + s, true
	case name == "count" && isStr(0) && len(args) == 1:
		return int64(strings.Count(s, strs[0])), true
	case (name == "find" || name == "rfind") && isStr(0) && len(args) == 1:
		i := strings.Index(s, strs[0])
		if name == "rfind" {
			i = strings.LastIndex(s, strs[0])
		}
		if i >= 0 {
			i = utf8.RuneCountInString(s[:i])
		}
		return int64(i), true
	case name == "isdigit" && len(args) == 0 && ASCII(s):
		return s != "" && strings.Trim(s, "0123456789") == "", true
	case name == "removeprefix" && isStr(0) && len(args) == 1:
		return strings.TrimPrefix(s, strs[0]), true
	case name == "removesuffix" && isStr(0) && len(args) == 1:
		return strings.TrimSuffix(s, strs[0]), true
	case name == "encode" && ASCII(s) && len(args) <= 1:
		if len(args) == 1 && strs[0] != "utf-8" && strs[0] != "ascii" && strs[0] != "utf8" {
			return nil, false
		}
		return []byte(s), true
	}
	return nil, false
}
