/** Decides whether an engine that ended unexpectedly is started again, and how long to wait before. */
export class RestartPolicy {
  private exits: readonly number[] = [];

  /**
   * @param limit how many ends within `window` milliseconds are one too many
   * @param window milliseconds that an end is remembered
   * @param first milliseconds to wait after the first end
   */
  constructor(
    private readonly limit = 5,
    private readonly window = 60_000,
    private readonly first = 250,
  ) {}

  /**
   * Notes an end.
   * @param now milliseconds of any steady clock
   * @returns milliseconds to wait (doubled with each recent end), or null: give up
   */
  afterExit(now: number): number | null {
    this.exits = [...this.exits.filter((at) => now - at < this.window), now];
    return this.exits.length >= this.limit ? null : this.first * 2 ** (this.exits.length - 1);
  }
}
