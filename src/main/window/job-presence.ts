import { Notification, powerSaveBlocker, type BrowserWindow } from 'electron';
import type { Job } from '../../shared/jobs';
import type { Words } from './words';

/** Shows a running job outside of the window: progress in the task bar, no sleep, a note when it ends unseen. */
export class JobPresence {
  private blocker: number | null = null;

  constructor(
    private readonly window: () => BrowserWindow | null,
    private readonly words: () => Words,
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
    if (ended && window !== null && !window.isFocused() && job.kind === 'train' && Notification.isSupported()) {
      new Notification({
        title: job.title,
        body: job.state === 'done' ? this.words().jobDone : this.words().jobFailed,
      }).show();
    }
  }

  private keepAwake(awake: boolean): void {
    if (awake && this.blocker === null) this.blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (!awake && this.blocker !== null) {
      powerSaveBlocker.stop(this.blocker);
      this.blocker = null;
    }
  }
}
