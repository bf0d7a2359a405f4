import path from 'node:path';
import type { EngineMethod, ParsedRequest, Response } from '../../shared/contract';
import type { Run } from '../../shared/training-types';
import { readTrainingNotes } from './classifier-folder';
import { currentRun } from './inspection/inspection';
import type { OpenProject } from './open-project';
import type { HostServices } from './services';

/** Milliseconds: an engine that starts anew so soon after a look goes on with the same sitting. */
const sameSitting = 30 * 60_000;

/** What an answer tells of: `measured` on test rows for certain; `runs` where that is still to be found out. */
interface Shown {
  readonly measured?: readonly string[];
  /** null: the run that the project's classifier came from. */
  readonly runs?: readonly (string | null)[];
}

type Tell<M extends EngineMethod> = (answer: Response<M>, request: ParsedRequest<M>) => Shown;

const ofChosen = (_: unknown, { runId }: { readonly runId: string | null }): Shown => ({ runs: [runId] });
const ofCurrent = (): Shown => ({ runs: [null] });
const ofRun = (run: Run): Shown => ({ measured: isMeasured(run) ? [run.id] : [] });
const ablation = (folder: string): string => `ablation ${path.basename(folder)}`;

/** Every method that hands out how good a model is on the rows of the project, with the runs that its answer shows. */
const tells: { readonly [M in EngineMethod]?: Tell<M> } = {
  'inspect.comparison': (answer) => (answer?.split === 'test' ? ofCurrent() : {}),
  'inspect.cell': ofCurrent,
  'inspect.overview': ofChosen,
  'inspect.confidence': ofChosen,
  'inspect.rows': (_, { runId, list, side }) =>
    side === 'valid' ? {} : { runs: list.kind === 'changed' ? [runId, list.other] : [runId] },
  'inspect.slices': ofChosen,
  'inspect.changes': (_, { before, after }) => ({ runs: [before, after] }),
  'inspect.report': ofChosen,
  'export.model': ofCurrent, // its README has the figures
  'runs.list': (runs) => ({ measured: runs.filter(isMeasured).map(({ id }) => id) }),
  'runs.get': ofRun,
  'runs.rename': ofRun,
  'runs.restore': ofRun,
  'ablation.table': (table, { folder }) => ({ measured: table?.split === 'test' ? [ablation(folder)] : [] }),
  'ablation.list': (all) => ({
    measured: all.filter(({ table }) => table?.split === 'test').map(({ folder }) => ablation(folder)),
  }),
};

/** The methods whose answers can be a look at the test rows. */
export const lookingMethods = Object.keys(tells) as readonly EngineMethod[];

/** Whether a run tells how good it is on test rows. */
function isMeasured({ comparison }: Run): boolean {
  return comparison?.split === 'test';
}

/** A run without its figures on test rows, for whoever does not show them. */
export function withoutTestFigures<R extends Run>(run: R): R {
  return isMeasured(run) ? { ...run, comparison: null } : run;
}

/**
 * Counts looks at the test rows where answers leave the engine, so that no screen and no command can forget it. A look
 * is a sitting in which the figures of a run are handed out for the first time, by whatever method.
 */
export class TestLooks {
  /** What was counted since the engine started. */
  readonly #counted = new Set<string>();

  constructor(private readonly services: HostServices) {}

  /** Takes note of an answer before it is handed out. */
  async note<M extends EngineMethod>(method: M, request: ParsedRequest<M>, answer: Response<M>): Promise<void> {
    const project = this.services.currentProject;
    const tell = tells[method];
    if (!project || !tell) return;
    const { measured = [], runs = [] } = tell(answer, request);
    const shown = new Set(measured);
    for (const asked of runs) {
      const run = await measuredRun(project, asked, (id) => this.#counted.has(keyOf(project, id)));
      if (run !== null) shown.add(run);
    }
    await this.#count(project, [...shown], method);
  }

  /** Takes note of all runs of an answer together: a list of runs shows many, and the looks so far are read once. */
  async #count(project: OpenProject, shown: readonly string[], method: EngineMethod): Promise<void> {
    const fresh = shown.filter((run) => !this.#counted.has(keyOf(project, run)));
    if (fresh.length === 0) return;
    for (const run of fresh) this.#counted.add(keyOf(project, run)); // at once: two answers on their way are one look
    try {
      const { division } = project.store;
      const since = Date.now() - sameSitting;
      const looks = await division.looks();
      const seen = new Set(looks.filter(({ at }) => Date.parse(at) > since).map(({ run }) => run));
      const unseen = fresh.filter((run) => !seen.has(run));
      if (unseen.length > 0) await division.countLooks(unseen, method);
    } catch (error) {
      for (const run of fresh) this.#counted.delete(keyOf(project, run));
      throw error;
    }
  }
}

function keyOf(project: OpenProject, run: string): string {
  return `${project.path} ${run}`;
}

/** The run that was asked for where it is measured on test rows, else null. What is `known` is not read again. */
async function measuredRun(
  project: OpenProject,
  asked: string | null,
  known: (id: string) => boolean,
): Promise<string | null> {
  if (asked === null) {
    const notes = project.models.hasClassifier ? await readTrainingNotes(project.models.classifier) : null;
    if (notes?.comparison.split !== 'test') return null;
    return notes.runId ?? currentRun(project).catch(() => 'classifier');
  }
  if (known(asked)) return asked;
  const run = await project.runs.get(asked).catch(() => null); // whoever asked for it was told
  return run && isMeasured(run) ? run.id : null;
}
