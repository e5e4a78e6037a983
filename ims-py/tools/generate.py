"""Writes the parts of the package that follow from the Rust sources: classes, methods, and which class stands for what.

    python tools/generate.py            writes them
    python tools/generate.py --check    fails where they are not up to date
"""

from __future__ import annotations

import re
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

from rust import Field, Report, Type, Variant, read_commands, read_reports, read_types, snake

HERE = Path(__file__).resolve().parent.parent
CORE = HERE.parent / "ims-core" / "src"
OUT = HERE / "python" / "ims"
HEADER = '# Written by tools/generate.py from the Rust sources; change those, or it.\n'
WIDTH = 118

TEXTS = {"Text", "Sku", "Currency", "TimeZone", "String", "&'static str", "&str"}
IDS = {"CommandId", "CustomerId", "HoldId", "ItemId", "LocationId", "OrderId", "PurchaseId", "ReturnId", "SupplierId"}
NUMBERS = {"Quantity", "Amount", "Fraction"}
INTS = {"u32", "u64", "Offset"}

# What callers hand in, beside commands.
VALUES = ["Unit", "Rounding", "Contact", "Goods", "CostedGoods", "Adjusted", "OrderedLine", "ShippedLine", "ReturnedLine",
          "LooseLine", "ReceivedLine"]
# Variants that callers hand in, as classes.
VALUE_VARIANTS = {
    "Discount": {"Fraction": "FractionOff", "Amount": "AmountOff"},
    "ReturnedGoods": {"OfOrder": "OfOrder", "Loose": "Loose"},
}
# What the engine gives.
ROWS = ["Shop", "Item", "Location", "Supplier", "Customer", "Series", "Stock", "Layer", "Hold", "Shipment", "OrderLine",
        "Party", "OrderAmounts", "Order", "ReturnLine", "Return", "PurchaseLine", "PurchaseAmounts", "Purchase", "Alert",
        "MovementKey", "Document", "Movement", "StockLine", "AlertLine", "ProfitLine", "ReorderLine", "StockValue",
        "UndoneMovement", "ItemSales", "CustomerSales", "AnsweredCommand", "Moved", "Filled", "Broken"]
ERRORS = ["Closed", "Conflict", "Error", "IdReused", "InternalError", "Rejected", "Stopped", "StoreError"]
# Python has these words for itself.
KEYWORDS = {"from": "from_"}
# What Rust functions make where nothing is said.
MADE = {"TimeZone::utc": '"UTC"', "fifo": '"fifo"'}
# Defaults that Rust leaves to its callers.
CHOSEN = {("ItemQuery", "standing"): '"active"', ("PartyQuery", "standing"): '"active"'}


@dataclass
class Py:
    """A type as Python sees it."""

    given: str  # as an argument
    got: str  # as a result
    shape: str


