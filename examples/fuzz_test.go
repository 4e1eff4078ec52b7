package examples

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pyxlate/grammar"
	"pyxlate/rules/packs"
	"pyxlate/translator/check"
	"pyxlate/translator/check/checktest"
	"pyxlate/translator/document"
	"pyxlate/translator/project"
)

// paths are the kinds of document that FuzzTranslate makes of a text.
var paths = []string{"x.py", "x.ipynb", "x.md"}

// found are programs in which fuzzing found a broken promise.
var found = []string{
	"import azure.mgmt.batchai A#0",
	"batchai BatchAI((),'')",
	" re.mgmt.batchai as training\nfrom azure.mgmt.batchai import models\n\n\ndef create(clie\x00\x01, group, name, parameters):\n    return client.clusters.create(group, name, parameters).result()",
	"import azure.mgmt.batchai as training\nfrom azure.mgmt.batchai import models\n\n\ndef create(client, group, name, parameters):\n    return client.clusters.create(group, name, parameters).resultjjjj()\n",
	// A function of declarations that builds a record.
	"from azure.mgmt.batchai import models\n\n\ndef parts():\n    name: str\n    x = [models.EnvironmentVariable(name=n, value='1') for n in 'ab']\n    return x\n\n\nparts()\n",
	// Declarations without a value, everywhere.
	`from azure.mgmt.batchai import BatchAIManagementClient, models
client: BatchAIManagementClient
client = BatchAIManagementClient(credentials, 'subscription')
name: str
job: models.Job


class Runner:
    client: BatchAIManagementClient
    params: models.ClusterCreateParameters

    def __init__(self, name: str):
        self.client: BatchAIManagementClient
        self.params: models.ClusterCreateParameters
        self.client = BatchAIManagementClient(credentials, 'subscription')
        self.params = models.ClusterCreateParameters(vm_size=name, scale_settings=models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=1)), user_account_settings=models.UserAccountSettings(admin_user_name='u', admin_user_password='p'))
        self.params.tags: dict

    def run(self, size):
        size: str
        local: str
        p: models.ClusterCreateParameters
        p = self.params
        p.vm_size: str
        self.client.clusters.create('g', 'w', 'n', self.params).result()
        return local


def make(count):
    total: int
    s: models.ScaleSettings
    s = models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=total))
    s.manual: models.ManualScaleSettings
    return s


client.clusters.create('g', 'w', 'n', models.ClusterCreateParameters(vm_size=name, scale_settings=make(2), user_account_settings=models.UserAccountSettings(admin_user_name='u', admin_user_password='p')))
Runner('x').run(3)
`,
	// Values that hold themselves, in every field.
	`from azure.mgmt.batchai import BatchAIManagementClient, models
from utilities.job_factory import DiscreteParameter, ParameterSweep
client = BatchAIManagementClient(credentials, 'subscription')
mounts = []
mounts.append(mounts)
env = [models.EnvironmentVariable(name='A', value='1')]
env.append(env)
x = models.InputDirectory(id='A', path='$AZ_BATCHAI_JOB_MOUNT_ROOT/x')
x.path = [x]
d = {}
d['d'] = d
parameters = models.JobCreateParameters(
    cluster=models.ResourceId(id=client.clusters.get('g', 'w', 'c').id),
    node_count=1,
    input_directories=[x],
    environment_variables=env,
    mount_volumes=models.MountVolumes(azure_blob_file_systems=mounts),
    std_out_err_path_prefix=x,
    container_settings=models.ContainerSettings(image_source_registry=models.ImageSourceRegistry(image='python:3.6')),
    custom_toolkit_settings=models.CustomToolkitSettings(command_line='python a.py {0}'.format(mounts)))
parameters.node_count = parameters
sweep = ParameterSweep([DiscreteParameter(parameter_name='LR', values=mounts)])
sweep2 = ParameterSweep(mounts)
jobs, c = sweep.generate_jobs(parameters)
client.jobs.create('g', 'w', 'e', 'j', parameters).result()
A.A = A.A, 0
p2 = models.JobCreateParameters(cluster=A.A, node_count=A.A, environment_variables=A.A)
client.jobs.create('g', 'w', 'e', 'j', p2).result()
scale = models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=1))
scale.manual.target_node_count = scale
scale.auto_scale = scale
cp = models.ClusterCreateParameters(vm_size='x', scale_settings=scale, user_account_settings=d)
cp.node_setup = cp
client.clusters.create('g', 'w', 'c', cp).result()
`,
}

// FuzzTranslate translates any bytes as any kind of document: no panic, an end
// within the time, little memory, and every promise kept where the input
// parses. Seeds are the examples of the rules and the folders.
func FuzzTranslate(f *testing.F) {
	h := checktest.Harness{}
	load := func(t testing.TB) {
		if h.Migration == nil {
			h = harness(t)
			h.Words = nil
		}
	}
	load(f)
	m, err := packs.SelectAll("azureml", h.Tables)
	require.NoError(f, err)
	for _, r := range m.Rules {
		for _, e := range r.Examples {
			f.Add([]byte(e.Before), uint8(0))
			f.Add([]byte(e.Before), uint8(1))
		}
	}
	require.NoError(f, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(filepath.ToSlash(path), "/before/") {
			return err
		}
		text, err := os.ReadFile(path)
		switch filepath.Ext(path) {
		case ".py":
			f.Add(text, uint8(0))
		case ".md":
			f.Add(text, uint8(2))
		}
		return err
	}))
	for _, text := range found {
		f.Add([]byte(text), uint8(0))
		f.Add([]byte(text), uint8(1))
	}
	f.Fuzz(func(t *testing.T, text []byte, kind uint8) {
		if len(text) > 16<<10 {
			return
		}
		debug.SetMemoryLimit(2 << 30)
		watchdog := time.AfterFunc(30*time.Second, func() { panic("no end for " + strconv.Quote(string(text))) })
		defer watchdog.Stop()
		path := paths[int(kind)%len(paths)]
		if path == "x.ipynb" {
			text = cells(text)
		}
		d, err := document.Open(path, text)
		if err != nil {
			return
		}
		results := project.Translate([]*document.Document{d}, nil, h.Migration, h.Tables, h.Options)
		tr := &check.Translation{Migration: h.Migration, Tables: h.Tables, Options: h.Options, Results: results}
		parses := true
		for _, u := range d.Units {
			text, _ := grammar.Mask(u.Source)
			tree, err := grammar.Parse(text)
			parses = parses && err == nil && len(tree.Errors()) == 0
		}
		for _, v := range check.All(tr) {
			if !parses && v.Promise > 3 {
				continue // what is said of a program that is none
			}
			t.Errorf("%v\n%s\n-----\n%s", v, text, results[0].Output)
		}
	})
}

// cells makes a notebook of a text, with a cell for each paragraph.
func cells(text []byte) []byte {
	var all []string
	for cell := range strings.SplitSeq(strings.ToValidUTF8(string(text), "?"), "\n\n") {
		source, _ := json.Marshal(strings.SplitAfter(cell, "\n"))
		all = append(all, `{"cell_type": "code", "source": `+string(source)+`}`)
	}
	return bytes.Join([][]byte{[]byte(`{"cells": [`), []byte(strings.Join(all, ",\n")), []byte(`], "metadata": {}}`)}, nil)
}
