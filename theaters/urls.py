from django.urls import path

from theaters import machine_views, series_views, views

urlpatterns = [
    path("", views.listing, name="whats_on"),
    path("search/", views.search_page, name="search"),
    path("coming-soon/", series_views.coming_soon, name="coming_soon"),
    path("series/<slug:slug>/", series_views.series, name="series"),
    path("movies/<slug:slug>/", views.movie, name="movie"),
    path("movies/<slug:slug>/poster.svg", views.poster, name="poster"),
    path("movies/<slug:slug>/palette.css", views.palette, name="palette"),
    path("movies/<slug:slug>/share.png", machine_views.share_picture, name="share_picture"),
    path("theaters/<slug:slug>/", views.theater, name="theater"),
    path("theaters/<slug:slug>/seats/<slug:version>.css", views.seat_stylesheet, name="seat_stylesheet"),
    path("theaters/<slug:slug>/showtimes.ics", machine_views.showtimes_ics, name="showtimes_ics"),
    path("theaters/<slug:slug>/showtimes.atom", machine_views.showtimes_feed, name="showtimes_atom"),
    path("theaters/<slug:slug>/showtimes.json", machine_views.showtimes_data, name="showtimes_json"),
    path("widget.js", machine_views.widget, name="widget"),
    path("robots.txt", machine_views.robots, name="robots"),
    path("sitemap.xml", machine_views.sitemap, name="sitemap"),
    path("manifest.webmanifest", machine_views.manifest, name="manifest"),
    path("apple-touch-icon.png", machine_views.phone_icon, name="house_phone_icon"),
]
