"""Calls in killable worker processes: limits, survival, and every way a process may be started."""

import json
import os
import select
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connectors.sandbox import (
    Sandbox,
    SandboxCrash,
    SandboxFault,
    SandboxMemory,
    SandboxTimeout,
    SandboxUnavailable,
    shared_sandbox,
)

ROOT = Path(__file__).parents[2]
MEMORY = 256 << 20
PRELOAD = ("builtins", "json", "posix", "time")
"""What the tests call: a module that is new to a worker would have it replaced."""


@pytest.fixture
def sandbox():
    with Sandbox(deadline_secs=20, memory_bytes=MEMORY, preload=PRELOAD) as one:
        yield one


@pytest.fixture
def hasty():
    with Sandbox(deadline_secs=0.3, memory_bytes=MEMORY) as one:
        yield one


@pytest.fixture
def faults(tmp_path, monkeypatch):
    (tmp_path / "vigie_faults.py").write_text(
        textwrap.dedent("""
        import os, sys, threading

        class Stubborn(Exception):
            def __init__(self, first, second):
                super().__init__(f"{first} and {second}")

        def stubborn():
            raise Stubborn("this", "that")

        def a_lock():
            return threading.Lock()

        def leave():
            sys.exit(3)

        def loaded():
            return list(sys.modules)

        def orphan():
            os.kill(os.getppid(), 9)
            threading.Event().wait()

        def recurse():
            return recurse()

        def chat():
            print("noise"); sys.stdout.flush(); os.write(1, b"more noise")
            return sys.stdin.read()
        """),
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    import vigie_faults

    yield vigie_faults
    del sys.modules["vigie_faults"]


def test_a_call_returns_what_the_function_returns(sandbox):
    assert sandbox.call(json.loads, '{"a": [1, 2]}') == {"a": [1, 2]}


def test_a_call_runs_in_another_process_that_is_used_again(sandbox):
    first = sandbox.call(os.getpid)
    assert first != os.getpid()
    assert sandbox.call(os.getpid) == first


def test_an_exception_of_the_function_arrives_as_it_was(sandbox):
    worker = sandbox.call(os.getpid)
    with pytest.raises(json.JSONDecodeError, match="Expecting value"):
        sandbox.call(json.loads, "nonsense")
    assert sandbox.call(os.getpid) == worker


def test_an_exception_that_cannot_travel_arrives_as_a_fault_with_its_name(sandbox, faults):
    with pytest.raises(SandboxFault, match="Stubborn: this and that"):
        sandbox.call(faults.stubborn)


def test_a_result_that_cannot_travel_is_a_type_error_not_a_hang(sandbox, faults):
    with pytest.raises(TypeError, match="lock"):
        sandbox.call(faults.a_lock)


def test_a_function_that_exits_is_a_fault_and_the_worker_goes_on(sandbox, faults):
    with pytest.raises(SandboxFault, match="SystemExit: 3"):
        sandbox.call(faults.leave)
    assert sandbox.call(len, "abc") == 3


def test_endless_recursion_is_reported(sandbox, faults):
    with pytest.raises(RecursionError):
        sandbox.call(faults.recurse)


def test_a_worker_can_neither_write_to_nor_read_from_the_standard_streams(sandbox, faults, capfd):
    assert sandbox.call(faults.chat) == ""
    assert capfd.readouterr().out == ""


def test_a_call_beyond_its_deadline_is_killed_and_the_next_one_works(hasty):
    worker = hasty.call(os.getpid)
    with pytest.raises(SandboxTimeout, match=r"0\.3 s"):
        hasty.call(time.sleep, 600)
    assert hasty.call(os.getpid) != worker
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_a_call_beyond_its_memory_is_reported_and_the_next_one_works(sandbox):
    with pytest.raises(SandboxMemory, match=str(MEMORY)):
        sandbox.call(bytearray, 4 * MEMORY)
    assert len(sandbox.call(bytes, MEMORY // 16)) == MEMORY // 16


def test_an_answer_larger_than_the_memory_limit_is_refused():
    with Sandbox(deadline_secs=20, memory_bytes=64 << 20) as small, pytest.raises(SandboxMemory):
        small.call(bytes, 60 << 20)


def test_a_worker_that_dies_in_a_call_is_reported_with_its_signal(sandbox):
    with pytest.raises(SandboxCrash, match="SIGABRT"):
        sandbox.call(os.abort)
    assert sandbox.call(len, "abc") == 3


def test_a_worker_killed_from_outside_in_a_call_does_not_take_its_neighbour():
    with (
        Sandbox(deadline_secs=60, memory_bytes=MEMORY, workers=2) as sandbox,
        ThreadPoolExecutor(2) as pool,
    ):
        victim = pool.submit(sandbox.call, os.getpid).result()
        with pytest.raises(SandboxCrash, match="SIGKILL"):
            sandbox.call(os.kill, victim, signal.SIGKILL)
        assert sandbox.call(len, "abc") == 3


def test_a_worker_killed_while_idle_is_replaced_unseen(sandbox):
    worker = sandbox.call(os.getpid)
    os.kill(worker, signal.SIGKILL)
    _wait_until_gone(worker)
    assert sandbox.call(os.getpid) != worker


def test_a_killed_nursery_is_replaced(sandbox):
    worker = sandbox.call(os.getpid)
    os.kill(sandbox.call(os.getppid), signal.SIGKILL)
    sandbox._nursery.wait()
    _wait_until_gone(worker)
    assert sandbox.call(len, "abc") == 3


def test_a_nursery_killed_in_a_call_is_not_the_fault_of_the_call(sandbox, faults):
    with pytest.raises(SandboxUnavailable, match="nursery is gone"):
        sandbox.call(faults.orphan)
    assert sandbox.call(len, "abc") == 3


def test_no_interpreter_to_start_is_said_and_not_taken_for_a_crash(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with (
        Sandbox(deadline_secs=5, memory_bytes=MEMORY) as sandbox,
        pytest.raises(SandboxUnavailable, match="no worker can be started"),
    ):
        sandbox.call(len, "")


def test_interrupt_and_terminate_of_the_group_leave_the_workers_to_finish(sandbox):
    nursery = sandbox.call(os.getppid)
    assert os.getpgid(nursery) != os.getpgrp()
    os.kill(nursery, signal.SIGINT)
    os.kill(nursery, signal.SIGTERM)
    assert sandbox.call(os.getppid) == nursery


def test_many_threads_share_few_workers():
    with (
        Sandbox(deadline_secs=60, memory_bytes=MEMORY, workers=2) as sandbox,
        ThreadPoolExecutor(16) as pool,
    ):
        calls = [pool.submit(sandbox.call, divmod, n, 7) for n in range(300)]
        assert [call.result() for call in calls] == [divmod(n, 7) for n in range(300)]
        pids = {pool.submit(sandbox.call, os.getpid).result() for _ in range(20)}
    assert len(pids) <= 2


def test_a_slow_call_does_not_hold_up_a_neighbour_with_a_free_worker():
    with (
        Sandbox(deadline_secs=120, memory_bytes=MEMORY, workers=2) as sandbox,
        ThreadPoolExecutor(1) as pool,
    ):
        slow = pool.submit(sandbox.call, time.sleep, 3)
        assert sandbox.call(len, "abc") == 3
        assert not slow.done()
        slow.result()


def test_large_arguments_and_results_pass_whole(sandbox):
    payload = bytes(range(256)) * 20_000
    assert sandbox.call(bytes, payload) == payload


def test_a_module_prepared_later_is_in_the_worker_before_the_call(sandbox, faults):
    worker = sandbox.call(os.getpid)
    assert "colorsys" not in sandbox.call(faults.loaded)
    sandbox.prepare("colorsys", "no_such_module_anywhere")
    assert "colorsys" in sandbox.call(faults.loaded)
    assert sandbox.call(os.getpid) != worker


def test_a_warm_sandbox_answers_with_the_worker_that_was_started(sandbox):
    sandbox.warm_up()
    assert sandbox.call(os.getpid) == sandbox.call(os.getpid)


def test_workers_are_replaced_after_their_share_of_calls(sandbox):
    worker = sandbox.call(os.getpid)
    for _ in range(1000):
        sandbox.call(len, "")
    assert sandbox.call(os.getpid) != worker


def test_closing_ends_the_workers_and_later_calls_are_refused():
    sandbox = Sandbox(deadline_secs=20, memory_bytes=MEMORY)
    worker = sandbox.call(os.getpid)
    sandbox.close()
    sandbox.close()
    _wait_until_gone(worker)
    with pytest.raises(SandboxUnavailable, match="closed"):
        sandbox.call(os.getpid)


def test_closing_ends_a_call_in_flight_and_those_that_wait():
    sandbox = Sandbox(deadline_secs=600, memory_bytes=MEMORY)
    sandbox.call(len, "")
    outcomes = []

    def wait():
        try:
            sandbox.call(time.sleep, 600)
        except SandboxUnavailable as error:
            outcomes.append(error)

    threads = [threading.Thread(target=wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    sandbox.close()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == 3


def test_a_forked_child_has_workers_of_its_own(sandbox):
    worker = sandbox.call(os.getpid)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, str(sandbox.call(os.getpid)).encode())
            sandbox.close()
        finally:
            os._exit(0)
    os.close(writer)
    assert select.select([reader], [], [], 60)[0]
    theirs = os.read(reader, 100).decode()
    os.close(reader)
    os.waitpid(child, 0)
    assert theirs.isdigit()
    assert int(theirs) != worker
    assert sandbox.call(os.getpid) == worker


@pytest.mark.parametrize(
    "function", [lambda: 1, Path.exists, Sandbox(deadline_secs=1, memory_bytes=MEMORY).close]
)
def test_only_importable_functions_are_taken(sandbox, function):
    with pytest.raises(ValueError, match="expected a function"):
        sandbox.call(function)


@pytest.mark.parametrize(
    ("setting", "value"), [("deadline_secs", 0), ("memory_bytes", 5), ("workers", 0)]
)
def test_a_setting_out_of_range_is_named_with_its_value(setting, value):
    settings = {"deadline_secs": 1.0, "memory_bytes": MEMORY, "workers": 1, setting: value}
    with pytest.raises(ValueError, match=f"{setting}: expected .* got {value}"):
        Sandbox(**settings)


def test_the_shared_sandbox_is_one_for_the_process():
    assert shared_sandbox() is shared_sandbox()
    assert shared_sandbox().call(len, "abc") == 3


def test_a_shared_sandbox_that_was_closed_is_replaced():
    closed = shared_sandbox()
    closed.close()
    assert closed.is_closed
    assert shared_sandbox() is not closed
    assert shared_sandbox().call(len, "abc") == 3


SCRIPT = """
import os, sys
from connectors.sandbox import Sandbox
sandbox = Sandbox(deadline_secs=30, memory_bytes=1 << 28)
print(sandbox.call(os.getpid), flush=True)
{then}
"""


@pytest.mark.parametrize("start", ["script", "module", "command", "stdin"])
def test_it_works_however_the_program_was_started_without_a_main_guard(tmp_path, start):
    script = SCRIPT.format(then="")
    (tmp_path / "unguarded.py").write_text(script, encoding="utf-8")
    arguments = {
        "script": [str(tmp_path / "unguarded.py")],
        "module": ["-m", "unguarded"],
        "command": ["-c", script],
        "stdin": ["-"],
    }[start]
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=tmp_path,
        input=script,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip().isdigit()


def test_workers_end_when_their_owner_is_killed_in_the_middle_of_a_call():
    then = "import time; sandbox.call(time.sleep, 600)"
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(then=then)], stdout=subprocess.PIPE, cwd=ROOT
    ) as owner:
        worker = int(owner.stdout.readline())
        owner.kill()
    _wait_until_gone(worker)


def _wait_until_gone(pid, patience_secs=30):
    """Wait until ``pid`` has ended (a zombie has); a pidfd becomes readable then."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended = select.select([descriptor], [], [], patience_secs)[0]
    os.close(descriptor)
    assert ended, f"process {pid} still runs"
