package stubs_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"pyxlate/rules/sdk"
	"pyxlate/translator/stubs"
)

const training = `"""Contoso's way to train."""
import azure.mgmt.batchai.models as models
from azure.mgmt.batchai import BatchAIManagementClient
from typing import Optional, List
from .errors import Refused

DEFAULT_SIZE: str = 'STANDARD_D2'

class Trainer(Base):
    """Trains."""
    client: BatchAIManagementClient

    def __init__(self, group: str, /, *, workspace: str | None = None, **more) -> None: ...
    @property
    def last(self) -> "Optional[models.Job]":
        """The last job."""
    @staticmethod
    def sizes() -> List[str]: ...
    def start(self, job: models.Job, *names: str, wait: bool = True) -> LROPoller[models.Job]: ...

from shop import Listing as Pages
from elsewhere import Ticket
def pages() -> Pages[models.Job]: ...
def listing() -> Listing[models.Job]: ...
def ticket() -> Ticket[models.Job]: ...
def plain() -> Pages: ...
def get_cluster(name, size=DEFAULT_SIZE) -> models.Cluster: ...
def unclear() -> Elsewhere: ...
`

// wrapper is what a pack declares of classes with arguments.
func wrapper(class string) (string, bool) {
	c := &sdk.Conventions{
		Pollers: []*sdk.Polling{{Classes: []string{"shop.Ticket"}, Annotations: []string{"LROPoller"}}},
		Pagers:  []*sdk.Paging{{Classes: []string{"shop.Listing"}}},
	}
	return c.Annotated(class)
}

func read(t *testing.T, files map[string]string) *stubs.Stubs {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s, err := stubs.Read(fsys, "rules", "contoso", wrapper)
	require.NoError(t, err)
	return s
}

// What a stub declares is known to the set of tables as any SDK is.
func TestStubsBecomeATable(t *testing.T) {
	s := read(t, map[string]string{"contoso/training.pyi": training, "contoso/__init__.pyi": "x: int\n", "readme.txt": "?"})
	assert.Equal(t, []string{"contoso", "contoso.training"}, s.Modules)
	assert.Equal(t, []string{"DEFAULT_SIZE", "Trainer", "get_cluster", "listing", "pages", "plain", "ticket", "unclear"}, s.Names["contoso.training"])
	base, err := sdk.Load()
	require.NoError(t, err)
	set, err := base.With(s.Table)
	require.NoError(t, err)

	show := func(name string) string {
		sym, ok := set.Symbol("contoso.training." + name)
		if !ok {
			return "missing"
		}
		v := sym.Newest()
		var params []string
		for _, p := range v.Params {
			params = append(params, strings.TrimSpace(fmt.Sprintf("%v %s %v %s", p.Kind, p.Name, p.Type, p.Default)))
		}
		return strings.TrimSpace(fmt.Sprintf("%v(%s) %v%v", v.Kind, strings.Join(params, ", "), v.Returns, v.Type))
	}
	for name, want := range map[string]string{
		"DEFAULT_SIZE":   "constant() str",
		"Trainer":        "class(posonly group str, kw workspace str|None None, varkw more)",
		"Trainer.client": "attribute() azure.mgmt.batchai.BatchAIManagementClient",
		"Trainer.last":   "attribute() azure.mgmt.batchai.models.Job|None",
		"Trainer.sizes":  "method() list[str]",
		"Trainer.start":  "method(pos job azure.mgmt.batchai.models.Job, var names str, kw wait bool True) poller[azure.mgmt.batchai.models.Job]",
		"get_cluster":    "function(pos name, pos size  DEFAULT_SIZE) azure.mgmt.batchai.models.Cluster",
		"unclear":        "function()",
		"pages":          "function() paged[azure.mgmt.batchai.models.Job]",
		"listing":        "function() paged[azure.mgmt.batchai.models.Job]",
		"ticket":         "function() elsewhere.Ticket",
		"plain":          "function() shop.Listing",
		"nothing":        "missing",
	} {
		assert.Equal(t, want, show(name), name)
	}
	sym, _ := set.Symbol("contoso.training.Trainer.last")
	assert.Equal(t, "The last job.", sym.Newest().Doc)
	assert.True(t, set.HasPrefix("contoso.training.get_cluster"))
	_, ok := base.Symbol("contoso.training.get_cluster")
	assert.False(t, ok, "the first set stays as it was")
	_, ok = set.Symbol("azure.mgmt.batchai.models.Cluster")
	assert.True(t, ok)
}

func TestFaults(t *testing.T) {
	_, err := stubs.Read(fstest.MapFS{"a.pyi": {Data: []byte("x: int\ndef f(:\n")}}, "rules", "a", nil)
	require.Error(t, err)
	assert.True(t, strings.HasPrefix(err.Error(), "rules/a.pyi:2:"), err.Error())
	s, err := stubs.Read(fstest.MapFS{"a.yaml": {Data: []byte("x")}}, "rules", "a", nil)
	require.NoError(t, err)
	assert.Nil(t, s.Table)
}
