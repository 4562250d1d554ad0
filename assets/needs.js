// The heat map: arrows walk over the numbers, the line under it says the number in words, Enter or a click
// unfolds it. One listener for the whole page: rows come and go as divisions are folded.
(function () {
  const KEYS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  const isNumber = (cell) => cell && /^(ni-|un)/.test(cell.className);

  function cellOf(target) {
    const cell = target.closest ? target.closest("#needs-heat tbody td") : null;
    return isNumber(cell) ? cell : null;
  }

  // Columns of the head and of the rows stand in the same order, so a cell finds its need above it.
  function headOf(cell) {
    return cell.closest("table").querySelector("thead tr:last-child").children[cell.cellIndex];
  }

  function words(cell) {
    const head = headOf(cell);
    const row = cell.parentElement;
    const value = cell.textContent === "?" ? "à confirmer" : cell.textContent + " sur 100";
    const served = cell.classList.contains("sv") ? "servi par un groupe actuel" : "pas servi par un groupe actuel";
    const informed = cell.title.startsWith("à confirmer") ? cell.title.split(":")[1].trim() : cell.title;
    const details = [value, informed, served].filter(Boolean).join(", ");
    return [row.querySelector("th a").textContent, head.title + "\u00a0: " + details + "."];
  }

  function read(cell) {
    const line = document.getElementById("needs-reading");
    if (!line) return;
    const [who, what] = words(cell);
    const name = document.createElement("b");
    name.textContent = who;
    line.replaceChildren(name, "\u2002" + what);
  }

  function unfold(cell) {
    const student = Number(cell.parentElement.dataset.student);
    const need = headOf(cell).dataset.need;
    cell.closest("table").querySelectorAll("tr.here").forEach((row) => row.classList.remove("here"));
    cell.parentElement.classList.add("here");
    window.dash_clientside.set_props("needs-asked", { data: { student, need, at: Date.now() } });
  }

  // One stop of the Tab key for the whole map: the cell last visited, or the first one.
  function reach(cell) {
    const table = cell.closest("table");
    table.querySelectorAll("td[tabindex]").forEach((other) => other.removeAttribute("tabindex"));
    cell.setAttribute("tabindex", "0");
    cell.focus();
    read(cell);
  }

  function step(cell, [down, right]) {
    const rows = [...cell.closest("table").querySelectorAll("tbody tr[data-student]")];
    let row = rows.indexOf(cell.parentElement);
    let column = cell.cellIndex;
    for (;;) {
      row += down;
      column += right;
      const next = rows[row] && rows[row].children[column];
      if (!next || next.tagName === "TH") return null;
      if (isNumber(next)) return next;
    }
  }

  document.addEventListener("mouseover", (event) => {
    const cell = cellOf(event.target);
    if (cell) read(cell);
    const groups = event.target.closest ? event.target.closest("#needs-heat td.gr") : null;
    if (groups) groups.title = groups.textContent;
  });
  document.addEventListener("click", (event) => {
    const cell = cellOf(event.target);
    if (!cell) return;
    reach(cell);
    unfold(cell);
  });
  document.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    if (!cell) return;
    if (event.key === "Enter") {
      event.preventDefault();
      unfold(cell);
    } else if (KEYS[event.key]) {
      event.preventDefault();
      const next = step(cell, KEYS[event.key]);
      if (next) reach(next);
    }
  });
  // The first number takes the Tab key when a new map arrives.
  new MutationObserver(() => {
    const table = document.querySelector("#needs-heat table");
    if (!table || table.querySelector("td[tabindex]")) return;
    const first = table.querySelector("tr[data-student] td[class^='ni-'], tr[data-student] td.un");
    if (first) first.setAttribute("tabindex", "0");
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest("[data-print]")) window.print();
  });
})();
