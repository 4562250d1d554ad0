// What was done at a session: typed, or taken from an offer in one touch; kept in the page until the server has it.
(function () {
  const URL = "/appel/saisie";
  const MOST = 200;
  const NBSP = "\u00a0";

  window.apdashRoll = Object.assign(window.apdashRoll || {}, { openDone: open });

  function open(root, session) {
    const field = root.querySelector(".roll-done");
    if (!field) return;
    const told = root.querySelector(".roll-done-told");
    let base = root.dataset.done;
    let timer = null;
    let failures = 0;
    let sending = false;

    const words = () => field.value.trim().replace(/\s+/g, " ");
    const waits = () => root.isConnected && words() !== base;

    function left() {
      root.querySelector(".roll-left").textContent = field.value.length + NBSP + "/" + NBSP + MOST;
      root.querySelectorAll(".roll-offer").forEach((offer) => {
        offer.setAttribute("aria-pressed", String(offer.dataset.offer === words()));
      });
    }

    function later(delay) {
      clearTimeout(timer);
      timer = setTimeout(save, delay);
    }

    async function save() {
      if (sending || !waits()) return;
      const sent = words();
      sending = true;
      try {
        const response = await window.apdashSend.post(URL, {
          owner: root.dataset.owner, session: Number(session), done: sent, seen: base,
        });
        if (response.status === 401) return;
        const answer = await response.json();
        if (!response.ok) return say(answer.message || "Refusé.", true);
        failures = 0;
        if (answer.other !== null) return disagree(answer.other);
        base = sent;
        say((sent ? "Noté à " : "Effacé à ") + answer.at + (answer.warning ? ". " + answer.warning : ""), Boolean(answer.warning));
      } catch (error) {
        say("Pas encore noté" + NBSP + ": hors connexion.", true);
        later(window.apdashSend.patience(failures++));
      } finally {
        sending = false;
      }
      if (waits() && !failures) later(0);
    }

    function say(text, alert = false) {
      told.textContent = text;
      told.classList.toggle("alert", alert);
    }

    function disagree(other) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn btn-outline btn-sm", textContent: "Garder le mien" });
      button.addEventListener("click", () => { base = other; save(); });
      const theirs = document.createElement("button");
      Object.assign(theirs, { type: "button", className: "btn btn-outline btn-sm", textContent: "Garder le sien" });
      theirs.addEventListener("click", () => { base = other; field.value = other; left(); say(""); });
      say("", true);
      told.append("Quelqu’un a écrit «" + NBSP + other + NBSP + "». ", button, " ", theirs);
    }

    field.addEventListener("input", () => { left(); later(1500); });
    field.addEventListener("blur", () => later(0));
    root.addEventListener("click", (event) => {
      const offer = event.target.closest(".roll-offer");
      if (!offer) return;
      field.value = offer.dataset.offer.slice(0, MOST);
      left();
      later(0);
    });
    root.addEventListener("roll-told", (event) => {
      if (waits() || document.activeElement === field) return;
      base = field.value = event.detail.done;
      left();
    });
    window.addEventListener("beforeunload", (event) => { if (waits()) event.preventDefault(); });
    window.addEventListener("online", () => later(0));
    left();
  }
})();
