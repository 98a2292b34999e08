"""Runs the commands of the Dockerfile and of the image in a bare environment."""

import json
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from dev.state import CHECKOUT
from tests.deploy.dockerfile import copied_paths, final_stage, instructions

PRODUCT = {
    "config",
    "core",
    "accounts",
    "houses",
    "staff",
    "theaters",
    "sales",
    "reservations",
    "payments",
    "boxoffice",
}


def run(*command: str, cwd, env, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=60, **options)


def test_the_image_has_the_product_and_nothing_of_development():
    copied = set(copied_paths())
    assert PRODUCT | {"templates", "static", "locale", "deploy", "manage.py", "requirements.txt"} == copied
    assert all((CHECKOUT / path).exists() for path in copied)


def test_what_is_copied_is_what_dockerignore_lets_through():
    lines = (CHECKOUT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == set(copied_paths())


def test_every_stage_is_the_pinned_python_and_slim():
    wanted = (CHECKOUT / ".python-version").read_text().strip()
    bases = {rest.split()[0] for name, rest in instructions() if name == "FROM"}
    (base,) = bases
    assert re.fullmatch(rf"python:{wanted}\.\d+-slim(@sha256:[0-9a-f]{{64}})?", base)


def test_the_last_stage_runs_as_an_ordinary_user_and_says_how_it_is():
    stage = dict(final_stage())
    assert stage["USER"] == "10001:10001"
    assert stage["HEALTHCHECK"].endswith('CMD ["python", "deploy/healthcheck.py", "web"]')
    (script,) = json.loads(stage["CMD"])
    assert (CHECKOUT / script).stat().st_mode & 0o111


def test_no_secret_stays_in_the_image():
    kept = " ".join(rest for name, rest in instructions() if name in {"ENV", "ARG", "LABEL"})
    assert not re.search(r"SECRET|PASSWORD|TOKEN|_KEY", kept)


def test_every_package_is_pinned_by_hash():
    (install,) = [rest for name, rest in instructions() if name == "RUN" and "pip install" in rest]
    assert "--require-hashes" in install
    text = re.sub(r"\\\n\s*", " ", (CHECKOUT / "requirements.txt").read_text())
    pins = [line for line in text.splitlines() if line.strip() and not line.startswith((" ", "#"))]
    assert pins and all("==" in pin and "--hash=sha256:" in pin for pin in pins)


@pytest.mark.long
def test_static_files_were_collected_with_hashed_names(image):
    manifest = json.loads((image / "staticfiles" / "staticfiles.json").read_text())
    assert "css/base.css" in manifest["paths"]
    assert all((image / "staticfiles" / name).exists() for name in manifest["paths"].values())


@pytest.mark.long
def test_production_refuses_to_start_without_a_webhook_secret(image, production):
    del production["STRIPE_WEBHOOK_SECRET"]
    refused = run("python", "-c", "import config.settings.production", cwd=image, env=production)
    assert refused.returncode == 1
    assert "STRIPE_WEBHOOK_SECRET is not set" in refused.stderr


class OnlyByName(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.headers["Host"] == "tickets.example.com" else 400)
        self.end_headers()

    def log_message(self, *arguments: object) -> None: ...


@pytest.mark.parametrize(("site", "code"), [("https://tickets.example.com\n", 0), ("https://other.example.com", 1)])
def test_the_health_check_reads_what_it_needs_from_files_as_the_settings_do(tmp_path, site, code):
    (tmp_path / "site").write_text(site)
    with ThreadingHTTPServer(("127.0.0.1", 0), OnlyByName) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        (tmp_path / "health").write_text(f"http://127.0.0.1:{server.server_port}")
        files = {"SITE_URL_FILE": str(tmp_path / "site"), "HEALTH_URL_FILE": str(tmp_path / "health")}
        done = subprocess.run([sys.executable, CHECKOUT / "deploy" / "healthcheck.py", "web"], env=files, check=False)
        server.shutdown()
    assert done.returncode == code
