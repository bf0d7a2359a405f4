import { dialog, type BrowserWindow } from 'electron';
import type { Words } from './words';

/** What the guard asks and does. */
export interface CloseGuardOptions {
  readonly words: () => Words;
  /** Titles of the jobs that are waiting, running or paused. */
  readonly activeJobs: () => readonly string[];
  /** Ends every job at its next safe point, saved. */
  readonly endJobs: () => Promise<unknown>;
  /** The window was hidden and its jobs go on. */
  readonly onBackground: () => void;
}

type Answer = 'keep-running' | 'stop-and-save' | 'cancel';
const answers: readonly Answer[] = ['keep-running', 'stop-and-save', 'cancel'];

async function ask(window: BrowserWindow, words: Words, jobs: readonly string[]): Promise<Answer> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: words.closingTitle,
    message: `${words.closingTitle}: ${jobs.join(', ')}`,
    detail: words.closingDetail,
    buttons: [words.keepRunning, words.stopAndSave, words.cancel],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return answers[response] ?? 'cancel';
}

/**
 * Asks before a window closes while a job runs: go on without a window, stop and save, or do not close. Resolves
 * nothing by itself: a window that may close is closed, one that goes on in the background is hidden.
 */
export function guardClosing(window: BrowserWindow, options: CloseGuardOptions): void {
  let asking = false;
  let mayClose = false;
  const decide = async (): Promise<void> => {
    const answer = await ask(window, options.words(), options.activeJobs());
    if (answer === 'cancel') return;
    if (answer === 'keep-running' && options.activeJobs().length > 0) {
      window.hide();
      options.onBackground();
      return;
    }
    if (answer === 'stop-and-save') await options.endJobs();
    mayClose = true;
    window.close();
  };
  window.on('close', (event) => {
    if (mayClose || options.activeJobs().length === 0) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void decide().finally(() => (asking = false));
  });
}
