// What has been typed and is not yet acknowledged: sent as it comes, tried again when the network fails,
// and kept for the life of the tab under the key of the adult who typed it (identifiers and levels, no name).
// One queue an address: the bilans of divisions, the bilans of workshops.
(function () {
  const URL = "/bilans/saisie";
  const BATCH = 400;

  function read(key) {
    try {
      return new Map(JSON.parse(sessionStorage.getItem(key) || "[]"));
    } catch (error) {
      return new Map();
    }
  }

  // tell(status) hears {pending, failing, at, refused, closed} after every change.
  function open(assessor, tell, url) {
    const key = "apdash-saisies:" + (url === URL ? "" : url + ":") + assessor;
    const entries = read(key);
    const status = { pending: entries.size, failing: false, at: null, refused: null, closed: false };
    let serial = 0;
    let sending = false;
    let failures = 0;
    let timer = null;
    let leaving = false;

    function remember() {
      status.pending = entries.size;
      if (entries.size) sessionStorage.setItem(key, JSON.stringify([...entries]));
      else sessionStorage.removeItem(key);
      tell(status);
    }

    function later(delay) {
      clearTimeout(timer);
      timer = setTimeout(send, delay);
    }

    // One division at a time: the first entry says which, the others of that division go with it.
    function batch() {
      const first = entries.values().next().value;
      return [...entries].filter(
        ([, entry]) => entry.review === first.review && entry.division === first.division
      ).slice(0, BATCH);
    }

    async function send() {
      if (sending || !entries.size) return;
      sending = true;
      const sent = batch();
      try {
        const response = await window.apdashSend.post(url, {
          assessor,
          review: sent[0][1].review,
          division: sent[0][1].division,
          entries: sent.map(([, entry]) => [entry.student, entry.competency, entry.value]),
        });
        await answered(response, sent);
      } catch (error) {
        failed();
      } finally {
        sending = false;
      }
    }

    async function answered(response, sent) {
      if (response.status === 401) {
        leaving = true; // session.js leads to the sign-in page; what waits is sent on return
        return;
      }
      if (response.status >= 500 || response.status === 400) return failed();
      const answer = await response.json();
      if (response.status === 409) {
        status.refused = answer.message;
        status.failing = true;
        tell(status);
        return;
      }
      failures = 0;
      status.failing = false;
      status.refused = response.ok ? null : answer.message;
      if (response.ok) Object.assign(status, { at: answer.at, closed: answer.closed });
      // A cell typed again while its first value travelled stays in the queue.
      for (const [name, entry] of sent) if (entries.get(name)?.serial === entry.serial) entries.delete(name);
      queue.acknowledged += 1;
      const refused = new Set((answer.refused || []).map(([student, competency]) => student + "/" + competency));
      if (refused.size) status.refused = refused.size + (refused.size > 1 ? " saisies refusées\u00a0: " : " saisie refusée\u00a0: ") + answer.refused[0][2] + ".";
      remember();
      const told = sent.map(([, entry]) => entry);
      queue.onSaved(told, response.ok ? told.filter((one) => !refused.has(one.student + "/" + one.competency)) : []);
      if (entries.size) later(0);
    }

    function failed() {
      status.failing = true;
      tell(status);
      later(window.apdashSend.patience(failures++));
    }

    const queue = {
      acknowledged: 0,
      onSaved: () => {},
      put(entry) {
        const name = [entry.review, entry.division, entry.student, entry.competency].join("/");
        entries.set(name, { ...entry, serial: ++serial });
      },
      // Called once after the puts of one gesture.
      flush() {
        remember();
        later(failures ? 1000 : 150);
      },
      get(review, division, student, competency) {
        return entries.get([review, division, student, competency].join("/"));
      },
      waiting: () => entries.size,
    };

    window.addEventListener("beforeunload", (event) => {
      if (entries.size && !leaving) event.preventDefault();
    });
    window.addEventListener("online", () => later(0));
    if (entries.size) later(0);
    return queue;
  }

  const opened = new Map();
  window.apdashReviews = Object.assign(window.apdashReviews || {}, {
    // One queue an adult for the life of the page; a later grid of the same adult listens to it instead.
    openQueue(assessor, tell, url = URL) {
      const who = url + ":" + assessor;
      if (!opened.has(who)) {
        const listeners = { tell };
        const queue = open(assessor, (status) => listeners.tell(status), url);
        opened.set(who, { queue, listeners });
      }
      const { queue, listeners } = opened.get(who);
      listeners.tell = tell;
      return queue;
    },
  });
})();
