from django.urls import path

from staff import views

urlpatterns = [path("invitations/<str:secret>/", views.accept, name="accept_invitation")]
