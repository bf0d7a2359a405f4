import { z } from 'zod';

/** What somebody has to know of an exported folder to use it: what its texts are made of, and what it answers. */
export const exportFactsSchema = z.object({
  labels: z.array(z.string()),
  multiLabel: z.boolean(),
  /** The text columns that it was trained on. */
  columns: z.array(z.string()).min(1),
  /** One label a text: a text whose best label is less probable gets none; 0: all get one. */
  abstainBelow: z.number(),
  /** It holds an ONNX model with the JavaScript that uses it. */
  onnx: z.boolean(),
});
export type ExportFacts = z.infer<typeof exportFactsSchema>;

/** The ways of using an exported folder, in the order in which they are shown. */
export const snippetKinds = ['text', 'file', 'python', 'javascript', 'curl', 'onnx'] as const;
export type SnippetKind = (typeof snippetKinds)[number];

/** A few lines that use an exported folder as they stand. */
export interface Snippet {
  readonly kind: SnippetKind;
  /** What is run once before, in a terminal; null: nothing. */
  readonly before: string | null;
  readonly code: string;
  /** The name under which the code is a program; null: it is a line for a terminal. */
  readonly saveAs: string | null;
  /** How the program is run; null: it is a line for a terminal. */
  readonly run: string | null;
}

/** The port of `thaw serve` where nobody names another. */
export const defaultPort = 8377;
/** The file whose columns `thaw predict --data` reads in the snippet, the one that it writes, and one with right answers. */
export const snippetFiles = { data: 'texts.csv', out: 'labelled.csv', answers: 'checked.csv' } as const;

/**
 * Snippets for an exported folder. They are English, run as they stand (a test runs each), and send nothing anywhere but to
 * this machine. A folder with a Windows path gets no curl: its quotes differ from shell to shell there.
 *
 * @param folder the exported folder as a terminal finds it
 * @param port of `thaw serve`
 */
export function exportSnippets(folder: string, facts: ExportFacts, port: number = defaultPort): Snippet[] {
  const windows = /^([a-z]:|\\\\)/i.test(folder);
  const where = quoted(folder, windows);
  const serve = `thaw serve --model ${where}${port === defaultPort ? '' : ` --port ${port}`}`;
  const url = `http://127.0.0.1:${port}/predict`;
  const line = { saveAs: null, run: null } as const;
  const [typed = []] = exampleTexts(facts.columns);
  const all: readonly (Snippet | null)[] = [
    {
      kind: 'text',
      before: null,
      code: `thaw predict --model ${where} --text ${quoted(typed.join('\n'), windows)}`,
      ...line,
    },
    { kind: 'file', before: null, code: `thaw predict --model ${where} --data ${snippetFiles.data} --out ${snippetFiles.out}`, ...line }, // prettier-ignore
    { kind: 'python', before: serve, code: python(facts, url, serve), saveAs: 'label.py', run: 'python3 label.py' },
    { kind: 'javascript', before: serve, code: javascript(facts, url, serve), saveAs: 'label.mjs', run: 'node label.mjs' }, // prettier-ignore
    windows ? null : { kind: 'curl', before: serve, code: curl(facts, url), ...line },
    facts.onnx ? onnx(facts) : null,
  ];
  return all.filter((snippet) => snippet !== null);
}

/** Two texts, each as its columns. */
function exampleTexts(columns: readonly string[]): readonly (readonly string[])[] {
  if (columns.length === 1) return [['The first text.'], ['Another text.']];
  return ['The text', 'Another text'].map((words) => columns.map((column) => `${words} of ${inOneLine(column)}`));
}

/** A column's name inside a text: short, and without line ends, which part the columns of a typed text. */
function inOneLine(name: string): string {
  return shortened(name.replace(/[\p{Cc}\u2028\u2029]+/gu, ' '));
}

function shortened(name: string): string {
  const signs = Array.from(name);
  return signs.length > 40 ? `${signs.slice(0, 39).join('')}…` : name;
}

