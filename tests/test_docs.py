"""What the documentation claims: each list in it equals the one in the code, each name and link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

ROOT = Path(__file__).resolve().parent.parent
APPS = ("carloans", "cathy", "visitors", "campaigns", "credit", "chat", "leads", "dashboard")
SKIPPED = {"node_modules", "var"}
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part in SKIPPED or part.startswith(".") for part in path.relative_to(ROOT).parts)
)
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next of its level."""
    level = heading.split()[0]
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"there is no heading {heading!r}"
    return rest.split(f"\n{level} ")[0]


def first_cells(text: str) -> list[str]:
    """What stands in backticks first in each row of the tables."""
    return re.findall(r"^\| `([^`]+)`", text, flags=re.MULTILINE)


# Commands


def our_commands() -> set[str]:
    return {name for name, app in get_commands().items() if isinstance(app, str) and app.split(".")[0] in APPS}


def test_commands_are_those_that_exist():
    documented = re.findall(r"^### `(\w+)", page("commands.md"), flags=re.MULTILINE)
    assert sorted(documented) == sorted(our_commands())


def test_options_of_commands_exist():
    for line in re.findall(r"^### `(.+)`$", page("commands.md"), flags=re.MULTILINE):
        name = line.split()[0]
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        known = {option for action in parser._actions for option in action.option_strings}
        assert set(re.findall(r"--[a-z-]+", line)) <= known, name


def test_rules_of_the_claim_linter():
    from cathy.guardrails.claims.linter import RULE_NAMES

    text = section(page("commands.md"), "### `check_copy`").split("Rules:")[1]
    assert sorted(re.findall(r"`(\w+)`", text)) == sorted(RULE_NAMES)


def test_scenarios_and_benches():
    from dashboard.management.commands import bench, run_scenarios

    text = page("commands.md")
    for name in run_scenarios.SCENARIOS:
        assert f"*{name}*" in text
    documented = section(text, "### `bench [NAME…]`").split("; without")[0]
    assert set(re.findall(r"`(\w+)`", documented)) == set(bench.BENCHES)


# Settings


def test_settings_are_those_of_the_example():
    example = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    assert sorted(first_cells(page("configuration.md"))) == sorted(example)


def test_settings_are_read():
    read = (ROOT / "carloans" / "settings.py").read_text()
    for name in first_cells(page("configuration.md")):
        assert f'"{name}"' in read


def test_system_checks_are_those_of_the_code():
    source = (ROOT / "carloans" / "core" / "checks.py").read_text()
    ids = re.findall(r"carloans\.[EW]\d{3}", source)
    assert sorted(re.findall(r"`(carloans\.[EW]\d{3})`", page("configuration.md"))) == sorted(ids)


# Routes

STANDING_IN = {
    "<id>": "6f1f9f0e-6a3f-4a6b-9a66-0f1d8c1c9d11",
    "<token>": "abc",
    "<slug>": "dealer",
    "<provider>": "mail",
}


def documented_routes() -> list[str]:
    """Every address in backticks, without method and query."""
    found = re.findall(r"`(?:(?:GET|POST) )?(/[^`\s]*)`", page("api.md"))
    return sorted({address.split("?")[0] for address in found})


