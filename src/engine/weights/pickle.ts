import { ByteReader } from './byte-reader';
import { PickleGlobal, PickleObject, PickleTuple, type PickleRules } from './pickle-values';
import { unescapeRaw, unquote } from './pickle-text';

/**
 * Reads one Python pickle (protocols 0 to 5) as data. Nothing is executed: a name outside the allow-list ends the
 * reading with an error that says which. None, bool, int and float become null, boolean, number (bigint beyond 2^53)
 * and number; str and bytes string and Uint8Array; list and set an array; dict a Map; tuple a {@link PickleTuple}.
 *
 * @param file what to call the bytes in messages
 * @returns the value, and where the pickle ends
 * @throws AppError `model-format`
 */
export function readPickle(
  bytes: Uint8Array,
  file: string,
  rules: PickleRules,
  start = 0,
): { readonly value: unknown; readonly end: number } {
  return new PickleMachine(bytes, file, rules, start).run();
}

const MARK = Symbol('mark');

/** Opcodes that push a constant. */
const CONSTANTS: ReadonlyMap<string, () => unknown> = new Map<string, () => unknown>([
  ['N', () => null],
  ['\x88', () => true],
  ['\x89', () => false],
  [')', () => new PickleTuple([])],
  [']', () => []],
  ['}', () => new Map()],
  ['\x8f', () => []],
  ['(', () => MARK],
]);

class PickleMachine {
  readonly #reader: ByteReader;
  readonly #rules: PickleRules;
  readonly #memo = new Map<number, unknown>();
  #stack: unknown[] = [];

  constructor(bytes: Uint8Array, file: string, rules: PickleRules, start: number) {
    this.#reader = new ByteReader(bytes, file, start);
    this.#rules = rules;
  }

  run(): { value: unknown; end: number } {
    for (;;) {
      const at = this.#reader.position;
      const code = String.fromCharCode(this.#reader.byte());
      if (code === '.') return { value: this.#pop(), end: this.#reader.position };
      const known =
        this.#constant(code) ||
        this.#number(code) ||
        this.#text(code) ||
        this.#memory(code) ||
        this.#container(code) ||
        this.#object(code);
      if (!known) {
        const hex = code.charCodeAt(0).toString(16).padStart(2, '0');
        throw this.#reader.error(`byte ${at} is no known pickle instruction (0x${hex}).`);
      }
    }
  }

  #constant(code: string): boolean {
    const make = CONSTANTS.get(code);
    if (make !== undefined) this.#stack.push(make());
    return make !== undefined;
  }

  #number(code: string): boolean {
    const reader = this.#reader;
    switch (code) {
      case 'K':
        return this.#push(reader.byte());
      case 'M':
        return this.#push(reader.uint16());
      case 'J':
        return this.#push(reader.int32());
      case 'G':
        return this.#push(reader.float64BigEndian());
      case '\x8a':
        return this.#push(reader.longOf(reader.byte()));
      case '\x8b':
        return this.#push(reader.longOf(reader.uint32()));
      case 'I': {
        const line = reader.line();
        return this.#push(line === '01' ? true : line === '00' ? false : reader.decimal(line));
      }
      case 'L':
        return this.#push(reader.decimal(reader.line().replace(/L$/, '')));
      case 'F':
        return this.#push(Number(reader.line()));
      case '\x80': // protocol number
        reader.byte();
        return true;
      case '\x95': // frame: the length is a hint for streams
        reader.take(8);
        return true;
      default:
        return false;
    }
  }

