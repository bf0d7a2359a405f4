const MEGABYTE = 1e6;

export function megabytes(bytes) {
  return bytes >= MEGABYTE * 10 ? `${Math.round(bytes / MEGABYTE)} MB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

/** A time that people read: `0.4 s`, `12 s`, `3 min 05 s`. */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  return `${minutes} min ${String(Math.round(seconds) % 60).padStart(2, '0')} s`;
}

/** What the steps say: one line when something starts, one when it is done, and moving progress on a terminal. */
export class Report {
  #stream;
  #lastProgress = Date.now();
  #quiet;
  #open = false;

  constructor(stream, { quiet = false } = {}) {
    this.#stream = stream;
    this.#quiet = quiet;
  }

  line(text) {
    this.#close();
    this.#stream.write(`${text}\n`);
  }

  /** A step that had nothing to do: shown only when the whole set-up is not quiet. */
  inPlace(name, text) {
    if (!this.#quiet) this.line(`  ${name.padEnd(12)} in place: ${text}`);
  }

  start(name, text) {
    this.#lastProgress = Date.now();
    this.line(`  ${name.padEnd(12)} ${text} …`);
  }

  done(name, text, started) {
    this.line(`  ${name.padEnd(12)} ${text} (${duration(Date.now() - started)})`);
  }

  /** A remark on the step that runs. */
  note(text) {
    this.line(`${' '.repeat(15)}${text}`);
  }

  /** Progress of a long download: redrawn on a terminal, a new line every ten seconds elsewhere. */
  progress(name, text) {
    const now = Date.now();
    if (now - this.#lastProgress < (this.#stream.isTTY ? 200 : 10_000)) return;
    this.#lastProgress = now;
    if (!this.#stream.isTTY) return this.line(`  ${name.padEnd(12)}   ${text}`);
    this.#stream.write(`\r  ${name.padEnd(12)}   ${text}   `);
    this.#open = true;
  }

  #close() {
    if (this.#open) this.#stream.write('\n');
    this.#open = false;
  }
}

/**
 * A failure that is told in plain words: what is missing, and what to do. `again` says that the very next set-up may
 * well succeed (a damaged download), so that it tries at once.
 */
export class SetupError extends Error {
  constructor(message, toDo, details = '', { again = false } = {}) {
    super(message);
    this.name = 'SetupError';
    this.toDo = toDo;
    this.details = details;
    this.again = again;
  }
}
