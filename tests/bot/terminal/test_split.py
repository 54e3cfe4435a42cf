import os
import sqlite3
from pathlib import Path

import pytest
from PIL import Image

from tests.bot.terminal.conftest import Terminal
from tests.bot.terminal.pictures import a_grid, a_photo, size_of
from tests.fakes import bomb


def test_a_grid_is_cut_into_its_tiles_beside_it(omniimage: Terminal, here: Path):
    a_grid(here / "foxes.png")
    done = omniimage("split", "foxes.png", "--json")
    assert done.code == 0
    [line] = done.lines
    assert line["event"] == "done"
    assert (line["source"], line["grid"], line["error"]) == ("foxes.png", "2x2", None)
    wanted = [f"foxes-r{r}c{c}.png" for r in (1, 2) for c in (1, 2)]
    assert line["outputs"] == [str(here / name) for name in wanted]
    with Image.open(here / "foxes.png") as whole:
        for at, name in enumerate(wanted):
            row, column = divmod(at, 2)
            box = (128 * column, 128 * row, 128 * column + 128, 128 * row + 128)
            with Image.open(here / name) as tile:
                assert tile.tobytes() == whole.crop(box).tobytes()


def test_what_is_no_grid_for_sure_is_not_cut_and_says_how_to(omniimage: Terminal, here: Path):
    a_photo(here / "disc.png")
    unsure = omniimage("split", "disc.png", "--json")
    assert unsure.code == 1
    [line] = unsure.lines
    assert (line["event"], line["outputs"], line["grid"]) == ("unsure", [], None)
    assert "--grid" in line["error"]["message"]
    assert sorted(path.name for path in here.iterdir()) == ["disc.png"]
    assert omniimage("split", "disc.png", "--grid", "2x2").code == 0
    assert size_of(here / "disc-r2c2.png") == (80, 60)


def test_nothing_is_overwritten_and_results_lie_flat_in_the_folder(
    omniimage: Terminal, here: Path
):
    (here / "a").mkdir()
    (here / "b").mkdir()
    a_grid(here / "a" / "x.png")
    a_grid(here / "b" / "x.png")
    done = omniimage("split", "a/x.png", "b/x.png", "--out", "tiles", "--json")
    assert done.code == 0
    first, second = ([Path(path).name for path in line["outputs"]] for line in done.lines)
    assert first[0] == "x-r1c1.png"
    assert second[0] == "x-r1c1-2.png"
    assert len(list((here / "tiles").iterdir())) == 8


BAD = [
    ("empty.png", b"", "empty"),
    ("note.png", b"hello, this is text", "garbage"),
    ("bomb.png", bomb(), "too_large"),
]


@pytest.mark.parametrize(("name", "data", "kind"), BAD, ids=[name for name, _, _ in BAD])
def test_one_bad_file_fails_alone_with_one_sentence(
    omniimage: Terminal, here: Path, name: str, data: bytes, kind: str
):
    (here / name).write_bytes(data)
    a_grid(here / "good.png")
    done = omniimage("split", name, "good.png", "--json")
    assert done.code == 1
    bad, good = done.lines
    assert (bad["event"], bad["error"]["kind"], bad["outputs"]) == ("failed", kind, [])
    assert bad["error"]["message"].count(". ") <= 1
    assert good["event"] == "done"
    assert len(good["outputs"]) == 4


