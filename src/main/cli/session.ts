import type { EngineHost } from '../host/engine-host';
import { AppError, fromEnvelope, type ErrorCode } from '../../shared/errors';
import type { Job } from '../../shared/jobs';
import { Interrupts } from './interrupt';
import { InterruptedError, type Output } from './output';

/** What a command works with: the engine in this process, the terminal, and Ctrl+C. */
export interface Session {
  readonly host: EngineHost;
  readonly output: Output;
  readonly interrupts: Interrupts;
}

/** Runs a command with an engine of its own, which is closed however the command ends. */
export async function withSession(output: Output, command: (session: Session) => Promise<void>): Promise<void> {
  // Loaded only now, so that help and mistakes in the flags answer at once.
  const engine = await import('../host/engine-host');
  const host = new engine.EngineHost();
  const interrupts = new Interrupts((text) => output.say(text));
  host.events.on('job', (job) => output.progress.job(job));
  host.events.on('progress', ({ event }) => output.progress.event(event));
  try {
    await command({ host, output, interrupts });
  } finally {
    await host.close();
    interrupts.dispose();
  }
}

/**
 * Waits for a job and shows how it goes on; Ctrl+C cancels it.
 *
 * @param resumeHint said after Ctrl+C: how to go on
 * @throws AppError the error of a failed job; InterruptedError after Ctrl+C
 */
export async function watchJob(session: Session, jobId: string, resumeHint: string): Promise<Job> {
  const { host, interrupts, output } = session;
  const stop = (): void => void host.handle('jobs.cancel', { jobId });
  const job = await interrupts.during(stop, () => host.jobEnded(jobId));
  output.progress.end();
  if (job.state === 'done') return job;
  if (job.state === 'cancelled' || job.state === 'interrupted') throw new InterruptedError(`Stopped. ${resumeHint}`);
  if (!job.error) throw new AppError('internal', `The job "${job.title}" ended as ${job.state}.`);
  // The code was put there by `toEnvelope`, which knows only codes of the union.
  throw fromEnvelope({ ...job.error, code: job.error.code as ErrorCode });
}
