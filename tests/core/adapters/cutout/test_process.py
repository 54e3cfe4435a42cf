import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from core.adapters.cutout import process
from core.adapters.cutout.process import Child, Died
from core.errors import BadImage
from core.models.tool import Cutout, ToolFailed, ToolFailureKind
from tests.core.adapters.cutout.children import (
    MIB,
    TINY,
    TRUE,
    Starts,
    disc,
    is_cut,
    kill_at_work,
    pid,
    saved,
    task,
)

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def told_by_system(child: Child, what: str) -> str:
    return Path(f"/proc/{pid(child)}/{what}").read_text("utf-8")


async def test_a_child_does_one_task_after_the_other(starts: Starts):
    child = await starts()
    assert is_cut(await child.ask(task()))
    assert is_cut(await child.ask(task(saved(disc((300, 200)), "JPEG"))))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b"this is no picture", "garbage"),
        (saved(disc())[:200], "truncated"),
        (
            saved(disc(), "GIF", save_all=True, append_images=[disc().rotate(90), disc()]),
            "animated",
        ),
    ],
)
async def test_what_is_wrong_with_a_picture_is_said_and_the_next_one_is_cut_out(
    starts: Starts, data: bytes, kind: str
):
    child = await starts()
    with pytest.raises(BadImage) as bad:
        await child.ask(task(data))
    assert bad.value.kind == kind
    assert is_cut(await child.ask(task()))


@pytest.mark.parametrize("model", ["u2netp", "u2net_human_seg"])
async def test_a_file_that_holds_no_model_is_as_good_as_none(
    starts: Starts, tmp_path: Path, model: str
):
    (tmp_path / "bad.onnx").write_bytes(b"<html>not a model</html>" * 99)
    child = await starts()
    with pytest.raises(ToolFailed) as failed:
        await child.ask(task(model=model, weights=tmp_path / "bad.onnx"))
    assert failed.value.failure.kind is ToolFailureKind.NO_WEIGHTS
    assert is_cut(await child.ask(task()))


async def test_a_model_is_read_again_only_when_another_one_is_asked_for(
    starts: Starts, tmp_path: Path
):
    copy = tmp_path / "copy.onnx"
    copy.write_bytes(TINY.read_bytes())
    child = await starts()
    assert is_cut(await child.ask(task(weights=copy)))
    copy.unlink()
    assert is_cut(await child.ask(task(weights=copy)))
    await child.ask(task())
    with pytest.raises(ToolFailed):
        await child.ask(task(weights=copy))


@linux
async def test_a_picture_that_needs_more_memory_than_there_is_says_so(starts: Starts):
    starts.memory = [80 * MIB]
    child = await starts()
    with pytest.raises(ToolFailed) as failed:
        await child.ask(task(saved(disc((4000, 4000)))))
    assert failed.value.failure.kind is ToolFailureKind.NO_MEMORY


@linux
@pytest.mark.skipif(not TRUE.exists(), reason="the true weights lie beside the project's folder")
async def test_a_network_that_needs_more_memory_than_there_is_says_so(starts: Starts):
    starts.memory = [160 * MIB]
    child = await starts()
    with pytest.raises(ToolFailed) as failed:
        await child.ask(task(weights=TRUE))
    assert failed.value.failure.kind is ToolFailureKind.NO_MEMORY


@linux
async def test_alpha_matting_is_refused_where_it_would_not_come_to_an_end(starts: Starts):
    starts.memory = [512 * MIB]
    child = await starts()
    with pytest.raises(ToolFailed) as failed:
        await child.ask(task(cutout=Cutout(fine=True)))
    assert failed.value.failure.kind is ToolFailureKind.NO_MEMORY
    assert is_cut(await child.ask(task()))


async def test_who_waits_for_a_child_that_dies_is_told(starts: Starts):
    starts.each = [kill_at_work]
    child = await starts()
    with pytest.raises(Died):
        await child.ask(task())
    await child.gone.wait()
    with pytest.raises(Died):
        await child.ask(task())


async def test_closing_a_busy_child_ends_its_process(starts: Starts):
    starts.each = [lambda child: os.kill(pid(child), signal.SIGSTOP)]
    child = await starts()
    number = pid(child)
    asyncio.get_running_loop().call_soon(child.close)
    with pytest.raises(Died):
        await child.ask(task())
    await child.gone.wait()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


@linux
async def test_a_child_sees_of_the_environment_what_programs_need_and_no_secret(
    starts: Starts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    secrets = {"OMNIIMAGE_MASTER_KEY": "s3cret", "OPENAI_API_KEY": "s3cret", "HTTPS_PROXY": "u:s3"}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    given = {**secrets, "PATH": os.defpath, "TMPDIR": str(tmp_path)}
    environment = process.environment(given, tmp_path / "own", threads=3, fine=False)
    child = await process.start(environment, threads=3, memory=None)
    starts.children.append(child)
    assert is_cut(await child.ask(task()))
    seen = told_by_system(child, "environ")
    names = {line.partition("=")[0] for line in seen.split("\0") if line}
    names -= {"glibc.malloc.mmap_threshold"}  # some versions of glibc take the line before apart
    assert "s3" not in seen
    assert names == environment.keys()
    assert names >= {"PATH", "TMPDIR", "HOME", "NUMBA_CACHE_DIR", "OMP_NUM_THREADS"}
    assert "s3" not in told_by_system(child, "cmdline")


def test_numba_compiles_for_alpha_matting_alone(tmp_path: Path):
    fine, plain = (
        process.environment({}, tmp_path, threads=2, fine=fine) for fine in (True, False)
    )
    assert "NUMBA_DISABLE_JIT" not in fine
    assert plain["NUMBA_DISABLE_JIT"] == "1"
    assert fine["NUMBA_CACHE_DIR"].startswith(str(tmp_path))


async def test_files_beside_the_person_are_not_taken_for_modules(
    starts: Starts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("json", "PIL", "core", "numpy", "struct"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not me')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert is_cut(await (await starts()).ask(task()))


@linux
async def test_a_child_stands_back_behind_everything_else(starts: Starts):
    child = await starts()
    await child.ask(task())
    assert os.getpriority(os.PRIO_PROCESS, pid(child)) == min(19, os.nice(0) + 10)
    assert told_by_system(child, "oom_score_adj") == "500\n"


async def test_ctrl_c_at_the_terminal_does_not_end_a_child(starts: Starts):
    child = await starts()
    await child.ask(task())
    os.kill(pid(child), signal.SIGINT)
    assert is_cut(await child.ask(task()))
