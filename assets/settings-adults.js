// The table of the adults of a band (Réglages): hundreds of boxes, one listener. Boxes are ticked here, proposals are
// marked until they are saved, and one message carries what has changed.
(function () {
  const URL = "/reglages/adultes";

  const ticked = (box) => box.getAttribute("aria-checked") === "true";
  const changed = (box) => box.getAttribute("aria-checked") !== box.dataset.saved;
  const boxes = (card) => [...card.querySelectorAll(".tickbox")];
  const plural = (number, one, many) => number + "\u00a0" + (number < 2 ? one : many);

  function tick(box, on, proposed) {
    box.setAttribute("aria-checked", String(on));
    if (proposed) box.dataset.proposed = "1";
    else delete box.dataset.proposed;
    box.title = proposed ? "Proposé, à confirmer" : "";
  }

  function tell(card, words, kind) {
    const line = card.querySelector(".adults-told");
    line.textContent = words;
    line.className = "s adults-told" + (kind ? " " + kind : "");
  }

  function tellChanges(card, before) {
    const waiting = boxes(card).filter(changed);
    const proposed = waiting.filter((box) => box.dataset.proposed).length;
    const told = waiting.length ? plural(waiting.length, "case changée", "cases changées") : "";
    const toConfirm = proposed ? ", dont " + plural(proposed, "proposée, à confirmer", "proposées, à confirmer") : "";
    tell(card, (before || "") + (told ? told + toConfirm + "\u00a0: pas encore enregistré." : ""), told && "watch");
  }

  // Who has already chosen is never added to.
  function propose(card, kind) {
    let added = 0;
    card.querySelectorAll("tbody tr").forEach((row) => {
      const mine = [...row.querySelectorAll('.tickbox[data-kind="' + kind + '"]')];
      if (mine.some(ticked)) return;
      mine.filter((box) => box.dataset.could).forEach((box) => {
        tick(box, true, true);
        added += 1;
      });
    });
    tellChanges(card, added ? "" : "Rien à proposer de plus\u00a0: les autres ont choisi, ou rien ne dit ce qu’ils enseignent. ");
  }

  async function save(card, button) {
    const sent = boxes(card).filter(changed);
    if (!sent.length) return tell(card, "Rien n’a changé.");
    const rows = (kind) => sent.filter((box) => box.dataset.kind === kind)
      .map((box) => [box.dataset.staff, box.dataset.value, ticked(box)]);
    button.disabled = true;
    try {
      const response = await window.apdashSend.post(URL, { free: rows("slot"), led: rows("need") });
      const said = await response.json();
      if (!response.ok) return tell(card, said.message || "L’enregistrement a échoué\u00a0: recommencez.", "alert");
      sent.forEach((box) => { box.dataset.saved = box.getAttribute("aria-checked"); });
      boxes(card).forEach((box) => tick(box, ticked(box), false));
      tell(card, plural(sent.length, "case enregistrée", "cases enregistrées") + " à " + said.at + ".");
    } catch (error) {
      tell(card, "Le serveur ne répond pas\u00a0: rien n’est perdu, recommencez.", "alert");
    } finally {
      button.disabled = false;
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest ? event.target.closest("[data-adults] button") : null;
    if (!button) return;
    const card = button.closest("[data-adults]");
    if (button.dataset.save) save(card, button);
    else if (button.dataset.propose) propose(card, button.dataset.propose);
    else {
      tick(button, !ticked(button), false);
      tellChanges(card);
    }
  });

  window.addEventListener("beforeunload", (event) => {
    const card = document.querySelector("[data-adults]");
    if (card && boxes(card).some(changed)) event.preventDefault();
  });
})();
