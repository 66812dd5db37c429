"""Looks at the files of a folder: `python check.py FOLDER`. `check.sh` makes them."""

import json
import sys
from pathlib import Path

import jsonschema
import junitparser
import openmetrics
from lxml import etree

here = Path(__file__).parent
problems = []


def schema(name):
    return json.loads((here / name).read_text(encoding="utf-8"))


xsd = etree.XMLSchema(etree.parse(str(here / "junit-10.xsd")))
sarif = jsonschema.Draft7Validator(schema("sarif-2.1.0.schema.json"))
codeclimate = jsonschema.Draft7Validator(schema("gitlab-codeclimate.schema.json"))


def junit(path):
    """Valid, and what a reader counts is what the file says it has."""
    document = etree.parse(str(path))
    if not xsd.validate(document):
        yield from (f"line {error.line}: {error.message}" for error in xsd.error_log)
    suites = junitparser.JUnitXml.fromfile(str(path))
    said = {name: int(document.getroot().get(name)) for name in ("tests", "failures", "errors")}
    counted = {"tests": 0, "failures": 0, "errors": 0}
    kinds = {junitparser.Failure: "failures", junitparser.Error: "errors"}
    for suite in suites:
        for case in suite:
            counted["tests"] += 1
            for result in case.result:
                if type(result) in kinds:
                    counted[kinds[type(result)]] += 1
                if not result.message:
                    yield f"{case.name}: {type(result).__name__} without a message"
    if said != counted:
        yield f"it says {said} and has {counted}"


def each(validator, values):
    for value in values:
        yield from (f"{error.json_path}: {error.message}" for error in validator.iter_errors(value))


def read(path):
    data = path.read_bytes()
    if data.startswith(b"\xef\xbb\xbf"):
        problems.append(f"{path.name}: a byte order mark")
    return json.loads(data)


checks = {
    ".junit.xml": junit,
    ".gitlab.json": lambda path: each(codeclimate, read(path)),
    ".sarif.json": lambda path: each(sarif, [read(path)]),
    # Line ends count, so nothing may translate them.
    ".metrics.txt": lambda path: openmetrics.problems(path.read_bytes().decode("utf-8")),
}
looked_at = dict.fromkeys(checks, 0)
if len(sys.argv) != 2:
    sys.exit("name one folder")
for path in sorted(Path(sys.argv[1]).iterdir()):
    for suffix, check in checks.items():
        if path.name.endswith(suffix):
            looked_at[suffix] += 1
            problems += [f"{path.name}: {problem}" for problem in check(path)]

# What is wrong is seen.
if xsd.validate(etree.fromstring("<testsuites><testsuite name='x'/></testsuites>")):
    problems.append("the XSD lets a suite without counts pass")
if sarif.is_valid({"version": "2.1.0"}) or codeclimate.is_valid({}):
    problems.append("a schema lets an empty document pass")
if not list(openmetrics.problems("# EOF\n")):
    problems.append("metrics without a verdict pass")
if min(looked_at.values()) == 0:
    problems.append(f"nothing to look at: {looked_at}")

print("\n".join(problems) if problems else f"all valid: {looked_at}")
sys.exit(bool(problems))
