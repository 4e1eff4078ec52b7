package batchai

import (
	"regexp"
	"strconv"
	"strings"

	"pyxlate/rules/ir"
)

// retiredSizes matches VM sizes that Azure no longer offers: the K80, M60, P40
// and P100 families, V100 v2, and their old neighbours.
// Source: Azure, "Retired Azure VM sizes".
var retiredSizes = regexp.MustCompile(`(?i)^standard_(nc\d+r?(_promo)?|nc\d+r?s_v[23]|nd\d+r?s|nv\d+(_promo)?|nv\d+s_v2|[hd]\d+r?m?|a\d+)$`)

// vmSize passes the size on and says so where it is retired.
func vmSize(c ir.Context) *ir.Answer {
	a, ok := given(c, "vm_size")
	if !ok {
		return nil
	}
	ans := &ir.Answer{Term: apply(nil, ir.Argument{Name: "vm_size", Value: &ir.Source{Arg: a}, Old: []ir.Expr{a.At}})}
	if s, ok := ir.String(a.Value); ok && retiredSizes.MatchString(s) {
		ans.Notes = []ir.Note{note("BAI210", ir.Review, a.At, "NAME", s)}
	}
	self := c.Object()
	for _, call := range c.Calls("azure.mgmt.batchai.operations.ClustersOperations.create") {
		if object(call.Bound["parameters"].Value) != self {
			continue
		}
		name, given := call.Bound["cluster_name"]
		if s, ok := ir.String(name.Value); given && ok && legalCompute(s) != s {
			ans.Notes = append(ans.Notes, note("BAI203", ir.Review, ir.Expr{}, "NAME", s, "NEW", legalCompute(s)))
		}
	}
	return ans
}

// vmImage: Azure ML chooses the image of its nodes. That loses nothing where the
// old one is a stock image and all jobs bring containers of their own.
func vmImage(c ir.Context) *ir.Answer {
	a, ok := given(c, "virtual_machine_configuration")
	if !ok {
		return nil
	}
	offer, stock := c.Path("virtual_machine_configuration.image_reference.offer")
	if image, ok := c.Path("virtual_machine_configuration.image_reference.virtual_machine_image_id"); ok && !ir.IsNone(image.Value) {
		stock = false // made by the user
	}
	jobs := c.Made(models + "JobCreateParameters")
	for _, o := range jobs {
		_, contained := field(o, "container_settings")
		stock = stock && contained
	}
	out := &ir.Answer{Term: &ir.Apply{}}
	if !stock || len(jobs) == 0 {
		out.Notes = append(out.Notes, note("BAI214", ir.Manual, a.At))
	} else {
		out.Notes = append(out.Notes, note("BAI219", ir.Review, a.At, "NAME", textOf(c, offer).show()))
	}
	return out
}

// setupTask quotes the command line of a set-up task in its mark.
func setupTask(c ir.Context) *ir.Answer {
	a, ok := given(c, "node_setup")
	if !ok {
		return nil
	}
	command := c.Text(a.At)
	if line, ok := c.Path("node_setup.setup_task.command_line"); ok {
		a, command = line, textOf(c, line).show()
	}
	command = strings.Join(strings.Fields(command), " ")
	return &ir.Answer{Term: &ir.Apply{}, Notes: []ir.Note{note("BAI215", ir.Manual, a.At, "COMMAND", "`"+command+"`")}}
}

// computeName gives the name of a cluster as Azure ML takes it: 2 to 16 letters,
// digits and dashes, a letter first. A literal is changed here, any other name at run
// time, and only where what is known of it is not legal.
func computeName(args map[string]ir.Arg, c ir.Context) (ir.Term, bool) {
	a, ok := args["cluster_name"]
	if !ok {
		return nil, false
	}
	source := &ir.Source{Arg: a}
	s, known := ir.String(a.Value)
	if known && legalCompute(s) == s {
		return source, true
	}
	if known && !plainName.MatchString(c.Text(a.At)) {
		return &ir.Literal{V: legalCompute(s)}, true
	}
	dashed := code("{name}.replace('_', '-')", "name", source)
	switch {
	case !known:
		for _, x := range textOf(c, a) {
			if !x.hole && x.b == '_' {
				return dashed, true
			}
		}
		return source, true
	case strings.ReplaceAll(s, "_", "-") == legalCompute(s):
		return dashed, true
	}
	// A name may have other values than the one that is known.
	return code("re.sub('[^A-Za-z0-9-]', '-', {name})[:16]", "name", source), true
}

