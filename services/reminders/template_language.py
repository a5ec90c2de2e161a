"""The language of templates: Jinja2 without what could run long, grow large or reach beyond the words.

Words, a few filters, conditions and short loops. No calls, no assignments, no multiplication: what a template says is
never longer than a small multiple of itself and its words, and takes a bounded time.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Literal

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.filters import do_round
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.i18n import gettext as _

LONGEST_LOOP = 100
_DEEPEST_LOOP = 2
FILTERS = (
    "abs", "capitalize", "default", "first", "int", "last", "length", "lower", "round", "string", "title", "trim",
    "truncate", "upper",
)  # fmt: skip
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.For, nodes.CondExpr,
    nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Add,
    nodes.Sub, nodes.Concat, nodes.Getattr, nodes.Getitem, nodes.List, nodes.Tuple, nodes.Keyword,
)  # fmt: skip
_COUNTED = "counted"
_MOST_PLACES = 10


class TemplateError(Exception):
    """A template cannot say what it should.

    Args:
        reason: why, in the present language.
    """

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Compiled:
    """A template ready to be filled in.

    Args:
        template: Jinja's own.
        loops: whether it has loops, so that it may say much more than its words.
    """

    template: Template
    loops: bool

    def filled(self, words: Mapping[str, Any], most: int) -> str:
        """Return what it says; of what loops say, not much more than `most` characters are ever made."""
        if not self.loops:
            return self.template.render(words)
        parts, length = [], 0
        for part in self.template.generate(words):
            parts.append(part)
            length += len(part)
            if length > most:
                break
        return "".join(parts)


@lru_cache(maxsize=1024)
def compiled(source: str) -> Compiled:
    """Return a template ready to render; each wording is compiled once in a process.

    Raises:
        TemplateError: it is not of this language.
    """
    tree = _parsed(source)
    loops = list(tree.find_all(nodes.For))
    for loop in loops:
        loop.iter = nodes.Filter(loop.iter, _COUNTED, [], [], None, None, lineno=loop.lineno)
    try:
        return Compiled(_environment.from_string(tree), bool(loops))
    except (SyntaxError, RecursionError):  # of the Python it becomes
        raise TemplateError(_too_deep()) from None


def check(source: str, known: Collection[str]) -> None:
    """Make sure that a template is of this language and uses no other words than the known ones.

    Raises:
        TemplateError: with the reason.
    """
    unknown = sorted(meta.find_undeclared_variables(_parsed(source)) - set(known))
    if unknown:
        reason = _("unknown word: {unknown}. Known are: {known}")
        raise TemplateError(reason.format(unknown=_(", ").join(unknown), known=_(", ").join(sorted(known))))
    compiled(source)


def _parsed(source: str) -> nodes.Template:
    try:
        tree = _environment.parse(source)
    except TemplateSyntaxError as problem:
        reason = _("line {line} is not understood; are all brackets in pairs? ({problem})")
        raise TemplateError(reason.format(line=problem.lineno, problem=problem.message)) from None
    except RecursionError:
        raise TemplateError(_too_deep()) from None
    _refuse(tree, 0)
    return tree


def _refuse(node: nodes.Node, depth: int) -> None:
    """Refuse what is not of this language, and loops within loops within loops."""
    named = node.name if isinstance(node, nodes.Filter) and node.name not in FILTERS else ""
    if named or not isinstance(node, _ALLOWED):
        reason = _("“{part}” in line {line} is not offered in templates")
        raise TemplateError(reason.format(part=named or type(node).__name__, line=node.lineno))
    depth += isinstance(node, nodes.For)
    if depth > _DEEPEST_LOOP or (isinstance(node, nodes.For) and node.recursive):
        raise TemplateError(_too_long())
    for inner in node.iter_child_nodes():
        _refuse(inner, depth)


def _counted(items: Iterable[Any]) -> Iterator[Any]:
    """Yield the items of a loop, but not endlessly many."""
    following = iter(items)
    yield from islice(following, LONGEST_LOOP)
    if next(following, None) is not None:
        raise TemplateError(_too_long())


def _rounded(value: float, precision: int = 0, method: Literal["common", "ceil", "floor"] = "common") -> float:
    """Round as Jinja does, but to few places: it would calculate 10 to the power of whatever it is told."""
    return do_round(value, max(-_MOST_PLACES, min(precision, _MOST_PLACES)), method)


def _too_deep() -> str:
    return _("conditions or brackets lie too deep within one another")


def _too_long() -> str:
    return _("a loop runs too long: at most {count} times, and at most one loop within another").format(
        count=LONGEST_LOOP
    )


_environment = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, cache_size=0
)
_environment.globals.clear()
_environment.filters = {name: _environment.filters[name] for name in FILTERS} | {
    _COUNTED: _counted,
    "round": _rounded,
}
