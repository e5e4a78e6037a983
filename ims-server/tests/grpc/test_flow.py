"""A shop's whole way, from an account to a report: by REST and by gRPC, at one server and at two that share a database.

`IMS_PROGRAM` names the server's program, `IMS_TEST_POSTGRES_URL` a PostgreSQL server.
"""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

import grpc
import pg8000.dbapi
import pytest
from conftest import PASSWORD, Compiled, Server, serve
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import MessageToDict, ParseDict

ANNA = {"name": "anna", "password": PASSWORD}


class Way(Protocol):
    """A way to ask a server: operations are called as the OpenAPI document calls them, and so are their fields."""

    token: str | None

    def call(self, operation: str, key: str | None = None, **fields: Any) -> dict[str, Any]:
        """Asks, or has something done; `key` is the idempotency key."""
        ...


class Rest:
    """By HTTP, at the path that the server's own document names."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.token: str | None = None
        self.paths = {
            operation["operationId"]: (verb.upper(), path)
            for path, verbs in self.send("GET", "/openapi.json")["paths"].items()
            for verb, operation in verbs.items()
        }

    def call(self, operation: str, key: str | None = None, **fields: Any) -> dict[str, Any]:
        verb, path = self.paths[operation]
        for name in [name for name in fields if f"{{{name}}}" in path]:
            path = path.replace(f"{{{name}}}", quote(fields.pop(name)))
        if verb == "GET":
            return self.send(verb, f"{path}?{urlencode(fields)}")
        return self.send(verb, path, fields, key)

    def send(self, verb: str, path: str, body: Any = None, key: str | None = None) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if key is not None:
            headers["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"http://{self.server.http}{path}", data, headers, method=verb), timeout=30) as response:
            answer: dict[str, Any] = json.load(response)
            return answer


class Grpc:
    """By gRPC, with what Google's compiler makes of the files."""

    def __init__(self, server: Server, compiled: Compiled, open: ExitStack) -> None:
        self.token: str | None = None
        channel = open.enter_context(grpc.insecure_channel(server.grpc))
        self.services = [
            (compiled.ims, compiled.ims_services.InventoryStub(channel)),
            (compiled.accounts, compiled.accounts_services.AccountsStub(channel)),
        ]

    def call(self, operation: str, key: str | None = None, **fields: Any) -> dict[str, Any]:
        method = "".join(word.title() for word in operation.split("_"))
        [(messages, service)] = [one for one in self.services if hasattr(one[1], method)]
        request = getattr(messages, f"{method}Request")()
        request = ParseDict(with_enums(request.DESCRIPTOR, fields), request)
        metadata = [] if self.token is None else [("authorization", f"Bearer {self.token}")]
        metadata += [] if key is None else [("idempotency-key", key)]
        answer = getattr(service, method)(request, metadata=metadata, timeout=30)
        return MessageToDict(answer, preserving_proto_field_name=True)


