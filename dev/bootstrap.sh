#!/usr/bin/env bash
# Prepares .venv with exactly the pinned packages. Nothing is done when the pins have not changed.
# Needs uv, or a python3 (any) that can make a venv to fetch uv into; and a Python 3.13, or a network to fetch one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Two targets at once in one checkout: the second waits and finds it done.
exec 9<dev/bootstrap.sh
if command -v flock >/dev/null; then flock 9; fi

refuse() { printf '\nmarquee: %s\n' "$*" >&2; exit 1; }

wanted_python=$(cat .python-version)
pins=requirements-dev.txt
# A moved or copied checkout has a .venv whose scripts point elsewhere: the place is part of the stamp.
stamp="$PWD $wanted_python $(cksum <"$pins")"
if [ "${1:-}" != "--uv-only" ] && [ -x .venv/bin/python ] && [ "$(cat .venv/.stamp 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi

if [ -e .venv ] && [ ! -w .venv ]; then
    refuse "you may not write in .venv: it was made by $(stat -c %U .venv 2>/dev/null || echo another user). Remove it or use a checkout of your own."
fi
[ -w . ] || refuse "you may not write in $PWD. Use a checkout of your own."

# Behind a company's own certificate only the machine's store knows it.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"

find_uv() {
    if uv=$(command -v uv 2>/dev/null) && "$uv" --version >/dev/null 2>&1; then return; fi
    uv=$PWD/.tools/bin/uv
    if [ -x "$uv" ] && "$uv" --version >/dev/null 2>&1; then return; fi
    python=$(command -v python3) || refuse "neither uv nor python3 found. Install one of them (Debian: apt install python3 python3-venv)."
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        refuse "neither uv nor Python's venv module found. Install one of them (Debian: apt install python3-venv)."
    echo "Fetching uv into .tools"
    rm -rf .tools
    "$python" -m venv .tools || refuse "python3 -m venv failed (Debian: apt install python3-venv)."
    .tools/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8' ||
        refuse "could not fetch uv with pip. Is there a network?"
}

find_uv
[ "${1:-}" != "--uv-only" ] || { echo "$uv"; exit 0; }

# A build of Python 3.13 that no other user may reach is of no use: uv then fetches one.
if [ "$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" != "$wanted_python" ] ||
    [ "$(cut -d' ' -f1 .venv/.stamp 2>/dev/null || echo "$PWD")" != "$PWD" ]; then
    "$uv" venv --quiet --clear --no-project --python "$wanted_python" .venv ||
        refuse "Python $wanted_python is needed; none was found and uv could not fetch one. Install it (for example: pyenv install $wanted_python) and try again."
fi
echo "Installing the pinned packages into .venv"
VIRTUAL_ENV=$PWD/.venv "$uv" pip sync --quiet --require-hashes "$pins" ||
    refuse "could not install $pins. Is there a network?"
printf '%s' "$stamp" >.venv/.stamp
