from django.urls import path

from bench.ceiling import views

urlpatterns = [
    path("", views.shows),
    path("shows/<int:show_id>/", views.seats),
    path("shows/<int:show_id>/hold/", views.hold_by_orm),
    path("shows/<int:show_id>/hold-in-one/", views.hold_in_one),
]
