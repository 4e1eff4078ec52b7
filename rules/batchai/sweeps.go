package batchai

import (
	"regexp"
	"slices"
	"strings"

	"pyxlate/rules/ir"
)

// A sweep of the sample package becomes a plain loop: the parameters of the job
// become a function of one combination of values, and the sweep a list of
// combinations, each a dictionary with the keys that the sample used
// ("PARAM_LR").

const (
	sweepClass        = "utilities.job_factory.ParameterSweep"
	substitutionClass = "utilities.job_factory.Substitution"
	combinationPrefix = "PARAM_"
)

// sweepJob translates the parameters of a job; those with tokens of a sweep in
// them become a function of the combination.
func sweepJob(c ir.Context) *ir.Answer {
	if c.Use().Kind == ir.NameUse {
		return &ir.Answer{Term: &ir.Name{Path: "azureml.core.ScriptRunConfig"}, Notes: []ir.Note{note("BAI618", ir.Review, ir.Expr{})}}
	}
	ans := Job(c)
	if ans == nil || ans.Term == nil || c.Object() == nil || !hasTokens(c.Object(), 0) {
		return ans
	}
	combination := c.Fresh("combination").Name
	if combination == "" {
		combination = "combination"
	}
	s := &substitution{c: c, combination: combination}
	term := s.replace(ans.Term)
	for _, st := range slices.Concat(ans.Before, ans.After) {
		s.refuse(st)
	}
	if s.failed {
		return byHand("BAI710")
	}
	if a, ok := term.(*ir.Apply); ok {
		if n, ok := a.Fn.(*ir.Name); ok && !strings.HasSuffix(n.Path, "ScriptRunConfig") {
			// The sample replaced the variables of the job by the combination.
			values := named("environment_variables", code("{key: str(value) for key, value in "+combination+".items()}"))
			i := slices.IndexFunc(a.Args, func(x ir.Argument) bool { return x.Name == "environment_variables" })
			if i >= 0 {
				a.Args[i] = values
			} else {
				a.Args = append(a.Args, values)
			}
			specs, _ := specsOf(sweepOf(tokenIn(c.Object(), 0)))
			for _, spec := range specs {
				if lastSegment(spec.object.Type) == "FileParameter" {
					ans.Notes = append(ans.Notes, note("BAI713", ir.Review, ir.Expr{}, "NAME", spec.key))
				}
			}
		} else {
			ans.Notes = append(ans.Notes, note("BAI707", ir.Review, ir.Expr{}))
		}
	}
	if len(ans.After) == 0 {
		ans.Term = code("lambda "+combination+": {config}", "config", term)
		return ans
	}
	// What is set on the configuration besides needs a function of several lines.
	text := "def {target}(" + combination + "):\n    config = {config}\n"
	holes := []any{"config", term}
	for i, st := range ans.After {
		path, ok := memberPathOf(st.Target, c.Target())
		if !ok || st.Block != nil {
			return byHand("BAI710")
		}
		name := "value" + itoa(i)
		text += "    config." + path + " = {" + name + "}\n"
		holes = append(holes, name, st.Value)
	}
	ans.Before, ans.After, ans.Term = append(ans.Before, block(text+"    return config", holes...)), nil, nil
	return ans
}

// memberPathOf gives the path of attributes from a root to a term.
func memberPathOf(t, root ir.Term) (string, bool) {
	m, ok := t.(*ir.Member)
	if !ok {
		return "", false
	}
	if sameTarget(m.Of, root) {
		return m.Name, true
	}
	path, ok := memberPathOf(m.Of, root)
	return path + "." + m.Name, ok
}

func sameTarget(a, b ir.Term) bool {
	if a == b {
		return true
	}
	x, ok1 := a.(*ir.Source)
	y, ok2 := b.(*ir.Source)
	if ok1 && ok2 {
		return x.Arg.At == y.Arg.At
	}
	v, ok1 := a.(*ir.Var)
	w, ok2 := b.(*ir.Var)
	return ok1 && ok2 && v.Handle == w.Handle
}

// hasTokens reports whether a record holds a token of a sweep.
func hasTokens(v ir.Value, depth int) bool { return tokenIn(v, depth) != nil }

