from django.urls import path

from accounts import views

urlpatterns = [
    path("signup/", views.SignUp.as_view(), name="account_signup"),
    path("sessions/", views.sessions, name="account_sessions"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
]
