"""Reads an audit as others read it: prints a list of [severity, rule, environment, name, waived until] as JSON."""

import csv
import io
import json
import re
import sys


def of_csv(text):
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [[r["severity"], r["rule"], r["environment"], r["name"], r["waived_until"]] for r in rows]


def of_junit(text):
    from junitparser import Failure, JUnitXml, Skipped

    found = []
    xml = JUnitXml.fromstring(text.encode())
    cases = [(suite, case) for suite in xml for case in suite]
    assert xml.tests == len(cases), (xml.tests, len(cases))
    assert xml.failures == sum(isinstance(r, Failure) for _, case in cases for r in case.result)
    assert xml.skipped == sum(isinstance(r, Skipped) for _, case in cases for r in case.result)
    for suite, case in cases:
        project, environment, rule = case.classname.split(".")
        environment = "" if environment == project else environment
        assert suite.name in (environment, project)
        until, severity = "", "note"
        for result in case.result:
            if isinstance(result, Skipped):
                until = re.match(r"waived until (\S+): ", result.message)[1]
            else:
                assert isinstance(result, Failure) and result.type == rule
                severity = ""
        if case.result or case.system_out:
            found.append([severity, rule, environment, case.name, until])
        else:
            assert rule == "in-order"
    return found


def of_markdown(text):
    from markdown_it import MarkdownIt

    found, header, row, in_head = [], [], [], False
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        if token.type == "tr_open":
            row = []
        elif token.type == "thead_open":
            in_head = True
        elif token.type == "thead_close":
            in_head = False
        elif token.type == "inline":
            row.append("".join(part.content for part in token.children))
        elif token.type == "tr_close":
            if in_head:
                header = row
            elif "finding" in header:
                cells = dict(zip(header, row))
                rule = re.search(r"\(([a-z0-9-]+)\)$", cells["finding"])[1]
                place = cells["where"].split(" ")[0]
                found.append([cells[""], rule, place, cells["name"], ""])
            elif "until" in header:
                cells = dict(zip(header, row))
                found.append(["", cells["rule"], cells["where"].split(" ")[0], cells["name"], cells["until"]])
    return found


def of_sarif(text):
    found = []
    levels = {"error": "error", "warning": "warning", "note": "note"}
    for run in json.loads(text)["runs"]:
        ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        for result in run["results"]:
            assert ids[result["ruleIndex"]] == result["ruleId"]
            places = result["locations"][0].get("logicalLocations", [{"fullyQualifiedName": "/"}])
            environment, name = places[0]["fullyQualifiedName"].split("/", 1)
            why = [one["justification"] for one in result.get("suppressions", [])]
            until = re.match(r"until (\S+): ", why[0])[1] if why else ""
            environment = "" if environment == "estate" else environment
            found.append([levels[result["level"]], result["ruleId"], environment, name, until])
    return found


def of_table(text):
    found = []
    lines = text.splitlines()
    columns = [lines[0].index(title) for title in ("WHERE", "NAME", "FINDING")]
    for line, below in zip(lines[1:], lines[2:]):
        first, second, third = columns
        severity = line[:first].strip()
        if not severity or severity not in ("error", "warning", "note", "waived"):
            continue
        environment, name, finding = line[first:second].strip(), line[second:third].strip(), line[third:]
        rule = re.search(r"\[([a-z0-9-]+)\]$", finding)[1]
        until = ""
        if severity == "waived":
            severity, until = "", re.search(r"→ until (\S+): ", below)[1]
        else:
            assert "→ " in below, "a finding has its cure"
        found.append([severity, rule, environment, name, until])
    return found


def of_html(text):
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found, self.row, self.cell = [], None, None

        def handle_starttag(self, tag, attributes):
            attributes = dict(attributes)
            if tag == "tr" and "data-rule" in attributes:
                self.row = attributes
                self.found.append(
                    [
                        attributes["data-severity"],
                        attributes["data-rule"],
                        attributes.get("data-environment", ""),
                        attributes.get("data-name", ""),
                        attributes.get("data-until", ""),
                    ]
                )

    reader = Reader()
    reader.feed(text)
    return reader.found


if __name__ == "__main__":
    form, path = sys.argv[1:]
    with open(path, encoding="utf-8", newline="") as file:
        print(json.dumps(globals()[f"of_{form}"](file.read())))
