"""Addresses below /desk/stock/."""

from django.urls import path

from practice.views import stock, stock_acts

app_name = "stock"

urlpatterns = [
    path("", stock.stock, name="list"),
    path("receive/", stock_acts.receive, name="receive"),
    path("products/", stock.products, name="products"),
    path("products/new/", stock_acts.new_product, name="new_product"),
    path("products/<uuid:uid>/", stock_acts.product, name="product"),
    path("products/<uuid:uid>/archive/", stock_acts.archive_product, name="archive_product"),
    path("products/<uuid:uid>/restore/", stock_acts.restore_product, name="restore_product"),
    path("lots/<uuid:uid>/", stock.lot, name="lot"),
    *[
        path(f"lots/<uuid:uid>/{what}/", stock_acts.act, {"what": what}, name=what)
        for what in stock_acts.ACTS
    ],
    path("movements/", stock.movements, name="movements"),
    path("movements/export.csv", stock.export, name="export"),
    path("movements/<uuid:uid>/undo/", stock_acts.undo, name="undo"),
    path("variance/", stock.variance, name="variance"),
]
