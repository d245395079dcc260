"""Tokens of a query to its condition.

Grammar, with `OR` binding tighter than the space between terms (https://github.com/antifuchs/gmail-britta/issues/25):

    terms  = alternatives*              all of them
    alternatives = term ("OR" term)*    one of them
    term   = "-"* [operator ":"] (value | value "AROUND" number value | "(" terms ")" | "{" terms "}")
    value  = word | phrase

Braces ask for one of their terms. Stray brackets, operators without a value and dangling `OR`s count for
nothing.
"""

from local.gmail.search.conditions import AllOf, AnyOf, Condition, Not
from local.gmail.search.lexer import Kind, Token, tokens
from local.gmail.search.operators import condition, nearness

# Brackets nested deeper are passed over.
MAX_DEPTH = 50


def parse_condition(q: str) -> Condition:
    """The condition of `q`; an empty query holds for every mail."""
    return _Parser(list(tokens(q))).top()


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0

    def top(self) -> Condition:
        parts: list[Condition] = []
        while self._at < len(self._tokens):
            parts.extend(self._terms("", 0))
        return AllOf(tuple(parts))

    def _terms(self, operator: str, depth: int) -> list[Condition]:
        """The terms up to the closing bracket, which is taken, or to the end."""
        groups: list[list[Condition]] = []
        joining = False
        while token := self._take():
            if token.kind is Kind.CLOSE:
                break
            if token.kind is Kind.OR:
                joining = bool(groups)
                continue
            part = self._term(token, operator, depth)
            if part is None:
                continue
            if joining:
                groups[-1].append(part)
            else:
                groups.append([part])
            joining = False
        return [group[0] if len(group) == 1 else AnyOf(tuple(group)) for group in groups]

    def _term(self, token: Token | None, operator: str, depth: int) -> Condition | None:
        negated = False
        while token and token.kind in (Kind.MINUS, Kind.OPERATOR):
            if token.kind is Kind.MINUS:
                negated = not negated
            else:
                operator = token.text
            token = self._take_value()
        part = self._value(token, operator, depth) if token else None
        return Not(part) if part is not None and negated else part

    def _value(self, token: Token, operator: str, depth: int) -> Condition | None:
        if token.kind not in (Kind.OPEN, Kind.OPEN_ANY):
            return self._around(token, operator) or condition(operator, token.text, token.kind is Kind.PHRASE)
        if depth >= MAX_DEPTH:
            return None
        parts = tuple(self._terms(operator, depth + 1))
        if not parts:
            return None
        return AnyOf(parts) if token.kind is Kind.OPEN_ANY else AllOf(parts)

    def _around(self, left: Token, operator: str) -> Condition | None:
        """The condition of `left AROUND n right`, if that is what comes next; `left` is taken already."""
        following = [token.kind for token in self._tokens[self._at : self._at + 2]]
        if following not in ([Kind.AROUND, Kind.WORD], [Kind.AROUND, Kind.PHRASE]):
            return None
        around, right = self._tokens[self._at : self._at + 2]
        found = nearness(operator, left.text, right.text, int(around.text.split()[1]))
        self._at += 2 if found else 0
        return found

    def _take(self) -> Token | None:
        if self._at >= len(self._tokens):
            return None
        self._at += 1
        return self._tokens[self._at - 1]

    def _take_value(self) -> Token | None:
        """The next token, unless it can't begin a value."""
        if self._at < len(self._tokens) and self._tokens[self._at].kind in (Kind.CLOSE, Kind.OR):
            return None
        return self._take()
