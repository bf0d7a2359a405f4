import type { SplitShares } from '../../../engine/store/assign-splits';
import { fitsLinearHead } from '../../../engine/tasks/plan';
import { planWarnings } from '../../../engine/tasks/plan-warnings';
import type { PlanWarning } from '../../../shared/run-notes';
import type { TrainingPlan, TrainingRequest } from '../../../shared/training-types';
import type { OpenProject } from '../open-project';
import { sentenceVectorsOf } from '../pretrained';
import { heldOutShares, type RunInputs } from './run-inputs';

/** Dividing more rows than this only to count the sides takes longer than a plan should; shares tell nearly the same. */
const mostDivided = 100_000;

/**
 * What a person should know of a project's labelled rows before a run; nothing is changed.
 * @param plan of the run
 * @throws AppError `bad-input`
 */
export async function dataWarnings(
  project: OpenProject,
  request: TrainingRequest,
  plan: Pick<TrainingPlan, 'stages'>,
): Promise<PlanWarning[]> {
  const { store } = project;
  const { labelled } = store.inUse();
  const shares = heldOutShares(request, labelled);
  const hasFolds = plan.stages.some(({ stage }) => stage === 'classifier-linear');
  if (store.counts().rows > mostDivided) {
    return warningsOf(project, request, { ...(await roughSides(project, shares)), hasFolds });
  }
  const { valid, test, testByShare } = await store.division.expected(shares);
  return warningsOf(project, request, { validRows: valid, testRows: test, testByShare, hasFolds });
}

/** The same of a run whose rows are divided already. @param hasFolds as {@link mayFitLinear} tells */
export function inputWarnings(
  project: OpenProject,
  { request, valid, test }: RunInputs,
  hasFolds: boolean,
): PlanWarning[] {
  const sides = { validRows: valid.documents.length, testRows: test.documents.length };
  return warningsOf(project, request, { ...sides, testByShare: false, hasFolds });
}

/**
 * Whether a run fits a linear head, before its worker has planned it. Only the worker knows for sure: whether the texts are in a
 * language that the model reads is told by their words. Most are.
 * @throws AppError `model-format`
 */
export async function mayFitLinear({ request, train, pretrained, pretrainedBackward }: RunInputs): Promise<boolean> {
  const sentenceVectors = await sentenceVectorsOf(pretrained ?? pretrainedBackward, request.options);
  return fitsLinearHead({ documents: train.documents.length, sentenceVectors, newWordShare: 0 }, request);
}

interface Sides {
  readonly validRows: number;
  readonly testRows: number;
  readonly testByShare: boolean;
  /** Whether training rows are held out in folds. */
  readonly hasFolds: boolean;
}

function warningsOf(
  { store }: OpenProject,
  { options }: TrainingRequest,
  { hasFolds, ...sides }: Sides,
): PlanWarning[] {
  const labels = store.labels().filter(({ count }) => count > 0);
  const judgesBlend = (options.blend ?? 'auto') === 'auto';
  const { labelled } = store.inUse();
  const foldRows = hasFolds ? Math.max(0, labelled - sides.validRows - sides.testRows) : 0;
  return planWarnings({ labels, labelled, judgesBlend, foldRows, ...sides });
}

/** As the rows are divided now where files or the project's own plan say so; else by the shares. */
async function roughSides(
  { store }: OpenProject,
  { validShare, testShare }: SplitShares,
): Promise<Omit<Sides, 'hasFolds'>> {
  const { plan, given, locked, rows } = await store.division.state();
  if (plan !== null || given > 0 || locked) return { validRows: rows.valid, testRows: rows.test, testByShare: false };
  const { labelled } = store.inUse();
  return {
    validRows: Math.round(labelled * validShare),
    testRows: Math.round(labelled * testShare),
    testByShare: true,
  };
}
