from django.urls import path

from houses import views

urlpatterns = [
    path("houses/<slug:slug>/<slug:version>.css", views.stylesheet, name="house_stylesheet"),
    path("houses/<slug:slug>/<slug:version>/icon-<int:size>.png", views.icon, name="house_icon"),
    path("pages/<slug:slug>/", views.text_page, name="text_page"),
    path("pages/<slug:slug>/<int:text_id>/", views.earlier_text, name="earlier_text"),
    path("news/", views.news, name="news"),
    path("news/<slug:slug>/", views.post, name="post"),
]
