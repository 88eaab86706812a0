"""Settings come from the environment: the service's own variable, then the installation's."""

import pytest
from pydantic import ValidationError

from chassis.settings import ServiceSettings, main, table


class Settings(ServiceSettings, env_prefix="ONNARA_PROBE_"):
    """A service's own settings."""

    pages: int = 10


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("LOG_LEVEL", "RABBITMQ_URL", "GRPC_PORT"):
        monkeypatch.delenv(f"ONNARA_{name}", raising=False)
        monkeypatch.delenv(f"ONNARA_PROBE_{name}", raising=False)
    return monkeypatch


def test_defaults_and_names() -> None:
    settings = Settings(grpc_port=50051)
    assert (settings.service, settings.grpc_address, settings.http_port, settings.pages) == (
        "probe",
        "127.0.0.1:50051",
        0,
        10,
    )


def test_the_services_own_variable_wins(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("ONNARA_LOG_LEVEL", "WARNING")
    clean.setenv("ONNARA_RABBITMQ_URL", "amqp://shared")
    clean.setenv("ONNARA_PROBE_RABBITMQ_URL", "amqp://own")
    settings = Settings()
    assert (settings.log_level, settings.rabbitmq_url) == ("WARNING", "amqp://own")
    clean.setenv("ONNARA_PROBE_LOG_LEVEL", "DEBUG")
    assert Settings().log_level == "DEBUG"


def test_nonsense_is_refused_by_name(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("ONNARA_PROBE_GRPC_PORT", "70000")
    with pytest.raises(ValidationError, match="grpc_port"):
        Settings()


def test_passwords_stay_out_of_representations() -> None:
    settings = Settings(
        rpc_database_url="postgresql://u:geheim@h/d", rabbitmq_url="amqp://u:geheim@h", blob_url="s3://geheim"
    )
    assert "geheim" not in repr(settings)
    assert "geheim" not in str(settings)


def test_every_setting_is_documented() -> None:
    text = main(["chassis.settings:ServiceSettings"])
    assert len(text.splitlines()) == len(ServiceSettings.model_fields) + 2
    assert all(line.rstrip("| ").count("|") == 3 for line in text.splitlines()[2:]), "each has a meaning"
    assert "| `ONNARA_PROBE_PAGES` | `10` |" in table(Settings)
