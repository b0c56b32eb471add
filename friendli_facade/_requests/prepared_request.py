"""From a call to its request: URL, headers, body, and the last look at all of it."""

from functools import lru_cache

import attrs
import httpx
from friendli_api.rules import OPERATIONS

from friendli_facade._requests import option_rules, urls
from friendli_facade._requests.body import AsyncContent, Content, encoded
from friendli_facade._requests.calls import Call
from friendli_facade._requests.settings import Settings
from friendli_facade._requests.time_limits import TimeLimits
from friendli_facade._rules import request_bodies
from friendli_facade._rules.violations import Violation
from friendli_facade._version import __version__
from friendli_facade.errors import ValidationError
from friendli_facade.utils import RetryConfig

_PATHS = tuple(operation["path"] for operation in OPERATIONS.values())
_HEADERS = httpx.Headers(
    {
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "Content-Type": "application/json",
        "User-Agent": f"friendli-facade/{__version__}",
    }
)


@attrs.frozen
class Prepared:
    """A call that was found right, ready to be sent.

    `token` is whether the client's token goes along; it comes last, into the request itself.
    """

    method: str
    url: httpx.URL
    headers: httpx.Headers = attrs.field(repr=False)
    content: bytes | Content | AsyncContent = attrs.field(repr=False)
    time_limits: TimeLimits
    retries: RetryConfig
    token: bool


def prepare(call: Call, settings: Settings, client_timeout: httpx.Timeout) -> Prepared:
    """The request of a call; raises ValidationError with everything that is wrong.

    `client_timeout` is that of the httpx client, which counts where nobody set another.
    """
    operation, options = OPERATIONS[call.operation], call.options
    server, server_name = settings.server_url, settings.server_url_name
    if options.server_url is not None:
        server, server_name = options.server_url, "server_url"
    server = operation["server"] if server is None else server
    team = settings.x_friendli_team if call.x_friendli_team is None else call.x_friendli_team
    found = request_bodies.violations(call.operation, call.body, call.inputs.violations)
    secure = operation["token"] and not settings.allow_insecure_http
    found += option_rules.server_url(server, server_name, token=secure, paths=_PATHS)
    found += option_rules.timeout("timeout", options.timeout)
    found += option_rules.timeout("http_client.timeout", client_timeout)
    found += option_rules.retries(options.retries)
    if "X-Friendli-Team" in operation["parameters"] and team is not None:
        found += option_rules.header_value("x_friendli_team", team)
    else:
        team = None
    if options.http_headers is not None:
        found += option_rules.headers("http_headers", options.http_headers)
    if operation["token"] and not settings.token:
        rule = "is required on dedicated endpoints: pass token=... or set FRIENDLI_TOKEN"
        found.append(Violation("token", rule))
    if found:
        del server, team  # a traceback with local variables need not show them
        raise ValidationError(found)
    content = encoded(call.body, call.inputs.pictures)
    headers = _HEADERS.copy()
    length = content.length if isinstance(content, Content) else len(content)
    headers["Content-Length"] = str(length)
    if team is not None:
        headers["X-Friendli-Team"] = team
    url, credentials = _url(server, operation["path"])
    if credentials and not operation["token"]:
        headers["Authorization"] = credentials
    for further in (settings.http_headers, options.http_headers):
        if further:
            headers.update(further)  # the caller's win, whatever their case
    return Prepared(
        method=operation["method"],
        url=url,
        headers=headers,
        content=content,
        time_limits=settings.time_limits(options.timeout, client_timeout),
        retries=settings.retries_of(options.retries),
        token=operation["token"],
    )


@lru_cache(maxsize=256)
def _url(server: str, path: str) -> tuple[httpx.URL, str | None]:
    """An operation's URL, and user and password of the server's as a header, if it has any."""
    # Parsing a URL takes longer than all checks of a call.
    url = httpx.URL(server.rstrip("/") + path)
    # httpx shows them in the repr of each request.
    return url.copy_with(userinfo=b""), urls.login(url)
