"""dycc.batch on Ray: two nodes of a cluster on this machine, one of which is killed.
batch.py makes the environment and the models."""

import contextlib
import os
import signal
import sys
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
from ray.cluster_utils import Cluster

import dycc
import dycc.batch
from batch_case import MODELS, BatchTest, finished, lines_of, run_command, times_of, wait_for
from dycc.batch._data import Arrays

SMALL = 80 * 2**20  # Bytes of a node's object store, about the least that there is.
# A node that is gone is missed within a second, not half a minute.
WATCHFUL = {"health_check_period_ms": 300, "health_check_timeout_ms": 10000,
            "health_check_failure_threshold": 3, "health_check_initial_delay_ms": 0}
MODEL = MODELS / "slow.onnx"


def at_work(cache):
    """Workers of the node that has this cache while they have a chunk."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            title = (folder / "cmdline").read_bytes()
            environment = (folder / "environ").read_bytes()
        except (OSError, ValueError):
            continue
        is_its_own = f"XDG_CACHE_HOME={cache}".encode() in environment
        if title.startswith(b"ray::Worker.work") and is_its_own:
            found.append(int(folder.name))
    return found


class TwoNodes(BatchTest):
    def setUp(self):
        super().setUp()
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        self.caches = [self.top / "first", self.top / "second"]
        node = lambda cache: {"num_cpus": 1, "object_store_memory": SMALL,
                              "env_vars": {"XDG_CACHE_HOME": str(cache)}}
        self.cluster = Cluster(initialize_head=True, head_node_args={
            **node(self.caches[0]), "include_dashboard": False, "_system_config": WATCHFUL})
        self.addCleanup(self.cluster.shutdown)
        self.second = self.cluster.add_node(**node(self.caches[1]))
        rng = np.random.default_rng(3)
        self.matrices = self.top / "matrices"
        self.matrices.mkdir()
        for i in range(48):
            size = 200 + 7 * i
            np.save(self.matrices / f"{i:02}.npy",
                    rng.standard_normal((size, size), np.float32) / size)
        self.expected = self.top / "expected"
        dycc.batch.run(MODEL, self.matrices, self.expected, workers=0, threads=1)

    def arguments(self, out, *more):
        return (MODEL, self.matrices, "-o", out, "--address", self.cluster.address, "--workers",
                2, "--chunk", 3, *more)

    def check(self, out, chunks=16):
        """Nothing is lost, nothing is there twice, nothing differs from one process."""
        lines = lines_of(out)[1:]
        self.assertEqual(sorted(line["chunk"] for line in lines), list(range(chunks)))
        self.assertEqual(sum(line["items"] for line in lines), 48)
        names = [name for line in lines for name, _, _ in line["files"]]
        self.assertEqual(sorted(names), sorted(p.name for p in self.matrices.iterdir()))
        for name in names:
            self.assertEqual((out / name).read_bytes(), (self.expected / name).read_bytes())
        self.assertEqual(sorted(p.name for p in out.iterdir()), sorted([*names, "manifest.jsonl"]))

    def libraries(self):
        """Of each node the libraries that it has, and when they were written."""
        return [{name: t for name, t in times_of(cache / "dycc" / "batch").items()
                 if name.suffix == ".so"} for cache in self.caches]

    def test_nodes_and_workers_that_die(self):
        # One cluster for all of it, since it takes seconds to start.
        self.a_worker_is_killed()
        self.a_chunk_is_given_up()
        self.what_the_driver_says_of_items()
        self.a_node_is_killed()
        self.a_second_start()
        self.too_few_processors()

    @contextlib.contextmanager
    def second_at_work(self, out, process):
        """In the middle: some chunks are done, one is under way on the second node. Workers
        of the first are stopped from there on: one that starts sooner, or on a faster
        processor, would have done them all."""
        wait_for(lambda: finished(out) >= 2, process)
        stopped = set()

        def is_at_work():
            for worker in at_work(self.caches[0]):
                os.kill(worker, signal.SIGSTOP)
                stopped.add(worker)
            return at_work(self.caches[1])

        try:
            wait_for(is_at_work, process)
            yield
        finally:
            for worker in stopped:
                os.kill(worker, signal.SIGCONT)

    def kill_a_worker(self, out, process):
        with self.second_at_work(out, process):
            os.kill(at_work(self.caches[1])[0], signal.SIGKILL)

    def a_worker_is_killed(self):
        out = self.top / "worker"
        process = self.start(*self.arguments(out, "--shared"))
        self.kill_a_worker(out, process)
        text = process.communicate()[1]
        self.assertEqual(process.returncode, 0, text)
        self.assertRegex(text, "dycc.batch: a worker on node .* died: ")
        self.check(out)
        # On each node one file, written once, by whichever worker came first.
        self.assertEqual([len(found) for found in self.libraries()], [1, 1])

    def a_chunk_is_given_up(self):
        out = self.top / "given up"
        process = self.start(*self.arguments(out, "--retries", 0))
        self.kill_a_worker(out, process)
        text = process.communicate()[1]
        self.assertRegex(text, r"dycc.batch: items '\d+.npy' to '\d+.npy': given up, their "
                               r"worker died 1 times: ")
        self.assertEqual(process.returncode, 3, text)
        self.assertEqual(run_command(*self.arguments(out)).returncode, 0)
        self.check(out)

    def what_the_driver_says_of_items(self):
        folder = self.top / "bad"
        folder.mkdir()
        np.save(folder / "wide.npy", np.zeros((2, 3), np.float32))
        (folder / "none.npy").write_bytes(b"no array")
        for i in range(4):
            np.save(folder / f"{i}.npy", np.zeros((4, 4), np.float32))
        done = run_command(MODEL, folder, "-o", self.top / "of bad", "--address",
                           self.cluster.address, "--chunk", 1, "--keep-going")
        self.assertIn("item 'wide.npy': input \"x\"", done.stderr)
        self.assertIn("item 'none.npy': cannot be read: ", done.stderr)
        self.assertIn("2 of 6 chunks are not finished", done.stderr)
        self.assertEqual(done.returncode, 1)
        done = run_command(MODEL, folder, "-o", self.top / "machine", "--address",
                           self.cluster.address, "--machine", "v9")
        self.assertRegex(done.stderr, "dycc.batch: node .*: .*\"v9\"")
        self.assertEqual(done.returncode, 1)

    def a_node_is_killed(self):
        out = self.top / "node"
        before = self.libraries()
        process = self.start(*self.arguments(out))
        with self.second_at_work(out, process):
            self.cluster.remove_node(self.second, allow_graceful=False)
        self.assertLess(finished(out), 16)
        text = process.communicate()[1]
        self.assertEqual(process.returncode, 0, text)
        self.assertRegex(text, "dycc.batch: a worker on node .* died: ")
        self.check(out)
        self.assertEqual(self.libraries(), before)

    def a_second_start(self):
        out = self.top / "node"
        before = times_of(out)
        self.assertEqual(run_command(*self.arguments(out)).returncode, 0)
        self.assertEqual(times_of(out), before)

    def too_few_processors(self):
        done = run_command(*self.arguments(self.top / "many", "--threads", 8, "--patience", 2))
        self.assertIn("no worker for 2 s: each takes 8 processors, the cluster has 1",
                      done.stderr)
        self.assertEqual(done.returncode, 3)


class OwnCluster(BatchTest):
    def test_started_for_the_batch(self):
        rows = np.random.default_rng(4).standard_normal((120, 3, 4, 5), np.float32)
        in_flight, read = [], Arrays.read

        def counted(data, start, stop):
            in_flight.append(start // 3 + 1 - finished(self.out))
            return read(data, start, stop)

        with mock.patch.object(Arrays, "read", counted):
            dycc.batch.run(MODELS / "scale.onnx", rows, self.out, workers=2, chunk=3, batch=2,
                           in_flight=1)
        # Chunks that are read and not yet written; else a worker alone has two.
        self.assertEqual((len(in_flight), max(in_flight)), (40, 1))
        dycc.batch.run(MODELS / "scale.onnx", rows, self.top / "here", workers=0, chunk=3,
                       batch=2)
        for file in (self.top / "here").glob("*.npy"):
            self.assertEqual(file.read_bytes(), (self.out / file.name).read_bytes())
        self.assertEqual(finished(self.out), 40)
        self.assertFalse(sys.modules["ray"].is_initialized())

    def test_interrupted(self):
        matrices = np.ones((60, 300, 300), np.float32)
        np.save(self.top / "rows.npy", matrices)
        arguments = (MODEL, self.top / "rows.npy", "-o", self.out, "--workers", 1, "--chunk", 1)
        process = self.start(*arguments)
        wait_for(lambda: finished(self.out) >= 2, process)
        process.terminate()
        self.assertIn("interrupted: the same command does what is missing",
                      process.communicate()[1])
        self.assertEqual(process.returncode, 130)
        self.assertLess(finished(self.out), 60)
        self.assertEqual(run_command(*arguments[:-4], "--workers", 0).returncode, 0)
        self.assertEqual(finished(self.out), 60)

    def test_workers_that_cannot_start(self):
        done = run_command(MODELS / "dies.so", self.frames(1), "-o", self.out, "--workers", 1,
                           "--retries", 1)
        self.assertIn("dycc.batch: workers died 2 times while they started: ", done.stderr)
        self.assertEqual(done.returncode, 3)

    def test_no_cluster(self):
        done = run_command(MODEL, self.frames(1), "-o", self.out, "--address", "127.0.0.1:1")
        self.assertIn("cluster '127.0.0.1:1': cannot be reached: ", done.stderr)
        self.assertEqual(done.returncode, 3)


if __name__ == "__main__":
    unittest.main()
