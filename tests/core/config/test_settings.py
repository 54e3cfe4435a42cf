from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.config import load_settings
from core.errors import BadSetting
from core.ids import ModelId
from core.models.card import CardChange, FreeSize, Price, Span
from core.models.grid import Grid
from core.models.request import Quality, Ratio, Size

ONE = "demo/landscape"


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a configuration and says where it lies."""

    def write(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def refusal(config: Path | None = None) -> BadSetting:
    with pytest.raises(BadSetting) as refused:
        load_settings(config)
    return refused.value


def test_without_file_or_environment_the_defaults_hold(tmp_path):
    settings = load_settings()
    assert settings.data_dir.is_relative_to(tmp_path)
    assert settings.data_dir.name == "omniimage"
    assert (settings.limits.deadline, settings.network.allow, settings.cards) == (180.0, (), {})


def test_a_file_sets_what_it_names_and_leaves_the_rest(file):
    settings = load_settings(
        file(
            'data_dir = "/srv/画"\nlanguage = "zh"\n[limits]\ndeadline = 60\n'
            '[network]\nallow = ["127.0.0.1:8188", "comfy.lan:80"]\n[storage]\nmin_free_mib = 0\n'
        )
    )
    assert (settings.data_dir, settings.language) == (Path("/srv/画"), "zh")
    assert (settings.limits.deadline, settings.limits.models) == (60.0, 12)
    assert settings.network.allow == ("127.0.0.1:8188", "comfy.lan:80")
    assert settings.storage.min_free_mib == 0


def test_a_card_is_changed_in_words_that_people_write(file):
    settings = load_settings(
        file(
            f"""
            [cards."{ONE}"]
            sizes = ["1024x768", "64×64"]
            ratios = ["16:9"]
            free_size.side = {{ least = 64, most = 2048 }}
            free_size.natural = "1024x1024"
            free_size.multiple = 32
            seed = {{ least = 0, most = 99 }}
            qualities = ["low", "high"]
            negative = false
            price = {{ amount = "0.04", as_of = 2026-11-01 }}
            grid = "2x2"
            hidden = true
            """
        )
    )
    assert settings.cards[ModelId(ONE)].change() == CardChange(
        sizes=(Size(width=1024, height=768), Size(width=64, height=64)),
        ratios=(Ratio(width=16, height=9),),
        free_size=FreeSize(
            side=Span(least=64, most=2048), multiple=32, natural=Size(width=1024, height=1024)
        ),
        seed=Span(least=0, most=99),
        qualities=(Quality.LOW, Quality.HIGH),
        negative=False,
        price=Price(amount=Decimal("0.04"), as_of=date(2026, 11, 1)),
        grid=Grid(rows=2, columns=2),
        hidden=True,
    )


@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_a_variable_sets_one_value_inside_a_section(monkeypatch, case):
    monkeypatch.setenv(case("OMNIIMAGE_LIMITS__COUNT"), "3")
    monkeypatch.setenv(case("OMNIIMAGE_LANGUAGE"), "zh")
    settings = load_settings()
    assert (settings.limits.count, settings.limits.models, settings.language) == (3, 12, "zh")


def test_a_variable_brings_a_list_or_a_whole_section_as_json(monkeypatch):
    monkeypatch.setenv("OMNIIMAGE_NETWORK__ALLOW", '["127.0.0.1:8188"]')
    monkeypatch.setenv("OMNIIMAGE_LIMITS", '{"count": 3, "models": 4}')
    monkeypatch.setenv("OMNIIMAGE_CARDS", f'{{"{ONE}": {{"sizes": ["64x64"]}}}}')
    settings = load_settings()
    assert settings.network.allow == ("127.0.0.1:8188",)
    assert (settings.limits.count, settings.limits.models) == (3, 4)
    assert settings.cards[ModelId(ONE)].sizes == (Size(width=64, height=64),)


def test_an_option_wins_over_the_environment_and_that_over_the_file(file, monkeypatch):
    config = file('data_dir = "/from/file"\n[limits]\ncount = 2\nmodels = 2\n')
    assert load_settings(config).data_dir == Path("/from/file")
    monkeypatch.setenv("OMNIIMAGE_DATA_DIR", "/from/environment")
    monkeypatch.setenv("OMNIIMAGE_LIMITS__COUNT", "3")
    settings = load_settings(config)
    assert settings.data_dir == Path("/from/environment")
    assert (settings.limits.count, settings.limits.models) == (3, 2)
    assert load_settings(config, Path("/from/option")).data_dir == Path("/from/option")


def test_the_file_is_named_by_the_option_else_a_variable_else_it_lies_in_the_users_folder(
    file, monkeypatch, tmp_path
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    for place, count in (("xdg/omniimage/config.toml", 1), ("variable.toml", 2)):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"limits.count = {count}\n")
    assert load_settings().limits.count == 1
    monkeypatch.setenv("OMNIIMAGE_CONFIG", str(tmp_path / "variable.toml"))
    assert load_settings().limits.count == 2
    assert load_settings(file("limits.count = 3\n")).limits.count == 3
    monkeypatch.setenv("OMNIIMAGE_CONFIG", "")
    assert load_settings().limits.count == 1


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("bogus = 1", "bogus"),
        ("[bogus]\na = 1", "bogus"),
        ("[limits]\ndeadlin = 1", "limits.deadlin"),
        (f'[cards."{ONE}"]\nseeed = 1', f"cards.{ONE}.seeed"),
        (
            f'[cards."{ONE}"]\nseed = {{ least = 1, most = 2, middle = 3 }}',
            f"cards.{ONE}.seed.middle",
        ),
        (
            f'[cards."{ONE}".free_size]\nx = 1\nnatural = "64x64"\nside.least = 1\nside.most = 2',
            f"cards.{ONE}.free_size.x",
        ),
    ],
)
def test_an_unknown_key_is_named_with_its_path(file, text, path):
    refused = refusal(file(text))
    assert (refused.problem, refused.path) == ("unknown", path)


@pytest.mark.parametrize(
    "name",
    [
        "OMNIIMAGE_BOGUS",
        "omniimage_bogus",
        "OMNIIMAGE_",
        "OMNIIMAGE_LIMITS__DEADLIN",
        "OMNIIMAGE_LIMITS__",
        "OMNIIMAGE_LIMITS_COUNT",
        "OMNIIMAGE_LIMITS__DEADLINE__X",
        "OMNIIMAGE_DATA_DIR__X",
    ],
)
def test_an_unknown_variable_of_ours_is_named(monkeypatch, name):
    monkeypatch.setenv(name, "1")
    refused = refusal()
    assert (refused.problem, refused.path) == ("unknown", name)


def test_the_variables_of_others_are_none_of_our_business(monkeypatch):
    monkeypatch.setenv("OMNI_IMAGE", "1")
    monkeypatch.setenv("LIMITS__COUNT", "1")
    monkeypatch.setenv("DATA_DIR", "/elsewhere")
    settings = load_settings()
    assert settings.limits.count == 10
    assert settings.data_dir.name == "omniimage"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("limits = 3", "limits"),
        ("[limits]\ndeadline = 0", "limits.deadline"),
        ("[limits]\ndeadline = nan", "limits.deadline"),
        ("[limits]\ncount = 1.5", "limits.count"),
        ("[storage]\nmin_free_mib = -1", "storage.min_free_mib"),
        ('language = "fr"', "language"),
        ("data_dir = 3", "data_dir"),
        ('[network]\nallow = ["ok:1", "http://host:80/x"]', "network.allow.1"),
        ("cards = [1]", "cards"),
        (f'[cards."{ONE}"]\nsizes = ["64x64", "1024"]', f"cards.{ONE}.sizes.1"),
        (f'[cards."{ONE}"]\nratios = ["16/9"]', f"cards.{ONE}.ratios.0"),
        (f'[cards."{ONE}"]\nqualities = ["best"]', f"cards.{ONE}.qualities.0"),
        (f'[cards."{ONE}"]\nseed = {{ least = 1 }}', f"cards.{ONE}.seed.most"),
        (f'[cards."{ONE}"]\ngrid = "9x9"', f"cards.{ONE}.grid"),
    ],
)
def test_an_invalid_value_of_the_file_is_named_by_its_key(file, text, path):
    refused = refusal(file(text))
    assert (refused.problem, refused.path) == ("invalid", path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OMNIIMAGE_LIMITS__DEADLINE", "-1"),
        ("OMNIIMAGE_LIMITS__DEADLINE", "soon"),
        ("omniimage_limits__deadline", "0"),
        ("OMNIIMAGE_LIMITS", '{"deadline": -1}'),
        ("OMNIIMAGE_LIMITS", "3"),
        ("OMNIIMAGE_LIMITS", "soon"),
        ("OMNIIMAGE_NETWORK__ALLOW", "127.0.0.1:8188"),
        ("OMNIIMAGE_NETWORK__ALLOW", '["no port"]'),
        ("OMNIIMAGE_CARDS", "{bad"),
        ("OMNIIMAGE_CARDS", f'{{"{ONE}": {{"grid": "9x9"}}}}'),
        ("OMNIIMAGE_CARDS", f'{{"{ONE}": {{"seed": {{"least": 1}}}}}}'),
        ("OMNIIMAGE_CARDS", f'{{"{ONE}": {{"sizes": ["64x64", "1024"]}}}}'),
        ("OMNIIMAGE_CARDS__FOO", "1"),
        ("OMNIIMAGE_CARDS__FOO", '{"grid": "9x9"}'),
        ("OMNIIMAGE_CARDS__FOO", "x"),
        ("OMNIIMAGE_LANGUAGE", "fr"),
    ],
)
def test_an_invalid_value_of_the_environment_is_named_by_its_variable(
    file, monkeypatch, name, value
):
    monkeypatch.setenv("OMNIIMAGE_STORAGE__MIN_FREE_MIB", "5")
    monkeypatch.setenv("OMNIIMAGE_LANGUAGE", "")
    monkeypatch.setenv(name, value)
    refused = refusal(file("[limits]\ndeadline = 60\n"))
    assert (refused.problem, refused.path) == ("invalid", name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OMNIIMAGE_LIMITS__COUNT", "3"),
        ("OMNIIMAGE_LIMITS", '{"count": 3}'),
        ("OMNIIMAGE_CARDS", f'{{"{ONE}": {{"seed": {{"least": 1, "most": 2}}}}}}'),
    ],
)
@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[limits]\ndeadline = -1", "limits.deadline"),
        (f'[cards."{ONE}"]\ngrid = "9x9"', f"cards.{ONE}.grid"),
        (f'[cards."{ONE}"]\nsteps = {{ least = 1 }}', f"cards.{ONE}.steps.most"),
    ],
)
def test_an_invalid_value_of_the_file_is_not_blamed_on_a_variable_beside_it(
    file, monkeypatch, text, path, name, value
):
    monkeypatch.setenv(name, value)
    assert refusal(file(text)).path == path


def test_a_named_file_that_is_missing_is_an_error_and_an_unnamed_one_is_not(monkeypatch, tmp_path):
    missing = tmp_path / "missing.toml"
    refused = refusal(missing)
    assert (refused.problem, refused.path) == ("missing_file", str(missing))
    monkeypatch.setenv("OMNIIMAGE_CONFIG", str(missing))
    assert refusal().problem == "missing_file"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[limits\n", 1),
        ("\n\na = \n", 3),
        ("limits.count = 1\n雪 = 2\n", 2),
        ("a = 1\na = 2\n", 2),
    ],
)
def test_a_syntax_error_is_named_with_its_file_and_line(file, text, line):
    config = file(text)
    refused = refusal(config)
    assert (refused.problem, refused.path, refused.line) == ("syntax", str(config), line)


def test_a_folder_or_bytes_that_are_no_text_cannot_be_read(tmp_path):
    (tmp_path / "latin.toml").write_bytes(b'data_dir = "caf\xe9"')
    for path in (tmp_path, tmp_path / "latin.toml", tmp_path / "latin.toml" / "below"):
        refused = refusal(path)
        assert (refused.problem, refused.path) == ("unreadable", str(path))


def test_settings_are_frozen_at_every_level(file):
    settings = load_settings(file(f'[cards."{ONE}"]\nhidden = true\n'))
    with pytest.raises(ValidationError, match="frozen"):
        settings.language = "zh"
    with pytest.raises(ValidationError, match="frozen"):
        settings.limits.count = 3
    with pytest.raises(ValidationError, match="frozen"):
        settings.cards[ModelId(ONE)].hidden = False


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('[servers.lab]\nbase_url = "http://127.0.0.1:99999/v1"', "servers.lab.base_url"),
        ('[servers.lab]\nbase_url = "http://[::1/v1"', "servers.lab.base_url"),
        ('[servers.lab]\nbase_url = "http:///v1"', "servers.lab.base_url"),
        ('[servers.lab]\nbase_url = "http://host/v1?x=1"', "servers.lab.base_url"),
        ('[network]\nallow = ["127.0.0.1:99999"]', "network.allow.0"),
        ('[network]\nallow = ["*:80"]', "network.allow.0"),
        ('[network]\nproxy = "http://127.0.0.1:99999"', "network.proxy"),
        ('[network]\nproxy = "http://[::1"', "network.proxy"),
        ('[network]\nproxy = "socks5://127.0.0.1:1080"', "network.proxy"),
    ],
)
def test_an_address_that_is_none_is_named(tmp_path, text, path):
    (tmp_path / "c.toml").write_text(text, "utf-8")
    with pytest.raises(BadSetting) as refused:
        load_settings(tmp_path / "c.toml")
    assert (refused.value.path, refused.value.problem) == (path, "invalid")


def test_a_proxy_may_want_a_name_and_a_password(tmp_path):
    (tmp_path / "c.toml").write_text('[network]\nproxy = "http://me:p@ss@10.0.0.1:8080"', "utf-8")
    assert load_settings(tmp_path / "c.toml").network.proxy == "http://me:p@ss@10.0.0.1:8080"
