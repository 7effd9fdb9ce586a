from django.urls import path

from visitors.views import applications, apply, embed, events, returning

app_name = "visitors"
urlpatterns = [
    path("", apply.apply, name="apply"),
    path("start-over", apply.start_over, name="start_over"),
    path("embed.js", embed.embed, name="embed"),
    path("r/<str:token>", returning.return_link, name="return_link"),
    path("api/v1/events", events.events, name="events"),
    path("api/v1/applications", applications.applications, name="applications"),
]
