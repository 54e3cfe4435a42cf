import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, formatdate

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.adapters.http import of_error, of_reply
from core.adapters.http.addresses import AddressRefused
from core.adapters.http.calls import OneCall, SecondCall
from core.adapters.http.download import TooLarge, Unfetchable
from core.models.failure import Failure, FailureKind


def reply(status: int, body: str | bytes = b"", **headers: str) -> Failure:
    call = OneCall(httpx.MockTransport(lambda _: httpx.Response(200)), 0, asyncio.Semaphore())
    call.status = status
    call.body = body.encode() if isinstance(body, str) else body
    call.headers = httpx.Headers({name.replace("_", "-"): text for name, text in headers.items()})
    return of_reply(call).failure


def openai(message: str, code: str | None = None, kind: str = "invalid_request_error") -> str:
    return json.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}})


BAD_KEYS = (
    (401, ""),
    (401, openai("Incorrect API key provided: sk-a***b.", "invalid_api_key")),
    (401, '{"detail":"Unauthenticated"}'),
    (400, '{"error":{"code":400,"message":"API key not valid. Please pass a valid API key."}}'),
    (400, '{"error":{"code":400,"details":[{"reason":"API_KEY_INVALID"}]}}'),
    (400, openai("Incorrect API key provided")),
    (403, ""),
    (403, '{"detail":"Forbidden"}'),
    (403, openai("Your organization must be verified to use the model `gpt-image-2`.")),
)  # fmt: skip
NO_CREDITS = (
    (402, ""),
    (402, '{"detail":"Insufficient credits"}'),
    (402, '{"title":"Insufficient credit","detail":"You have insufficient credit","status":402}'),
    (403, '{"detail":"User is locked. Reason: Exhausted balance. Top up your balance."}'),
    (403, '{"code":"Some resource has been exhausted","error":"Your team ran out of credits"}'),
    (403, '{"message":"Please add a payment method"}'),
    (429, openai("You exceeded your current quota, please check your plan and billing details.",
                 "insufficient_quota", "insufficient_quota")),
    (429, openai("Your account is not active, please check your billing details on our website.",
                 "billing_not_active", "billing_not_active")),
    (400, openai("Billing hard limit has been reached", "billing_hard_limit_reached")),
    (400, '{"code":"Arrearage","message":"Access denied."}'),
)  # fmt: skip
REFUSED = (
    (400, openai("Your request was rejected by the safety system.", "moderation_blocked",
                 "image_generation_user_error")),
    (400, openai("Your request was rejected.", "content_policy_violation")),
    (400, '{"error":{"message":"Content Policy violation"}}'),
    (400, '{"error":{"code":"InputTextSensitiveContentDetected"}}'),
    (403, '{"id":"1","name":"content_moderation","errors":["Your request was flagged"]}'),
    (422, '{"detail":[{"loc":["body","prompt"],"type":"content_policy_violation"}]}'),
    (400, '{"detail":"NSFW content detected"}'),
    (400, '{"error":{"code":"content_filter"}}'),
)  # fmt: skip
NOT_FOUND = (
    (404, ""),
    (404, "<html>nginx</html>"),
    (404, '{"detail":"Application not found"}'),
    (400, openai("The model `gpt-image-9` does not exist or you have no access.")),
    (400, openai("Unknown model", "model_not_found")),
    (403, openai("Project `p` does not have access to it", "model_not_found")),
)
BAD_REQUESTS = (
    (400, ""),
    (400, openai("Invalid size '5x5'.", "invalid_value")),
    (405, ""),
    (409, ""),
    (413, "<html>Request Entity Too Large</html>"),
    (415, ""),
    (422, '{"detail":[{"loc":["body","width"],"msg":"Input should be less than 1440"}]}'),
)
RATE_LIMITED = (
    (429, ""),
    (429, openai("Rate limit reached for images per minute", "rate_limit_exceeded")),
    (429, '{"detail":"Request was throttled. Your rate limit resets in ~30s."}'),
    (429, openai("Rate limit reached for gpt-image-2. Limit: 5 / min. Please add a payment method "
                 "to your account to increase your rate limit. Visit "
                 "https://platform.openai.com/account/billing to add a payment method.",
                 "rate_limit_exceeded", "requests")),
)  # fmt: skip
DOWN = tuple(
    (status, body)
    for status in (500, 502, 503, 504, 520, 529)
    for body in ("", "<html>Bad gateway</html>", openai("Billing and moderation are down"))
)
REPLIES = {
    FailureKind.BAD_KEY: BAD_KEYS,
    FailureKind.NO_CREDIT: NO_CREDITS,
    FailureKind.REFUSED: REFUSED,
    FailureKind.NOT_FOUND: NOT_FOUND,
    FailureKind.BAD_REQUEST: BAD_REQUESTS,
    FailureKind.RATE_LIMITED: RATE_LIMITED,
    FailureKind.PROVIDER_DOWN: DOWN,
    FailureKind.TIMEOUT: ((408, ""), (408, "Request Timeout")),
    FailureKind.BLOCKED: tuple((status, "") for status in (300, 301, 302, 303, 304, 307, 308)),
}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [(status, body, kind) for kind, replies in REPLIES.items() for status, body in replies],
)
def test_a_reply_is_known_by_its_status_and_its_words(status, body, kind):
    assert reply(status, body) == Failure(kind=kind)


