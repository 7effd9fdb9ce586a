from django.urls import path

from credit import views

app_name = "credit"
urlpatterns = [path("webhooks/flexpath/", views.flexpath_webhook, name="flexpath-webhook")]
