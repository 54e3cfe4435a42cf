import json

import pytest

from core.adapters.cutout.wire import (
    SIZES,
    Broken,
    Task,
    failure_message,
    read_picture,
    read_task,
    task_message,
)
from core.errors import BadImage
from core.models.tool import Cutout, CutoutFormat, ToolFailed, ToolFailureKind


def parts(sent: bytes) -> tuple[dict[str, object], bytes]:
    head, body = SIZES.unpack_from(sent)
    assert len(sent) == SIZES.size + head + body
    header = sent[SIZES.size : SIZES.size + head]
    return json.loads(header), sent[SIZES.size + head :]


@pytest.mark.parametrize(
    "cutout",
    [
        Cutout(),
        Cutout(
            model="u2net",
            background=(1, 2, 3),
            trim=True,
            feather=7,
            format=CutoutFormat.STICKER,
            fine=True,
        ),
    ],
)
def test_a_task_arrives_as_it_was_sent(cutout: Cutout):
    task = Task(picture=b"\0picture\n", model="u2netp", weights="/å\n/x", cutout=cutout)
    assert read_task(*parts(task_message(task))) == task


def test_what_went_wrong_arrives_as_what_it_is():
    with pytest.raises(BadImage) as bad:
        read_picture(*parts(failure_message(BadImage(kind="animated"))))
    assert bad.value.kind == "animated"
    with pytest.raises(ToolFailed) as failed:
        read_picture(*parts(failure_message(ToolFailed(ToolFailureKind.NO_SUBJECT))))
    assert failed.value.failure.kind is ToolFailureKind.NO_SUBJECT
    with pytest.raises(Broken, match="Traceback"):
        read_picture(*parts(failure_message(Broken("Traceback ..."))))
