"""Products, lots and the ledger."""

from typing import Final

from medspa.api_words.shared import CURSOR, SERVICE, Words

NO_LOT: Final = {409: ("lot-unusable",), 422: ("invalid",)}

STOCK: Final[dict[str, Words]] = {
    "stock_products": Words(
        "Stock", "List products", f"Archived ones too. Quantities are of their unit. {CURSOR}", "stock.view"
    ),
    "stock_lots": Words(
        "Stock", "List lots", f"With what is left of each, by location. {CURSOR}", "stock.view"
    ),
    "stock_lot": Words("Stock", "Read a lot", "With what is left of it, by location.", "stock.view"),
    "stock_receive": Words(
        "Stock",
        "Put a delivery on the shelf",
        "The lot is made where it is new. What has expired, or is recalled, is refused.",
        "stock.manage",
        NO_LOT,
        {
            "product": SERVICE,
            "number": "C6184",
            "expires_on": "2028-01-31",
            "location": SERVICE,
            "quantity": "100",
        },
    ),
    "stock_count": Words(
        "Stock",
        "Count a lot",
        "What was counted becomes what is left; the difference stands in the ledger, also when there is none.",
        "stock.manage",
        {422: ("invalid",)},
        {"location": SERVICE, "found": "87.5"},
    ),
    "stock_movements": Words(
        "Stock",
        "Read the ledger",
        f"Every unit that came, went or was counted; rows are only added. {CURSOR}",
        "stock.view",
    ),
}