class Writer:
    """Knows the Rust types."""

    def __init__(self) -> None:
        files = sorted(CORE.rglob("*.rs")) + [HERE / "src" / "question.rs"]
        files = [file for file in files if not {"conformance", "memory"} & set(file.parts)]
        self.types = read_types(files)
        self.commands = read_commands(CORE / "command.rs")
        self.reports = [r for r in read_reports(CORE / "report" / "mod.rs") if r.name not in ("scan", "verify")]
        self.words = {n: t for n, t in self.types.items() if t.variants and all(not v.fields for v in t.variants)}
        document = Type("Document", self.types["Document"].doc, self.types["Document"].file, "")
        document.fields = [
            Field("kind", "DocumentKind", "Whether it is an order, a return or a purchase."),
            Field("id", "OrderId", "Its id."),
            Field("line", "u32", "Its line, counted from 0."),
        ]
        self.types["Document"] = document
        self.used_words: dict[str, None] = {}

    def py(self, rust: str) -> Py:
        """How Python writes a Rust type."""
        if match := re.fullmatch(r"(Option|Vec|Arc|Patch)<(.*)>", rust):
            outer, inner = match[1], self.py(match[2])
            if outer == "Option":
                return Py(f"{inner.given} | None", f"{inner.got} | None", f"?{inner.shape}")
            if outer == "Vec":
                return Py(f"Sequence[{inner.given}]", f"tuple[{inner.got}, ...]", f"*{inner.shape}")
            return Py(f"{inner.given} | Keep", inner.got, inner.shape) if outer == "Patch" else inner
        rust = rust.removeprefix("&").rsplit("::", 1)[-1] if rust not in TEXTS else rust
        if rust in TEXTS:
            return Py("str", "str", "text")
        if rust in IDS:
            return Py("Id", "str", "id")
        if rust in NUMBERS:
            return Py("Number", "Decimal", "decimal")
        if rust in INTS:
            return Py("int", "int", "int")
        if rust == "Timestamp":
            return Py("datetime", "datetime", "datetime")
        if rust == "Date":
            return Py("date", "date", "date")
        if rust in self.words or rust == "DocumentKind":
            self.used_words[rust] = None
            return Py(rust, rust, "text")
        return Py(rust, rust, rust)

    def flat(self, fields: list[Field]) -> list[Field]:
        """Fields, with those of flattened structs in their place."""
        flat: list[Field] = []
        for item in fields:
            flat += self.flat(self.types[item.type].fields) if item.flatten else [item]
        return flat

    def default(self, owner: str, item: Field) -> str | None:
        """What a caller need not say, as Python writes it."""
        if (owner, item.name) in CHOSEN:
            return CHOSEN[owner, item.name]
        if item.type.startswith("Option<"):
            return "None"
        if item.type.startswith("Patch<"):
            return "KEEP"
        if owner == "Contact" and item.name != "name":
            return '""'
        if item.default is None:
            return None
        if item.default:
            return MADE[item.default]
        if item.type.startswith("Vec<"):
            return "()"
        if item.type in self.words:
            [word] = [v.name for v in self.words[item.type].variants if v.is_default]
            return f'"{snake(word)}"'
        return "0" if item.type in NUMBERS else '""'

    def may_be_left_out(self, owner: str, item: Field) -> bool:
        """Whether Rust takes the default itself."""
        return item.default is not None or item.type.startswith(("Option<", "Patch<"))


def by_name(name: str) -> tuple[str, str]:
    return name.lower(), name


def key(name: str) -> str:
    return KEYWORDS.get(name, name)


def docstring(doc: str, indent: str) -> str:
    doc = doc or "No more is known."
    lines = []
    for paragraph in doc.split("\n\n"):
        if paragraph.lstrip().startswith(("-", "|", "Args:", ">>>")):
            lines += paragraph.splitlines()
        else:
            lines += textwrap.wrap(" ".join(paragraph.split()), WIDTH - len(indent) - 6)
        lines.append("")
    lines.pop()
    if len(lines) == 1 and len(lines[0]) < WIDTH - len(indent) - 6:
        return f'{indent}"""{lines[0]}"""\n'
    body = "\n".join(f"{indent}{line}".rstrip() for line in lines)
    return f'{indent}"""{body.strip()}\n{indent}"""\n'


def data_class(name: str, doc: str, fields: list[tuple[str, str, str | None, str]], options: str = "", base: str = "") -> str:
    """A class of `(field, type, default, doc)`."""
    text = f"@dataclass(frozen=True{options})\nclass {name}{base and f'({base})'}:\n{docstring(doc, '    ')}"
    for field, hint, default, about in fields:
        text += f"\n    {field}: {hint}" + (f" = {default}" if default is not None else "") + "\n"
        if about:
            text += docstring(about, "    ")
    return text + "\n\n"


def imports(body: str, *more: str) -> str:
    """The imports that a module needs, found by the names in it."""
    lines = ["from __future__ import annotations", ""]
    used = lambda name: re.search(rf"(?<![\w.\"]){name}\b", re.sub(r'""".*?"""', "", body, flags=re.S))  # noqa: E731
    plain = []
    if used("Awaitable") or used("Sequence"):
        plain.append("from collections.abc import Sequence")
    if used("dataclass"):
        plain.append("from dataclasses import dataclass")
    dates = [name for name in ("date", "datetime") if used(name)]
    if dates:
        plain.append(f"from datetime import {', '.join(dates)}")
    if used("Decimal"):
        plain.append("from decimal import Decimal")
    typing = [name for name in ("Literal", "TypeAlias", "Union") if used(name)]
    if typing:
        plain.append(f"from typing import {', '.join(typing)}")
    return "\n".join(lines + plain + [""] + list(more)) + "\n\n\n"


