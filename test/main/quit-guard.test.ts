import { describe, expect, it } from 'vitest';
import { quitAfter } from '../../src/main/window/quit-guard';

/** Quits as Electron does: a quit that is asked for while one is being prevented is forgotten. */
class App {
  hasQuit = false;
  private isQuitting = false;
  private listener: (event: { preventDefault: () => void }) => void = () => undefined;

  on(_event: 'will-quit', listener: (event: { preventDefault: () => void }) => void): void {
    this.listener = listener;
  }
  quit(): void {
    if (this.isQuitting) return;
    this.isQuitting = true;
    let isPrevented = false;
    this.listener({ preventDefault: () => (isPrevented = true) });
    // Promises that are settled already go on before Electron hears that the event is over.
    queueMicrotask(() =>
      queueMicrotask(() =>
        queueMicrotask(() =>
          queueMicrotask(() => {
            this.isQuitting = false;
            if (!isPrevented) this.hasQuit = true;
          }),
        ),
      ),
    );
  }
}
const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('quitting', () => {
  it('waits until the engine has saved', async () => {
    const app = new App();
    let saved: () => void = () => undefined;
    quitAfter(app, () => new Promise<void>((resolve) => (saved = resolve)));
    app.quit();
    await turns();
    expect(app.hasQuit).toBe(false);
    saved();
    await turns();
    expect(app.hasQuit).toBe(true);
  });

  it.each([
    ['where there is no engine yet', () => Promise.resolve()],
    ['where the engine cannot save', () => Promise.reject(new Error('gone'))],
  ])('ends also %s', async (_when, save) => {
    const app = new App();
    quitAfter(app, save);
    app.quit();
    await turns();
    expect(app.hasQuit).toBe(true);
  });
});
