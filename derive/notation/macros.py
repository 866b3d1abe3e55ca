r"""The author's own macros: reading their definitions and expanding their uses.

A token of an expansion carries the span of the whole use; a token of an argument keeps its own span, so that
a name inside `\E{x_i}` is still found where the author wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .syntax import Span
from .tokens import ReadError, Token, lex, raw_group

MAX_MACROS = 5_000
MAX_BODY = 4_000
MAX_UNREADABLE = 200
MAX_TOKENS = 20_000
MAX_DEPTH = 40


@dataclass(frozen=True, kw_only=True)
class Macro:
    """A macro: its name without the backslash, its body with `#1` … `#9`, and how many arguments it takes.

    `default` is the value of the first argument when it is not given in `[…]`; None if it is mandatory.
    """

    name: str
    body: str
    arity: int = 0
    default: str | None = None


_DEFINITION = re.compile(
    r"\\(?P<command>(?:re)?newcommand|providecommand|DeclareRobustCommand|DeclareMathOperator"
    r"|DeclarePairedDelimiter|g?def|let)(?P<star>\*?)\s*(?P<brace>\{\s*)?\\(?P<name>[A-Za-z]+)\s*(?(brace)\})"
)
_ARITY = re.compile(r"\s*\[\s*(\d)\s*\]")
_DEFAULT = re.compile(r"\s*\[([^\[\]]*)\]")
_PARAMETERS = re.compile(r"\s*((?:#\d)*)\s*")
_MEANING = re.compile(r"\s*=?\s*(\\[A-Za-z]+|[^\s{}\\])")


def read_macros(text: str) -> dict[str, Macro]:
    r"""The macros defined in a text, by name; a later definition replaces an earlier one.

    Reads `\newcommand`, `\renewcommand`, `\providecommand`, `\def` (with undelimited arguments), `\let`,
    `\DeclareMathOperator` and `\DeclarePairedDelimiter`. A definition that cannot be read, or longer than 4,000
    characters, is left out.
    """
    macros: dict[str, Macro] = {}
    for macro, (start, _) in definitions(text):
        known = macro.name in macros
        if not known and len(macros) >= MAX_MACROS:
            break
        if not (known and text.startswith("\\providecommand", start)):
            macros[macro.name] = macro
    return macros


def definitions(text: str) -> list[tuple[Macro, Span]]:
    """The macro definitions of a text in order, each with its span."""
    found: list[tuple[Macro, Span]] = []
    position = 0
    unreadable = 0
    while unreadable < MAX_UNREADABLE and (match := _DEFINITION.search(text, position)) is not None:
        position = match.end()
        try:
            macro, position = _definition(text, match)
        except ReadError:
            unreadable += 1
            continue
        found.append((macro, (match.start(), position)))
    return found


def expand(tokens: list[Token], macros: Mapping[str, Macro]) -> list[Token]:
    r"""The tokens with every use of a macro replaced by its body.

    Raises:
        ReadError: for a missing argument, or a macro that expands without end.
    """
    if not macros:
        return tokens
    expanded: list[Token] = []
    todo = [(token, 0) for token in reversed(tokens)]
    steps = 0
    while todo:
        token, depth = todo.pop()
        steps += 1
        if steps > MAX_TOKENS:
            raise ReadError(f"the macros expand to more than {MAX_TOKENS:,} tokens", token.span[0])
        macro = macros.get(token.text) if token.kind == "command" else None
        if macro is None:
            expanded.append(token)
        elif depth >= MAX_DEPTH:
            raise ReadError(f"macro \\{macro.name} expands without end", token.span[0])
        else:
            todo.extend((piece, depth + 1) for piece in reversed(_instance(macro, token, todo)))
    return expanded


def _definition(text: str, match: re.Match[str]) -> tuple[Macro, int]:
    name, command, position = match["name"], match["command"], match.end()
    if command == "let":
        meaning = _MEANING.match(text, position)
        if meaning is None or meaning[1] == "\\" + name:
            raise ReadError(f"\\let\\{name} without a meaning", position)
        return Macro(name=name, body=meaning[1]), meaning.end()
    if command == "DeclareMathOperator":
        body, end = raw_group(text, position, command, MAX_BODY)
        return Macro(name=name, body=f"\\operatorname{match['star']}{{{body}}}"), end
    if command == "DeclarePairedDelimiter":
        opening, position = raw_group(text, position, command, MAX_BODY)
        closing, end = raw_group(text, position, command, MAX_BODY)
        return Macro(name=name, body=f"\\left{opening} #1 \\right{closing}", arity=1), end
    if command in ("def", "gdef"):
        parameters = _PARAMETERS.match(text, position)
        assert parameters is not None  # every part of the pattern is optional
        if not text.startswith("{", parameters.end()):
            raise ReadError(f"\\def\\{name} with delimited arguments", position)
        body, end = raw_group(text, parameters.end(), command, MAX_BODY)
        return Macro(name=name, body=body, arity=len(parameters[1]) // 2), end
    arity = _ARITY.match(text, position)
    default = _DEFAULT.match(text, arity.end()) if arity else None
    last = default or arity
    body, end = raw_group(text, last.end() if last else position, command, MAX_BODY)
    count = int(arity[1]) if arity else 0
    return Macro(name=name, body=body, arity=count, default=default[1] if default and count else None), end


@lru_cache(maxsize=4_096)
def _lex_body(body: str) -> tuple[Token, ...]:
    return tuple(lex(body))


def _instance(macro: Macro, use: Token, todo: list[tuple[Token, int]]) -> list[Token]:
    """The body of a macro with the arguments that follow its use in `todo` (a stack, next token last)."""
    arguments, end = _arguments(macro, use, todo)
    span = (use.span[0], end)
    pieces: list[Token] = []
    for token in _body_of(macro, use):
        if token.kind == "param":
            number = int(token.text)
            if number > macro.arity:
                raise ReadError(f"macro \\{macro.name} uses #{number} but takes {macro.arity} arguments", use.span[0])
            pieces.extend(arguments[number - 1])
        elif token.kind == "text" and "#" in token.text:
            pieces.append(Token("text", _fill(token.text, arguments), span))
        else:
            pieces.append(Token(token.kind, token.text, span))
    return pieces


def _body_of(macro: Macro, use: Token) -> tuple[Token, ...]:
    try:
        return _lex_body(macro.body)
    except ReadError as error:
        raise ReadError(f"in macro \\{macro.name}: {error.message}", use.span[0]) from error


def _arguments(macro: Macro, use: Token, todo: list[tuple[Token, int]]) -> tuple[list[list[Token]], int]:
    """The arguments of a use, taken from the stack, and the offset behind the last of them."""
    arguments: list[list[Token]] = []
    end = use.span[1]
    if macro.arity and macro.default is not None:
        given = _delimited(use, todo, "[", "]")
        if given is None:
            arguments.append([token._replace(span=use.span) for token in _lex_body(macro.default)])
        else:
            arguments.append(given[0])
            end = max(end, given[1])
    while len(arguments) < macro.arity:
        while todo and todo[-1][0].kind == "space":
            todo.pop()
        given = _delimited(use, todo, "{", "}")
        if given is None:
            if not todo:
                raise ReadError(f"missing argument of macro \\{macro.name}", use.span[0])
            token = todo.pop()[0]
            given = ([token], token.span[1])
        arguments.append(given[0])
        end = max(end, given[1])
    return arguments, end


def _delimited(use: Token, todo: list[tuple[Token, int]], opening: str, closing: str) -> tuple[list[Token], int] | None:
    """The tokens between `opening` and its `closing`, and the offset behind it; None if `opening` is not next."""
    if not todo or todo[-1][0].kind != "char" or todo[-1][0].text != opening:
        return None
    todo.pop()
    inner: list[Token] = []
    depth = 0
    while todo:
        token = todo.pop()[0]
        if token.kind == "char" and token.text == closing and depth == 0:
            return inner, token.span[1]
        if token.kind == "char":
            depth += (token.text == "{") - (token.text == "}")
        inner.append(token)
    raise ReadError(f"unbalanced {opening} after \\{use.text}", use.span[0])


def _fill(text: str, arguments: list[list[Token]]) -> str:
    for number, argument in enumerate(arguments, start=1):
        text = text.replace(f"#{number}", "".join(token.text for token in argument))
    return text