/** The body's name and its value, for a request to `thaw serve`. */
function body({ columns }: ExportFacts): { readonly name: 'texts' | 'rows'; readonly items: readonly string[] } {
  const texts = exampleTexts(columns);
  if (columns.length === 1) return { name: 'texts', items: texts.map(([text = '']) => literal(text)) };
  const pair = (fields: readonly string[], i: number): string => `${literal(columns[i] ?? '')}: ${literal(fields[i] ?? '')}`; // prettier-ignore
  return { name: 'rows', items: texts.map((fields) => `{${columns.map((_, i) => pair(fields, i)).join(', ')}}`) };
}

/** A text as JSON that is also a literal of JavaScript and Python, on one line. */
function literal(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`);
}

/** What the answers can be, for a comment. */
function answers({ labels, multiLabel, abstainBelow }: ExportFacts): string {
  const shown = labels.slice(0, 6).map((label) => literal(shortened(label)));
  const rest = labels.length - shown.length;
  const names = shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  if (multiLabel) return `given: any number of ${names}`;
  return `label: one of ${names}${abstainBelow > 0 ? '; none where it is not sure enough' : ''}`;
}

function python(facts: ExportFacts, url: string, serve: string): string {
  const { name, items } = body(facts);
  const given = facts.multiLabel ? 'prediction["given"]' : 'prediction["label"]';
  return `# First, in a terminal:  ${commented(serve)}
import json
import urllib.request

${name} = [
    ${items.join(',\n    ')},
]
request = urllib.request.Request(
    "${url}",
    data=json.dumps({"${name}": ${name}}).encode("utf-8"),
    headers={"Content-Type": "application/json"},
)
# Straight to this machine, past any proxy.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
with opener.open(request) as response:
    predictions = json.load(response)["predictions"]

# ${answers(facts)}
for prediction in predictions:
    best = prediction["labels"][0]
    print(${given}, best["label"], best["probability"])`;
}

function javascript(facts: ExportFacts, url: string, serve: string): string {
  const { name, items } = body(facts);
  return `// First, in a terminal:  ${commented(serve)}
// (for a web page also:  --allow-origin with the page's address, such as http://localhost:3000)
const ${name} = [
  ${items.join(',\n  ')},
];
const response = await fetch('${url}', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ ${name} }),
});
const answer = await response.json();
if (!response.ok) throw new Error(answer.error.message);

// ${answers(facts)}
${printed(facts, 'answer.predictions')}`;
}

function printed({ multiLabel }: ExportFacts, predictions: string): string {
  const given = multiLabel ? 'given' : 'label';
  return `for (const { ${given}, labels } of ${predictions}) {
  console.log(${given}, labels[0].label, labels[0].probability);
}`;
}

function curl(facts: ExportFacts, url: string): string {
  const { name, items } = body(facts);
  const json = quoted(`{"${name}": [${items.join(', ')}]}`, false);
  return `curl --silent --noproxy 127.0.0.1 ${url} \\
  --header 'Content-Type: application/json' \\
  --data ${json}`;
}

function onnx(facts: ExportFacts): Snippet {
  const texts = exampleTexts(facts.columns).map((fields) => {
    const literals = fields.map(literal);
    return literals.length === 1 ? literals.join('') : `[${literals.join(', ')}]`;
  });
  const columns = facts.columns.length === 1 ? '' : ` // each: ${facts.columns.map((name) => literal(inOneLine(name))).join(', ')}`; // prettier-ignore
  const code = `// Save it in the exported folder. Once, there:  npm install onnxruntime-node
import * as ort from 'onnxruntime-node';
import { openClassifier } from './thaw-classifier.mjs';

const classifier = await openClassifier(ort, new URL('.', import.meta.url));
const texts = [${columns}
  ${texts.join(',\n  ')},
];
const predictions = await classifier.predict(texts);

// ${answers(facts)}
${printed(facts, 'predictions')}`;
  const saveAs = 'label-without-thaw.mjs';
  return { kind: 'onnx', before: 'npm install onnxruntime-node', code, saveAs, run: `node ${saveAs}` };
}

/** A word of a command line: as it is where that is safe, else in quotes. */
function quoted(word: string, windows: boolean): string {
  if (/^[\w./:@%+,=-]+$/.test(word) || (windows && /^[\w./:\\-]+$/.test(word))) return word;
  if (windows) return `"${word.replaceAll('"', '\\"')}"`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command inside a comment of one line. */
function commented(command: string): string {
  return command.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
