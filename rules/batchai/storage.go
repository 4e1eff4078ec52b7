package batchai

import (
	"path"
	"regexp"
	"strings"

	"pyxlate/rules"
	"pyxlate/rules/ir"
)

// storageKind says how a container or a share becomes a datastore.
type storageKind struct {
	resource string // kind of resource
	param    string // parameter of the old calls that names it
	register string // target function
	to       string // its parameter for the name
	suffix   string // of the datastore's name: a container and a share often have the same
}

var (
	containerKind = storageKind{"container", "container_name", "azureml.core.Datastore.register_azure_blob_container", "container_name", "_blob"}
	shareKind     = storageKind{"share", "share_name", "azureml.core.Datastore.register_azure_file_share", "file_share_name", "_file"}
)

// createContainer and createShare register the datastore where the old program
// made the container or share. With option storage=default nothing is made: the
// workspace has a datastore.
func createContainer(c ir.Context) *ir.Answer { return createStorage(c, containerKind) }
func createShare(c ir.Context) *ir.Answer     { return createStorage(c, shareKind) }

func createStorage(c ir.Context, k storageKind) *ir.Answer {
	name, ok := given(c, k.param)
	if !ok {
		return nil
	}
	ws, ok := c.Resource("workspace")
	if !ok {
		return nil
	}
	ans := &ir.Answer{Makes: &ir.Resource{Kind: k.resource, Args: append(serviceArgs(c), withParam(name, k.param))}}
	ans.Notes = lost(c, "BAI302", k.param, "fail_on_exist", "timeout")
	if c.Option("storage") == "default" {
		ans.Term = apply(&ir.Member{Of: ws, Name: "get_default_datastore"})
		ans.Notes = append(ans.Notes, note("BAI307", ir.Review, ir.Expr{}))
		return ans
	}
	if a, ok := given(c, "fail_on_exist"); ok && !isFalse(a.Value) {
		ans.Notes = append(ans.Notes, note("BAI309", ir.Review, a.At))
	}
	args := map[string]ir.Arg{k.param: name}
	store, ok := datastoreName(args, c, k)
	if !ok {
		return nil
	}
	account, ok := serviceField(receiver(c), "account_name")
	if !ok {
		return nil // a connection string or another way to the account
	}
	apply := invoke(k.register, named("workspace", ws), named("datastore_name", store),
		ir.Argument{Name: k.to, Value: &ir.Source{Arg: name}, Old: []ir.Expr{name.At}},
		named("account_name", &ir.Source{Arg: account}))
	for _, secret := range []string{"account_key", "sas_token"} {
		if a, ok := serviceField(receiver(c), secret); ok {
			apply.Args = append(apply.Args, named(secret, &ir.Source{Arg: a}))
		}
	}
	apply.Args = append(apply.Args, named("create_if_not_exists", truth(true)), named("overwrite", truth(true)))
	ans.Term = apply
	ans.Notes = append(ans.Notes, note("BAI301", ir.Review, ir.Expr{}))
	return ans
}

// createDirectory drops the making of a directory where uploads make it: those
// that stay as they are still need it.
func createDirectory(c ir.Context) *ir.Answer {
	if _, ok := c.Resource("workspace"); !ok {
		return nil
	}
	for _, a := range serviceArgs(c) {
		if !c.Can(a) {
			return nil
		}
	}
	return &ir.Answer{Drop: true}
}

// storageCall and deleteStorage keep calls that have no counterpart. With option
// storage=default they go to another account than the rest of the program.
func storageCall(c ir.Context) *ir.Answer { return kept(c, "BAI317") }

func deleteStorage(c ir.Context) *ir.Answer { return kept(c, "BAI319") }

func kept(c ir.Context, code string) *ir.Answer {
	ans := &ir.Answer{Keep: true, Notes: []ir.Note{note(code, ir.Review, ir.Expr{})}}
	if c.Option("storage") == "default" {
		ans.Notes = append(ans.Notes, note("BAI329", ir.Review, ir.Expr{}))
	}
	return ans
}