def from_module(body: str, module: str, names: list[str]) -> str:
    code = re.sub(r'""".*?"""', "", body, flags=re.S)
    found = sorted({name for name in names if re.search(rf"(?<![\w.\"]){name}\b", code)}, key=by_name)
    if not found:
        return ""
    line = f"from {module} import {', '.join(found)}"
    if len(line) <= WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in found) + ")"


class Package:
    """All that is written."""

    def __init__(self) -> None:
        self.rust = Writer()
        self.files: dict[Path, str] = {}
        self.records: list[tuple[str, str, list[str]]] = []
        self.unions: list[tuple[str, list[tuple[str, str, str]]]] = []
        self.values: list[str] = []
        self.words: list[str] = []
        self.rows: list[str] = []
        self.receipts: list[str] = []
        self.receipt_of: dict[str, tuple[str, str | None]] = {}

    # Entries of the book that the native half reads.

    def record(self, module: str, name: str, fields: list[Field], owner: str, *, given: bool) -> None:
        entries = []
        for item in self.rust.flat(fields):
            shape = self.rust.py(item.type).shape
            left_out = self.rust.may_be_left_out(owner, item)
            default = self.rust.default(owner, item) if left_out else None
            if not given and left_out and default == "()":
                default = "()"
            text = "()" if default is None else f"({default},)"
            entries.append(f'("{item.name}", "{key(item.name)}", "{shape}", {text})')
        self.records.append((name, f"{module}.{name}", entries))

    # Classes.

    def value_class(self, name: str, doc: str, fields: list[Field], owner: str) -> str:
        parts = [
            (key(f.name), self.rust.py(f.type).given, self.rust.default(owner, f), f.doc) for f in self.rust.flat(fields)
        ]
        parts.sort(key=lambda part: part[2] is not None)
        self.record("_values", name, fields, owner, given=True)
        return data_class(name, doc, parts)

    def result_class(self, module: str, name: str, doc: str, fields: list[Field], owner: str, base: str = "") -> str:
        parts = [(key(f.name), self.rust.py(f.type).got, None, f.doc) for f in self.rust.flat(fields)]
        self.record(module, name, fields, owner, given=False)
        return data_class(name, doc, parts, base=base)

    def write_values(self) -> None:
        body = ""
        for name in VALUES:
            made = self.rust.types[name]
            fields = made.fields
            if name in ("Unit",):
                fields = [Field("code", "Text", "What it is called."), Field("decimals", "u32", "How finely it divides.")]
            body += self.value_class(name, made.doc, fields, name)
            self.values.append(name)
        for name, classes in VALUE_VARIANTS.items():
            made = self.rust.types[name]
            entries = []
            for variant in made.variants:
                shown = classes[variant.name]
                fields = variant.fields
                style = "fields"
                if variant.tuple:
                    fields, style = [Field(snake(variant.name), variant.fields[0].type, variant.doc)], "only"
                body += self.value_class(shown, variant.doc, fields, name)
                entries.append((snake(variant.name), style, shown))
                self.values.append(shown)
            body += f"{name} = Union[{', '.join(classes.values())}]\n" + docstring(made.doc, "") + "\n\n"
            self.unions.append((name, entries))
            self.values.append(name)
        order = "\n".join(from_module(body, module, names) for module, names in [
            ("ims._types", ["Id", "Number"]), ("ims._words", list(self.rust.words) + ["DocumentKind"])])
        self.files[OUT / "_values.py"] = self.module("What callers hand in.", imports(body, order) + body)

    def write_rows(self) -> None:
        body = ""
        for name in ROWS:
            made = self.rust.types[name]
            body += self.result_class("_rows", name, made.doc, made.fields, name)
            self.rows.append(name)
        self.unions.append(("Document", [(word, "tagged", "Document") for word in ("order", "return", "purchase")]))
        # The class and the union have one name: the union is what is looked up.
        self.records = [("DocumentLine" if n == "Document" else n, path, e) for n, path, e in self.records]
        self.unions[-1] = ("Document", [(w, s, "DocumentLine") for w, s, _ in self.unions[-1][1]])
        head = "\n".join(from_module(body, module, names) for module, names in [
            ("ims._values", self.values), ("ims._words", list(self.rust.words) + ["DocumentKind"])])
        self.files[OUT / "_rows.py"] = self.module("What the engine keeps and reports.", imports(body, head) + body)

    def only_field(self, rust: str) -> Field:
        inner = re.sub(r"^(?:Arc|Vec)<(.*)>$", r"\1", rust)
        return Field(snake(inner), rust)

    def write_receipts(self) -> None:
        body = ""
        entries = []
        variants = self.rust.types["Receipt"].variants
        for variant in variants:
            # The methods return the one thing that a receipt tells. Where it tells several, it is looked at later, if at all.
            fields, style, base = variant.fields, "fields", "Late"
            if variant.tuple:
                fields, style, base = [self.only_field(variant.fields[0].type)], "only", ""
                self.receipt_of[variant.name] = (variant.name, fields[0].name)
            else:
                self.receipt_of[variant.name] = (variant.name, None)
            body += self.result_class("_receipts", variant.name, variant.doc, fields, "Receipt", base)
            entries.append((snake(variant.name), style, variant.name))
        names = [variant.name for variant in variants]
        body += "Receipt = Union[\n" + "".join(f"    {name},\n" for name in names) + "]\n"
        body += docstring(self.rust.types["Receipt"].doc, "") + "\n\n"
        self.unions.append(("Receipt", entries))
        bodies = []
        for variant in self.rust.types["EventBody"].variants:
            if variant.name == "Done":
                bodies.append((snake(variant.name), "through", "Receipt"))
                continue
            fields = [self.only_field(variant.fields[0].type)]
            body += self.result_class("_receipts", variant.name, variant.doc, fields, "EventBody")
            bodies.append((snake(variant.name), "only", variant.name))
            names.append(variant.name)
        self.unions.append(("EventBody", bodies))
        more = [name for _, style, name in bodies if style == "only"]
        body += f"EventBody = Union[Receipt, {', '.join(more)}]\n" + docstring(
            "What happened: a command was done, or something followed from it.", "") + "\n\n"
        event = self.rust.types["Event"]
        body += self.result_class("_receipts", "Event", event.doc, event.fields, "Event")
        self.receipts = [*names, "Receipt", "EventBody", "Event"]
        head = "\n".join(from_module(body, module, found) for module, found in [
            ("ims._late", ["Late"]), ("ims._rows", self.rows), ("ims._words", list(self.rust.words))])
        self.files[OUT / "_receipts.py"] = self.module("What a command did, and the log of it.", imports(body, head) + body)

    def write_rejections(self) -> None:
        body = ""
        entries = []
        for variant in self.rust.types["Rejection"].variants:
            code = snake(variant.name)
            body += f"class {variant.name}(Rejected):\n"
            message = re.sub(r"\{(\w+)[^}]*\}", r"<\1>", variant.doc)
            body += docstring(f"Says: {message}.", "    ")
            body += f'\n    code = "{code}"\n'
            names = [key(item.name) for item in variant.fields]
            body += f"    __match_args__ = ({''.join(f'{chr(34)}{name}{chr(34)}, ' for name in names).strip()})\n"
            for item in variant.fields:
                body += f"    {key(item.name)}: {self.rust.py(item.type).got}\n"
            body += "\n\n"
            fields = [Field("code", "Text", default=""), *variant.fields]
            rows = []
            for item in fields:
                rows.append(f'("{item.name}", "{key(item.name)}", "{self.rust.py(item.type).shape}", ())')
            self.records.append((f"!{variant.name}", f"rejections.{variant.name}", rows))
            entries.append((code, "fields", f"!{variant.name}"))
        self.unions.append(("Rejection", entries))
        names = [variant.name for variant in self.rust.types["Rejection"].variants]
        body += "ALL: tuple[type[Rejected], ...] = (\n" + "".join(f"    {name},\n" for name in names) + ")\n"
        body += '"""All of them, in order of precedence."""\n'
        head = "\n".join([from_module(body, "ims._errors", ["Rejected"]), from_module(body, "ims._words", list(self.rust.words))])
        about = "Why the rules said no: a class for each code.\n\nThe classes stand in order of precedence: a command is checked line by line, and a line is refused\nwith the first one that applies to it."
        self.files[OUT / "rejections.py"] = self.module(about, imports(body, head) + body)

    def write_commands(self) -> None:
        body = ""
        entries = []
        for name, _ in self.rust.commands:
            made = self.rust.types[name]
            parts = [
                (key(f.name), self.rust.py(f.type).given, self.rust.default(name, f), f.doc) for f in made.fields
            ]
            self.record("_commands", name, made.fields, name, given=True)
            body += data_class(name, made.doc, parts, ", kw_only=True")
            entries.append((snake(name), "through", name))
        names = [name for name, _ in self.rust.commands]
        body += "Command = Union[\n" + "".join(f"    {name},\n" for name in names) + "]\n"
        body += docstring("Something that can be asked of a shop, as data.", "") + ""
        self.unions.append(("Command", entries))
        head = "\n".join(from_module(body, module, found) for module, found in [
            ("ims._types", ["Id", "KEEP", "Keep", "Number"]), ("ims._values", self.values),
            ("ims._words", list(self.rust.words))])
        self.files[OUT / "_commands.py"] = self.module("Everything that can be asked of a shop.", imports(body, head) + body)

    # Questions.

    def question_fields(self, report: Report) -> tuple[str, list[Field]]:
        fields: list[Field] = []
        owner = report.name
        for name, rust in report.parameters:
            rust = rust.removeprefix("&")
            if rust == "PageRequest":
                continue
            if rust.endswith("Query") and rust not in self.rust.words:
                owner, fields = rust, self.rust.types[rust].fields
            elif rust in self.rust.words:
                word = next(v.name for v in self.rust.words[rust].variants if v.is_default)
                CHOSEN[owner, "which"] = f'"{snake(word)}"'
                fields = [Field("which", rust, "Which of them.")]
            else:
                about = {"now": "Holds that lapse at or before this moment count no more; the clock's where none is given.",
                         "series": "The series.", "number": "The number in it."}[name]
                fields.append(Field(name, rust if rust != "str" else "String", about))
        return owner, fields

    def write_questions(self) -> None:
        body = ""
        pages, lookups = [], []
        for report in self.rust.reports:
            owner, fields = self.question_fields(report)
            name = "Ask" + "".join(part.capitalize() for part in report.name.split("_"))
            parts = [(key(f.name), self.rust.py(f.type).given, None, "") for f in fields]
            self.record("_questions", name, fields, owner, given=True)
            body += data_class(name, report.doc, parts)
            is_page = report.answer.startswith("Page<")
            style = "through" if any(t.endswith("Query") and t.removeprefix("&") not in self.rust.words for _, t in report.parameters) else "fields"
            (pages if is_page else lookups).append((report.name, style, name))
        self.unions += [("Question", pages), ("Lookup", lookups)]
        head = "\n".join(from_module(body, module, found) for module, found in [
            ("ims._types", ["Id"]), ("ims._words", list(self.rust.words))])
        self.files[OUT / "_questions.py"] = self.module("What can be asked about a shop, as data.", imports(body, head) + body)

    # Methods.

    def receipt_for(self, command: str) -> tuple[str, str | None]:
        code = self.rust.types[command].file.read_text().split("#[cfg(test)]")[0]
        [variant] = set(re.findall(r"Receipt::(\w+)", code))
        return self.receipt_of[variant]

    def method(self, name: str, doc: str, arguments: list[tuple[str, str, str | None, str]], answer: str, call: str,
               word: str) -> str:
        required = [a for a in arguments if a[2] is None]
        optional = [a for a in arguments if a[2] is not None]
        text = f"    {word}def {name}(\n        self,\n        *,\n" if arguments else f"    {word}def {name}(self) -> {answer}:\n"
        for argument, hint, default, _ in required + optional:
            text += f"        {argument}: {hint}" + (f" = {default}" if default is not None else "") + ",\n"
        if arguments:
            text += f"    ) -> {answer}:\n"
        about = "\n".join(f"    {a}: {' '.join(d.split())}" for a, _, _, d in required + optional if d)
        text += docstring(doc + (f"\n\nArgs:\n{about}" if about else ""), "        ")
        return text + call + "\n"

    def write_methods(self, path: Path, is_async: bool) -> None:
        given = [("id", "Id | None", "None", ""), ("actor", "str | None", "None", ""),
                 ("now", "datetime | None", "None", ""), ("occurred_at", "datetime | None", "None", "")]
        word, wait = ("async ", "await ") if is_async else ("", "")
        rows = "AsyncRows" if is_async else "Rows"
        base = "Asking" if is_async else "Asking"
        body = f"class Commands({base}):\n" + docstring("A method for each command.\n\nEach takes `id` (made anew where none is given), `actor` (that of the store), `now` (the clock) and `occurred_at` (`now`) beside what it is about.", "    ") + "\n"
        for name, _ in self.rust.commands:
            made = self.rust.types[name]
            arguments = [(key(f.name), self.rust.py(f.type).given, self.rust.default(name, f), f.doc) for f in made.fields]
            receipt, only = self.receipt_for(name)
            answer = receipt
            if only is not None:
                [variant] = [v for v in self.rust.types["Receipt"].variants if v.name == receipt]
                answer = self.rust.py(variant.fields[0].type).got
            sent = ", ".join(f"{a}={a}" for a, *_ in arguments)
            command = f"{name}({sent})"
            call = f"        command = {command}\n"
            if len(call) > WIDTH + 1:
                call = f"        command = {name}(\n" + "".join(f"            {a}={a},\n" for a, *_ in arguments) + "        )\n"
            asked = f"{wait}self._execute({receipt}, command, id, actor, now, occurred_at)"
            call += f"        return ({asked}).{only}\n" if only and is_async else f"        return {asked}" + (f".{only}\n" if only else "\n")
            body += self.method(snake(name), made.doc, arguments + given, answer, call, word)
        body += f"\nclass Reports({base}):\n" + docstring("A method for each report.", "    ") + "\n"
        for report in self.rust.reports:
            owner, fields = self.question_fields(report)
            name = "Ask" + "".join(part.capitalize() for part in report.name.split("_"))
            arguments, sent = [], []
            for item in fields:
                default = self.rust.default(owner, item)
                hint = self.rust.py(item.type).given
                if item.name == "now":
                    hint, default = "datetime | None", "None"
                    sent.append("clock() if now is None else now")
                else:
                    sent.append(key(item.name))
                arguments.append((key(item.name), hint, default, item.doc))
            question = f"_questions.{name}({', '.join(sent)})"
            if match := re.fullmatch(r"Page<(.*)>", report.answer):
                row = self.rust.py(match[1]).got
                call = f"        return self._rows({row}, {question})\n"
                body += self.method(report.name, report.doc, arguments, f"{rows}[{row}]", call, "")
            else:
                answer = self.rust.py(report.answer).got
                call = f"        found: {answer} = {wait}self._look_up({question})\n        return found\n"
                body += self.method(report.name, report.doc, arguments, answer, call, word)
        module = "ims.aio._asking" if is_async else "ims._asking"
        head = "\n".join(line for line in [
            "from ims import _questions",
            from_module(body, module, ["Asking"]),
            from_module(body, "ims._commands", [name for name, _ in self.rust.commands]),
            from_module(body, "ims._receipts", self.receipts),
            from_module(body, "ims.aio._listing" if is_async else "ims._listing", [rows]),
            from_module(body, "ims._rows", self.rows),
            from_module(body, "ims._types", ["clock", "Id", "KEEP", "Keep", "Number"]),
            from_module(body, "ims._values", self.values),
            from_module(body, "ims._words", list(self.rust.words)),
        ] if line)
        about = "What can be asked of a shop and about it" + (", for asyncio." if is_async else ".")
        self.files[path] = self.module(about, imports(body, head) + body)

    def write_words(self) -> None:
        body = ""
        self.rust.used_words.setdefault("DocumentKind")
        for name in sorted(self.rust.used_words):
            if name == "DocumentKind":
                words, doc, about = ["order", "return", "purchase"], "What goods moved for.", {}
            else:
                made = self.rust.words[name]
                kebab = "kebab-case" in made.attributes
                words = [snake(v.name).replace("_", "-") if kebab else snake(v.name) for v in made.variants]
                doc = made.doc
                about = dict(zip(words, (v.doc for v in made.variants)))
            line = f"{name}: TypeAlias = Literal[{', '.join(f'{chr(34)}{word}{chr(34)}' for word in words)}]"
            if len(line) > WIDTH:
                line = f"{name}: TypeAlias = Literal[\n" + "".join(f'    "{word}",\n' for word in words) + "]"
            listed = "\n".join(f"- `{word}`: {' '.join(text.split())}" for word, text in about.items())
            body += line + "\n" + docstring(doc.split("\n\n")[0] + (f"\n\n{listed}" if listed else ""), "") + "\n"
        self.files[OUT / "_words.py"] = self.module("Choices, as words.", imports(body).rstrip() + "\n\n" + body)

    def write_shapes(self) -> None:
        def entry(name: str, path: str, fields: list[str]) -> str:
            inner = "".join(f"            {line},\n" for line in fields)
            return f'    (\n        "{name}",\n        {path},\n        (\n{inner}        ),\n    ),\n' if fields else f'    ("{name}", {path}, ()),\n'

        body = "RECORDS: tuple[Record, ...] = (\n" + "".join(entry(*record) for record in self.records) + ")\n\n"
        body += "UNIONS: tuple[Union, ...] = (\n"
        for name, variants in self.unions:
            inner = "".join(f'            ("{v}", "{style}", "{kind}"),\n' for v, style, kind in variants)
            body += f'    (\n        "{name}",\n        (\n{inner}        ),\n    ),\n'
        body += ")\n"
        head = '''from __future__ import annotations

from typing import Any

from ims import _commands, _questions, _receipts, _rows, _values, rejections
from ims._types import KEEP

Field = tuple[str, str, str, tuple[Any, ...]]
"""The name in Rust, the name in Python, the shape, and what it is where nothing is said."""
Record = tuple[str, type, tuple[Field, ...]]
Union = tuple[str, tuple[tuple[str, str, str], ...]]

'''
        self.files[OUT / "_shapes.py"] = self.module("Which class stands for which Rust type; see `src/book.rs`.", head + body)

    def write_names(self) -> None:
        groups = {
            "ims._commands": [name for name, _ in self.rust.commands] + ["Command"],
            "ims._errors": ERRORS,
            "ims._listing": ["Fetched", "Rows"],
            "ims._native": ["learn as _learn"],
            "ims._receipts": self.receipts,
            "ims._rows": self.rows,
            "ims._shapes": ["RECORDS as _RECORDS", "UNIONS as _UNIONS"],
            "ims._store": ["Ims", "Outcomes", "Request", "Verdict", "open"],
            "ims._types": ["KEEP", "Id", "Keep", "Number"],
            "ims._values": self.values,
            "ims._words": sorted(self.rust.used_words),
        }
        body = "from __future__ import annotations\n\nfrom ims import rejections\n"
        for module, names in groups.items():
            line = f"from {module} import {', '.join(names)}\n"
            if len(line) > WIDTH:
                listed = sorted(names, key=by_name)
                line = f"from {module} import (\n" + "".join(f"    {name},\n" for name in listed) + ")\n"
            body += line
        shown = {name for names in groups.values() for name in names if " as " not in name} | {"rejections"}
        body += "\n_learn(_RECORDS, _UNIONS)\n"
        body += "\n__all__ = [\n" + "".join(f'    "{name}",\n' for name in sorted(shown, key=by_name)) + "]\n"
        about = (HERE / "tools" / "about.txt").read_text().strip()
        self.files[OUT / "__init__.py"] = HEADER + f'"""{about}\n"""\n\n' + body

    def module(self, doc: str, text: str) -> str:
        text = re.sub(r"\n{4,}", "\n\n\n", text).rstrip() + "\n"
        return HEADER + docstring(doc, "") + "\n" + text

    def write_all(self) -> None:
        self.write_values()
        self.write_rows()
        self.write_receipts()
        self.write_rejections()
        self.write_commands()
        self.write_questions()
        self.write_methods(OUT / "_methods.py", False)
        self.write_methods(OUT / "aio" / "_methods.py", True)
        self.write_words()
        self.write_shapes()
        self.write_names()


def main() -> int:
    package = Package()
    package.write_all()
    stale = [path for path, text in package.files.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(HERE)} is not what tools/generate.py writes")
        return 1 if stale else 0
    for path, text in package.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
