from pathlib import Path

from PIL import Image, PngImagePlugin

from tests.bot.terminal.conftest import Terminal
from tests.bot.terminal.pictures import a_grid, a_photo, size_of


def test_several_pictures_become_one(omniimage: Terminal, here: Path):
    a_grid(here / "a.png")
    a_photo(here / "b.jpg")
    done = omniimage("sheet", "a.png", "b.jpg", "--out", "s.png", "--json")
    assert done.code == 0
    assert [line["outputs"] for line in done.lines] == [[str(here / "s.png")]] * 2
    width, height = size_of(here / "s.png")
    assert width > height


def test_a_dark_sheet_is_dark(omniimage: Terminal, here: Path):
    a_photo(here / "a.png")
    grounds = []
    for options in ([], ["--dark"]):
        [line] = omniimage("sheet", "a.png", *options, "--json").lines
        with Image.open(line["outputs"][0]) as sheet:
            grounds.append(sheet.convert("L").getpixel((2, 2)))
    light, dark = grounds
    assert isinstance(light, int)
    assert isinstance(dark, int)
    assert light > 200
    assert dark < 60


def test_a_bad_file_is_left_out_and_a_sheet_that_is_there_stays(omniimage: Terminal, here: Path):
    a_photo(here / "a.png")
    (here / "s.png").write_bytes(b"mine")
    done = omniimage("sheet", "a.png", "gone.png", "--out", "s.png", "--json")
    assert done.code == 1
    good, bad = done.lines
    assert good["outputs"] == [str(here / "s-2.png")]
    assert (bad["event"], bad["error"]["kind"]) == ("failed", "missing")
    assert (here / "s.png").read_bytes() == b"mine"


def test_more_than_a_sheet_holds_is_refused_before_anything_is_drawn(
    omniimage: Terminal, here: Path
):
    a_photo(here / "a.png")
    wrong = omniimage("sheet", *["a.png"] * 33, "--out", "s.png")
    assert wrong.code == 2
    assert "32" in wrong.err
    assert not (here / "s.png").exists()


def test_info_reads_what_a1111_writes(omniimage: Terminal, here: Path):
    chunk = PngImagePlugin.PngInfo()
    chunk.add_text(
        "parameters",
        "a red fox, detailed\nNegative prompt: text\n"
        "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 512x768, Model: sd15",
    )
    Image.new("RGB", (8, 8)).save(here / "a1111.png", pnginfo=chunk)
    [line] = omniimage("info", "a1111.png", "--json").lines
    assert (line["event"], line["format"], line["width"], line["height"]) == ("done", "png", 8, 8)
    made = line["parameters"]
    assert (made["prompt"], made["negative"]) == ("a red fox, detailed", "text")
    assert (made["seed"], made["steps"], made["model"]) == (42, 20, "sd15")
    assert made["size"] == "512x768"
    plain = omniimage("info", "a1111.png")
    assert "Euler a" in plain.out


def test_info_of_a_picture_without_words_says_what_it_is(omniimage: Terminal, here: Path):
    a_photo(here / "a.jpg")
    [line] = omniimage("info", "a.jpg", "--json").lines
    assert (line["format"], line["parameters"]) == ("jpeg", None)
    assert "JPEG" in omniimage("info", "a.jpg").out


def test_info_of_what_is_no_picture_fails_with_a_sentence(omniimage: Terminal, here: Path):
    (here / "a.txt").write_text("hello")
    failed = omniimage("info", "a.txt", "--json")
    assert failed.code == 1
    [line] = failed.lines
    assert (line["event"], line["error"]["kind"]) == ("failed", "garbage")


def test_tiles_of_an_a1111_grid_keep_its_words(omniimage: Terminal, here: Path):
    chunk = PngImagePlugin.PngInfo()
    text = "一只狐狸\nSteps: 20, Sampler: Euler, Seed: 9, Size: 512x512"
    chunk.add_itxt("parameters", text)
    with Image.open(a_grid(here / "plain.png")) as image:
        image.save(here / "grid.png", pnginfo=chunk)
    [line] = omniimage("split", "grid.png", "--json").lines
    for tile in line["outputs"]:
        [facts] = omniimage("info", tile, "--json").lines
        assert facts["parameters"]["prompt"] == "一只狐狸"
        assert facts["parameters"]["seed"] == 9


def test_a_sheet_of_another_format_is_refused(omniimage: Terminal, here: Path):
    a_photo(here / "a.png")
    wrong = omniimage("sheet", "a.png", "--out", "s.jpg")
    assert wrong.code == 2
    assert ".png" in wrong.err


def test_a_sheet_that_cannot_be_written_says_so_for_each_picture(omniimage: Terminal, here: Path):
    a_photo(here / "a.png")
    (here / "file").write_bytes(b"")
    failed = omniimage("sheet", "a.png", "--out", "file/s.png", "--json")
    assert failed.code == 1
    assert [line["error"]["kind"] for line in failed.lines] == ["unwritable"]


def test_info_lets_no_picture_steer_the_terminal(omniimage: Terminal, here: Path):
    chunk = PngImagePlugin.PngInfo()
    chunk.add_itxt(
        "parameters", "fox\x1b[31m\nline two\nSteps: 1, Seed: 2, Odd: a\x1bb, Size: 8x8"
    )
    Image.new("RGB", (8, 8)).save(here / "evil.png", pnginfo=chunk)
    shown = omniimage("info", "evil.png")
    assert "\x1b" not in shown.out
    assert "line two" in shown.out
