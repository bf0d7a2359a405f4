import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeKernels } from '../../../src/engine/kernels/native-kernels';
import { findRate } from '../../../src/engine/tasks/find-rate';
import { languageModelParts, languageModelStart } from '../../../src/engine/tasks/fine-tune-language-model';
import { classifierWork } from '../../../src/engine/tasks/train-classifier';
import { TokenShards } from '../../../src/engine/text/token-shards';
import { Vocabulary } from '../../../src/engine/text/vocabulary';
import { LanguageModelWork } from '../../../src/engine/train/language-model-work';
import type { RatePoint, RateSuggestions } from '../../../src/engine/train/rate-suggestions';
import { suggestRates } from '../../../src/engine/train/rate-suggestions';
import { sweepRates } from '../../../src/engine/train/rate-sweep';
import type { PlannedStage, StageWork } from '../../../src/engine/train/stage-work';
import type { FloatTensors } from '../../../src/engine/weights/fastai-names';
import { tensorflowForTests } from '../../helpers/tensorflow';
import { contextFor, makeTinyProject } from '../../helpers/tiny-training';

interface StoredCurve {
  readonly kind: string;
  readonly steps: number;
  readonly points: readonly RatePoint[];
  readonly suggestions: RateSuggestions;
}
const stored = JSON.parse(
  readFileSync(join(__dirname, '../../fixtures/training/rate-curves.json'), 'utf8'),
) as StoredCurve[];

describe('suggested learning rates', () => {
  it.each(stored)("are those of fastai's algorithms: $kind, $steps steps", ({ points, steps, suggestions }) => {
    const mine = suggestRates(points, steps);
    for (const name of ['valley', 'slide', 'minimum', 'steep'] as const) {
      expect([name, mine[name]! / suggestions[name]!]).toEqual([name, expect.closeTo(1, 9)]);
    }
  });

  it('are not made up where a curve is too short', () => {
    const points = stored[0]!.points.slice(0, 12);
    expect(suggestRates(points.slice(0, 6), 20)).toEqual({ valley: null, slide: null, minimum: null, steep: null });
    expect(suggestRates(points, 20)).toMatchObject({ slide: null, valley: expect.any(Number) });
  });

  it('leave out what comes after a loss that is no number', () => {
    const { points, steps } = stored[0]!;
    const broken = points.map((point, i) => (i < 60 ? point : { ...point, smoothed: NaN }));
    const cut = [...points.slice(0, 60), ...points.slice(0, 5)];
    expect(suggestRates(broken, steps)).toEqual(suggestRates(cut, steps));
  });
});

describe('the sweep', async () => {
  const kernels = new NativeKernels((await tensorflowForTests('native')).binding!);
  const range = { from: 1e-6, to: 10, steps: 60 };
  let project: Awaited<ReturnType<typeof makeTinyProject>>;
  beforeAll(async () => {
    project = await makeTinyProject();
  });
  afterAll(() => project.remove());

  const stateOf = (work: StageWork<unknown>): { tensors: FloatTensors; state: string } => {
    const tensors: FloatTensors = new Map();
    return { state: JSON.stringify(work.readState(tensors)), tensors };
  };

  /** Some steps first, so that the optimiser, the generator and the data are in the middle of something. */
  async function sweepAndCompare(work: StageWork<unknown>, stage: PlannedStage): Promise<readonly RatePoint[]> {
    for (let i = 0; i < 3; i++) work.step(stage, { position: i / 10, steps: 10, rateFactor: 1 });
    const before = stateOf(work);
    const { points } = await sweepRates(work, stage, range, async () => undefined);
    const after = stateOf(work);
    expect(after.state).toBe(before.state);
    expect([...after.tensors.keys()]).toEqual([...before.tensors.keys()]);
    for (const [name, { data }] of before.tensors) {
      expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(after.tensors.get(name)!.data.buffer)), name).toBe(0);
    }
    return points;
  }

  it('leaves a language model as it was, to the bit: weights, optimiser, carried state, place in the text', async () => {
    const shards = TokenShards.open(project.params.shardsDir);
    const { itos } = await Vocabulary.load(join(project.params.shardsDir, 'vocabulary.json'));
    const start = await languageModelStart(project.params, itos);
    const parts = languageModelParts(project.params, start, shards, contextFor(kernels));
    const work = new LanguageModelWork(parts);
    await work.begin();
    const points = await sweepAndCompare(work, {
      stage: 'language-model-all',
      epochs: 1,
      learningRate: 1e-3,
      seconds: 0,
    });
    expect(points[0]!.rate).toBeCloseTo(1e-6, 12);
    points.slice(1).forEach(({ rate }, i) => expect(rate / points[i]!.rate).toBeCloseTo(1e7 ** (1 / 60), 6));
    parts.model.reset();
    parts.optimiser.dispose();
    parts.model.parameters.dispose();
    shards.close();
  });

  it('leaves a classifier as it was, to the bit: weights, statistics of the head, optimiser, order of texts', async () => {
    const shards = TokenShards.open(project.params.shardsDir);
    const { itos } = await Vocabulary.load(join(project.params.shardsDir, 'vocabulary.json'));
    const start = await languageModelStart(project.params, itos);
    const plan = { maxLength: 50, bptt: 20, batchSize: 16, lastStage: 'classifier-all' } as const;
    const { classifier, work } = classifierWork(project.params, start, shards, plan, contextFor(kernels));
    const stage: PlannedStage = { stage: 'classifier-all', epochs: 1, learningRate: 1e-3, seconds: 0 };
    await work.begin(stage);
    await sweepAndCompare(work, stage);
    work.dispose();
    classifier.parameters.dispose();
    shards.close();
  });

  it.each(['language-model', 'classifier'] as const)(
    'of a %s ends before the last rate where the loss blows up, and writes nothing',
    async (part) => {
      const files = (): string[] => readdirSync(project.folder, { recursive: true }).map(String).sort();
      const before = files();
      const context = contextFor(kernels);
      const wild = { from: 1e-5, to: 1e4, steps: 60 };
      const curve = await findRate({ train: project.params, part, range: wild }, context);
      expect(curve.diverged).toBe(true);
      expect(curve.points.length).toBeLessThan(60);
      expect(curve.points.every(({ loss, smoothed }) => Number.isFinite(loss) && Number.isFinite(smoothed))).toBe(true);
      expect(curve.suggestions.valley).toBeGreaterThan(1e-5);
      expect(curve.suggestions.valley).toBeLessThan(curve.points.at(-1)!.rate);
      expect(context.events.some((event) => event.type === 'step' && event.stage === 'find-rate')).toBe(true);
      expect(files()).toEqual(before);
    },
  );

  it('leaves no tensor behind', () => {
    expect(kernels.liveTensors()).toBe(0);
  });
});