@given(st.integers(100, 999), st.binary(max_size=200))
def test_every_other_reply_is_some_failure_too(status, body):
    assert isinstance(reply(status, body).kind, FailureKind)


def test_only_the_beginning_of_a_long_body_is_read():
    assert reply(400, b"x" * 70_000 + b"moderation_blocked").kind is FailureKind.BAD_REQUEST


class TestRetryAfter:
    @pytest.mark.parametrize(
        ("text", "seconds"),
        [
            ("0", 0),
            ("17", 17),
            ("1.5", 1.5),
            (" 20 ", 20),
            ("-5", 0),
            ("", None),
            ("soon", None),
            ("17s", None),
            ("inf", None),
            ("-inf", 0),
            ("nan", None),
            ("1e999", None),
            ("1e300", None),
            ("9" * 400, None),
            ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
            ("Wed, 21 Oct 99999 07:28:00 GMT", None),
            ("Wed, 21 Oct 999999999999999999999 07:28:00 GMT", None),
            ("Wed, 21 Oct 2015 07:28:00 +99999999999999999999", None),
            ("Fri, 31 Dec 9999 23:59:59 GMT", None),
            ("Wed, 32 Oct 2015 07:28:00 GMT", None),
            ("Mon, 01 Jan 0001 00:00:00 +2359", 0),
        ],
    )
    def test_seconds_or_a_date_within_reason(self, text, seconds):
        assert reply(429, retry_after=text).retry_after == seconds

    def test_a_date_to_come(self):
        soon = datetime.now(UTC) + timedelta(seconds=60)
        for text in (format_datetime(soon, usegmt=True), formatdate(time.time() + 60)):
            assert reply(429, retry_after=text).retry_after == pytest.approx(60, abs=3)

    @pytest.mark.parametrize(("status", "body"), [(500, ""), (503, ""), (429, NO_CREDITS[6][1])])
    def test_it_is_told_for_a_rate_limit_alone(self, status, body):
        assert reply(status, body, retry_after="17").retry_after is None

    @given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
    def test_no_text_breaks_it(self, text):
        seconds = reply(429, retry_after=text).retry_after
        assert seconds is None or 0 <= seconds <= 30 * 86_400


