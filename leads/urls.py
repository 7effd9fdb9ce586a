from django.urls import path

from leads import api, views

app_name = "leads"
urlpatterns = [
    path("webhooks/buyers/<slug:slug>/", views.buyer_webhook, name="buyer-webhook"),
    path("api/v1/leads/", api.LeadList.as_view(), name="list"),
    path("api/v1/leads/export", api.LeadExport.as_view(), name="export"),
    path("api/v1/leads/<uuid:lead_id>/", api.LeadDetail.as_view(), name="detail"),
]
