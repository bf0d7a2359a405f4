import { describe, expect, it } from 'vitest';
import type { ReportData } from '../../../src/engine/inspect/report/report-data';
import { reportHtml } from '../../../src/engine/inspect/report/report';
import { fill, reportWords } from '../../../src/engine/inspect/report/report-words';
import type { InspectedRow } from '../../../src/shared/inspect-types';

const interval = [0.8, 0.9] as [number, number];
const evil = '</style><script>alert("1")</script> & <b>bold</b>';

function dataOf(classes: number, more: Partial<ReportData> = {}): ReportData {
  const labels = Array.from({ length: classes }, (_, c) => `label ${String(c)} ${c === 0 ? evil : ''}`);
  const row: InspectedRow = {
    row: { id: 3, text: evil, labels: [labels[0]!], split: 'test', predicted: null },
    split: 'test',
    truth: [labels[0]!],
    predicted: [labels[1]!],
    scores: [{ label: labels[1]!, probability: 0.97 }],
    loss: 3.2,
    uncertainty: 0.1,
    suggestion: [labels[1]!],
  };
  const bins = [{ low: 0.9, high: 1, count: 50, confidence: 0.95, accuracy: 0.9 }];
  return {
    language: 'en',
    project: evil,
    version: '0.1.0',
    madeAt: new Date('2026-11-22T10:00:00Z'),
    device: 'a processor',
    rows: { train: 800, valid: 100, test: 100 },
    overview: {
      runId: 'run-1',
      startedAt: '2026-11-22T09:00:00Z',
      split: 'test',
      n: 100,
      multiLabel: false,
      labels,
      majorityLabel: labels[0]!,
      contenders: [
        { id: 'majority', used: false, accuracy: 0.3, accuracyInterval: [0.2, 0.4], macroF1: null, macroF1Interval: null, microF1: null, microF1Interval: null, ece: null, loss: null }, // prettier-ignore
        { id: 'deep', used: true, accuracy: 0.85, accuracyInterval: interval, macroF1: 0.84, macroF1Interval: interval, microF1: 0.85, microF1Interval: interval, ece: 0.02, loss: 0.4 }, // prettier-ignore
      ],
      againstBaseline: { n: 100, bothRight: 70, onlyFirst: 3, onlySecond: 15, bothWrong: 12, difference: 0.12, interval: [0.03, 0.2], p: 0.0075 }, // prettier-ignore
      perClass: labels.map((label) => ({ label, support: 10, predicted: 10, precision: 0.9, precisionInterval: interval, recall: 0.8, recallInterval: interval, f1: 0.85, f1Interval: interval, baselineF1: 0.7 })), // prettier-ignore
      confusion: labels.map((_, a) => labels.map((_u, p) => (a === p ? 8 : p === (a + 1) % classes ? 2 : 0))),
      order: labels.map((_, c) => c),
    },
    standing: {},
    confidence: {
      runId: 'run-1',
      split: 'test',
      n: 100,
      multiLabel: false,
      total: 100,
      abstainBelow: null,
      points: Array.from({ length: 101 }, (_, t) => ({ threshold: t / 100, kept: 100 - t, right: 85 - Math.round(0.85 * t), interval })), // prettier-ignore
      perClass: labels.map((label) => ({ label, support: 20, kept: Array.from({ length: 101 }, (_, t) => 20 - Math.floor(t / 10)), right: Array.from({ length: 101 }, () => 9) })), // prettier-ignore
      thresholds: null,
      temperature: 1.2,
      reliability: { before: bins, after: bins, used: null, eceBefore: 0.05, eceAfter: 0.02 },
    },
    slices: [{ runId: 'run-1', by: 'column:branch', split: 'test', n: 100, right: 85, columns: ['branch'], slices: [{ key: evil, range: null, n: 100, right: 85, interval, baselineRight: 73, compared: 'even' }] }], // prettier-ignore
    errors: [row],
    uncertain: [{ ...row, loss: 0.72 }],
    costliest: [{ ...row, loss: 7.25 }],
    doubted: { rows: [row], estimate: 4 },
    explained: [
      {
        label: labels[1]!,
        probability: 0.97,
        labels: [],
        words: [{ text: evil, before: '', known: true, gradient: 1.25, leftOut: 0.75, group: 0, without: 0.9 }],
        tail: ' !',
        agreement: null,
        groupSize: 1,
        deepShare: 1,
        milliseconds: 3,
      },
    ],
    curve: [
      { kind: 'language-model', loss: 4 },
      { kind: 'classifier', loss: 0.5 },
    ],
    settings: [{ name: 'preset', value: 'quick' }],
    ...more,
  };
}

