"""What the stack is made of: port, data set, state that is kept or not, settings, and faults told in a sentence."""

import base64
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from local import stack
from local.assembly import dataset, services
from local.assembly.folders import StateFolder, state_name
from local.assembly.oauth_client import OAuthClient, choose_client
from local.assembly.secret_seed import CLIENT_SECRET, SERVICE_TOKEN, TOKEN_KEY, write_seed
from local.cli.fault import Fault
from local.clock import LocalClock
from local.supervisor.ports import PickedPorts, holder_of, is_free, pick_free_ports
from tests.local.free_port import free_port
from tests.local.front import Echo, serving
from tests.local.waiting import until

ROOT = Path(__file__).resolve().parents[2]
OURS = "http://localhost:8123/oauth/callback"
GMAIL: dict[str, Any] = {
    "users": [{"email": "alice@example.com"}],
    "messages": [{"user_email": "alice@example.com", "raw_file": "filed/one.eml"}],
}
CRM: dict[str, Any] = {"org": {"id": "o"}, "users": [], "contacts": []}


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def write(folder: Path, gmail: object = None, crm: object = None) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "gmail.yaml").write_text(yaml.safe_dump(gmail or GMAIL))
    (folder / "crm.yaml").write_text(yaml.safe_dump(crm or CRM))
    return folder


def run_stack(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local.stack", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_a_port_that_is_taken_is_named_with_its_holder(taken_port: int) -> None:
    answer = run_stack("--port", str(taken_port))
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith(f"Port {taken_port} is taken")
    assert "--port" in answer.stderr
    assert answer.stderr.count("\n") == 1
    if Path("/proc/net/tcp").exists():
        assert f"(process {os.getpid()})" in answer.stderr


def test_a_free_port_has_no_holder(taken_port: int) -> None:
    free = free_port()
    assert is_free(free)
    assert holder_of(free) is None
    assert not is_free(taken_port)


def test_picked_ports_differ_and_are_not_those_of_outgoing_connections() -> None:
    ports = pick_free_ports([str(number) for number in range(200)])
    assert len(set(ports.values())) == 200
    assert max(ports.values()) < 32768


def test_a_picked_port_on_which_nobody_listens_yet_is_picked_by_nobody_else_until_it_is_given_up() -> None:
    (port,) = (picked := pick_free_ports(["one"])).values()
    assert is_free(port)
    assert not PickedPorts().take("other", port)
    del picked
    assert PickedPorts().take("other", port), "the control"


def test_a_folder_that_is_missing_is_one_sentence(tmp_path: Path) -> None:
    free = free_port()
    answer = run_stack("--port", str(free), "--data", str(tmp_path / "nowhere"))
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)
    assert str(tmp_path / "nowhere") in answer.stderr


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("gmail.yaml", None, "gmail.yaml is missing"),
        ("crm.yaml", None, "crm.yaml is missing"),
        ("gmail.yaml", "users: [\n- a: b: c\n", "gmail.yaml, line 2"),
        ("gmail.yaml", "just words", "gmail.yaml must hold a mapping"),
        ("gmail.yaml", "users: {}", "gmail.yaml needs users, a list"),
        ("crm.yaml", "org: {id: o}\ncontacts: []", "crm.yaml needs users, a list"),
        ("crm.yaml", "org: o\nusers: []\ncontacts: []", "crm.yaml needs org, a mapping"),
        ("crm.yaml", "a: !!python/object/apply:os.getcwd []", "crm.yaml, line 1"),
        ("crm.yaml", b"\xff\xfe\x00", "crm.yaml cannot be read"),
    ],
)
def test_a_data_file_that_is_wrong_is_named_with_its_fault(
    tmp_path: Path, file: str, text: str | bytes | None, sentence: str
) -> None:
    folder = write(tmp_path)
    if text is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Fault) as caught:
        dataset.load(folder)
    assert str(folder / file) in str(caught.value)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_record_of_the_crm_that_is_wrong_is_named_before_anything_starts(tmp_path: Path) -> None:
    free = free_port()
    crm = {"org": {"id": "o", "name": "O", "time_zone": "UTC", "domains": []}, "users": [{"id": "alice"}]}
    data = write(tmp_path / "data", crm=crm)
    answer = run_stack("--port", str(free), "--data", str(data), "--state", str(tmp_path / "state"))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith(f"{data / 'crm.yaml'}, users.0.")
    assert answer.stderr.count("\n") == 1


