"""Calls as operators see them: spans and a metric, by OpenTelemetry's conventions for GenAI.

    from friendli_facade.otel import FriendliInstrumentor

    FriendliInstrumentor().instrument()

It takes the extra `otel`; the command `opentelemetry-instrument` finds it by itself. It puts
functions of its own around five others, so a call that is not instrumented has nothing of it.
Uses `_sender` and what that uses.
"""

try:
    from friendli_facade.otel._instrumentor import FriendliInstrumentor
except ModuleNotFoundError as error:
    if not (error.name or "").startswith("opentelemetry"):
        raise
    raise ModuleNotFoundError(
        f"friendli_facade.otel needs {error.name}: pip install 'friendli-facade[otel]'",
        name=error.name,
    ) from None

__all__ = ["FriendliInstrumentor"]
