import hashlib
from pathlib import Path

import pytest

from tests.bot.terminal.conftest import Terminal
from tests.bot.terminal.pictures import SETTINGS, TINY


@pytest.fixture(autouse=True)
def offline(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "config.toml").write_text(SETTINGS, "utf-8")
    monkeypatch.setenv("OMNIIMAGE_CONFIG", str(here / "config.toml"))


def test_the_list_names_every_model_with_licence_and_checksum(omniimage: Terminal):
    lines = omniimage("weights", "list", "--json").lines
    names = [line["name"] for line in lines]
    assert {"u2netp", "u2net", "silueta", "isnet-general-use", "isnet-anime"} <= set(names)
    assert not {"bria-rmbg", "sam", "withoutbg", "atlascloud"} & set(names)
    assert all(line["checksum"].startswith("sha256:") for line in lines)
    assert [line["name"] for line in lines if line["preferred"]] == ["u2netp"]
    assert "Apache-2.0" in omniimage("weights", "list").out


def test_a_file_with_another_checksum_is_refused_unless_it_is_trusted(
    omniimage: Terminal, here: Path
):
    (here / "u2netp.onnx").write_bytes(TINY.read_bytes())
    refused = omniimage("weights", "install", "u2netp.onnx", "--json")
    assert refused.code == 1
    [line] = refused.lines
    assert (line["event"], line["error"]["kind"]) == ("failed", "wrong_weights")
    assert "sha256:" in line["error"]["message"]
    taken = omniimage("weights", "install", "u2netp.onnx", "--trust", "--json")
    assert taken.code == 0
    assert Path(taken.lines[0]["outputs"][0]).read_bytes() == TINY.read_bytes()
    assert omniimage("weights", "list", "--json").lines[0]["path"] == taken.lines[0]["outputs"][0]


def test_a_trusted_file_needs_the_name_of_a_model(omniimage: Terminal, here: Path):
    (here / "mine.onnx").write_bytes(TINY.read_bytes())
    wrong = omniimage("weights", "install", "mine.onnx", "--trust")
    assert wrong.code == 2
    assert "u2netp" in wrong.err


def test_a_model_without_any_source_says_which_file_to_put_where(
    omniimage: Terminal, tmp_path: Path
):
    failed = omniimage("weights", "install", "u2net")
    assert failed.code == 1
    for part in ("u2net.onnx", "sha256:8d10d2f3", str(tmp_path / "data" / "weights")):
        assert part in failed.err


def test_a_wrong_file_that_was_put_there_by_hand_is_called_wrong(
    omniimage: Terminal, tmp_path: Path
):
    file = tmp_path / "data" / "weights" / "u2netp.onnx"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"wrong")
    failed = omniimage("weights", "install", "u2netp")
    assert failed.code == 1
    for part in (str(file), "sha256:309c8469", f"sha256:{hashlib.sha256(b'wrong').hexdigest()}"):
        assert part in failed.err
    assert file.read_bytes() == b"wrong"


def test_a_word_that_is_neither_model_nor_file_is_wrong_use(omniimage: Terminal):
    wrong = omniimage("weights", "install", "bogus")
    assert wrong.code == 2
    assert "u2netp" in wrong.err


def test_a_missing_file_is_said(omniimage: Terminal):
    failed = omniimage("weights", "install", "gone.onnx", "--json")
    assert failed.code == 1
    assert failed.lines[0]["error"]["kind"] == "missing"


def test_a_better_model_of_the_settings_that_is_none_is_refused(omniimage: Terminal, here: Path):
    (here / "config.toml").write_text('[cutout]\nbetter = "u3net"\n', "utf-8")
    refused = omniimage("weights", "list")
    assert refused.code == 2
    assert "cutout.better" in refused.err
