#!/usr/bin/env bash
# Makes sure that browser tests find a Chromium: the machine's, else Debian's package, else Playwright's own build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

have_browser() { .venv/bin/python -m dev.browser >/dev/null 2>&1; }
have_browser && exit 0

as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)
if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    echo "Installing Chromium (apt-get)"
    { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core; } >/dev/null || true
    have_browser && exit 0
fi
echo "Fetching Playwright's Chromium"
.venv/bin/python -m playwright install chromium || true
have_browser && exit 0
echo "marquee: the browser tests need Chromium, and none could be installed. Install it (Debian: apt install chromium) and try again." >&2
exit 1
