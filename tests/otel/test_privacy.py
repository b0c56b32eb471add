"""What is told of a call's content, and what never is."""

import json
from collections.abc import Callable

import pytest

from friendli_facade import SDKError, ValidationError
from tests.callers import Caller
from tests.otel.conftest import Told
from tests.samples import PNG, PNG_BASE64, answer
from tests.servers import Received, Reply, recording
from tests.three_ways import TOKEN

SWITCH = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
PROMPT = "a naïve kite, nobody's business"
SECRETS = (TOKEN, "s3cret", "X-Mine", "team-7", PNG_BASE64[:40], "Bearer", "Authorization")


def repeating(request: Received) -> Reply:
    """A refusal that repeats the prompt, if there is one to refuse, else a picture."""
    body = json.loads(request.body)
    if body.get("num_inference_steps") == 50:
        detail = [{"loc": ["body", "prompt"], "msg": f"no: {PROMPT}", "type": "value_error"}]
        return 422, {}, json.dumps({"detail": detail}).encode()
    return 200, {"Set-Cookie": "session=s3cret"}, json.dumps(answer(request.path)).encode()


async def call(client: Callable[..., Caller], told: Told) -> str:
    """All that is told of a call that ends well, one that is refused here, and one there."""
    told.instrument()
    options = {
        "prompt": PROMPT,
        "control_images": [PNG],
        "x_friendli_team": "team-7",
        "http_headers": {"X-Mine": "s3cret"},
    }
    with recording(repeating) as server:
        url = server.url.replace("//", "//user:s3cret@")
        async with client(server_url=url) as friendli:
            await friendli.draw(**options)
            with pytest.raises(SDKError):
                await friendli.draw(num_inference_steps=50, **options)
            with pytest.raises(ValidationError):
                await friendli.draw(guidance_scale=PROMPT, server_url=url + "?s3cret", **options)
            with pytest.raises(ValidationError):
                await friendli.draw(**{**options, "http_headers": {"X-Mine": "\n"}})
    return told.everything


@pytest.mark.parametrize("switch", [None, "", "false", "NO_CONTENT", "EVENT_ONLY"])
async def test_no_prompt_is_told_unasked(
    client: Callable[..., Caller],
    untold: Told,
    monkeypatch: pytest.MonkeyPatch,
    switch: str | None,
) -> None:
    """Nor is what repeats one: neither a server's words nor those of our own errors."""
    if switch is not None:
        monkeypatch.setenv(SWITCH, switch)
    everything = await call(client, untold)
    shown = [word for word in (*SECRETS, "kite", "business") if word in everything]
    assert shown == []
    names = "guidance_scale, server_url", "http_headers"
    told = [f"rules are broken by: {name}" for name in names]
    assert [span.status.description for span in untold.spans] == [None, None, *told]


@pytest.mark.parametrize("switch", ["true", "True", "SPAN_ONLY", "span_and_event"])
async def test_prompts_are_told_where_the_switch_says_so(
    client: Callable[..., Caller], untold: Told, monkeypatch: pytest.MonkeyPatch, switch: str
) -> None:
    """As a message of the conventions' shape, with errors' words; secrets and pictures never."""
    monkeypatch.setenv(SWITCH, switch)
    everything = await call(client, untold)
    assert [word for word in SECRETS if word in everything] == []
    messages = [{"role": "user", "parts": [{"type": "text", "content": PROMPT}]}]
    for span in untold.spans:
        assert span.attributes
        assert json.loads(str(span.attributes["gen_ai.input.messages"])) == messages
    drawn, refused, *_ = (span.status.description for span in untold.spans)
    assert drawn is None
    assert refused is not None
    assert PROMPT in refused


async def test_half_a_character_is_told_as_another(
    client: Callable[..., Caller], untold: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would cost an exporter all spans that it sends at once."""
    monkeypatch.setenv(SWITCH, "true")
    untold.instrument()
    async with client() as friendli:
        with pytest.raises(ValidationError):
            await friendli.draw(prompt="half \ud83d")
    assert untold.span.attributes
    assert "half ?" in str(untold.span.attributes["gen_ai.input.messages"])


async def test_a_prompt_that_is_none_is_not_told(
    client: Callable[..., Caller], untold: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused call has its span all the same."""
    monkeypatch.setenv(SWITCH, "true")
    untold.instrument()
    async with client() as friendli:
        with pytest.raises(ValidationError):
            await friendli.draw(prompt=7)
    assert untold.span.attributes
    assert "gen_ai.input.messages" not in untold.span.attributes
