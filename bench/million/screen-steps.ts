import type { Session } from './data-steps';
import { pause } from './window';

const KEYS = 60;
const PLACES = 20;

/** In the page: notes for each key how long it took until another text was drawn. */
const WATCH_KEYS = `() => {
  const text = () => document.querySelector('[data-testid=label-text]')?.textContent ?? '';
  window.keyTimes = [];
  window.addEventListener('keydown', () => {
    const begun = performance.now();
    const before = text();
    const look = () => {
      if (text() === before) return requestAnimationFrame(look);
      // Drawn with this frame: the next task comes after it.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.keyTimes.push(performance.now() - begun);
      channel.port2.postMessage(null);
    };
    requestAnimationFrame(look);
  }, true);
}`;

/** In the page: scrolls the table to places from top to bottom and waits for the rows there. */
const SCROLL = `async (places) => {
  const scroller = document.querySelector('[data-testid=row-table] [role=table]');
  const isThere = () => {
    const rows = [...scroller.querySelectorAll('[role=row]')];
    const view = scroller.getBoundingClientRect();
    const seen = rows.filter((row) => {
      const box = row.getBoundingClientRect();
      return box.bottom > view.top && box.top < view.bottom;
    });
    return seen.length > 2 && seen.every((row) => row.querySelectorAll('[role=cell]').length > 2);
  };
  const times = [];
  for (let i = 0; i < places; i++) {
    const begun = performance.now();
    scroller.scrollTop = ((scroller.scrollHeight - scroller.clientHeight) * ((i * 7) % places)) / (places - 1);
    await new Promise((done) => requestAnimationFrame(done));
    while (!isThere()) await new Promise((done) => requestAnimationFrame(done));
    times.push(performance.now() - begun);
  }
  return times;
}`;

/** What a person sees: keys on the label screen until the next text, the table scrolled, the project opened again. */
export async function screens({ window, book, project }: Session): Promise<void> {
  const { page } = window;
  book.begin('Window');
  await book.note('label screen opened, first text there', async () => {
    const begun = performance.now();
    await page.getByTestId('rail-label').click();
    await page.getByTestId('label-text').waitFor({ timeout: 120_000 });
    return performance.now() - begun;
  });
  await window.run(WATCH_KEYS);
  await book.note('key pressed until the next text is drawn', async () => {
    for (let i = 0; i < KEYS; i++) {
      await page.keyboard.press(i % 2 === 0 ? '1' : '2');
      // The page's policy forbids what `waitForFunction` does with words.
      while (((await page.evaluate('window.keyTimes.length')) as number) <= i) await pause(5);
      await pause(250);
    }
    return (await page.evaluate('window.keyTimes')) as number[];
  });
  await page.getByTestId('rail-import').click();
  await page.getByTestId('row-search').waitFor({ timeout: 60_000 });
  await book.note('table scrolled to another place, rows there', async () => {
    return (await window.run(SCROLL, PLACES)) as number[];
  });
  await book.note('project closed', async () => (await window.call('project.close', {})).ms);
  await book.note('project opened again', async () => (await window.call('project.open', { path: project })).ms);
}
