import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from tests.bot.terminal.conftest import Terminal
from tests.bot.terminal.pictures import a_grid, a_photo, manifest_of, names_in


def noise(path: Path, side: int) -> Path:
    Image.effect_noise((side, side), 90).convert("RGB").save(path, "PNG")
    return path


def test_pictures_go_into_one_zip_with_a_manifest_and_a_page(omniimage: Terminal, here: Path):
    a_grid(here / "a.png")
    a_photo(here / "b.jpg")
    done = omniimage("zip", "a.png", "b.jpg", "--json")
    assert done.code == 0
    assert [line["outputs"] for line in done.lines] == [[str(here / "omniimage.zip")]] * 2
    assert names_in(here / "omniimage.zip") == ["a.png", "b.jpg", "manifest.json", "index.html"]
    with zipfile.ZipFile(here / "omniimage.zip") as archive:
        assert archive.read("a.png") == (here / "a.png").read_bytes()
        assert b"a.png" in archive.read("index.html")
    assert [image["file"] for image in manifest_of(here / "omniimage.zip")] == ["a.png", "b.jpg"]


def test_the_same_pictures_give_the_same_bytes(omniimage: Terminal, here: Path):
    a_grid(here / "a.png")
    omniimage("zip", "a.png", "--out", "one.zip")
    omniimage("zip", "a.png", "--out", "two.zip")
    assert (here / "one.zip").read_bytes() == (here / "two.zip").read_bytes()


def test_an_archive_that_is_there_is_not_overwritten(omniimage: Terminal, here: Path):
    a_grid(here / "a.png")
    (here / "x.zip").write_bytes(b"mine")
    [line] = omniimage("zip", "a.png", "--out", "x.zip", "--json").lines
    assert line["outputs"] == [str(here / "x-2.zip")]
    assert (here / "x.zip").read_bytes() == b"mine"


def test_parts_stay_under_the_limit_and_each_opens_by_itself(omniimage: Terminal, here: Path):
    names = [noise(here / f"n{at}.png", 380).name for at in range(5)]
    done = omniimage("zip", *names, "--max-mb", "1", "--out", "album.zip", "--json")
    assert done.code == 0
    parts = sorted(here.glob("album-*.zip"))
    assert len(parts) > 1
    assert parts[0].name == "album-01.zip"
    packed = []
    for part in parts:
        assert part.stat().st_size <= 2**20
        inside = names_in(part)
        assert inside[-2:] == ["manifest.json", "index.html"]
        packed += inside[:-2]
    assert packed == names
    assert {path for line in done.lines for path in line["outputs"]} == {str(p) for p in parts}


def test_one_that_fits_no_part_goes_as_lossless_webp_or_is_refused_by_name(
    omniimage: Terminal, here: Path
):
    picture = Image.effect_noise((700, 700), 90).convert("RGB")  # three equal channels
    picture.save(here / "large.png", "PNG", compress_level=0)
    Image.merge("RGB", [Image.effect_noise((900, 900), 90) for _ in range(3)]).save(
        here / "huge.png", "PNG"
    )
    a_photo(here / "small.png")
    done = omniimage("zip", "large.png", "huge.png", "small.png", "--max-mb", "1", "--json")
    assert done.code == 1
    events = {line["source"]: line["event"] for line in done.lines}
    assert events == {"large.png": "done", "huge.png": "failed", "small.png": "done"}
    assert done.lines[1]["error"]["kind"] == "over_limit"
    [archive] = {path for line in done.lines for path in line["outputs"]}
    assert names_in(Path(archive))[:2] == ["large.webp", "small.png"]
    with (
        zipfile.ZipFile(archive) as opened,
        opened.open("large.webp") as packed,
        Image.open(packed) as webp,
    ):
        assert webp.convert("RGB").tobytes() == picture.tobytes()


def test_equal_names_get_a_number_and_a_bad_file_is_left_out(omniimage: Terminal, here: Path):
    for folder in ("a", "b"):
        (here / folder).mkdir()
        a_photo(here / folder / "x.png")
    (here / "text.png").write_text("no picture")
    done = omniimage("zip", "a/x.png", "text.png", "b/x.png", "--out", "z.zip", "--json")
    assert done.code == 1
    assert [line["event"] for line in done.lines] == ["done", "failed", "done"]
    assert names_in(here / "z.zip")[:2] == ["x.png", "x-2.png"]