def test_what_the_emulator_could_not_use_is_shown_as_warnings(tmp_path: Path) -> None:
    lines = [f"gmail: mail {number} has no header" for number in range(25)]
    (tmp_path / "gmail.log").write_text("something else\n" + "\n".join(lines))
    warnings = stack.data_warnings(tmp_path)
    assert warnings[0] == "mail 0 has no header"
    assert warnings[20:] == ["and 5 more, see gmail.log"]


def test_a_data_set_is_another_when_any_file_of_it_changes(tmp_path: Path) -> None:
    folder = write(tmp_path)
    first = dataset.load(folder).fingerprint
    assert dataset.load(folder).fingerprint == first
    (folder / "mail").mkdir()
    (folder / "mail" / "new.eml").write_text("Subject: hi\n\n")
    second = dataset.load(folder)
    assert second.fingerprint != first
    assert second.mail_folder == folder / "mail"


def test_the_demo_is_made_once_a_day(tmp_path: Path) -> None:
    (tmp_path / "local" / "demo").mkdir(parents=True)
    (tmp_path / "local" / "demo" / "__main__.py").write_text(
        "import sys, pathlib\n"
        "out = pathlib.Path(sys.argv[sys.argv.index('--out') + 1])\n"
        "out.mkdir()\n"
        "runs = pathlib.Path('runs')\n"
        "runs.write_text((runs.read_text() if runs.exists() else '') + 'x')\n"
    )
    settings = {"PYTHONPATH": str(tmp_path)}
    for day in (24, 24, 25):
        made = dataset.make_demo(tmp_path, datetime(2026, 11, day, 12, tzinfo=UTC), settings)
    assert (tmp_path / "runs").read_text() == "xx"
    (tmp_path / "local" / "demo" / "texts.py").write_text("NEW = 1\n")
    assert dataset.make_demo(tmp_path, datetime(2026, 11, 25, 13, tzinfo=UTC), settings) == made
    assert (tmp_path / "runs").read_text() == "xxx"


def test_the_first_client_with_our_redirect_uri_is_used(tmp_path: Path) -> None:
    clients = [
        {"client_id": "other", "client_secret": "x", "redirect_uris": ["http://localhost:3000/cb"]},
        {"client_id": "ours", "client_secret": "s", "redirect_uris": ["http://a/", OURS]},
    ]
    data = dataset.load(write(tmp_path, {**GMAIL, "oauth_clients": clients}))
    chosen = choose_client(data, OURS, tmp_path / "kept", tmp_path / "copy")
    assert chosen == OAuthClient("ours", "s", tmp_path / "gmail.yaml")
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_client_is_added_where_none_may_come_back_to_us(tmp_path: Path, wrapped: bool) -> None:
    data = dataset.load(write(tmp_path, {"google": GMAIL} if wrapped else GMAIL))
    kept, copy = tmp_path / "kept", tmp_path / "copy.yaml"
    chosen = choose_client(data, OURS, kept, copy)
    seed = yaml.safe_load(copy.read_text())
    (client,) = seed["oauth_clients"]
    assert client["redirect_uris"] == [OURS]
    assert (client["client_id"], client["client_secret"]) == (chosen.client_id, chosen.client_secret)
    assert seed["users"] == GMAIL["users"]
    assert seed["messages"][0]["raw_file"] == str((tmp_path / "filed/one.eml").resolve())
    assert choose_client(data, OURS, kept, copy) == chosen, "the next start has the same client"


def test_secrets_outlive_a_restart_but_not_the_state(tmp_path: Path) -> None:
    seed, token = tmp_path / "secrets.json", tmp_path / "token"
    write_seed(seed, token, "client secret", tmp_path / "webhook")
    first = json.loads(seed.read_text())
    write_seed(seed, token, "another client secret", tmp_path / "webhook")
    second = json.loads(seed.read_text())
    assert second[TOKEN_KEY] == first[TOKEN_KEY]
    assert len(base64.b64decode(first[TOKEN_KEY][0])) == 32
    assert base64.b64decode(second[CLIENT_SECRET][0]) == b"another client secret"
    assert base64.b64decode(second[SERVICE_TOKEN][0]).decode() == token.read_text()
    assert seed.stat().st_mode & 0o077 == 0
    seed.unlink()
    write_seed(seed, token, "client secret", tmp_path / "webhook")
    assert json.loads(seed.read_text())[TOKEN_KEY] != first[TOKEN_KEY]


