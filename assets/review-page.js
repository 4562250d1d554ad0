// Brings an entry grid to life when its page is shown: one fetch, the right form for the screen, then a look
// every few seconds at what colleagues, or another window of mine, have typed.
(function () {
  const URL = "/bilans/saisie";
  const EVERY = 4000;
  const NARROW = "(max-width: 620px)";
  let running = null;

  const address = (spec, version) => URL + "?" + new URLSearchParams({ ...spec, ...(version ? { version } : {}) });

  function statusLine(status, data) {
    const { make } = window.apdashReviews;
    const icon = (name) => make("i", { class: "bi bi-" + name, "aria-hidden": "true" });
    const many = (quantity) => quantity + (quantity > 1 ? "\u00a0saisies" : "\u00a0saisie") + " en attente";
    if (status.refused) return ["alert", icon("exclamation-triangle-fill"), " " + status.refused];
    if (status.failing) return ["watch", icon("cloud-slash"), " " + many(status.pending) + "\u00a0: le serveur ne répond pas, nouvel essai dans un instant."];
    if (status.pending) return ["", icon("cloud-upload"), " " + many(status.pending)];
    const late = status.closed ? " Bilan clos\u00a0: une saisie tardive est gardée, les chiffres arrêtés ne bougent pas." : "";
    if (!data.editable) return ["", icon("eye"), " Lecture\u00a0: la valeur médiane des adultes\u00a0; chaque case dit qui a donné quoi."];
    if (status.at) return ["", icon("cloud-check-fill"), " Enregistré à " + status.at + "." + late];
    return ["", icon("cloud-check"), (data.last ? " Dernière saisie le " + data.last + "." : " Enregistré à chaque frappe.") + late];
  }

  function present(people) {
    const { make } = window.apdashReviews;
    if (!people.length) return [];
    const names = people.flatMap(([initials, who], index) => [index ? ", " : " ", make("b", {}, who), " ", make("span", { class: "mark" }, initials)]);
    return [...names, people.length > 1 ? " saisissent aussi cette classe" : " saisit aussi cette classe"];
  }

  async function mount(spec) {
    const box = document.getElementById("review-grid");
    if (!box) return;
    if (running) clearInterval(running.timer);
    const mine = (running = { spec, timer: null });
    const kept = box.dataset.place ? JSON.parse(box.dataset.place) : null;
    const response = await fetch(address(spec));
    if (running !== mine || !box.isConnected) return;
    const data = await response.json();
    if (!response.ok) return box.replaceChildren(data.message || "La grille n’a pas pu s’afficher.");
    start(box, spec, data, mine, kept);
  }

  function start(box, spec, data, mine, kept) {
    const tools = window.apdashReviews;
    const line = document.getElementById("review-grid-status");
    const voice = tools.make("div", { class: "visually-hidden", role: "status" });
    const told = tools.make("div", { class: "told s", hidden: "" });
    const stage = tools.make("div", { class: "stage" });
    let people = data.present;
    let status = { pending: 0 };
    let view = null;
    let form = null;

    const say = (words) => {
      told.textContent = voice.textContent = words;
      told.hidden = false;
      clearTimeout(say.timer);
      say.timer = setTimeout(() => (told.hidden = true), 6000);
    };
    const tell = (now) => {
      status = now;
      if (!line) return;
      const [state, ...parts] = statusLine(status, data);
      line.className = "save-state " + state;
      line.replaceChildren(...parts, ...(status.refused || status.failing ? [] : present(people)));
    };

    const queue = data.editable ? tools.openQueue(data.assessor, tell) : null;
    prepare(data);
    data.onCount = (left, share) => data.editable && spec.scope === "miennes" && showCounts(left, share);
    const model = tools.makeModel(data, queue);
    if (queue) queue.onSaved = async (entries, accepted) => {
      model.keep(accepted);
      if (accepted.length < entries.length) await look(true);
      view.repaint(places(model, entries));
    };

    function draw() {
      form = window.matchMedia(NARROW).matches ? "list" : "grid";
      view = form === "list" ? tools.drawList(stage, model, say) : tools.drawGrid(stage, model, say);
      view.colleagues(people);
      if (form === "grid") {
        fit(stage, data.students.length);
        view.heads.forEach((head, column) => head.addEventListener("click", () => tools.openMenu(box, view, model, column, say)));
        const alone = document.activeElement === document.body || document.activeElement?.id === "page";
        view.go(...(kept || view.firstEmpty()), data.editable && alone);
      }
    }

    // Somebody else signed in from this browser: nothing on screen is theirs.
    function stop(words) {
      clearInterval(mine.timer);
      stage.inert = true;
      tell({ ...status, refused: words });
    }

    async function look(force = false) {
      if (document.hidden && !force) return;
      if (!box.isConnected || running !== mine) return clearInterval(mine.timer);
      const before = queue ? queue.acknowledged : 0;
      try {
        const response = await fetch(address({ ...spec, assessor: data.assessor || "" }, force ? "" : data.version));
        if (response.status === 409) return stop((await response.json()).message);
        if (!response.ok) return;
        const news = await response.json();
        // Something of mine was on its way: this answer may be older than what is on screen.
        if (!force && queue && (queue.acknowledged !== before || queue.waiting())) return;
        if (!news.cells) return;
        data.version = news.version;
        people = news.present;
        view.colleagues(people);
        view.repaint(model.receive(news.cells), true);
        tell(status);
      } catch (error) {
        // The network is away: the queue says so when there is something to send.
      }
    }

    box.onpaste = null;
    mine.paste = (event) => {
      if (!data.editable || form !== "grid" || !view.table.contains(document.activeElement)) return;
      event.preventDefault();
      tools.paste(box, view, model, say, event.clipboardData.getData("text/plain"));
    };
    mine.click = () => data.editable && form === "grid" && tools.openPaste(box, view, model, say);
    mine.resize = () => {
      const wanted = window.matchMedia(NARROW).matches ? "list" : "grid";
      if (wanted !== form) draw();
      else if (form === "grid") fit(stage, data.students.length);
    };
    box.replaceChildren(stage, told, voice);
    showOptions(data.editable);
    draw();
    box.addEventListener("focusin", () => form === "grid" && (box.dataset.place = JSON.stringify(view.place())));
    tell(queue ? { pending: queue.waiting(), failing: false } : { pending: 0 });
    mine.timer = setInterval(look, EVERY);
  }

  // Whether a level typed leads to the next student at once: a choice of this browser.
  function showOptions(editable) {
    const { make } = window.apdashReviews;
    const place = document.getElementById("review-grid-options");
    if (!place || !editable) return;
    const box = make("input", { type: "checkbox", class: "form-check-input" });
    box.checked = localStorage.getItem("apdash-descendre") === "oui";
    box.addEventListener("change", () => localStorage.setItem("apdash-descendre", box.checked ? "oui" : "non"));
    place.replaceChildren(make("label", {}, box, " Passer à l’élève suivant dès qu’un niveau est tapé"));
  }

  const places = (model, entries) => {
    const rows = new Map(model.data.students.map(([id], index) => [id, index]));
    const columns = new Map(model.data.competencies.map((one, index) => [one.code, index]));
    return entries.map(({ student, competency }) => [rows.get(student), columns.get(competency)])
      .filter(([row, column]) => row !== undefined && column !== undefined);
  };

  function prepare(data) {
    let block = null;
    for (const competency of data.competencies) {
      competency.first = competency.block !== block;
      block = competency.block;
    }
    const { plain } = window.apdashReviews;
    const { scales } = data;
    scales.manquant = scales.manquant.map(plain);
    scales.mots = Object.fromEntries(Object.entries(scales.mots).map(([words, level]) => [plain(words), level]));
  }

  function showCounts(left, share) {
    const tile = document.querySelector(".strip a.on");
    if (tile) {
      tile.querySelector(".share").textContent = Math.floor(100 * share) + "\u00a0%";
      tile.querySelector(".meter > i").style.width = 100 * share + "%";
    }
    const count = document.getElementById("review-grid-left");
    if (count) count.textContent = left > 1 ? "Voir les " + left + " cases vides" : left ? "Voir la case vide" : "Aucune case vide";
  }

  // Rows as tall as the window allows, so that a whole division is in sight.
  function fit(stage, students) {
    const scroll = stage.querySelector(".entry-scroll");
    const rest = scroll.querySelector("thead").offsetHeight + scroll.querySelector("tfoot").offsetHeight + 4;
    const room = window.innerHeight - (scroll.getBoundingClientRect().top + window.scrollY) - 12;
    const row = Math.max(21, Math.min(29, Math.floor((room - rest) / students)));
    scroll.style.setProperty("--row", row + "px");
  }

  document.addEventListener("paste", (event) => running?.paste?.(event));
  document.addEventListener("click", (event) => event.target.closest?.("#review-grid-paste") && running?.click?.());
  window.addEventListener("resize", () => running?.resize?.());

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.apdash = Object.assign(window.dash_clientside.apdash || {}, {
    reviewGrid(spec) {
      if (spec) setTimeout(() => mount(spec), 0);
      return "";
    },
  });
})();
