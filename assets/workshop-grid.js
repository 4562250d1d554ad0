// The grid of a workshop bilan: a row a student, the objective, the involvement, a sentence. Two keys a student:
// A, E or P goes on to the involvement, 1 to 4 to the next student. On a phone the same rows stand as cards.
(function () {
  const CHOICES = {
    outcome: [[3, "Atteint", "a"], [2, "En cours", "e"], [1, "Pas encore", "p"]],
    involvement: [[1, "1", "1"], [2, "2", "2"], [3, "3", "3"], [4, "4", "4"]],
  };
  const INVOLVED = ["à construire", "irrégulière", "régulière", "soutenue"];
  const TITLES = { outcome: "Objectif", involvement: "Implication", words: "Une phrase (facultatif)" };
  const said = (code, level) => (code === "outcome" ? CHOICES.outcome.find((one) => one[0] === level)[1] : level + ", " + INVOLVED[level - 1]);

  function drawWorkshop(box, model, say) {
    const { make } = window.apdashReviews;
    const { students, competencies: fields, most, warned } = model.data;
    const cells = [];
    const lines = [];
    let at = [0, 0];

    const seat = (row, column) => cells[row][column].seat;

    function paint(row, column) {
      const { code } = fields[column];
      const { cell, seat: place, buttons } = cells[row][column];
      const value = model.value(row, column);
      cell.classList.toggle("waiting", !!model.waiting(row, column));
      if (code === "words") {
        if (document.activeElement !== place) place.value = value?.text || "";
        return;
      }
      buttons.forEach((button, index) => {
        const on = value?.level === CHOICES[code][index][0];
        button.setAttribute("aria-pressed", String(on));
        button.className = on ? (code === "involvement" ? "on lv-" + value.level : "on") : "";
      });
      place.setAttribute("aria-label", students[row][1] + "\u00a0; " + TITLES[code] + "\u00a0; " + (value ? said(code, value.level) : "vide"));
    }

    function count() {
      const told = students.filter((_, row) => fields.some((field, column) => field.code !== "words" && model.value(row, column))).length;
      students.forEach((_, row) => lines[row].classList.toggle("done", fields.every((field, column) => field.code === "words" || model.value(row, column))));
      model.data.onCount?.(told, students.length);
    }

    function go(row, column, focus = true) {
      row = Math.max(0, Math.min(students.length - 1, row));
      column = Math.max(0, Math.min(fields.length - 1, column));
      seat(...at).tabIndex = -1;
      lines[at[0]].classList.remove("rowon");
      at = [row, column];
      seat(row, column).tabIndex = 0;
      lines[row].classList.add("rowon");
      if (focus) seat(row, column).focus();
    }

    function put(row, column, value) {
      const changed = model.apply([{ row, column, value }]);
      changed.forEach(() => paint(row, column));
      count();
      return changed.length;
    }

    // From the last thing to say of a student, the first thing to say of the next one.
    function onwards() {
      const [row, column] = at;
      const last = fields[column + 1] === undefined || fields[column + 1].code === "words";
      if (!last) go(row, column + 1);
      else if (row < students.length - 1) go(row + 1, 0);
      else go(row, fields.length - 1);
    }

    function undo() {
      const back = model.undo();
      if (!back.length) return say("Rien à annuler.");
      back.forEach(({ row, column }) => paint(row, column));
      count();
      go(back[0].row, back[0].column);
    }

    function write(row, column, input) {
      const text = input.value.trim().replace(/\s+/g, " ");
      put(row, column, text ? { state: "text", text } : null);
      const found = text.toLowerCase().match(/[\p{L}\d-]+/gu)?.filter((word) => warned.includes(word)) || [];
      if (found.length) say("Ce texte contient « " + found.join(" », « ") + " ». " + model.data.reminder + " Dites ce qu’il y a à faire, pas pourquoi.");
    }

    const moves = {
      ArrowUp: () => go(at[0] - 1, at[1]),
      ArrowDown: () => go(at[0] + 1, at[1]),
      ArrowLeft: () => go(at[0], at[1] - 1),
      ArrowRight: () => go(at[0], at[1] + 1),
      Home: (event) => go(event.ctrlKey ? 0 : at[0], 0),
      End: (event) => go(event.ctrlKey ? students.length - 1 : at[0], fields.length - 1),
      Enter: (event) => go(at[0] + (event.shiftKey ? -1 : 1), at[1]),
    };

    function inWords(event) {
      const input = event.target;
      if (event.key === "Escape") input.value = model.value(...at)?.text || "";
      const leaves = { Enter: event.shiftKey ? -1 : 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
      const backwards = event.key === "ArrowLeft" && input.selectionStart === 0 && input.selectionEnd === 0;
      if (!leaves && !backwards) return;
      event.preventDefault();
      go(at[0] + (leaves || 0), at[1] - (backwards ? 1 : 0));
    }

    function onKey(event) {
      if (event.target.tagName === "INPUT") return inWords(event);
      const { code } = fields[at[1]];
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
        event.preventDefault();
        return undo();
      }
      if (event.metaKey || event.altKey || (event.ctrlKey && !["Home", "End"].includes(event.key))) return;
      // On a French keyboard the upper row gives & é " ' without Shift: the place of the key counts too.
      const digit = (/^Digit([1-4])$/.exec(event.code) || [])[1];
      const chosen = CHOICES[code]?.find((one) => one[2] === event.key.toLowerCase() || (code === "involvement" && one[2] === digit));
      if (!moves[event.key] && !chosen && !["Delete", "Backspace"].includes(event.key)) return;
      event.preventDefault();
      if (moves[event.key]) return moves[event.key](event);
      put(...at, chosen ? { state: "level", level: chosen[0] } : null);
      if (chosen) onwards();
    }

    function choice(row, column, code) {
      const buttons = CHOICES[code].map(([level, word]) => {
        const told = code === "outcome" ? word : "implication " + level + ", " + INVOLVED[level - 1];
        const button = make("button", { type: "button", tabindex: "-1", "aria-label": students[row][1] + "\u00a0: " + told, title: told }, word);
        button.addEventListener("click", () => {
          const again = model.value(row, column)?.level === level;
          put(row, column, again ? null : { state: "level", level });
          go(row, column, window.matchMedia("(min-width: 621px)").matches);
        });
        return button;
      });
      const cell = make("td", { role: "gridcell", tabindex: "-1", class: "ws-" + code, "data-title": TITLES[code] }, make("span", { class: "ws-choice" }, ...buttons));
      return { cell, seat: cell, buttons };
    }

    function sentence(row, column) {
      const input = make("input", { type: "text", class: "form-control form-control-sm", maxlength: most, tabindex: "-1", autocomplete: "off", "aria-label": students[row][1] + "\u00a0; une phrase" });
      input.addEventListener("change", () => write(row, column, input));
      return { cell: make("td", { role: "gridcell", class: "ws-words", "data-title": TITLES.words }, input), seat: input, buttons: [] };
    }

    function goals(list) {
      return list.map(([text, evidence]) => make("span", { class: "ws-goal" }, text, evidence ? make("span", { class: "muted" }, " · " + evidence) : null));
    }

    students.forEach(([, name, division, objectives], row) => {
      cells[row] = fields.map(({ code }, column) => (code === "words" ? sentence(row, column) : choice(row, column, code)));
      const head = make("th", { scope: "row" }, make("span", { class: "ws-name" }, name, " ", make("span", { class: "muted" }, division)), ...goals(objectives));
      lines[row] = make("tr", {}, head, ...cells[row].map((one) => one.cell));
    });
    const heads = fields.map(({ code }) => make("th", { scope: "col" }, TITLES[code]));
    const table = make("table", { class: "workshop", role: "grid", "aria-label": model.data.label },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Élève et objectif"), ...heads)), make("tbody", {}, ...lines));
    table.addEventListener("keydown", onKey);
    table.addEventListener("focusin", (event) => {
      const row = cells.findIndex((line) => line.some((one) => one.seat === event.target));
      if (row >= 0) go(row, cells[row].findIndex((one) => one.seat === event.target), false);
    });
    box.replaceChildren(table);
    students.forEach((_, row) => fields.forEach((__, column) => paint(row, column)));
    count();
    go(0, 0, false);

    return {
      go,
      firstEmpty() {
        const row = students.findIndex((_, index) => !model.value(index, 0));
        return [Math.max(0, row), 0];
      },
      repaint(places) {
        places.forEach(([row, column]) => paint(row, column));
        count();
      },
    };
  }

  window.apdashReviews = Object.assign(window.apdashReviews || {}, { drawWorkshop });
})();
