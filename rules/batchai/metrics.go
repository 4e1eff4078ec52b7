package batchai

import (
	"strings"

	"pyxlate/rules/ir"
)

// aggregates are the sample's ways to make one number of several.
var aggregates = map[string]string{
	"last": "{values}[-1]",
	"mean": "sum({values}) / len({values})",
	"min":  "min({values})",
	"max":  "max({values})",
}

// extractor is a MetricExtractor of either generation of the sample.
type extractor struct {
	logfile, regex ir.Arg
	aggregate      string
	logs           bool
	folder         text // of the file in the run
}

func extractorOf(c ir.Context, v ir.Value) (*extractor, bool) {
	o := object(v)
	if o == nil {
		return nil, false
	}
	x := &extractor{aggregate: aggregates["last"]}
	var ok1, ok2 bool
	x.logfile, ok1 = field(o, "logfile")
	x.regex, ok2 = field(o, "regex")
	if !ok1 || !ok2 {
		return nil, false
	}
	for _, name := range []string{"calculate_method", "metric"} {
		if a, ok := field(o, name); ok {
			s, _ := ir.String(a.Value)
			if x.aggregate = aggregates[s]; x.aggregate == "" {
				return nil, false
			}
		}
	}
	for _, name := range []string{"output_dir_id", "list_option"} {
		if a, ok := field(o, name); ok {
			s, known := ir.String(a.Value)
			if !known {
				return nil, false
			}
			x.logs = strings.EqualFold(s, standardOutput)
			folder, _ := outputFolder(c, nil, s)
			x.folder = joinPath(lit("outputs"), folder)
		}
	}
	return x, true
}

// metric reads a metric out of a file of a run as the sample did: the file is
// downloaded and searched with the same expression. Where the metric is in the
// log, it is left to a person: the logs of a run have other names.
func metric(c ir.Context) *ir.Answer {
	x, ok := extractorOf(c, c.Recv().Value)
	if !ok || x.logs {
		return nil
	}
	run, ok := runOf(c, c.Call())
	if !ok {
		return nil
	}
	found := &ir.Var{Handle: c.Fresh("found")}
	return &ir.Answer{
		Before: []ir.Statement{block(readMetric, x.holes(c, run, found)...)},
		Term:   code(x.aggregate, "values", found),
	}
}

// metrics reads a metric of several runs; the sample gave a list of
// dictionaries.
func metrics(c ir.Context) *ir.Answer {
	a, ok1 := given(c, "metric_extractor")
	runs, ok2 := given(c, "jobs")
	if !ok1 || !ok2 {
		return nil
	}
	x, ok := extractorOf(c, a.Value)
	if !ok || x.logs {
		return nil
	}
	found, run, list := &ir.Var{Handle: c.Fresh("found")}, &ir.Var{Handle: c.Fresh("run")}, &ir.Var{Handle: c.Fresh("metrics")}
	holes := append(x.holes(c, run, found), "runs", &ir.Source{Arg: runs}, "list", list, "value", code(x.aggregate, "values", found))
	return &ir.Answer{
		Before: []ir.Statement{block("{list} = []\nfor {run} in {runs}:\n"+indent(readMetric)+
			"\n    {list}.append({'job_name': {run}.id, 'job': {run}, 'metric_value': {value}})", holes...)},
		Term: list,
	}
}

// readMetric downloads a file of a run and finds all numbers that the
// expression matches.
const readMetric = `{run}.download_file({path}, output_file_path={file})
with open({file}) as {f}:
    {found} = [float(value) for value in re.findall({regex}, {f}.read())]`

func indent(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") }

// holes fills readMetric.
func (x *extractor) holes(c ir.Context, run, found ir.Term) []any {
	return []any{"run", run, "found", found, "f", &ir.Var{Handle: c.Fresh("f")}, "regex", &ir.Source{Arg: x.regex},
		"path", joinPath(x.folder, textOf(c, x.logfile)).term(), "file", &ir.Source{Arg: x.logfile}}
}
