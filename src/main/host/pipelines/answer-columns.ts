import type { OutputCell, OutputColumn } from '../../../engine/data/output/table-writer';
import type { AnswerShape } from '../../../shared/file-types';
import { rankLabels } from '../../../engine/evaluate/decide-labels';

/** What is needed of a classifier to write its answers. */
interface AnsweringModel {
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
}

/** The columns that answers add to a file's own ones. */
export function answerColumns({ labels, multiLabel }: AnsweringModel, shape: AnswerShape): OutputColumn[] {
  const answer = { name: 'predicted', kind: multiLabel ? 'list' : 'text' } as const;
  switch (shape.labels) {
    case 'answer': {
      // Of several labels one probability would be that of none of them in particular.
      const isShown = shape.probabilities && !multiLabel;
      return [answer, ...(isShown ? [{ name: 'probability', kind: 'number' } as const] : [])];
    }
    case 'best': {
      const places = Array.from({ length: Math.min(shape.best, labels.length) }, (_, i) => String(i + 1));
      return [
        answer,
        ...places.flatMap((place) => [
          { name: `label ${place}`, kind: 'text' } as const,
          ...(shape.probabilities ? [{ name: `probability ${place}`, kind: 'number' } as const] : []),
        ]),
      ];
    }
    case 'all':
      return [answer, ...labels.map((label) => ({ name: `p:${label}`, kind: 'number' }) as const)];
  }
}

/** Columns under names that nobody else has: one that the file has already gets a number. */
export function freeNames(own: readonly string[], added: readonly OutputColumn[]): OutputColumn[] {
  const taken = new Set(own);
  return added.map(({ name, kind }) => {
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name} (${String(n)})`;
    taken.add(free);
    return { name: free, kind };
  });
}

/**
 * The cells of one row for {@link answerColumns}. // probabilities: [n, classes]
 * @param given the labels that the row gets; none where the model is not sure enough
 */
export function answerCells(
  { labels, multiLabel }: AnsweringModel,
  shape: AnswerShape,
  probabilities: Float32Array,
  row: number,
  given: readonly string[],
): OutputCell[] {
  const answer = multiLabel ? given : (given[0] ?? null);
  if (shape.labels === 'all') {
    return [answer, ...labels.map((_, c) => probabilities[row * labels.length + c] ?? 0)];
  }
  if (shape.labels === 'answer' && (!shape.probabilities || multiLabel)) return [answer];
  const ranked = rankLabels(probabilities, row, labels);
  if (shape.labels === 'answer') return [answer, ranked[0]?.probability ?? null];
  const best = ranked.slice(0, shape.best);
  return [answer, ...best.flatMap(({ label, probability }) => (shape.probabilities ? [label, probability] : [label]))];
}
