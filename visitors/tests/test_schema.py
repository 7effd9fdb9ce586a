"""The OpenAPI description tells what the code takes."""

from __future__ import annotations

import json

import jsonschema  # type: ignore[import-untyped]
import pytest

from visitors.incoming import TYPES
from visitors.schema import PATHS, add_paths
from visitors.tests.conftest import event, save_event
from visitors.tests.test_applications_api import GOOD

BODY = {
    path: item["post"]["requestBody"]["content"]["application/json"]["schema"] for path, item in PATHS.items()
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_what_the_tracker_sends_is_as_described(kind: str) -> None:
    one = save_event() if kind == "save_progress" else event(kind)
    jsonschema.validate({"site": "test-site", "events": [one]}, BODY["/api/v1/events"])


def test_what_a_platform_sends_is_as_described() -> None:
    jsonschema.validate({"site": "test-site", **GOOD}, BODY["/api/v1/applications"])


def test_unknown_fields_are_not_described() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"site": "test-site", **GOOD, "ssn": "1"}, BODY["/api/v1/applications"])


def test_the_paths_join_the_document() -> None:
    document = add_paths({"paths": {"/x": {}}}, None, None, True)
    assert {"/x", "/api/v1/events", "/api/v1/applications"} <= document["paths"].keys()
    json.dumps(document)
