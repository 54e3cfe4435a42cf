import io
import json
import sqlite3
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.adapters.sqlite import database
from tests.bot.terminal.conftest import Terminal

SMALL = ("--size", "96x64")


def test_without_models_the_three_demos_paint_and_a_folder_is_left(
    omniimage: Terminal, here: Path
):
    result = omniimage("try", "a red fox in the snow", *SMALL, "--out", "fox")
    assert result.code == 0
    assert result.err == ""
    folder = here / "fox"
    assert str(folder) in result.out
    assert sorted(path.name for path in (folder / "images").iterdir()) == [
        "demo-grid-1.png",
        "demo-landscape-1.png",
        "demo-subject-1.png",
    ]
    with Image.open(folder / "sheet.png") as sheet:
        assert sheet.width > 96
    assert sorted(path.name for path in folder.iterdir()) == [
        "comparison.zip",
        "images",
        "manifest.json",
        "sheet.png",
    ]


def test_the_folder_is_named_at_the_end_and_what_to_do_next(omniimage: Terminal, here: Path):
    result = omniimage("try", "Ein Fuchs / im Schnee!", *SMALL, "-m", "demo/landscape")
    [folder] = (here / "omniimage-out").iterdir()
    assert "ein-fuchs-im-schnee" in folder.name
    assert str(folder) in result.out
    assert "omniimage again" in result.out
    assert "key" in result.out
    assert "bot" in result.out


def test_json_prints_one_object_a_line_and_nothing_else(omniimage: Terminal, here: Path):
    models = ("demo/landscape", "demo/fail-refused", "demo/fail-garbage")
    asked = [argument for model in models for argument in ("-m", model)]
    result = omniimage("try", "fox", *asked, *SMALL, "--seed", "7", "--json", "--out", "o")
    assert result.code == 0
    assert {line["model"] for line in result.events("started")} == set(models)
    [landed] = result.events("landed")
    assert Path(landed["path"]).is_absolute()
    assert Path(landed["path"]).exists()
    assert (landed["model"], landed["number"]) == ("demo/landscape", 1)
    assert (landed["width"], landed["height"]) == (96, 64)
    assert landed["seed"] == {"asked": 7, "sent": 7, "honoured": True}
    assert landed["cost"] == 0
    assert landed["ignored"] == []
    assert landed["seconds"] >= 0
    failed = {line["model"]: line for line in result.events("failed")}
    assert failed["demo/fail-refused"]["error"]["kind"] == "refused"
    assert failed["demo/fail-garbage"]["error"]["kind"] == "garbage"
    assert all(line["error"]["message"] and line["seconds"] >= 0 for line in failed.values())
    done = result.lines[-1]
    assert done["event"] == "done"
    assert done["out"] == str(here / "o")
    assert done["counts"] == {"landed": 1, "failed": 2, "cancelled": 0, "interrupted": 0}
    started = [line["model"] for line in result.lines if line["event"] == "started"]
    ends = [line["model"] for line in result.lines if line["event"] in ("landed", "failed")]
    assert sorted(started) == sorted(ends)


def test_files_hold_exactly_what_was_painted(omniimage: Terminal, here: Path):
    result = omniimage("try", "fox", "-m", "demo/subject", *SMALL, "--json", "--out", "o")
    manifest = json.loads((here / "o/manifest.json").read_text("utf-8"))
    assert manifest["schema"] == 1
    assert manifest["id"] == result.lines[-1]["id"]
    assert manifest["prompt"] == "fox"
    assert manifest["failures"] == []
    [image] = manifest["images"]
    original = (here / "o" / image["file"]).read_bytes()
    with zipfile.ZipFile(here / "o/comparison.zip") as archive:
        assert archive.testzip() is None
        assert archive.read(image["file"]) == original
        assert json.loads(archive.read("manifest.json")) == manifest


def test_what_a_model_does_not_take_is_reported_as_ignored(omniimage: Terminal):
    parameters = ("--steps", "20", "--negative", "snow", "--quality", "high")
    result = omniimage(
        "try", "fox", "-m", "demo/landscape", "-m", "demo/subject", *parameters, *SMALL, "--json"
    )
    ignored = {line["model"]: line["ignored"] for line in result.events("landed")}
    assert ignored["demo/landscape"] == ["steps", "quality"]
    assert ignored["demo/subject"] == ["steps", "quality", "negative"]


