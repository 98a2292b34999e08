from django.urls import path

from theaters import invitation_views, views

urlpatterns = [
    path("", views.listing, name="whats_on"),
    path("movies/<slug:slug>/", views.movie, name="movie"),
    path("movies/<slug:slug>/poster.svg", views.poster, name="poster"),
    path("movies/<slug:slug>/palette.css", views.palette, name="palette"),
    path("invitations/<str:secret>/", invitation_views.accept, name="accept_invitation"),
    path("theaters/<slug:slug>/", views.theater, name="theater"),
]
