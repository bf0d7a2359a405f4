import { seededUniform } from '../inspect/seeded-uniform';
import { comparable } from './minhash';

/** So many texts are compared with others, whatever the size of the project. */
const MOST_TEXTS = 20_000;
/** So much of a text is looked at, in UTF-16 units: memory stays below 60 MB for the largest sample. */
const HEAD = 1_000;
/** And so many words of that. */
const MOST_WORDS = 200;
/** Scripts that put no spaces between words: each character stands for itself, and two in a row for a word. */
const UNSPACED = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/g;

/** An even sample of the texts that come by (reservoir sampling, Vitter 1985, algorithm R); the same for the same texts. */
export class TextSample {
  private readonly rows: number[] = [];
  private readonly heads: string[] = [];
  private readonly uniform = seededUniform(1);
  private seen = 0;

  /** @param most texts that are kept */
  constructor(private readonly most = MOST_TEXTS) {}

  /** Offers a text with its row. */
  add(row: number, text: string): void {
    this.seen += 1;
    const place = this.rows.length < this.most ? this.rows.length : Math.floor(this.uniform() * this.seen);
    if (place >= this.most) return;
    this.rows[place] = row;
    this.heads[place] = text.slice(0, HEAD);
  }

  /** The sample in the order of its rows, each text as the numbers of its words; the sample is used up. */
  take(): { readonly rows: Int32Array; readonly words: readonly Int32Array[] } {
    const order = this.rows.map((_, place) => place).sort((a, b) => (this.rows[a] ?? 0) - (this.rows[b] ?? 0));
    const numbers = new Map<string, number>();
    const words = order.map((place) => wordNumbers(this.heads[place] ?? '', numbers));
    const rows = Int32Array.from(order, (place) => this.rows[place] ?? 0);
    this.rows.length = 0;
    this.heads.length = 0;
    return { rows, words };
  }
}

/** The words of a text as numbers, the same for the same word; new words get the next number. */
function wordNumbers(text: string, numbers: Map<string, number>): Int32Array {
  const words = comparable(text).replace(UNSPACED, ' $& ').split(' ').filter(Boolean).slice(0, MOST_WORDS);
  return Int32Array.from(words, (word) => {
    let number = numbers.get(word);
    if (number === undefined) numbers.set(word, (number = numbers.size));
    return number;
  });
}
