"""What a screen reader does, for ``test_atspi``; run by the system's Python, which has pyatspi.

Waits for the window, prints the names of its controls, presses the one that is named in the first
argument, and prints the window's title after that: two lines of JSON.
"""

import json
import sys
import time

import pyatspi

ROLES = {pyatspi.ROLE_PUSH_BUTTON, pyatspi.ROLE_CHECK_BOX, pyatspi.ROLE_TOGGLE_BUTTON}


def frame(until):
    """Return the program's window once it is on the bus."""
    while time.monotonic() < until:
        for program in pyatspi.Registry.getDesktop(0):
            if program is not None and program.name == "KIPP Desktop" and program.childCount:
                return program.getChildAtIndex(0)
        time.sleep(0.2)
    sys.exit("the window did not come onto the bus")


def controls(window):
    """Return every button that is shown, with its name."""
    return pyatspi.findAllDescendants(
        window,
        lambda one: one.getRole() in ROLES and one.getState().contains(pyatspi.STATE_SHOWING),
    )


def main(wanted):
    until = time.monotonic() + 30
    window = frame(until)
    found = controls(window)
    while not any(one.name == wanted for one in found) and time.monotonic() < until:
        time.sleep(0.2)
        found = controls(window)
    print(json.dumps([one.name for one in found]), flush=True)
    before = window.name
    # The door of the page, not the entry of the list beside it.
    [one for one in found if one.name == wanted][-1].queryAction().doAction(0)
    while window.name == before and time.monotonic() < until:
        time.sleep(0.2)
    print(json.dumps(window.name), flush=True)


main(sys.argv[1])
