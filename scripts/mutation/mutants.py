"""Lists the changes of a file: source comes in, the same with one thing changed goes out."""

import ast
from collections.abc import Iterator
from difflib import unified_diff
from importlib import import_module
from typing import Any

import attrs

# They are untyped, and not installed but for this.
_nodes: Any = import_module("cosmic_ray.ast").ast_nodes
_tree: Any = import_module("cosmic_ray.ast").get_ast
_mutate: Any = import_module("cosmic_ray.mutating").mutate_code
_operator: Any = import_module("cosmic_ray.plugins").get_operator
_keyword: Any = import_module("parso.python.tree").Keyword

# Of each operator the ones that are nearest to a slip; cosmic-ray has all pairs of them.
_COMPARISONS = (
    *("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE"),
    *("GtE_Gt", "GtE_Lt", "Is_IsNot", "IsNot_Is"),
)
_CALCULATIONS = (
    *("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul"),
    *("BitOr_BitAnd", "BitAnd_BitOr", "RShift_LShift", "LShift_RShift"),
)
_OPERATORS = (
    *(f"ReplaceComparisonOperator_{pair}" for pair in _COMPARISONS),
    *(f"ReplaceBinaryOperator_{pair}" for pair in _CALCULATIONS),
    *("ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_USub_UAdd", "AddNot"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "NumberReplacer"),
    *("ExceptionReplacer", "ZeroIterationForLoop", "RemoveDecorator"),
)
_Place = tuple[int, int]


@attrs.frozen
class Mutant:
    """One change of a file: what its lines were and are, without the space around them."""

    file: str
    first: int  # the lines of the statement, or of the head of one that holds others
    last: int
    before: str
    after: str
    source: str = attrs.field(repr=False, eq=False)


class StatementRemoval:
    """Removes what is done for its effect: a call, a raise, a change of something that is there."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[_Place, _Place]]:
        """The place of `node`, if it is such a statement."""
        if node.type == "simple_stmt" and _has_effect(node.children[0]):
            yield node.children[0].start_pos, node.children[0].end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002 - cosmic-ray's
        """The statement as `pass`."""
        prefix = node.children[0].get_first_leaf().prefix
        node.children[0] = _keyword("pass", node.children[0].start_pos, prefix)
        return node


def _has_effect(statement: Any) -> bool:
    if statement.type in {"atom_expr", "power", "raise_stmt", "await_expr"}:
        return True
    if statement.type != "expr_stmt":
        return False
    target, operator = statement.children[:2]
    if operator.type == "operator" and operator.value == "=":
        return bool(target.type != "name")
    return bool(operator.type != "annassign")


@attrs.frozen
class Change:
    """A place of a file and an operator that may change it; `mutant` does."""

    file: str
    source: str = attrs.field(repr=False)
    operator: Any
    occurrence: int
    span: tuple[int, int]

    def mutant(self) -> Mutant | None:
        """The file with this change; None where it would be no Python, or the same."""
        try:
            changed = _mutate(self.source, self.operator, self.occurrence)
        except AttributeError:  # cosmic-ray's, of `except json.JSONDecodeError`
            return None
        if changed is None or not _compiles(changed):
            return None
        before, after = _difference(self.source, changed)
        return Mutant(self.file, *self.span, before, after, changed) if before != after else None


def changes(file: str, source: str) -> list[Change]:
    """All that can be changed in `source`."""
    tree, statements = _tree(source), _Statements(source)
    operators: list[Any] = [_operator(f"core/{name}")() for name in _OPERATORS]
    found: list[Change] = []
    for operator in [*operators, StatementRemoval()]:
        places = [
            (node, start) for node in _nodes(tree) for start, _ in operator.mutation_positions(node)
        ]
        for occurrence, (node, place) in enumerate(places):
            span = statements.span(place)
            if span is not None and not _is_star(node):
                found.append(Change(file, source, operator, occurrence, span))
    return found


def _is_star(node: Any) -> bool:
    """Whether it is the star of a signature or a call, which cosmic-ray takes for a product."""
    kinds = {"parameters", "param", "argument", "lambdef"}
    return node.type == "operator" and node.parent.type in kinds


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _difference(source: str, changed: str) -> tuple[str, str]:
    lines = list(unified_diff(source.splitlines(), changed.splitlines(), n=0))[3:]
    before = "\n".join(line[1:].strip() for line in lines if line.startswith("-"))
    return before, "\n".join(line[1:].strip() for line in lines if line.startswith("+"))


class _Statements:
    """Where the statements of a source are, and what no call runs: types, a script's start."""

    def __init__(self, source: str) -> None:
        self._spans: list[tuple[int, int]] = []
        self._uncalled: list[tuple[_Place, _Place]] = []
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.stmt):
                self._spans.append((node.lineno, _head_end(node)))
            match node:
                case (
                    ast.AnnAssign(annotation=annotation)
                    | ast.arg(annotation=ast.expr() as annotation)
                ):
                    self._uncalled.append(_extent(annotation))
                case ast.FunctionDef(decorator_list=[ast.Name(id="overload")]):
                    self._uncalled.append(((node.lineno - 1, 0), _extent(node)[1]))
                case (
                    ast.FunctionDef(returns=ast.expr() as returns)
                    | ast.AsyncFunctionDef(returns=ast.expr() as returns)
                ):
                    self._uncalled.append(_extent(returns))
                case ast.If(
                    test=ast.Name(id="TYPE_CHECKING") | ast.Compare(left=ast.Name(id="__name__"))
                ):
                    self._uncalled.append(_extent(node))
                case _:
                    pass

    def span(self, place: _Place) -> tuple[int, int] | None:
        """First and last line of the statement that holds `place`; None in what no call runs."""
        if any(start <= place < end for start, end in self._uncalled):
            return None
        line = place[0]
        holding = [span for span in self._spans if span[0] <= line <= span[1]]
        return max(holding, default=(line, line))


def _head_end(node: ast.stmt) -> int:
    body: list[ast.stmt] = getattr(node, "body", [])
    if isinstance(node, ast.Match):
        return node.lineno
    end = node.end_lineno or node.lineno
    return max(node.lineno, body[0].lineno - 1) if body else end


def _extent(node: ast.expr | ast.stmt) -> tuple[_Place, _Place]:
    end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
    return (node.lineno, node.col_offset), end
