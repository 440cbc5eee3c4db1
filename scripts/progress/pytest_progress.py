"""A pytest plugin: notes every test as it ends in the file that GRADERSPACE_PROGRESS names (see note.mjs)."""

import json
import os

import pytest

seconds: dict[str, float] = {}


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report):
    seconds[report.nodeid] = seconds.get(report.nodeid, 0.0) + report.duration
    if report.failed:
        reasons[report.nodeid] = reason(report)
    if report.when == "teardown":
        note(report.nodeid, states.pop(report.nodeid, "failed") if report.passed else "failed")
    elif report.failed or report.skipped:
        states[report.nodeid] = "failed" if report.failed else "skipped"
    else:
        states.setdefault(report.nodeid, "passed")


def pytest_collectreport(report):
    if report.failed:
        reasons[report.nodeid] = reason(report)
        note(report.nodeid, "failed")


def reason(report):
    """The error's own words; of a file that does not import, its last line."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return crash.message if crash else report.longreprtext.strip().splitlines()[-1].removeprefix("E").strip()


def note(node, state):
    path = os.environ.get("GRADERSPACE_PROGRESS")
    if path is None:
        return
    file, *name = node.split("::")
    test = {"id": node, "file": file, "state": state, "ms": 1000 * seconds.pop(node, 0.0)}
    if name:
        test["name"] = "::".join(name)
    if node in reasons:
        test["why"] = reasons.pop(node)
    with open(path, "a", encoding="utf8") as file:
        file.write(json.dumps(test) + "\n")


states: dict[str, str] = {}
reasons: dict[str, str] = {}