// tokenIn gives a token of a sweep that a record holds; nil if there is none.
func tokenIn(v ir.Value, depth int) ir.Value {
	if depth > 12 {
		return nil
	}
	switch v := v.(type) {
	case *ir.Object:
		if isToken(v) {
			return v
		}
		for _, a := range v.Fields {
			if t := tokenIn(a.Value, depth+1); t != nil {
				return t
			}
		}
	case *ir.Seq:
		for _, e := range v.Elems {
			if t := tokenIn(e.Value, depth+1); t != nil {
				return t
			}
		}
	case *ir.Text:
		for _, p := range v.Pieces {
			if p.Val == nil {
				continue
			}
			if t := tokenIn(p.Val, depth+1); t != nil {
				return t
			}
		}
	case *ir.Unknown:
		if isToken(v) {
			return v
		}
	}
	return nil
}

// isToken reports whether a value is what a sweep gives for one of its
// parameters.
func isToken(v ir.Value) bool {
	switch v := v.(type) {
	case *ir.Object:
		return v.Type == substitutionClass
	case *ir.Unknown:
		o := object(v.Of)
		return o != nil && (o.Type == sweepClass || o.Type == substitutionClass)
	}
	return false
}

// tokenKeys matches the names in parameters['LR'], parameters.LR and
// parameters['P']['K'].
var tokenKeys = regexp.MustCompile(`\[\s*['"](\w+)['"]\s*\]|\.\s*(\w+)`)

// keysOf gives the names by which a token is read, as tokenKeys finds them.
func keysOf(text string) (keys []string) {
	for _, m := range tokenKeys.FindAllStringSubmatch(besides.ReplaceAllString(text, " "), -1) {
		keys = append(keys, m[1]+m[2])
	}
	return keys
}

// besides matches comments and the ends of lines that go on.
var besides = regexp.MustCompile(`#.*|\\\r?\n`)

// sweepOf gives the sweep that a token is of.
func sweepOf(v ir.Value) *ir.Object {
	for range 3 {
		switch x := v.(type) {
		case *ir.Object:
			if x.Type == sweepClass {
				return x
			}
			v = x.From
		case *ir.Unknown:
			v = x.Of
		default:
			return nil
		}
	}
	return nil
}

// fileUse gives the use of data that a token of a FileParameter means: one file
// of a container that the job mounts, by the name of its blob.
func (j *job) fileUse(p ir.Piece) (*dataUse, bool) {
	if !isToken(p.Val) {
		return nil, false
	}
	for _, key := range keysOf(j.c.Text(p.At)) {
		specs, _ := specsOf(sweepOf(p.Val))
		for _, spec := range specs {
			if spec.key != combinationPrefix+key || lastSegment(spec.object.Type) != "FileParameter" {
				continue
			}
			root := map[string]string{"JOB": jobMountRoot, "CLUSTER": clusterMountRoot}[spec.text("mount_method")]
			path, _ := field(spec.object, "mount_path")
			for _, m := range j.mounts {
				if m.root == root && m.kind == containerMount && equal(m.rel, cleanPath(textOf(j.c, path))) {
					if _, ok := j.datastore(m, p.At); !ok {
						return nil, false
					}
					return &dataUse{mount: m, base: text{holeCell(j.c, p)}}, true
				}
			}
		}
	}
	return nil, false
}

// substitution replaces the tokens of a sweep in a term by the values of a
// combination.
type substitution struct {
	c           ir.Context
	combination string
	failed      bool
}

// token gives the value in the combination for an expression.
func (s *substitution) token(v ir.Value, at ir.Expr) (ir.Term, bool) {
	if !isToken(v) {
		return nil, false
	}
	var keys []string
	if !at.IsZero() {
		keys = keysOf(s.c.Text(at))
	}
	if len(keys) == 0 || len(keys) > 2 {
		s.failed = true
		return nil, false
	}
	return &ir.Item{Of: code(s.combination), Key: &ir.Literal{V: combinationPrefix + strings.Join(keys, "__")}}, true
}

func (s *substitution) replace(t ir.Term) ir.Term {
	switch t := t.(type) {
	case *ir.Source:
		if v, ok := s.token(t.Arg.Value, t.Arg.At); ok {
			return v
		}
	case *ir.Apply:
		out := &ir.Apply{Fn: s.replace(t.Fn)}
		for _, a := range t.Args {
			a.Value = s.replace(a.Value)
			out.Args = append(out.Args, a)
		}
		return out
	case *ir.Member:
		return &ir.Member{Of: s.replace(t.Of), Name: t.Name}
	case *ir.Item:
		return &ir.Item{Of: s.replace(t.Of), Key: s.replace(t.Key)}
	case *ir.DictOf:
		out := &ir.DictOf{}
		for _, e := range t.Entries {
			if e.Key != nil {
				e.Key = s.replace(e.Key)
			}
			e.Value = s.replace(e.Value)
			out.Entries = append(out.Entries, e)
		}
		return out
	case *ir.ListOf:
		out := &ir.ListOf{Tuple: t.Tuple}
		for _, i := range t.Items {
			out.Items = append(out.Items, s.replace(i))
		}
		return out
	case *ir.Code:
		out := &ir.Code{Text: t.Text, Holes: map[string]ir.Term{}}
		for name, h := range t.Holes {
			out.Holes[name] = s.replace(h)
		}
		return out
	case *ir.Concat:
		return s.concat(t)
	}
	return t
}

