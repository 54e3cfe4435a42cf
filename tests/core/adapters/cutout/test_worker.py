import asyncio
import os
import signal

import pytest

from core.adapters.cutout.process import Child
from core.adapters.cutout.worker import Worker
from core.errors import BadImage
from core.models.tool import ToolFailed, ToolFailureKind
from tests.core.adapters.cutout.children import (
    MIB,
    Reports,
    Starts,
    disc,
    is_cut,
    kill_at_work,
    pid,
    saved,
    task,
)


def worker(starts: Starts, *, queue: int = 9, idle: float = 600) -> Worker:
    return Worker(starts, queue=queue, idle=idle)


async def test_one_child_serves_many_tasks(starts: Starts):
    async with worker(starts) as work:
        for _ in range(3):
            assert is_cut(await work.run(task(), Reports()))
    assert len(starts.children) == 1


async def test_a_child_that_is_killed_at_work_is_followed_by_another_that_does_it(starts: Starts):
    starts.each = [kill_at_work]
    async with worker(starts) as work:
        assert is_cut(await work.run(task(), Reports()))
    assert len(starts.children) == 2


async def test_a_task_that_kills_two_children_has_crashed_and_the_next_one_is_done(starts: Starts):
    starts.each = [kill_at_work, kill_at_work]
    async with worker(starts) as work:
        with pytest.raises(ToolFailed) as failed:
            await work.run(task(), Reports())
        assert failed.value.failure.kind is ToolFailureKind.CRASHED
        assert is_cut(await work.run(task(), Reports()))
    assert len(starts.children) == 3


async def test_a_child_that_dies_between_two_tasks_costs_nobody_anything(starts: Starts):
    async with worker(starts) as work:
        await work.run(task(), Reports())
        os.kill(pid(starts.children[0]), signal.SIGKILL)
        await starts.children[0].gone.wait()
        assert is_cut(await work.run(task(), Reports()))
    assert len(starts.children) == 2


async def test_a_child_that_cannot_be_started_has_crashed():
    async def start(*, fine: bool) -> Child:
        del fine
        raise BlockingIOError

    async with Worker(start, queue=1, idle=600) as work:
        with pytest.raises(ToolFailed) as failed:
            await work.run(task(), Reports())
    assert failed.value.failure.kind is ToolFailureKind.CRASHED


async def test_who_waits_is_told_the_place_in_the_line(starts: Starts):
    starts.gate.clear()
    reports = [Reports() for _ in range(3)]
    async with worker(starts) as work, asyncio.TaskGroup() as group:
        for report in reports:
            group.create_task(work.run(task(), report))
        for report in reports[1:]:
            await report.changed.wait()
        assert reports == [[], [1], [2]]
        starts.gate.set()
    assert reports == [[], [1, None], [2, 1, None]]


async def test_where_too_many_wait_already_one_more_is_refused(starts: Starts):
    starts.gate.clear()
    waiting = Reports()
    async with worker(starts, queue=1) as work:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(work.run(task(), report)) for report in (Reports(), waiting)
            ]
            await waiting.changed.wait()
            with pytest.raises(ToolFailed) as failed:
                await work.run(task(), Reports())
            assert failed.value.failure.kind is ToolFailureKind.BUSY
            starts.gate.set()
        assert all(is_cut(done.result()) for done in tasks)
        assert is_cut(await work.run(task(), Reports()))


async def test_who_gives_up_waiting_leaves_the_line(starts: Starts):
    starts.gate.clear()
    reports = [Reports() for _ in range(3)]
    async with worker(starts) as work, asyncio.TaskGroup() as group:
        tasks = [group.create_task(work.run(task(), report)) for report in reports]
        await reports[2].changed.wait()
        reports[2].changed.clear()
        tasks[1].cancel()
        await reports[2].changed.wait()
        starts.gate.set()
    assert tasks[1].cancelled()
    assert is_cut(tasks[2].result())
    assert reports[2] == [2, 1, None]
    assert len(starts.children) == 1


async def test_who_gives_up_at_work_lets_the_next_one_go_on(starts: Starts):
    busy = asyncio.Event()

    def stop(child: Child) -> None:
        os.kill(pid(child), signal.SIGSTOP)
        asyncio.get_running_loop().call_soon(busy.set)

    starts.each = [stop]
    async with worker(starts) as work, asyncio.TaskGroup() as group:
        first, second = (group.create_task(work.run(task(), Reports())) for _ in range(2))
        await busy.wait()
        first.cancel()
        assert is_cut(await second)
        await starts.children[0].gone.wait()
    assert first.cancelled()


async def test_a_child_that_nobody_needs_is_ended_and_comes_again_on_demand(starts: Starts):
    async with worker(starts, idle=0.01) as work:
        for number in range(2):
            assert is_cut(await work.run(task(), Reports()))
            await asyncio.wait_for(starts.children[number].gone.wait(), 60)
    assert len(starts.children) == 2


async def test_closing_leaves_no_process(starts: Starts):
    async with worker(starts) as work:
        await work.run(task(), Reports())
        numbers = [pid(child) for child in starts.children]
    for number in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="only Linux limits memory so")
async def test_a_child_that_ran_out_of_memory_gives_way_to_a_fresh_one(starts: Starts):
    starts.memory = [80 * MIB]
    large = saved(disc((4000, 4000)))
    async with worker(starts) as work:
        with pytest.raises(ToolFailed) as failed:
            await work.run(task(large), Reports())
        assert failed.value.failure.kind is ToolFailureKind.NO_MEMORY
        assert is_cut(await work.run(task(large), Reports()))
    assert len(starts.children) == 2


async def test_a_bad_picture_is_no_reason_to_start_another_child(starts: Starts):
    async with worker(starts) as work:
        with pytest.raises(BadImage):
            await work.run(task(b"no picture"), Reports())
        assert is_cut(await work.run(task(), Reports()))
    assert len(starts.children) == 1
