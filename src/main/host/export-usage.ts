import { exportSnippets, snippetFiles, type ExportFacts, type Snippet } from '../../shared/export-snippets';

/** The README stands in the folder, and so does whoever follows it. */
const here = '.';

/** The part of a README that says how an exported folder is used with Thaw; its lines run as they stand, in the folder. */
export function usageInReadme(facts: ExportFacts, measures: boolean): string {
  const snippets = new Map(exportSnippets(here, facts).map((snippet) => [snippet.kind, snippet] as const));
  const code = (kind: Snippet['kind']): string => snippets.get(kind)?.code ?? '';
  const evaluate = measures ? `\nthaw evaluate --model ${here} --data ${snippetFiles.answers}` : '';
  return `In a terminal, in this folder:

${fenced('sh', `${code('text')}\n${code('file')}${evaluate}`)}

From programs in other languages: \`thaw serve\` answers over HTTP, on this machine only. Start it in a terminal:

${fenced('sh', snippets.get('curl')?.before ?? '')}

Then, in Python (nothing has to be installed for it):

${fenced('python', code('python'))}

in JavaScript:

${fenced('js', code('javascript'))}

or in another terminal:

${fenced('sh', code('curl'))}`;
}

/** The program that uses an exported folder without Thaw. */
export function usageWithoutThaw(facts: ExportFacts): string {
  const snippet = exportSnippets(here, { ...facts, onnx: true }).find(({ kind }) => kind === 'onnx');
  return fenced('js', snippet?.code ?? '');
}

/** A block of code in Markdown: its fence is longer than any that stands in the code. */
function fenced(language: string, code: string): string {
  const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${code}\n${fence}`;
}
