from django.urls import path

from accounts import views

urlpatterns = [
    path("signup/", views.SignUp.as_view(), name="account_signup"),
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("login/code/", views.AskForSignInCode.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", views.TypeSignInCode.as_view(), name="account_confirm_login_code"),
    path("needs/", views.needs, name="needs"),
    path("sessions/", views.sessions, name="account_sessions"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
]
