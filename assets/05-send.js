// What is typed is sent as it comes, with the token against forged requests; tried again ever more slowly when it fails.
(function () {
  const PATIENCE = [1000, 2000, 4000, 8000, 15000];
  const TIMEOUT = 20000;

  function token() {
    const found = document.cookie.match(/(?:^|; )_csrf_token=([^;]*)/);
    return found ? decodeURIComponent(found[1]) : "";
  }

  window.apdashSend = {
    // A server that does not answer is taken for one that fails.
    post: (url, body) => fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT),
    }),
    // How long to wait after so many failures in a row.
    patience: (failures) => PATIENCE[Math.min(failures, PATIENCE.length - 1)],
  };
})();
