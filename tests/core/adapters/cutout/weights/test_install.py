import os

import pytest

from core.errors import UnknownWeights, WrongWeights
from core.models.tool import ToolFailed, ToolFailureKind
from tests.core.adapters.cutout.weights.conftest import (
    LARGE,
    SMALL,
    installed,
    names,
    sum_of,
    weights,
)


class TestInstalling:
    async def test_a_released_file_by_whatever_name_is_copied_in(self, folder, tmp_path):
        file = tmp_path / "from a friend\n.bin"
        file.write_bytes(LARGE)
        async with weights(folder) as ours:
            note = await ours.install(file, trust=False)
            assert installed(ours) == ["u2net"]
        assert (note.name, note.path) == ("u2net", folder / "u2net.onnx")
        assert note.preferred
        assert file.read_bytes() == LARGE

    async def test_another_one_is_refused_with_its_sum(self, folder, tmp_path):
        file = tmp_path / "u2net.onnx"
        file.write_bytes(b"mine")
        async with weights(folder) as ours:
            with pytest.raises(WrongWeights) as refused:
                await ours.install(file, trust=False)
        assert (refused.value.path, refused.value.checksum) == (file, f"sha256:{sum_of(b'mine')}")
        assert not folder.exists()

    @pytest.mark.parametrize(
        ("own", "name"),
        [
            ("u2net.onnx", "u2net"),
            ("birefnet-general.onnx", "birefnet-general"),
            ("BiRefNet-general-epoch_244.onnx", "birefnet-general"),
        ],
    )
    async def test_a_trusted_one_stays_trusted_after_a_restart(
        self, folder, tmp_path, report, own, name
    ):
        file = tmp_path / own
        file.write_bytes(b"mine")
        async with weights(folder) as ours:
            assert (await ours.install(file, trust=True)).name == name
        async with weights(folder) as later:
            assert installed(later) == [name]
            assert (await later.fetch(name, report)).read_bytes() == b"mine"

    async def test_the_trust_is_for_its_bytes_alone(self, folder, tmp_path):
        file = tmp_path / "u2net.onnx"
        file.write_bytes(b"mine")
        async with weights(folder) as ours:
            await ours.install(file, trust=True)
            (folder / "u2net.onnx").write_bytes(b"another")
            assert installed(ours) == []

    async def test_a_trusted_one_has_to_bear_a_name_of_the_list(self, folder, tmp_path):
        file = tmp_path / "bria-rmbg.onnx"
        file.write_bytes(b"mine")
        async with weights(folder) as ours:
            with pytest.raises(UnknownWeights) as refused:
                await ours.install(file, trust=True)
        assert (refused.value.name, refused.value.known[0]) == ("bria-rmbg", "u2netp")

    async def test_trust_changes_nothing_for_a_released_file(self, folder, tmp_path):
        file = tmp_path / "anything"
        file.write_bytes(SMALL)
        async with weights(folder) as ours:
            assert (await ours.install(file, trust=True)).name == "u2netp"

    async def test_a_release_takes_the_place_of_a_trusted_one_and_back(self, folder, tmp_path):
        mine, theirs = tmp_path / "u2netp.onnx", tmp_path / "theirs"
        mine.write_bytes(b"mine")
        theirs.write_bytes(SMALL)
        async with weights(folder) as ours:
            for file in (mine, theirs, mine):
                note = await ours.install(file, trust=True)
                assert note.path
                assert note.path.read_bytes() == file.read_bytes()
        assert names(folder) == ["u2netp.onnx"]

    async def test_a_file_that_lies_in_place_can_be_trusted_there(self, folder):
        folder.mkdir()
        file = folder / "u2net.onnx"
        file.write_bytes(b"mine")
        async with weights(folder) as ours:
            assert (await ours.install(file, trust=True)).path == file
        assert names(folder) == ["u2net.onnx"]

    async def test_a_wrong_file_in_its_place_is_not_lost(self, folder, tmp_path):
        folder.mkdir()
        (folder / "u2netp.onnx").write_bytes(b"wrong")
        file = tmp_path / "good"
        file.write_bytes(SMALL)
        async with weights(folder) as ours:
            await ours.install(file, trust=False)
        assert names(folder) == ["u2netp.onnx", "u2netp.onnx.wrong-1"]

    async def test_what_cannot_be_read_says_why(self, folder, tmp_path):
        (tmp_path / "empty").touch()
        os.mkfifo(tmp_path / "pipe")
        for name, kind in (
            ("none", ToolFailureKind.MISSING),
            ("empty", ToolFailureKind.EMPTY),
            ("pipe", ToolFailureKind.UNREADABLE),
            (".", ToolFailureKind.FOLDER),
            ("empty/none", ToolFailureKind.UNREADABLE),
            ("x" * 300, ToolFailureKind.UNREADABLE),
        ):
            async with weights(folder) as ours:
                with pytest.raises(ToolFailed) as failed:
                    await ours.install(tmp_path / name, trust=True)
            assert failed.value.failure.kind is kind
            assert failed.value.failure.detail == (str(tmp_path / name),)
