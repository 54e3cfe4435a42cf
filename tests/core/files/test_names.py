import itertools

import pytest

from core.files.names import extension, names, picture_files
from tests.core.usecases.examples import a_job, an_attempt, an_image


def test_pictures_are_named_after_model_and_number_in_the_order_asked():
    png, jpeg = an_image("png"), an_image("jpeg")
    job = a_job(
        an_attempt("openai/gpt-image-2", 1, png),
        an_attempt("openai/gpt-image-2", 2, jpeg),
        an_attempt("fal_ai/fal-ai/flux-pro/v1.1", 1, an_image("webp")),
    )
    files = picture_files(job)
    assert [file.name for file in files] == [
        "images/openai-gpt-image-2-1.png",
        "images/openai-gpt-image-2-2.jpg",
        "images/fal-ai-fal-ai-flux-pro-v1.1-1.webp",
    ]
    assert files[1].image is jpeg
    assert files[1].attempt is job.attempts[1]


def test_an_attempt_without_a_picture_has_no_file_and_one_with_several_has_them_all():
    job = a_job(
        an_attempt("fake/none", 1), an_attempt("fake/more", 1, *[an_image()] * 2, an_image("avif"))
    )
    assert [file.name for file in picture_files(job)] == [
        "images/fake-more-1.png",
        "images/fake-more-1-2.png",
        "images/fake-more-1.avif",
    ]


def test_models_whose_names_become_equal_get_files_of_their_own():
    models = ("a/b-c", "a-b/c", "a/b c", "a/b-c-1")
    job = a_job(
        *[an_attempt(model, 1, an_image()) for model in models],
        an_attempt("a/b-c", 2, an_image()),
        an_attempt("a/b-c-1", 2, an_image()),
    )
    files = [file.name for file in picture_files(job)]
    assert len(set(files)) == len(files)
    assert files[:2] == ["images/a-b-c-1.png", "images/a-b-c-1-2.png"]


@pytest.mark.parametrize(
    "model", ["../../etc/passwd", "a/..", "/abs", "a\\b:c*?", "雪/狐", "a/\n"]
)
def test_no_model_name_leads_out_of_the_folder_or_needs_quoting(model):
    (file,) = picture_files(a_job(an_attempt(model, 1, an_image())))
    folder, _, name = file.name.partition("/")
    assert folder == "images"
    assert not name.startswith(".")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


def test_further_names_count_from_two():
    assert list(itertools.islice(names("fox", "png"), 3)) == ["fox.png", "fox-2.png", "fox-3.png"]


@pytest.mark.parametrize(
    ("format_", "ending"), [("png", "png"), ("jpeg", "jpg"), ("webp", "webp"), ("avif", "avif")]
)
def test_a_file_ends_as_people_expect_of_its_format(format_, ending):
    assert extension(format_) == ending
