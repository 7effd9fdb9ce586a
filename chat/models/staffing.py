"""When people answer: a site's business hours, who takes conversations, who is looking at one right now."""

from __future__ import annotations

import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chat.models.conversation import Conversation


def is_time_zone(name: str) -> None:
    """Raises ValidationError for what is no time zone of the IANA database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Write a time zone such as America/Chicago."))


class ServiceHours(models.Model):
    """The hours of one site in its own time zone. Without a row nobody is promised a time."""

    site = models.OneToOneField("visitors.Site", models.CASCADE, related_name="+")
    time_zone = models.CharField(max_length=40, default="America/Chicago", validators=[is_time_zone])

    class Meta:
        verbose_name = _("business hours")
        verbose_name_plural = _("business hours")

    def __str__(self) -> str:
        return f"hours of site {self.site_id}"


class Opening(models.Model):
    """From when to when people answer on one day of the week; a day may have several."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    hours = models.ForeignKey(ServiceHours, models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ("weekday", "opens")
        constraints = [models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="chat_opens_before_it_closes")]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class Closure(models.Model):
    """A holiday of a site: nobody answers on that day."""

    hours = models.ForeignKey(ServiceHours, models.CASCADE, related_name="closures")
    day = models.DateField()
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("holiday")
        ordering = ("day",)
        constraints = [models.UniqueConstraint(fields=["hours", "day"], name="chat_closed_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Desk(models.Model):
    """Whether a member of staff takes conversations, and the last sign of life in the inbox."""

    staff = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    takes = models.BooleanField(_("takes conversations"), default=True)
    away_until = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("desk")
        indexes = [models.Index(fields=["seen_at"], name="chat_desk_seen", condition=Q(takes=True))]

    def __str__(self) -> str:
        return f"desk of {self.staff_id}"


class Viewing(models.Model):
    """Somebody of the staff has this conversation open. The row counts for seconds and is then removed."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="viewings")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_index=True)
    typing_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("viewing")
        constraints = [models.UniqueConstraint(fields=["conversation", "staff"], name="chat_viewing_once")]

    def __str__(self) -> str:
        return f"viewing {self.pk}"
