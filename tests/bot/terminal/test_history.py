import json
from pathlib import Path

from tests.bot.terminal.conftest import Result, Terminal

SMALL = ("--size", "96x64")


def painted(omniimage: Terminal, prompt: str, *more: str) -> Result:
    return omniimage("try", prompt, "-m", "demo/subject", *SMALL, "--json", "--out", "o", *more)


def test_history_is_newest_first_and_says_what_became_of_each_attempt(omniimage: Terminal):
    painted(omniimage, "first")
    result = painted(omniimage, "second", "-m", "demo/fail-refused")
    newest, oldest = omniimage("history", "--json").lines
    assert (newest["prompt"], oldest["prompt"]) == ("second", "first")
    assert newest["id"] == result.lines[-1]["id"]
    good, bad = newest["attempts"]
    [landed] = result.events("landed")
    assert good == {
        "model": "demo/subject",
        "number": 1,
        "state": "done",
        "image": landed["image"],
        "error": None,
    }
    assert (bad["state"], bad["image"], bad["error"]["kind"]) == ("failed", None, "refused")


def test_history_finds_parts_of_prompts_in_any_script_and_takes_signs_by_the_letter(
    omniimage: Terminal,
):
    for prompt in ("Ein ROTER Fuchs", "雪中的红狐狸", "100% wool", "under_score"):
        painted(omniimage, prompt)

    def found(text: str) -> list[str]:
        return [job["prompt"] for job in omniimage("history", "--search", text, "--json").lines]

    assert found("roter") == ["Ein ROTER Fuchs"]
    assert found("狐狸") == ["雪中的红狐狸"]
    assert found("0%") == ["100% wool"]
    assert found("%") == ["100% wool"]
    assert found("_") == ["under_score"]
    assert found("nothing") == []
    assert len(omniimage("history", "--limit", "2", "--json").lines) == 2


def test_history_reads_well_for_people_too(omniimage: Terminal):
    assert "Nothing" in omniimage("history").out
    painted(omniimage, "a fox\nin two lines")
    assert "a fox in two lines" in omniimage("history").out


def test_show_writes_the_folder_as_try_wrote_it(omniimage: Terminal, here: Path):
    job = painted(omniimage, "fox", "--count", "2").lines[-1]["id"]
    shown = omniimage("show", job, "--json", "--out", "again")
    assert shown.code == 0
    [line] = shown.lines
    assert (line["id"], line["out"]) == (job, str(here / "again"))
    for name in ("sheet.png", "manifest.json", "comparison.zip"):
        assert (here / "again" / name).read_bytes() == (here / "o" / name).read_bytes()
    assert job not in omniimage("show", job).err


def test_an_unknown_id_is_one_sentence(omniimage: Terminal):
    for command in ("show", "again", "retry"):
        result = omniimage(command, "nothing")
        assert result.code == 1
        assert "nothing" in result.err
        assert len(result.err.splitlines()) == 1


def test_a_kept_picture_that_is_gone_is_named(omniimage: Terminal, tmp_path: Path):
    job = painted(omniimage, "fox").lines[-1]["id"]
    for path in (tmp_path / "data/images").glob("*/*"):
        path.unlink()
    result = omniimage("show", job, "--out", "again")
    assert result.code == 1
    assert "images" in result.err


def test_again_paints_the_same_and_with_a_new_seed_something_else(omniimage: Terminal):
    first = painted(omniimage, "fox")
    job = first.lines[-1]["id"]
    same = omniimage("again", job, "--json", "--out", "b")
    other = omniimage("again", job, "--new-seed", "--json", "--out", "c")
    seeds = [one.events("landed")[0]["seed"]["sent"] for one in (first, same, other)]
    assert seeds[0] == seeds[1]
    assert seeds[0] != seeds[2]
    pictures = [Path(one.events("landed")[0]["path"]).read_bytes() for one in (first, same, other)]
    assert pictures[0] == pictures[1]
    assert pictures[0] != pictures[2]
    assert len(omniimage("history", "--json").lines) == 3


