"""Reads structs and enums, with their docs, from Rust sources that rustfmt has formatted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT = re.compile(r'serde\(.*\bdefault\b(?:\s*=\s*"([^"]+)")?')


@dataclass
class Field:
    """A field of a struct or of a variant; those of tuples are called "0", "1", …"""

    name: str
    type: str
    doc: str = ""
    # The function that makes the default, "" for the type's own default, None where it must be given.
    default: str | None = None
    flatten: bool = False


@dataclass
class Variant:
    name: str
    doc: str
    fields: list[Field]
    tuple: bool
    is_default: bool = False


@dataclass
class Type:
    name: str
    doc: str
    file: Path
    attributes: str
    fields: list[Field] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def read_types(files: list[Path]) -> dict[str, Type]:
    """All structs with named fields and all enums of these files."""
    types: dict[str, Type] = {}
    for file in files:
        code = file.read_text().split("#[cfg(test)]")[0]
        for match in re.finditer(
            r"((?:^[ ]*(?:///[^\n]*|#\[[^\n]*)\n)*)^(?:pub(?:\(crate\))? )?(struct|enum) (\w+) \{\n(.*?)^\}", code, re.M | re.S
        ):
            head, kind, name, body = match.groups()
            doc, attributes = _split(head.splitlines())
            made = Type(name, doc, file, attributes)
            if kind == "struct":
                made.fields = _fields(body.splitlines())
            else:
                made.variants = _variants(body)
            types.setdefault(name, made)
    return types


def read_commands(file: Path) -> list[tuple[str, str]]:
    """The variants of the list of commands, each with its doc."""
    body = file.read_text().split("\ncommands! {", 1)[1].split("\n}", 1)[0]
    found = re.findall(r"((?:    ///[^\n]*\n)+)    (\w+)\(", body)
    return [(name, _split(doc.splitlines())[0]) for doc, name in found]


@dataclass
class Report:
    name: str
    doc: str
    parameters: list[tuple[str, str]]
    answer: str


def read_reports(file: Path) -> list[Report]:
    """The questions that a store answers."""
    body = file.read_text().split("pub trait Reports", 1)[1]
    found = re.findall(
        r"((?:    ///[^\n]*\n)+)    fn (\w+)\((.*?)\)\s*-> impl Future<Output = Result<(.*?), StoreError>>", body, re.S
    )
    reports = []
    for doc, name, parameters, answer in found:
        pairs = re.findall(r"(\w+): ([^,\n]+)", parameters)
        reports.append(Report(name, _split(doc.splitlines())[0], pairs, answer))
    return reports


def _split(lines: list[str]) -> tuple[str, str]:
    """Docs, as Python would write them, and attributes."""
    docs, attributes, code = [], [], False
    for line in map(str.strip, lines):
        if line.startswith("///"):
            text = line[3:].removeprefix(" ")
            if text.startswith("```"):
                code = not code
            elif not code:
                docs.append(text)
        else:
            attributes.append(line)
    doc = "\n".join(docs).strip()
    doc = re.sub(r"\[`([^`\]]+)`\](?:\([^)]*\))?", r"`\1`", doc)
    doc = re.sub(r"`crate::(?:\w+::)*(\w+)`", r"`\1`", doc)
    return doc, " ".join(attributes)


def _fields(lines: list[str]) -> list[Field]:
    fields: list[Field] = []
    head: list[str] = []
    for line in lines:
        match = re.match(r"\s*(?:pub(?:\(crate\))? )?(\w+): (.+?),?$", line)
        if match is None or line.strip().startswith(("///", "#", "//")):
            head.append(line)
            continue
        doc, attributes = _split(head)
        head = []
        default = DEFAULT.search(attributes)
        found = Field(match[1], match[2], doc, None if default is None else default[1] or "")
        found.flatten = "flatten" in attributes
        fields.append(found)
    return fields


def _variants(body: str) -> list[Variant]:
    pattern = r"((?:^    (?:///[^\n]*|#\[[^\n]*|//[^\n]*)\n|^\n)*)^    (\w+)(?:\(([^\n]*)\)| \{ ([^\n]*) \}| \{\n(.*?)^    \})?,$"
    variants = []
    for head, name, plain, inline, block in re.findall(pattern, body, re.M | re.S):
        doc, attributes = _split([line for line in head.splitlines() if not line.strip().startswith("// ")])
        if plain:
            fields = [Field(str(place), text) for place, text in enumerate(re.split(r", (?![^<]*>)", plain))]
        elif inline:
            fields = [Field(*pair) for pair in re.findall(r"(\w+): ([^,]+)", inline)]
        else:
            fields = _fields(block.splitlines())
        message = re.search(r'error\("(.*?)"[,)]', attributes)
        variants.append(
            Variant(name, message[1] if message and not doc else doc, fields, bool(plain), "#[default]" in attributes)
        )
    return variants