@pytest.mark.parametrize(
    ("fresh", "keeps_nothing", "fingerprint", "kept"),
    [
        (False, False, "same", True),
        (True, False, "same", False),
        (False, True, "same", False),
        (False, False, "other", False),
    ],
)
def test_state_is_kept_only_where_it_still_fits(
    tmp_path: Path, fresh: bool, keeps_nothing: bool, fingerprint: str, kept: bool
) -> None:
    state = StateFolder(tmp_path)
    stack.clear_state(state, "same", fresh=False, keeps_nothing=False)
    state.gmail_database.write_text("mail")
    state.clock.write_text("60")
    stack.clear_state(state, fingerprint, fresh, keeps_nothing)
    assert state.gmail_database.exists() is kept
    assert state.clock.exists() is kept
    assert state.logs.is_dir()


def test_a_state_folder_belongs_to_one_stack_at_a_time(tmp_path: Path) -> None:
    take = (
        "import sys, pathlib, local.assembly.folders as folders\n"
        "folders.StateFolder(pathlib.Path(sys.argv[1]))"
    )
    held = StateFolder(tmp_path)
    second = subprocess.run(
        [sys.executable, "-c", take, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert f"in use by another ./dev up (process {os.getpid()})" in second.stderr
    del held


def test_two_data_sets_of_the_same_name_have_their_own_state(tmp_path: Path) -> None:
    names = {state_name(None), state_name(tmp_path / "a" / "data"), state_name(tmp_path / "b" / "data")}
    assert len(names) == 3


@pytest.fixture
def assembly(tmp_path: Path) -> services.Assembly:
    data = dataset.load(write(tmp_path / "data"))
    return services.Assembly(
        root=ROOT,
        functions=ROOT / "functions",
        public_port=8123,
        ports={name: 20000 + number for number, name in enumerate(services.port_names())},
        data=data,
        state=StateFolder(tmp_path / "state"),
        client=OAuthClient("id", "secret", data.gmail_file),
        firestore_command=None,
        pubsub_command=None,
        base_environment={"PATH": "/bin"},
    )


def test_every_process_of_the_page_is_there(assembly: services.Assembly) -> None:
    page = (ROOT / "docs" / "local-stack.md").read_text()
    names = {service.name for service in services.all_services(assembly)}
    assert len(names) == 17
    assert {name for name in names if name not in page} == set()


def test_functions_get_the_settings_of_the_page_and_nothing_of_the_caller(
    assembly: services.Assembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", "1")
    page = (ROOT / "docs" / "local-stack.md").read_text().partition("## Settings that every function gets")[2]
    by_name = {service.name: service.environment for service in services.all_services(assembly)}
    listed = {
        word.strip("`, ")
        for line in page.splitlines()
        if line.startswith("| `")
        for word in line.split("|")[1].split()
    }
    of_the_process = {"PATH", "THREADS", "MALLOC_MMAP_THRESHOLD_"}
    assert set(by_name["tick"]) == listed | of_the_process
    assert set(by_name["oauth"]) == {n for n in listed if not n.startswith("INVOKER")} | of_the_process


def test_the_scheduler_calls_the_gateway_by_the_clock_of_the_stack(assembly: services.Assembly) -> None:
    gateway = Echo("gateway")
    with serving(gateway) as server:
        ports = {**assembly.ports, "internal": server.server_port}
        environment = stack.base_environment(os.environ)
        there = replace(assembly, ports=ports, base_environment=environment)
        (scheduler,) = (each for each in services.all_services(there) if each.name == "scheduler")
        process = subprocess.Popen(
            scheduler.command,
            env=scheduler.environment,
            cwd=scheduler.folder,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "3 jobs are scheduled\n"
            LocalClock(assembly.state.clock).advance(600)
            until(lambda: "/tick" in [asked["target"] for asked in gateway.asked], "the tick has fired")
        finally:
            process.terminate()
            process.wait(60)


def test_a_private_function_accepts_only_its_own_tokens(assembly: services.Assembly) -> None:
    by_name = {service.name: service.environment for service in services.all_services(assembly)}
    internal = f"http://127.0.0.1:{assembly.ports['internal']}"
    assert by_name["label-mailbox"]["INVOKER_AUDIENCE"] == f"{internal}/label_mailbox"
    assert by_name["label-mailbox"]["INVOKER_EMAIL"].startswith("invoke-label_mailbox@")


def test_everything_but_the_gateway_listens_on_this_machine_only(assembly: services.Assembly) -> None:
    for service in services.all_services(assembly):
        if "functions_framework" in service.command:
            assert service.command[service.command.index("--host") + 1] == "127.0.0.1"


def test_official_emulators_are_used_only_with_java() -> None:
    assert stack.official_emulators({"firestore": 1, "pubsub": 2}, {"PATH": "/nonexistent"}) == (None, None)