func legalCompute(s string) string {
	s = notInCompute.ReplaceAllString(s, "-")
	if s == "" || !(s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z') {
		s = "c" + s
	}
	return strings.TrimRight(s[:min(len(s), 16)], "-")
}

var notInCompute = regexp.MustCompile(`[^A-Za-z0-9-]`)

// subnetParts are the segments of a subnet's id that the new call takes:
// /subscriptions/S/resourceGroups/R/providers/Microsoft.Network/virtualNetworks/V/subnets/N
var subnetParts = []struct {
	param   string
	segment int
}{{"vnet_resourcegroup_name", 4}, {"vnet_name", 8}, {"subnet_name", 10}}

// subnet takes the id of a subnet apart: as text where it is known in pieces, at
// run time otherwise.
func subnet(c ir.Context) *ir.Answer {
	a, ok := c.Path("subnet.id")
	if !ok {
		return nil
	}
	out := &ir.Apply{}
	segments := splitText(textOf(c, a), '/')
	for _, p := range subnetParts {
		var v ir.Term
		if len(segments) == 11 && segments[p.segment] != nil {
			v = segments[p.segment].term()
		} else {
			v = code("{id}.split('/')["+itoa(p.segment)+"]", "id", &ir.Source{Arg: a})
		}
		out.Args = append(out.Args, ir.Argument{Name: p.param, Value: &ir.Optional{Value: v, Given: a}, Old: []ir.Expr{a.At}})
	}
	for _, group := range []string{"ClustersOperations", "JobsOperations"} {
		if len(c.Calls("azure.mgmt.batchai.operations."+group+".list_remote_login_information")) > 0 {
			out.Args = append(out.Args, ir.Argument{Name: "remote_login_port_public_access", Value: str("Enabled")})
			break
		}
	}
	return &ir.Answer{Term: out}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// splitText splits a text at a byte.
func splitText(t text, b byte) (out []text) {
	for {
		i := t.index(b)
		if i < 0 {
			return append(out, t)
		}
		out = append(out, t.cut(0, i))
		t = t[i+1:]
	}
}

// servicePrincipal takes the tenant out of the address that older programs gave
// in its place: https://login.microsoftonline.com/TENANT/oauth2/token
func servicePrincipal(c ir.Context) *ir.Answer {
	address, ok := given(c, "token_uri")
	if !ok {
		return nil
	}
	var tenant ir.Term = code("{address}.split('/')[3]", "address", &ir.Source{Arg: address})
	if parts := splitText(textOf(c, address), '/'); len(parts) > 4 {
		tenant = parts[3].term()
	}
	return &ir.Answer{
		Term: invoke("azureml.core.authentication.ServicePrincipalAuthentication",
			ir.Argument{Name: "tenant_id", Value: tenant, Old: []ir.Expr{address.At}},
			keyword(c, "service_principal_id", "client_id"), keyword(c, "service_principal_password", "secret")),
		Notes: lost(c, "BAI131", "token_uri", "client_id", "secret", "tenant"),
	}
}

// adalSignIn turns a method of adal by which a token is acquired, and its
// arguments, into the way of signing in that it stands for.
func adalSignIn(c ir.Context) *ir.Answer {
	if c.Call() == nil || len(c.Call().Args) == 0 {
		return nil
	}
	args := c.Call().Args
	for _, a := range args {
		if a.Star != 0 || a.Param != "" && a.Param != "adal_method" {
			return nil
		}
	}
	method, ok := args[0].Value.(*ir.Unknown)
	if !ok || method.Of == nil {
		return nil
	}
	tenant, ok := adalTenant(c, method.Of)
	if !ok {
		return nil
	}
	tenant.Name = "tenant_id"
	switch {
	case method.Attr == "acquire_token_with_client_credentials" && len(args) == 4:
		return &ir.Answer{Term: invoke("azureml.core.authentication.ServicePrincipalAuthentication", tenant,
			ir.Argument{Name: "service_principal_id", Value: &ir.Source{Arg: args[2]}, Old: []ir.Expr{args[2].At}},
			ir.Argument{Name: "service_principal_password", Value: &ir.Source{Arg: args[3]}, Old: []ir.Expr{args[3].At}}),
			Notes: []ir.Note{note("BAI103", ir.Review, ir.Expr{})}}
	case method.Attr == "acquire_token_with_username_password", method.Attr == "acquire_token_with_device_code":
		return &ir.Answer{Term: invoke("azureml.core.authentication.InteractiveLoginAuthentication", tenant),
			Notes: []ir.Note{note("BAI103", ir.Review, ir.Expr{})}}
	}
	return nil
}

// adalTenant gives the tenant of a context of adal: the last part of the address
// that it was made with.
func adalTenant(c ir.Context, context ir.Value) (ir.Argument, bool) {
	u, ok := context.(*ir.Unknown)
	if !ok {
		return ir.Argument{}, false
	}
	for _, k := range c.Calls("adal.AuthenticationContext") {
		if k.Result != u && k.At.Span != u.At.Span || len(k.Args) == 0 || k.Args[0].Star != 0 || k.Args[0].Param != "" && k.Args[0].Param != "authority" {
			continue
		}
		address := k.Args[0]
		parts := splitText(textOf(c, address), '/')
		for len(parts) > 0 && len(parts[len(parts)-1]) == 0 {
			parts = parts[:len(parts)-1]
		}
		if len(parts) < 2 {
			return ir.Argument{Value: code("{address}.rstrip('/').rsplit('/', 1)[1]", "address", &ir.Source{Arg: address})}, true
		}
		return ir.Argument{Value: parts[len(parts)-1].term()}, true
	}
	return ir.Argument{}, false
}

// printClusterStatus prints the status of the cluster that is passed.
func printClusterStatus(c ir.Context) *ir.Answer {
	a, ok := given(c, "cluster")
	if !ok {
		return nil
	}
	return &ir.Answer{Term: code("print({it}.get_status().serialize())", "it", &ir.Source{Arg: a})}
}

// pollerResult: what the operation made is held by the poller's variable. A
// cluster is waited for; everything else exists when the call returns.
func pollerResult(c ir.Context) *ir.Answer {
	made, ok := operation(c)
	if !ok {
		return nil
	}
	self := &ir.Source{Arg: c.Recv()}
	var lost []ir.Note
	timeout, timed := given(c, "timeout")
	if timed {
		lost = append(lost, note("BAI902", ir.Review, timeout.At, "NAME", "timeout"))
	}
	switch lastSegment(ownerOf(made)) + "." + lastSegment(made) {
	case "ClustersOperations.create":
		wait := apply(&ir.Member{Of: self, Name: "wait_for_completion"}, ir.Argument{Name: "show_output", Value: truth(true)})
		if timed {
			wait.Args = append(wait.Args, ir.Argument{Name: "timeout_in_minutes", Value: code("{seconds} / 60", "seconds", &ir.Source{Arg: timeout}), Old: []ir.Expr{timeout.At}})
		}
		if lastSegment(c.Use().Symbol) == "wait" {
			return &ir.Answer{Term: wait}
		}
		return &ir.Answer{Before: []ir.Statement{{Value: wait}}, Term: self}
	case "ClustersOperations.delete":
		return &ir.Answer{Term: code("{it}.wait_for_completion(show_output=True, is_delete_operation=True)", "it", self), Notes: lost}
	case "JobsOperations.terminate":
		return &ir.Answer{Term: code("{it}.wait_for_completion(raise_on_error=False)", "it", self), Notes: lost}
	case "WorkspacesOperations.create", "ExperimentsOperations.create", "JobsOperations.create",
		"WorkspacesOperations.delete", "ExperimentsOperations.delete", "JobsOperations.delete":
		return &ir.Answer{Term: self}
	}
	return nil
}

// pollerDone: a cluster is done when its status says so.
func pollerDone(c ir.Context) *ir.Answer {
	made, ok := operation(c)
	if !ok {
		return nil
	}
	switch lastSegment(ownerOf(made)) + "." + lastSegment(made) {
	case "ClustersOperations.create":
		return &ir.Answer{
			Term:  code("({it}.get_status() is not None and {it}.get_status().provisioning_state == 'Succeeded')", "it", &ir.Source{Arg: c.Recv()}),
			Notes: []ir.Note{note("BAI217", ir.Review, ir.Expr{})},
		}
	case "ClustersOperations.delete":
		return &ir.Answer{Term: code("({it}.name not in {it}.workspace.compute_targets)", "it", &ir.Source{Arg: c.Recv()})}
	case "JobsOperations.terminate":
		return &ir.Answer{Term: code("({it}.get_status() in ('Completed', 'Failed', 'Canceled'))", "it", &ir.Source{Arg: c.Recv()})}
	case "WorkspacesOperations.create", "ExperimentsOperations.create", "JobsOperations.create",
		"WorkspacesOperations.delete", "ExperimentsOperations.delete", "JobsOperations.delete":
		return &ir.Answer{Term: truth(true)}
	}
	return nil
}

// operation names the operation that a poller is of.
func operation(c ir.Context) (string, bool) {
	o := object(c.Recv().Value)
	if o == nil || o.Made == nil {
		return "", false
	}
	return o.Made.Symbol, true
}

func ownerOf(symbol string) string { return symbol[:max(strings.LastIndexByte(symbol, '.'), 0)] }

// exception gives the class of what the new calls raise where the old ones
// raised a CloudError: clusters have one of their own.
func exception(c ir.Context) *ir.Answer {
	var class ir.Term = code("Exception")
	if ofClusters(c) {
		class = &ir.Name{Path: "azureml.exceptions.ComputeTargetException"}
	}
	return &ir.Answer{Term: class, Notes: []ir.Note{note("BAI918", ir.Review, ir.Expr{})}}
}

// ofClusters reports whether nothing but calls about clusters can raise the
// exception at hand.
func ofClusters(c ir.Context) bool { return raisedBy(c, "ClustersOperations.") }

// raisedBy reports whether nothing but operations whose names begin so can raise
// the exception at hand.
func raisedBy(c ir.Context, prefix string) bool {
	calls := 0
	for _, k := range c.Guarded() {
		operation, ok := strings.CutPrefix(k.Symbol, "azure.mgmt.batchai.operations.")
		switch {
		case !ok: // a record
		case strings.HasPrefix(operation, prefix):
			calls++
		default:
			return false
		}
	}
	return calls > 0
}

// exceptionStatus turns a comparison of a status code into a test of what the
// new SDK says instead: that there is no such cluster, or the code of the
// answer, shows in the text of the exception (azureml-core 1.61,
// ComputeTarget.__new__, AmlCompute.update), that there is no such run in its
// class. Other codes have no counterpart.
func exceptionStatus(c ir.Context) *ir.Answer {
	other, op, comparison, ok := c.Compared("status_code")
	codes, known := wholeNumbers(other.Value)
	negated := op == "!=" || op == "not in"
	if !ok || !known || !negated && op != "==" && op != "in" {
		return nil
	}
	var tests []string
	for _, n := range codes {
		switch {
		case ofClusters(c) && n == 404:
			tests = append(tests, "'ComputeTargetNotFound' in str({e})")
		case ofClusters(c):
			tests = append(tests, "'Response Code: "+strconv.FormatInt(n, 10)+"' in str({e})")
		case raisedBy(c, "JobsOperations.get") && n == 404:
			tests = append(tests, "isinstance({e}, StopIteration)")
		default:
			return nil
		}
	}
	test := tests[0]
	switch {
	case len(tests) > 1:
		test = "(" + strings.Join(tests, " or ") + ")"
		if negated {
			test = "(not " + test + ")"
		}
	case negated && strings.Contains(test, " in "):
		test = strings.Replace(test, " in ", " not in ", 1)
	case negated:
		test = "not " + test
	}
	return &ir.Answer{Over: comparison, Term: code(test, "e", &ir.Source{Arg: c.Recv()}), Notes: []ir.Note{note("BAI918", ir.Review, ir.Expr{})}}
}

// wholeNumbers gives the constant ints that a value is, one or several.
func wholeNumbers(v ir.Value) ([]int64, bool) {
	if n, ok := ir.Int(v); ok {
		return []int64{n}, true
	}
	s, ok := v.(*ir.Seq)
	if !ok || s.Open || len(s.Changes) > 0 || len(s.Elems) == 0 {
		return nil, false
	}
	var out []int64
	for _, e := range s.Elems {
		n, ok := ir.Int(e.Value)
		if !ok {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

// jobNodes lists the nodes that work for a run. The cluster is that of the run:
// the one that its parameters name, else the one that the run itself names.
func jobNodes(c ir.Context) *ir.Answer {
	run, ok := runOf(c, c.Call())
	if !ok {
		return nil
	}
	cluster, ok := namedCluster(c, c.Call())
	if !ok {
		workspace, ok := c.Resource("workspace", namedArgs(c.Call(), "resource_group_name", "workspace_name")...)
		if !ok {
			return nil
		}
		cluster = code("azureml.core.compute.ComputeTarget(workspace={workspace}, name={run}.get_details()['target'])", "workspace", workspace, "run", run)
	}
	return &ir.Answer{Term: code("[node for node in {cluster}.list_nodes() if node.get('runId') == {run}.id]", "cluster", cluster, "run", run)}
}

// namedCluster gives the cluster that the parameters of a job name.
func namedCluster(c ir.Context, job *ir.Call) (ir.Term, bool) {
	params := parametersOf(c, job)
	if params == nil {
		return nil, false
	}
	id, ok := field(params, "cluster.id")
	if !ok {
		return nil, false
	}
	u, ok := id.Value.(*ir.Unknown)
	if !ok || u.Of == nil || u.Attr != "id" {
		return nil, false
	}
	a := ir.Arg{Value: u.Of, At: u.OfAt}
	return &ir.Source{Arg: a}, c.Can(a)
}

// classes are the classes of the new SDK by those of the old one that programs
// name without making an object: in annotations and tests of a type.
var classes = map[string]string{
	"azure.mgmt.batchai.BatchAIManagementClient": "azureml.core.Workspace",
	"azure.mgmt.batchai.models.Cluster":          "azureml.core.compute.AmlCompute",
	"azure.mgmt.batchai.models.Experiment":       "azureml.core.Experiment",
	"azure.mgmt.batchai.models.Job":              "azureml.core.Run",
	"azure.mgmt.batchai.models.Workspace":        "azureml.core.Workspace",

	"azure.mgmt.batchai.models.AllocationState":            "str",
	"azure.mgmt.batchai.models.BatchAIError":               "dict",
	"azure.mgmt.batchai.models.ExecutionState":             "str",
	"azure.mgmt.batchai.models.JobPropertiesExecutionInfo": "dict",
	"azure.mgmt.batchai.models.ProvisioningState":          "str",
	"azure.mgmt.batchai.models.RemoteLoginInformation":     "dict",
	"azure.mgmt.batchai.models.VmPriority":                 "str",
}

// className replaces the name of a class.
func className(c ir.Context) *ir.Answer {
	name, ok := classes[c.Use().Symbol]
	if !ok || c.Use().Kind != ir.NameUse {
		return nil
	}
	if !strings.Contains(name, ".") {
		return &ir.Answer{Term: &ir.Code{Text: name}}
	}
	return &ir.Answer{Term: &ir.Name{Path: name}}
}

// chains are attributes that are read through records of a cluster or a job
// (cluster.scale_settings.manual.target_node_count): what they are in the status
// or the details of the new object. {root} is the cluster or run.
var chains = map[string]string{
	"NodeStateCounts.idle_node_count":       "{root}.get_status().node_state_counts.idle_node_count",
	"NodeStateCounts.running_node_count":    "{root}.get_status().node_state_counts.running_node_count",
	"NodeStateCounts.preparing_node_count":  "{root}.get_status().node_state_counts.preparing_node_count",
	"NodeStateCounts.unusable_node_count":   "{root}.get_status().node_state_counts.unusable_node_count",
	"NodeStateCounts.leaving_node_count":    "{root}.get_status().node_state_counts.leaving_node_count",
	"ManualScaleSettings.target_node_count": "{root}.get_status().target_node_count",
	"AutoScaleSettings.minimum_node_count":  "{root}.get_status().scale_settings.minimum_node_count",
	"AutoScaleSettings.maximum_node_count":  "{root}.get_status().scale_settings.maximum_node_count",
	"JobPropertiesExecutionInfo.start_time": "{root}.get_details().get('startTimeUtc')",
	"JobPropertiesExecutionInfo.end_time":   "{root}.get_details().get('endTimeUtc')",
	"ExecutionState.name":                   "{root}.get_status()",
	"ExecutionState.value":                  "{root}.get_status()",
	"AllocationState.name":                  "{root}.get_status().allocation_state",
	"AllocationState.value":                 "{root}.get_status().allocation_state",
	"ProvisioningState.name":                "{root}.get_status().provisioning_state",
	"ProvisioningState.value":               "{root}.get_status().provisioning_state",
	"UsageName.value":                       "{root}['name']['value']",
	"UsageName.localized_value":             "{root}['name']['localizedValue']",
	"JobPropertiesExecutionInfo.errors":     "{root}.get_details().get('error')",
}

// parts are the same attributes where a variable holds the record ({self}): what
// it holds in the new program has them still. attribute is the one by which the
// record is read where no variable holds it.
var parts = map[string]struct {
	attribute string
	forms     map[string]string
}{
	"NodeStateCounts": {"node_state_counts", map[string]string{
		"idle_node_count":      "{self}.idle_node_count",
		"running_node_count":   "{self}.running_node_count",
		"preparing_node_count": "{self}.preparing_node_count",
		"unusable_node_count":  "{self}.unusable_node_count",
		"leaving_node_count":   "{self}.leaving_node_count",
	}},
	"JobPropertiesExecutionInfo": {"execution_info", map[string]string{
		"start_time": "{self}.get('startTimeUtc')",
		"end_time":   "{self}.get('endTimeUtc')",
		"errors":     "{self}.get('error')",
	}},
	"ExecutionState":    {"execution_state", map[string]string{"name": "{self}", "value": "{self}"}},
	"AllocationState":   {"allocation_state", map[string]string{"name": "{self}", "value": "{self}"}},
	"ProvisioningState": {"provisioning_state", map[string]string{"name": "{self}", "value": "{self}"}},
}

// chain reads such an attribute from the cluster or run itself. Records that
// the program made are no part of one.
func chain(c ir.Context) *ir.Answer {
	symbol := c.Use().Symbol
	template, ok := chains[lastSegment(ownerOf(symbol))+"."+lastSegment(symbol)]
	if !ok {
		return nil
	}
	a := c.Recv()
	part := parts[lastSegment(ownerOf(symbol))]
	if form := part.forms[lastSegment(symbol)]; form != "" && !readsAttribute(c.Text(a.At), part.attribute) && !strings.HasSuffix(c.Text(a.At), ")") {
		return &ir.Answer{Term: code(form, "self", &ir.Source{Arg: a})}
	}
	for range 6 {
		if o := oneOfAKind(a.Value); o != nil {
			switch lastSegment(o.Type) {
			case "Cluster", "Job", "Usage":
				return &ir.Answer{Term: code(template, "root", &ir.Source{Arg: a})}
			}
		}
		if a = c.Owner(a); a.Value == nil {
			return nil
		}
	}
	return nil
}

// runTime reads a time of a run: a text, which is made a time again where the
// program calculates with it.
func runTime(c ir.Context) *ir.Answer {
	ans := &ir.Answer{Term: code("{root}.get_details().get('startTimeUtc')", "root", &ir.Source{Arg: c.Recv()})}
	text, parsed := "BAI564", "BAI567"
	if lastSegment(ownerOf(c.Use().Symbol)) != "Job" {
		ans, text, parsed = chain(c), "BAI529", "BAI568"
	}
	if ans == nil {
		return nil
	}
	is, tested := c.Calculated()
	switch {
	case !is:
		ans.Notes = append(ans.Notes, note(text, ir.Review, ir.Expr{}))
		return ans
	case tested:
		ans.Term = code("next((dateutil.parser.parse({t}) for {t} in [{time}] if {t}), None)", "time", ans.Term, "t", &ir.Var{Handle: c.Fresh("time_text")})
	default:
		ans.Term = code("dateutil.parser.parse({time})", "time", ans.Term)
	}
	ans.Notes = append(ans.Notes, note(parsed, ir.Review, ir.Expr{}))
	return ans
}

// jobErrors reads the errors of a run, which has one at most: as a list, unless
// it is only gone through or asked for.
func jobErrors(c ir.Context) *ir.Answer {
	ans := chain(c)
	switch {
	case ans == nil, c.Shown():
	case c.Iterated():
		ans.Term = code("filter(None, [{error}])", "error", ans.Term)
	default:
		ans.Term = code("[{e} for {e} in [{error}] if {e}]", "error", ans.Term, "e", &ir.Var{Handle: c.Fresh("error")})
	}
	return ans
}

// modelDict gives a dictionary of what an object of the service is like.
func modelDict(c ir.Context) *ir.Answer {
	a := c.Recv()
	o := oneOfAKind(a.Value)
	if o == nil {
		return nil
	}
	form := map[string]string{
		"Cluster":         "{root}.get_status().serialize()",
		"Job":             "{root}.get_details()",
		"NodeStateCounts": "{root}.get_status().node_state_counts.serialize()",
	}[lastSegment(o.Type)]
	if lastSegment(o.Type) == "NodeStateCounts" {
		if !readsAttribute(c.Text(a.At), "node_state_counts") {
			form = "{root}.serialize()" // a variable holds the counts
		} else if a = c.Owner(a); a.Value == nil {
			return nil
		}
	}
	if form == "" {
		return nil
	}
	return &ir.Answer{Term: code(form, "root", &ir.Source{Arg: a}), Notes: []ir.Note{note("BAI566", ir.Review, ir.Expr{})}}
}

// readsAttribute reports whether a text ends in the reading of an attribute,
// wherever the dot stands.
func readsAttribute(text, attribute string) bool {
	head, ok := strings.CutSuffix(text, attribute)
	return ok && dotBefore.MatchString(head)
}

var dotBefore = regexp.MustCompile(`\.(\s|#[^\n]*\n)*$`)

// oneOfAKind gives an object that a value may be, when all that it may be are
// of one class: a variable that a loop reads anew.
func oneOfAKind(v ir.Value) *ir.Object {
	j, ok := v.(*ir.Join)
	if !ok {
		return object(v)
	}
	var one *ir.Object
	for _, x := range j.Of {
		o := oneOfAKind(x)
		switch {
		case ir.IsNone(x):
		case o == nil || one != nil && o.Type != one.Type:
			return nil
		default:
			one = o
		}
	}
	return one
}
