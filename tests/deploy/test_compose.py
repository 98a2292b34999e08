"""The compose files: what they start exists, what they wait for can be waited for, what they read is documented."""

import re
import subprocess

import pytest

from dev.postgres import _programs
from dev.state import CHECKOUT
from tests.deploy.dockerfile import compose, documented_variables

FILES = ("docker-compose.yml", "docker-compose.production.yml")
OURS = ("migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def services():
    return compose()["services"]


def test_all_parts_are_there(services):
    assert set(services) == {"db", "redis", "migrate", "web", "worker", "beat", "mail", "caddy"}
    assert set(compose(FILES[1])["services"]) <= set(services)


def test_every_image_is_named_with_its_version(services):
    for name, service in services.items():
        assert re.search(r":(\d|v\d|\$\{MARQUEE_VERSION)", service["image"]), name


@pytest.mark.parametrize("name", OURS)
def test_our_parts_run_one_script_of_the_image_with_few_rights(services, name):
    service = services[name]
    (script,) = service["command"]
    assert (CHECKOUT / script).stat().st_mode & 0o111
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
    assert "ports" not in service


def test_what_is_waited_for_can_happen(services):
    for name, service in services.items():
        for other, rule in service.get("depends_on", {}).items():
            assert other in services, name
            if rule["condition"] == "service_healthy":
                # That of web is in the Dockerfile.
                assert other == "web" or "test" in services[other]["healthcheck"], name
            if rule["condition"] == "service_completed_successfully":
                assert services[other]["restart"] == "no", name


def test_only_the_front_door_is_open_and_in_a_rehearsal_only_to_this_machine(services):
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert set(published) == {"mail", "caddy"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_production_opens_the_door_to_all_and_catches_no_mail():
    services = compose(FILES[1])["services"]
    assert services["caddy"]["ports"] == ["80:80", "443:443", "443:443/udp"]
    assert services["mail"] == {"profiles": ["rehearsal"]}
    for name in OURS:
        assert services[name]["environment"]["EMAIL_URL"].startswith("${EMAIL_URL:?")


@pytest.mark.parametrize("name", FILES)
def test_secrets_come_from_the_environment(name):
    text = (CHECKOUT / name).read_text()
    for variable, value in re.findall(r"^\s+(\w*(?:SECRET|PASSWORD|_KEY|AUTH)\w*): (.*)$", text, re.MULTILINE):
        assert value.startswith("${"), variable


@pytest.mark.parametrize("name", FILES)
def test_every_variable_is_in_env_example(name):
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (CHECKOUT / name).read_text()))
    assert used and used <= documented_variables()


def test_the_check_of_the_database_is_a_command_it_knows(services):
    _, program, *arguments = services["db"]["healthcheck"]["test"]
    # Nobody listens on this port: 2 is its word for that, 3 would be a wrong argument.
    command = [str(_programs() / program), *arguments, "--host=127.0.0.1", "--port=1"]
    assert subprocess.run(command, capture_output=True).returncode == 2


def test_the_archive_keeps_what_it_has(tmp_path):
    """A segment that is there already must never be written over: PostgreSQL would think that it is safe."""
    command = compose(FILES[1])["services"]["db"]["command"]
    (archive,) = [word.removeprefix("archive_command=") for word in command if word.startswith("archive_command=")]
    segment, folder = tmp_path / "segment", tmp_path / "archive"
    segment.write_text("first")
    folder.mkdir()
    shell = archive.replace("%p", str(segment)).replace("%f", "0001").replace("/archive/", f"{folder}/")
    assert subprocess.run(["sh", "-c", shell]).returncode == 0
    segment.write_text("second")
    assert subprocess.run(["sh", "-c", shell]).returncode != 0
    assert [(file.name, file.read_text()) for file in folder.iterdir()] == [("0001", "first")]


def test_the_front_door_leads_to_the_site(services):
    text = (CHECKOUT / "deploy" / "Caddyfile").read_text()
    code = re.sub(r"#.*", "", text)
    assert code.count("{") == code.count("}")
    (target,) = re.findall(r"reverse_proxy (\w+):(\d+)", code)
    assert target[0] in services and services[target[0]]["expose"] == [target[1]]
    used = set(re.findall(r"\{\$([A-Z_]+)", code))
    assert used == set(services["caddy"]["environment"])
