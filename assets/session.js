// A session that has ended answers 401 to callbacks: go and sign in instead of showing a dead page.
(function () {
  const send = window.fetch;
  window.fetch = async function (...args) {
    const response = await send.apply(this, args);
    if (response.status === 401) {
      const here = window.location.pathname + window.location.search;
      window.location.assign("/connexion?suite=" + encodeURIComponent(here));
    }
    return response;
  };
})();
