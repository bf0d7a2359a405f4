import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `banking-six.json` holds. */
export interface Fixture {
  readonly labels: string[];
  readonly train: [text: string, label: string][];
  readonly test: [text: string, label: string][];
  readonly features: number;
  readonly tfidf: Record<string, number>[];
  readonly softmax: number[][];
  readonly binary: number[][];
  readonly multiTruth: number[][];
  readonly multi: number[][];
  readonly bayes: { readonly softmax: number[][]; readonly binary: number[][]; readonly multi: number[][] };
}

/**
 * Questions to a bank with six labels, and what scikit-learn 1.9 makes of them: TfidfVectorizer; LogisticRegression(C=10)
 * with the bias as a feature, run to its optimum; "bayes" is MultinomialNB(alpha=0.1) on the same rows, for "multi" each
 * label against the rows without it.
 */
export const fixture = JSON.parse(
  readFileSync(join(__dirname, '../fixtures/baseline/banking-six.json'), 'utf8'),
) as Fixture;

/** Ids below are special tokens. */
export const FIRST_WORD = 9;

/** The words that scikit-learn saw. */
export const words = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

/** The vocabulary, without the special tokens. */
export const itos = [...new Set(fixture.train.flatMap(([text]) => words(text)))].sort();
const stoi = new Map(itos.map((word, i) => [word, i + FIRST_WORD]));

/** The token ids of a text; 0 for an unknown word. */
export const idsOf = (text: string): number[] => words(text).map((word) => stoi.get(word) ?? 0);
