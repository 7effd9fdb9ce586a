"""Tasks as they stand in their files: TOML, several to a file, a folder for each suite (docs/evaluation.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from carloans.core.errors import BadInput


class TaskFileError(BadInput):
    """A task file that cannot be used; the message names file, task and field, and what is wrong there."""

    code = "task_file"


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"this is no search pattern: {error}") from None
    return text


#: Words to look for, in either case; a regular expression for who knows them.
Words = Annotated[str, Field(min_length=1), AfterValidator(_pattern)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Strict(BaseModel):
    """Unknown fields are refused: they are most often typing slips, and a task that ignores them tests less."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelStep(Strict):
    """What a planted model does when it is asked: say words, call a tool, give a typed answer, or fail."""

    says: str = ""
    calls: str = ""
    arguments: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    fails: Literal["", "network", "timeout"] = ""


class BaseTask(Strict):
    """What every suite's tasks have in common.

    `say` must all be found in what the customer (or dealer) is told, none of `never` may be. A task with `model` steps
    is played with a model that does just that: it shows what the code makes of a bad one. `tools_fail` says that its
    tools are meant to refuse or fail; else that is counted.
    """

    id: Slug
    purpose: Annotated[str, Field(min_length=15, max_length=200)]
    tags: list[Slug] = []
    language: Literal["en", "es"] = "en"
    say: list[Words] = []
    never: list[Words] = []
    model: list[ModelStep] = []
    tools_fail: bool = False


T = TypeVar("T", bound=BaseTask)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    task: list[dict[str, Any]]


def load(folder: Path, kind: type[T]) -> list[T]:
    """Every task of a folder's files, by file and place in it. Raises TaskFileError.

    An id names one task of the whole folder.
    """
    tasks: dict[str, tuple[T, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        for task in read_file(path, kind):
            if task.id in tasks:
                raise TaskFileError(f"{path.name}: the task {task.id} stands in {tasks[task.id][1]} already.")
            tasks[task.id] = task, path.name
    if not tasks:
        raise TaskFileError(f"{folder}: there is no task here.")
    return [task for task, _ in tasks.values()]


@cache
def load_once(folder: Path, kind: type[T]) -> Sequence[T]:
    """`load`, remembered for this process: for what is asked again and again."""
    return tuple(load(folder, kind))


def read_file(path: Path, kind: type[T]) -> list[T]:
    """The tasks of one file, in their order. Raises TaskFileError."""
    try:
        document = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaskFileError(f"{path.name}: this is not TOML: {error}") from None
    except ValidationError as error:
        raise TaskFileError(f"{path.name}: {_faults(error)}") from None
    return [_task(path, number, raw, kind) for number, raw in enumerate(document.task, start=1)]


def _task(path: Path, number: int, raw: dict[str, Any], kind: type[T]) -> T:
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        name = raw.get("id") or f"number {number}"
        raise TaskFileError(f"{path.name}, task {name}: {_faults(error)}") from None


def _faults(error: ValidationError) -> str:
    return "; ".join(f"field {_place(fault['loc'])}: {_plain(fault)}" for fault in error.errors()[:5])


def _place(loc: Sequence[int | str]) -> str:
    """ "step 2, says": people count from one."""
    words = [f"{part + 1}" if isinstance(part, int) else part for part in loc]
    return " ".join(words) if words else "(the whole)"


def _plain(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "there is no such field"
    if fault["type"] == "missing":
        return "it is missing"
    return str(fault["msg"]).removeprefix("Value error, ")
