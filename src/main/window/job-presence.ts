import { Notification, powerSaveBlocker, type BrowserWindow } from 'electron';
import type { Job, JobKind } from '../../shared/jobs';
import { jobTitle, type Words } from './words';

/** Jobs whose end is told where nobody sees it; the others are over at once. */
const told: ReadonlySet<JobKind> = new Set(['import', 'train', 'predict-file', 'evaluate', 'find-rate', 'ablate']);

/** Shows a running job outside of the window: progress in the task bar, no sleep, a note when it ends unseen. */
export class JobPresence {
  private blocker: number | null = null;
  /** Kept until they are gone: a note that is collected as garbage does not hear its click. */
  private readonly notes = new Set<Notification>();

  constructor(
    private readonly window: () => BrowserWindow | null,
    private readonly words: () => Words,
    /** Brings the window to the front with the screen of a job. */
    private readonly openJob: (jobId: string) => void,
  ) {}

  /** Takes note of a job's state. @param active how many jobs are waiting, running or paused */
  update(job: Job, active: number): void {
    const window = this.window();
    if (window !== null && !window.isDestroyed()) {
      window.setProgressBar(active === 0 ? -1 : (job.fraction ?? 2), {
        mode: job.state === 'paused' ? 'paused' : 'normal',
      });
    }
    this.keepAwake(active > 0 && job.state !== 'paused');
    const ended = job.state === 'done' || job.state === 'failed';
    if (ended && window !== null && !window.isFocused() && told.has(job.kind) && Notification.isSupported())
      this.tell(job);
  }

  private tell(job: Job): void {
    const words = this.words();
    const note = new Notification({
      title: jobTitle(job, words),
      body: job.state === 'done' ? words.jobDone : words.jobFailed,
    });
    this.notes.add(note);
    note.on('click', () => {
      this.notes.delete(note);
      this.openJob(job.id);
    });
    note.on('close', () => this.notes.delete(note));
    note.show();
  }

  private keepAwake(awake: boolean): void {
    if (awake && this.blocker === null) this.blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (!awake && this.blocker !== null) {
      powerSaveBlocker.stop(this.blocker);
      this.blocker = null;
    }
  }
}
