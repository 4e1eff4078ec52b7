package sdk

import (
	"fmt"
	"strings"
)

// A Kind says what a symbol is.
type Kind uint8

const (
	Module Kind = iota + 1
	Class
	Function   // at the top of a module
	Method     // of a class, static and class methods included
	Attribute  // of an instance or a class, properties included
	EnumMember // of a class derived from enum.Enum
	Constant   // at the top of a module
)

var kindNames = [...]string{Module: "module", Class: "class", Function: "function", Method: "method",
	Attribute: "attribute", EnumMember: "enum", Constant: "constant"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", k)
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *Kind) UnmarshalText(text []byte) error {
	for i, name := range kindNames {
		if i > 0 && name == string(text) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("unknown kind of symbol %q", text)
}

// A Symbol is a named part of an SDK in all the versions that have it. Symbols are shared: do not change them.
type Symbol struct {
	Name     string // canonical
	Kind     Kind   // in the newest version
	Versions []Variant

	callable []*Variant // of Versions those that can be called
}

// Last returns the part of the name after the last dot.
func (s *Symbol) Last() string { return s.Name[strings.LastIndexByte(s.Name, '.')+1:] }

// Owner returns the name without its last part: the class of a member, the module of a class.
func (s *Symbol) Owner() string { return s.Name[:max(strings.LastIndexByte(s.Name, '.'), 0)] }

// Newest returns the variant of the newest version (see [Symbol.Versions] for the order).
func (s *Symbol) Newest() *Variant { return &s.Versions[0] }

// In returns the variant of one version, nil where that version lacks the symbol.
func (s *Symbol) In(version string) *Variant {
	for i := range s.Versions {
		if s.Versions[i].Version == version {
			return &s.Versions[i]
		}
	}
	return nil
}

// A Variant describes a symbol in one version of its package. A symbol's variants are ordered newest first; releases
// come before pre-releases, as pip prefers them.
type Variant struct {
	Package string `json:"-"` // distribution, "azure-mgmt-batchai"
	Version string `json:"-"`
	Kind    Kind   `json:"kind"`

	// Of what can be called. A class has the parameters of its constructor; self and cls are not among them.
	Params      []Param `json:"params"`
	Returns     Type    `json:"returns"` // of classes only where calling one gives something else than its instance
	Static      bool    `json:"static"`
	ClassMethod bool    `json:"classmethod"`

	// Of classes.
	Bases []string `json:"bases"` // canonical names, in order; object is left out
	Enum  bool     `json:"enum"`  // derives from enum.Enum

	// Of attributes, enum members and constants.
	Type     Type   `json:"type"`
	Value    string `json:"value"`    // Python source
	Required bool   `json:"required"` // the service refuses the object without it
	Readonly bool   `json:"readonly"` // set by the service, or a property without a setter
	Constant bool   `json:"constant"` // has one fixed value
	Property bool   `json:"property"`

	Deprecated string `json:"deprecated"` // what to use instead, in words; empty when not deprecated
	Doc        string `json:"doc"`        // one sentence; empty for packages whose text is not free
}

// A ParamKind says how a parameter takes its argument.
type ParamKind uint8

const (
	Pos     ParamKind = iota // by position or keyword
	PosOnly                  // before "/"
	VarPos                   // *args
	KwOnly                   // after "*"
	VarKw                    // **kwargs
)

var paramKindNames = [...]string{Pos: "pos", PosOnly: "posonly", VarPos: "var", KwOnly: "kw", VarKw: "varkw"}

func (k ParamKind) String() string {
	if int(k) < len(paramKindNames) {
		return paramKindNames[k]
	}
	return fmt.Sprintf("ParamKind(%d)", k)
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *ParamKind) UnmarshalText(text []byte) error {
	for i, name := range paramKindNames {
		if name == string(text) {
			*k = ParamKind(i)
			return nil
		}
	}
	return fmt.Errorf("unknown kind of parameter %q", text)
}

// A Param is a parameter of something that can be called.
type Param struct {
	Name     string    `json:"name"`
	Kind     ParamKind `json:"kind"`
	Default  string    `json:"default"` // Python source; "..." where there is one that the source does not state
	Required bool      `json:"required"`
	Type     Type      `json:"type"`

	// Transport parameters steer the request (custom_headers, raw, polling) and carry no data. [Set.Bind] lets them
	// be given by keyword only: a fourth positional argument is more likely another version's fourth parameter.
	Transport bool `json:"transport"`

	// Keys are the keywords that a VarKw parameter takes; empty: any.
	Keys []string `json:"keys"`

	Deprecated string `json:"deprecated"`
}

// Param returns the parameter that the keyword name is bound to, nil where there is none.
func (v *Variant) Param(name string) *Param {
	for i := range v.Params {
		if p := &v.Params[i]; p.Name == name && (p.Kind == Pos || p.Kind == KwOnly) {
			return p
		}
	}
	return nil
}
