"""python -m unittest discover scripts/sdk"""

import unittest

import doctype

CLASSES = {"azure.mgmt.batchai.models.Cluster": "azure.mgmt.batchai.models.Cluster", "Cluster": "azure.mgmt.batchai.models.Cluster",
           "azureml.core.workspace.Workspace": "azureml.core.Workspace",
           "azure.mgmt.batchai.models.ClusterPaged": "paged[azure.mgmt.batchai.models.Cluster]"}


def resolve(name, args):
    return CLASSES.get(name, name if "." in name else doctype.UNKNOWN)


class Normalise(unittest.TestCase):
    def test_forms_that_documentation_uses(self):
        cluster = "azure.mgmt.batchai.models.Cluster"
        for text, want in [
            ("str", "str"), ("string", "str"), ("Boolean.", "bool"), ("str, optional", "str"), ("int or None", "int|None"),
            ("int, float or bool", "int|float|bool"), ("str/dict", "str|dict"),
            ("datetime", "datetime.datetime"), ("~datetime.datetime", "datetime.datetime"),
            ("dict(str, str)", "dict[str,str]"), ("dict[str, list[str]]", "dict[str,list[str]]"), ("{str: str}", "dict[str,str]"),
            ("list of str", "list[str]"), ("builtin.list[str]", "list[str]"), ("[str]", "list[str]"),
            ("typing.Union[str, builtin.list[str]]", "str|list[str]"), ("Optional[str]", "str|None"),
            ("azureml.core.workspace.Workspace", "azureml.core.Workspace"),
            ("~azure.mgmt.batchai.models.Cluster or\n ~msrest.pipeline.ClientRawResponse", cluster),
            (":class:`Cluster\n <azure.mgmt.batchai.models.Cluster>` or\n :class:`ClientRawResponse<msrest.pipeline.ClientRawResponse>`", cluster),
            (":class:`~azure.mgmt.batchai.models.Cluster`", cluster),
            ("~msrestazure.azure_operation.AzureOperationPoller[~azure.mgmt.batchai.models.Cluster] or "
             "~msrestazure.azure_operation.AzureOperationPoller[~msrest.pipeline.ClientRawResponse[~azure.mgmt.batchai.models.Cluster]]",
             "poller[%s]" % cluster),
            (":class:`AzureOperationPoller<msrestazure.azure_operation.AzureOperationPoller>` or "
             ":class:`ClientRawResponse<msrest.pipeline.ClientRawResponse>`", "poller"),
            ("~azure.core.polling.LROPoller[None]", "poller[None]"),
            ("~azure.mgmt.batchai.models.ClusterPaged[~azure.mgmt.batchai.models.Cluster]", "paged[%s]" % cluster),
            ("list(:class:`~azure.mgmt.batchai.models.Cluster`)", "list[%s]" % cluster),
            ("func(current, total)", "callable"), ('str, one of ["a", "b"]', "str"),
        ]:
            self.assertEqual(doctype.normalise(text, resolve), want, text)

    def test_prose_is_no_type(self):
        for text in ["", "The name of the thing", "an object that does it", "a list of things that matter", "list, str", "[", "str or", "Foo"]:
            self.assertEqual(doctype.normalise(text, resolve), doctype.UNKNOWN, text)

    def test_fields(self):
        summary, fields = doctype.fields("Makes it. Really.\n\n:param str name: The name.\n:type size:\n int\n:rtype: bool")
        self.assertEqual(summary, "Makes it.")
        self.assertEqual([(f, a, b.strip()) for f, a, b in fields],
                         [("param", "str name", "The name."), ("type", "size", "int"), ("rtype", "", "bool")])


if __name__ == "__main__":
    unittest.main()
