import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { EventPayload } from '../../shared/contract';
import type { DoctorReport } from '../../shared/doctor-types';
import { call } from '../app/engine-client';

type EngineEvent = EventPayload<'engine'>;

/** How the engine process is, and what it computes with. */
export const useEngineStore = defineStore('engine', () => {
  const state = ref<EngineEvent['state']>('starting');
  const reason = ref<string | null>(null);
  const backend = ref<string | null>(null);
  const doctor = ref<DoctorReport | null>(null);
  const problems = computed(() => doctor.value?.checks.filter((check) => check.state === 'problem') ?? []);

  function onEvent(event: EngineEvent): void {
    state.value = event.state;
    reason.value = event.reason;
    if (event.backend !== null) backend.value = event.backend;
  }

  /** Asks the engine what it runs on; an engine that answers is ready. */
  async function examine(): Promise<void> {
    doctor.value = await call('doctor.report', {});
    if (state.value === 'starting') state.value = 'ready';
  }

  return { state, reason, backend, doctor, problems, onEvent, examine };
});
