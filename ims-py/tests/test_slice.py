"""A shop that opens, buys, sells and adds up."""

from __future__ import annotations

from decimal import Decimal

import ims


def test_a_shop_opens_buys_sells_and_adds_up() -> None:
    with ims.open("memory:") as shop:
        shop.open_shop(name="Corner shop", currency="EUR")
        site = shop.create_location(code="MAIN", name="Main street")
        tea = shop.create_item(sku="TEA-1", name="Green tea", price=Decimal("4.50"))
        shop.receive_stock(site=site.id, lines=[ims.CostedGoods(tea.id, 10, Decimal(2))])
        sold = shop.sell(site=site.id, lines=[ims.OrderedLine(tea.id, 3)])
        assert sold.order.total == Decimal("13.50")
        assert [line.available for line in shop.stock()] == [Decimal(7)]
        assert shop.verify().ok
