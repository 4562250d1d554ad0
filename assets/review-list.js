// The same bilan on a phone: one competency at a time, a line a student, buttons wide enough for a thumb.
(function () {
  function drawList(box, model, say) {
    const { make } = window.apdashReviews;
    const { students, competencies, editable, blocks, scale } = model.data;
    let column = Math.max(0, competencies.findIndex((_, index) => model.columnCount(index) < students.length));
    const lines = [];
    const chooser = make("select", { class: "form-select", "aria-label": "Compétence" });
    const observed = make("p", { class: "soft s" });
    const fill = make("div", { class: "fill" });
    const list = make("ol", { class: "entry-list" });

    function option(competency, index) {
      const left = students.length - model.columnCount(index);
      return make("option", { value: index, ...(index === column ? { selected: "" } : {}) },
        competency.label + (left ? " (reste " + left + ")" : " (complet)"));
    }

    function drawChooser() {
      chooser.replaceChildren(...blocks.map((block) => {
        const inside = competencies.map((one, index) => [one, index]).filter(([one]) => one.block === block.block);
        return inside.length ? make("optgroup", { label: block.label }, ...inside.map(([one, index]) => option(one, index))) : null;
      }).filter(Boolean));
      chooser.value = String(column);
      observed.textContent = competencies[column].observed;
    }

    function set(row, value) {
      if (value?.state === "unchanged" && model.earlier(row, column) === undefined) say("Rien à reconduire\u00a0: personne n’a donné de niveau plus tôt dans l’année.");
      const changed = model.apply([{ row, column, value }]);
      if (changed.length) paint(row);
      drawChooser();
    }

    function buttons(row) {
      const who = students[row][1];
      const levels = [1, 2, 3, 4].map((level) => {
        const button = make("button", { type: "button", "aria-label": who + "\u00a0: " + level + ", " + (scale[level - 1] || ""), ...(editable ? {} : { disabled: "" }) }, String(level));
        button.addEventListener("click", () => {
          const now = model.value(row, column);
          const again = now?.state === "level" && now.level === level && !now.by_default;
          set(row, again ? null : { state: "level", level });
        });
        return button;
      });
      const more = make("select", { "aria-label": who + "\u00a0: autre réponse", ...(editable ? {} : { disabled: "" }) },
        make("option", { value: "" }, "…"), make("option", { value: "absent" }, "A absent"),
        make("option", { value: "unchanged" }, "= inchangé"), make("option", { value: "clear" }, "Effacer"));
      more.addEventListener("change", () => {
        set(row, ["absent", "unchanged"].includes(more.value) ? { state: more.value } : null);
        paint(row);
      });
      return { levels, more };
    }

    function paint(row) {
      const value = model.value(row, column);
      const { levels, more, marks, line } = lines[row];
      levels.forEach((button, index) => {
        const on = value?.state === "level" && Math.floor(value.level) === index + 1;
        button.className = on ? "lv-" + (index + 1) : "";
        button.setAttribute("aria-pressed", String(on));
      });
      more.value = value && value.state !== "level" ? value.state : "";
      // A square of 44 px has room for the sign of what is chosen, not for its word.
      [["A", "absent"], ["=", "inchangé"]].forEach(([sign, word], index) => {
        more.options[index + 1].label = more.selectedIndex === index + 1 ? sign : sign + " " + word;
      });
      more.className = value?.state === "absent" ? "lv-a" : value?.state === "unchanged" ? "lv-same" : "";
      const seen = model.marks(row, column);
      marks.textContent = seen.map((mark) => mark.initials).join(" ");
      marks.title = seen.map((mark) => mark.who + "\u00a0: " + model.words(mark.value)).join("\n");
      marks.hidden = !seen.length;
      line.classList.toggle("bydefault", !!value?.by_default);
    }

    function drawFill() {
      if (!editable) return;
      const words = make("span", { class: "s soft" }, "Tout le monde à");
      const buttons = [1, 2, 3, 4].map((level) => {
        const button = make("button", { type: "button", class: "lv-" + level, "aria-label": "Cases vides\u00a0: " + level + ", " + (scale[level - 1] || "") }, String(level));
        button.addEventListener("click", () => {
          const changes = model.emptyRows(column).map((row) => ({ row, column, value: { state: "level", level, by_default: true } }));
          model.apply(changes).forEach(({ row }) => paint(row));
          drawChooser();
          say(changes.length ? changes.length + " cases remplies par défaut\u00a0: corrigez les exceptions." : "Aucune case vide dans cette colonne.");
        });
        return button;
      });
      fill.replaceChildren(words, ...buttons);
    }

    function turn(to) {
      column = Math.max(0, Math.min(competencies.length - 1, to));
      drawChooser();
      students.forEach((_, row) => paint(row));
    }

    chooser.addEventListener("change", () => turn(Number(chooser.value)));
    const before = make("button", { type: "button", class: "btn btn-outline", "aria-label": "Compétence précédente" }, "‹");
    const after = make("button", { type: "button", class: "btn btn-outline", "aria-label": "Compétence suivante" }, "›");
    before.addEventListener("click", () => turn(column - 1));
    after.addEventListener("click", () => turn(column + 1));
    students.forEach(([, name], row) => {
      const parts = buttons(row);
      const marks = make("span", { class: "mark" });
      const line = make("li", {}, make("span", { class: "who" }, name, " ", marks), ...parts.levels, parts.more);
      lines[row] = { ...parts, marks, line };
      list.append(line);
    });
    box.replaceChildren(make("div", { class: "entry-one" }, make("div", { class: "turn" }, before, chooser, after), observed, fill), list);
    drawFill();
    turn(column);

    return {
      colleagues() {},
      repaint(places) {
        for (const [row, at] of places) if (at === column) paint(row);
        if (document.activeElement !== chooser) drawChooser();
      },
    };
  }

  window.apdashReviews = Object.assign(window.apdashReviews || {}, { drawList });
})();
