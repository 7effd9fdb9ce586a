from django.urls import path

from campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("u/<str:token>", views.unsubscribe, name="unsubscribe"),
    path("webhooks/mailgun/", views.mailgun_webhook, name="mailgun-webhook"),
]
