"""The compose file: readable by old Compose, each part watched, only settings that exist, secrets where they belong."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from adapters import catalogue
from adapters.runtime.endpoints import read_endpoints

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DEPLOYABLES = ("directory", "documents", "approval", "adapters", "gateway")
WITH_DATABASE = DEPLOYABLES[:-1]
JOBS = {"provision", *(f"migrate-{name}" for name in WITH_DATABASE)}
SETTINGS = {name: f"{name}.settings" for name in DEPLOYABLES} | {"adapters": "adapters.runtime.settings"}
EXAMPLE = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")


def settings_of(name: str) -> type[BaseSettings]:
    found: type[BaseSettings] = importlib.import_module(SETTINGS[name]).Settings
    return found


def test_every_deployable_and_its_servers_are_there() -> None:
    assert set(SERVICES) == {*DEPLOYABLES, *JOBS, "postgres", "rabbitmq"}


def test_old_compose_can_read_it() -> None:
    # 1.29 refuses a project name and does not know what came with the specification's later years.
    assert not {"name", "include", "configs", "secrets"} & set(COMPOSE)
    later = {"develop", "pull_policy", "attach", "annotations", "post_start", "pre_stop", "provider"}
    assert not [name for name, service in SERVICES.items() if later & set(service)]


@pytest.mark.parametrize("name", [*DEPLOYABLES, "postgres", "rabbitmq"])
def test_what_serves_is_watched_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"
    # A fixed name or address would stand in the way of a second replica.
    assert "container_name" not in SERVICES[name]


@pytest.mark.parametrize("name", sorted(JOBS))
def test_jobs_end(name: str) -> None:
    assert SERVICES[name]["restart"] == "no"
    assert SERVICES[name]["healthcheck"] == {"disable": True}


@pytest.mark.parametrize("name", [*DEPLOYABLES, *sorted(JOBS)])
def test_our_containers_may_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "privileged" not in service


def test_only_the_gateway_is_published() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["gateway"]
    assert [name for name, service in SERVICES.items() if service["networks"] != ["inside"]] == ["gateway"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


@pytest.mark.parametrize("name", DEPLOYABLES)
def test_variables_are_settings(name: str) -> None:
    settings = settings_of(name)
    prefix = str(settings.model_config["env_prefix"])
    given = {key.removeprefix(prefix).removeprefix("ONNARA_").lower() for key in SERVICES[name]["environment"]}
    assert given
    assert given <= set(settings.model_fields)


@pytest.mark.parametrize("name", WITH_DATABASE)
def test_services_run_without_the_owner_and_the_administrator(name: str) -> None:
    environment = SERVICES[name]["environment"]
    assert not [value for value in environment.values() if "_owner" in value or "POSTGRES_PASSWORD" in value]
    for role in ("rpc", "worker"):
        address = environment[f"ONNARA_{name.upper()}_{role.upper()}_DATABASE_URL"]
        assert address == f"postgresql://{name}_{role}:${{{name.upper()}_PASSWORD}}@postgres:5432/{name}"


@pytest.mark.parametrize("name", WITH_DATABASE)
def test_a_service_waits_for_its_migration(name: str) -> None:
    wanted = "service_completed_successfully"
    assert SERVICES[name]["depends_on"][f"migrate-{name}"]["condition"] == wanted
    assert SERVICES[f"migrate-{name}"]["depends_on"]["provision"]["condition"] == wanted
    assert name in SERVICES["provision"]["environment"]["SERVICES"].split()
    assert SERVICES[f"migrate-{name}"]["image"] == SERVICES[name]["image"]


def test_named_volumes_exist() -> None:
    mounted = [volume.rsplit(":/", 1)[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    named = {name for name in mounted if re.fullmatch(r"\w+", name)} | {"transport"}
    assert named == set(COMPOSE["volumes"])


def test_example_names_every_variable() -> None:
    used = set(re.findall(r"\$\{(\w+)", TEXT))
    named = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, flags=re.MULTILINE))
    assert used == named
    required = set(re.findall(r"\$\{(\w+):\?", TEXT))
    assert required == set(re.findall(r"^([A-Z_]+)=$", EXAMPLE, flags=re.MULTILINE))


def test_example_shows_the_defaults() -> None:
    defaults = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", TEXT))
    shown = dict(re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE, flags=re.MULTILINE))
    # A folder is shown where the default is a volume.
    assert {**shown, "ONNARA_TRANSPORT_FOLDER": "transport"} == defaults


def test_example_of_endpoints_is_readable() -> None:
    endpoints = read_endpoints(ROOT / "deploy" / "endpoints.toml", Path("/transport"))
    for endpoint in endpoints.all:
        assert catalogue.load(endpoint.adapter).name == endpoint.adapter
        assert endpoint.reads or endpoint.takes
    assert endpoints.delivering_to("9999999") is endpoints.by_name["relay"]
