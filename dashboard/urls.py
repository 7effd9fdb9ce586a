"""Addresses of the operations room."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from dashboard import views

app_name = "dashboard"
_DOOR = "dashboard/sign_in.html"
urlpatterns = [
    path("ops/", views.overview, name="overview"),
    path("ops/sign-in/", views.in_english(LoginView.as_view(template_name=_DOOR)), name="sign_in"),
    path("ops/sign-out/", LogoutView.as_view(), name="sign_out"),
    path("ops/leads/", views.lead_table, name="leads"),
    path("ops/leads/<uuid:lead_id>/", views.lead_detail, name="lead"),
    path("ops/applications/", views.applications, name="applications"),
    path("ops/mail/", views.outbox, name="outbox"),
    path("ops/mail/<uuid:message_id>/", views.mail, name="mail"),
    path("ops/mail/<uuid:message_id>/body/", views.mail_body, name="mail_body"),
    path("ops/reveal/<slug:kind>/<uuid:subject>/", views.reveal, name="reveal"),
    path("ops/conversations/", views.conversations, name="conversations"),
    path("ops/conversations/<uuid:conversation_id>/", views.conversation, name="conversation"),
    path("ops/runs/", views.runs, name="runs"),
    path("ops/runs/<uuid:run_id>/", views.run, name="run"),
]
