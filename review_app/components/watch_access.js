// Whether the film may still be seen, asked every few seconds: a withdrawal closes it for all.

const EVERY_MS = 3000;
const CLOSED = new Set([401, 403, 404, 410, 423, 451]);

/** Call `onClosed` once, with the server's reason if it gave one, when access has ended. */
export function watchAccess({ api, signal, onClosed }) {
  let timer = null;
  const look = async () => {
    try {
      const { gaps } = await api.get("status", { signal });
      if (gaps?.length) {
        onClosed();
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (CLOSED.has(error.status)) {
        onClosed(error);
        return;
      }
    }
    timer = setTimeout(look, EVERY_MS);
  };
  timer = setTimeout(look, EVERY_MS);
  signal.addEventListener("abort", () => clearTimeout(timer));
}
