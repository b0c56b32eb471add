"""What calls told OpenTelemetry, sync, on asyncio and on trio."""

import json
from collections.abc import Generator, Sequence
from typing import Any

import attrs
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from friendli_facade.otel import FriendliInstrumentor
from tests.three_ways import anyio_backend, client, one_ssl_context, way

__all__ = ["anyio_backend", "client", "one_ssl_context", "way"]


@attrs.frozen
class Told:
    """Spans that have ended, and figures."""

    tracers: TracerProvider
    meters: MeterProvider
    exporter: InMemorySpanExporter
    reader: InMemoryMetricReader

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        """All of them, in the order in which they ended."""
        return self.exporter.get_finished_spans()

    @property
    def span(self) -> ReadableSpan:
        """The only one."""
        (span,) = self.spans
        return span

    @property
    def metric(self) -> dict[str, Any]:
        """The only metric."""
        data = self.reader.get_metrics_data()
        assert data
        ((scope,),) = (of["scope_metrics"] for of in json.loads(data.to_json())["resource_metrics"])
        (metric,) = scope["metrics"]
        return dict(metric)

    @property
    def everything(self) -> str:
        """All that an exporter would get."""
        return "\n".join(span.to_json() for span in self.spans) + json.dumps(self.metric)

    def instrument(self) -> None:
        """From now on calls are told here."""
        FriendliInstrumentor().instrument(tracer_provider=self.tracers, meter_provider=self.meters)


@pytest.fixture
def untold() -> Generator[Told]:
    """Nothing yet: calls are not instrumented, and will not be after the test."""
    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers, meters = TracerProvider(), MeterProvider(metric_readers=[reader])
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    yield Told(tracers, meters, exporter, reader)
    if FriendliInstrumentor().is_instrumented_by_opentelemetry:
        FriendliInstrumentor().uninstrument()
    tracers.shutdown()
    meters.shutdown()


@pytest.fixture
def told(untold: Told) -> Told:
    """What the calls of a test told."""
    untold.instrument()
    return untold