def url_routes(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from url_routes(pattern.url_patterns, here)
        else:
            yield here


def neutral(route: str) -> str:
    return re.sub(r"<[^>]*>", "<>", route)


def socket_routes() -> set[str]:
    from chat.routing import websocket_urlpatterns as chat
    from dashboard.routing import websocket_urlpatterns as dashboard

    return {f"/{pattern.pattern}" for pattern in [*chat, *dashboard]}


@pytest.mark.parametrize("route", documented_routes())
def test_route_exists(route):
    if route.startswith("/ws/"):
        assert route in socket_routes()
        return
    address = route.replace("…", "anything")
    for mark, value in STANDING_IN.items():
        address = address.replace(mark, value)
    try:
        resolve(address)
    except Resolver404:
        below = [one for one in url_routes(get_resolver().url_patterns) if one.startswith(address)]
        assert address.endswith("/"), f"{address} leads nowhere"
        assert below, f"nothing lies below {address}"


def test_routes_are_all_documented():
    documented = {neutral(route) for route in documented_routes()}
    inside = ("/admin/", "/ops/", "/^sandbox", "/favicon")
    routes = {neutral(route) for route in url_routes(get_resolver().url_patterns) if not route.startswith(inside)}
    assert routes - documented == set()
    assert socket_routes() <= documented


# Agents, sweeps, switches, errors


def test_agents_are_those_of_the_registry():
    from cathy import registry

    rows = re.findall(r"^\| (\w+) \| `(\w+)/(?:agent|briefing)\.py` \|", page("architecture.md"), flags=re.MULTILINE)
    assert sorted(rows) == sorted((card.name, card.app) for card in registry.cards())


def test_sweeps_are_those_of_the_schedule():
    from carloans.celery import collect_schedule

    documented = first_cells(section(page("operations.md"), "## Sweeps"))
    assert sorted(documented) == sorted(collect_schedule())


def test_intervals_of_sweeps():
    from carloans.celery import collect_schedule

    units = {"s": 1, "min": 60, "h": 3600}
    rows = re.findall(r"^\| `([^`]+)` \| (\d+) (s|min|h) \|", page("operations.md"), flags=re.MULTILINE)
    schedule = collect_schedule()
    assert rows
    for name, count, unit in rows:
        assert schedule[name]["schedule"] == int(count) * units[unit], name


def test_switches_and_categories():
    from carloans.core.errors import Category
    from carloans.core.models.switches import NAMES

    assert first_cells(section(page("operations.md"), "## Switches")) == list(NAMES)
    assert first_cells(section(page("architecture.md"), "## Errors")) == [str(one) for one in Category]


# Names and links


def dotted_names() -> list[str]:
    """Names of our code in backticks, such as `visitors.services.ingest_events`, on every page."""
    pattern = rf"`((?:{'|'.join(APPS)})(?:\.\w+)+)(?:\([^`]*\))?`"
    return sorted({name for path in PAGES for name in re.findall(pattern, path.read_text())})


def leads_somewhere(name: str) -> bool:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def is_no_code(name: str) -> bool:
    """A task, a sweep, a system check, a permission or a kind of event: named like code, and found elsewhere."""
    from django.apps import apps

    from carloans.celery import app, collect_schedule

    app.loader.import_default_modules()
    permissions = {
        f"{model._meta.app_label}.{code}"
        for model in apps.get_models()
        for code in [
            *(f"{act}_{model._meta.model_name}" for act in model._meta.default_permissions),
            *(code for code, _ in model._meta.permissions),
        ]
    }
    checks = re.fullmatch(r"carloans\.[EW]\d{3}", name)
    known = name in permissions or name in app.tasks or name in collect_schedule()
    return bool(checks) or known or is_event(name)


def is_event(name: str) -> bool:
    """Whether a room publishes events of this kind."""
    sources = (ROOT / name.split(".")[0]).rglob("*.py")
    return any(f'kind="{name}"' in path.read_text() for path in sources)


def test_names_of_code_lead_somewhere():
    names = dotted_names()
    assert len(names) > 50
    assert [name for name in names if not leads_somewhere(name) and not is_no_code(name)] == []


def test_named_files_exist():
    """A path in backticks begins at the project's folder, or inside the app whose page it is on."""
    pattern = r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|md|js|dtd|toml|yaml))`"
    homes = [
        ROOT,
        ROOT / "agents",
        ROOT / "agents" / "cathy",
        ROOT / "carloans" / "core",
        ROOT / "carloans/core/privacy",
    ]
    for path in PAGES:
        for name in re.findall(pattern, path.read_text()):
            assert any((home / name).exists() for home in homes), f"{path.name} names {name}"


def anchors(text: str) -> set[str]:
    """The fragment of each heading, as code hosts make it."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(text: str) -> list[str]:
    """Targets of links and pictures, those in code left out."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text))


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name):
    path = ROOT / name
    for link in links(path.read_text()):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, fragment = link.partition("#")
        file = path.parent / target if target else path
        assert file.is_file(), f"{link} leads nowhere"
        assert not fragment or fragment in anchors(file.read_text()), f"{link} names no heading"


def test_pages_can_be_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        here = waiting.pop().resolve()
        if here in reached or here.suffix != ".md":
            continue
        reached.add(here)
        waiting += [here.parent / link.split("#")[0] for link in links(here.read_text()) if ":" not in link]
    assert {path.name for path in PAGES} - {path.name for path in reached} == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_page_names_a_folder_of_somebodys_machine(name):
    found = re.findall(r"(?<![\w.…/])/(?:home|root|Users|work|tmp|mnt|opt|srv)/\S*", (ROOT / name).read_text())
    assert found == []