def test_count_gives_that_many_pictures_with_seeds_that_count_up(omniimage: Terminal, here: Path):
    result = omniimage(
        "try", "x", "-m", "demo/subject", "--count", "3", "--seed", "5", *SMALL, "--json",
        "--no-zip", "--out", "o",
    )  # fmt: skip
    sent = {line["number"]: line["seed"]["sent"] for line in result.events("landed")}
    assert sent == {1: 5, 2: 6, 3: 7}
    assert not (here / "o/comparison.zip").exists()
    assert len(list((here / "o/images").iterdir())) == 3


def test_flags_inside_the_prompt_are_understood_and_unknown_ones_mentioned(omniimage: Terminal):
    result = omniimage("try", "fox —ar 3:2 --seed 9 --v 6", "-m", "demo/landscape", "--json")
    [landed] = result.events("landed")
    assert landed["width"] / landed["height"] == pytest.approx(1.5, abs=0.01)
    assert landed["seed"]["asked"] == 9
    assert "--v" in result.err
    [kept] = omniimage("history", "--json").lines
    assert kept["prompt"] == "fox --v 6"


def test_a_second_comparison_in_the_same_folder_overwrites_no_picture(
    omniimage: Terminal, here: Path
):
    for seed in ("1", "2", "2"):
        omniimage("try", "x", "-m", "demo/subject", *SMALL, "--seed", seed, "--out", "o")
    names = sorted(path.name for path in (here / "o/images").iterdir())
    assert names == ["demo-subject-1-2.png", "demo-subject-1.png"]
    manifest = json.loads((here / "o/manifest.json").read_text("utf-8"))
    assert [image["file"] for image in manifest["images"]] == ["images/demo-subject-1-2.png"]


def test_a_prompt_of_several_lines_comes_from_standard_input(
    omniimage: Terminal, monkeypatch: pytest.MonkeyPatch
):
    text = io.TextIOWrapper(io.BytesIO("雪中的狐狸\nat dusk\n".encode()))
    monkeypatch.setattr(sys, "stdin", text)
    assert omniimage("try", "-", "-m", "demo/landscape", *SMALL).code == 0
    [kept] = omniimage("history", "--search", "狐狸", "--json").lines
    assert kept["prompt"] == "雪中的狐狸\nat dusk"


