package grammar

// Kind is the kind of a syntax node: a named symbol of the grammar (the constants KindX) or a token without a name,
// such as `+`. The zero Kind belongs to no node.
type Kind uint16

// KindError is the kind of a node around text that the parser could make nothing of.
const KindError Kind = 0xFFFF

// String returns the name that the grammar gives the kind: "call", "binary_operator"; for a token its text, "not in".
func (k Kind) String() string {
	switch {
	case k == KindError:
		return "ERROR"
	case int(k) < len(kindNames):
		return kindNames[k]
	}
	return ""
}

// Field is the role of a node in its parent, such as FieldFunction and FieldArguments in a call.
type Field uint8

// String returns the name that the grammar gives the field; FieldNone is empty.
func (f Field) String() string {
	if int(f) < len(fieldNames) {
		return fieldNames[f]
	}
	return ""
}
