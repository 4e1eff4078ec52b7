package rulecases

import (
	"fmt"
	"slices"
	"strings"

	"pyxlate/grammar"
	"pyxlate/rules/ir"
	"pyxlate/translator/check"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
)

// Findings lists the verdicts of a translation, imports aside, sorted.
func Findings(t *check.Translation) []string {
	var out []string
	for i := range t.Results {
		for _, f := range t.Results[i].Findings {
			if f.Use.Kind != ir.ImportUse {
				out = append(out, fmt.Sprint(f.Code, " ", [...]string{"migrated", "review", "manual"}[f.Verdict], " ", f.Symbol))
			}
		}
	}
	slices.Sort(out)
	return out
}

// TargetCalls lists the calls of the target SDK in the results, in order, with
// their arguments by parameter and without layout: calls that do the same read
// the same.
func TargetCalls(t *check.Translation) ([]string, error) {
	var docs []*document.Document
	for i := range t.Results {
		d, err := document.OpenAs(t.Results[i].Doc.Kind, t.Results[i].Doc.Path, slices.Clone(t.Results[i].Output))
		if err != nil {
			return nil, err
		}
		docs = append(docs, d)
	}
	cfg := project.Config(t.Migration, t.Tables)
	cfg.Sources, cfg.Targets = cfg.Targets, nil
	cfg.EnvNames, cfg.LineWords = nil, nil
	prog, files := project.Read(docs, t.Resolve, cfg, project.Triggers(t.Migration))
	var out []string
	for _, f := range files {
		for _, u := range f.Units {
			if u.Tree == nil {
				continue
			}
			for id := range u.Tree.Len() {
				n := u.Tree.Node(int32(id))
				if !n.Is(grammar.KindCall) {
					continue
				}
				call := prog.CallAt(prog.Expr(u.ID, n))
				if call == nil || !slices.ContainsFunc(t.Migration.Modules, func(m string) bool { return strings.HasPrefix(call.Symbol, m+".") }) {
					continue
				}
				var params []string
				for name, a := range call.Bound {
					params = append(params, name+"="+plain(prog.Node(a.At)))
				}
				slices.Sort(params)
				out = append(out, call.Symbol+"("+strings.Join(params, ", ")+")")
			}
		}
	}
	return out, nil
}

// plain gives the tokens of a node without layout, comments, trailing commas
// and brackets around expressions.
func plain(n grammar.Node) string {
	if n.IsZero() {
		return ""
	}
	var out []string
	for id := n.ID(); id <= n.Last(); id++ {
		l := n.Tree().Node(id)
		if l.Is(grammar.KindComment, grammar.KindLineContinuation) {
			continue
		}
		if l.Is(grammar.KindString) || l.Last() == id {
			text := l.Text()
			if l.Parent().Is(grammar.KindParenthesizedExpression) && (text == "(" || text == ")") {
				continue
			}
			if k := len(out); k > 0 && strings.Contains(")]}", text) && out[k-1] == "," {
				out = out[:k-1]
			}
			out = append(out, text)
			id = l.Last()
		}
	}
	return strings.Join(out, " ")
}
