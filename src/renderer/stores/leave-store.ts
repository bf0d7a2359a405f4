import { defineStore } from 'pinia';
import { shallowRef, type ShallowRef } from 'vue';
import type { Job } from '../../shared/jobs';
import { useJobsStore } from './jobs-store';
import { useProjectStore } from './project-store';

/** The question before something that closes the open project while it is at work. */
export interface LeaveQuestion {
  /** The job that would end; null: nothing is asked. */
  readonly job: ShallowRef<Job | null>;
  /** Does it at once where no job would end, else after a yes. */
  readonly ask: (go: () => Promise<unknown>) => Promise<unknown>;
  readonly yes: () => Promise<unknown>;
  readonly no: () => void;
}

/** A question of one place on a screen; `LeaveQuestion.vue` shows it there. */
export function useLeaveQuestion(): LeaveQuestion {
  const jobs = useJobsStore();
  const project = useProjectStore();
  const job = shallowRef<Job | null>(null);
  let wanted: () => Promise<unknown> = () => Promise.resolve();

  function ask(go: () => Promise<unknown>): Promise<unknown> {
    job.value = project.current === null ? null : jobs.active;
    if (job.value === null) return go();
    wanted = go;
    return Promise.resolve();
  }

  function yes(): Promise<unknown> {
    job.value = null;
    return wanted();
  }

  function no(): void {
    job.value = null;
  }

  return { job, ask, yes, no };
}

/** The question before another project is opened, wherever that was asked for: the home screen shows it. */
export const useLeaveStore = defineStore('leave', useLeaveQuestion);
