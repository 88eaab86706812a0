"""The stack's own decisions: order of ways, state file, ports, accounts, command lines, signals to the right process."""

import os
import signal
import socket
import stat
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.stack import account, docker, ports, postgres, probe, process, rabbitmq, resolve, state
from tools.stack.__main__ import main
from tools.stack.failure import StackError


def server(tmp_path: Path, **changes: object) -> state.Server:
    values: dict[str, object] = {
        "name": "broker",
        "kind": "rabbitmq",
        "way": "private",
        "password": "s3cret",
        "ports": {"main": 20001, "distribution": 20003, "epmd": 20004},
        "folder": str(tmp_path),
    }
    return state.Server(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("docker_runs", "installed", "apt", "expected"),
    [
        (True, True, True, ["docker", "private"]),
        (True, False, True, ["docker", "apt"]),
        (True, False, False, ["docker"]),
        (False, True, True, ["private"]),
        (False, True, False, ["private"]),
        (False, False, True, ["apt"]),
        (False, False, False, []),
    ],
)
def test_order_of_ways(docker_runs: bool, installed: bool, apt: bool, expected: list[str]) -> None:
    assert resolve.ways(resolve.Facts(docker=docker_runs, installed=installed, apt=apt)) == expected


def test_no_way_left_names_both_ways_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "facts_for", lambda _: resolve.Facts(docker=False, installed=False, apt=False))
    with pytest.raises(StackError) as refusal:
        resolve.bring(state.State(tmp_path), "postgres", "postgres", print)
    for hint in ("apt-get install", "Docker", "ONNARA_POSTGRES_URL", "ONNARA_RABBITMQ_URL"):
        assert hint in str(refusal.value)


def test_named_address_that_does_not_answer_is_refused_without_its_password() -> None:
    port = ports.choose(["main"], {})["main"]
    with pytest.raises(StackError) as refusal:
        resolve.named("rabbitmq", {"ONNARA_RABBITMQ_URL": f"amqp://u:hidden@127.0.0.1:{port}/"})
    assert f"127.0.0.1:{port}" in str(refusal.value)
    assert "hidden" not in str(refusal.value)
    assert resolve.named("postgres", {}) == ""


def test_state_survives_and_is_private(tmp_path: Path) -> None:
    first = state.State(tmp_path)
    first.record(server(tmp_path, processes=[process.Process(pid=7, started="99")]))
    again = state.State(tmp_path)
    assert again.servers == first.servers
    assert stat.S_IMODE((tmp_path / ".run" / "stack.json").stat().st_mode) == 0o600
    again.forget("broker")
    assert state.State(tmp_path).servers == {}


def test_servers_that_end_at_the_same_time_are_all_written_down(tmp_path: Path) -> None:
    known = state.State(tmp_path)
    servers = [
        state.Server(name=f"s{number}", kind="rabbitmq", way="private", password="", ports={}) for number in range(40)
    ]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(known.record, servers))
    assert set(state.State(tmp_path).servers) == {server.name for server in servers}


def test_second_holder_of_the_lock_waits(tmp_path: Path) -> None:
    order: list[str] = []

    def other() -> None:
        with state.locked(tmp_path):
            order.append("second")

    with state.locked(tmp_path):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


def test_addresses(tmp_path: Path) -> None:
    broker = server(tmp_path)
    assert broker.url == "amqp://onnara:s3cret@127.0.0.1:20001/"
    database = server(tmp_path, name="postgres", kind="postgres", ports={"main": 20005})
    assert database.url == "postgresql://onnara:s3cret@127.0.0.1:20005/postgres"


def test_ports_come_back_while_they_are_free() -> None:
    first = ports.choose(["main", "epmd"], {})
    assert ports.choose(["main", "epmd"], first) == first
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first["main"]))
        taken.listen()
        second = ports.choose(["main", "epmd"], first, seconds=0.1)
    assert second["main"] != first["main"]
    assert second["epmd"] == first["epmd"]


def test_a_port_that_a_killed_server_still_holds_is_waited_for() -> None:
    first = ports.choose(["main"], {})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first["main"]))
        taken.listen()
        dying = threading.Timer(0.3, taken.close)
        dying.start()
        assert ports.choose(["main"], first) == first
        dying.join()


@given(st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=6))
def test_ports_differ(names: list[str]) -> None:
    chosen = ports.choose(names, dict.fromkeys(names, 20_000))
    assert len(set(chosen.values())) == len(names)


def test_a_number_given_out_again_is_not_our_process() -> None:
    me = process.Process(pid=os.getpid(), started=process.started_at(os.getpid()) or "")
    assert process.alive(me)
    assert not process.alive(process.Process(pid=me.pid, started="1"))
    process.stop(process.Process(pid=me.pid, started="1"), signal.SIGKILL, 0)


def test_a_zombie_counts_as_ended() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    while process.started_at(child.pid) is not None:
        pass
    assert Path(f"/proc/{child.pid}/stat").exists()
    child.wait()


def test_stop_kills_what_ignores_the_first_signal(tmp_path: Path) -> None:
    stubborn = (
        "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('up','w').close(); time.sleep(60)"
    )
    known = process.spawn([sys.executable, "-c", stubborn], {}, tmp_path, None)
    probe.wait(lambda: "up" if (tmp_path / "up").exists() else None, 10, known)
    assert process.working_in(tmp_path) == [known.pid]
    process.stop(known, signal.SIGTERM, 0.2)
    assert not process.alive(known)
    assert process.working_in(tmp_path) == []


