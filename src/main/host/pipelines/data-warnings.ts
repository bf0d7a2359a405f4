import type { SplitShares } from '../../../engine/store/assign-splits';
import { planWarnings } from '../../../engine/tasks/plan-warnings';
import type { PlanWarning } from '../../../shared/run-notes';
import type { TrainingRequest } from '../../../shared/training-types';
import type { OpenProject } from '../open-project';
import { heldOutShares, type RunInputs } from './run-inputs';

/** Dividing more rows than this only to count the sides takes longer than a plan should; shares tell nearly the same. */
const mostDivided = 100_000;

/** What a person should know of a project's labelled rows before a run; nothing is changed. @throws AppError `bad-input` */
export async function dataWarnings(project: OpenProject, request: TrainingRequest): Promise<PlanWarning[]> {
  const { store } = project;
  const { labelled } = store.inUse();
  const shares = heldOutShares(request, labelled);
  if (store.counts().rows > mostDivided) return warningsOf(project, request, await roughSides(project, shares));
  const { valid, test, testByShare } = await store.division.expected(shares);
  return warningsOf(project, request, { validRows: valid, testRows: test, testByShare });
}

/** The same of a run whose rows are divided already. */
export function inputWarnings(project: OpenProject, { request, valid, test }: RunInputs): PlanWarning[] {
  const sides = { validRows: valid.documents.length, testRows: test.documents.length };
  return warningsOf(project, request, { ...sides, testByShare: false });
}

interface Sides {
  readonly validRows: number;
  readonly testRows: number;
  readonly testByShare: boolean;
}

function warningsOf({ store }: OpenProject, { options }: TrainingRequest, sides: Sides): PlanWarning[] {
  const labels = store.labels().filter(({ count }) => count > 0);
  const judgesBlend = (options.blend ?? 'auto') === 'auto';
  return planWarnings({ labels, labelled: store.inUse().labelled, judgesBlend, ...sides });
}

/** As the rows are divided now where files or the project's own plan say so; else by the shares. */
async function roughSides({ store }: OpenProject, { validShare, testShare }: SplitShares): Promise<Sides> {
  const { plan, given, locked, rows } = await store.division.state();
  if (plan !== null || given > 0 || locked) return { validRows: rows.valid, testRows: rows.test, testByShare: false };
  const { labelled } = store.inUse();
  return {
    validRows: Math.round(labelled * validShare),
    testRows: Math.round(labelled * testShare),
    testByShare: true,
  };
}
