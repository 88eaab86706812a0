"""A private RabbitMQ with its own name daemon (epmd): loopback only, own node name, own folders, no system-wide file read."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

from tools.stack import ports, probe, process
from tools.stack.account import Account, checkout_hash, data_folder, service_account
from tools.stack.failure import StackError
from tools.stack.state import USER, Server

PACKAGES = ("rabbitmq-server",)
DEBIAN_SCRIPT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
PORTS = ("main", "distribution", "epmd")


def find_script(debian: Path = DEBIAN_SCRIPT) -> Path | None:
    """Return the start script. Debian's own one in /usr/sbin insists on the system-wide folders, so not that one."""
    if debian.exists():
        return debian
    on_path = shutil.which("rabbitmq-server")
    return Path(on_path) if on_path else None


def start(root: Path, name: str, before: Server | None, record: Callable[[Server], None]) -> Server:
    """Start (or start again, on its data) the broker `name`; returns when it speaks AMQP.

    :raises StackError: with the end of its log.
    """
    script = find_script()
    if script is None or not shutil.which("epmd"):
        raise StackError("RabbitMQ is not installed")
    account = service_account("rabbitmq", "nobody")
    folder = data_folder(root, name, account)
    again = before is not None and before.way == "private" and before.folder == str(folder)
    if not again:
        # Data of an unknown origin would keep its own password.
        shutil.rmtree(folder / "data", ignore_errors=True)
    server = Server(
        name=name,
        kind="rabbitmq",
        way="private",
        password=before.password if before and again else os.urandom(12).hex(),
        ports=ports.choose(PORTS, before.ports if before else {}),
        folder=str(folder),
    )
    configure(server, account)
    _launch(server, script, checkout_hash(root), account, record)
    return server


def _launch(server: Server, script: Path, node: str, account: Account | None, record: Callable[[Server], None]) -> None:
    folder = Path(server.folder)
    (folder / "output.log").unlink(missing_ok=True)
    env = environment(server, node)
    epmd = ["epmd", "-address", "127.0.0.1", "-port", str(server.ports["epmd"])]
    server.processes = [process.spawn(epmd, env, folder, account)]
    server.processes.append(process.spawn([str(script)], env, folder, account))
    record(server)
    try:
        port = server.ports["main"]
        server.version = probe.wait(lambda: probe.rabbitmq("127.0.0.1", port), 120, server.processes[1])
    except StackError as refusal:
        stop(server)
        log = (folder / "output.log").read_text(encoding="utf-8", errors="replace")
        raise StackError(f"RabbitMQ: {refusal}\n{log[-1500:]}") from None


def configure(server: Server, account: Account | None) -> None:
    """Write the broker's own files; the one with the password is readable by its account only."""
    folder = Path(server.folder)
    files = {
        "rabbitmq.conf": (
            f"listeners.tcp.default = 127.0.0.1:{server.ports['main']}\n"
            f"default_user = {USER}\ndefault_pass = {server.password}\n"
            "log.console = false\nlog.file.level = warning\n"
        ),
        "enabled_plugins": "[].\n",
        "advanced.config": "[].\n",
    }
    for name, text in files.items():
        place = folder / name
        place.unlink(missing_ok=True)
        place.touch(mode=0o600)
        place.write_text(text, encoding="utf-8")
        if account:
            os.chown(place, account.uid, account.gid)


def environment(server: Server, node: str) -> dict[str, str]:
    """Build the whole environment of the broker; each path is set, or it would read the machine's own files."""
    folder = server.folder
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "HOME": folder,
        # The script then replaces itself by the broker: the number we keep is the broker's own.
        "RUNNING_UNDER_SYSTEMD": "true",
        "ERL_EPMD_PORT": str(server.ports["epmd"]),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"onnara-{node}-{server.name}@localhost",
        "RABBITMQ_DIST_PORT": str(server.ports["distribution"]),
        "RABBITMQ_CONF_ENV_FILE": f"{folder}/rabbitmq-env.conf",
        "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
        "RABBITMQ_CONFIG_FILES": f"{folder}/conf.d",
        "RABBITMQ_ADVANCED_CONFIG_FILE": f"{folder}/advanced.config",
        "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
        "RABBITMQ_MNESIA_BASE": f"{folder}/data",
        "RABBITMQ_LOG_BASE": f"{folder}/log",
        "RABBITMQ_GENERATED_CONFIG_DIR": f"{folder}/generated",
        "RABBITMQ_PID_FILE": f"{folder}/pid",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }


def stop(server: Server) -> None:
    """End the broker in order (SIGTERM), then its name daemon."""
    for known in reversed(server.processes):
        process.stop(known, signal.SIGTERM, 30)


def kill(server: Server) -> None:
    """End the broker as a power cut would; its data stays for the next start."""
    for known in reversed(server.processes):
        process.stop(known, signal.SIGKILL, 10)