def test_when_no_picture_came_it_says_so_and_fails(omniimage: Terminal, here: Path):
    result = omniimage("try", "x", "-m", "demo/fail-no_credit", "--out", "o")
    assert result.code == 1
    assert "no credit" in result.out
    assert len(result.err.splitlines()) == 1
    assert (here / "o/sheet.png").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["try", "x", "-m", "demo/landscpe"], "Did you mean demo/landscape?"),
        (["try", "x", "-m", "landscape"], "demo/landscape"),
        (["try", "x", "-m", "nothing/like-that-at-all"], "nothing/like-that-at-all"),
        (["try", ""], "empty"),
        (["try", " \n "], "empty"),
        (["try", "--", "--ar 16:9"], "empty"),
        (["try", "x" * 40_000], "40,000"),
        (["try"], "PROMPT"),
        (["try", "x", "--count", "0"], "--count"),
        (["try", "x", "--count", "900"], "900"),
        (["try", "x", "--count", "two"], "--count"),
        (["try", "x", "--size", "0x0"], "--size"),
        (["try", "x", "--size", "100000x100000"], "--size"),
        (["try", "x", "--size", "big"], "--size"),
        (["try", "x", "--ratio", "5:4"], "--ratio"),
        (["try", "x", "--ratio", "1:1", "--size", "64x64"], "--ratio"),
        (["try", "x", "--quality", "best"], "low, medium, high"),
        (["try", "x", "--seed", "-1"], "--seed"),
        (["try", "x", "--steps", "0"], "--steps"),
        (["try", "x", "--deadline", "0"], "--deadline"),
        (["try", "x", "--deadline", "nan"], "--deadline"),
        (["try", "x", "--colour", "red"], "--colour"),
        (["try", "x", "--ratio"], "--ratio"),
        (["try", "x", "--json=1"], "--json"),
        (["try", "a", "red", "fox"], "quotes"),
        (["paint", "x"], "paint"),
        (["models", "nobody"], "nobody"),
        (["history", "--limit", "0"], "--limit"),
        (["--config", "nowhere.toml", "history"], "nowhere.toml"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(
    omniimage: Terminal, here: Path, arguments: list[str], says: str
):
    result = omniimage(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert len(result.err.splitlines()) == 1
    assert says in result.err
    assert list(here.iterdir()) == []


def test_wrong_use_prints_no_json_either(omniimage: Terminal):
    assert omniimage("try", "", "--json").out == ""


def test_an_unknown_setting_is_named_with_its_path(omniimage: Terminal, here: Path):
    (here / "c.toml").write_text("[limits]\ndedline = 3\n", "utf-8")
    result = omniimage("--config", "c.toml", "history")
    assert result.code == 2
    assert "limits.dedline" in result.err


def test_an_unknown_variable_is_named(omniimage: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OMNIIMAGE_LIMITS__DEDLINE", "3")
    result = omniimage("models")
    assert result.code == 2
    assert "OMNIIMAGE_LIMITS__DEDLINE" in result.err


def test_a_card_in_the_settings_that_names_no_model_is_refused(omniimage: Terminal, here: Path):
    (here / "c.toml").write_text('[cards."demo/nothing"]\nnegative = true\n', "utf-8")
    result = omniimage("--config", "c.toml", "models")
    assert result.code == 2
    assert "demo/nothing" in result.err


def test_a_card_in_the_settings_changes_the_price(omniimage: Terminal, here: Path):
    (here / "c.toml").write_text(
        '[cards."demo/fail-refused"]\nprice = { amount = "0.04", as_of = 2026-11-01 }\n'
        "hidden = false\n",
        "utf-8",
    )
    prices = {
        line["model"]: line["price"]
        for line in omniimage("--config", "c.toml", "models", "--json").lines
    }
    assert prices["demo/fail-refused"] == 0.04


@pytest.mark.parametrize("option", ["--out", "--data-dir"])
def test_a_folder_that_cannot_be_written_is_named(omniimage: Terminal, here: Path, option: str):
    (here / "file").write_text("in the way", "utf-8")
    arguments = ["try", "x", "-m", "demo/subject", *SMALL]
    inside = str(here / "file" / "folder")
    result = (
        omniimage(*arguments, "--out", inside)
        if option == "--out"
        else omniimage("--data-dir", inside, *arguments)
    )
    assert result.code == 1
    assert len(result.err.splitlines()) == 1
    assert "file" in result.err
    assert (here / "file").read_text("utf-8") == "in the way"


def test_a_locked_database_is_one_sentence(
    omniimage: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    omniimage("history")
    monkeypatch.setattr(database, "BUSY", 0.1)
    holder = sqlite3.connect(tmp_path / "data/omniimage.db")
    try:
        holder.execute("begin immediate")
        result = omniimage("try", "x", "-m", "demo/subject", *SMALL)
    finally:
        holder.close()
    assert result.code == 1
    assert "locked" in result.err
    assert len(result.err.splitlines()) == 1


def test_a_file_that_is_no_database_is_named(omniimage: Terminal, tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/omniimage.db").write_bytes(b"not a database" * 999)
    result = omniimage("history")
    assert result.code == 1
    assert "omniimage.db" in result.err


def test_every_failing_demo_fails_in_its_own_typed_way(omniimage: Terminal):
    cards = omniimage("models", "--all", "--json").lines
    names = [card["model"] for card in cards if card["model"].startswith("demo/fail-")]
    assert len(names) == 16
    seen: dict[str, Any] = {}
    for half in (names[:8], names[8:]):
        asked = [argument for name in half for argument in ("-m", name)]
        result = omniimage("try", "x", *asked, "--json", "--out", "o")
        assert result.code == 1
        seen |= {line["model"]: line["error"]["kind"] for line in result.events("failed")}
    assert seen == {name: name.removeprefix("demo/fail-") for name in names}


@pytest.mark.parametrize("name", ["openai", "custom", "demo"])
def test_a_server_of_the_settings_cannot_take_a_providers_name(
    omniimage: Terminal, here: Path, name: str
):
    (here / "c.toml").write_text(
        f'[servers.{name}]\nbase_url = "https://example.com/v1"\n', "utf-8"
    )
    result = omniimage("--config", "c.toml", "models")
    assert result.code == 2
    assert f"servers.{name}" in result.err
