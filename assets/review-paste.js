// Reads a block copied from a spreadsheet: levels, letters, words of the scales, absences.
(function () {
  const SEVERAL = -1;
  const clean = (text) => text.replace(/[\u00a0\u202f]/g, " ").trim();
  const plain = (text) =>
    clean(text).toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[’'-]/g, " ").replace(/\s+/g, " ");

  // Rows of cells; quoted cells may hold line breaks and tabs, as spreadsheets write them.
  function cut(text) {
    const rows = [[]];
    const pattern = /"((?:[^"]|"")*)"(?=\t|\r?\n|$)|([^\t\r\n]*)/y;
    let at = 0;
    while (at <= text.length) {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      rows[rows.length - 1].push(clean(found[1] !== undefined ? found[1].replaceAll('""', '"') : found[2]));
      at = pattern.lastIndex;
      if (text[at] === "\t") at += 1;
      else if (at >= text.length) break;
      else {
        at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
        rows.push([]);
      }
    }
    while (rows.length && rows[rows.length - 1].every((cell) => cell === "")) rows.pop();
    return rows;
  }

  // {value} or {why}; an empty cell changes nothing (undefined).
  function understand(cell, scales, chosen) {
    if (cell === "") return undefined;
    const digits = cell.replace(",", ".");
    if (/^[1-4]([.]0+)?$/.test(digits)) return { value: { state: "level", level: Number(digits) } };
    if (cell === "=" || plain(cell) === "inchange") return { value: { state: "unchanged" } };
    const letter = (scales[chosen] || {})[cell.toUpperCase()];
    if (letter !== undefined) return { value: { state: "level", level: letter } };
    if (chosen === "niveaux" && plain(cell) === "a") return { value: { state: "absent" } };
    if (scales.manquant.includes(plain(cell))) return { value: { state: "absent" } };
    const word = scales.mots[plain(cell)];
    if (word !== undefined) return { value: { state: "level", level: word } };
    return { why: /^[\d.,]+$/.test(cell) ? "n’est pas un niveau de 1 à 4" : "n’est pas un niveau reconnu" };
  }

  // Letters may be of two scales, and A may be an absence: only one reading when there is nothing but A.
  function readings(rows) {
    const cells = new Set(rows.flat().map((cell) => cell.toUpperCase()));
    if (["A+", "E"].some((mark) => cells.has(mark))) return ["pronote"];
    if (["B", "C", "D"].some((mark) => cells.has(mark))) return ["lettres_abcd", "pronote"];
    return ["niveaux"];
  }

  // Where each name of the division is; SEVERAL when two students bear it. Homonyms are listed with what tells them
  // apart, « (né le 14/03) », which other software does not write: they are known without it too.
  function places(students) {
    const known = new Map();
    students.forEach(([, name], index) => {
      for (const one of new Set([plain(name), plain(name.replace(/ \([^)]*\)$/, ""))])) {
        known.set(one, known.has(one) ? SEVERAL : index);
      }
    });
    return known;
  }

  // When the first column holds names of the division, rows go to these students, whatever their order.
  function aim(rows, students, top) {
    const known = places(students);
    const named = rows.filter((row) => known.has(plain(row[0]))).length;
    if (named && named * 2 >= rows.length) {
      return rows.map((row) => ({ row: known.get(plain(row[0])), cells: row.slice(1), head: row[0] }));
    }
    return rows.map((cells, index) => ({ row: top + index, cells, head: "" }));
  }

  // Why a line goes to nobody; empty when it has its student.
  function nowhere(line, students) {
    if (line.row === SEVERAL) return "plusieurs élèves portent ce nom\u00a0: à saisir à la main";
    if (line.row === undefined) return "aucun élève de ce nom";
    return line.row >= students.length ? "aucun élève à cet endroit" : "";
  }

  // Changes [{row, column, value}] and refusals [{where, what, why}] of a block laid at (top, left).
  function lay(text, { scales, chosen, students, competencies, carries, top, left }) {
    const changes = [];
    const refusals = [];
    for (const line of aim(cut(text), students, top)) {
      const lost = nowhere(line, students);
      if (lost) {
        if (line.cells.some(Boolean)) refusals.push({ where: line.head || "Ligne en trop", what: line.cells.join(" "), why: lost });
        continue;
      }
      line.cells.forEach((cell, offset) => {
        const column = left + offset;
        const read = understand(cell, scales, chosen);
        if (!read) return;
        const name = students[line.row][1];
        if (column >= competencies.length) refusals.push({ where: name, what: cell, why: "dépasse la dernière compétence" });
        else if (read.why) refusals.push({ where: name + ", " + competencies[column].label, what: cell, why: read.why });
        else if (read.value.state === "unchanged" && !carries(line.row, column)) refusals.push({ where: name + ", " + competencies[column].label, what: cell, why: "n’a rien à reconduire" });
        else changes.push({ row: line.row, column, value: read.value });
      });
    }
    return { changes, refusals };
  }

  window.apdashReviews = Object.assign(window.apdashReviews || {}, {
    plain,
    layPaste: lay,
    pasteReadings: (text) => readings(cut(text)),
  });
})();
