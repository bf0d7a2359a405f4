/** A name without its case and its spaces: what people and programs write differently. */
function plainName(name: string): string {
  return name.normalize('NFC').toLowerCase().replace(/\s+/gu, '');
}

/** Finds a model's label by a name that may be written in another case or with other spaces. */
export class LabelSpelling {
  readonly #exact: ReadonlySet<string>;
  /** By plain name; null where two labels differ by case or spaces alone. */
  readonly #plain = new Map<string, string | null>();

  constructor(labels: readonly string[]) {
    this.#exact = new Set(labels);
    for (const label of labels) {
      const plain = plainName(label);
      this.#plain.set(plain, this.#plain.has(plain) ? null : label);
    }
  }

  /** The model's label for a name; null where it has none. */
  find(name: string): string | null {
    return this.#exact.has(name) ? name : (this.#plain.get(plainName(name)) ?? null);
  }
}
