"""Why a front end is not there, for whoever operates it."""

from typing import Literal

from bot.words.speech import Speech, mark

Problem = Literal["token", "unreachable", "refused", "ended"]

_PROBLEMS: dict[Problem, str] = {
    "token": mark("its server does not take the token. Check it in the settings."),
    "unreachable": mark("its server cannot be reached. Check the network, then try again."),
    "refused": mark("its server refuses ({detail}). Run it again with -v to see more."),
    "ended": mark("its server ended the connection ({detail}). Start it again."),
}


class FrontEndFailed(Exception):
    """A front end that could not start, or whose server sent it away; never with its token.

    `detail` is a code of its server.
    """

    def __init__(
        self, front_end: str, problem: Problem, detail: object = "", *, started: bool = False
    ) -> None:
        super().__init__(f"{front_end}: {problem} {detail}")
        self.front_end = front_end
        self.problem: Problem = problem
        self.detail = detail
        self.started = started


def say_front_end_failed(_: Speech, error: FrontEndFailed) -> str:
    why = _(_PROBLEMS[error.problem], detail=error.detail)
    if error.started:
        return _("{front_end} stopped: {why}", front_end=error.front_end, why=why)
    return _("{front_end} could not start: {why}", front_end=error.front_end, why=why)
