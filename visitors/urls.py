from django.urls import path

from visitors.views import applications, apply, embed, events, privacy, returning

app_name = "visitors"
urlpatterns = [
    path("", apply.apply, name="apply"),
    path("start-over", apply.start_over, name="start_over"),
    path("embed.js", embed.embed, name="embed"),
    path("r/<str:token>", returning.return_link, name="return_link"),
    path("privacy/confirm/<str:token>", privacy.confirm_address, name="confirm_address"),
    path("privacy/<str:token>", privacy.privacy_page, name="privacy_page"),
    path("api/v1/events", events.events, name="events"),
    path("api/v1/applications", applications.applications, name="applications"),
]
