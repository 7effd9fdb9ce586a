"""The run log: what each agent did, when, how long it took and how it ended; and the versions of the prompts.

What was said stands in one encrypted column alone (`RunRecording`), with placeholders in place of personal data; the
other columns of the log hold no free text of a customer or a model.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloans.core.appendonly import AppendOnly
from carloans.core.fields import EncryptedJSONField
from carloans.core.lifecycle import Lifecycle


class Outcome(models.TextChoices):
    """How a run ended. `running` is a run that has not reported back yet (see `services.sweep_lost_runs`)."""

    RUNNING = "running"
    OK = "ok"
    BLOCKED = "blocked"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Mode(models.TextChoices):
    SIMULATED = "simulated"
    LIVE = "live"


class AgentRun(models.Model):
    """One run of one agent. The row exists before the model is asked."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.CharField(max_length=60)
    trigger = models.CharField(max_length=60)
    model = models.CharField(max_length=80)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    #: The active version of the prompts, empty when the built-in one held; and a hash of all that shaped the answer:
    #: wishes, role, rules, tools and the wanted form.
    prompt = models.UUIDField(null=True, blank=True, db_index=True)
    prompt_version = models.CharField(max_length=16)
    conversation = models.UUIDField(null=True, blank=True, db_index=True)
    visitor = models.UUIDField(null=True, blank=True, db_index=True)
    application = models.UUIDField(null=True, blank=True, db_index=True)
    started_at = models.DateTimeField(db_index=True)
    first_text_ms = models.FloatField(null=True, blank=True)
    total_ms = models.FloatField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.RUNNING)
    error_category = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    requests = models.PositiveIntegerField(default=0)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    #: Millionths of a cent; empty when the model has no price in the settings, or is simulated.
    cost_microcents = models.PositiveBigIntegerField(null=True, blank=True)
    #: Spans of the run as [{"kind", "name", "at_ms", "ms", "failed"}], in the order in which they ended.
    timeline = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("-started_at",)
        indexes = (
            models.Index(fields=("agent", "-started_at"), name="cathy_run_agent_at"),
            models.Index(fields=("started_at",), name="cathy_run_running", condition=models.Q(outcome=Outcome.RUNNING)),
        )

    def __str__(self) -> str:
        return f"{self.agent} {self.uuid}"


class DailySpending(models.Model):
    """What the real models took on one day (UTC): kept as a sum, so that asking it costs one row."""

    day = models.DateField(unique=True)
    tokens = models.PositiveBigIntegerField(default=0)
    microcents = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "daily spending"

    def __str__(self) -> str:
        return f"{self.day}: {self.tokens} tokens"


class ToolCall(models.Model):
    """One tool call of a run, with its arguments after redaction."""

    run = models.ForeignKey(AgentRun, on_delete=models.CASCADE, related_name="tool_calls")
    seq = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict, blank=True)
    ok = models.BooleanField()
    ms = models.FloatField()
    error_category = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("run", "seq")
        constraints = (models.UniqueConstraint(fields=("run", "seq"), name="cathy_tool_call_seq"),)

    def __str__(self) -> str:
        return f"{self.name} #{self.seq}"


class Stage(models.TextChoices):
    """Where a guardrail looked: the customer's turn, a sentence of the reply, a tool call, a written text."""

    INPUT = "input"
    SENTENCE = "sentence"
    TOOL = "tool"
    COPY = "copy"


class Verdict(models.Model):
    """A guardrail that said no: which rule and what was done about it. `run` is null outside a run.

    `layer` says what decided on a sentence: the rule's phrases ("rule") or one of the models behind them ("words",
    "encoder"); empty for other stages.
    """

    run = models.ForeignKey(AgentRun, on_delete=models.CASCADE, related_name="verdicts", null=True, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    rule = models.CharField(max_length=60)
    action = models.CharField(max_length=20)
    layer = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "guardrail verdict"

    def __str__(self) -> str:
        return f"{self.stage} {self.rule}"


class RunRecording(models.Model):
    """What a run was given and what came back, with placeholders: enough to play it again without model and tools.

    `data` is bounded (`cathy.engine.recording`) and leaves with an erasure; `instructions` is the digest of the text
    that the model was told (`CompiledPrompt`).
    """

    run = models.OneToOneField(AgentRun, on_delete=models.CASCADE, primary_key=True, related_name="recording")
    instructions = models.CharField(max_length=64, blank=True)
    data = EncryptedJSONField()

    def __str__(self) -> str:
        return f"recording of {self.run_id}"


class CompiledPrompt(models.Model):
    """The instructions of an agent as a model got them, without facts: stored once for each wording."""

    digest = models.CharField(max_length=64, primary_key=True)
    agent = models.CharField(max_length=60)
    text = models.TextField()
    first_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.agent} {self.digest[:12]}"


class PromptVersion(models.Model):
    """One set of wishes about Cathy's wording (`cathy.prompts.wishes`), for all agents and both languages.

    Its content is written once: a change is a new version. Only the state moves, and one version at most is active.
    """

    LIFE = Lifecycle(
        initial="draft",
        moves={
            "draft": {"evaluated", "active", "retired"},
            "evaluated": {"active", "retired"},
            "active": {"retired"},
            "retired": {"active"},
        },
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=10, choices=LIFE.choices, default=LIFE.initial)
    content = models.JSONField()
    #: SHA-256 of the content; a row whose content does not fit it is not used.
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=200)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    #: What it took the place of when it was first activated; a roll-back goes there.
    replaced = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    activated_by = models.CharField(max_length=80, blank=True)
    #: Why an administrator activated it without a passed evaluation.
    override = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-number",)
        permissions = (
            ("activate_prompts", _("Can activate prompt versions and roll back")),
            ("override_evaluation", _("Can activate a prompt version without a passed evaluation")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("state",), name="cathy_one_active_prompt", condition=models.Q(state="active")
            ),
        )

    def __str__(self) -> str:
        return f"version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only to add: states move through `LIFE`, and content never changes."""
        if not self._state.adding:
            raise TypeError("A prompt version is written once; make a new one.")
        super().save(*args, **kwargs)


class PromptEvaluation(AppendOnly):
    """How a version did on a suite with a model. `report` is what the evaluation said, whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(PromptVersion, models.PROTECT, related_name="evaluations")
    suite = models.CharField(max_length=60)
    model = models.CharField(max_length=80)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    trials = models.PositiveSmallIntegerField()
    tasks = models.PositiveIntegerField()
    #: Share of tasks that passed in one trial, and in all of them.
    pass_one = models.FloatField()
    pass_all = models.FloatField()
    violations = models.PositiveIntegerField()
    tool_errors = models.PositiveIntegerField()
    asked_by = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at",)
        indexes = (models.Index(fields=("version", "suite", "-at"), name="cathy_evaluation_of"),)

    def __str__(self) -> str:
        return f"{self.suite} of {self.version_id}"
