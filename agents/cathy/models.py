"""The run log: what each agent did, when, how long it took and how it ended. Never what was said.

No column holds free text of a customer or a model: arguments of tools are redacted before they get here.
"""

from __future__ import annotations

import uuid

from django.db import models


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
    """A guardrail that said no: which rule and what was done about it. `run` is null outside a run."""

    run = models.ForeignKey(AgentRun, on_delete=models.CASCADE, related_name="verdicts", null=True, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    rule = models.CharField(max_length=60)
    action = models.CharField(max_length=20)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = "guardrail verdict"

    def __str__(self) -> str:
        return f"{self.stage} {self.rule}"