SENT_OR_NOT = (
    (AddressRefused(), FailureKind.BLOCKED, FailureKind.BLOCKED),
    (TooLarge(), FailureKind.TOO_LARGE, FailureKind.TOO_LARGE),
    (Unfetchable(404), FailureKind.GARBAGE, FailureKind.GARBAGE),
    (SecondCall("again"), FailureKind.GARBAGE, FailureKind.GARBAGE),
    (httpx.InvalidURL("x"), FailureKind.GARBAGE, FailureKind.GARBAGE),
    (httpx.UnsupportedProtocol("x"), FailureKind.GARBAGE, FailureKind.GARBAGE),
    (httpx.ConnectError("x"), FailureKind.PROVIDER_DOWN, FailureKind.PROVIDER_DOWN),
    (httpx.ConnectTimeout("x"), FailureKind.PROVIDER_DOWN, FailureKind.PROVIDER_DOWN),
    (httpx.ProxyError("x"), FailureKind.PROVIDER_DOWN, FailureKind.PROVIDER_DOWN),
    (httpx.ReadError("x"), FailureKind.INTERRUPTED, FailureKind.PROVIDER_DOWN),
    (httpx.WriteError("x"), FailureKind.INTERRUPTED, FailureKind.PROVIDER_DOWN),
    (httpx.ReadTimeout("x"), FailureKind.INTERRUPTED, FailureKind.PROVIDER_DOWN),
    (httpx.RemoteProtocolError("x"), FailureKind.INTERRUPTED, FailureKind.PROVIDER_DOWN),
)


class Library(Exception):
    """What a library made of it."""


def behind(error: BaseException, *, depth: int, link: str) -> BaseException:
    for _ in range(depth):
        outer = Library()
        setattr(outer, link, error)
        error = outer
    return error


@pytest.mark.parametrize(("error", "after_sending", "before"), SENT_OR_NOT)
class TestErrors:
    def test_after_sending_a_lost_answer_may_have_been_paid(self, error, after_sending, before):
        for sent, kind in ((True, after_sending), (False, before)):
            failed = of_error(error, sent=sent)
            assert failed is not None
            assert failed.failure == Failure(kind=kind)

    @pytest.mark.parametrize("link", ["__cause__", "__context__"])
    def test_it_is_found_however_deep_it_lies(self, error, after_sending, before, link):
        for sent, kind in ((True, after_sending), (False, before)):
            failed = of_error(behind(error, depth=2000, link=link), sent=sent)
            assert failed is not None
            assert failed.failure.kind is kind

    def test_also_behind_a_context_beside_another_cause(self, error, after_sending, before):
        outer = Library()
        outer.__cause__, outer.__context__ = ValueError("another"), error
        for sent, kind in ((True, after_sending), (False, before)):
            failed = of_error(outer, sent=sent)
            assert failed is not None
            assert failed.failure.kind is kind

    def test_and_in_a_group(self, error, after_sending, before):
        group = ExceptionGroup("", [ValueError(), ExceptionGroup("", [error])])
        for sent, kind in ((True, after_sending), (False, before)):
            failed = of_error(behind(group, depth=2, link="__context__"), sent=sent)
            assert failed is not None
            assert failed.failure.kind is kind


def test_what_nobody_knows_is_left_to_the_caller():
    assert of_error(Library(), sent=True) is None
    assert of_error(behind(ValueError(), depth=5, link="__cause__"), sent=False) is None


@pytest.mark.parametrize("link", ["__cause__", "__context__"])
def test_a_chain_that_bites_its_tail_has_an_end(link):
    inner = Library()
    outer = behind(inner, depth=3, link=link)
    setattr(inner, link, outer)
    assert of_error(outer, sent=True) is None
    inner.__context__ = TooLarge()
    failed = of_error(outer, sent=True)
    assert link == "__context__" or failed is not None


def test_a_name_that_a_tun_proxy_answered_says_so():
    failed = of_error(behind(AddressRefused(fake_ip=True), depth=1, link="__cause__"), sent=True)
    assert failed is not None
    assert failed.failure == Failure(kind=FailureKind.BLOCKED, fake_ip=True)


def test_the_vendors_words_go_no_further():
    assert "canary" not in repr(reply(400, openai("canary")))
