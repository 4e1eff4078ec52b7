package meaning

import (
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/constant"
)

// Methods that read of plain data and change nothing.
var (
	readsDict   = map[string]bool{"get": true, "keys": true, "values": true, "items": true, "copy": true}
	readsParser = map[string]bool{
		"get": true, "getint": true, "getfloat": true, "getboolean": true, "has_option": true, "has_section": true,
		"sections": true, "options": true, "items": true, "keys": true, "values": true, "defaults": true,
	}
)

// dataMakers are the functions and classes of which a program has its
// configuration, with what reads of it.
var dataMakers = map[string]map[string]bool{
	"json.load": readsDict, "json.loads": readsDict, "yaml.load": readsDict, "yaml.safe_load": readsDict, "yaml.full_load": readsDict,
	"toml.load": readsDict, "toml.loads": readsDict, "pytoml.load": readsDict, "builtins.vars": readsDict,
	"configparser.ConfigParser": readsParser, "configparser.RawConfigParser": readsParser, "configparser.SafeConfigParser": readsParser,
	"ConfigParser.ConfigParser": readsParser, "ConfigParser.RawConfigParser": readsParser, "ConfigParser.SafeConfigParser": readsParser,
}

// changesData are the methods that change a configuration after it was read.
var changesData = map[string]bool{
	"set": true, "update": true, "setdefault": true, "pop": true, "popitem": true, "clear": true, "read_dict": true,
	"remove_option": true, "remove_section": true,
}

// dataRoot gives the configuration that x is a part of.
func dataRoot(x *ir.Unknown) *ir.Unknown {
	for range 8 {
		of, ok := x.Of.(*ir.Unknown)
		if !ok || !strings.HasPrefix(x.Attr, "[") && !strings.HasPrefix(x.Attr, "get(") {
			break
		}
		x = of
	}
	return x
}

// reading gives the methods that only read of x, where x is a configuration or
// a part of one and no call changes it; nil where it is not known to be.
func (p *Program) reading(x *ir.Unknown) map[string]bool {
	root := dataRoot(x)
	if root.Of != nil || root.At.IsZero() || p.presumed.changed[root] {
		return nil
	}
	if c := p.CallAt(root.At); c != nil {
		return dataMakers[c.Symbol]
	}
	return nil
}

// readData reads of a configuration by a method: the same arguments give the
// same value.
func (in *interp) readData(n grammar.Node, x *ir.Unknown, name string, args []ir.Arg, fn grammar.Node) ir.Value {
	typ := ""
	switch name {
	case "get":
		if in.p.reading(x)["getint"] {
			typ = "str"
		}
	case "getint":
		typ = "int"
	default:
		return in.unknown(n, "call of "+name, "")
	}
	var texts []string
	for _, a := range args {
		c, ok := a.Value.(*ir.Const)
		if !ok || a.Star > 0 {
			return in.unknown(n, "call of "+name, typ)
		}
		text, ok := constant.Repr(c.V)
		if !ok {
			return in.unknown(n, "call of "+name, typ)
		}
		if a.Param != "" {
			text = a.Param + "=" + text
		}
		texts = append(texts, text)
	}
	v := in.derived(x, name+"("+strings.Join(texts, ", ")+")", fn)
	if u, ok := v.(*ir.Unknown); ok && u.Type == "" && u.Of == ir.Value(x) {
		u.Type = typ
	}
	return v
}
