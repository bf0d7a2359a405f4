const units = (
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** A number from 1 to 9,999 in English words, without hyphens and without "and". */
export function numberWords(n: number): string[] {
  if (n >= 1000) return [units[Math.floor(n / 1000) - 1]!, 'thousand', ...rest(n % 1000)];
  if (n >= 100) return [units[Math.floor(n / 100) - 1]!, 'hundred', ...rest(n % 100)];
  if (n >= 20) return [tens[Math.floor(n / 10) - 2]!, ...rest(n % 10)];
  return [units[n - 1]!];
}

function rest(n: number): string[] {
  return n === 0 ? [] : numberWords(n);
}

/** A text as ids, and the words by id in the order in which they first occur. */
export interface HumanNumbers {
  readonly ids: Int32Array;
  readonly itos: readonly string[];
}

/** fastai's data set Human Numbers, made by rule: all numbers from one to 9,999, ` . ` between them. */
export function humanNumbers(): HumanNumbers {
  const itos: string[] = [];
  const known = new Map<string, number>();
  const ids: number[] = [];
  const add = (word: string): void => {
    let id = known.get(word);
    if (id === undefined) {
      id = itos.push(word) - 1;
      known.set(word, id);
    }
    ids.push(id);
  };
  for (let n = 1; n < 10_000; n++) {
    if (n > 1) add('.');
    for (const word of numberWords(n)) add(word);
  }
  return { ids: Int32Array.from(ids), itos };
}
