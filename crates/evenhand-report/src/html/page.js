// Small conveniences. Everything on the page is there without them.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const make = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    return made;
  };
  const button = (name, text, act) => {
    const made = make("button", name, text);
    made.type = "button";
    made.addEventListener("click", () => act(made));
    return made;
  };
  const toggle = (text, act) => {
    const made = button("tool", text, () => {
      const on = made.getAttribute("aria-pressed") !== "true";
      made.setAttribute("aria-pressed", String(on));
      act(on);
    });
    made.setAttribute("aria-pressed", "false");
    return made;
  };

  // Sorting: by number where a column holds numbers; a third click brings the first order back.
  const words = new Intl.Collator("en", { numeric: true });
  const number = (text) => {
    const found = text.replace(/,/g, "").match(/-?\d+(\.\d+)?(e-?\d+)?/);
    return found ? Number(found[0]) * (text.includes("million") ? 1e6 : 1) : null;
  };
  const sort = (table, column, direction) => {
    const body = table.tBodies[0];
    const numeric = table.tHead.rows[0].cells[column].classList.contains("n");
    const key = (row) => {
      const cell = row.cells[column];
      const text = cell ? cell.textContent.trim() : "";
      if (numeric) return number(text);
      return text === "" || text === "–" ? null : text;
    };
    const keyed = table.order.map((row) => [key(row), row]);
    if (direction) {
      keyed.sort(([a], [b]) => {
        if (a === null || b === null) return (a === null) - (b === null);
        return (numeric ? a - b : words.compare(a, b)) * direction;
      });
    }
    body.append(...keyed.map(([, row]) => row));
  };
  for (const table of all("table")) {
    const heads = all("thead th", table);
    if (table.tBodies[0].rows.length > 2) {
      table.order = Array.from(table.tBodies[0].rows);
      for (const head of heads) {
        const sorter = button("sort", "", () => {
          const next = { ascending: "descending", descending: "" }[head.getAttribute("aria-sort")] ?? "ascending";
          heads.forEach((other) => other.removeAttribute("aria-sort"));
          if (next) head.setAttribute("aria-sort", next);
          sort(table, head.cellIndex, { ascending: 1, descending: -1 }[next] ?? 0);
        });
        sorter.append(...head.childNodes);
        head.append(sorter);
      }
    }
  }

  // Filtering what was found, by outcome and by text.
  const filter = (section) => {
    const findings = all(".finding", section);
    if (findings.length > 4) {
      const outcome = (finding) => finding.querySelector(".badge").textContent;
      const off = new Set();
      let wanted = "";
      const status = make("span", "status");
      status.setAttribute("role", "status");
      const show = () => {
        let shown = 0;
        for (const finding of findings) {
          finding.hidden = off.has(outcome(finding)) || !finding.textContent.toLowerCase().includes(wanted);
          shown += finding.hidden ? 0 : 1;
          const fold = finding.parentElement.closest("details");
          if (fold) fold.open = fold.open || (wanted !== "" ? !finding.hidden : false);
        }
        status.textContent = shown === findings.length ? "" : `${shown} of ${findings.length} shown`;
      };
      const bar = make("div", "tools");
      bar.setAttribute("role", "group");
      bar.setAttribute("aria-label", "Filter the findings");
      for (const kind of new Set(findings.map(outcome))) {
        const chip = toggle(`Hide ${kind}`, (on) => {
          if (on) off.add(kind);
          else off.delete(kind);
          show();
        });
        bar.append(chip);
      }
      const label = make("label", "search", "Find ");
      const input = make("input");
      input.type = "search";
      input.autocomplete = "off";
      input.addEventListener("input", () => {
        wanted = input.value.trim().toLowerCase();
        show();
      });
      label.append(input);
      bar.append(label, status);
      findings[0].closest("section").querySelector("h2").after(bar);
    }
  };
  all("section").forEach(filter);

  // Folds and intervals.
  const folds = all("details");
  const tools = make("div", "tools");
  if (folds.length > 0) {
    tools.append(toggle("Open every fold", (on) => folds.forEach((fold) => { fold.open = on; })));
  }
  if (all(".interval").length > 0) {
    tools.append(toggle("Hide intervals in tables of groups", (on) => root.classList.toggle("no-intervals", on)));
  }
  const contents = document.querySelector(".contents");
  if (contents) contents.append(tools);

  // Paper has no folds to open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = folds.filter((fold) => !fold.open);
    closed.forEach((fold) => { fold.open = true; });
  });
  addEventListener("afterprint", () => {
    closed.forEach((fold) => { fold.open = false; });
    closed = [];
  });
})();