  #text(code: string): boolean {
    const reader = this.#reader;
    switch (code) {
      case '\x8c':
        return this.#push(reader.utf8(reader.byte()));
      case 'X':
        return this.#push(reader.utf8(reader.uint32()));
      case '\x8d':
        return this.#push(reader.utf8(reader.uint64()));
      case 'V':
        return this.#push(unescapeRaw(reader.line()));
      case 'S':
        return this.#push(unquote(reader.line()));
      case 'U': // Python 2 str: bytes that are text here
        return this.#push(reader.utf8(reader.byte()));
      case 'T':
        return this.#push(reader.utf8(reader.uint32()));
      case 'C':
        return this.#push(reader.take(reader.byte()));
      case 'B':
        return this.#push(reader.take(reader.uint32()));
      case '\x8e':
      case '\x96':
        return this.#push(reader.take(reader.uint64()));
      default:
        return false;
    }
  }

  #memory(code: string): boolean {
    const reader = this.#reader;
    switch (code) {
      case 'q':
        return this.#remember(reader.byte());
      case 'r':
        return this.#remember(reader.uint32());
      case 'p':
        return this.#remember(Number(reader.line()));
      case '\x94':
        return this.#remember(this.#memo.size);
      case 'h':
        return this.#recall(reader.byte());
      case 'j':
        return this.#recall(reader.uint32());
      case 'g':
        return this.#recall(Number(reader.line()));
      case '0':
        this.#pop();
        return true;
      case '1':
        this.#popMark();
        return true;
      case '2':
        return this.#push(this.#top());
      default:
        return false;
    }
  }

  #container(code: string): boolean {
    switch (code) {
      case 't':
        return this.#push(new PickleTuple(this.#popMark()));
      case '\x85':
      case '\x86':
      case '\x87': {
        const items = Array.from({ length: code.charCodeAt(0) - 0x84 }, () => this.#pop()).reverse();
        return this.#push(new PickleTuple(items));
      }
      case 'l':
        return this.#push(this.#popMark());
      case 'd': {
        const items = this.#popMark();
        this.#push(new Map());
        return this.#setItems(items);
      }
      case 'a':
        return this.#append([this.#pop()]);
      case 'e':
      case '\x90':
        return this.#append(this.#popMark());
      case '\x91': // frozenset
        return this.#push(this.#popMark());
      case 's': {
        const value = this.#pop();
        return this.#setItems([this.#pop(), value]);
      }
      case 'u':
        return this.#setItems(this.#popMark());
      default:
        return false;
    }
  }

  #object(code: string): boolean {
    const reader = this.#reader;
    switch (code) {
      case 'c': {
        const module = reader.line();
        return this.#push(this.#global(`${module}.${reader.line()}`));
      }
      case '\x93': {
        const name = this.#pop();
        const module = this.#pop();
        return this.#push(this.#global(`${String(module)}.${String(name)}`));
      }
      case 'R':
      case '\x81': {
        const args = this.#pop();
        return this.#push(this.#call(this.#pop(), args));
      }
      case '\x92': {
        this.#pop(); // keyword arguments: of no use for plain data
        const args = this.#pop();
        return this.#push(this.#call(this.#pop(), args));
      }
      case 'b':
        return this.#build(this.#pop());
      case 'Q':
        return this.#push(this.#persistent(this.#pop()));
      case 'P':
        return this.#push(this.#persistent(reader.line()));
      default:
        return false;
    }
  }

  #global(name: string): PickleGlobal {
    const make = this.#rules.allowed.get(name);
    if (make !== undefined) return new PickleGlobal(name, make);
    throw this.#reader.error(`refers to '${name}', which is not among the names that may occur in such a file.`, {
      name,
    });
  }

  #call(target: unknown, args: unknown): unknown {
    if (!(target instanceof PickleGlobal) || target.make === null) {
      const name = target instanceof PickleGlobal ? `'${target.name}'` : 'something that is no class';
      throw this.#reader.error(`calls ${name}, which is not allowed.`);
    }
    if (!(args instanceof PickleTuple)) throw this.#reader.error(`calls '${target.name}' without a list of arguments.`);
    return target.make(args.items);
  }

  /** State of an object: kept for the plain objects of an allow-list, of no meaning for containers. */
  #build(state: unknown): boolean {
    const target = this.#top();
    if (target instanceof PickleObject) target.state = state;
    else if (!(target instanceof Map) && !Array.isArray(target))
      throw this.#reader.error('gives state to a plain value.');
    return true;
  }

  #persistent(id: unknown): unknown {
    if (this.#rules.persistent === undefined) throw this.#reader.error('refers to data outside the file.');
    return this.#rules.persistent(id);
  }

  #append(items: readonly unknown[]): boolean {
    const target = this.#top();
    const list = target instanceof PickleObject ? target.items : target;
    if (!Array.isArray(list)) throw this.#reader.error('appends to something that is no list.');
    for (const item of items) list.push(item);
    return true;
  }

  #setItems(items: readonly unknown[]): boolean {
    const target = this.#top();
    if (!(target instanceof Map) || items.length % 2 !== 0)
      throw this.#reader.error('puts items into something that is no dict.');
    for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
    return true;
  }

  #remember(key: number): boolean {
    this.#memo.set(key, this.#top());
    return true;
  }

  #recall(key: number): boolean {
    if (!this.#memo.has(key)) throw this.#reader.error(`recalls a value (${key}) that was never stored.`);
    return this.#push(this.#memo.get(key));
  }

  #push(value: unknown): true {
    this.#stack.push(value);
    return true;
  }

  #top(): unknown {
    const value = this.#stack[this.#stack.length - 1];
    if (this.#stack.length === 0 || value === MARK) throw this.#reader.error('takes a value where there is none.');
    return value;
  }

  #pop(): unknown {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popMark(): unknown[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) throw this.#reader.error('closes a list that was never opened.');
    const items = this.#stack.slice(mark + 1);
    this.#stack.length = mark;
    return items;
  }
}
