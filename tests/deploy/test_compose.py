"""The compose files: they start what exists, wait for what can be waited for, and read only documented settings."""

import re
import shutil
import subprocess
from urllib.parse import urlsplit

import pytest

from dev.postgres import _programs
from dev.state import CHECKOUT
from tests.deploy.dockerfile import compose, documented_variables, instructions

FILES = ("docker-compose.yml", "docker-compose.production.yml")
OURS = ("migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def services():
    return compose()["services"]


def test_all_parts_are_there(services):
    assert set(services) == {"db", "redis", "migrate", "web", "worker", "beat", "mail", "caddy"}
    assert set(compose(FILES[1])["services"]) <= set(services)


def test_every_image_and_action_is_named_with_its_exact_version(services):
    images = {name: service["image"] for name, service in services.items() if name not in OURS}
    images |= {rest: rest.split()[0] for name, rest in instructions() if name == "FROM"}
    for name, image in images.items():
        assert re.search(r":v?\d+\.\d+(\.\d+)?(-slim)?(@sha256:[0-9a-f]{64})?$", image), name
    workflows = "".join(path.read_text() for path in (CHECKOUT / ".github" / "workflows").glob("*.yml"))
    actions = re.findall(r"uses: (\S+)", workflows)
    assert actions and all(re.search(r"@(v\d+\.\d+\.\d+|[0-9a-f]{40})$", action) for action in actions), actions


def test_an_operator_pins_the_digests_with_one_command(tmp_path):
    """A `docker` program that answers like buildx stands for Docker."""
    (tmp_path / "deploy").mkdir()
    for name in (*FILES, "Dockerfile", "deploy/pin-images.sh"):
        shutil.copy(CHECKOUT / name, tmp_path / name)
    docker = tmp_path / "docker"
    digest = "sha256:" + "0a" * 32
    docker.write_text(f"#!/bin/sh\necho {digest}\n")
    docker.chmod(0o755)
    for _ in range(2):
        environment = {"PATH": f"{tmp_path}:/usr/local/bin:/usr/bin:/bin"}
        subprocess.run([tmp_path / "deploy" / "pin-images.sh"], env=environment, check=True, capture_output=True)
    text = (tmp_path / "docker-compose.yml").read_text() + (tmp_path / "Dockerfile").read_text()
    named = re.findall(r"(?m)^ *(?:image:|FROM) (?!marquee:)(\S+)( AS build)?$", text)
    assert len(named) == 6 and all(image.endswith(f"@{digest}") and image.count("@") == 1 for image, _ in named)


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
                # The health check of web is in the Dockerfile.
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
    for name in ("migrate", "web", "worker"):
        assert services[name]["environment"]["EMAIL_URL"].startswith("${EMAIL_URL:?")
    assert all(services[name]["environment"]["SITE_URL"].startswith("${SITE_URL:?") for name in OURS)


# Which container knows which secret. No container reads the .env file itself.
OWNER, WEB_ROLE, WORKER_ROLE = "POSTGRES_PASSWORD", "WEB_DATABASE_PASSWORD", "WORKER_DATABASE_PASSWORD"
SECRETS = {
    "db": {OWNER},
    "redis": {"REDIS_PASSWORD"},
    "migrate": {OWNER, WEB_ROLE, WORKER_ROLE, "SECRET_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"},
    "web": {
        WEB_ROLE, "REDIS_PASSWORD", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET",
        "METRICS_TOKEN", "SENTRY_DSN",
    },
    "worker": {WORKER_ROLE, "REDIS_PASSWORD", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "STRIPE_SECRET_KEY", "SENTRY_DSN"},
    "beat": {WORKER_ROLE, "REDIS_PASSWORD"},
    "mail": set(),
    "caddy": set(),
}  # fmt: skip
NETWORKS = {
    "db": {"data"}, "redis": {"hints"}, "migrate": {"data", "outside"}, "web": {"front", "data", "hints", "outside"},
    "worker": {"data", "hints", "outside"}, "beat": {"data", "hints"}, "mail": {"outside"}, "caddy": {"front"},
}  # fmt: skip


def named_in(service) -> set[str]:
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", str(service.get("environment", {}))))


@pytest.mark.parametrize("name", SECRETS)
def test_each_container_has_the_secrets_and_networks_it_needs_and_no_others(services, name):
    service = services[name]
    assert "env_file" not in service
    secrets = {variable for variable in named_in(service) if re.search(r"SECRET|PASSWORD|TOKEN|DSN", variable)}
    assert secrets - {"STAFF_SECOND_FACTOR_REQUIRED", "PASSWORD_BREACH_URL"} == SECRETS[name]
    assert set(service["networks"]) == NETWORKS[name]


def test_the_database_and_redis_reach_nobody_outside():
    networks = compose()["networks"]
    assert {name for name, rule in networks.items() if rule and rule.get("internal")} == {"data", "hints"}


def test_each_process_comes_with_its_own_database_role(services):
    users = {
        name: urlsplit(services[name]["environment"]["DATABASE_URL"].split("${")[0] + "x@db").username for name in OURS
    }
    assert users == {"migrate": "marquee", "web": "marquee_web", "worker": "marquee_worker", "beat": "marquee_worker"}


def test_every_optional_setting_reaches_the_containers(services):
    """A line that somebody uncomments in .env must have an effect."""
    elsewhere = {
        "DATABASE_URL", "WEB_DATABASE_URL", "WORKER_DATABASE_URL", "REDIS_URL", "STATIC_ROOT", "MEDIA_ROOT", "STATE_DIR",
        "DJANGO_SETTINGS_MODULE", "COMPOSE_FILE", "HTTP_PORT", "MARQUEE_VERSION", "WEB_BIND", "HEALTH_URL",
        "APPLICATION_NAME", "PROCESS", "DEBUG", "MARQUEE_STATE_DIR", "DEMO_STAFF_EMAIL", "DEMO_STAFF_PASSWORD",
        "HINTS_ENABLED", "NO_COLOR", "DATABASE_ROLES", "RETENTION_DATABASE_ROLE",
    }  # fmt: skip
    text = (CHECKOUT / ".env.example").read_text()
    optional = set(re.findall(r"^#([A-Z][A-Z0-9_]+)=", text, re.MULTILINE)) - elsewhere
    assert optional - named_in(services["web"]) == set()


@pytest.mark.parametrize("name", FILES)
def test_secrets_come_from_the_environment(name):
    text = (CHECKOUT / name).read_text()
    for variable, value in re.findall(r"^\s+(\w*(?:SECRET|PASSWORD|_KEY|AUTH)\w*): (.*)$", text, re.MULTILINE):
        assert value.startswith("${") or re.match(r"(sk_test_)?not.given.to", value), variable


@pytest.mark.parametrize("name", FILES)
def test_every_variable_is_in_env_example(name):
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (CHECKOUT / name).read_text()))
    assert used and used <= documented_variables()


def test_the_check_of_the_database_is_a_command_it_knows(services):
    _, program, *arguments = services["db"]["healthcheck"]["test"]
    # Nobody listens on this port. The programs then exit with 2; a wrong argument would give 3.
    command = [str(_programs() / program), *arguments, "--host=127.0.0.1", "--port=1"]
    assert subprocess.run(command, capture_output=True).returncode == 2


def test_the_archive_keeps_what_it_has(tmp_path):
    """An existing segment must never be overwritten, because PostgreSQL believes that it is safe."""
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
