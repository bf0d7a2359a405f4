import { detectLanguage } from '../text/detect-language';
import { ComparableCodes } from './comparable-codes';
import { hasMarkup } from './markup';
import { MinHasher } from './minhash';
import { hasMojibake } from './mojibake';
import { nearDuplicates } from './near-duplicates';
import { nearestTexts, type NearestTexts } from './nearest-texts';
import { RowLanguages } from './row-language';
import { TextKeys } from './text-keys';
import { TextSample } from './text-sample';

/** What one text has, as bits. */
export const FLAGS = { empty: 1, mojibake: 2, undecoded: 4, markup: 8 } as const;
/** From this share of common pieces on two texts are nearly the same. */
export const NEAR = 0.8;
/** Beyond so many texts signatures are half as long, so that memory stays within some hundred megabytes. */
const MANY_TEXTS = 1_500_000;
/** Texts with fewer words say too little to be like others. */
const FEWEST_SAMPLED_WORDS = 5;
/** Of the time for comparing, the part that goes into near copies; the rest is for the sample. */
const COPIES_SHARE = 0.7;
/** Spaces that would make two equal texts look different. */
const ODD_SPACES = /\s{2}|[^\S ]/;

/** What a scan of all texts found, one entry a text. */
export interface ScanResult extends NearestTexts {
  readonly flags: Uint8Array; // FLAGS
  readonly words: Uint32Array; // characters of Chinese and Japanese count half a word
  readonly sameAs: Int32Array; // the first text that is equal but for case and spaces, or -1
  readonly nearlyAs: Int32Array; // the first text that is nearly the same, or -1
  readonly language: Uint8Array; // place in `languages`, 0: not told
  readonly languages: readonly string[];
  readonly sampled: Int32Array; // the texts that `likeness` is of, ascending: different ones, an even sample of them
}

/**
 * Looks once at each text, in order, batch by batch: what it holds, how long it is, in which language, and of which
 * earlier one it is a copy. Memory: about 30 bytes a text and 130 for each different one (about half of that beyond 1.5
 * million texts), and at most 60 MB for the sample whose texts are compared word by word.
 */
export class HealthScan {
  private readonly hasher: MinHasher;
  /** Of the different texts that are long enough, one after the other; room that is not written to takes no memory. */
  private readonly signatures: Uint8Array;
  private readonly signed: Int32Array; // by signature: its text
  private signatureCount = 0;
  private readonly letters = new ComparableCodes();
  private readonly keys: TextKeys;
  private readonly sample = new TextSample();
  private readonly result: Omit<ScanResult, 'sampled' | keyof NearestTexts> & { languages: string[] };
  private readonly languageIds = new Map<string, number>();
  private rowLanguages: RowLanguages | null = null;
  private at = 0;

  /** @param texts how many will come */
  constructor(private readonly texts: number) {
    this.hasher = new MinHasher(texts > MANY_TEXTS ? 64 : 128);
    this.signatures = new Uint8Array(texts * this.hasher.bins);
    this.signed = new Int32Array(texts);
    this.keys = new TextKeys(texts);
    this.result = {
      flags: new Uint8Array(texts),
      words: new Uint32Array(texts),
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

  /**
   * Compares what was seen; the scan is used up afterwards.
   *
   * @param onProgress is told the share that is compared, now and then
   */
  finish(onProgress?: (share: number) => void): ScanResult {
    const { signatures, signed, signatureCount: count, hasher, texts } = this;
    const all = new Uint8Array(count).fill(1);
    const first = nearDuplicates(signatures, all, hasher.bins, NEAR, (share) => onProgress?.(COPIES_SHARE * share));
    const nearlyAs = new Int32Array(texts).fill(-1);
    first.forEach((other, i) => {
      if (other >= 0) nearlyAs[signed[i] ?? 0] = signed[other] ?? -1;
    });
    const { rows: sampled, words } = this.sample.take();
    const nearest = nearestTexts(words, (share) => onProgress?.(COPIES_SHARE + (1 - COPIES_SHARE) * share));
    return { ...this.result, nearlyAs, sampled, ...nearest };
  }

  private look(text: string, at: number): void {
    const { flags, words, sameAs, language } = this.result;
    const lower = text.toLowerCase();
    const key = (ODD_SPACES.test(lower) ? lower.replace(/\s+/g, ' ') : lower).trim();
    if (key === '') {
      flags[at] = FLAGS.empty;
      return;
    }
    flags[at] =
      (hasMojibake(text) ? FLAGS.mojibake : 0) |
      (text.includes('\ufffd') ? FLAGS.undecoded : 0) |
      (hasMarkup(text) ? FLAGS.markup : 0);
    const first = this.keys.firstWith(key, at);
    if (first !== at) {
      sameAs[at] = first;
      words[at] = words[first] ?? 0;
      language[at] = language[first] ?? 0;
      return;
    }
    const { letters } = this;
    letters.read(text);
    words[at] = letters.words;
    language[at] = this.languageId(this.rowLanguages?.of(text) ?? null);
    if (letters.words >= FEWEST_SAMPLED_WORDS) this.sample.add(at, text);
    const place = this.signatureCount;
    if (this.hasher.signCodes(letters.codes, letters.length, this.signatures, place * this.hasher.bins)) {
      this.signed[place] = at;
      this.signatureCount++;
    }
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
