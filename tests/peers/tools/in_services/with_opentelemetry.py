"""Beside OpenTelemetry's instrumentation of httpx."""

# pyright: basic, reportMissingImports=false

from collections.abc import Generator

import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from friendli_facade.sandbox import Sandbox
from tests.peers.tools.drawing import TOKEN, both


@pytest.fixture
def spans() -> Generator[InMemorySpanExporter]:
    """The spans of all httpx clients."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    yield exporter
    HTTPXClientInstrumentor().uninstrument()


def test_each_attempt_is_a_span_without_the_token(spans: InMemorySpanExporter) -> None:
    """Sync and async, a retry too; the trace goes along to the server."""
    sandbox = Sandbox()
    sandbox.fail_next(503)
    with sandbox.serve() as server:
        both(server_url=server.url)
    found = spans.get_finished_spans()
    statuses = [dict(span.attributes or {}).get("http.status_code") for span in found]
    assert statuses == [503, 200, 200, 200, 200]
    assert all("traceparent" in request.headers for request in sandbox.requests)
    assert TOKEN not in "".join(span.to_json() for span in found)