describe('the report of a run', () => {
  it('is one file without scripts or addresses, whatever the texts and labels hold', () => {
    for (const classes of [3, 30]) {
      const page = reportHtml(dataOf(classes));
      expect(page).not.toMatch(/<script|<b>bold|https?:|url\(|src=/);
      expect(page).toContain("default-src 'none'");
      expect(page).toContain('&lt;script&gt;');
      expect(page.match(/<style>/g)).toHaveLength(1);
    }
  });

  it('tells the figures with their intervals, and what may be said of them', () => {
    const page = reportHtml(dataOf(3));
    expect(page).toContain('gets 12 (3.0% … 20.0%) more right.');
    expect(page).toContain('by chance in 0.8% of such comparisons');
    expect(page).toContain('85.0%');
    expect(page).toContain('title="+1.25 · +0.75"');
    expect(page).toContain('at most about 4 labels are wrong');
    expect(page).toMatch(/@media print/);
    expect(page).toMatch(/prefers-color-scheme:dark/);
  });

  it('says of few texts that they are too few, and what the figures rest on', () => {
    const { overview } = dataOf(3);
    const page = reportHtml(
      dataOf(3, {
        overview: { ...overview, n: 10, againstBaseline: { ...overview.againstBaseline, p: 1 } },
        standing: {
          validation: { n: 9, accuracy: 7 / 9, accuracyInterval: [0.453, 0.937] },
          blendChoice: { used: true, by: 'rule', n: 9 },
          learned: 'no',
        },
      }),
    );
    expect(page).toContain('10 texts are too few to measure by');
    expect(page).toContain('Of 9 validation texts 7 are right (45% … 94%)');
    // Counts, and no decimals.
    expect(page).toContain('9 of 10');
    expect(page).toContain('by chance in 100% of such comparisons');
    expect(page.replace(/<style>.*<\/style>/s, '')).not.toMatch(/\d\.\d%/);
    expect(page).toContain('takes 100 held-out texts (9 here)');
    expect(page).toContain('has learned nothing');
    expect(reportHtml(dataOf(3))).not.toMatch(/too few|learned nothing/);
  });

  it('marks the side of each row, and puts labels with too few texts last, with the reason', () => {
    const data = dataOf(3);
    const valid = { ...data.errors[0]!, split: 'valid' as const };
    const perClass = data.overview.perClass.map((one, i) => (i === 1 ? { ...one, support: 3, f1: 0 } : i === 2 ? { ...one, support: 0, predicted: 0 } : one)); // prettier-ignore
    const page = reportHtml({ ...data, errors: [...data.errors, valid], overview: { ...data.overview, perClass } });
    const errors = page.slice(page.indexOf('<h2>Sure and wrong')).split('</section>')[0]!;
    expect(errors).toContain('<span class="chip">test</span>');
    expect(errors).toContain('<span class="chip">validation</span>');
    const classes = page.slice(page.indexOf('<h2>Label by label')).split('</section>')[0]!;
    expect(classes.indexOf('label 0')).toBeLessThan(classes.indexOf('label 1'));
    expect(classes.match(/Fewer than 5 texts: too few to say/g)).toHaveLength(2);
    // Nothing is said of no text at all: neither precision, recall and F1, nor those of word counts.
    expect(classes.slice(classes.indexOf('label 2')).match(/–/g)).toHaveLength(4);
  });

  it('never rounds a share up to all or down to none', () => {
    const data = dataOf(3);
    const contenders = data.overview.contenders.map((one) => ({ ...one, accuracy: one.used ? 0.9997 : 0.0002 }));
    const page = reportHtml({ ...data, overview: { ...data.overview, contenders } });
    expect(page).toContain('&gt;99.9%');
    expect(page).toContain('&lt;0.1%');
    expect(page).not.toMatch(/>0\.0%</);
  });

  it('lists unsure rows and the costliest ones with their loss', () => {
    const page = reportHtml(dataOf(3));
    const after = (title: string): string => page.slice(page.indexOf(`<h2>${title}</h2>`)).split('</section>')[0]!;
    expect(after('Costliest')).toContain('7.25');
    expect(after('Costliest')).toContain('Loss');
    expect(after('Unsure')).toContain('could not decide');
    expect(after('Unsure')).not.toContain('0.72');
    expect(reportHtml(dataOf(3, { uncertain: [], costliest: [] })).match(/<p>None\.<\/p>/g)).toHaveLength(2);
  });

  it('tells label by label what thresholds leave and how much of it is right', () => {
    const page = reportHtml(dataOf(3));
    const table = page.slice(page.indexOf('Each label at some thresholds'));
    expect(table).toContain('From 80%');
    // At 80 %: 12 of 20 answers are left, 9 of them right.
    expect(table).toMatch(/60% <span class="range">75%<\/span>/);
    const { confidence } = dataOf(3);
    const several = reportHtml(dataOf(3, { confidence: { ...confidence, multiLabel: true } }));
    // 9 of the 20 texts that have the label are found.
    expect(several).toMatch(/45% <span class="range">75%<\/span>/);
    expect(reportHtml(dataOf(3, { confidence: { ...confidence, perClass: [] } }))).not.toContain('at some thresholds');
  });

  it('draws the mix-ups of many labels and lists the largest', () => {
    expect(reportHtml(dataOf(30)).match(/<rect /g)?.length).toBe(60);
    expect(reportHtml(dataOf(3))).not.toContain('<rect ');
  });

  it('says so where nothing can be explained, or no claim be made', () => {
    const { againstBaseline } = dataOf(3).overview;
    const overview = { ...dataOf(3).overview, againstBaseline: { ...againstBaseline, p: 0.4 } };
    const page = reportHtml(dataOf(3, { explained: null, overview, doubted: { rows: [], estimate: null } }));
    expect(page).toContain('no longer kept');
    expect(page).toContain('cannot be told apart');
    expect(page).not.toContain('are expected to be wrong');
  });

  it.each(['de', 'fr'] as const)('has all its words in %s, with their numbers in them', (language) => {
    const page = reportHtml(dataOf(3, { language }));
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toContain(reportWords[language].confusion);
    expect(page).not.toMatch(/\{\w+\}(?![^<]*<\/style>)/);
    const names = (words: object): string[] =>
      [...JSON.stringify(words).matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();
    expect(names(reportWords[language])).toEqual(names(reportWords.en));
    expect(fill('{n} of {total}', { n: 1 })).toBe('1 of {total}');
  });
});
