#!/usr/bin/env bash
# Makes sure that browser tests find a Chromium: Debian's headless shell, which is enough and far lighter, else the
# machine's Chromium, else Playwright's own build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

have_shell() { command -v chromium-headless-shell >/dev/null; }
have_browser() { .venv/bin/python -m dev.browser >/dev/null 2>&1; }
have_shell && exit 0

as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)
may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }
# Without a network nobody waits long: there is a next way.
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20 "$@" >/dev/null 2>&1; }
offers_shell() { apt-cache show chromium-headless-shell >/dev/null 2>&1; }
# A fresh container knows no packages at all; a machine that knows some, but not this one, has another Debian.
knows_packages() { compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; }

if may_install; then
    offers_shell || knows_packages || apt update || true
    if offers_shell; then
        echo "Installing Chromium's headless shell (apt-get)"
        apt install -y --no-install-recommends chromium-headless-shell fonts-dejavu-core ||
            { apt update && apt install -y --no-install-recommends chromium-headless-shell fonts-dejavu-core; } || true
        have_shell && exit 0
    fi
fi
have_browser && exit 0
if may_install; then
    echo "Installing Chromium (apt-get)"
    { apt update && apt install -y --no-install-recommends chromium fonts-dejavu-core; } || true
    have_browser && exit 0
fi
echo "Fetching Playwright's Chromium"
.venv/bin/python -m playwright install chromium || true
have_browser && exit 0
echo "marquee: the browser tests need Chromium, and none could be installed. Install it (Debian: apt install chromium) and try again." >&2
exit 1
