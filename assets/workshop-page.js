// Brings the grid of a workshop bilan to life: one fetch, then a look every few seconds at what the other adult of the
// group has typed. Values wait in the queue of the bilans (review-queue.js), undo is theirs too (review-model.js).
(function () {
  const URL = "/ateliers/saisie";
  const EVERY = 5000;
  let running = null;

  const address = (spec, more = {}) => URL + "?" + new URLSearchParams({ ...spec, ...more });

  function statusLine(status) {
    const { make } = window.apdashReviews;
    const icon = (name) => make("i", { class: "bi bi-" + name, "aria-hidden": "true" });
    const many = status.pending + (status.pending > 1 ? "\u00a0saisies" : "\u00a0saisie") + " en attente";
    if (status.refused) return ["alert", icon("exclamation-triangle-fill"), " " + status.refused];
    if (status.failing) return ["watch", icon("cloud-slash"), " " + many + "\u00a0: le serveur ne répond pas, nouvel essai dans un instant."];
    if (status.pending) return ["", icon("cloud-upload"), " " + many];
    return ["", icon("cloud-check"), status.at ? " Enregistré à " + status.at + "." : " Enregistré à chaque frappe."];
  }

  async function mount(spec) {
    const box = document.getElementById("workshop-grid");
    if (!box) return;
    if (running) clearInterval(running.timer);
    const mine = (running = { timer: null });
    const response = await fetch(address(spec));
    if (running !== mine || !box.isConnected) return;
    const data = await response.json();
    if (!response.ok) return box.replaceChildren(data.message || "La grille n’a pas pu s’afficher.");
    start(box, spec, data, mine);
  }

  function start(box, spec, data, mine) {
    const tools = window.apdashReviews;
    const line = document.getElementById("workshop-grid-status");
    const counted = document.getElementById("workshop-grid-count");
    const told = tools.make("div", { class: "told s", role: "status", hidden: "" });
    const stage = tools.make("div", { class: "stage" });
    const say = (words) => {
      told.textContent = words;
      told.hidden = false;
      clearTimeout(say.timer);
      say.timer = setTimeout(() => (told.hidden = true), 8000);
    };
    const tell = (status) => {
      if (!line) return;
      const [state, ...parts] = statusLine(status);
      line.className = "save-state " + state;
      line.replaceChildren(...parts);
    };
    data.onCount = (filled, all) => counted && (counted.textContent = filled + "\u00a0élève" + (filled > 1 ? "s" : "") + " sur " + all + ".");
    const queue = tools.openQueue(data.assessor, tell, URL);
    const model = tools.makeModel(data, queue);
    box.replaceChildren(stage, told);
    const view = tools.drawWorkshop(stage, model, say);
    const places = (entries) => entries.map(({ student, competency }) => [
      data.students.findIndex(([id]) => id === student), data.competencies.findIndex(({ code }) => code === competency),
    ]).filter(([row, column]) => row >= 0 && column >= 0);
    queue.onSaved = (entries, accepted) => {
      model.keep(accepted);
      view.repaint(places(entries));
    };

    async function look() {
      if (!box.isConnected || running !== mine) return clearInterval(mine.timer);
      if (document.hidden) return;
      const before = queue.acknowledged;
      try {
        const response = await fetch(address(spec, { assessor: data.assessor, version: data.version }));
        if (response.status === 409) {
          clearInterval(mine.timer);
          stage.inert = true;
          return tell({ pending: 0, refused: (await response.json()).message });
        }
        if (!response.ok) return;
        const news = await response.json();
        // Something of mine was on its way: this answer may be older than what is on screen.
        if (!news.cells || queue.acknowledged !== before || queue.waiting()) return;
        data.version = news.version;
        view.repaint(model.receive(news.cells));
      } catch (error) {
        // The network is away: the queue says so when there is something to send.
      }
    }

    const alone = document.activeElement === document.body || document.activeElement?.id === "page";
    if (data.students.length) view.go(...view.firstEmpty(), alone && window.matchMedia("(min-width: 621px)").matches);
    tell({ pending: queue.waiting(), failing: false });
    mine.timer = setInterval(look, EVERY);
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.apdash = Object.assign(window.dash_clientside.apdash || {}, {
    workshopGrid(spec) {
      if (spec) setTimeout(() => mount(spec), 0);
      return "";
    },
  });
})();
