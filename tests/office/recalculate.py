"""Has LibreOffice calculate every formula of some workbooks anew and compares the results with what was cached.

Usage: recalculate.py SCRATCH FILE.xlsx…

All of them are opened by one LibreOffice, with a profile of its own: starting it takes longer than most workbooks do. Every cached result is replaced by a wrong one before the workbook is opened, so that a program which did not calculate
would be found out. The standard library is all that is needed.
"""

import math
import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
TOLERANCE = 1e-12
# No share, ratio or difference of an audit comes near it.
WRONG = "-987654321.125"
# Seconds for all workbooks together. They take about half a minute; this is for a busy machine.
PATIENCE = int(os.environ.get("PATIENCE", "150"))

# Calculates always, whichever program wrote the file; asks nobody, and opens no window.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def sheets(path):
    """The sheets of a workbook: name and the path of their part."""
    with zipfile.ZipFile(path) as archive:
        links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {link.get("Id"): link.get("Target").lstrip("/") for link in links}
        book = ET.fromstring(archive.read("xl/workbook.xml"))
        for sheet in book.iter(MAIN + "sheet"):
            target = targets[sheet.get(LINKS + "id")]
            yield sheet.get("name"), target if target.startswith("xl/") else "xl/" + target


def cells(path):
    """Every cell of every sheet: (sheet, cell) -> (type, formula or None, value as text)."""
    found = {}
    parts = list(sheets(path))
    with zipfile.ZipFile(path) as archive:
        for name, part in parts:
            for cell in ET.fromstring(archive.read(part)).iter(MAIN + "c"):
                formula = cell.find(MAIN + "f")
                value = cell.find(MAIN + "v")
                found[name, cell.get("r")] = (
                    cell.get("t", "n"),
                    None if formula is None else formula.text,
                    None if value is None else value.text,
                )
    return found


def spoil(source, target):
    """Copies a workbook with a wrong number in place of every cached result."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.startswith("xl/worksheets/sheet"):
                text = data.decode("utf-8")
                text = re.sub(r"(<f>[^<]*</f>)<v>[^<]*</v>", rf"\1<v>{WRONG}</v>", text)
                data = text.encode("utf-8")
            new.writestr(entry, data)


def recalculate(scratch, paths):
    """Has LibreOffice open workbooks, calculate, and save them: the folder in which they are then, by the same names."""
    profile = os.path.join(scratch, "profile")
    os.makedirs(os.path.join(profile, "user"))
    with open(os.path.join(profile, "user", "registrymodifications.xcu"), "w", encoding="utf-8") as file:
        file.write(SETTINGS)
    folder = os.path.join(scratch, "recalculated")
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--norestore"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder, *paths]
    # `soffice` starts other processes, which would hold a pipe open, and live on, when it alone is ended.
    with open(os.path.join(scratch, "said"), "w+", encoding="utf-8") as said:
        ran = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)
        try:
            ran.wait(PATIENCE)
            problem = None
        except subprocess.TimeoutExpired:
            problem = f"LibreOffice was not done after {PATIENCE} s"
        finally:
            end(ran)
        said.seek(0)
        told = said.read().strip()
    saved = set(os.listdir(folder)) if os.path.isdir(folder) else set()
    missing = [os.path.basename(path) for path in paths if os.path.basename(path) not in saved]
    if problem or missing:
        sys.exit(f"{problem or 'LibreOffice did not save every workbook'}; missing: {', '.join(missing) or 'none'}\n{told[-2000:]}")
    return folder


def end(started):
    """Ends a process with all that it started."""
    try:
        os.killpg(started.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    started.wait()


def compare(name, before, after):
    """The number of formulas, and what is wrong with them."""
    wrong = []
    formulas = 0
    for place, (kind, _, value) in after.items():
        if kind == "e":
            wrong.append(f"{name} {place}: the error {value}")
    for place, (_, formula, cached) in before.items():
        if formula is None:
            continue
        formulas += 1
        kind, again, value = after.get(place, ("n", None, None))
        if again is None:
            wrong.append(f"{name} {place}: the formula {formula} is gone")
            continue
        try:
            cached, value = float(cached), float(value)
        except (TypeError, ValueError):
            wrong.append(f"{name} {place}: {formula} gives {value!r} ({kind}), not {cached}")
            continue
        if not math.isclose(cached, value, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
            wrong.append(f"{name} {place}: {formula} gives {value!r}, not {cached!r}")
    return formulas, wrong


def called(path):
    """What a workbook is called: a sample report by its folder, as all of them are called `report.xlsx`."""
    folder, name = os.path.split(os.path.abspath(path))
    return f"{os.path.basename(folder)}.xlsx" if name == "report.xlsx" else name


def main():
    scratch, paths = sys.argv[1], sys.argv[2:]
    if not paths:
        sys.exit("no workbook was named")
    books = {called(path): path for path in paths}
    if len(books) < len(paths):
        sys.exit("two workbooks have the same name")
    spoiled = os.path.join(scratch, "spoiled")
    os.makedirs(spoiled)
    for name, path in books.items():
        spoil(path, os.path.join(spoiled, name))
    began = time.monotonic()
    folder = recalculate(scratch, [os.path.join(spoiled, name) for name in books])
    took = time.monotonic() - began
    bad = []
    for name, path in books.items():
        formulas, wrong = compare(name, cells(path), cells(os.path.join(folder, name)))
        if formulas == 0:
            wrong.append(f"{name}: no formula in it")
        print(f"{name}: {formulas} formulas calculated anew, {len(wrong)} wrong")
        bad += wrong
    for line in bad[:50]:
        print(line)
    print(f"{len(books)} workbooks, {took:.0f} s in LibreOffice")
    sys.exit(1 if bad else 0)


main()
