import { detectLanguage } from '../text/detect-language';
import { hasMarkup } from './markup';
import { comparable, MinHasher } from './minhash';
import { hasMojibake } from './mojibake';
import { nearDuplicates } from './near-duplicates';
import { RowLanguages } from './row-language';
import { TextKeys } from './text-keys';

/** What one text has, as bits. */
export const FLAGS = { empty: 1, mojibake: 2, undecoded: 4, markup: 8 } as const;
/** From this share of common pieces on two texts are nearly the same. */
export const NEAR = 0.8;
/** Beyond so many texts signatures are half as long, so that memory stays within some hundred megabytes. */
const MANY_TEXTS = 1_500_000;

/** What a scan of all texts found, one entry a text. */
export interface ScanResult {
  readonly flags: Uint8Array; // FLAGS
  readonly words: Uint16Array; // at most 65,535; characters of Chinese and Japanese count half a word
  readonly sameAs: Int32Array; // the first text that is equal but for case and spaces, or -1
  readonly nearlyAs: Int32Array; // the first text that is nearly the same, or -1
  readonly language: Uint8Array; // place in `languages`, 0: not told
  readonly languages: readonly string[];
}

/**
 * Looks once at each text, in order, batch by batch: what it holds, how long it is, in which language, and of which
 * earlier one it is a copy. Memory: about 150 bytes a text (a little over half of it beyond 1.5 million texts).
 */
export class HealthScan {
  private readonly hasher: MinHasher;
  private readonly signatures: Uint8Array;
  private readonly signed: Uint8Array;
  private readonly keys: TextKeys;
  private readonly result: ScanResult & { languages: string[] };
  private readonly languageIds = new Map<string, number>();
  private rowLanguages: RowLanguages | null = null;
  private at = 0;

  /** @param texts how many will come */
  constructor(private readonly texts: number) {
    this.hasher = new MinHasher(texts > MANY_TEXTS ? 64 : 128);
    this.signatures = new Uint8Array(texts * this.hasher.bins);
    this.signed = new Uint8Array(texts);
    this.keys = new TextKeys(texts);
    this.result = {
      flags: new Uint8Array(texts),
      words: new Uint16Array(texts),
      sameAs: new Int32Array(texts).fill(-1),
      nearlyAs: new Int32Array(0),
      language: new Uint8Array(texts),
      languages: [''],
    };
  }

  /** Takes the next texts; more than were announced are passed over. */
  add(texts: readonly string[]): void {
    this.rowLanguages ??= new RowLanguages(detectLanguage(texts).language);
    for (const text of texts) if (this.at < this.texts) this.look(text, this.at++);
  }

  /** Compares what was seen; the scan is used up afterwards. */
  finish(): ScanResult {
    return { ...this.result, nearlyAs: nearDuplicates(this.signatures, this.signed, this.hasher.bins, NEAR) };
  }

  private look(text: string, at: number): void {
    const { flags, words, sameAs, language } = this.result;
    const plain = comparable(text);
    if (text.trim() === '') {
      flags[at] = FLAGS.empty;
      return;
    }
    words[at] = Math.min(65_535, countWords(plain));
    flags[at] =
      (hasMojibake(text) ? FLAGS.mojibake : 0) |
      (text.includes('\ufffd') ? FLAGS.undecoded : 0) |
      (hasMarkup(text) ? FLAGS.markup : 0);
    const first = this.keys.firstWith(text.toLowerCase().replace(/\s+/g, ' ').trim(), at);
    if (first !== at) {
      sameAs[at] = first;
      language[at] = language[first] ?? 0;
      return;
    }
    language[at] = this.languageId(this.rowLanguages?.of(text) ?? null);
    if (this.hasher.sign(plain, this.signatures, at * this.hasher.bins)) this.signed[at] = 1;
  }

  private languageId(code: string | null): number {
    if (code === null) return 0;
    let id = this.languageIds.get(code);
    if (id === undefined) {
      id = this.result.languages.push(code) - 1;
      this.languageIds.set(code, id);
    }
    return id;
  }
}

/** Words of a {@link comparable} text; where no spaces are written two characters count as one. */
function countWords(plain: string): number {
  if (plain === '') return 0;
  let words = 1;
  for (let i = plain.indexOf(' '); i >= 0; i = plain.indexOf(' ', i + 1)) words++;
  const unspaced = plain.match(/[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]/g)?.length ?? 0;
  return words + Math.floor(unspaced / 2);
}
