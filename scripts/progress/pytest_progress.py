"""A pytest plugin: notes every test as it ends in the file that GRADERSPACE_PROGRESS names (see note.mjs)."""

import json
import os

import pytest

seconds: dict[str, float] = {}


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report):
    seconds[report.nodeid] = seconds.get(report.nodeid, 0.0) + report.duration
    if report.when == "teardown":
        note(report.nodeid, states.pop(report.nodeid, "failed") if report.passed else "failed")
    elif report.failed or report.skipped:
        states[report.nodeid] = "failed" if report.failed else "skipped"
    else:
        states.setdefault(report.nodeid, "passed")


def pytest_collectreport(report):
    if report.failed:
        note(report.nodeid, "failed")


def note(node, state):
    path = os.environ.get("GRADERSPACE_PROGRESS")
    if path is None:
        return
    test = {"id": node, "file": node.split("::")[0], "state": state, "ms": 1000 * seconds.pop(node, 0.0)}
    with open(path, "a", encoding="utf8") as file:
        file.write(json.dumps(test) + "\n")


states: dict[str, str] = {}
