package batchai

import (
	"path"
	"slices"
	"strings"

	"pyxlate/rules/ir"
)

// lineUploads are the commands of the Azure tool that put local files into
// storage, with their options by what these mean.
var lineUploads = []struct {
	words  []string
	kind   mountKind
	tree   bool // all that is below a folder
	option map[string][]string
}{
	{[]string{"az", "storage", "blob", "upload"}, containerMount, false, map[string][]string{
		"store": {"--container-name", "-c"}, "local": {"--file", "-f"}, "remote": {"--name", "-n"}}},
	{[]string{"az", "storage", "blob", "upload-batch"}, containerMount, true, map[string][]string{
		"store": {"--destination", "-d"}, "local": {"--source", "-s"}, "remote": {"--destination-path"}}},
	{[]string{"az", "storage", "file", "upload"}, shareMount, false, map[string][]string{
		"store": {"--share-name", "-s"}, "local": {"--source"}, "remote": {"--path", "-p"}}},
	{[]string{"az", "storage", "file", "upload-batch"}, shareMount, true, map[string][]string{
		"store": {"--destination", "-d"}, "local": {"--source", "-s"}, "remote": {"--destination-path"}}},
}

// readLines lists the uploads of command lines that the program runs.
func (j *job) readLines() {
	for _, call := range j.c.Lines() {
		occasions, _ := j.c.Occasions(call)
		for _, on := range occasions {
			a, ok := on.Arg("command")
			if !ok {
				continue
			}
			for _, words := range wordsOf(j.c, a) {
				if u, ok := lineUpload(words); ok && len(u.local) > 0 {
					u.on, u.read, u.remote = on, true, cleanPath(u.remote)
					j.uploads = append(j.uploads, u)
				}
			}
		}
	}
}

// wordsOf gives the commands of a command line: one where the program has its
// words apart.
func wordsOf(c ir.Context, a ir.Arg) [][]text {
	seq, ok := a.Value.(*ir.Seq)
	if !ok {
		cs, _ := commands(textOf(c, a))
		return cs
	}
	if seq.Open {
		return nil
	}
	var words []text
	for _, e := range seq.Elems {
		words = append(words, textOf(c, e))
	}
	return [][]text{words}
}

// lineUpload reads a command that uploads.
func lineUpload(words []text) (u upload, ok bool) {
	if len(words) > 0 && words[0].is("sudo") {
		words = words[1:]
	}
	if len(words) > 0 && words[0].is("azcopy") {
		return copyUpload(words[1:])
	}
	for _, l := range lineUploads {
		if len(words) < len(l.words) || !slices.EqualFunc(words[:len(l.words)], l.words, text.is) {
			continue
		}
		options := optionsOf(words[len(l.words):])
		get := func(names ...string) text {
			for _, n := range names {
				if t, ok := options[n]; ok {
					return t
				}
			}
			return nil
		}
		u = upload{kind: l.kind, tree: l.tree, local: get(l.option["local"]...), remote: get(l.option["remote"]...)}
		if a := get("--account-name"); len(a) > 0 {
			u.account = a.arg("account_name")
		}
		store := get(l.option["store"]...)
		if url, ok := storageURL(store); ok {
			u.account, u.container, u.remote = url.account, url.container, joinPath(url.remote, u.remote)
		} else if i := store.index('/'); i >= 0 {
			u.container, u.remote = store.cut(0, i), joinPath(store[i:], u.remote)
		} else {
			u.container = store
		}
		switch name := u.remote[u.remote.lastIndex('/')+1:]; {
		case l.tree:
			u.pattern, _ = get("--pattern").known()
		case len(u.remote) == 0, l.kind == shareMount && name.index('.') < 0:
			u.remote = joinPath(u.remote, u.local[u.local.lastIndex('/')+1:])
		}
		return u, len(u.container) > 0
	}
	return u, false
}

// optionsOf reads the options of a command that have a value.
func optionsOf(words []text) map[string]text {
	out := map[string]text{}
	for i, w := range words {
		if !isOption(w) {
			continue
		}
		if k := w.index('='); k > 0 {
			name, _ := w.cut(0, k).known()
			out[name] = w[k+1:]
		} else if name, known := w.known(); known {
			out[name] = nil
			if i+1 < len(words) && !isOption(words[i+1]) {
				out[name] = words[i+1]
			}
		}
	}
	return out
}

// copyUpload reads a command of azcopy: copy SOURCE URL of version 10, or
// --source SOURCE --destination URL of the ones before.
func copyUpload(words []text) (u upload, ok bool) {
	options := optionsOf(words)
	local, to := options["--source"], options["--destination"]
	_, whole := options["--recursive"]
	into := false // the folder itself is copied, and not what is in it
	if local == nil {
		if len(words) < 3 || !words[0].is("copy") && !words[0].is("cp") && !words[0].is("sync") || isOption(words[1]) || isOption(words[2]) {
			return u, false
		}
		local, to = words[1], words[2]
		if n := len(local) - 2; n > 0 && local[n:].is("/*") {
			local, whole = local.cut(0, n), true
		} else {
			into = whole && !words[0].is("sync")
			whole = whole || words[0].is("sync")
		}
	}
	url, ok := storageURL(to)
	if !ok {
		return u, false
	}
	u = url
	u.local, u.tree = local.trimRight('/'), whole
	if name := u.local[u.local.lastIndex('/')+1:]; into || !whole && !endsWithName(u.remote, name) && (len(u.remote) == 0 || to.hasByte(len(to)-1, '/')) {
		u.remote = joinPath(u.remote, name)
	}
	return u, true
}

// storageURL reads the address of a place in storage, the signature behind it
// left out.
func storageURL(t text) (u upload, ok bool) {
	const scheme = "https://"
	if !t.hasPrefix(scheme) {
		return u, false
	}
	t = t[len(scheme):]
	if i := t.index('?'); i >= 0 {
		t = t.cut(0, i)
	}
	host, place := t, text(nil)
	if i := t.index('/'); i >= 0 {
		host, place = t.cut(0, i), t[i+1:]
	}
	dot := host.index('.')
	if dot < 0 {
		return u, false
	}
	switch service, _ := host[dot:].known(); {
	case strings.HasPrefix(service, ".blob."):
		u.kind = containerMount
	case strings.HasPrefix(service, ".file."):
		u.kind = shareMount
	default:
		return u, false
	}
	u.account = host.cut(0, dot).arg("account_name")
	u.container = place
	if i := place.index('/'); i >= 0 {
		u.container, u.remote = place.cut(0, i), place[i+1:]
	}
	return u, len(u.container) > 0
}

// below gives the local file of a folder that is uploaded as a whole for a place
// in storage.
func (u *upload) below(at text) (text, bool) {
	rest := at
	if len(u.remote) > 0 {
		var ok bool
		if rest, ok = at.cutPrefix(u.remote); !ok || !rest.hasByte(0, '/') {
			return nil, false
		}
		rest = rest.trimLeft('/')
	}
	if u.pattern != "" {
		name, known := rest[rest.lastIndex('/')+1:].known()
		if is, err := path.Match(u.pattern, name); !known || err != nil || !is {
			return nil, false
		}
	}
	return joinPath(u.local, rest), len(rest) > 0
}
