// The roll on screen: one press a student, what waits to be sent, what somebody else said meanwhile.
// The server lays the rows out (pages/roll/view.py); what is said goes through roll-queue.js.
(function () {
  const REFRESH = 10000;

  function view(root) {
    const { NBSP, ORDER, PLURALS, quoted, button, show, showConflict, wire, focus, blank } = window.apdashRoll;
    const session = root.dataset.roll;
    const queue = window.apdashRoll.openQueue(root.dataset.owner);
    const find = (name) => root.querySelector(name);
    const rows = () => [...root.querySelectorAll(".roll-list .roll-row")];
    const rowOf = (student) => rows().find((row) => row.dataset.student === String(student));
    const silent = () => rows().filter((row) => !row.dataset.presence);
    let held = root.dataset.held === "true";
    let acknowledged = 0;

    // What waits in the queue goes before what the server says.
    function showQueued(row) {
      const item = queue.get(session, row.dataset.student);
      if (item) show(row, item.presence, item.minutes);
      const other = queue.conflict(session, row.dataset.student);
      row.classList.toggle("waits", Boolean(item) && !other);
      showConflict(row, other);
    }

    function count() {
      const all = rows();
      const left = silent().length;
      for (const presence of ORDER) {
        const n = all.filter((row) => row.dataset.presence === presence).length;
        const place = find(`[data-count=${presence}]`);
        place.querySelector("b").textContent = n;
        place.lastChild.textContent = PLURALS[presence][n > 1 ? 1 : 0];
      }
      const rest = find(".roll-all");
      rest.hidden = !left;
      rest.textContent = left === all.length ? "Tous présents" : left > 1 ? left + " autres présents" : "Le dernier présent";
      find(".roll-valid").hidden = held && !left;
      find(".roll-said-foot").textContent = !held || left ? ""
        : queue.holds(session) ? "Appel validé, à envoyer dès que le réseau revient." : "Appel validé" + NBSP + ": la séance est tenue.";
    }

    // ---- gestures

    function mark(row, presence, minutes) {
      if (row.dataset.presence === presence && row.dataset.minutes === String(minutes || "")) return;
      queue.put(session, row.dataset.student, { presence, minutes: minutes || null, base: row.dataset.entry });
      show(row, presence, minutes);
      showQueued(row);
    }

    function after() {
      count();
      queue.flush();
    }

    const acts = {
      rows,
      press(row, presence) {
        mark(row, presence, presence === "late" ? Number(row.dataset.minutes) || null : null);
        after();
      },
      late(row, minutes) {
        mark(row, "late", minutes);
        after();
      },
      allPresent() {
        silent().forEach((row) => mark(row, "present", null));
        after();
      },
      validate() {
        const left = silent();
        if (!left.length) {
          held = true;
          queue.hold(session);
          return after();
        }
        find(".roll-said-foot").textContent = left.length > 1
          ? left.length + " élèves sans réponse" + NBSP + ": répondez, ou " + quoted(find(".roll-all").textContent) + "."
          : left[0].querySelector(".nm").textContent + " est sans réponse.";
        focus(left[0]);
      },
    };

    function keep(row, which) {
      const [, presence, minutes, entry] = queue.conflict(session, row.dataset.student);
      row.dataset.entry = entry;
      if (which === "mine") {
        const mine = { presence: row.dataset.presence || null, minutes: Number(row.dataset.minutes) || null };
        queue.put(session, row.dataset.student, { ...mine, base: entry, over: [entry] });
      } else {
        queue.giveUp(session, row.dataset.student);
        show(row, presence, minutes);
      }
      showQueued(row);
      after();
      focus(row);
    }

    // Somebody who was not expected: their name is in the list of those who may turn up.
    function added(student) {
      const option = find(`.roll-add option[value="${student}"]`);
      if (!option) return null;
      const row = blank(root, String(student), option.textContent, option.dataset.division);
      option.remove();
      return row;
    }

    function onClick(event) {
      const pressed = event.target.closest("button");
      if (!pressed) return;
      const row = pressed.closest(".roll-row");
      if (pressed.dataset.mark) acts.press(row, pressed.dataset.mark);
      else if (pressed.dataset.late) acts.late(row, Number(pressed.dataset.late));
      else if (pressed.dataset.keep) keep(row, pressed.dataset.keep);
      else if (pressed.matches(".roll-all")) acts.allPresent();
      else if (pressed.matches(".roll-valid")) acts.validate();
      else if (pressed.matches(".roll-drop")) {
        queue.giveUpRefused();
        refresh();
      }
    }

    function onChange(event) {
      const row = event.target.closest(".roll-row");
      if (row && event.target.value) acts.late(row, Number(event.target.value));
      if (!event.target.matches(".roll-add") || !event.target.value) return;
      const newcomer = added(event.target.value);
      event.target.value = "";
      acts.press(newcomer, "present");
      focus(newcomer);
    }

    // ---- the network

    function showStatus(status) {
      const place = find(".roll-status");
      const off = status.failing || !navigator.onLine;
      place.replaceChildren();
      place.className = "roll-status s" + (status.refused || status.changed ? " alert" : off ? " off" : "");
      if (status.changed) place.append(status.changed);
      else if (status.refused) {
        const drop = button("Les abandonner");
        drop.className += " btn-sm roll-drop";
        place.append("Saisies refusées" + NBSP + ": " + status.refused + " ", drop);
      } else if (off) place.append(icon("cloud-slash-fill"), " Hors connexion" + (status.pending ? NBSP + ": " + status.pending + " à envoyer" : ""));
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
        const row = rowOf(student) || added(student);
        if (!row || queue.get(session, student) || row.dataset.entry === entry) continue;
        row.dataset.entry = entry;
        show(row, presence, minutes);
        row.querySelector(".roll-said").textContent += who ? " (" + who + ")" : "";
        row.classList.add("told");
      }
      count();
      root.dispatchEvent(new CustomEvent("roll-told", { detail: answer }));
    }

    root.addEventListener("click", onClick);
    root.addEventListener("change", onChange);
    window.apdashRoll.listenKeys(root, acts);
    queue.of(session).forEach((item) => rowOf(item.what) || added(item.what));
    held = held || queue.holds(session);
    rows().forEach((row) => {
      show(row, row.dataset.presence, Number(row.dataset.minutes) || null);
      showQueued(row);
      wire(row);
    });
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
    if (!root || seen.has(root) || !root.querySelector(".roll-foot") || !root.querySelector(".roll-done")) return;
    seen.add(root);
    view(root);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
