from django.urls import path

from practice import api, services_api, settings_api, stock_api

urlpatterns = [
    path("services/", services_api.ServicesToo.as_view(), name="api_services"),
    path("services/all/", services_api.AllServices.as_view(), name="api_all_services"),
    path("services/<uuid:uid>/", services_api.OneService.as_view(), name="api_service"),
    path("locations/", settings_api.Locations.as_view(), name="api_locations"),
    path("locations/<uuid:uid>/", settings_api.OneLocation.as_view(), name="api_location"),
    path("rooms/", settings_api.Rooms.as_view(), name="api_rooms"),
    path("rooms/<uuid:uid>/", settings_api.OneRoom.as_view(), name="api_room"),
    path("devices/", settings_api.Devices.as_view(), name="api_devices"),
    path("devices/<uuid:uid>/", settings_api.OneDevice.as_view(), name="api_device"),
    path("closures/", settings_api.Closures.as_view(), name="api_closures"),
    path("closures/<uuid:uid>/", settings_api.OneClosure.as_view(), name="api_closure"),
    path("stock/products/", stock_api.StockProducts.as_view(), name="api_stock_products"),
    path("stock/lots/", stock_api.StockLots.as_view(), name="api_stock_lots"),
    path("stock/lots/<uuid:uid>/", stock_api.StockLot.as_view(), name="api_stock_lot"),
    path("stock/lots/<uuid:uid>/count/", stock_api.StockCount.as_view(), name="api_stock_count"),
    path("stock/movements/", stock_api.StockMovements.as_view(), name="api_stock_movements"),
    path("booking-texts/", api.BookingTexts.as_view(), name="api_booking_texts"),
]