def test_a_cut_off_file_says_that_its_end_is_missing(omniimage: Terminal, here: Path):
    data = a_grid(here / "whole.png").read_bytes()
    (here / "cut.png").write_bytes(data[: len(data) // 2])
    [line] = omniimage("split", "cut.png", "--json").lines
    assert (line["event"], line["error"]["kind"]) == ("failed", "truncated")


def test_a_missing_file_and_a_folder_and_an_unknown_id_each_say_what_they_are(
    omniimage: Terminal, here: Path
):
    (here / "folder").mkdir()
    done = omniimage("split", "gone.png", "folder", "abcdefghijklmnopqrst", "--json")
    assert done.code == 1
    assert [line["error"]["kind"] for line in done.lines] == ["missing", "folder", "unknown"]


def test_a_name_with_a_line_break_gives_a_plain_name_and_one_line(omniimage: Terminal, here: Path):
    a_grid(here / "two\nlines.png")
    done = omniimage("split", "two\nlines.png")
    assert done.code == 0
    assert len(done.out.splitlines()) == 1
    assert (here / "two lines-r1c1.png").exists()


def test_an_animation_is_refused(omniimage: Terminal, here: Path):
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    frames[0].save(here / "moving.gif", save_all=True, append_images=frames[1:])
    [line] = omniimage("split", "moving.gif", "--json").lines
    assert line["error"]["kind"] == "animated"


def test_a_kept_image_is_named_by_its_id_and_its_model_knows_the_layout(
    omniimage: Terminal, here: Path
):
    made = omniimage("try", "a red fox", "-m", "demo/grid", "--size", "128x128", "--json")
    [image] = [line["image"] for line in made.events("landed")]
    done = omniimage("split", image, "--json")
    assert done.code == 0
    [line] = done.lines
    assert line["grid"] == "2x2"
    assert Path(line["outputs"][0]).name == "demo-grid-1-r1c1.png"
    assert Path(line["outputs"][0]).parent == here


def test_a_kept_tile_can_be_used_in_its_turn_and_is_named_after_what_it_is(
    omniimage: Terminal, here: Path, tmp_path: Path
):
    a_grid(here / "foxes.png", side=512)
    omniimage("split", "foxes.png")
    with sqlite3.connect(tmp_path / "data" / "omniimage.db") as rows:
        [(tile,)] = rows.execute("select id from images where position = 3").fetchall()
    rows.close()
    [line] = omniimage("split", tile, "--grid", "1x2", "--json").lines
    assert [Path(path).name for path in line["outputs"]] == [
        "foxes-r2c2-r1c1.png",
        "foxes-r2c2-r1c2.png",
    ]


def test_a_folder_that_cannot_be_written_is_named_and_nothing_is_half_there(
    omniimage: Terminal, here: Path
):
    a_grid(here / "foxes.png")
    (here / "file").write_bytes(b"")
    [line] = omniimage("split", "foxes.png", "--out", "file", "--json").lines
    assert (line["event"], line["error"]["kind"], line["outputs"]) == ("failed", "unwritable", [])
    assert sorted(path.name for path in here.iterdir()) == ["file", "foxes.png"]


def test_the_split_of_a_comparison_lies_in_its_folder(omniimage: Terminal, here: Path):
    done = omniimage(
        *("try", "a fox", "-m", "demo/grid", "-m", "demo/subject", "--size", "128x128"),
        *("--split", "--out", "o", "--json"),
    )
    assert done.code == 0
    states = {Path(line["source"]).name: line["state"] for line in done.events("split")}
    assert states == {"demo-grid-1.png": "done", "demo-subject-1.png": "unsure"}
    assert len(list((here / "o" / "splits").iterdir())) == 4
    assert done.lines[-1]["event"] == "done"


def test_a_comparison_without_a_grid_says_so_in_plain_words_too(omniimage: Terminal):
    done = omniimage("try", "a fox", "-m", "demo/subject", "--size", "96x96", "--split")
    assert done.code == 0
    assert "no grid" in done.out


def test_kept_tiles_can_be_used_again_by_the_ids_that_json_names(omniimage: Terminal, here: Path):
    a_grid(here / "foxes.png")
    [line] = omniimage("split", "foxes.png", "--json").lines
    assert len(line["images"]) == 4
    [facts] = omniimage("info", line["images"][0], "--json").lines
    assert (facts["width"], facts["height"]) == (128, 128)


@pytest.mark.parametrize("grid", ["1x1", "6x2", "2by2", "0x3", "2x"])
def test_a_layout_that_is_none_is_wrong_use(omniimage: Terminal, here: Path, grid: str):
    a_grid(here / "foxes.png")
    wrong = omniimage("split", "foxes.png", "--grid", grid)
    assert wrong.code == 2
    assert grid in wrong.err


def test_a_name_of_bytes_that_are_no_text_is_a_name(omniimage: Terminal, here: Path):
    name = os.fsdecode(b"caf\xe9.png")
    try:
        a_grid(here / "plain.png").rename(here / name)
    except OSError:
        pytest.skip("this file system takes names of text alone")
    done = omniimage("split", name, "gone.png", "--json")
    assert [line["event"] for line in done.lines] == ["done", "failed"]
    assert done.lines[0]["source"] == name
    assert sorted(path.name for path in here.iterdir())[:-1] == [
        f"caf-r{r}c{c}.png" for r in (1, 2) for c in (1, 2)
    ]
