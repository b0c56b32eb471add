"""Calls as operators see them: spans and a metric, by OpenTelemetry's conventions for GenAI.

    from friendli_facade.otel import FriendliInstrumentor

    FriendliInstrumentor().instrument()

It takes the extra `otel`; the command `opentelemetry-instrument` finds it by itself. It puts
functions of its own around five others, so a call that is not instrumented has nothing of it.
Uses `_sender` and what that uses.
"""

from friendli_facade.otel._instrumentor import FriendliInstrumentor

__all__ = ["FriendliInstrumentor"]
