import { z } from 'zod';
import {
  engineMethods,
  type EngineMethod,
  type ParsedRequest,
  type Request,
  type Response,
} from '../../shared/contract';
import { AppError } from '../../shared/errors';
import type { Job, ProgressEvent } from '../../shared/jobs';
import type { Handlers } from './handlers/handlers';
import { dataHandlers } from './handlers/data-handlers';
import { doctorHandlers } from './handlers/doctor-handlers';
import { experimentHandlers } from './handlers/experiment-handlers';
import { historyHandlers } from './handlers/history-handlers';
import { importHandlers } from './handlers/import-handlers';
import { inspectHandlers } from './handlers/inspect-handlers';
import { jobHandlers } from './handlers/job-handlers';
import { modelHandlers } from './handlers/model-handlers';
import { projectAdminHandlers } from './handlers/project-admin-handlers';
import { projectHandlers } from './handlers/project-handlers';
import { rowHandlers } from './handlers/row-handlers';
import { runTrashHandlers } from './handlers/run-trash-handlers';
import { exportHandlers } from './handlers/export-handlers';
import { scoringHandlers } from './handlers/scoring-handlers';
import { trainingHandlers } from './handlers/training-handlers';
import { Inspection } from './inspection/inspection';
import { JobQueue } from './job-queue';
import { Labelling } from './labelling/labelling';
import { RunJournal } from './run-journal';
import { Scoring } from './scoring';
import { HostServices } from './services';
import { TestLooks } from './test-looks';
import { TypedEmitter } from './typed-emitter';

/**
 * The engine as the rest of Thaw sees it: every engine method of the contract, and the contract's events. It owns the
 * project store, the job queue and the threads, all of which start when first needed. The window reaches it through
 * `entry.ts`, the command line makes one in its own process.
 */
export class EngineHost {
  readonly events = new TypedEmitter();
  /** Scoring with any classifier folder, with or without a project. */
  readonly scoring: Scoring;
  /** Why classifiers say what they say, and how good runs are. */
  readonly inspection: Inspection;
  /** What the methods share; the command line uses its threads for what is no method. */
  readonly services: HostServices;
  readonly #queue: JobQueue;
  /** What to label next; its baseline is fitted in the background. */
  readonly labelling: Labelling;
  readonly #handlers: Handlers;
  readonly #looks: TestLooks;
  readonly #journals = new Map<string, RunJournal>();

  constructor() {
    this.#queue = new JobQueue({
      jobChanged: (job) => this.#jobChanged(job),
      jobProgress: (job, event) => this.#jobProgress(job, event),
    });
    this.services = new HostServices(this.events, this.#queue);
    this.#looks = new TestLooks(this.services);
    this.scoring = new Scoring(this.services);
    this.inspection = new Inspection(this.services, this.scoring);
    this.labelling = new Labelling(this.services, this.inspection);
    const training = trainingHandlers(this.services);
    this.#handlers = {
      ...doctorHandlers(this.services),
      ...projectHandlers(this.services, () => this.#leaveProject()),
      ...projectAdminHandlers(this.services, () => this.#leaveProject()),
      ...importHandlers(this.services),
      ...dataHandlers(this.services, () => this.labelling.labelsChanged()),
      ...rowHandlers(this.services, this.labelling),
      ...historyHandlers(this.services, this.labelling),
      ...training.handlers,
      ...experimentHandlers(this.services),
      ...modelHandlers(this.services),
      ...jobHandlers(this.services, training.resumeRun),
      ...runTrashHandlers(this.services),
      ...inspectHandlers(this.services, this.inspection),
      ...scoringHandlers(this.services, this.scoring, this.inspection),
      ...exportHandlers(this.services, this.scoring),
    };
  }

  /**
   * Answers one method of the contract.
   * @throws AppError `bad-input` where the request does not fit, and whatever the method throws
   */
  async handle<M extends EngineMethod>(method: M, request: Request<M>): Promise<Response<M>> {
    const parsed = engineMethods[method].request.safeParse(request);
    if (!parsed.success)
      throw new AppError('bad-input', `The request of ${method} does not fit: ${z.prettifyError(parsed.error)}`);
    // Request and handler belong to the same method, which the compiler cannot follow through a union.
    const handler = this.#handlers[method] as (request: unknown) => Promise<unknown>;
    const response = engineMethods[method].response.safeParse(await handler(parsed.data));
    if (response.success) {
      const answer = response.data as Response<M>;
      await this.#looks.note(method, parsed.data as ParsedRequest<M>, answer);
      return answer;
    }
    throw new AppError(
      'internal',
      `The answer of ${method} does not fit the contract: ${z.prettifyError(response.error)}`,
    );
  }

  /** Resolves when a job has ended, however it ended, and its run is written down. */
  async jobEnded(jobId: string): Promise<Job> {
    const job = await this.#queue.ended(jobId);
    if (job.runId !== null) await this.#journals.get(job.runId)?.flush();
    return job;
  }

  /** Stops the running job where it can go on later, closes the project, and ends all threads. */
  async close(): Promise<void> {
    await this.#leaveProject();
    await this.services.close();
  }

  async #leaveProject(): Promise<void> {
    await this.#queue.close();
    await this.labelling.reset();
    for (const journal of this.#journals.values()) await journal.flush();
    this.#journals.clear();
    const project = this.services.currentProject;
    this.services.setProject(null);
    await project?.close();
  }

  #jobChanged(job: Job): void {
    this.#journal(job)?.job(job);
    this.events.emit('job', job);
  }

  #jobProgress(job: Job, event: ProgressEvent): void {
    this.#journal(job)?.event(event);
    this.events.emit('progress', { jobId: job.id, runId: job.runId, event });
  }

  #journal(job: Job): RunJournal | null {
    const project = this.services.currentProject;
    if (job.runId === null || !project) return null;
    const journal = this.#journals.get(job.runId) ?? new RunJournal(project.runs, job.runId);
    this.#journals.set(job.runId, journal);
    return journal;
  }
}
