import path from 'node:path';
import type { projectMethods } from '../../../shared/project-types';
import {
  deleteTrashed,
  diskUse,
  duplicateProject,
  keepPasted,
  renameProject,
  restoreProject,
  trashedProjects,
  trashProject,
} from '../project-admin';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

/** Renaming, copying and throwing away whole projects; one that is open is closed first, but for another name. */
export function projectAdminHandlers(
  services: HostServices,
  leave: () => Promise<void>,
): HandlerGroup<keyof typeof projectMethods> {
  const closed = async (folder: string): Promise<string> => {
    const wanted = path.resolve(folder);
    if (services.currentProject?.path === wanted) {
      await leave();
      await services.projectChanged();
    }
    return wanted;
  };
  return {
    'project.diskUse': ({ path: folder }) => diskUse(path.resolve(folder)),
    'project.rename': async ({ path: folder, name }) => {
      const wanted = path.resolve(folder);
      const open = services.currentProject;
      if (open?.path !== wanted) {
        await renameProject(wanted, name.trim());
        return {};
      }
      // A name is no reason to end a training.
      await open.rename(name.trim());
      await services.projectChanged();
      return {};
    },
    'project.duplicate': async ({ path: folder, name }) => ({
      path: await duplicateProject(await closed(folder), name.trim()),
    }),
    'project.trash': async ({ path: folder }) => {
      await trashProject(await closed(folder));
      return {};
    },
    'project.trashed': ({ folders }) => trashedProjects(folders),
    'project.restore': async ({ path: folder }) => ({ path: await restoreProject(path.resolve(folder)) }),
    'project.deleteTrashed': async ({ path: folder }) => {
      await deleteTrashed(path.resolve(folder));
      return {};
    },
    'import.paste': async ({ text }) => ({ path: await keepPasted(services.project.path, text) }),
  };
}