func isFalse(v ir.Value) bool {
	k, ok := v.(*ir.Const)
	return ok && k.V == false
}

// receiver is the service object that a storage call goes through.
func receiver(c ir.Context) ir.Value {
	if o := c.Object(); o != nil {
		return o
	}
	return nil
}

// serviceField gives what a storage service was made with, by itself or by an
// object that stands for the account.
func serviceField(service ir.Value, name string) (ir.Arg, bool) {
	if a, ok := field(service, name); ok {
		return a, true
	}
	o := object(service)
	if o == nil || o.Made == nil {
		return ir.Arg{}, false
	}
	account := object(o.Made.Recv.Value)
	if account == nil || account.Type != "azure.storage.common.CloudStorageAccount" {
		return ir.Arg{}, false
	}
	return field(account, name)
}

// serviceArgs gives account and key of the service that a storage call goes
// through, for a resource.
func serviceArgs(c ir.Context) (args []ir.Arg) {
	for _, name := range []string{"account_name", "account_key", "sas_token"} {
		if a, ok := serviceField(receiver(c), name); ok {
			args = append(args, withParam(a, name))
		}
	}
	return args
}

// containerDatastore and shareDatastore choose the name of a datastore: lower
// case letters, digits and underscores.
func containerDatastore(args map[string]ir.Arg, c ir.Context) (ir.Term, bool) {
	return datastoreName(args, c, containerKind)
}

func shareDatastore(args map[string]ir.Arg, c ir.Context) (ir.Term, bool) {
	return datastoreName(args, c, shareKind)
}

var _ rules.DeriveFunc = containerDatastore

func datastoreName(args map[string]ir.Arg, c ir.Context, k storageKind) (ir.Term, bool) {
	a, ok := args[k.param]
	if !ok {
		return nil, false
	}
	s, ok := ir.String(a.Value)
	if !ok || c.ForCallers(a) {
		return code("{name}.lower().replace('-', '_') + '"+k.suffix+"'", "name", &ir.Source{Arg: a}), true
	}
	legal := strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' {
			return r
		}
		return '_'
	}, strings.ToLower(s))
	return &ir.Literal{V: legal + k.suffix}, true
}

// uploadBlob splits the name of the blob into folder and file.
func uploadBlob(c ir.Context) *ir.Answer {
	name, ok1 := given(c, "blob_name")
	local, ok2 := given(c, "file_path")
	if !ok1 || !ok2 {
		return nil
	}
	t := textOf(c, name)
	if isWhole(t) {
		if f, ok := madeOf(c, t, local); ok {
			return transfer(c, containerKind, f)
		}
	}
	if isWhole(t) && nameLike(c, name.At) && mayHaveFolder(t[0].in.piece.Val) && !endsWithName(textOf(c, local), t) {
		// Where its folder ends shows only when the program runs.
		part := func(of string) ir.Term { return code("os.path."+of+"({name})", "name", &ir.Source{Arg: name}) }
		_, same := pairs(t, textOf(c, local))
		return transfer(c, containerKind, transferred{target: part("dirname"), name: part("basename"), same: same, local: local})
	}
	var folder text
	if i := t.lastIndex('/'); i >= 0 {
		folder, t = t.cut(0, i).trimRight('/'), t[i+1:]
	}
	return transferFile(c, containerKind, folder, t, local)
}

// uploadFile has folder and file apart.
func uploadFile(c ir.Context) *ir.Answer {
	name, ok1 := given(c, "file_name")
	local, ok2 := given(c, "local_file_path")
	if !ok1 || !ok2 {
		return nil
	}
	var folder text
	if a, ok := given(c, "directory_name"); ok {
		folder = textOf(c, a)
	}
	return transferFile(c, shareKind, folder, textOf(c, name), local)
}

