/** A Python tuple. */
export class PickleTuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** A name that the pickle refers to (`module.name`) and that the reader allows; it is never looked up in any program. */
export class PickleGlobal {
  constructor(
    readonly name: string,
    readonly make: PickleClass | null,
  ) {}
}

/** What calling an allowed name gives: plain data. */
export type PickleClass = (args: readonly unknown[]) => unknown;

/** What a reader allows and how it reads references into other files. */
export interface PickleRules {
  /** Allowed names, with what a call gives; null for names that may be mentioned but not called. */
  readonly allowed: ReadonlyMap<string, PickleClass | null>;
  /** References to data outside the pickle (torch's storages); left out, such a reference is an error. */
  readonly persistent?: ((id: unknown) => unknown) | undefined;
}

/** An object of an allowed class that is nothing but its state (fastcore's `L`). */
export class PickleObject {
  state: unknown = null;
  readonly items: unknown[] = [];
  constructor(
    readonly className: string,
    readonly args: readonly unknown[],
  ) {}
}
