import type { Method, Request, Response } from '../../../src/shared/contract';
import type { Row } from '../../../src/shared/data-types';
import { AppError } from '../../../src/shared/errors';
import type { Job } from '../../../src/shared/jobs';
import { doctor, pick, predictionsFor, previewOf, recent, rejectedRows, samples } from './fake-data';
import { ablation, ablationParts } from './fake-ablation';
import { fakeExport } from './fake-export';
import { fakeFile } from './fake-file';
import { fakeModels } from './fake-models';
import { comparison, finishedRun, plan, runEvents } from './fake-run';
import { labellingFakes, stepOf, Undone } from './fake-labelling';
import { fakeInspect } from './fake-inspect';
import { fakeHealth } from './fake-health';
import { longText, manyLabels, shopLabels, shopText } from './fake-texts';

/** The states of the program that can be looked at. */
export const scenes = [
  'first',
  'home',
  'empty',
  'unlabelled',
  'labelled',
  'training',
  'classifying',
  'trained',
  'many',
  'broken',
] as const;
/** One of {@link scenes}. */
export type Scene = (typeof scenes)[number];

/** Answers of the fake: every method of the contract, typed like the real one. */
export type FakeHandlers = { [M in Method]: (request: Request<M>) => Response<M> | Promise<Response<M>> };
/** Tells the page something, as the real engine would. */
export type Emit = (event: 'job' | 'progress' | 'project' | 'engine' | 'modelDownload', payload: unknown) => void;

const colors = ['#0072b2', '#d55e00', '#00805d', '#a9568b', '#e69f00'];

/**
 * A stand-in for engine and shell with a little state of its own: enough to click through every screen. Used by the
 * component tests and for screenshots; never part of the product.
 */
