"""A client that shares nothing with the server but `ims.proto`: Google's own compiler and library.

`IMS_PROGRAM` names the server's program.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import grpc
import pytest
from conftest import PASSWORD, Compiled, serve
from google.rpc import error_details_pb2
from grpc_status import rpc_status


@pytest.fixture(scope="session")
def ims(compiled: Compiled) -> tuple[Any, Any]:
    """The modules of the service that is about the shop."""
    return compiled.ims, compiled.ims_services


@pytest.fixture(scope="session")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[grpc.Channel]:
    """A server on ports of its own, with a user who has signed in."""
    folder = tmp_path_factory.mktemp("server")
    token = folder / "first-admin"
    with serve(f"sqlite:{folder / 'shop.db'}", [f"auth.first_admin_file={token}"]) as server:
        name = {"name": "ada", "password": PASSWORD}
        post(server.http, "/v1/account/first-admin", {**name, "token": token.read_text()})
        signed_in = post(server.http, "/v1/tokens", name)
        bearer = ("authorization", f"Bearer {signed_in['access_token']}")
        with grpc.insecure_channel(server.grpc) as plain:
            yield grpc.intercept_channel(plain, With(bearer))


def post(address: str, path: str, body: dict[str, str]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    request = Request(f"http://{address}{path}", json.dumps(body).encode(), headers)
    with urlopen(request, timeout=30) as response:
        answer: dict[str, Any] = json.load(response)
        return answer


class With(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """Sends an entry of metadata with every call."""

    def __init__(self, entry: tuple[str, str]) -> None:
        self.entry = entry

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        return continuation(self.added(details), request)

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        return continuation(self.added(details), request)

    def added(self, details: Any) -> Any:
        return details._replace(metadata=[*(details.metadata or []), self.entry])


def test_a_shop_is_run_from_python(ims: tuple[Any, Any], channel: grpc.Channel) -> None:
    pb, services = ims
    shop = services.InventoryStub(channel)

    def done(method: str, request: Any, key: str) -> Any:
        return getattr(shop, method)(request, metadata=[("idempotency-key", key)])

    done("OpenShop", pb.OpenShopRequest(name="Corner shop", currency="GBP"), "open")
    main = done("CreateLocation", pb.CreateLocationRequest(code="MAIN", name="Main street"), "main").id
    tea = pb.CreateItemRequest(sku="TEA-1", name="Green tea", price="4.5", tracking=pb.TRACKING_STOCKED)
    item = done("CreateItem", tea, "tea").receipt.item_created
    assert (item.sku, item.costing, item.HasField("reorder_point")) == ("TEA-1", pb.COSTING_METHOD_FIFO, False)
    goods = [pb.CostedGoods(item=item.id, quantity="20", unit_cost="2.10")]
    done("ReceiveStock", pb.ReceiveStockRequest(site=main, lines=goods), "goods")

    lines = [pb.OrderedLine(item="sku:TEA-1", quantity="6", discount=pb.Discount(fraction="0.5"))]
    order = pb.PlaceOrderRequest(site=main, lines=lines)
    placed = done("PlaceOrder", order, "order-1")
    assert placed.receipt.WhichOneof("receipt") == "order_placed"
    assert (placed.receipt.order_placed.total, placed.receipt.order_placed.number) == ("13.5", 1)
    assert done("PlaceOrder", order, "order-1") == placed

    done("UpdateItem", pb.UpdateItemRequest(item=item.id, price=pb.OptionalAmount()), "no-price")
    assert not shop.Item(pb.ItemRequest(item=item.id)).HasField("price")

    [stock] = shop.Stock(pb.StockRequest(item=item.id)).rows
    assert (stock.on_hand, stock.committed, stock.available) == ("20", "6", "14")
    offsets = []
    for event in shop.Events(pb.EventsRequest(after=2)):
        offsets.append(event.offset)
        if event.body.done.WhichOneof("receipt") == "item_updated":
            break
    assert offsets == [3, 4, 5, 6]


def test_a_refusal_is_told_with_its_numbers(ims: tuple[Any, Any], channel: grpc.Channel) -> None:
    pb, services = ims
    shop = services.InventoryStub(channel)
    order = pb.PlaceOrderRequest(site="code:MAIN", lines=[pb.OrderedLine(item="sku:TEA-1", quantity="15", unit_price="1")])
    with pytest.raises(grpc.RpcError) as raised:
        shop.PlaceOrder(order, metadata=[("idempotency-key", "order-2")])
    assert raised.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    [info, whole] = rpc_status.from_call(raised.value).details
    reason, refusal = error_details_pb2.ErrorInfo(), pb.Rejection()
    assert info.Unpack(reason) and whole.Unpack(refusal)
    assert (reason.reason, reason.metadata["available"]) == ("insufficient_stock", "14")
    assert refusal.insufficient_stock.wanted == "15"
    assert refusal.insufficient_stock.available == "14"
