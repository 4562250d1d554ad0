// The rows of a roll: what each shows, what somebody else said of it, the keys that answer.
(function () {
  const NBSP = "\u00a0";
  const WORDS = { present: "présent", absent: "absent", late: "en retard", excused: "excusé" };
  const PLURALS = {
    present: ["présent", "présents"], absent: ["absent", "absents"],
    late: ["retard", "retards"], excused: ["excusé", "excusés"],
  };
  const ORDER = Object.keys(WORDS);
  const KEYS = { p: "present", a: "absent", r: "late", e: "excused" };

  const said = (presence, minutes) =>
    (presence ? WORDS[presence] : "sans réponse") + (minutes ? ", " + minutes + NBSP + "min" : "");

  const quoted = (words) => "«" + NBSP + words + NBSP + "»";

  function button(words, keep) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "btn btn-outline", textContent: words });
    if (keep) made.dataset.keep = keep;
    return made;
  }

  function show(row, presence, minutes) {
    row.dataset.presence = presence || "";
    row.dataset.minutes = minutes || "";
    row.querySelectorAll("[data-mark]").forEach((one) => {
      one.setAttribute("aria-checked", String(one.dataset.mark === presence));
    });
    row.querySelector(".roll-said").textContent = said(presence, minutes);
    row.querySelector(".roll-minutes").hidden = presence !== "late";
    row.querySelectorAll("[data-late]").forEach((one) => {
      one.setAttribute("aria-pressed", String(Number(one.dataset.late) === Number(minutes)));
    });
    row.querySelector(".roll-minutes select").value = minutes && minutes <= 55 ? String(minutes) : "";
  }

  // other: [student, presence, minutes, key, who, at], or nothing.
  function showConflict(row, other) {
    const place = row.querySelector(".roll-conflict");
    place.hidden = !other;
    place.replaceChildren();
    if (!other) return;
    const mine = quoted(said(row.dataset.presence, row.dataset.minutes));
    const theirs = quoted(said(other[1], other[2]));
    const head = (other[4] || "Quelqu’un") + " a noté " + theirs + (other[5] ? " à " + other[5] : "") + ", vous " + mine + ". ";
    place.append(head, button("Garder " + mine, "mine"), button("Garder " + theirs, "theirs"));
  }

  // One stop of the keyboard in each row: the answer given, else the first.
  function wire(row) {
    const marks = [...row.querySelectorAll("[data-mark]")];
    const stop = marks.find((one) => one.getAttribute("aria-checked") === "true") || marks[0];
    marks.forEach((one) => { one.tabIndex = one === stop ? 0 : -1; });
  }

  const focus = (row) =>
    (row.querySelector("[data-mark][aria-checked=true]") || row.querySelector("[data-mark]")).focus();

  // root: the roll; student, name, division: of somebody who was not expected.
  function blank(root, student, name, division) {
    const row = root.querySelector(".roll-blank").content.firstElementChild.cloneNode(true);
    row.dataset.student = student;
    row.querySelector(".nm").textContent = name;
    row.querySelector(".roll-notes").textContent = (division ? division + " · " : "") + "non attendu";
    row.querySelector(".tap").setAttribute("aria-label", name);
    root.querySelector(".roll-list").append(row);
    wire(row);
    return row;
  }

  // acts: rows(), press(row, presence), late(row, minutes), allPresent(), validate().
  function listenKeys(root, acts) {
    let typed = { row: null, digits: "" };

    function move(event, row, presence) {
      event.preventDefault();
      const target = row && row.querySelector(`[data-mark=${presence || "none"}]`);
      if (target) target.focus();
    }

    // A late student waits for minutes; other answers lead to the next row.
    function answer(row, presence, next) {
      acts.press(row, presence);
      focus(presence === "late" || !next ? row : next);
    }

    function digit(row, key) {
      typed = { row, digits: typed.row === row ? (typed.digits + key).slice(-3) : key };
      const minutes = Number(typed.digits);
      if (minutes >= 1 && minutes <= 480) acts.late(row, minutes);
    }

    root.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return acts.validate();
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === "t" && !event.target.closest("textarea, select, input")) return acts.allPresent();
      const mark = event.target.closest("[data-mark]");
      if (!mark) return;
      const row = mark.closest(".roll-row");
      const all = acts.rows();
      const at = all.indexOf(row);
      const step = { arrowdown: 1, arrowup: -1 }[key];
      const side = { arrowright: 1, arrowleft: -1 }[key];
      if (step) move(event, all[at + step], mark.dataset.mark);
      else if (side) move(event, row, ORDER[ORDER.indexOf(mark.dataset.mark) + side]);
      else if (KEYS[key]) answer(row, KEYS[key], all[at + 1]);
      else if (/^[0-9]$/.test(key) && row.dataset.presence === "late") digit(row, key);
    });
    root.addEventListener("focusin", (event) => {
      if (!event.target.dataset.mark) return;
      event.target.closest(".roll-row").querySelectorAll("[data-mark]").forEach((one) => {
        one.tabIndex = one === event.target ? 0 : -1;
      });
    });
  }

  window.apdashRoll = Object.assign(window.apdashRoll || {}, {
    NBSP, ORDER, PLURALS, quoted, button, show, showConflict, wire, focus, blank, listenKeys,
  });
})();