export function createFakeHandlers(scene: Scene, emit: Emit): FakeHandlers {
  const labels: string[] =
    scene === 'unlabelled' ? ['complaint', 'praise'] : scene === 'many' ? [...manyLabels] : [...shopLabels];
  const hasProject = scene !== 'first' && scene !== 'home';
  const trained = scene === 'trained' || scene === 'many';
  const total = scene === 'empty' || scene === 'first' || scene === 'home' ? 0 : 5000;
  const rows: Row[] = Array.from({ length: total }, (_, index) => {
    const { text, label } = shopText(index);
    const labelled = scene !== 'unlabelled' && index % 5 !== 0;
    const name = scene === 'many' ? (labels[index % labels.length] ?? '') : label;
    return {
      id: index + 1,
      text: scene === 'many' && index % 7 === 0 ? longText : text,
      labels: labelled ? [name] : [],
      split: labelled ? (index % 3 === 0 ? 'valid' : 'train') : 'unlabelled',
      predicted: trained ? predictionsFor(name, labels, index) : null,
    };
  });
  const history = new Undone();
  let rowId: number | null = null;
  let project: Response<'project.current'> = null;
  let imported: Response<'import.summary'> = null;
  const filesOf = (summary: typeof imported): Response<'import.files'> =>
    summary === null
      ? []
      : [{ id: 1, path: '/home/ada/mails/support-mails.csv', role: 'data', summary, inUse: summary.rows }];
  const jobs = new Map<string, Job>();

  const counts = () =>
    labels.map((name, index) => ({
      name,
      count: rows.filter((row) => row.labels.includes(name)).length,
      color: colors[index % 5] ?? '',
    }));
  const state = (): Response<'labels.state'> => ({
    labels: counts(),
    labelled: rows.filter((row) => row.labels.length > 0).length,
    total: rows.length,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    rowId,
    undoStep: stepOf(history.past.at(-1)),
    redoStep: stepOf(history.future.at(-1)),
  });
  const describe = (path: string, name: string): NonNullable<typeof project> => ({
    path,
    name,
    createdAt: '2026-11-20T09:00:00Z',
    rows: rows.length,
    labelled: state().labelled,
    columns:
      rows.length === 0
        ? null
        : {
            textColumns: ['text'],
            labelColumns: scene === 'unlabelled' ? [] : ['topic'],
            multiLabel: false,
            labelSeparator: null,
          },
    labels: rows.length === 0 ? [] : counts(),
    hasLanguageModel: trained || scene === 'classifying',
    hasClassifier: trained,
    labelsAreNewer: false,
    sourceFile: rows.length === 0 ? null : '/home/ada/mails/support-mails.csv',
  });
  const announce = () => {
    if (project !== null) project = describe(project.path, project.name);
    emit('project', project);
  };
  if (hasProject)
    project = describe(
      '/home/ada/Thaw/support-mails',
      scene === 'many' ? 'Intents of the bank’s customers, all of them, second half of the year' : 'Support mails',
    );
  if (total > 0)
    imported = {
      rows: total,
      labelled: state().labelled,
      rejected: rejectedRows,
      rejectedCount: rejectedRows.length,
      labels: counts(),
      seconds: 1.4,
    };

  const job = (id: string, kind: Job['kind'], more: Partial<Job>): Job => ({
    id,
    kind,
    title: kind === 'import' ? 'Import support-mails.csv' : 'Training',
    state: 'running',
    stage: null,
    fraction: null,
    secondsLeft: null,
    startedAt: new Date(Date.now() - 220_000).toISOString(),
    endedAt: null,
    error: null,
    runId: null,
    ...more,
  });
  const running =
    scene === 'training'
      ? ({ stage: 'language-model-all', share: 0.62 } as const)
      : scene === 'classifying'
        ? ({ stage: 'classifier-last-two', share: 0.5 } as const)
        : null;
  if (running !== null)
    jobs.set(
      'job-1',
      job('job-1', 'train', {
        stage: running.stage,
        fraction: scene === 'training' ? 0.46 : 0.78,
        secondsLeft: 284,
        runId: 'run-1',
      }),
    );
  const change = (id: string, more: Partial<Job>): Job => {
    const next = { ...(jobs.get(id) ?? job(id, 'train', {})), ...more };
    jobs.set(id, next);
    emit('job', next);
    return next;
  };
  const setLabels = (id: number, next: string[]) => {
    const row = rows.find((candidate) => candidate.id === id);
    if (row === undefined) throw new AppError('not-found', `Expected row ${String(id)}, which is not in the project.`);
    const before = row.labels;
    row.labels = next;
    return before;
  };
  const page = (offset: number, limit: number, wanted: readonly Row[]) => ({
    total: wanted.length,
    rows: wanted.slice(offset, offset + limit),
  });

  return {
    'doctor.report': () => doctor,
    ...fakeModels(emit),
    ...fakeHealth(),
    'health.restore': () => state(),
    'project.create': ({ path, name, sample }) => {
      project = {
        ...describe(path, name),
        ...(sample !== undefined && { sample }),
        rows: 0,
        labelled: 0,
        columns: null,
        labels: [],
        hasLanguageModel: false,
        hasClassifier: false,
        labelsAreNewer: false,
        sourceFile: null,
      };
      emit('project', project);
      return project;
    },
    'project.open': ({ path }) => {
      if (scene === 'broken')
        throw new AppError('project-locked', `${path} is open in another process (4711).`, {
          data: { path, process: 4711 },
        });
      project = describe(path, 'Support mails');
      emit('project', project);
      return project;
    },
    'project.current': () => project,
    'project.close': () => {
      project = null;
      emit('project', null);
      return {};
    },
    'import.preview': ({ path, options }) => previewOf(path, options.delimiter ?? ',', scene === 'many'),
    'import.check': () => ({
      encoding: 'windows-1252',
      dialect: { delimiter: ',', quote: '"', escape: '"' },
      header: true,
      columns: ['id', 'text', 'topic'],
      rows: 5000,
      rejected: rejectedRows,
      rejectedCount: rejectedRows.length,
    }),
    'import.run': () => {
      change('job-i', job('job-i', 'import', { startedAt: new Date().toISOString() }));
      let done = 0;
      const timer = setInterval(() => {
        done += 1000;
        emit('progress', {
          jobId: 'job-i',
          runId: null,
          event: { type: 'count', stage: 'import', done, total: 5000, unit: 'rows', secondsLeft: (5000 - done) / 1000 },
        });
        if (done < 5000) return;
        clearInterval(timer);
        for (let index = 0; index < 40; index += 1)
          rows.push({ id: index + 1, ...pick(index), split: 'train', predicted: null });
        imported = {
          rows: rows.length,
          labelled: state().labelled,
          rejected: rejectedRows,
          rejectedCount: rejectedRows.length,
          labels: counts(),
          seconds: 1.1,
        };
        announce();
        change('job-i', { state: 'done', fraction: 1 });
      }, 60);
      return { jobId: 'job-i' };
    },
    'import.summary': () => imported,
    'import.files': () => filesOf(imported),
    'rows.page': ({ offset, limit, filter }) =>
      page(
        offset,
        limit,
        rows.filter(
          (row) =>
            (filter.search === undefined || row.text.toLowerCase().includes(filter.search.toLowerCase())) &&
            (filter.label === undefined || row.labels.includes(filter.label)) &&
            (filter.labelled === undefined || filter.labelled === row.labels.length > 0) &&
            (filter.split === undefined || row.split === filter.split),
        ),
      ),
    ...labellingFakes(rows, state),
    'labels.state': () => state(),
    'labels.add': ({ name }) => {
      labels.push(name);
      announce();
      return state();
    },
    'labels.move': ({ name, place }) => {
      labels.splice(place, 0, ...labels.splice(labels.indexOf(name), 1));
      return { ...state(), canUndo: true, undoStep: { kind: 'order', rows: 0, label: '' } };
    },
    'labels.rename': ({ from, to }) => {
      labels[labels.indexOf(from)] = to;
      for (const row of rows) row.labels = row.labels.map((name) => (name === from ? to : name));
      return state();
    },
    'labels.set': ({ rowId: id, labels: next }) => {
      const before = setLabels(id, next);
      history.past.push({ number: history.made++, rowId: id, before, after: next });
      history.future.length = 0;
      rowId = id;
      announce();
      return state();
    },
    'import.setAside': () => state(),
    'history.undo': () => {
      const last = history.past.pop();
      rowId = last?.rowId ?? null;
      if (last !== undefined) {
        setLabels(last.rowId, last.before);
        history.future.push(last);
      }
      return state();
    },
    'history.redo': () => {
      const next = history.future.pop();
      rowId = next?.rowId ?? null;
      if (next !== undefined) {
        setLabels(next.rowId, next.after);
        history.past.push(next);
      }
      return state();
    },
    'labels.queue': ({ limit, exclude, order }) => ({
      rows: rows
        .filter((row) => row.labels.length === 0 && row.marks?.skipped !== true && !exclude.includes(row.id))
        .slice(0, limit)
        .map((row) => ({
          ...row,
          predicted:
            scene === 'unlabelled' && history.past.length < 4
              ? null
              : (row.predicted ?? predictionsFor(labels[0] ?? '', labels, row.id)),
        })),
      basis: order === 'uncertain' ? (trained ? 'classifier' : scene === 'unlabelled' ? 'none' : 'baseline') : 'none',
    }),
    'training.plan': ({ preset }) => (preset === 'quick' ? { ...plan, seconds: 140 } : plan),
    'training.start': () => {
      change('job-1', job('job-1', 'train', { runId: 'run-1', startedAt: new Date().toISOString() }));
      for (const event of runEvents({ stage: 'language-model-all', share: 0.3 }))
        emit('progress', { jobId: 'job-1', runId: 'run-1', event });
      return { jobId: 'job-1' };
    },
    'jobs.list': () => [...jobs.values()],
    'jobs.pause': ({ jobId }) => change(jobId, { state: 'paused' }),
    'jobs.resume': ({ jobId }) => change(jobId, { state: 'running' }),
    'jobs.cancel': ({ jobId }) => change(jobId, { state: 'cancelled' }),
    'jobs.finish': ({ jobId }) => change(jobId, {}),
    'jobs.move': () => [...jobs.values()],
    'runs.rename': ({ name }) => ({ ...finishedRun(labels), name }),
    'runs.disk': () => [{ runId: 'run-1', classifier: 96_000_000, whole: 97_400_000 }],
    'runs.prune': () => ({ freed: 96_000_000 }),
    'rows.save': ({ out }) => ({ file: out, rows: 5200, bytes: 900_000 }),
    'rejected.save': ({ out }) => ({ file: out, rows: 3, bytes: 400 }),
    'runs.trash': () => ({}),
    'runs.trashed': () => [],
    'runs.restore': () => finishedRun(labels),
    'runs.deleteTrashed': () => ({ freed: 97_400_000 }),
    'runs.list': () => (running !== null ? [finishedRun(labels, 'running')] : trained ? [finishedRun(labels)] : []),
    'runs.get': () => ({ ...finishedRun(labels), events: running !== null ? runEvents(running) : runEvents() }),
    'inspect.comparison': () => (trained ? comparison(labels) : null),
    'inspect.cell': ({ actual, predicted, offset, limit }) =>
      page(
        offset,
        limit,
        rows
          .filter((row) => row.labels.includes(actual))
          .slice(0, 70)
          .map((row) => ({ ...row, predicted: [{ label: predicted, probability: 0.81 }] })),
      ),
    ...fakeInspect(labels, () => rows),
    'predict.texts': ({ texts }) =>
      texts.map((text) => ({
        text,
        labels: predictionsFor(labels[text.length % labels.length] ?? '', labels, text.length),
        unknownWords: text.includes('xylo') ? ['xylophonical'] : [],
      })),
    ...fakeFile,
    'training.findRate': () => ({ jobId: '' }),
    'training.rateCurve': () => null,
    'ablation.start': () => ({ jobId: '' }),
    'ablation.table': () => null,
    'ablation.parts': () => ablationParts,
    'ablation.list': () => (trained ? [{ folder: '/home/ada/Thaw/a', name: '20261121-1012', table: ablation }] : []),
    ...fakeExport(labels),
    'shell.info': () => ({
      version: '0.1.0',
      electron: '25.1.1',
      node: '18.15.0',
      platform: 'linux',
      locale: 'en-GB',
      dark: false,
      projectsFolder: '/home/ada/Thaw',
    }),
    'shell.recentProjects': () => (scene === 'first' ? [] : recent),
    'shell.projectPlaces': () => ['/home/ada/Thaw', '/media/usb-stick'],
    'shell.forgetProject': () => ({}),
    'shell.chooseFile': () => '/home/ada/mails/support-mails.csv',
    'shell.chooseSave': ({ fileName }) => `/home/ada/Documents/${fileName}`,
    'shell.chooseFolder': () => '/home/ada/Documents',
    'shell.samples': () => samples,
    'shell.nameHistory': () => ({}),
    'shell.offerCommands': () => ({}),
    'shell.editField': () => ({}),
    'shell.showInFolder': () => ({}),
    'shell.settings': () => ({ theme: 'system', language: '' }),
    'shell.saveSettings': () => ({}),
  };
}
