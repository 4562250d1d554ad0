// The entry grid of a division: drawn from one JSON answer, filled from the keyboard, one cell in the tab order.
(function () {
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) element.setAttribute(key, value);
    element.append(...children.filter((child) => child !== null));
    return element;
  };
  const LEVELS = { 1: "1", 2: "2", 3: "3", 4: "4" };

  function kind(value) {
    if (!value) return "";
    if (value.state === "level") return "lv-" + Math.floor(value.level);
    return value.state === "absent" ? "lv-a" : "lv-same";
  }

  // What tells homonyms apart, « (née le 14/03) », is never cut off with the end of a long name.
  function named(name) {
    const [, bare, mark] = name.match(/^(.*) (\([^)]*\))$/) || [];
    if (!mark) return [name];
    return [make("span", { class: "marked" }, make("span", { class: "cut" }, bare), " ", make("span", { class: "nw" }, mark))];
  }

  function drawGrid(box, model, say) {
    const { students, competencies, editable, blocks, scale } = model.data;
    const now = new Set(); // colleagues typing at this moment
    const many = competencies.length > 14;
    const asked = competencies.every((competency) => competency.mine);
    const cells = [];
    const heads = [];
    const counts = [];
    const feet = [];
    let at = [0, 0];
    let rest = null;

    const label = (row, column) => {
      const value = model.value(row, column);
      const spoken = !value ? "vide"
        : value.state === "absent" ? "absent"
        : value.state === "unchanged" ? "inchangé"
        : model.words(value) + ", " + (scale[Math.floor(value.level) - 1] || "");
      const seen = model.marks(row, column).map((mark) => mark.who + "\u00a0: " + model.words(mark.value));
      const before = model.earlier(row, column);
      if (before !== undefined) seen.push("bilan précédent\u00a0: " + model.words({ state: "level", level: before }));
      return [students[row][1], competencies[column].label, spoken + (value?.by_default ? " (par défaut)" : ""), ...seen].join("\u00a0; ");
    };

    function paint(row, column) {
      const cell = cells[row][column];
      const value = model.value(row, column);
      const marks = model.marks(row, column);
      const reading = !value && marks.length > 0 && !competencies[column].mine;
      const classes = [competencies[column].first ? "sep" : "", kind(value), value?.by_default ? "bydefault" : ""];
      if (model.waiting(row, column)) classes.push("waiting");
      if (marks.length) classes.push(!value ? "other" : editable || marks.length > 1 ? "also" : "", marks.some((mark) => now.has(mark.who)) ? "now" : "");
      cell.className = classes.filter(Boolean).join(" ");
      const before = model.earlier(row, column);
      const carried = value?.state === "unchanged" && before !== undefined;
      if (value || !marks.length) cell.textContent = model.words(value) + (carried ? model.words({ state: "level", level: before }) : "");
      else cell.textContent = (reading ? model.words(marks[0].value) + " " : "") + marks[0].initials + (marks.length > 1 ? " +" + (marks.length - 1) : "");
      cell.setAttribute("aria-label", label(row, column));
      const hints = marks.map((mark) => mark.who + "\u00a0: " + model.words(mark.value));
      if (before !== undefined) hints.push("Bilan précédent\u00a0: " + model.words({ state: "level", level: before }));
      cell.title = hints.join("\n");
    }

    function paintCounts(rows, columns) {
      for (const row of rows) counts[row].textContent = model.rowCount(row) + " / " + competencies.length;
      for (const column of columns) drawFoot(feet[column], column);
      let total = 0;
      students.forEach((_, row) => (total += model.rowCount(row)));
      const share = total / Math.max(1, students.length * competencies.length);
      rest.replaceChildren(Math.floor(100 * share) + "\u00a0%", make("small", {}, asked ? "attendu" : "des " + competencies.length));
      model.data.onCount?.(students.length * competencies.length - total, share);
    }

    function drawFoot(foot, column) {
      const left = students.length - model.columnCount(column);
      const bars = model.distribution(column).map((quantity, index) =>
        quantity ? make("i", { class: "lv-" + (index + 1), style: "flex:" + quantity }, quantity * 60 >= students.length * 9 ? String(quantity) : "") : null);
      const empty = students.length - model.distribution(column).reduce((sum, one) => sum + one, 0);
      const described = model.distribution(column).map((quantity, index) => quantity + " au niveau " + (index + 1)).join(", ");
      foot.replaceChildren(
        make("span", { class: "dist", role: "img", "aria-label": described }, ...bars, make("i", { style: "flex:" + empty })),
        make("span", { class: "left", title: left ? "reste " + left : "complet" }, many ? (left ? String(left) : "✓") : left ? "reste " + left : "complet"));
    }

    function paintSome(places) {
      for (const [row, column] of places) paint(row, column);
      paintCounts(new Set(places.map(([row]) => row)), new Set(places.map(([, column]) => column)));
    }

    function go(row, column, focus = true) {
      row = Math.max(0, Math.min(students.length - 1, row));
      column = Math.max(0, Math.min(competencies.length - 1, column));
      const [oldRow, oldColumn] = at;
      cells[oldRow][oldColumn].tabIndex = -1;
      cells[oldRow][oldColumn].parentElement.classList.remove("rowon");
      heads[oldColumn].parentElement.classList.remove("colon");
      at = [row, column];
      const cell = cells[row][column];
      cell.tabIndex = 0;
      cell.parentElement.classList.add("rowon");
      heads[column].parentElement.classList.add("colon");
      if (focus) cell.focus();
    }

    // Down one student; at the bottom of a column, the top of the next one.
    function next(step) {
      const [row, column] = at;
      if (step > 0 && row === students.length - 1) return column < competencies.length - 1 ? go(0, column + 1) : undefined;
      if (step < 0 && row === 0) return column > 0 ? go(students.length - 1, column - 1) : undefined;
      go(row + step, column);
    }

    function change(changes) {
      const changed = model.apply(changes);
      paintSome(changed.map(({ row, column }) => [row, column]));
      return changed.length;
    }

    function type(value) {
      if (!editable) return say("Vous consultez ce bilan\u00a0: la saisie revient aux adultes de la division.");
      if (value?.state === "unchanged" && model.earlier(...at) === undefined) {
        return say("Rien à reconduire\u00a0: personne n’a donné de niveau plus tôt dans l’année.");
      }
      change([{ row: at[0], column: at[1], value }]);
      if (value && localStorage.getItem("apdash-descendre") === "oui") next(1);
    }

    function undo() {
      const back = model.undo();
      if (!back.length) return say("Rien à annuler.");
      paintSome(back.map(({ row, column }) => [row, column]));
      go(back[0].row, back[0].column);
      say(back.length > 1 ? back.length + " cases remises comme avant." : "Case remise comme avant.");
    }

    const moves = {
      ArrowUp: () => (at[0] === 0 ? heads[at[1]].focus() : go(at[0] - 1, at[1])),
      ArrowDown: () => go(at[0] + 1, at[1]),
      ArrowLeft: () => go(at[0], at[1] - 1),
      ArrowRight: () => go(at[0], at[1] + 1),
      Home: (event) => go(event.ctrlKey ? 0 : at[0], 0),
      End: (event) => go(event.ctrlKey ? students.length - 1 : at[0], competencies.length - 1),
      PageUp: () => go(at[0] - 10, at[1]),
      PageDown: () => go(at[0] + 10, at[1]),
      Enter: (event) => next(event.shiftKey ? -1 : 1),
      Delete: () => type(null),
      Backspace: () => type(null),
    };

    // On a French keyboard the upper row gives & é " ' without Shift: the place of the key counts too.
    function typed(event) {
      const digit = LEVELS[event.key] || (/^Digit([1-4])$/.exec(event.code) || [])[1];
      if (digit) return { state: "level", level: Number(digit) };
      if (event.key.toLowerCase() === "a") return { state: "absent" };
      return event.key === "=" ? { state: "unchanged" } : null;
    }

    function onKey(event) {
      if (event.target.tagName !== "TD") return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
        event.preventDefault();
        return undo();
      }
      if (event.metaKey || event.altKey || (event.ctrlKey && !["Home", "End"].includes(event.key))) return;
      const move = moves[event.key];
      const value = move ? null : typed(event);
      if (!move && !value) return;
      event.preventDefault();
      if (move) move(event);
      else type(value);
    }

    function onHeadKey(event) {
      const column = heads.indexOf(event.target);
      if (column < 0) return;
      const steps = { ArrowLeft: -1, ArrowRight: 1 };
      if (event.key === "ArrowDown") go(0, column);
      else if (event.key in steps) heads[Math.max(0, Math.min(heads.length - 1, column + steps[event.key]))].focus();
      else return;
      event.preventDefault();
    }

    function head() {
      const groups = blocks.filter((block) => competencies.some((competency) => competency.block === block.block))
        .map((block) => make("th", { class: "blk sep", scope: "colgroup", colspan: competencies.filter((one) => one.block === block.block).length }, block.label));
      const titles = competencies.map((competency, column) => {
        const button = make("button", { type: "button", class: "colhead", tabindex: "-1", "aria-haspopup": "dialog", title: competency.observed },
          many ? competency.short : competency.label);
        heads[column] = button;
        return make("th", { scope: "col", class: [competency.first ? "sep" : "", competency.mine ? "" : "notmine"].join(" ").trim() || null }, button);
      });
      return make("thead", {},
        make("tr", {}, make("td", { class: "nm blk" }), ...groups, make("td", { class: "sep blk" })),
        make("tr", {}, make("th", { scope: "col", class: "nm" }, "Élève"), ...titles, make("th", { scope: "col", class: "sep" }, "Saisi")));
    }

    function body() {
      return make("tbody", {}, ...students.map(([, name], row) => {
        cells[row] = competencies.map(() => make("td", { role: "gridcell", tabindex: "-1" }));
        counts[row] = make("td", { class: "sep count" });
        return make("tr", {}, make("th", { scope: "row", class: "nm", title: name }, ...named(name)), ...cells[row], counts[row]);
      }));
    }

    function foot() {
      competencies.forEach((competency, column) => (feet[column] = make("td", { class: competency.first ? "sep" : null })));
      rest = make("td", { class: "sep b rest", title: asked ? "Part remplie de ce qui vous est demandé" : "Part remplie des " + competencies.length + " compétences affichées, attendues ou non" });
      return make("tfoot", {}, make("tr", {}, make("th", { scope: "row", class: "nm" }, many ? "Répartition, cases vides" : "Répartition 1 à 4"), ...feet, rest));
    }

    const table = make("table", { class: many ? "entry many" : "entry", role: "grid", "aria-label": model.data.label, "aria-readonly": editable ? "false" : "true", style: "--columns:" + competencies.length },
      make("colgroup", {}, make("col", { class: "names" }), ...competencies.map(() => make("col")), make("col", { class: "counts" })),
      head(), body(), foot());
    table.addEventListener("keydown", onKey);
    table.addEventListener("keydown", onHeadKey);
    table.addEventListener("click", (event) => {
      const row = cells.findIndex((line) => line.includes(event.target));
      if (row >= 0) go(row, cells[row].indexOf(event.target));
    });
    table.addEventListener("focusin", (event) => {
      const row = cells.findIndex((line) => line.includes(event.target));
      if (row >= 0) go(row, cells[row].indexOf(event.target), false);
    });
    box.replaceChildren(make("div", { class: "entry-scroll" }, table));
    students.forEach((_, row) => competencies.forEach((__, column) => paint(row, column)));
    paintCounts(students.keys(), competencies.keys());
    go(0, 0, false);

    return {
      table,
      heads,
      // Where to begin: the first cell I have left empty, competency by competency.
      firstEmpty() {
        for (let column = 0; column < competencies.length; column += 1) {
          const row = competencies[column].mine ? students.findIndex((_, index) => !model.value(index, column)) : -1;
          if (row >= 0) return [row, column];
        }
        return [0, 0];
      },
      colleagues(people) {
        now.clear();
        for (const [, who] of people) now.add(who);
        students.forEach((_, row) => competencies.forEach((__, column) => model.marks(row, column).length && paint(row, column)));
      },
      place: () => at,
      go,
      change,
      undo,
      repaint(places, flash) {
        paintSome(places);
        if (flash) for (const [row, column] of places) {
          cells[row][column].classList.add("seen");
          setTimeout(() => cells[row][column].classList.remove("seen"), 1500);
        }
      },
    };
  }

  window.apdashReviews = Object.assign(window.apdashReviews || {}, { drawGrid, make });
})();
