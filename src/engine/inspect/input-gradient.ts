import { probabilitiesAt } from '../evaluate/temperature';
import type { Kernels, Tensor } from '../kernels/kernels';
import type { Classifier } from '../model/classifier';
import { chunksOf, padDocuments } from '../model/document-batch';
import {
  encoderBackward,
  encoderForward,
  encoderWeights,
  zeroState,
  type EncoderState,
  type EncoderTrace,
} from '../model/encoder';
import { headForward, type HeadTrace } from '../model/head';
import { poolOutputs, poolOutputsBackward, type PooledOutputs, type PoolTrace } from '../model/pooling';

/** What each token of a document adds to the log odds of a label, to first order. */
export interface InputGradient {
  readonly probabilities: Float32Array; // [classes], at the temperature
  readonly target: number; // class number
  readonly contributions: Float32Array; // [tokens], nats
}

export interface InputGradientOptions {
  readonly multiLabel: boolean;
  readonly temperature: number;
  readonly padding: number;
  /** Class to explain; null: the most probable one. */
  readonly target: number | null;
}

/**
 * Gradient times input at the embeddings (Simonyan et al. 2014; fastai v1's `intrinsic_attention` takes the gradient of
 * the probability and its absolute sum): d log odds(label) / d embedding, multiplied by the embedding and summed. The
 * log odds stay informative where the probability is all but 1. The gradient runs through the whole document, not in
 * chunks, unless the model is bidirectional or pools only the end of a text.
 *
 * @param document token ids in the order in which the model reads them, at least one
 */
export function inputGradient(
  k: Kernels,
  classifier: Classifier,
  document: ArrayLike<number>,
  options: InputGradientOptions,
): InputGradient {
  return k.scope(() => {
    const pass = encode(k, classifier, document, options.padding);
    const { head, parameters, statistics } = classifier;
    const run = headForward(k, head, parameters, statistics, pass.pooled, null);
    const logits = k.read(run.logits);
    const { multiLabel, temperature } = options;
    const probabilities = probabilitiesAt(logits, logits.length, temperature, { multiLabel });
    const target = options.target ?? probabilities.indexOf(Math.max(...probabilities));
    const dLogits = logOddsSlopes(probabilities, target, options);
    const dPooled = headBackward(k, classifier, run.trace, k.float(dLogits, [1, logits.length]));
    const contributions = new Float32Array(document.length);
    poolOutputsBackward(k, pass.pools, dPooled).forEach(([dOutput, ...dLower], i) => {
      const trace = pass.traces[i];
      if (!trace) return;
      const reach = { lowestLayer: 0, embedding: true };
      const { rows } = encoderBackward(k, classifier.config, trace, null, dOutput, reach, dLower);
      if (!rows) return;
      const embedded = k.gatherRows(pass.embedding, k.int(trace.window.ids, [trace.window.ids.length]));
      contributions.set(k.read(k.sum(k.mul(rows, embedded), 1)), pass.starts[i] ?? 0);
    });
    return { probabilities, target, contributions };
  });
}

/**
 * d log odds(target) / d logits: for a softmax 1/T at the target and −p / (1 − p(target)) / T elsewhere, which sums over
 * the others to −1/T.
 */
function logOddsSlopes(
  probabilities: Float32Array,
  target: number,
  { multiLabel, temperature }: InputGradientOptions,
): Float32Array {
  if (multiLabel) return probabilities.map((_, c) => (c === target ? 1 / temperature : 0));
  const rest = probabilities.reduce((sum, p, c) => (c === target ? sum : sum + p), 0);
  // Where all others have underflowed they share the blame alike.
  const even = 1 / Math.max(1, probabilities.length - 1);
  return probabilities.map((p, c) => (c === target ? 1 : -(rest > 0 ? p / rest : even)) / temperature);
}

interface TracedPass {
  readonly pooled: Tensor;
  readonly pools: readonly PoolTrace[];
  readonly embedding: Tensor;
  readonly traces: readonly EncoderTrace[];
  readonly starts: readonly number[]; // first token of each kept chunk
}

function encode(k: Kernels, classifier: Classifier, document: ArrayLike<number>, padding: number): TracedPass {
  const { config, maxLength, head } = classifier;
  const whole = maxLength === null && config.bidirectional !== true;
  const bptt = whole ? document.length : classifier.bptt;
  const weights = encoderWeights(k, config, classifier.parameters, null);
  const lower = (head.pooledOutputs ?? 1) - 1;
  const chunks: PooledOutputs[] = [];
  const traces: EncoderTrace[] = [];
  const starts: number[] = [];
  let states: EncoderState = zeroState(k, config, 1);
  let at = 0;
  for (const { window, kept, mask, lastRow } of chunksOf(padDocuments([document], bptt, padding), bptt, maxLength)) {
    const run = encoderForward(k, config, weights, window, states, null, kept ? 0 : Infinity, kept ? lower : 0);
    states = run.states;
    if (kept) {
      chunks.push({ outputs: [run.output, ...run.lower], time: window.time, batch: 1, mask, lastRow });
      traces.push(run.trace);
      starts.push(at);
    }
    at += window.time;
  }
  const pooledTokens = at - (starts[0] ?? 0);
  const run = poolOutputs(k, chunks, Int32Array.of(pooledTokens), head.pooling);
  return { ...run, embedding: weights.embedding, traces, starts };
}

/** The gradient of the pooled vector, with the running statistics of the batch norms. // [1, pooled width] */
function headBackward(k: Kernels, { head, parameters }: Classifier, trace: HeadTrace, dLogits: Tensor): Tensor {
  let d = dLogits;
  for (let block = trace.length - 1; block >= 0; block--) {
    const own = trace[block];
    if (!own) continue;
    if (block < head.widths.length - 2) d = k.reluGrad(own.output, d);
    const dShifted = k.matmul(d, parameters.value(`head.${block}.linear`), false, true);
    const dNormalised = k.mul(dShifted, parameters.value(`head.${block}.norm.weight`));
    d = k.mul(dNormalised, own.inverseDeviation);
  }
  return d;
}
