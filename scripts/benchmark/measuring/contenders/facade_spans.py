"""This project's client, whose calls are spans. Its environment has OpenTelemetry's SDK."""

from collections.abc import Sequence

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from friendli_facade.otel import FriendliInstrumentor
from scripts.benchmark.measuring.contenders import facade


class _Nowhere(SpanExporter):
    """Throws spans away."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:  # noqa: ARG002
        """That all is well."""
        return SpanExportResult.SUCCESS  # pragma: no cover - the process may have ended before


class Session(facade.Session):
    """One SyncFriendli."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        spans = TracerProvider()
        spans.add_span_processor(BatchSpanProcessor(_Nowhere()))
        FriendliInstrumentor().instrument(tracer_provider=spans)
