"""A shop's day by the client that openapi-python-client makes of the document.

    python day.py URL NAME PASSWORD
"""

import datetime
import sys
import uuid
from typing import TypeVar

from ims_client import AuthenticatedClient, Client
from ims_client.api.items import create_item, item, items, items_csv, update_item
from ims_client.api.locations import create_location
from ims_client.api.movements import movements
from ims_client.api.orders import order, orders
from ims_client.api.reports import profit
from ims_client.api.returns import return_goods
from ims_client.api.sales import sell
from ims_client.api.shop import open_shop
from ims_client.api.stock import receive_stock, stock
from ims_client.api.tokens import sign_in
from ims_client.models import (
    CostingMethod,
    CreateItem,
    CreateLocation,
    GoodsReturned,
    Item,
    ItemPage,
    Location,
    MovementPage,
    OpenShop,
    Order,
    OrderPage,
    Problem,
    ProfitBy,
    ProfitLinePage,
    ReceiveStock,
    ReturnedGoodsOfOrder,
    ReturnedGoodsOfOrderOfOrder,
    ReturnedLine,
    ReturnGoods,
    Rounding,
    RoundingMode,
    Sell,
    Shop,
    SignIn,
    Sold,
    StockLinePage,
    StockReceived,
    Tokens,
    UpdateItemBody,
)
from ims_client.types import Response

Made = TypeVar("Made")
MAIN, TEA = "code:MAIN", "sku:TEA-1"


def done(answer: object, kind: type[Made]) -> Made:
    """The answer, which has to be of this kind."""
    assert isinstance(answer, kind), answer
    return answer


def refused(response: Response[Made | Problem], status: int) -> str:
    """The code of the problem."""
    assert response.status_code == status, response
    return done(response.parsed, Problem).code


def key() -> str:
    return str(uuid.uuid4())


def day(url: str, name: str, password: str) -> None:
    nobody = Client(base_url=url, raise_on_unexpected_status=True)
    wrong = sign_in.sync_detailed(client=nobody, body=SignIn(name=name, password="another one"))
    assert refused(wrong, 401) == "sign_in_failed"
    tokens = done(sign_in.sync(client=nobody, body=SignIn(name=name, password=password)), Tokens)
    with AuthenticatedClient(base_url=url, token=tokens.access_token, raise_on_unexpected_status=True) as client:
        open_and_fill(client)
        trade(client)


def open_and_fill(client: AuthenticatedClient) -> None:
    rounding = Rounding(digits=2, mode=RoundingMode.HALF_EVEN)
    shop = OpenShop(
        name="Corner shop", currency="EUR", time_zone="Europe/Berlin", rounding=rounding, costing=CostingMethod.FIFO
    )
    assert done(open_shop.sync(client=client, body=shop, idempotency_key=key()), Shop).currency == "EUR"
    site = create_location.sync(client=client, body=CreateLocation(code="MAIN", name="Main street 1"), idempotency_key=key())
    assert done(site, Location).code == "MAIN"

    tea = CreateItem(sku="TEA-1", name="Green tea", brand="Leaf", price="4.50")
    made = create_item.sync_detailed(client=client, body=tea, idempotency_key=key())
    assert (made.status_code, done(made.parsed, Item).price) == (201, "4.5")
    made_item, etag = done(made.parsed, Item), made.headers["etag"]
    change = UpdateItemBody(price="5.00")
    changed = update_item.sync(made_item.id, client=client, body=change, idempotency_key=key(), if_match=etag)
    assert done(changed, Item).price == "5"
    stale = update_item.sync_detailed(TEA, client=client, body=change, idempotency_key=key(), if_match=etag)
    assert refused(stale, 412) == "changed"

    line = {"item": TEA, "quantity": "20", "unit_cost": "2.10"}
    goods = ReceiveStock.from_dict({"site": MAIN, "lines": [line]})
    received = done(receive_stock.sync(client=client, body=goods, idempotency_key=key()), StockReceived)
    assert received.lines[0].quantity == "20"


def trade(client: AuthenticatedClient) -> None:
    sale = Sell.from_dict({"site": MAIN, "lines": [{"item": TEA, "quantity": "3"}]})
    first = sell.sync_detailed(client=client, body=sale, idempotency_key="till-1/1")
    again = sell.sync_detailed(client=client, body=sale, idempotency_key="till-1/1")
    sold = done(first.parsed, Sold)
    assert (sold.order.total, first.status_code) == ("15", 201)
    assert done(again.parsed, Sold).order.id == sold.order.id
    replayed = [one.headers.get("idempotent-replayed") for one in (first, again)]
    assert replayed == [None, "true"], replayed
    too_many = Sell.from_dict({"site": MAIN, "lines": [{"item": TEA, "quantity": "1000"}]})
    wrong = sell.sync_detailed(client=client, body=too_many, idempotency_key=key())
    assert refused(wrong, 409) == "insufficient_stock"

    page = done(items.sync(client=client, brand="Leaf", limit=10), ItemPage)
    assert ([row.sku for row in page.rows], page.next_) == (["TEA-1"], None)
    text = done(items_csv.sync(client=client), str)
    assert text.startswith("id,sku,name,"), text
    since = datetime.date(2000, 1, 1)
    found = done(orders.sync(client=client, from_=since, item=TEA), OrderPage)
    assert [row.id for row in found.rows] == [sold.order.id]
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    moved = done(movements.sync(client=client, item=TEA, from_=since, until=until), MovementPage)
    assert len(moved.rows) == 2

    lines = [ReturnedLine(line=0, quantity="1")]
    goods = ReturnedGoodsOfOrder(of_order=ReturnedGoodsOfOrderOfOrder(order=sold.order.id, lines=lines))
    back = done(return_goods.sync(client=client, body=ReturnGoods(goods=goods), idempotency_key=key()), GoodsReturned)
    assert back.lines[0].quantity == "1"
    assert done(order.sync(sold.order.id, client=client), Order).id == sold.order.id
    shelf = done(stock.sync(client=client, item=TEA), StockLinePage)
    assert [line.on_hand for line in shelf.rows] == ["18"]
    earned = done(profit.sync(client=client, by=ProfitBy.DAY), ProfitLinePage)
    assert len(earned.rows) == 1
    assert refused(item.sync_detailed("sku:NONE", client=client), 404) == "unknown_name"


if __name__ == "__main__":
    day(*sys.argv[1:])
    print("openapi-python-client: a day is over")