// concat formats a text that has tokens in it.
func (s *substitution) concat(t *ir.Concat) ir.Term {
	if !hasTokens(&ir.Text{Pieces: t.Pieces}, 0) {
		return t
	}
	format := ""
	out := &ir.Apply{}
	var walk func(ps []ir.Piece)
	walk = func(ps []ir.Piece) {
		for _, p := range ps {
			if nested, ok := p.Val.(*ir.Text); ok && hasTokens(nested, 0) {
				walk(nested.Pieces)
				continue
			}
			if p.Val == nil {
				format += strings.NewReplacer("{", "{{", "}", "}}").Replace(p.Lit)
				continue
			}
			format += "{" + itoa(len(out.Args)) + "}"
			v, ok := s.token(p.Val, p.At)
			if !ok {
				v = &ir.Source{Arg: ir.Arg{Value: p.Val, At: p.At}}
			}
			out.Args = append(out.Args, ir.Argument{Value: v})
		}
	}
	walk(t.Pieces)
	if format == "{0}" {
		return code("str({it})", "it", out.Args[0].Value)
	}
	out.Fn = &ir.Member{Of: &ir.Literal{V: format}, Name: "format"}
	return out
}

// refuse fails where a statement around the term has a token in it: it would
// run once for all combinations.
func (s *substitution) refuse(st ir.Statement) {
	probe := &substitution{c: s.c, combination: s.combination}
	before := 0
	count := func(t ir.Term) {
		if t == nil {
			return
		}
		if found(probe.replace(t), probe.combination) {
			before++
		}
	}
	count(st.Value)
	if st.Block != nil {
		count(st.Block)
	}
	s.failed = s.failed || probe.failed || before > 0
}

// found reports whether a term reads the combination.
func found(t ir.Term, name string) bool {
	switch t := t.(type) {
	case *ir.Item:
		k, ok := t.Of.(*ir.Code)
		return ok && k.Text == name || found(t.Of, name)
	case *ir.Apply:
		return found(t.Fn, name) || slices.ContainsFunc(t.Args, func(a ir.Argument) bool { return found(a.Value, name) })
	case *ir.Member:
		return found(t.Of, name)
	case *ir.DictOf:
		return slices.ContainsFunc(t.Entries, func(e ir.Entry) bool { return found(e.Value, name) })
	case *ir.ListOf:
		return slices.ContainsFunc(t.Items, func(i ir.Term) bool { return found(i, name) })
	case *ir.Code:
		for _, h := range t.Holes {
			if found(h, name) {
				return true
			}
		}
	}
	return false
}

// generateJobs makes the list of combinations, and from it the list of
// configurations; the sample gave both.
func generateJobs(c ir.Context) *ir.Answer {
	specs, ok := sweepSpecs(c)
	if !ok {
		return nil
	}
	jcp, ok := given(c, "job_create_parameters")
	if !ok {
		return nil
	}
	number, random := given(c, "num_jobs")
	var notes []ir.Note
	for _, p := range specs {
		if lastSegment(p.object.Type) == "FileParameter" {
			notes = append(notes, note("BAI317", ir.Review, ir.Expr{}))
		}
	}
	var combinations ir.Term
	if random {
		d := &ir.DictOf{}
		var more []ir.Term
		for _, p := range specs {
			v, ok := p.random(c)
			if !ok {
				return nil
			}
			if p.several() {
				more = append(more, p.entries(v))
				continue
			}
			d.Entries = append(d.Entries, ir.Entry{Key: &ir.Literal{V: p.key}, Value: v})
		}
		var combination ir.Term = d
		for _, m := range more {
			combination = code("dict({some}, **{more})", "some", combination, "more", m)
		}
		combinations = code("[{combination} for _ in range({number})]", "combination", combination, "number", &ir.Source{Arg: number})
	} else {
		names := &ir.ListOf{Tuple: true}
		product := invoke("itertools.product")
		several := slices.ContainsFunc(specs, sweepSpec.several)
		for _, p := range specs {
			v, ok := p.grid(c)
			if !ok {
				return nil
			}
			switch {
			case p.several():
				v = code("[{entries} for item in {values}]", "entries", p.entries(code("item")), "values", v)
			case several:
				v = code("[{entry} for value in {values}]", "entry", &ir.DictOf{Entries: []ir.Entry{{Key: &ir.Literal{V: p.key}, Value: code("value")}}}, "values", v)
			}
			names.Items = append(names.Items, &ir.Literal{V: p.key})
			product.Args = append(product.Args, ir.Argument{Value: v})
		}
		combinations = code("[dict(zip({names}, values)) for values in {product}]", "names", names, "product", product)
		if several {
			combinations = code("[dict(entry for part in parts for entry in part.items()) for parts in {product}]", "product", product)
		}
	}
	all := &ir.Var{Handle: c.Fresh("all_combinations")}
	each := "{jcp}"
	if hasTokens(jcp.Value, 0) {
		each = "{jcp}(combination)"
	}
	return &ir.Answer{
		Before: []ir.Statement{{Target: all, Value: combinations}},
		Term: &ir.ListOf{Tuple: true, Items: []ir.Term{
			code("["+each+" for combination in {all}]", "jcp", &ir.Source{Arg: jcp}, "all", all), all}},
		Notes: append(notes, note("BAI706", ir.Review, ir.Expr{})),
	}
}

