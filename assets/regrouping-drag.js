// Regrouping, step « Ajuster »: a student's chip is taken with the mouse, a long press or Entrée, and put in another
// group. What each group costs comes from the server once, when the chip is taken; a drop asks it to fix the place.
(function () {
  const FAR = 6; // pixels before a press becomes a drag
  const LONG = 350; // milliseconds before a finger takes the chip instead of scrolling
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let held = null; // { chip, student, home, over, ghost, costs, keyboard }
  let press = null; // { chip, x, y, id, timer }
  let returning = null; // the student whose chip takes the focus once the groups are laid out again

  const board = () => document.getElementById("rg-board");
  const editable = () => board() && board().dataset.editable === "true";
  const cards = () => Array.from(board().querySelectorAll(".gcard[data-group]"));
  const chips = () => Array.from(board().querySelectorAll("button.chip[data-student]"));
  const send = (id, data) => window.dash_clientside.set_props(id, { data: Object.assign({ at: Date.now() }, data) });

  function say(words) {
    const region = document.getElementById("rg-said");
    if (region) region.textContent = words;
  }

  function label(card) {
    const told = held.costs && held.costs[card.dataset.group];
    if (card === held.home) return { kind: "home", words: "sa place" };
    return told || { kind: "wait", words: "calcul…" };
  }

  function paint() {
    for (const card of cards()) {
      const { kind, words } = label(card);
      let note = card.querySelector(".rg-cost");
      if (!note) {
        note = document.createElement("p");
        note.className = "rg-cost";
        card.querySelector(".who").after(note);
      }
      note.textContent = words;
      card.dataset.drop = kind;
      card.classList.toggle("over", card === held.over);
    }
  }

  function take(chip, keyboard) {
    held = { chip, student: chip.dataset.student, home: chip.closest(".gcard"), costs: null, keyboard };
    held.over = held.home;
    chip.classList.add("held");
    board().classList.add("dragging");
    paint();
    send("rg-grabbed", { student: held.student });
    say(chip.querySelector(".nm").textContent + " : choisissez le groupe avec les flèches, Entrée pour poser.");
  }

  function release() {
    if (!held) return;
    held.chip.classList.remove("held");
    if (held.ghost) held.ghost.remove();
    board().classList.remove("dragging");
    for (const card of cards()) {
      card.classList.remove("over");
      delete card.dataset.drop;
      const note = card.querySelector(".rg-cost");
      if (note) note.remove();
    }
    held = null;
  }

  function over(card) {
    held.over = card;
    paint();
    if (card && held.keyboard) {
      card.scrollIntoView({ block: "nearest" });
      say(card.getAttribute("aria-label") + " : " + label(card).words);
    }
  }

  function fix(chip, card) {
    const [need, staff] = card.dataset.group.split("|");
    returning = chip.dataset.student;
    send("rg-dropped", { student: chip.dataset.student, need, staff });
  }

  function drop() {
    const { chip, over: card, home, keyboard } = held;
    if (card && label(card).kind === "out") {
      say(label(card).words);
      if (!keyboard) release();
      return;
    }
    release();
    if (!card || card === home) {
      say("Rien n’est changé.");
      return;
    }
    chip.classList.add("asked");
    card.querySelector(".chips").append(chip.closest("li"));
    fix(chip, card);
    chip.focus();
  }

  // The nearest card in a direction, as one sees them.
  function beside(card, [dx, dy]) {
    const middle = (one) => {
      const box = one.getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    };
    const [x, y] = middle(card);
    let best = null;
    let least = Infinity;
    for (const other of cards()) {
      const [ox, oy] = middle(other);
      const along = dx * (ox - x) + dy * (oy - y);
      const across = Math.abs(dx * (oy - y) + dy * (ox - x));
      const far = along + 3 * across;
      if (other !== card && along > 4 && far < least) {
        best = other;
        least = far;
      }
    }
    if (best) return best;
    const all = cards();
    return all[all.indexOf(card) + dx + dy] || card; // at the end of a row, the next one
  }

  function onKey(event) {
    const chip = event.target.closest && event.target.closest("#rg-board button.chip[data-student]");
    if (held) {
      if (event.key === "Escape") release();
      else if (event.key === "Enter") drop();
      else if (STEPS[event.key]) {
        const from = held.over || held.home;
        over(from ? beside(from, STEPS[event.key]) : cards()[0]); // from « sans groupe », the first group
      }
      else if (event.key !== "Tab") return;
      event.preventDefault();
      return;
    }
    if (!chip) return;
    if (STEPS[event.key]) {
      const all = chips();
      const next = all[all.indexOf(chip) + STEPS[event.key][0] + 2 * STEPS[event.key][1]];
      if (next) next.focus();
      event.preventDefault();
    } else if (event.key === "Enter" && editable()) {
      take(chip, true);
      event.preventDefault();
    } else if ((event.key === "p" || event.key === "P") && editable()) {
      const open = board().querySelector(".rg-actions [data-key='p']");
      if (open && chip.classList.contains("me")) return; // the panel's own button, which also lifts
      const card = chip.closest(".gcard");
      if (card) fix(chip, card);
      event.preventDefault();
    }
  }

  document.addEventListener("keydown", function (event) {
    if (!editable()) {
      if (board()) onKey(event);
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      const undo = document.getElementById("rg-undo");
      if (undo && !event.target.matches("input, textarea")) {
        returning = document.activeElement && document.activeElement.dataset.student;
        undo.click();
        event.preventDefault();
      }
      return;
    }
    if (!event.ctrlKey && !event.metaKey && !event.altKey) onKey(event);
  }, true);

  function move(x, y) {
    if (!held.ghost) {
      held.ghost = held.chip.cloneNode(true);
      held.ghost.className = "chip rg-ghost";
      held.ghost.style.width = held.chip.offsetWidth + "px";
      document.body.append(held.ghost);
    }
    held.ghost.style.transform = "translate(" + (x + 8) + "px," + (y + 8) + "px)";
    const under = document.elementFromPoint(x, y);
    const card = under && under.closest("#rg-board .gcard[data-group]");
    if (card !== held.over) over(card);
    const edge = 60;
    if (y < edge) window.scrollBy(0, -12);
    if (y > window.innerHeight - edge) window.scrollBy(0, 12);
  }

  function forget() {
    if (press) clearTimeout(press.timer);
    press = null;
  }

  document.addEventListener("pointerdown", function (event) {
    const chip = event.target.closest && event.target.closest("#rg-board button.chip[data-student]");
    if (!chip || event.button || !editable() || held) return;
    press = { chip, x: event.clientX, y: event.clientY, id: event.pointerId, touch: event.pointerType === "touch" };
    if (press.touch) {
      press.timer = setTimeout(function () {
        take(chip, false);
        move(press.x, press.y);
      }, LONG);
    }
  });

  document.addEventListener("pointermove", function (event) {
    if (!press || event.pointerId !== press.id) return;
    const far = Math.hypot(event.clientX - press.x, event.clientY - press.y) > FAR;
    if (!held && far) {
      if (press.touch) forget(); // a finger that moves at once scrolls
      else take(press.chip, false);
    }
    if (held && !held.keyboard) {
      event.preventDefault();
      move(event.clientX, event.clientY);
    }
  });

  document.addEventListener("pointerup", function (event) {
    if (!press || event.pointerId !== press.id) return;
    forget();
    if (!held || held.keyboard) return;
    // The click that follows a drag opens nothing.
    const swallow = (click) => {
      click.stopPropagation();
      click.preventDefault();
    };
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 0);
    drop();
  });

  document.addEventListener("pointercancel", function () {
    forget();
    if (held && !held.keyboard) release();
  });

  document.addEventListener("touchmove", function (event) {
    if (held && !held.keyboard) event.preventDefault();
  }, { passive: false });
  document.addEventListener("dragstart", function (event) {
    if (event.target.closest && event.target.closest("#rg-board .chip")) event.preventDefault();
  });
  document.addEventListener("contextmenu", function (event) {
    if (held && !held.keyboard) event.preventDefault();
  });

  // The groups laid out again: the chip that was put down takes the focus back, what was held is gone.
  new MutationObserver(function () {
    if (!board()) {
      held = null;
      return;
    }
    if (held && !held.chip.isConnected) release();
    if (!returning) return;
    const chip = board().querySelector("button.chip[data-student='" + returning + "']");
    if (chip && document.activeElement === document.body) {
      chip.focus({ preventScroll: true });
      returning = null;
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.regrouping = {
    costs: function (told) {
      if (held && told && told.student === held.student) {
        held.costs = told.groups;
        paint();
        if (held.keyboard && held.over) say(label(held.over).words);
      }
      return "";
    },
  };
})();
