import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { LabelState, Project, Response } from '../../shared/contract';
import type { TrashedProject } from '../../shared/project-types';
import { AppError } from '../../shared/errors';
import { call } from '../app/engine-client';
import { folderName, joinPath } from '../app/paths';

type Recent = Response<'shell.recentProjects'>[number];
type Sample = Response<'shell.samples'>[number];

/** The open project, the projects opened before, and the samples. */
export const useProjectStore = defineStore('project', () => {
  const current = ref<Project | null>(null);
  const recent = ref<readonly Recent[]>([]);
  const samples = ref<readonly Sample[]>([]);
  const trashed = ref<readonly TrashedProject[]>([]);
  const rows = computed(() => current.value?.rows ?? 0);

  function onEvent(project: Project | null): void {
    current.value = project;
  }

  /** Labelling tells nothing but its own state; the rail and the training screen show it too. */
  function applyLabels({ labels, labelled }: LabelState): void {
    if (current.value !== null) current.value = { ...current.value, labels, labelled };
  }

  async function loadHome(): Promise<void> {
    [recent.value, samples.value] = await Promise.all([call('shell.recentProjects', {}), call('shell.samples', {})]);
    const [{ projectsFolder }, places] = await Promise.all([call('shell.info', {}), call('shell.projectPlaces', {})]);
    const folders = [projectsFolder, ...places];
    trashed.value = await call('project.trashed', { folders: [...new Set(folders)] });
  }

  async function loadCurrent(): Promise<void> {
    current.value = await call('project.current', {});
  }

  async function create(path: string, name: string, sample?: string): Promise<void> {
    current.value = await call('project.create', { path, name, ...(sample !== undefined && { sample }) });
  }

  async function open(path: string): Promise<void> {
    current.value = await call('project.open', { path });
  }

  async function close(): Promise<void> {
    await call('project.close', {});
    current.value = null;
    await loadHome();
  }

  async function forget(path: string): Promise<void> {
    await call('shell.forgetProject', { path });
    recent.value = recent.value.filter((entry) => entry.path !== path);
  }

  async function rename(path: string, name: string): Promise<void> {
    await call('project.rename', { path, name });
    await call('shell.noteName', { path, name });
    await loadHome();
  }

  /** Moves a project to the trash and off the list. */
  async function trash(path: string): Promise<void> {
    await call('project.trash', { path });
    await forget(path);
    await loadHome();
  }

  /** Makes a project in the first folder name that is free; one for a sample is marked as such. */
  async function createIn(projectsFolder: string, name: string, sample?: Sample): Promise<void> {
    const base = folderName(sample?.id ?? name);
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      const path = joinPath(projectsFolder, attempt === 1 ? base : `${base}-${String(attempt)}`);
      if (recent.value.some((entry) => entry.path === path)) continue;
      try {
        await create(path, name, sample?.id);
        return;
      } catch (error) {
        // A folder of that name that is no longer among the recent ones: try the next name.
        const taken = error instanceof AppError && (error.code === 'bad-input' || error.code === 'project-format');
        if (!taken || attempt === 20) throw error;
      }
    }
    throw new AppError('bad-input', `Expected a free folder name for ${base} in ${projectsFolder}, found 20 in use.`);
  }

  return {
    current,
    recent,
    samples,
    trashed,
    rows,
    onEvent,
    applyLabels,
    loadHome,
    loadCurrent,
    create,
    open,
    close,
    forget,
    rename,
    trash,
    createIn,
  };
});