// uploadParams are the parameters that an upload carries over, or that only
// tune the transfer.
var uploadParams = []string{"container_name", "blob_name", "file_path", "share_name", "directory_name", "file_name",
	"local_file_path", "max_connections", "timeout", "progress_callback", "validate_content"}

// transferFile uploads one local file. A datastore keeps the local name: where the
// names differ, or may differ, the file is copied to its name in storage first.
func transferFile(c ir.Context, k storageKind, folder, name text, local ir.Arg) *ir.Answer {
	var target ir.Term
	if len(folder) > 0 {
		target = folder.term()
	}
	if isWhole(name) {
		if f, ok := madeOf(c, name, local); ok {
			f.target = target
			return transfer(c, k, f)
		}
	}
	return transfer(c, k, transferred{target: target, name: name.term(), same: endsWithName(textOf(c, local), name), local: local})
}

// madeOf tells how a name that is not known is made of the path of the file.
func madeOf(c ir.Context, name text, local ir.Arg) (f transferred, ok bool) {
	f.local = local
	v, at := name[0].in.piece.Val, name[0].in.piece.At
	if call := callOf(c, v, "os.path.relpath"); call != nil {
		if len(call.Args) == 2 && sameValue(call.Args[0].Value, local.Value) && c.Can(call.Args[1]) {
			// The folders of its name below that of the call come about again.
			f.root = &ir.Source{Arg: call.Args[1]}
			return f, true
		}
		f.folders = true
	}
	text := strings.TrimSpace(c.Text(at))
	call := callOf(c, v, "os.path.basename")
	m := lastPart.FindStringSubmatch(text)
	switch {
	case call != nil && len(call.Args) == 1 && sameValue(call.Args[0].Value, local.Value),
		m != nil && m[1]+m[2]+m[3] == strings.TrimSpace(c.Text(local.At)):
		f.same = true
		return f, true
	case f.folders, !nameLike(c, at), strings.Contains(text, ":"): // a part of it
		f.folders = true
		f.name = name.term()
		return f, true
	}
	return f, false
}

// lastPart matches the usual spellings of the last part of a path.
var lastPart = regexp.MustCompile(`^(?:([\w.]+)\.r?split\(['"]/['"](?:, *1)?\)\[-1\]|os\.path\.split\(([\w.]+)\)\[(?:-1|1)\]|(?:os\.)?path\.basename\(([\w.]+)\))$`)

// callOf gives the call of a symbol that a value comes from, nil if there is none.
func callOf(c ir.Context, v ir.Value, symbol string) *ir.Call {
	u, ok := v.(*ir.Unknown)
	if !ok || u.At.IsZero() {
		return nil
	}
	for _, call := range c.Calls(symbol) {
		if call.At.Unit == u.At.Unit && call.At.Span == u.At.Span {
			return call
		}
	}
	return nil
}

// pair is a file's name in storage and on the user's own machine.
type pair struct{ remote, local string }

// pairs gives the names of a loop over pairs of constants, where both names are
// nothing but its variables.
func pairs(remote, local text) (out []pair, ok bool) {
	if !isWhole(remote) || !isWhole(local) {
		return nil, false
	}
	r, ok1 := remote[0].in.piece.Val.(*ir.Join)
	l, ok2 := local[0].in.piece.Val.(*ir.Join)
	if !ok1 || !ok2 || len(r.Of) != len(l.Of) {
		return nil, false
	}
	for i := range r.Of {
		a, ok1 := ir.String(r.Of[i])
		b, ok2 := ir.String(l.Of[i])
		if !ok1 || !ok2 || path.Base(a) != path.Base(b) {
			return nil, false
		}
		out = append(out, pair{a, b})
	}
	return out, true
}

// mayHaveFolder reports whether a name that is not known may have a folder in
// front of it.
func mayHaveFolder(v ir.Value) bool {
	j, ok := v.(*ir.Join)
	if !ok {
		return true
	}
	for _, x := range j.Of {
		if s, known := ir.String(x); !known || strings.Contains(s, "/") {
			return true
		}
	}
	return false
}

