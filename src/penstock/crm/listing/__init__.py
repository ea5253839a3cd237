"""Lists of records for screens: filtered, searched, sorted and counted in bounded time at a million records.

`parse_matching` and `parse_order` read a request, `list_page` gives one page, `count` tells how many match.
"""

from penstock.crm.listing.bounds import Budget
from penstock.crm.listing.count import Count, count
from penstock.crm.listing.page import ListPage, list_page
from penstock.crm.listing.request import (
    Matching,
    Order,
    Place,
    cursor,
    fingerprint,
    parse_matching,
    parse_order,
    read_cursor,
)

__all__ = [
    "Budget",
    "Count",
    "ListPage",
    "Matching",
    "Order",
    "Place",
    "count",
    "cursor",
    "fingerprint",
    "list_page",
    "parse_matching",
    "parse_order",
    "read_cursor",
]
