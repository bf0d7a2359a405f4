/**
 * An even sample of a stream of texts with bounded memory: when what was kept grows too long, every second text of it
 * goes, and from then on only half as many are taken. The same texts give the same sample.
 */
export class TextSample {
  private readonly mostCharacters: number;
  private kept: { readonly number: number; readonly text: string }[] = [];
  private characters = 0;
  private every = 1;
  private seen = 0;

  constructor(mostCharacters: number) {
    this.mostCharacters = mostCharacters;
  }

  /** Whether the next text belongs to the sample; called once for each text. */
  next(): boolean {
    return this.seen++ % this.every === 0;
  }

  /** Keeps the text for which {@link next} was true; of a very long one only the beginning. */
  keep(text: string): void {
    const part = text.length > this.mostCharacters / 4 ? text.slice(0, this.mostCharacters / 4) : text;
    this.kept.push({ number: this.seen - 1, text: part });
    this.characters += part.length;
    while (this.characters > this.mostCharacters && this.kept.length > 1) this.thin();
  }

  /** The sample, in the order of the texts. */
  texts(): readonly string[] {
    return this.kept.map(({ text }) => text);
  }

  private thin(): void {
    this.every *= 2;
    this.kept = this.kept.filter(({ number }) => number % this.every === 0);
    this.characters = this.kept.reduce((sum, { text }) => sum + text.length, 0);
  }
}
