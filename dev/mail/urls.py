from django.urls import path

from dev.mail import views

urlpatterns = [
    path("", views.mails, name="dev_mails"),
    path("<slug:key>/", views.mail, name="dev_mail"),
    path("<slug:key>/html/", views.mail_html, name="dev_mail_html"),
]
