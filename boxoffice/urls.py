from django.urls import path

from boxoffice.views import door

urlpatterns = [
    path("door/", door.door, name="door"),
    path("door/here/", door.choose_door, name="choose_door"),
    path("door/scan/", door.scan, name="scan"),
    path("door/undo/<int:scan_id>/", door.undo_scan, name="undo_scan"),
]
