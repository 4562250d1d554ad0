// What a grid holds while it is on screen: the students, the competencies, my values, my colleagues' marks.
// Values are {state: "level" | "absent" | "unchanged" | "text", level, text, by_default}, or null for an empty cell.
(function () {
  const UNDO_DEPTH = 100;
  const name = (student, competency) => student + "/" + competency;
  const same = (one, other) =>
    one === other ||
    (!!one && !!other && one.state === other.state && one.level === other.level && one.text === other.text && !!one.by_default === !!other.by_default);

  function words(value) {
    if (!value) return "";
    if (value.state === "absent") return "A";
    if (value.state === "unchanged") return "=";
    return String(value.level).replace(".", ",");
  }

  function makeModel(data, queue) {
    const { students, competencies } = data;
    const rows = new Map(students.map(([id], index) => [id, index]));
    const columns = new Map(competencies.map((competency, index) => [competency.code, index]));
    const earlier = new Map((data.earlier || []).map(([student, code, level]) => [name(student, code), level]));
    let own = new Map();
    let others = new Map();
    const undone = [];

    function receive(cells) {
      const before = own;
      const marks = others;
      own = new Map(cells.own.map(([student, code, value]) => [name(student, code), value]));
      others = new Map();
      for (const [student, code, initials, who, value] of cells.others) {
        const key = name(student, code);
        others.set(key, [...(others.get(key) || []), { initials, who, value }]);
      }
      const touched = new Set();
      for (const key of new Set([...before.keys(), ...own.keys()])) if (!same(before.get(key), own.get(key))) touched.add(key);
      for (const key of new Set([...marks.keys(), ...others.keys()])) {
        if (JSON.stringify(marks.get(key)) !== JSON.stringify(others.get(key))) touched.add(key);
      }
      return [...touched].map((key) => key.split("/")).map(([student, code]) => [rows.get(Number(student)), columns.get(code)])
        .filter(([row, column]) => row !== undefined && column !== undefined);
    }

    function waiting(row, column) {
      return queue && queue.get(data.review, data.division, students[row][0], competencies[column].code);
    }

    const model = {
      data,
      receive,
      waiting,
      words,
      value(row, column) {
        const entry = waiting(row, column);
        return entry ? entry.value : own.get(name(students[row][0], competencies[column].code)) || null;
      },
      marks: (row, column) => others.get(name(students[row][0], competencies[column].code)) || [],
      // A cell counts as filled by me where it is expected of me, by anybody elsewhere.
      filled(row, column) {
        if (model.value(row, column)) return true;
        return !competencies[column].mine && model.marks(row, column).length > 0;
      },
      rowCount: (row) => competencies.filter((_, column) => model.filled(row, column)).length,
      columnCount: (column) => students.filter((_, row) => model.filled(row, column)).length,
      distribution(column) {
        const counts = [0, 0, 0, 0];
        students.forEach((_, row) => {
          const mine = model.value(row, column);
          const shown = mine || (competencies[column].mine ? null : model.marks(row, column)[0]?.value);
          if (shown?.state === "level") counts[Math.min(3, Math.max(0, Math.floor(shown.level) - 1))] += 1;
        });
        return counts;
      },
      emptyRows: (column) => students.map((_, row) => row).filter((row) => !model.value(row, column)),
      // The level « inchangé » would carry on, if there is one.
      earlier: (row, column) => earlier.get(name(students[row][0], competencies[column].code)),
      // changes: [{row, column, value}]; returns the cells that changed. Nothing to carry on: no « inchangé ».
      apply(changes, { undo = true } = {}) {
        const before = [];
        for (const { row, column, value } of changes) {
          const was = model.value(row, column);
          if (same(was, value) || (value?.state === "unchanged" && model.earlier(row, column) === undefined)) continue;
          before.push({ row, column, value: was });
          queue.put({
            review: data.review, division: data.division,
            student: students[row][0], competency: competencies[column].code, value,
          });
        }
        if (!before.length) return [];
        if (undo) undone.push(before);
        if (undone.length > UNDO_DEPTH) undone.shift();
        queue.flush();
        return before;
      },
      undo() {
        const last = undone.pop();
        // A default never takes the place of a typed value: brought back over one, it is typed.
        return last ? model.apply(last.map((cell) => (cell.value?.by_default && model.value(cell.row, cell.column)
          ? { ...cell, value: { ...cell.value, by_default: undefined } } : cell)), { undo: false }) : [];
      },
      // What the server acknowledged becomes mine before the queue forgets it.
      keep(entries) {
        for (const { review, division, student, competency, value } of entries) {
          if (review !== data.review || division !== data.division) continue;
          if (value) own.set(name(student, competency), value);
          else own.delete(name(student, competency));
        }
      },
    };
    receive(data.cells);
    return model;
  }

  window.apdashReviews = Object.assign(window.apdashReviews || {}, { makeModel });
})();
