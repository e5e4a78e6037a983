"""An inventory engine to embed anywhere: stock, orders, costs and alerts, exact to the last unit and cent.

>>> import ims
>>> with ims.open("memory:") as shop:
...     _ = shop.open_shop(name="Corner shop", currency="EUR")
...     site = shop.create_location(code="MAIN", name="Main street")
...     tea = shop.create_item(sku="TEA-1", name="Green tea", price=5)
...     _ = shop.receive_stock(site=site.id, lines=[ims.CostedGoods(tea.id, 10, unit_cost=2)])
...     sold = shop.sell(site=site.id, lines=[ims.OrderedLine(tea.id, 3)])
...     print(sold.order.total, [line.available for line in shop.stock()])
15 [Decimal('7')]
"""

from __future__ import annotations

from ims import rejections
from ims._errors import Closed, Conflict, Error, IdReused, InternalError, Rejected, Stopped, StoreError
from ims._listing import Rows
from ims._names import *
from ims._names import __all__ as _names
from ims._native import learn as _learn
from ims._shapes import RECORDS as _RECORDS
from ims._shapes import UNIONS as _UNIONS
from ims._store import Ims, Request, Verdict, open
from ims._types import KEEP, Id, Keep, Number

_learn(_RECORDS, _UNIONS)

__all__ = [
    "KEEP",
    "Closed",
    "Conflict",
    "Error",
    "Id",
    "IdReused",
    "Ims",
    "InternalError",
    "Keep",
    "Number",
    "Rejected",
    "Request",
    "Rows",
    "Stopped",
    "StoreError",
    "Verdict",
    "open",
    "rejections",
]
__all__ += _names
