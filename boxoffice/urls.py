from django.urls import path

from boxoffice.guard import staff_page
from boxoffice.views import door, ledger

urlpatterns = [
    path("admin/ledger/", staff_page(ledger.PERMISSION)(ledger.export), name="ledger_export"),
    path("door/", door.door, name="door"),
    path("door/here/", door.choose_door, name="choose_door"),
    path("door/scan/", door.scan, name="scan"),
    path("door/undo/<int:scan_id>/", door.undo_scan, name="undo_scan"),
]
