"""Tests of the normalisation and of the comparison: they need no package.

    python3 -m unittest discover -s scripts/prove
"""

import json
import os
import sys
import tempfile
import textwrap
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import compare  # noqa: E402
from proof import asks  # noqa: E402
from proof import jobs  # noqa: E402
from proof import program  # noqa: E402
from proof import runconfig  # noqa: E402


def body(**more):
    """Properties of a job request: a blob container and a share, a script on the share, data in the container."""
    properties = {
        "cluster": {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.BatchAI/workspaces/w/clusters/nc6"},
        "nodeCount": 2,
        "inputDirectories": [
            {"id": "SCRIPT", "path": "$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/code"},
            {"id": "DATA", "path": "$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs/mnist"}],
        "outputDirectories": [
            {"id": "MODEL", "pathPrefix": "$AZ_BATCHAI_JOB_MOUNT_ROOT/afs", "pathSuffix": "Models"},
            {"id": "LOGS", "pathPrefix": "$AZ_BATCHAI_JOB_MOUNT_ROOT/afs"}],
        "mountVolumes": {
            "azureFileShares": [{"accountName": "acct", "relativeMountPath": "afs",
                                 "azureFileUrl": "https://acct.file.core.windows.net/share"}],
            "azureBlobFileSystems": [{"accountName": "acct", "containerName": "data", "relativeMountPath": "bfs"}]},
        "stdOutErrPathPrefix": "$AZ_BATCHAI_JOB_MOUNT_ROOT/afs",
    }
    properties.update(more)
    return properties


def read(uploads=None, mounts=None, **more):
    return jobs.job(body(**more), mounts or {}, uploads or {})


class References(unittest.TestCase):
    def test_inputs_outputs_and_mounts_name_places_in_storage(self):
        places = jobs.Places(body(), {})
        self.assertEqual(places.resolve("$AZ_BATCHAI_INPUT_DATA/train.txt"), "<blob:acct/data>/mnist/train.txt")
        self.assertEqual(places.resolve("${AZ_BATCHAI_INPUT_DATA}"), "<blob:acct/data>/mnist")
        self.assertEqual(places.resolve("$AZ_BATCHAI_OUTPUT_MODEL/x"), "{outputs}/Models/x")
        self.assertEqual(places.resolve("$AZ_BATCHAI_OUTPUT_LOGS"), "{outputs}/logs")
        self.assertEqual(places.resolve("$AZ_BATCHAI_JOB_MOUNT_ROOT/afs/"), "<file:acct/share>")

    def test_a_mount_is_not_taken_for_one_whose_name_it_begins(self):
        places = jobs.Places(body(), {})
        self.assertEqual(places.resolve("$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs2/x"), "$AZ_BATCHAI_JOB_MOUNT_ROOT/bfs2/x")

    def test_mounts_of_the_cluster_and_the_job_s_own_variables(self):
        mounts = jobs.mounts_of({"azureBlobFileSystems": [
            {"accountName": "a", "containerName": "c", "relativeMountPath": "m"}]}, "$AZ_BATCHAI_MOUNT_ROOT")
        places = jobs.Places(body(environmentVariables=[{"name": "EPOCHS", "value": "5"}]), mounts)
        self.assertEqual(places.resolve("$AZ_BATCHAI_MOUNT_ROOT/m/x $EPOCHS $HOME"), "<blob:a/c>/x 5 $HOME")


class CommandLines(unittest.TestCase):
    def test_an_option_with_its_value_is_two_words_unless_it_is_a_truth_value(self):
        self.assertEqual(jobs.option("--epochs=5"), ["--epochs", "5"])
        self.assertEqual(jobs.option("--sync=True"), ["--sync=True"])
        self.assertEqual(jobs.option("dataDir=x"), ["dataDir=x"])

    def test_script_behind_exports(self):
        out = jobs.command_line("export A=1; python -u $AZ_BATCHAI_INPUT_SCRIPT/s.py --n 2", jobs.Places(body(), {}))
        self.assertEqual(out["environment"], {"A": "1", "PYTHONUNBUFFERED": "1"})
        self.assertEqual((out["script"], out["arguments"]), ("<file:acct/share>/code/s.py", ["--n", "2"]))

    def test_mpirun_gives_processes(self):
        out = jobs.command_line("mpirun -n 4 -ppn 2 -hosts $H python $AZ_BATCHAI_INPUT_SCRIPT/s.py",
                                jobs.Places(body(), {}))
        self.assertEqual(out["processes"], 4)

    def test_what_needs_a_shell_stays_a_line(self):
        out = jobs.command_line("cat $AZ_BATCHAI_INPUT_DATA/*.csv | wc -l", jobs.Places(body(), {}))
        self.assertEqual(out, {"command": "cat <blob:acct/data>/mnist/*.csv | wc -l"})


class Jobs(unittest.TestCase):
    def test_processes_are_those_of_the_whole_job(self):
        out = read(horovodSettings={"pythonScriptFilePath": "$AZ_BATCHAI_INPUT_SCRIPT/h.py", "processCount": 8})
        self.assertEqual((out["processes"], out["distribution"]), (8, "mpi"))
        out = read(horovodSettings={"pythonScriptFilePath": "$AZ_BATCHAI_INPUT_SCRIPT/h.py"})
        self.assertEqual(out["processes"], 2)

    def test_one_process_is_no_distribution(self):
        out = read(nodeCount=1, chainerSettings={"pythonScriptFilePath": "$AZ_BATCHAI_INPUT_SCRIPT/c.py"})
        self.assertNotIn("distribution", out)

    def test_the_script_is_known_by_its_contents(self):
        out = read({("file:acct/share", "code/h.py"): "abc"},
                   horovodSettings={"pythonScriptFilePath": "$AZ_BATCHAI_INPUT_SCRIPT/h.py"})
        self.assertEqual((out["script"], out["digest"]), ("h.py", "abc"))

    def test_roles_of_tensorflow(self):
        out = read(tensorFlowSettings={
            "pythonScriptFilePath": "$AZ_BATCHAI_INPUT_SCRIPT/t.py", "workerCommandLineArgs": "--job worker --n 1",
            "parameterServerCommandLineArgs": "--job ps --n 1", "masterCommandLineArgs": "--job worker --n 1"})
        self.assertEqual((out["workers"], out["servers"], out["distribution"]), (2, 1, "ps"))
        self.assertEqual(out["roles"], {"ps": ["--job", "ps", "--n", "1"]})

    def test_durations(self):
        self.assertEqual(jobs.seconds("PT2H"), 7200)
        self.assertEqual(jobs.seconds("P1DT1M1S"), 86461)

    def test_preparation_names_files_by_their_contents(self):
        text = jobs.preparation("bash <file:a/s>/x/p.sh && pip install y",
                                {("file:a/s", "x/p.sh"): "d1"}.get)
        self.assertEqual(text, "bash {file d1}; pip install y")


class NewSide(unittest.TestCase):
    def test_dockerfile(self):
        image, commands, exported = runconfig.dockerfile("FROM a/b:1\nENV X=/opt/x\nRUN apt update; pip install y\n")
        self.assertEqual((image, commands, exported), ("a/b:1", ["apt update; pip install y"], {"X": "/opt/x"}))

    def test_a_shell_replaces_the_variables_of_the_run(self):
        out = runconfig.shell("python t.py --n $N", ".", [], {}, {"N": "5"})
        self.assertEqual((out["script"], out["arguments"]), ("t.py", ["--n", "5"]))
        self.assertEqual(runconfig.shell("cat x | wc", ".", [], {}, {}), {"command": "cat x | wc"})

    def test_a_command_with_a_preparation(self):
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "prep.sh"), "w") as f:
                f.write("true\n")
            commands, exported = [], {}
            out = runconfig.shell("export AZ_BATCHAI_INPUT_S=$PWD AZ_BATCHAI_JOB_TEMP=/tmp/batchai_job_temp && "
                                  "mkdir -p $AZ_BATCHAI_JOB_TEMP && bash prep.sh && "
                                  "python t.py --d $AZ_BATCHAI_JOB_TEMP", directory, commands, exported, {})
            out["inputs"] = {}
            runconfig.prepare(out, directory, commands, exported)
        self.assertEqual((out["script"], out["arguments"]), ("t.py", ["--d", "/tmp"]))
        self.assertEqual(out["preparation"], "bash {file %s}" % runconfig.digest(b"true\n"))
        self.assertEqual(out["inputs"], {"S": "{source}"})


