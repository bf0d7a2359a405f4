/** As little of Electron's `app` as quitting needs. */
interface Quittable {
  on(event: 'will-quit', listener: (event: { preventDefault: () => void }) => void): unknown;
  quit(): void;
}

/** Lets the app end only once `save` has settled, however it settled. */
export function quitAfter(app: Quittable, save: () => Promise<unknown>): void {
  let isSaved = false;
  app.on('will-quit', (event) => {
    if (isSaved) return;
    event.preventDefault();
    // Not before this event is over: Electron takes a quit that comes while it is being prevented for part of the same
    // one, and forgets it. Where nothing has to be saved, Thaw went on running without a window.
    void save()
      .catch(() => undefined)
      .then(() => {
        setImmediate(() => {
          isSaved = true;
          app.quit();
        });
      });
  });
}
