"""`make reset`: delete the demo world, its servers and its passwords. Refuses while they run."""

from __future__ import annotations

import shutil
import sys

from dev import output
from dev.postgres import remove_data_elsewhere
from dev.run import take_lock
from dev.state import state_dir
from dev.supervisor import RunFailed


def main() -> int:
    state = state_dir()
    if not state.exists():
        output.say("there is nothing to forget")
        return 0
    try:
        with take_lock(state):
            remove_data_elsewhere(state)
            shutil.rmtree(state)
    except RunFailed as refusal:
        output.say(str(refusal))
        return 1
    output.say(f"forgot {state}; the next `make run` begins anew")
    return 0


if __name__ == "__main__":
    sys.exit(main())
