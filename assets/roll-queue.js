// What was said of students and is not acknowledged yet: each entry under a key of its own in localStorage (numbers and
// letters, no name), so that neither a reload nor another tab loses it; sent again until the server has written it.
// The server writes an entry once, however often it comes, and tells what somebody else said meanwhile.
(function () {
  const URL = "/appel/saisie";
  const PREFIX = "apdash-appel:";
  const HOLD = "tenue";
  const MOST_SEEN = 30;
  const spare = new Map(); // a browser that keeps nothing

  const disk = {
    names() {
      try {
        return Object.keys(localStorage);
      } catch (error) {
        return [...spare.keys()];
      }
    },
    read(name) {
      try {
        return JSON.parse(localStorage.getItem(name) ?? spare.get(name) ?? "null");
      } catch (error) {
        return JSON.parse(spare.get(name) ?? "null");
      }
    },
    write(name, item) {
      try {
        localStorage.setItem(name, JSON.stringify(item));
      } catch (error) {
        spare.set(name, JSON.stringify(item));
      }
    },
    remove(name) {
      spare.delete(name);
      try {
        localStorage.removeItem(name);
      } catch (error) {
        // nothing was kept there
      }
    },
  };

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function open(owner) {
    const mine = PREFIX + owner + ":";
    const conflicts = new Map(); // name of the item -> what the other person said; asked again after a reload
    const refusals = new Map(); // session -> why nothing of it is taken
    const status = { pending: 0, failing: false, sending: false, at: null, refused: null, changed: null };
    const listeners = new Set();
    let failures = 0;
    let timer = null;
    let halted = false;

    const nameOf = (session, what) => mine + session + ":" + what;

    function items() {
      return disk.names().filter((name) => name.startsWith(mine)).map((name) => {
        const [session, what] = name.slice(mine.length).split(":");
        return { name, session, what, ...disk.read(name) };
      }).filter((item) => item.key);
    }

    const sendable = () => items().filter((item) => !conflicts.has(item.name) && !refusals.has(item.session));

    function tell() {
      status.pending = sendable().length;
      status.refused = [...refusals.values()][0] || null;
      listeners.forEach((listener) => listener.changed(status));
    }

    function later(delay) {
      clearTimeout(timer);
      timer = setTimeout(send, delay);
    }

    async function send() {
      const waiting = sendable();
      if (status.sending || halted || !waiting.length) return;
      const session = waiting[0].session;
      const sent = waiting.filter((item) => item.session === session);
      const marks = sent.filter((item) => item.what !== HOLD);
      const hold = sent.find((item) => item.what === HOLD);
      status.sending = true;
      tell();
      try {
        const response = await window.apdashSend.post(URL, {
          owner,
          session: Number(session),
          entries: marks.map((item) => [Number(item.what), item.presence, item.minutes, item.key, item.seen]),
          hold: Boolean(hold),
        });
        await answered(response, session, marks, hold);
      } catch (error) {
        failed();
      } finally {
        status.sending = false;
        tell();
      }
    }

    async function answered(response, session, marks, hold) {
      if (response.status === 401) {
        halted = true; // session.js leads to the sign-in page; what waits is sent on return
        return;
      }
      if (response.status >= 500 || response.status === 400) return failed();
      const answer = await response.json();
      failures = 0;
      status.failing = false;
      if (response.status === 409) {
        halted = true;
        status.changed = answer.message;
        return;
      }
      if (!response.ok) {
        refusals.set(session, answer.message);
        return;
      }
      status.at = answer.at;
      taken(answer, session, marks, hold);
      if (sendable().length) later(0);
    }

    // An entry said anew while it travelled stays in the queue, under its new key.
    function taken(answer, session, marks, hold) {
      const written = new Set(answer.written);
      const refused = new Map(answer.refused.map(([student, why]) => [String(student), why]));
      const others = new Map(answer.conflicts.map((row) => [String(row[0]), row]));
      for (const item of marks) {
        const current = disk.read(item.name);
        const same = current && current.key === item.key;
        if (others.has(item.what)) {
          if (same) conflicts.set(item.name, others.get(item.what));
        } else if ((written.has(item.key) || refused.has(item.what)) && same) disk.remove(item.name);
      }
      if (hold && disk.read(hold.name)?.key === hold.key) disk.remove(hold.name);
      listeners.forEach((listener) => listener.taken({ session, marks, hold: Boolean(hold), written, refused, others }));
    }

    function failed() {
      status.failing = true;
      later(window.apdashSend.patience(failures++));
    }

    window.addEventListener("online", () => later(0));
    window.addEventListener("offline", tell);

    return {
      status,
      // changed(status) after each change; taken(what the server answered) after each answer.
      listen(listener) {
        listeners.clear();
        listeners.add(listener);
        tell();
        later(0);
      },
      // base: key of what stood before the eyes of the person; over: keys it prevails over besides.
      put(session, student, { presence, minutes, base, over = [] }) {
        const name = nameOf(session, student);
        const before = disk.read(name);
        const seen = [...new Set([...(before ? [...before.seen, before.key] : [base]), ...over])].slice(-MOST_SEEN);
        conflicts.delete(name);
        disk.write(name, { presence, minutes, key: newKey(), seen });
      },
      hold(session) {
        disk.write(nameOf(session, HOLD), { key: newKey() });
      },
      // Called once after the puts of one gesture.
      flush() {
        tell();
        later(failures ? 1000 : 120);
      },
      get: (session, student) => disk.read(nameOf(session, student)),
      holds: (session) => Boolean(disk.read(nameOf(session, HOLD))),
      conflict: (session, student) => conflicts.get(nameOf(session, student)),
      giveUp(session, student) {
        const name = nameOf(session, student);
        conflicts.delete(name);
        disk.remove(name);
        tell();
      },
      giveUpRefused() {
        items().filter((item) => refusals.has(item.session)).forEach((item) => disk.remove(item.name));
        refusals.clear();
        tell();
      },
      of: (session) => items().filter((item) => item.session === String(session) && item.what !== HOLD),
      newKey,
    };
  }

  const opened = new Map();
  window.apdashRoll = Object.assign(window.apdashRoll || {}, {
    // One queue an adult for the life of the page.
    openQueue(owner) {
      if (!opened.has(owner)) opened.set(owner, open(owner));
      return opened.get(owner);
    },
  });

  // What an earlier page could not send goes from whatever page is opened next.
  const owners = new Set(disk.names().filter((name) => name.startsWith(PREFIX)).map((name) => name.split(":")[1]));
  owners.forEach((owner) => window.apdashRoll.openQueue(owner).flush());
})();
