"""Addresses of forgotten passwords, the own preferences, and the channels."""

from django.urls import path

from notifications.views import channels, forgotten, letters, links, preferences

urlpatterns = [
    path("password/forgotten/", forgotten.forgotten, name="password-forgotten"),
    path("password/asked/", forgotten.asked, name="password-asked"),
    path("notifications/preferences/", preferences.preferences, name="notification-preferences"),
    path("settings/channels/", channels.channels, name="channels"),
    path("settings/channels/new/", channels.new_bot, name="bot-new"),
    path("settings/channels/<int:bot_id>/", channels.bot, name="bot"),
    path("settings/channels/<int:bot_id>/test/", channels.test, name="bot-test"),
    path("settings/channels/<int:bot_id>/tested/", channels.tested, name="bot-tested"),
    path("settings/people/<int:key>/password-letter/", links.send, name="person-password-letter"),
    path("settings/dead-letters/", letters.dead_letters, name="dead-letters"),
    path("settings/dead-letters/retry/", letters.retry_all, name="dead-letters-retry"),
    path("settings/dead-letters/<int:key>/retry/", letters.retry, name="dead-letter-retry"),
    path("settings/outbox/", letters.outbox, name="outbox"),
    path("settings/outbox/<int:key>/", letters.kept_message, name="kept-message"),
]
