import { TokenizationPool } from '../workers/tokenization-pool';
import { AppError } from '../../shared/errors';
import { BaselineClient } from './baseline-client';
import type { JobQueue } from './job-queue';
import { ModelLibrary } from './models/model-library';
import type { OpenProject } from './open-project';
import { TrainingClient } from './training-client';
import type { TypedEmitter } from './typed-emitter';

/** What the methods of the engine host share. Threads are started by whoever first needs them. */
export class HostServices {
  readonly events: TypedEmitter;
  readonly queue: JobQueue;
  readonly training: TrainingClient;
  readonly baseline = new BaselineClient();
  /** The language models there are, in all projects alike. */
  readonly models: ModelLibrary;
  /** Seconds of training between two checkpoints; undefined leaves it to the training worker. */
  checkpointSeconds: number | undefined = undefined;
  #pool: TokenizationPool | null = null;
  #project: OpenProject | null = null;

  constructor(events: TypedEmitter, queue: JobQueue) {
    this.events = events;
    this.queue = queue;
    this.models = new ModelLibrary({ onProgress: (progress) => events.emit('modelDownload', progress) });
    this.training = new TrainingClient((backend) => events.emit('engine', { state: 'ready', reason: null, backend }));
  }

  /** The tokenization threads. */
  get pool(): TokenizationPool {
    return (this.#pool ??= new TokenizationPool());
  }

  /** The open project, or null. */
  get currentProject(): OpenProject | null {
    return this.#project;
  }

  /** The open project. @throws AppError `bad-input` where none is open */
  get project(): OpenProject {
    if (this.#project) return this.#project;
    throw new AppError('bad-input', 'No project is open.', {
      hint: 'Open or create a project first.',
      says: { sentence: 'projectClosed' },
    });
  }

  /** Exchanges the open project; the caller has closed the old one. */
  setProject(project: OpenProject | null): void {
    this.#project = project;
  }

  /** Tells the window how the project now stands. */
  async projectChanged(): Promise<void> {
    const project = this.#project;
    this.events.emit('project', project ? await project.describe() : null);
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    await this.models.close();
    await Promise.all([this.training.close(), this.baseline.close(), this.#pool?.close()]);
    this.#pool = null;
  }
}
