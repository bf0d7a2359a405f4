import type { EngineMethod, Project } from '../../shared/contract';
import { projectSchema } from '../../shared/contract';
import type { ErrorEnvelope } from '../../shared/errors';
import type { Job } from '../../shared/jobs';
import { trainingRequestSchema, type TrainingRequest } from '../../shared/training-types';
import type { HostEvent } from '../host/wire';

/** A training job that was cut off by the end of the engine, and how to take it up again. */
export interface Interrupted {
  readonly request: TrainingRequest & { readonly resumeRunId?: string };
  readonly paused: boolean;
}

/** How often one run is taken up again by itself without having got any further. */
const attemptsWithoutProgress = 3;

const isActive = (job: Job): boolean => job.state === 'queued' || job.state === 'running' || job.state === 'paused';

/**
 * What was going on in the engine, as far as it must be brought back when the engine ends: the open project and the
 * training jobs. It watches the calls and events that pass through main and holds no data of the project.
 */
export class EngineMemory {
  private openProject: Project | null = null;
  private readonly jobs = new Map<string, Job>();
  private readonly trainingRequests = new Map<string, TrainingRequest>(); // by job
  private readonly attempts = new Map<string, number>(); // by run: starts since it last got further

  /** The project that is open in the engine. */
  get project(): Project | null {
    return this.openProject;
  }

  /** Jobs that are waiting, running or paused. */
  activeJobs(): readonly Job[] {
    return [...this.jobs.values()].filter(isActive);
  }

  /** Watches an answer of the engine. `request` and `value` are as they crossed. */
  answered(method: EngineMethod, request: unknown, value: unknown): void {
    switch (method) {
      case 'project.create':
      case 'project.open': {
        const project = projectSchema.safeParse(value);
        if (project.success) this.openProject = project.data;
        return;
      }
      case 'project.close':
        this.openProject = null;
        return;
      case 'training.start': {
        const jobId: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'jobId') : undefined;
        const parsed = trainingRequestSchema.safeParse(request);
        if (typeof jobId === 'string' && parsed.success) this.trainingRequests.set(jobId, parsed.data);
        return;
      }
      default:
    }
  }

  /** Watches an event of the engine. */
  happened(event: HostEvent): void {
    if (event.event === 'job') {
      this.jobs.set(event.payload.id, event.payload);
      if (isActive(event.payload)) return;
      this.trainingRequests.delete(event.payload.id);
      this.jobs.delete(event.payload.id);
    } else if (event.event === 'progress' && event.payload.event.type === 'epoch' && event.payload.runId !== null) {
      this.attempts.delete(event.payload.runId);
    } else if (event.event === 'project') {
      this.openProject = event.payload;
    }
  }

  /**
   * Takes note that the engine has ended.
   * @returns the jobs as they stand now, ended, for the window; and the training jobs to take up again
   */
  interrupted(
    error: ErrorEnvelope,
    now: Date,
  ): { readonly ended: readonly Job[]; readonly resume: readonly Interrupted[] } {
    const resume: Interrupted[] = [];
    const ended = this.activeJobs().map((job): Job => {
      const again = job.kind === 'train' ? this.again(job) : null;
      if (again !== null) resume.push(again);
      const { code, message, hint } = error;
      return {
        ...job,
        state: again === null ? 'failed' : 'interrupted',
        endedAt: now.toISOString(),
        secondsLeft: null,
        error: { code, message, ...(hint === undefined ? {} : { hint }) },
      };
    });
    this.jobs.clear();
    this.trainingRequests.clear();
    return { ended, resume };
  }

  /** Forgets the project, where it could not be opened again. */
  forgetProject(): void {
    this.openProject = null;
  }

  private again(job: Job): Interrupted | null {
    const request = this.trainingRequests.get(job.id);
    if (request === undefined) return null;
    if (job.runId === null) return { request, paused: job.state === 'paused' };
    const attempts = (this.attempts.get(job.runId) ?? 0) + 1;
    this.attempts.set(job.runId, attempts);
    if (attempts > attemptsWithoutProgress) return null;
    return { request: { ...request, resumeRunId: job.runId }, paused: job.state === 'paused' };
  }
}
