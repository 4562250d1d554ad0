// What opens over the grid: the menu of a competency (what is observed, fill its empty cells) and the paste panel.
(function () {
  const SCALES = { niveaux: "Niveaux 1 à 4 (A\u00a0: absent)", lettres_abcd: "A = 4, B = 3, C = 2, D = 1", pronote: "Lettres de Pronote (A+, A, B, C, D, E)" };

  const carriesOf = (model) => (row, column) => model.earlier(row, column) !== undefined;

  function openMenu(box, grid, model, column, say) {
    const { make } = window.apdashReviews;
    const { competencies, students, editable, scale } = model.data;
    const competency = competencies[column];
    const empty = model.emptyRows(column);
    const fill = (value, words) => {
      const button = make("button", { type: "button", class: "btn btn-outline btn-sm", "aria-label": "Remplir les cases vides\u00a0: " + words }, model.words(value));
      button.addEventListener("click", () => {
        const changed = grid.change(empty.map((row) => ({ row, column, value: { ...value, by_default: true } })));
        close();
        say(changed + " cases remplies par défaut\u00a0; corrigez les exceptions, Ctrl + Z pour annuler.");
      });
      return button;
    };
    const menu = make("div", { class: "colmenu", role: "dialog", "aria-label": competency.label },
      make("div", { class: "b" }, competency.label),
      make("p", { class: "s soft" }, competency.observed),
      !editable ? null : empty.length
        ? make("div", {}, make("div", { class: "s" }, "Remplir par défaut " + (empty.length > 1 ? "les " + empty.length + " cases vides" : "la case vide")),
          make("div", { class: "d-flex gap-1 mt-1" },
            ...[1, 2, 3, 4].map((level) => fill({ state: "level", level }, level + ", " + (scale[level - 1] || ""))),
            empty.some((row) => model.earlier(row, column) !== undefined) ? fill({ state: "unchanged" }, "inchangé") : null))
        : make("div", { class: "s muted" }, "Les " + students.length + " cases sont remplies."));
    const head = grid.heads[column];

    function close() {
      menu.remove();
      document.removeEventListener("pointerdown", outside, true);
      head.setAttribute("aria-expanded", "false");
      grid.go(grid.place()[0], column);
    }
    function outside(event) {
      if (!menu.contains(event.target)) {
        menu.remove();
        document.removeEventListener("pointerdown", outside, true);
      }
    }
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
    document.addEventListener("pointerdown", outside, true);
    box.querySelector(".colmenu")?.remove();
    box.append(menu);
    const anchor = head.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    menu.style.left = Math.max(8, Math.min(anchor.left - frame.left, frame.width - menu.offsetWidth - 8)) + "px";
    menu.style.top = anchor.bottom - frame.top + 6 + "px";
    head.setAttribute("aria-expanded", "true");
    (menu.querySelector("button") || menu).focus();
  }

  // Says what a block would change before changing it: needed when letters have two readings or cells are refused.
  function openPaste(box, grid, model, say, text = "") {
    const { make, layPaste, pasteReadings } = window.apdashReviews;
    const { students, competencies, scales } = model.data;
    const [top, left] = grid.place();
    const area = make("textarea", { class: "form-control", rows: "5", "aria-label": "Cellules copiées" });
    area.value = text;
    const reading = make("select", { class: "form-select", "aria-label": "Comment lire" });
    const told = make("div", { class: "s", role: "status" });
    const put = make("button", { type: "button", class: "btn btn-primary" }, "Remplir");
    const cancel = make("button", { type: "button", class: "btn btn-outline" }, "Annuler");
    const panel = make("dialog", { class: "paste", "aria-labelledby": "paste-title" },
      make("h2", { id: "paste-title" }, "Coller depuis un tableur"),
      make("p", { class: "s soft" }, "Une ligne par élève, une colonne par compétence, à partir de " + students[top][1] + ", «\u00a0" + competencies[left].label + " ». Si la première colonne porte les noms, chaque ligne va à son élève."),
      area, make("label", { class: "form-label" }, "Lire les cases comme ", reading), told,
      make("div", { class: "d-flex gap-2 justify-content-end" }, cancel, put));
    const carries = carriesOf(model);
    let laid = { changes: [], refusals: [] };

    function offer() {
      const possible = pasteReadings(area.value);
      reading.replaceChildren(...Object.keys(SCALES).map((code) => make("option", { value: code }, SCALES[code])));
      reading.value = possible[0];
      preview();
    }
    function preview() {
      laid = layPaste(area.value, { scales, chosen: reading.value, students, competencies, carries, top, left });
      const { changes, refusals } = laid;
      put.disabled = !changes.length;
      put.textContent = changes.length > 1 ? "Remplir " + changes.length + " cases" : "Remplir " + changes.length + " case";
      told.replaceChildren(
        make("div", { class: refusals.length ? "b" : "muted" }, refusals.length ? refusals.length + (refusals.length > 1 ? " cellules refusées" : " cellule refusée") : area.value ? "Aucune cellule refusée." : ""),
        make("ul", {}, ...refusals.slice(0, 6).map((one) => make("li", {}, one.where + "\u00a0: «\u00a0" + one.what + "\u00a0» " + one.why)), refusals.length > 6 ? make("li", {}, "et " + (refusals.length - 6) + " autres") : null));
    }
    area.addEventListener("input", offer);
    reading.addEventListener("change", preview);
    cancel.addEventListener("click", () => panel.close());
    put.addEventListener("click", () => {
      panel.close();
      const changed = grid.change(laid.changes);
      const refused = laid.refusals.length;
      say(pasted(laid.changes.length, changed) + (refused ? ", " + refused + (refused > 1 ? " refusées." : " refusée.") : "."));
    });
    panel.addEventListener("close", () => {
      panel.remove();
      grid.go(...grid.place());
    });
    box.append(panel);
    panel.showModal();
    area.focus();
    offer();
  }

  // Ctrl + V: applied at once when there is one way to read it and nothing is refused, otherwise shown first.
  function paste(box, grid, model, say, text) {
    const { layPaste, pasteReadings } = window.apdashReviews;
    const { students, competencies, scales } = model.data;
    const [top, left] = grid.place();
    const possible = pasteReadings(text);
    const laid = layPaste(text, { scales, chosen: possible[0], students, competencies, carries: carriesOf(model), top, left });
    if (possible[0] !== "niveaux" || laid.refusals.length || !laid.changes.length) return openPaste(box, grid, model, say, text);
    const changed = grid.change(laid.changes);
    say(pasted(laid.changes.length, changed) + "\u00a0; Ctrl + Z pour annuler.");
  }

  // What was pasted, and how much of it was not there already.
  function pasted(cells, changed) {
    const words = cells + (cells > 1 ? " cases collées" : " case collée");
    if (changed === cells) return words;
    return words + ", " + (changed ? "dont " + changed + (changed > 1 ? " changées" : " changée") : "rien de changé");
  }

  window.apdashReviews = Object.assign(window.apdashReviews || {}, { openMenu, openPaste, paste, pasted });
})();
