"""Reads the Firestore indexes of a Terraform file (google_firestore_index, google_firestore_field).

It knows the grammar of HCL blocks and attributes, and only literal strings as the values it needs. Where an
index is computed (for_each, dynamic blocks, variables in its fields) it says so instead of guessing.
https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/firestore_index
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from local.firestore.indexes import (
    ASCENDING,
    COLLECTION,
    CompositeIndex,
    FieldOverride,
    IndexCatalog,
    IndexField,
    without_implied_name,
)

_TOKEN = re.compile(
    r"""
    (?P<skip>[ \t\r]+|\#[^\n]*|//[^\n]*|/\*.*?\*/)
  | (?P<heredoc><<-?\s*(?P<mark>\w+)\n.*?\n\s*(?P=mark)(?=\n|$))
  | (?P<newline>\n)
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<word>[A-Za-z_][\w-]*)
  | (?P<open>[{\[(])
  | (?P<close>[}\])])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class TerraformError(ValueError):
    """The file cannot be read, or an index in it is not written out."""


@dataclass
class Block:
    """`kind "label" … { attributes and blocks }`. An attribute's text is its expression as it stands."""

    kind: str
    labels: list[str]
    attributes: dict[str, str] = field(default_factory=dict)
    blocks: list["Block"] = field(default_factory=list)

    def text(self, name: str, default: str | None = None) -> str:
        """The literal string of an attribute. Raises TerraformError for any other expression."""
        expression = self.attributes.get(name)
        if expression is None:
            if default is None:
                raise TerraformError(f"{self}: {name} is missing")
            return default
        if not re.fullmatch(r'"(?:[^"\\$%]|\\.)*"', expression):
            raise TerraformError(f"{self}: {name} is not a plain string: {expression}")
        literal: str = json.loads(expression)
        return literal

    def children(self, kind: str) -> list["Block"]:
        """The blocks of one kind directly inside."""
        return [each for each in self.blocks if each.kind == kind]

    def __str__(self) -> str:
        return " ".join([self.kind, *self.labels])


def read_indexes(file: Path) -> IndexCatalog:
    """The indexes that a Terraform file declares. Raises TerraformError, OSError."""
    composites: list[CompositeIndex] = []
    overrides: list[FieldOverride] = []
    for block in parse_blocks(file.read_text(encoding="utf-8")):
        if block.kind != "resource" or not block.labels:
            continue
        if block.labels[0] == "google_firestore_index":
            composites.append(_composite(block))
        elif block.labels[0] == "google_firestore_field":
            overrides.extend(_override(block))
    return IndexCatalog(composites, overrides)


def _composite(resource: Block) -> CompositeIndex:
    _check_written_out(resource)
    fields = [IndexField(each.text("field_path"), _mode(each)) for each in resource.children("fields")]
    if len(fields) < 2:
        raise TerraformError(f"{resource}: a composite index needs two fields at least")
    scope = resource.text("query_scope", COLLECTION)
    return CompositeIndex(resource.text("collection"), scope, tuple(without_implied_name(fields)))


def _override(resource: Block) -> Iterator[FieldOverride]:
    _check_written_out(resource)
    # Without index_config the automatic indexes stay (the resource is there for a TTL policy).
    for config in resource.children("index_config"):
        indexes = frozenset(
            (each.text("query_scope", COLLECTION), _mode(each)) for each in config.children("indexes")
        )
        yield FieldOverride(resource.text("collection"), resource.text("field"), indexes)


def _mode(block: Block) -> str:
    if block.children("vector_config"):
        return "VECTOR"
    return block.text("array_config", "") or block.text("order", ASCENDING)


def _check_written_out(block: Block) -> None:
    if "for_each" in block.attributes or "count" in block.attributes or block.children("dynamic"):
        raise TerraformError(f"{block}: only indexes that are written out can be read")


def parse_blocks(text: str) -> list[Block]:
    """The top-level blocks of an HCL file. Raises TerraformError."""
    top = Block("file", [])
    _Parser(text).body_into(top, closed=False)
    return top.blocks


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [each for each in _TOKEN.finditer(text) if each.lastgroup != "skip"]
        self._next = 0

    def body_into(self, block: Block, closed: bool) -> None:
        """Reads attributes and blocks up to the closing brace (or the end of the file)."""
        while self._next < len(self._tokens):
            token = self._take()
            if token.lastgroup == "newline":
                continue
            if closed and token[0] == "}":
                return
            if token.lastgroup != "word":
                raise self._unexpected(token)
            self._item_into(block, token[0])
        if closed:
            raise TerraformError(f"{block}: the closing brace is missing")

    def _item_into(self, block: Block, name: str) -> None:
        labels: list[str] = []
        while self._next < len(self._tokens):
            token = self._take()
            if token[0] == "=" and not labels:
                block.attributes[name] = self._expression()
                return
            if token[0] == "{":
                inner = Block(name, labels)
                self.body_into(inner, closed=True)
                block.blocks.append(inner)
                return
            if token.lastgroup not in {"string", "word"}:
                raise self._unexpected(token)
            labels.append(token[0].strip('"'))
        raise TerraformError(f"{name}: the file ends too early")

    def _expression(self) -> str:
        """Everything up to the end of the line, or of the brackets that are open at it."""
        start = end = self._tokens[self._next - 1].end()
        depth = 0
        while self._next < len(self._tokens):
            token = self._tokens[self._next]
            if not depth and token.lastgroup in {"newline", "close"}:
                break
            depth += {"open": 1, "close": -1}.get(token.lastgroup or "", 0)
            end = token.end()
            self._next += 1
        return self._text[start:end].strip()

    def _take(self) -> re.Match[str]:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _unexpected(self, token: re.Match[str]) -> TerraformError:
        line = self._text.count("\n", 0, token.start()) + 1
        return TerraformError(f"line {line}: unexpected {token[0]!r}")
