from django.urls import path

from chat.views import messages, tickets

app_name = "chat"
urlpatterns = [
    path("api/v1/conversations", messages.conversations, name="conversations"),
    path("api/v1/conversations/tickets", tickets.tickets, name="tickets"),
    path("api/v1/conversations/<uuid:conversation_id>/messages", messages.messages, name="messages"),
]