def run(*effects):
    return {"asks": [dict(e) for e in effects]}


CLUSTER = {"ask": "cluster.create", "name": "c", "min_nodes": 2, "max_nodes": 2, "vm_size": "NC6"}
JOB = {"ask": "job.create", "name": "j", "arguments": ["--n", "1", "--rank", "$AZ_BATCHAI_TASK_INDEX"]}


class Comparison(unittest.TestCase):
    def setUp(self):
        self.accepted = compare.load_accepted()

    def verdict(self, before, after, codes=None, accepted=None):
        return compare.verdict(compare.compare(
            before, after, self.accepted if accepted is None else accepted, codes))

    def test_the_same_agrees(self):
        self.assertEqual(self.verdict(run(CLUSTER), run(CLUSTER)), (True, []))

    def test_every_field_of_a_cluster_and_of_a_job_counts(self):
        for ask, field, value in ((CLUSTER, "min_nodes", 0), (CLUSTER, "vm_size", "NC12"), (CLUSTER, "user", {"name": "x"}),
                                  (JOB, "arguments", ["--n", "2"]), (JOB, "image", "i"), (JOB, "node_count", 3),
                                  (JOB, "digest", "d"), (JOB, "processes", 4), (JOB, "cluster", "other"),
                                  (JOB, "environment", {"A": "1"}), (JOB, "max_seconds", 60)):
            with self.subTest(field=field):
                after = dict(ask, **{field: value})
                left = dict(ask, arguments=["--n", "1"]) if ask is JOB else ask
                agree, lines = self.verdict(run(left), run(after), set())
                self.assertFalse(agree)
                self.assertTrue(any(field in line for line in lines), lines)

    def test_what_is_missing_or_more_counts(self):
        wait = {"ask": "cluster.wait", "name": "c", "until": "ready"}
        self.assertFalse(self.verdict(run(CLUSTER, wait), run(CLUSTER))[0])
        self.assertFalse(self.verdict(run(CLUSTER), run(CLUSTER, wait))[0])

    def test_order_counts(self):
        delete = {"ask": "cluster.delete", "name": "c"}
        self.assertFalse(self.verdict(run(CLUSTER, delete), run(delete, CLUSTER))[0])

    def test_an_accepted_value_can_name_what_was_there_before(self):
        accepted = [{"why": "w", "ask": ["job.create"], "field": r"environment\.FILE", "before": "<[^>]*>/(?P<name>.*)",
                     "after": "{name}"}]
        before = dict(JOB, environment={"FILE": "<blob:a/c>/books/a.txt"})
        for value, agree in (("books/a.txt", True), ("books/b.txt", False), ("books/aXtxt", False)):
            after = dict(JOB, environment={"FILE": value})
            self.assertEqual(self.verdict(run(before), run(after), accepted=accepted)[0], agree)

    def test_order_of_uploads_does_not_count_but_their_contents_do(self):
        a = {"ask": "upload", "store": "blob:a/c", "path": "x", "digest": "1"}
        b = {"ask": "upload", "store": "blob:a/c", "path": "y", "digest": "2"}
        self.assertTrue(self.verdict(run(a, b), run(b, a))[0])
        self.assertFalse(self.verdict(run(a, b), run(b, dict(a, digest="3")))[0])
        self.assertFalse(self.verdict(run(a), run(dict(a, path="z")))[0])

    def test_numbers_have_many_spellings(self):
        self.assertTrue(self.verdict(run(dict(JOB, arguments=["--n", "0.010000000000000002"])),
                                     run(dict(JOB, arguments=["--n", "0.01"])))[0])

    def test_an_accepted_difference_counts_only_if_the_user_was_told(self):
        after = run(dict(JOB, arguments=["--n", "1"]))
        self.assertTrue(self.verdict(run(JOB), after, {"BAI606"})[0])
        agree, lines = self.verdict(run(JOB), after, {"BAI402"})
        self.assertFalse(agree)
        self.assertIn("the report does not say so", lines[0])

    def test_without_the_entry_it_is_a_difference(self):
        self.assertFalse(self.verdict(run(JOB), run(dict(JOB, arguments=["--n", "1"])), None, [])[0])

    def test_options_that_tell_roles_apart(self):
        before = dict(JOB, arguments=["--job", "worker", "--n", "1"], roles={"ps": ["--job", "ps", "--n", "1"]})
        self.assertTrue(self.verdict(run(before), run(dict(JOB, arguments=["--n", "1"])), {"BAI601"})[0])
        self.assertFalse(self.verdict(run(before), run(dict(JOB, arguments=[])), {"BAI601"})[0])

    def test_a_running_job_is_cancelled_and_an_ended_one_left(self):
        delete = {"ask": "job.delete", "name": "j"}
        cancel = {"ask": "job.cancel", "name": "j"}
        self.assertTrue(self.verdict(run(delete), run(cancel), {"BAI503"})[0])
        self.assertFalse(self.verdict(run(delete), run(), {"BAI503"})[0])
        self.assertTrue(self.verdict(run(dict(delete, ended=True)), run(), {"BAI503"})[0])

    def test_names_that_the_new_service_refuses(self):
        before = run(dict(CLUSTER, name="my_gpu_cluster_number_2"), dict(JOB, arguments=[], cluster="my_gpu"))
        after = run(dict(CLUSTER, name="my-gpu-cluster-n"), dict(JOB, arguments=[], cluster="my-gpu"))
        self.assertTrue(self.verdict(before, after, {"BAI203"})[0])
        self.assertFalse(self.verdict(before, after, set())[0])

    def test_a_mark_accounts_for_what_is_missing(self):
        marked = {"ask": "marked", "code": "BAI303", "line": 1, "outcome": "NameError: x"}
        before = run({"ask": "file_server.create", "name": "f"})
        self.assertTrue(self.verdict(before, run(marked), {"BAI303"})[0])
        self.assertFalse(self.verdict(before, run(), {"BAI303"})[0])

    def test_notes_are_found_by_code_and_by_text(self):
        report = {"files": [{"uses": [
            {"code": "BAI310", "message": "x. stdout and stderr are collected with the run."}]}]}
        told = compare.told(report)
        self.assertIn("BAI310", told)
        self.assertIn("BAI410", told)
        self.assertNotIn("BAI503", told)

    def test_entries_are_checked(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as f:
            f.write('[[accepted]]\nwhy = "x"\nask = "cluster.creat"\nonly = "after"\n')
            f.flush()
            with self.assertRaises(ValueError):
                compare.load_accepted(f.name)


class Programs(unittest.TestCase):
    def units(self, name, text):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, name)
            with open(path, "w") as f:
                f.write(text)
            return [u.text for u in program.load(path)]

    def test_cells_without_magics(self):
        notebook = {"cells": [
            {"cell_type": "markdown", "source": ["# x"]},
            {"cell_type": "code", "source": ["!pip install x\n", "a = 1\n", "files = !ls"]},
            {"cell_type": "code", "source": "%%bash\necho 1"},
            {"cell_type": "code", "source": ["'''\n", "!not a command\n", "'''"]}]}
        self.assertEqual(self.units("n.ipynb", json.dumps(notebook)),
                         ["pass\na = 1\nfiles = []", "\n", "'''\n!not a command\n'''"])

    def test_fences_of_python_without_their_indentation(self):
        page = "text\n\n```python\na = 1\n```\n\n- item\n\n  ~~~py\n  b = 2\n  ~~~\n\n```sh\nls\n```\n"
        self.assertEqual(self.units("p.md", page), ["a = 1", "b = 2"])

    def test_marks_point_at_the_statement_below(self):
        text = "a = 1\n# TODO(pyxlate BAI303): move the data\n# of the server\nb = 2\n"
        self.assertEqual(program.marks(text), {4: "BAI303"})

    def test_a_marked_statement_may_fail_and_the_rest_goes_on(self):
        import ast
        text = textwrap.dedent("""
            def f():
                # TODO(pyxlate BAI303): x
                missing()
                return 3
            # TODO(pyxlate BAI304): y
            good = 1
            result = f()
        """)
        outcomes = []
        tree = ast.fix_missing_locations(program.Marker(program.marks(text)).visit(ast.parse(text)))
        names = {"__marked__": lambda code, line, error: outcomes.append((code, line, type(error).__name__))}
        exec(compile(tree, "t", "exec"), names)
        self.assertEqual(names["result"], 3)
        self.assertEqual(outcomes, [("BAI304", 7, "NoneType"), ("BAI303", 4, "NameError")])

    def test_asks_need_their_key(self):
        recorder = asks.Recorder()
        with self.assertRaises(ValueError):
            recorder.add("cluster.create", vm_size="x")
        with self.assertRaises(KeyError):
            recorder.add("cluster.creat", name="x")


if __name__ == "__main__":
    unittest.main()
