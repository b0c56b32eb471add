"""One operation's section of a reference page, part by part."""

from typing import Any

from scripts.contract.documents import Json
from scripts.contract.loading import ROOT
from scripts.generation.declarations import Argument, Operation
from scripts.generation.reference_sections import Section

TEXT = {"type": "string"}
FUNCTION = Operation(
    name="draw",
    arguments=(
        Argument("prompt", "str", None, "Own words."),
        Argument("timeout", "float | Unset", "UNSET", "How long."),
    ),
    result="ContainerImageGenerateSuccess",
    summary="A picture.",
    remarks="Remarks.",
    raises={"ValidationError": "Nothing was sent.", "SDKError": "An error | came."},
)


def section(body: Json | None = None, **parts: Any) -> Section:
    """An operation that takes a body, for a function that is declared."""
    schema = body or {"type": "object", "properties": {"prompt": TEXT}, "required": ["prompt"]}
    operation: Json = {
        "operationId": "containerImagesDraw",
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "Fine."}},
    }
    return Section({"components": {}}, "/a", "post", operation | parts, FUNCTION, ROOT)


def row(text: str, name: str) -> list[str]:
    """The cells of a row that begins with a name in code."""
    [line] = [line for line in text.splitlines() if line.startswith(f"| `{name}` ")]
    return line.removeprefix("| ").removesuffix(" |").split(" | ")


def between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


def test_where_it_is_sent_is_said() -> None:
    """The method, the path, the first server, and whether a token goes with it."""
    assert "Sends `POST /a` to `/`, with no token." in section().text()
    servers = [{"url": "https://one"}, {"url": "https://two"}]
    asking = section(servers=servers, security=[{"token": []}]).text()
    assert "Sends `POST /a` to `https://one`, with the client's token." in asking


def test_the_contracts_words_come_first() -> None:
    """As text, in which code stays code; the function's remarks follow."""
    said = section(description="What *it* does:\n `a*b` and `c`.", summary="In [short]").text()
    assert said.startswith("## draw\n\nWhat \\*it\\* does: `a*b` and `c`. Remarks.\n")
    assert section(summary="In [short]").summary == "In \\[short\\]"
    assert section().summary == ""
    assert "`models.ContainerImageGenerateSuccess`: " in said


def test_the_example_is_the_contracts() -> None:
    """Or made of values that its schema allows; as Python, with double quotes."""
    content: Json = {"schema": {"type": "object"}}
    content["example"] = {"a": 'é"', "b": [1, True, None], "c": {"d": 0.5, "e": []}}
    given = section(requestBody={"content": {"application/json": content}}).text()
    assert between(given, "friendli.container.image.draw(\n", "    )\n") == (
        '        a="é\\"",\n        b=[1, True, None],\n        c={"d": 0.5, "e": []},\n'
    )
    assert 'print(result.images[0].save("container-draw"))\n```' in given
    assert between(section().text(), "draw(\n", "    )\n") == '        prompt="x",\n'


def test_each_argument_has_a_row() -> None:
    """With the contract's words and bounds where it knows of it, and else the function's own."""
    steps = {"type": "integer", "minimum": 1, "default": 20, "description": "How | many."}
    body = {
        "type": "object",
        "required": ["prompt", "style"],
        "properties": {"prompt": TEXT, "steps": steps, "style": TEXT},
    }
    parameters = [{"name": "X-Team", "in": "header", "schema": TEXT}]
    text = section(body, parameters=parameters).text()
    assert row(text, "prompt") == ["`prompt`", "`str`", "yes", "", "", ""]
    assert row(text, "timeout") == ["`timeout`", "`float`", "no", "How long.", "", ""]
    assert row(text, "style") == ["`style`", "`str`", "yes", "", "", ""]
    assert row(text, "x_team") == ["`x_team`", "`str \\| None`", "no", "", "", ""]
    assert row(text, "steps") == [
        "`steps`",
        "`int \\| None`",
        "no",
        "How \\| many.",
        "at least 1",
        "`20`",
    ]
    names = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    assert names[:5] == ["x_team", "prompt", "steps", "style", "timeout"]


def test_what_becomes_of_none_is_said() -> None:
    """It is sent where the contract has a null for it in the body, and is nothing elsewhere."""
    nullable = {"anyOf": [TEXT, {"type": "null"}]}
    header = [{"name": "X-Team", "in": "header", "schema": nullable}]
    sent = "`None` is sent, as `null`, for `a`, `b`."
    nothing = "It is the same as nothing for `x_team`, `c`."

    def said(*names: str, **parts: Any) -> str:
        fields = {"a": nullable, "b": nullable, "c": TEXT, "d": nullable}
        properties = {name: fields[name] for name in names}
        text = section(
            {"type": "object", "properties": properties, "required": ["d"]}, **parts
        ).text()
        table = between(text, "### Parameters\n\n", "### Response")
        return table.partition("|\n\n")[2].strip()

    assert said("a", "b", "c", "d", parameters=header) == f"{sent}\n{nothing}"
    assert said("a", "b", "d") == sent
    assert said("c", parameters=header) == nothing
    assert said("d") == ""


def test_each_status_that_has_an_error_of_its_own_has_a_row() -> None:
    """Before that of all others; a success, and a status without a class, have none."""
    responses = {
        "200": {"description": "Fine."},
        "404": {"description": "Not *there*."},
        "422": {},
        "418": {"description": "A teapot."},
        "default": {"description": "Others."},
    }
    text = section(responses=responses).text()
    assert text.partition("### Errors\n\n")[2].splitlines()[2:] == [
        "| `ValidationError` |  | Nothing was sent. |",
        "| `NotFoundError` | 404 | Not \\*there\\*. |",
        "| `UnprocessableEntityError` | 422 |  |",
        "| `SDKError` | 4XX, 5XX | An error \\| came. |",
    ]