def test_waiting_ends_with_the_process_or_the_time(tmp_path: Path) -> None:
    gone = process.spawn([sys.executable, "-c", "print('bye')"], {}, tmp_path, None)
    with pytest.raises(StackError, match="ended while it started"):
        probe.wait(lambda: None, 30, gone)
    assert (tmp_path / "output.log").read_text() == "bye\n"
    with pytest.raises(StackError, match="no answer within 0 s"):
        probe.wait(lambda: None, 0)


def test_lock_of_a_killed_postgres_is_removed_and_a_live_one_kept(tmp_path: Path) -> None:
    lock = tmp_path / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{tmp_path}\n")
    postgres.clear_lock(tmp_path)
    assert lock.exists()
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    lock.write_text(f"{child.pid}\n{tmp_path}\n")
    postgres.clear_lock(tmp_path)
    assert not lock.exists()


def test_lock_stays_while_workers_of_the_killed_server_run(tmp_path: Path) -> None:
    worker = process.spawn([sys.executable, "-c", "import time; time.sleep(60)"], {}, tmp_path, None)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / "postmaster.pid").write_text(f"{gone.pid}\n")
    with pytest.raises(StackError, match="workers"):
        postgres.clear_lock(tmp_path, seconds=0.2)
    assert (tmp_path / "postmaster.pid").exists()
    process.stop(worker, signal.SIGKILL, 0)


@pytest.mark.parametrize("versions", [["9.6", "15"], ["15", "9.6", "13"]])
def test_newest_postgres_wins_by_number(tmp_path: Path, versions: list[str]) -> None:
    for version in versions:
        (tmp_path / version / "bin").mkdir(parents=True)
        for name in ("initdb", "postgres"):
            (tmp_path / version / "bin" / name).touch()
    (tmp_path / "17" / "bin").mkdir(parents=True)  # client tools alone are no server
    assert postgres.find_binaries(tmp_path) == tmp_path / "15" / "bin"


def test_broker_reads_nothing_of_the_machine(tmp_path: Path) -> None:
    broker = server(tmp_path)
    rabbitmq.configure(broker, None)
    env = rabbitmq.environment(broker, "ab12")
    for key, value in env.items():
        if key.endswith(("_FILE", "_FILES", "_BASE", "_DIR", "HOME")):
            assert value.startswith(str(tmp_path)), key
    conf = (tmp_path / "rabbitmq.conf").read_text()
    assert "listeners.tcp.default = 127.0.0.1:20001" in conf
    assert "default_pass = s3cret" in conf
    assert stat.S_IMODE((tmp_path / "rabbitmq.conf").stat().st_mode) == 0o600
    assert env["RABBITMQ_NODENAME"] == "onnara-ab12-broker@localhost"


def test_container_arguments_hold_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONNARA_POSTGRES_IMAGE", "site/postgres:1")
    database = server(tmp_path, kind="postgres", way="docker", ports={"main": 20005}, container="onnara-x-postgres")
    arguments = docker.arguments(database)
    assert "-p127.0.0.1:20005:5432" in arguments
    assert not any("s3cret" in part for part in arguments)
    assert arguments.index("site/postgres:1") < arguments.index("-cmax_connections=200")
    assert not any("unix_socket" in part or "listen_addresses" in part for part in arguments)
    broker = server(tmp_path, way="docker", container="onnara-x-broker")
    assert docker.arguments(broker)[-1] == "rabbitmq:4"
    assert "-p127.0.0.1:20001:5672" in docker.arguments(broker)


@pytest.mark.parametrize("name", ["plain", "with space", "한글", "x" * 200])
def test_data_goes_elsewhere_when_scripts_would_not_survive_the_path(tmp_path: Path, name: str) -> None:
    root = tmp_path / name
    root.mkdir()
    try:
        folder = account.data_folder(root, "broker", None)
        inside = folder.is_relative_to(root)
        assert inside == bool(account.SHELL_SAFE.fullmatch(str(root / ".run")))
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        folder.rmdir()
        account.remove_fallback(root)
    assert not account.fallback_place(root).exists()


@pytest.mark.parametrize(("said", "version"), [(b'"3.10.8"', "3.10.8"), (b"", "")])
def test_amqp_greeting_is_understood(said: bytes, version: str) -> None:
    text = said.strip(b'"')
    properties = b"\x07versionS" + struct.pack(">I", len(text)) + text if text else b""
    payload = probe.CONNECTION_START + b"\x00\x09" + struct.pack(">I", len(properties)) + properties
    frame = b"\x01\x00\x00" + struct.pack(">I", len(payload)) + payload + b"\xce"
    assert _ask(frame) == version


@pytest.mark.parametrize("frame", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"AMQP\x00\x01\x00\x00"])
def test_another_protocol_is_no_broker(frame: bytes) -> None:
    assert _ask(frame) is None


def _ask(frame: bytes) -> str | None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            line, _ = listener.accept()
            with line:
                assert line.recv(8) == probe.AMQP_GREETING
                line.sendall(frame)

        thread = threading.Thread(target=serve)
        thread.start()
        answer = probe.rabbitmq("127.0.0.1", listener.getsockname()[1])
        thread.join(5)
        return answer


def test_unknown_broker_is_a_sentence_not_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["broker", "kill", "--name", "never-started"]) == 1
    assert "there is no broker never-started" in capsys.readouterr().err