def test_again_with_a_new_seed_forgets_the_seed_that_was_asked(omniimage: Terminal):
    job = painted(omniimage, "fox", "--seed", "7").lines[-1]["id"]
    [landed] = omniimage("again", job, "--new-seed", "--json", "--out", "b").events("landed")
    assert landed["seed"]["asked"] is None
    assert landed["seed"]["sent"] != 7


def test_retry_sends_only_what_failed_into_the_same_comparison(omniimage: Terminal, here: Path):
    job = painted(omniimage, "fox", "-m", "demo/fail-timeout").lines[-1]["id"]
    result = omniimage("retry", job, "--json", "--out", "o")
    assert result.code == 0
    assert [line["event"] for line in result.lines] == ["started", "failed", "done"]
    assert result.lines[-1]["id"] == job
    assert result.lines[-1]["counts"]["landed"] == 1
    assert len(omniimage("history", "--json").lines) == 1
    assert len(list((here / "o/images").iterdir())) == 1
    manifest = json.loads((here / "o/manifest.json").read_text("utf-8"))
    assert [failure["error"]["kind"] for failure in manifest["failures"]] == ["timeout"]


def test_retry_with_nothing_to_send_says_so_and_is_done(omniimage: Terminal):
    job = painted(omniimage, "fox").lines[-1]["id"]
    result = omniimage("retry", job)
    assert result.code == 0
    assert "Nothing to retry" in result.out
    as_json = omniimage("retry", job, "--json")
    assert (as_json.code, as_json.out) == (0, "")


def test_models_says_what_each_takes_and_all_adds_those_that_fail(omniimage: Terminal):
    cards = {card["model"]: card for card in omniimage("models", "demo", "--json").lines}
    assert set(cards) == {"demo/landscape", "demo/subject", "demo/grid", "demo/slow"}
    assert cards["demo/landscape"]["takes"] == ["ratio", "size", "seed", "negative"]
    assert cards["demo/landscape"]["usable"] is True
    assert cards["demo/landscape"]["price"] == 0
    assert "demo/slow" in omniimage("models", "demo").out
    assert "demo/fail-refused" in omniimage("models", "--all").out


def test_run_without_a_front_end_says_how_to_enable_one(omniimage: Terminal):
    result = omniimage("run")
    assert result.code == 0
    assert "token" in result.out


def test_one_damaged_picture_does_not_keep_the_others_from_being_written(
    omniimage: Terminal, here: Path, tmp_path: Path
):
    job = painted(omniimage, "fox", "--count", "2").lines[-1]["id"]
    blobs = sorted((tmp_path / "data/images").glob("*/*"))
    blobs[0].write_bytes(blobs[0].read_bytes()[:-9])
    result = omniimage("show", job, "--out", "again")
    assert result.code == 1
    assert blobs[0].name in result.err
    assert len(list((here / "again/images").iterdir())) == 1
    assert (here / "again/sheet.png").exists()
    assert (here / "again/comparison.zip").exists()


def test_painting_the_same_again_mends_a_cut_file(omniimage: Terminal, tmp_path: Path):
    painted(omniimage, "fox", "--seed", "5")
    [blob] = (tmp_path / "data/images").glob("*/*")
    whole = blob.read_bytes()
    blob.write_bytes(whole[:50])
    assert painted(omniimage, "fox", "--seed", "5").code == 0
    assert blob.read_bytes() == whole


def test_refused_commands_leave_no_folder(omniimage: Terminal, here: Path):
    job = painted(omniimage, "fox").lines[-1]["id"]
    for arguments in (("retry", "nothing"), ("retry", job), ("again", "nothing")):
        omniimage(*arguments, "--out", "new")
    assert not (here / "new").exists()
    assert not (here / "omniimage-out").exists()


def test_an_endless_search_is_refused_with_its_limit(omniimage: Terminal):
    result = omniimage("history", "--search", "狐" * 20_000)
    assert result.code == 2
    assert "10,000" in result.err
