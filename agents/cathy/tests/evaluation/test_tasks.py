"""Task files: what is wrong in them is told with file, task and field."""

from __future__ import annotations

from random import Random

import pytest

from cathy.evaluation.customers import Person, Voice
from cathy.evaluation.tasks import BaseTask, TaskFileError, load

GOOD = '[[task]]\nid = "a-task"\npurpose = "A sentence that says what is good."\n'


def written(tmp_path, text, name="theme.toml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_reads_tasks_by_file_and_place(tmp_path):
    written(tmp_path, GOOD.replace("a-task", "second"), "b.toml")
    written(tmp_path, GOOD + GOOD.replace("a-task", "another"), "a.toml")
    assert [task.id for task in load(tmp_path, BaseTask)] == ["a-task", "another", "second"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[task]\n", "theme.toml: this is not TOML"),
        ('[[task]]\nid = "x"\n', "theme.toml, task x: field purpose: it is missing"),
        (GOOD + 'porpose = "slip"\n', "task a-task: field porpose: there is no such field"),
        (GOOD + 'say = ["("]\n', "task a-task: field say 1: this is no search pattern"),
        (GOOD.replace('"a-task"', '"A Task"'), "field id:"),
        (GOOD + 'model = [{ fails = "sometimes" }]\n', "field model 1 fails:"),
        (GOOD + GOOD, "the task a-task stands in theme.toml already"),
        ("tasks = []\n", "field task: it is missing"),
    ],
)
def test_names_the_file_the_task_and_the_field(tmp_path, text, words):
    with pytest.raises(TaskFileError) as caught:
        load(written(tmp_path, text), BaseTask)
    assert words in str(caught.value.message)


def test_a_folder_without_tasks_is_an_error(tmp_path):
    with pytest.raises(TaskFileError):
        load(tmp_path, BaseTask)


def test_a_seed_puts_the_same_words_into_the_same_mouth():
    options = ["I would like to finish my application.", "Can we continue where I left off?"]

    def said(seed):
        return [Voice(Random(f"{seed}:{n}")).put(options) for n in range(40)]

    assert said(1) == said(1) != said(2)
    assert {text.lower().rstrip(".") for text in said(1)} > {option.lower().rstrip(".") for option in options}


def test_data_is_typed_as_it_stands():
    assert {Voice(Random(n)).put(["My Number is 555-123-4567."]) for n in range(30)} == {"My Number is 555-123-4567."}


def test_a_person_belongs_to_a_task():
    maria = Person.of("one", "Maria")
    assert maria == Person.of("one", "Maria")
    assert maria.email != Person.of("other", "Maria").email
    assert maria.fill("{email} {phone}") == f"{maria.email} 555-123-4567"
