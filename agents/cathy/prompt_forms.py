"""The form of a new prompt version: one set of fields for each language, and each agent's role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from carloans.core.errors import BadInput
from cathy import registry
from cathy.models import PromptVersion
from cathy.prompts import reading, versions
from cathy.prompts.wishes import (
    ASK_MAX,
    BUILT_IN,
    GREETING_MAX,
    LANGUAGES,
    LENGTH_MAX,
    LENGTH_MIN,
    PHRASE_MAX,
    PHRASES_MAX,
    PromptSet,
)

_WARMTH = [("plain", _("plain")), ("warm", _("warm")), ("very_warm", _("very warm"))]
_FORMALITY = [
    ("relaxed", _("relaxed (Spanish: tú)")),
    ("neutral", _("neutral")),
    ("formal", _("formal (Spanish: usted)")),
]
_PHONE = [
    ("when_asked", _("only when the customer wants to be reached")),
    ("when_useful", _("when it is the most useful next step")),
    ("early", _("with her first reply")),
]
_LISTS = ("prefer", "avoid")


def _area(rows: int) -> UnfoldAdminTextareaWidget:
    return UnfoldAdminTextareaWidget(attrs={"rows": rows})


def _language_fields() -> dict[str, forms.Field]:
    choice = UnfoldAdminSelectWidget
    each = {"max": PHRASES_MAX, "long": PHRASE_MAX}
    return {
        "greeting": forms.CharField(
            label=_("Greeting"),
            widget=_area(3),
            help_text=_(
                "Follows the opening sentence, which says that she is an AI assistant and cannot be changed. "
                "{company} stands for the company's name. At most %(max)d characters."
            )
            % {"max": GREETING_MAX},
        ),
        "warmth": forms.ChoiceField(label=_("Warmth"), choices=_WARMTH, widget=choice),
        "formality": forms.ChoiceField(label=_("Formality"), choices=_FORMALITY, widget=choice),
        "prefer": forms.CharField(
            label=_("Words to prefer"),
            required=False,
            widget=_area(3),
            help_text=_("One on each line, at most %(max)d of %(long)d characters. What Cathy may not say is refused.")
            % each,
        ),
        "avoid": forms.CharField(
            label=_("Words to avoid"),
            required=False,
            widget=_area(3),
            help_text=_("One on each line. Words in which she says what she is cannot be avoided."),
        ),
        "length": forms.IntegerField(
            label=_("Longest reply, in words"),
            min_value=LENGTH_MIN,
            max_value=LENGTH_MAX,
            widget=UnfoldAdminIntegerFieldWidget,
        ),
        "phone_request": forms.ChoiceField(
            label=_("She offers the contact form"),
            choices=_PHONE,
            widget=choice,
            help_text=_("She never asks for a number in the chat itself: the form has the box for the consent."),
        ),
        "phone_words": forms.CharField(
            label=_("Her words for that offer"),
            required=False,
            max_length=ASK_MAX,
            widget=UnfoldAdminTextInputWidget,
            help_text=_("Empty leaves the words to her."),
        ),
    }


def form_class() -> type[PromptForm]:
    """Return the form with a field for the role of each agent that the program has."""
    fields: dict[str, Any] = {
        f"{language}_{name}": field for language in LANGUAGES for name, field in _language_fields().items()
    }
    for agent in registry.roles():
        fields[f"role_{agent}"] = forms.CharField(
            label=agent,
            required=False,
            widget=_area(8),
            help_text=_("Empty: the program's own text, which follows its updates. It is shown on the version's page."),
        )
    return type("PromptVersionForm", (PromptForm,), fields)


def fieldsets() -> list[tuple[Any, dict[str, Any]]]:
    """How the form is laid out."""
    names = list(_language_fields())
    return [
        (None, {"fields": ["note"]}),
        (_("English"), {"fields": [f"en_{name}" for name in names]}),
        (_("Spanish"), {"fields": [f"es_{name}" for name in names]}),
        (
            _("Roles of the agents"),
            {"fields": [f"role_{agent}" for agent in registry.roles()], "classes": ["collapse"]},
        ),
    ]


def initial(base: PromptSet) -> dict[str, Any]:
    """The form's values for a set of wishes."""
    values: dict[str, Any] = {f"role_{agent}": text for agent, text in base.roles.items()}
    for language in LANGUAGES:
        for name, value in base.of(language).model_dump().items():
            values[f"{language}_{name}"] = "\n".join(value) if name in _LISTS else value
    return values


class PromptForm(forms.ModelForm):  # type: ignore[type-arg]
    """Reads the fields as wishes; everything that is refused stands beside its field."""

    #: The version that the new one is made from.
    based_on: UUID | None = None

    note = forms.CharField(
        label=_("What changes, and why"), max_length=versions.NOTE_MAX, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = PromptVersion
        fields = ("note",)

    def raw(self) -> dict[str, Any]:
        """The wishes as a JSON value."""
        data = self.cleaned_data
        roles = {name.removeprefix("role_"): text for name, text in data.items() if name.startswith("role_") and text}
        return {**{language: self._language(language, data) for language in LANGUAGES}, "roles": roles}

    def _language(self, language: str, data: Mapping[str, Any]) -> dict[str, Any]:
        values = {name: data.get(f"{language}_{name}") for name in _language_fields()}
        for name in _LISTS:
            values[name] = [line.strip() for line in str(values[name] or "").splitlines() if line.strip()]
        return values

    def clean(self) -> dict[str, Any]:
        """Ask the service whether it would keep these wishes."""
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            versions.acceptable(raw=self.raw(), note=data["note"], based_on=self.based_on)
        except versions.NotPossible as refusal:
            for problem in refusal.problems:
                self._mark(problem.field, problem.message)
        except BadInput as refusal:
            self.add_error(None, str(refusal.message))
        return data

    def _mark(self, field: str, message: str) -> None:
        kind, _dot, name = field.partition(".")
        own = f"role_{name}" if kind == "roles" else f"{kind}_{name}"
        self.add_error(own if own in self.fields else None, message)


def base_of(version: str) -> tuple[PromptSet, UUID | None]:
    """The wishes to start from: a named version's, else the active one's, else the built-in ones."""
    named = reading.prompt_named(version) if version else None
    number = reading.active_number()
    chosen = named or (reading.prompt_named(str(number)) if number else None)
    return (chosen.wishes, chosen.version) if chosen else (BUILT_IN, None)
