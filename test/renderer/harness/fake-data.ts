import type { Response } from '../../../src/shared/contract';
import { longText, shopText } from './fake-texts';

/** A row's text and label for an import. */
export function pick(index: number): { text: string; labels: string[] } {
  const { text, label } = shopText(index);
  return { text, labels: [label] };
}

/** Probabilities that add up, best first. */
export function predictionsFor(
  best: string,
  labels: readonly string[],
  seed: number,
): { label: string; probability: number }[] {
  const top = 0.42 + (seed % 50) / 100;
  const others = labels.filter((label) => label !== best).slice(0, 11);
  const rest = others.map((label, index) => ({ label, probability: (1 - top) * 0.5 ** (index + 1) }));
  return [{ label: best, probability: top }, ...rest];
}

/** Lines that were refused. */
export const rejectedRows = Array.from({ length: 42 }, (_, index) => ({
  line: 17 + index * 97,
  reason: index % 2 === 0 ? 'expected 3 columns, found 5' : 'a quote is opened and never closed',
  text: `"${String(index)}","Hello, I ordered ""two"" of them, but, only one came,delivery`,
}));

/** Projects opened before; the last one is gone. */
export const recent = [
  {
    path: '/home/ada/Thaw/support-mails',
    name: 'Support mails',
    openedAt: new Date(Date.now() - 3_600_000).toISOString(),
    exists: true,
  },
  {
    path: '/home/ada/Thaw/film-reviews',
    name: 'Film reviews',
    openedAt: new Date(Date.now() - 3 * 86_400_000).toISOString(),
    exists: true,
  },
  {
    path: '/media/usb-stick/a-very-long-folder-name-that-goes-on-and-on/another-one/intents-of-customers',
    name: 'Intents of the bank’s customers, all of them, second half of the year',
    openedAt: new Date(Date.now() - 40 * 86_400_000).toISOString(),
    exists: false,
  },
];

/** Samples by the ids that the product ships. */
export const samples = [
  {
    id: 'subjectivity',
    title: 'Film reviews: good or bad',
    file: '/opt/thaw/resources/samples/rt_polarity.csv',
    text: ['text'],
    label: ['label'],
  },
  {
    id: 'film-reviews',
    title: 'Questions to a bank: 77 intents',
    file: '/opt/thaw/resources/samples/banking77.csv',
    text: ['text'],
    label: ['label'],
  },
];

/** What the machine is like. */
export const doctor: Response<'doctor.report'> = {
  ok: true,
  kernels: 'native',
  backend: 'TensorFlow 2.21.0',
  precision: 'bf16',
  checks: [
    { id: 'electron', title: 'Electron', state: 'ok', value: '25.1.1', why: null, toDo: null },
    {
      id: 'tensorflow',
      title: 'TensorFlow',
      state: 'ok',
      value: '2.21.0, compiled on this machine',
      why: 'The official library could not be reached.',
      toDo: null,
    },
    { id: 'kernels', title: 'Kernels', state: 'ok', value: 'native', why: null, toDo: null },
    { id: 'memory', title: 'Memory', state: 'ok', value: '23.4 GB, 20.1 GB free', why: null, toDo: null },
    {
      id: 'disk',
      title: 'Free disk',
      state: 'problem',
      value: '1.2 GB',
      why: 'A run with checkpoints needs about 2 GB.',
      toDo: 'Free some space on the disk that holds your projects.',
    },
  ],
};

/** What is found in the one file that the fake knows. */
export function previewOf(path: string, delimiter: string, many: boolean): Response<'import.preview'> {
  const header = 'id,text,topic,received_at,a_rather_long_column_name_from_an_old_system';
  const lines = Array.from({ length: 40 }, (_, index) => {
    const { text, label } = shopText(index);
    return [
      String(index + 1),
      `"${many && index === 2 ? longText.slice(0, 900) : text}"`,
      label,
      `2026-11-${String((index % 28) + 1).padStart(2, '0')} 09:12`,
      '',
    ].join(',');
  });
  const cells = lines.map((line) => {
    if (delimiter !== ',') return [line];
    const parts = /^(\d+),"([\s\S]*)",([a-z]*),([^,]*),(.*)$/.exec(line);
    return parts === null ? [line] : [parts[1] ?? '', parts[2] ?? '', parts[3] ?? '', parts[4] ?? '', ''];
  });
  const named = delimiter === ',' ? header.split(',') : [header];
  return {
    path,
    bytes: 4_213_441,
    encoding: 'windows-1252',
    encodingReason: 'statistics (83 %)',
    dialect: { delimiter, quote: '"', escape: '"' },
    header: true,
    skipLines: 0,
    columns: named.map((name, index) => ({
      name,
      index,
      type: index === 4 ? ('empty' as const) : index === 0 ? ('number' as const) : ('text' as const),
      distinct: [40, 12, 5, 28, 0][index] ?? 40,
      emptyShare: index === 4 ? 1 : 0,
      meanLength: [2, 76, 8, 16, 0][index] ?? 90,
      suggestedRole: (['id', 'text', 'label', 'ignore', 'ignore'] as const)[index] ?? 'ignore',
    })),
    rawLines: [header, ...lines].map((text, index) => ({ line: index + 1, text })),
    rows: cells,
    estimatedRows: 5012,
    format: 'delimited',
    sheets: [],
    sheet: null,
    notes: many ? ['Line 3 is longer than 500 characters.'] : [],
  };
}