// transferred is a file that is uploaded to a name in a folder of storage.
type transferred struct {
	local   ir.Arg
	target  ir.Term // the folder
	name    ir.Term
	same    bool    // the name is its own already
	root    ir.Term // its path below this folder is the name
	folders bool    // the name may have folders in it
}

// transfer uploads a file.
func transfer(c ir.Context, k storageKind, f transferred) *ir.Answer {
	place, ok := given(c, k.param)
	if !ok {
		return nil
	}
	store, ok := c.Resource(k.resource, append(serviceArgs(c), withParam(place, k.param))...)
	if !ok {
		return nil
	}
	ans := &ir.Answer{Notes: lost(c, "BAI302", uploadParams...)}
	if c.Option("storage") == "default" {
		ans.Notes = append(ans.Notes, note("BAI307", ir.Review, ir.Expr{}))
	}
	upload := func(file, root ir.Term) *ir.Apply {
		return apply(&ir.Member{Of: store, Name: "upload_files"},
			ir.Argument{Value: &ir.ListOf{Items: []ir.Term{file}}}, named("relative_root", root), named("target_path", f.target),
			named("overwrite", truth(true)), named("show_progress", truth(true)))
	}
	if f.same || f.root != nil {
		ans.Term = upload(&ir.Source{Arg: f.local}, f.root)
		return ans
	}
	folderVar := &ir.Var{Handle: c.Fresh("folder")}
	fileVar := &ir.Var{Handle: c.Fresh("path")}
	makes, root := "", ir.Term(nil)
	if f.folders {
		makes, root = "    os.makedirs(os.path.dirname({path}), exist_ok=True)\n", folderVar
	}
	ans.Before = []ir.Statement{block("with tempfile.TemporaryDirectory() as {folder}:\n"+
		"    {path} = os.path.join({folder}, {name})\n"+makes+
		"    shutil.copy({local}, {path})\n"+
		"    {upload}",
		"folder", folderVar, "path", fileVar, "name", f.name, "local", &ir.Source{Arg: f.local}, "upload", upload(fileVar, root))}
	ans.Notes = append(ans.Notes, note("BAI321", ir.Review, f.local.At))
	return ans
}

// sampleFolders are the local folders that the sample functions upload.
var sampleFolders = map[string]struct{ folder, param string }{
	"utilities.dataset.download_and_upload_mnist_dataset_to_blob": {"mnist_dataset_full", "mnist_dataset_directory"},
	"utilities.dataset.download_and_upload_rnn_dataset_to_blob":   {"rnn_dataset", "rnn_dataset_directory"},
}

// uploadSample uploads what a sample function would have downloaded before: its
// archive is no longer served.
func uploadSample(c ir.Context) *ir.Answer {
	sample, ok := sampleFolders[c.Call().Symbol]
	if !ok {
		return nil
	}
	service, ok1 := given(c, "blob_service")
	container, ok2 := given(c, "azure_blob_container_name")
	target, ok3 := given(c, sample.param)
	if !ok1 || !ok2 || !ok3 {
		return nil
	}
	args := []ir.Arg{withParam(container, "container_name")}
	for _, name := range []string{"account_name", "account_key", "sas_token"} {
		if a, ok := serviceField(service.Value, name); ok {
			args = append(args, withParam(a, name))
		}
	}
	store, ok := c.Resource("container", args...)
	if !ok {
		return nil
	}
	return &ir.Answer{
		Term: apply(&ir.Member{Of: store, Name: "upload"},
			named("src_dir", &ir.Literal{V: sample.folder}),
			ir.Argument{Name: "target_path", Value: &ir.Source{Arg: target}, Old: []ir.Expr{target.At}},
			named("overwrite", truth(true)), named("show_progress", truth(true))),
		Notes: []ir.Note{note("BAI702", ir.Review, ir.Expr{}, "DIR", sample.folder)},
	}
}