// several reports whether the parameter stands for several values at once.
func (p sweepSpec) several() bool { return lastSegment(p.object.Type) == "DictParameter" }

// entries gives the values of a combination that one item of a DictParameter
// stands for.
func (p sweepSpec) entries(item ir.Term) ir.Term {
	return code("dict(({prefix} + key, value) for key, value in {item}.items())", "prefix", &ir.Literal{V: p.key + "__"}, "item", item)
}

// sweepSpec is one parameter of a sweep.
type sweepSpec struct {
	key    string // in a combination
	object *ir.Object
}

// sweepSpecs lists the parameters of the sweep that the call goes through; ok
// is false where they are not all known.
func sweepSpecs(c ir.Context) (specs []sweepSpec, ok bool) {
	return specsOf(object(c.Recv().Value))
}

func specsOf(o *ir.Object) (specs []sweepSpec, ok bool) {
	if o == nil || o.Made == nil {
		return nil, false
	}
	list, ok := field(o, "param_specs")
	if !ok {
		return nil, false
	}
	es, open := elements(list.Value)
	if open || len(es) == 0 {
		return nil, false
	}
	for _, e := range es {
		spec := object(e.Value)
		if spec == nil {
			return nil, false
		}
		a, ok := field(spec, "parameter_name")
		if !ok {
			return nil, false
		}
		name, ok := ir.String(a.Value)
		if !ok {
			return nil, false
		}
		specs = append(specs, sweepSpec{key: combinationPrefix + name, object: spec})
	}
	return specs, true
}

// text gives a field that is a constant text.
func (p sweepSpec) text(name string) string {
	a, _ := field(p.object, name)
	s, _ := ir.String(a.Value)
	return s
}

// holes gives the numbers of a numeric parameter for a template.
func (p sweepSpec) holes(names ...string) (out []any, ok bool) {
	for _, n := range names {
		a, ok := field(p.object, n)
		if !ok {
			return nil, false
		}
		out = append(out, n, &ir.Source{Arg: a})
	}
	return out, true
}

// grid gives the values of a parameter in a grid.
// Source: the sample's NumericParameter, numpy.linspace, geomspace and arange.
func (p sweepSpec) grid(ir.Context) (ir.Term, bool) {
	switch lastSegment(p.object.Type) {
	case "DiscreteParameter", "DictParameter":
		a, ok := field(p.object, "values")
		return &ir.Source{Arg: a}, ok
	case "FileParameter":
		return p.blobs()
	case "NumericParameter":
		value := map[string]string{
			"LINEAR": "{start} + ({end} - {start}) * i / max({num_values} - 1, 1)",
			"LOG":    "{start} * ({end} / {start}) ** (i / max({num_values} - 1, 1))",
		}[p.text("scale")]
		over := "range({num_values})"
		names := []string{"start", "end", "num_values"}
		if _, step := field(p.object, "step"); step && p.text("scale") == "LINEAR" {
			value, over = "{start} + i * {step}", "range(int(({end} - {start}) / {step} + 1e-9) + 1)"
			names[2] = "step"
		}
		if value == "" {
			return nil, false
		}
		switch p.text("data_type") {
		case "INTEGER":
			value = "round(" + value + ")"
		case "REAL":
		default:
			return nil, false
		}
		holes, ok := p.holes(names...)
		return code("["+value+" for i in "+over+"]", holes...), ok
	}
	return nil, false
}