def with_enums(message: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """Writes words as the values of their enums are called."""

    def value(field: FieldDescriptor, given: Any) -> Any:
        if field.enum_type is None:
            return given
        [name] = [name for name in field.enum_type.values_by_name if name.endswith(f"_{given.upper()}")]
        return name

    return {name: value(message.fields_by_name[name], given) for name, given in fields.items()}


@dataclass
class Shop:
    """A store and the servers that serve it: one, or two that are asked in turn."""

    store: str
    servers: list[Server]


@pytest.fixture(params=["sqlite", "postgres"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """A store that was never used, with a server on SQLite and two on PostgreSQL."""
    with ExitStack() as open:
        two = request.param == "postgres"
        store = new_database(open) if two else f"sqlite:{tmp_path / 'shop.db'}"
        servers = [open.enter_context(serve(store, ["auth.registration=clerk"])) for _ in range(1 + two)]
        yield Shop(store, servers)


def new_database(open: ExitStack) -> str:
    """Makes a database on the server that the environment names, and has it dropped at the end."""
    server = os.environ.get("IMS_TEST_POSTGRES_URL")
    if server is None:
        pytest.fail("IMS_TEST_POSTGRES_URL names no server")
    parts = urlsplit(server)

    def run(statement: str) -> None:
        connection = pg8000.dbapi.connect(
            parts.username, host=parts.hostname, port=parts.port or 5432, password=parts.password, database=parts.path[1:]
        )
        connection.autocommit = True
        connection.cursor().execute(statement)
        connection.close()

    name = f"ims_flow_{uuid.uuid4().hex}"
    run(f"CREATE DATABASE {name}")
    open.callback(run, f"DROP DATABASE {name} WITH (FORCE)")
    return f"{server.rpartition('/')[0]}/{name}"


@pytest.mark.parametrize("kind", ["rest", "grpc"])
def test_a_shop_from_its_first_account_to_its_report(kind: str, shop: Shop, compiled: Compiled) -> None:
    with ExitStack() as open:
        make: dict[str, Callable[[Server], Way]] = {"rest": Rest, "grpc": lambda server: Grpc(server, compiled, open)}
        ways = [make[kind](server) for server in shop.servers]
        # What is done at the one is seen at the other.
        here, there = ways[0], ways[-1]
        run(shop.store, here, there)
    verified = program(shop.store, "--format", "json", "verify")
    assert json.loads(verified)["ok"] is True


def run(store: str, here: Way, there: Way) -> None:
    assert here.call("register", **ANNA)["role"] == "clerk"
    program(store, "user", "role", "anna", "manager")
    here.token = there.token = there.call("sign_in", **ANNA)["access_token"]

    here.call("open_shop", "open", name="Corner shop", currency="EUR", time_zone="Europe/Lisbon")
    site = there.call("create_location", "site", code="MAIN", name="Main street")["id"]
    supplier = here.call("create_supplier", "supplier", code="LEAF", contact={"name": "Leaf & Co", "city": "Porto"})["id"]
    tea = {"sku": "TEA-1", "name": "Green tea", "brand": "Leaf", "price": "4.50", "reorder_point": "5"}
    item = there.call("create_item", "item", **tea)["id"]
    customer = here.call("create_customer", "customer", code="BEN", contact={"name": "Ben"})["id"]

    goods = [{"item": item, "quantity": "20", "unit_cost": "2.10"}]
    purchase = there.call("place_purchase", "purchase", supplier=supplier, site=site, lines=goods)["id"]
    [stock] = here.call("stock", item=item)["rows"]
    assert numbers(stock, "on_hand", "incoming") == [0, 20]
    here.call("receive_purchase", "receipt", purchase=purchase)
    [stock] = there.call("stock", item=item)["rows"]
    assert numbers(stock, "on_hand", "available", "incoming") == [20, 20, 0]

    lines = [{"item": "sku:TEA-1", "quantity": "16"}]
    order = here.call("place_order", "order", site="code:MAIN", customer=customer, lines=lines)
    # Sent again, and to the other server: it is the same order.
    assert there.call("place_order", "order", site="code:MAIN", customer=customer, lines=lines) == order
    [listed] = there.call("orders", customer=customer)["rows"]
    assert (listed["id"], Decimal(listed["total"])) == (order["id"], 72)
    there.call("ship_order", "shipment", order=order["id"])
    [stock] = here.call("stock", item=item)["rows"]
    assert numbers(stock, "on_hand", "committed", "available") == [4, 0, 4]

    [alert] = there.call("alerts")["rows"]
    assert (alert["sku"], alert["site"]) == ("TEA-1", "MAIN")
    here.call("acknowledge_alert", "known", item=item, site=site)
    [line] = there.call("profit", by="brand")["rows"]
    assert line["key"] == "Leaf"
    assert numbers(line, "revenue", "cost") == [72, Decimal("33.6")]
    assert numbers(here.call("value"), "value") == [Decimal("8.4")]


def numbers(row: dict[str, Any], *names: str) -> list[Decimal]:
    """Some numbers of a row."""
    return [Decimal(row[name]) for name in names]


def program(store: str, *words: str) -> str:
    """Runs the command line at the store itself."""
    done = subprocess.run([os.environ["IMS_PROGRAM"], "--store", store, *words], check=True, capture_output=True, text=True)
    return done.stdout
