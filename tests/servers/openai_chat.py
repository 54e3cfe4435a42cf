"""A local provider for tests: speaks OpenAI's chat completions API over real sockets.

    async with OpenAIChat(says="a red fox in the snow") as server:
        ...  # server.base_url, server.paid, server.requests, server.invalid

`chat_answers` lists the models and what they do, `local` says how it runs as a process; there the
arguments are what it says, then `MODEL=PART` for each model that plays the part of another.
"""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from typing_extensions import override

from tests.servers import chat_answers, chat_bodies
from tests.servers.local import LocalProvider, until_stdin_closes
from tests.servers.wire import Answer, Request

SAYS: Final = "a red fox in the snow, soft morning light, shallow depth of field"


@dataclass(slots=True, kw_only=True)
class OpenAIChat(LocalProvider):
    """`says` is an answer, or makes one of the user's message."""

    PAID: ClassVar[str] = "/chat/completions"

    says: str | Callable[[str], str] = SAYS

    @override
    def _findings(self, model: str, body: dict[str, Any]) -> list[str]:
        return chat_bodies.findings(body)

    @override
    def _names(self) -> Sequence[str]:
        return chat_answers.names()

    @override
    def _work(self, request: Request, model: str, part: str) -> Answer:
        if refused := chat_bodies.bad_body(request.body):
            return refused
        call = chat_answers.Call(request=request, model=model, says=self.says, origin=self.origin)
        return chat_answers.answer(call, part)


def _from(arguments: Sequence[str]) -> OpenAIChat:
    says, plays = arguments[0] if arguments else SAYS, arguments[1:]
    return OpenAIChat(says=says, plays=dict(pair.split("=", 1) for pair in plays))


if __name__ == "__main__":
    asyncio.run(until_stdin_closes(_from(sys.argv[1:])))