// blobs lists the names of the blobs that a FileParameter means; the files of a
// share are by hand.
func (p sweepSpec) blobs() (ir.Term, bool) {
	if p.text("storage_type") != "BLOB" {
		return nil, false
	}
	holes, ok := p.holes("storage_account_name", "storage_account_key", "container")
	if !ok {
		return nil, false
	}
	service := invoke("azure.storage.blob.BlockBlobService", ir.Argument{Value: holes[1].(ir.Term)}, ir.Argument{Value: holes[3].(ir.Term)})
	holes = append(holes, "service", service)
	condition := ""
	if filter, ok := p.holes("filter_str"); ok {
		holes = append(holes, filter...)
		condition = " if re.match({filter_str}, blob.name)"
	}
	return code("[blob.name for blob in {service}.list_blobs({container})"+condition+"]", holes...), true
}

// random gives one value of a parameter by chance.
func (p sweepSpec) random(ir.Context) (ir.Term, bool) {
	switch lastSegment(p.object.Type) {
	case "FileParameter":
		values, ok := p.blobs()
		if !ok {
			return nil, false
		}
		return code("random.choice({values})", "values", values), true
	case "DiscreteParameter", "DictParameter":
		a, ok := field(p.object, "values")
		return code("random.choice({values})", "values", &ir.Source{Arg: a}), ok
	case "NumericParameter":
		template := map[string]string{
			"LINEAR": "random.uniform({start}, {end})",
			"LOG":    "math.exp(random.uniform(math.log({start}), math.log({end})))",
		}[p.text("scale")]
		holes, ok := p.holes("start", "end")
		return code(template, holes...), ok && template != ""
	}
	return nil, false
}

// waitForRuns waits for all runs of the experiment, or those of some names, and
// gives them.
func waitForRuns(c ir.Context) *ir.Answer {
	run := &ir.Var{Handle: c.Fresh("run")}
	const wait = "for {run} in {all}:\n    {run}.wait_for_completion(raise_on_error=False)"
	notes := lost(c, "BAI902", "job_names")
	if call := c.Call(); call != nil && strings.TrimSpace(c.Text(call.Stmt)) == c.Text(call.At) {
		return &ir.Answer{Before: []ir.Statement{block(wait, "run", run, "all", runsOfExperiment(c))}, Notes: notes}
	}
	all := c.Target()
	return &ir.Answer{
		Before: []ir.Statement{
			{Target: all, Value: runsOfExperiment(c)},
			block(wait, "run", run, "all", all),
		},
		Notes: notes,
	}
}

// activeStates are the states of runs that can be cancelled, by those of jobs.
var activeStates = map[string]string{
	"queued":      "in ('NotStarted', 'Queued', 'Preparing', 'Provisioning', 'Starting')",
	"running":     "in ('Running', 'Finalizing')",
	"terminating": "== 'CancelRequested'",
	"succeeded":   "",
	"failed":      "",
}

// cancelRuns cancels the active runs of the experiment, or those of some names
// or in some state.
func cancelRuns(c ir.Context) *ir.Answer {
	if _, ok := given(c, "job_name_regex"); ok {
		return nil
	}
	active := "not in ('Completed', 'Failed', 'Canceled')"
	notes := lost(c, "BAI902", "job_names", "execution_state")
	if a, ok := given(c, "execution_state"); ok {
		state, known := ir.String(a.Value)
		if s, ok := a.Value.(*ir.Symbol); ok {
			state, known = lastSegment(s.Name), true
		}
		if active, ok = activeStates[strings.ToLower(state)]; !ok || !known {
			return nil
		}
	}
	if active == "" {
		return &ir.Answer{Drop: true, Notes: notes} // what has ended is not cancelled
	}
	run := &ir.Var{Handle: c.Fresh("run")}
	return &ir.Answer{
		Before: []ir.Statement{block("for {run} in {runs}:\n"+
			"    if {run}.get_status() "+active+":\n"+
			"        {run}.cancel()", "run", run, "runs", runsOfExperiment(c))},
		Notes: notes,
	}
}

// runsOfExperiment lists the runs of the receiver, all or those of the names
// that the call gives.
func runsOfExperiment(c ir.Context) ir.Term {
	self := &ir.Source{Arg: c.Recv()}
	if names, ok := given(c, "job_names"); ok {
		return code("[run for run in {it}.get_runs() if run.tags.get('batchai_job_name') in {names}]", "it", self, "names", &ir.Source{Arg: names})
	}
	return code("list({it}.get_runs())", "it", self)
}
