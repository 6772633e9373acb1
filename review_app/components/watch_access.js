// Whether the film may still be seen, asked every second: a withdrawal closes it for all.

const EVERY_MS = 1000;
const CLOSED = new Set([401, 403, 404, 410, 423, 451]);

/** Return whether an answer with this status means that the film may no longer be seen. */
export const isClosed = (status) => CLOSED.has(status);

/** Call `onClosed` once, with the server's reason if it gave one, when access has ended. */
export function watchAccess({ api, signal, onClosed }) {
  let timer = null;
  const look = async () => {
    try {
      const { gaps, step } = await api.get("status", { signal });
      if (gaps?.length || step === "erased") {
        onClosed();
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isClosed(error.status)) {
        onClosed(error);
        return;
      }
    }
    timer = setTimeout(look, EVERY_MS);
  };
  timer = setTimeout(look, EVERY_MS);
  signal.addEventListener("abort", () => clearTimeout(timer));
}