def test_nothing_is_left_in_the_house_once_the_archive_is_handed_over(
    omniimage: Terminal, here: Path, tmp_path: Path
):
    a_photo(here / "x.png")
    omniimage("zip", "x.png")
    assert list((tmp_path / "data" / "jobs").iterdir()) == []


def test_what_was_painted_here_says_how_in_manifest_and_page(omniimage: Terminal, here: Path):
    made = omniimage("try", "狐狸 <b>", "-m", "demo/subject", "--size", "96x96", "--json")
    [landed] = made.events("landed")
    [line] = omniimage("zip", landed["image"], "--out", "z.zip", "--json").lines
    [image] = manifest_of(Path(line["outputs"][0]))
    assert (image["prompt"], image["seed"]) == ("狐狸 <b>", landed["seed"]["sent"])
    with zipfile.ZipFile(here / "z.zip") as archive:
        page = archive.read("index.html").decode()
    assert "狐狸 &lt;b&gt;" in page
    assert json.dumps(image["model"]) == '"demo/subject"'


@pytest.mark.parametrize("limit", ["0", "-1", "much"])
def test_a_limit_that_is_none_is_wrong_use(omniimage: Terminal, here: Path, limit: str):
    a_photo(here / "x.png")
    assert omniimage("zip", "x.png", "--max-mb", limit).code == 2


def test_an_animation_too_large_for_a_part_is_refused_alone(omniimage: Terminal, here: Path):
    frames = [Image.effect_noise((900, 900), 90) for _ in range(3)]
    frames[0].save(here / "moving.gif", save_all=True, append_images=frames[1:])
    a_photo(here / "x.png")
    done = omniimage("zip", "moving.gif", "x.png", "--max-mb", "1", "--json")
    assert [line["event"] for line in done.lines] == ["failed", "done"]
    assert done.lines[0]["error"]["kind"] == "over_limit"
    assert names_in(here / "omniimage.zip")[0] == "x.png"


def test_what_becomes_webp_keeps_its_prompt_unless_that_is_switched_off(
    omniimage: Terminal, here: Path, monkeypatch: pytest.MonkeyPatch
):
    made = omniimage("try", "a fox", "-m", "demo/landscape", "--size", "1024x1024", "--json")
    [landed] = made.events("landed")
    original = Path(landed["path"]).stat().st_size
    if original <= 2**20:
        pytest.fail("the painting no longer passes the limit")
    for switch, wanted in (("true", "a fox"), ("false", None)):
        monkeypatch.setenv("OMNIIMAGE_TOOLS__METADATA", switch)
        out = f"{switch}.zip"
        assert omniimage("zip", landed["image"], "--max-mb", "1", "--out", out).code == 0
        with zipfile.ZipFile(here / out) as archive:
            (here / f"{switch}.webp").write_bytes(archive.read("demo-landscape-1.webp"))
        [facts] = omniimage("info", f"{switch}.webp", "--json").lines
        assert (facts["parameters"] or {}).get("prompt") == wanted


def test_a_slip_of_the_pen_makes_no_folder(omniimage: Terminal, here: Path):
    (here / "pictures").mkdir()
    a_photo(here / "pictures" / "a.png")
    done = omniimage("zip", "pcitures/a.png", "pictures/a.png", "--json")
    assert [line["event"] for line in done.lines] == ["failed", "done"]
    assert done.lines[1]["outputs"] == [str(here / "pictures" / "omniimage.zip")]
    assert not (here / "pcitures").exists()


def test_a_folder_that_is_there_takes_the_archive(omniimage: Terminal, here: Path):
    a_photo(here / "a.png")
    (here / "out").mkdir()
    [line] = omniimage("zip", "a.png", "--out", "out", "--json").lines
    assert line["outputs"] == [str(here / "out" / "omniimage.zip")]


def test_an_ending_in_capitals_is_an_ending(omniimage: Terminal, here: Path):
    a_photo(here / "a.png")
    [line] = omniimage("zip", "a.png", "--out", "ALBUM.ZIP", "--json").lines
    assert line["outputs"] == [str(here / "ALBUM.zip")]
