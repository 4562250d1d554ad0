// The roll on screen: one press a student, the keyboard, what waits to be sent, what somebody else said meanwhile.
// The server lays the rows out (pages/roll/view.py); what is said goes through roll-queue.js.
(function () {
  const WORDS = { present: "présent", absent: "absent", late: "en retard", excused: "excusé" };
  const PLURALS = {
    present: ["présent", "présents"], absent: ["absent", "absents"],
    late: ["retard", "retards"], excused: ["excusé", "excusés"],
  };
  const ORDER = Object.keys(WORDS);
  const KEYS = { p: "present", a: "absent", r: "late", e: "excused" };
  const REFRESH = 10000;
  const NBSP = "\u00a0";

  const said = (presence, minutes) =>
    (presence ? WORDS[presence] : "sans réponse") + (minutes ? ", " + minutes + NBSP + "min" : "");

  function view(root) {
    const session = root.dataset.roll;
    const queue = window.apdashRoll.openQueue(root.dataset.owner);
    const list = root.querySelector(".roll-list");
    const find = (name) => root.querySelector(name);
    let held = root.dataset.held === "true";
    let acknowledged = 0;
    let typed = { row: null, digits: "" };

    const rows = () => [...list.querySelectorAll(".roll-row")];
    const rowOf = (student) => rows().find((row) => row.dataset.student === String(student));
    const nameOf = (row) => row.querySelector(".nm").textContent;

    // ---- what a row shows

    function show(row, presence, minutes) {
      row.dataset.presence = presence || "";
      row.dataset.minutes = minutes || "";
      row.querySelectorAll("[data-mark]").forEach((button) => {
        button.setAttribute("aria-checked", String(button.dataset.mark === presence));
      });
      row.querySelector(".roll-said").textContent = said(presence, minutes);
      row.querySelector(".roll-minutes").hidden = presence !== "late";
      row.querySelectorAll("[data-late]").forEach((button) => {
        button.setAttribute("aria-pressed", String(Number(button.dataset.late) === Number(minutes)));
      });
      const chosen = row.querySelector(".roll-minutes select");
      chosen.value = minutes && minutes <= 55 ? String(minutes) : "";
    }

    // What waits in the queue goes before what the server says.
    function showQueued(row) {
      const item = queue.get(session, row.dataset.student);
      if (item) show(row, item.presence, item.minutes);
      row.classList.toggle("waits", Boolean(item));
      showConflict(row);
    }

    function showConflict(row) {
      const other = queue.conflict(session, row.dataset.student);
      const place = row.querySelector(".roll-conflict");
      place.hidden = !other;
      place.replaceChildren();
      if (!other) return;
      const [, presence, minutes, , who, at] = other;
      const mine = said(row.dataset.presence, row.dataset.minutes);
      const theirs = said(presence, minutes);
      place.append(
        (who || "Quelqu’un") + " a noté «" + NBSP + theirs + NBSP + "»" + (at ? " à " + at : "") + ", vous «" + NBSP + mine + NBSP + "». ",
        choice("Garder «" + NBSP + mine + NBSP + "»", "mine"), choice("Garder «" + NBSP + theirs + NBSP + "»", "theirs")
      );
    }

    function choice(words, keep) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn btn-outline", textContent: words });
      button.dataset.keep = keep;
      return button;
    }

    function count() {
      const all = rows();
      for (const presence of ORDER) {
        const n = all.filter((row) => row.dataset.presence === presence).length;
        const place = find(`[data-count=${presence}]`);
        place.querySelector("b").textContent = n;
        place.lastChild.textContent = PLURALS[presence][n > 1 ? 1 : 0];
      }
      const silent = all.filter((row) => !row.dataset.presence).length;
      const rest = find(".roll-all");
      rest.hidden = !silent;
      rest.textContent = silent === all.length ? "Tous présents" : silent > 1 ? "Les " + silent + " autres présents" : "Le dernier présent";
      const valid = find(".roll-valid");
      valid.hidden = held && !silent;
      find(".roll-said-foot").textContent = held && !silent
        ? (queue.holds(session) ? "Appel validé, à envoyer dès que le réseau revient." : "Appel validé" + NBSP + ": la séance est tenue.")
        : "";
    }

    // ---- gestures

    function mark(row, presence, minutes) {
      if (row.dataset.presence === (presence || "") && row.dataset.minutes === String(minutes || "")) return;
      queue.put(session, row.dataset.student, { presence, minutes: minutes || null, base: row.dataset.entry });
      show(row, presence, minutes);
    }

    function done(row) {
      if (row) showQueued(row);
      count();
      queue.flush();
    }

    function press(row, presence) {
      mark(row, presence, presence === "late" ? Number(row.dataset.minutes) || null : null);
      done(row);
    }

    function allPresent() {
      const silent = rows().filter((row) => !row.dataset.presence);
      silent.forEach((row) => mark(row, "present", null));
      silent.forEach(showQueued);
      done();
    }

    function validate() {
      const silent = rows().filter((row) => !row.dataset.presence);
      if (silent.length) {
        find(".roll-said-foot").textContent = silent.length > 1
          ? silent.length + " élèves sans réponse" + NBSP + ": répondez, ou «" + NBSP + find(".roll-all").textContent + NBSP + "»."
          : nameOf(silent[0]) + " est sans réponse.";
        focus(silent[0]);
        return;
      }
      held = true;
      queue.hold(session);
      done();
    }

    function keep(row, which) {
      const other = queue.conflict(session, row.dataset.student);
      row.dataset.entry = other[3];
      if (which === "mine") {
        queue.put(session, row.dataset.student, {
          presence: row.dataset.presence || null, minutes: Number(row.dataset.minutes) || null, base: other[3], over: [other[3]],
        });
      } else {
        queue.giveUp(session, row.dataset.student);
        show(row, other[1], other[2]);
      }
      done(row);
      focus(row);
    }

    function add(select) {
      const option = select.selectedOptions[0];
      if (!option || !option.value) return;
      const row = blank(option.value, option.textContent, option.dataset.division);
      option.remove();
      select.value = "";
      press(row, "present");
      focus(row);
    }

    function blank(student, name, division) {
      const row = find(".roll-blank").content.firstElementChild.cloneNode(true);
      row.dataset.student = student;
      row.querySelector(".nm").textContent = name;
      row.querySelector(".roll-notes").textContent = (division ? division + " · " : "") + "non attendu";
      row.querySelector(".tap").setAttribute("aria-label", name);
      list.append(row);
      wire(row);
      return row;
    }

    // ---- keyboard: one stop in each row, arrows between rows and between answers

    function focus(row) {
      const chosen = row.querySelector("[data-mark][aria-checked=true]") || row.querySelector("[data-mark]");
      chosen.focus();
    }

    function wire(row) {
      const buttons = [...row.querySelectorAll("[data-mark]")];
      const stop = buttons.find((button) => button.getAttribute("aria-checked") === "true") || buttons[0];
      buttons.forEach((button) => { button.tabIndex = button === stop ? 0 : -1; });
    }

    function onKey(event) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return validate();
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const button = event.target.closest("[data-mark]");
      const key = event.key.toLowerCase();
      if (key === "t" && !event.target.closest("textarea, select, input")) return allPresent();
      if (!button) return;
      const row = button.closest(".roll-row");
      const all = rows();
      const at = all.indexOf(row);
      const step = { arrowdown: 1, arrowup: -1 }[key];
      const side = { arrowright: 1, arrowleft: -1 }[key];
      if (step) move(event, all[at + step], button.dataset.mark);
      else if (side) move(event, row, ORDER[ORDER.indexOf(button.dataset.mark) + side]);
      else if (KEYS[key]) answer(row, KEYS[key], all[at + 1]);
      else if (/^[0-9]$/.test(key) && row.dataset.presence === "late") digit(row, key);
    }

    function move(event, row, presence) {
      event.preventDefault();
      const target = row && row.querySelector(`[data-mark=${presence || "none"}]`);
      if (target) target.focus();
    }

    // A late student waits for minutes; the others lead to the next row.
    function answer(row, presence, next) {
      press(row, presence);
      if (presence === "late" || !next) focus(row);
      else focus(next);
    }

    function digit(row, key) {
      typed = { row, digits: typed.row === row ? (typed.digits + key).slice(-3) : key };
      const minutes = Number(typed.digits);
      if (minutes < 1 || minutes > 480) return;
      mark(row, "late", minutes);
      done(row);
    }

    function onClick(event) {
      const button = event.target.closest("button");
      if (!button) return;
      const row = button.closest(".roll-row");
      if (button.dataset.mark) press(row, button.dataset.mark);
      else if (button.dataset.late) { mark(row, "late", Number(button.dataset.late)); done(row); }
      else if (button.dataset.keep) keep(row, button.dataset.keep);
      else if (button.matches(".roll-all")) allPresent();
      else if (button.matches(".roll-valid")) validate();
      else if (button.matches(".roll-drop")) { queue.giveUpRefused(); refresh(); }
    }

    function onChange(event) {
      const row = event.target.closest(".roll-row");
      if (event.target.matches(".roll-add")) add(event.target);
      else if (row && event.target.value) { mark(row, "late", Number(event.target.value)); done(row); }
    }

    // ---- the network

    function showStatus(status) {
      const place = find(".roll-status");
      const off = status.failing || !navigator.onLine;
      const waiting = status.pending ? NBSP + ": " + status.pending + " à envoyer" : "";
      place.replaceChildren();
      place.className = "roll-status s" + (status.refused || status.changed ? " alert" : off ? " off" : "");
      if (status.changed) place.append(status.changed);
      else if (status.refused) {
        const drop = choice("Les abandonner", "");
        drop.className += " btn-sm roll-drop";
        place.append("Saisies refusées" + NBSP + ": " + status.refused + " ", drop);
      } else if (off) place.append(icon("cloud-slash-fill"), " Hors connexion" + waiting);
      else if (status.pending) place.append("Envoi…");
      else if (status.at) place.append(icon("check2"), " Enregistré à " + status.at);
    }

    function icon(name) {
      const mark = document.createElement("i");
      mark.className = "bi bi-" + name;
      mark.setAttribute("aria-hidden", "true");
      return mark;
    }

    function onTaken(answer) {
      acknowledged += 1;
      if (answer.session !== session) return;
      for (const item of answer.marks) {
        const row = rowOf(item.what);
        if (!row) continue;
        if (answer.written.has(item.key)) row.dataset.entry = item.presence ? item.key : "";
        if (answer.refused.has(item.what)) {
          row.querySelector(".roll-notes").textContent += " · " + answer.refused.get(item.what);
          show(row, null, null);
        }
        showQueued(row);
      }
      count();
    }

    // What the others said: never over what waits here, never from before one's own last answer.
    async function refresh() {
      if (document.hidden || !navigator.onLine || queue.status.pending) return;
      const since = acknowledged;
      try {
        const response = await fetch("/appel/saisie?seance=" + session);
        if (!response.ok) return;
        const answer = await response.json();
        if (since === acknowledged && root.isConnected) lay(answer);
      } catch (error) {
        // the next one will tell
      }
    }

    function lay(answer) {
      held = answer.held || queue.holds(session);
      for (const [student, presence, minutes, entry, who] of answer.rows) {
        const row = rowOf(student) || known(student);
        if (!row || queue.get(session, student) || row.dataset.entry === entry) continue;
        row.dataset.entry = entry;
        show(row, presence, minutes);
        row.querySelector(".roll-said").textContent += who ? " (" + who + ")" : "";
        row.classList.add("told");
      }
      count();
      root.dispatchEvent(new CustomEvent("roll-told", { detail: answer }));
    }

    // Somebody else added a student who was not expected: their name is in the list of those who may be.
    function known(student) {
      const option = find(`.roll-add option[value="${student}"]`);
      if (!option) return null;
      const row = blank(String(student), option.textContent, option.dataset.division);
      option.remove();
      return row;
    }

    root.addEventListener("click", onClick);
    root.addEventListener("change", onChange);
    root.addEventListener("keydown", onKey);
    root.addEventListener("focusin", (event) => {
      const row = event.target.closest(".roll-row");
      if (event.target.dataset.mark) row.querySelectorAll("[data-mark]").forEach((one) => { one.tabIndex = one === event.target ? 0 : -1; });
    });
    queue.of(session).forEach((item) => rowOf(item.what) || known(item.what));
    held = held || queue.holds(session);
    rows().forEach((row) => { show(row, row.dataset.presence, Number(row.dataset.minutes) || null); showQueued(row); wire(row); });
    queue.listen({ changed: showStatus, taken: onTaken });
    count();
    window.apdashRoll.openDone(root, session);
    const clock = setInterval(() => (root.isConnected ? refresh() : clearInterval(clock)), REFRESH);
    window.addEventListener("focus", refresh);
  }

  const seen = new WeakSet();
  new MutationObserver(() => {
    const root = document.querySelector("[data-roll]");
    // Its rows come a moment after it, as ready HTML.
    if (!root || seen.has(root) || !root.querySelector(".roll-list") || !root.querySelector(".roll-foot")) return;
    seen.add(root);
    view(root);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
