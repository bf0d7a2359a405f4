import type { BrowserWindow } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { JobPresence } from '../../src/main/window/job-presence';
import { jobTitle, words } from '../../src/main/window/words';
import type { Job, JobKind } from '../../src/shared/jobs';

interface Note {
  readonly options: { readonly title: string; readonly body: string };
  readonly heard: Map<string, () => void>;
}
const { notes } = vi.hoisted(() => ({ notes: [] as Note[] }));
vi.mock('electron', () => {
  class Notification implements Note {
    static isSupported = (): boolean => true;
    readonly heard = new Map<string, () => void>();
    constructor(readonly options: Note['options']) {
      notes.push(this);
    }
    on(event: string, listener: () => void): void {
      this.heard.set(event, listener);
    }
    show(): void {}
  }
  return { Notification, powerSaveBlocker: { start: () => 1, stop: () => undefined } };
});

const job = (kind: JobKind, more: Partial<Job> = {}): Job => ({
  id: `${kind}-1`,
  kind,
  title: 'In English',
  state: 'done',
  stage: null,
  fraction: null,
  secondsLeft: null,
  startedAt: null,
  endedAt: null,
  error: null,
  runId: null,
  ...more,
});
let focused = false;
const window = { isDestroyed: () => false, isFocused: () => focused, setProgressBar: () => undefined };
const opened: string[] = [];
const presence = new JobPresence(
  () => window as unknown as BrowserWindow,
  () => words.de,
  (id) => opened.push(id),
);

beforeEach(() => {
  notes.length = 0;
  opened.length = 0;
  focused = false;
});

describe('the note that a job has ended', () => {
  it('comes in the language of the window, for every job that one goes away from', () => {
    for (const kind of ['train', 'ablate', 'find-rate', 'import', 'evaluate'] as const) presence.update(job(kind), 0);
    presence.update(job('predict-file', { subject: 'mails.csv', state: 'failed' }), 0);
    expect(notes.map(({ options }) => `${options.title} – ${options.body}`)).toEqual([
      'Training – Fertig',
      'Ablation – Fertig',
      'Lernratensuche – Fertig',
      'Import – Fertig',
      'Messung – Fertig',
      'Vorhersage: mails.csv – Mit einem Fehler beendet',
    ]);
  });

  it('leads to the screen of the job', () => {
    presence.update(job('ablate'), 0);
    notes[0]?.heard.get('click')?.();
    expect(opened).toEqual(['ablate-1']);
  });

  it('does not come where it is seen, nor while the job goes on', () => {
    presence.update(job('train', { state: 'running' }), 1);
    focused = true;
    presence.update(job('train'), 0);
    expect(notes).toEqual([]);
  });

  it('and the question before closing name a job by what it does', () => {
    expect(jobTitle({ kind: 'import', subject: 'mails.csv' }, words.fr)).toBe('Importation\u00a0: mails.csv');
    expect(jobTitle({ kind: 'train' }, words.de)).toBe('Training');
  });
});
