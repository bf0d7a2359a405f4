import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Response } from '../../shared/contract';
import type { ColumnChoice, ImportedFile, ImportPreview, ImportRole, ReadOptions } from '../../shared/data-types';
import { LIST_SEPARATOR } from '../../shared/list-cells';
import { debounce } from '../app/debounce';
import { call } from '../app/engine-client';
import { useErrorsStore } from './errors-store';
import { labelCellsOf, rolesFor, type ChoosableRole, type Roles } from './importing/column-roles';
import { isLive, useJobsStore } from './jobs-store';
import { useProjectStore } from './project-store';

/** Roles that one column can have at a time. */
const single: readonly ChoosableRole[] = ['split', 'group', 'time', 'id'];

const previewDelay = 250;

function named<K extends string>(key: K, name: string | undefined): Partial<Record<K, string>> {
  return name === undefined ? {} : ({ [key]: name } as Record<K, string>);
}

/** The file being looked at, how it is read, what its columns are, and its import. */
export const useImportStore = defineStore('import', () => {
  const errors = useErrorsStore();
  const jobs = useJobsStore();
  const project = useProjectStore();

  const path = ref('');
  /** What stands in the path field. */
  const typedPath = ref('');
  const options = ref<ReadOptions>({});
  const preview = shallowRef<ImportPreview | null>(null);
  const previewing = ref(false);
  const roles = ref<Roles>({});
  const severalInCell = ref(false);
  const separator = ref(';');
  const separatorNoticed = ref(false);
  const importAs = ref<ImportRole>('data');
  const check = shallowRef<Response<'import.check'> | null>(null);
  const checking = ref(false);
  const jobId = ref<string | null>(null);
  /** The files that were imported, oldest first. */
  const files = shallowRef<readonly ImportedFile[]>([]);

  const withRole = (role: ChoosableRole) =>
    (preview.value?.columns ?? []).filter((c) => roles.value[c.name] === role).map((c) => c.name);
  const textColumns = computed(() => withRole('text'));
  const labelColumns = computed(() => withRole('label'));
  const oneWith = (role: ChoosableRole) => withRole(role)[0];
  const choice = computed<ColumnChoice | null>(() =>
    textColumns.value.length === 0
      ? null
      : {
          ...named('splitColumn', oneWith('split')),
          ...named('groupColumn', oneWith('group')),
          ...named('timeColumn', oneWith('time')),
          ...named('idColumn', oneWith('id')),
          textColumns: textColumns.value,
          labelColumns: labelColumns.value,
          multiLabel: labelColumns.value.length > 1 || severalInCell.value,
          labelSeparator: severalInCell.value && separator.value !== '' ? separator.value : null,
        },
  );
  const job = computed(() => (jobId.value === null ? null : (jobs.byId[jobId.value] ?? null)));
  const count = computed(() => (jobId.value === null ? null : (jobs.counts[jobId.value] ?? null)));
  const running = computed(() => jobId.value !== null && (job.value === null || isLive(job.value)));

  let asked = 0;
  async function loadPreview(): Promise<void> {
    const mine = ++asked;
    if (path.value === '') return;
    previewing.value = true;
    const answer = await errors.guard(() => call('import.preview', { path: path.value, options: options.value }));
    if (mine !== asked) return;
    previewing.value = false;
    if (answer === null) return;
    preview.value = answer;
    check.value = null;
    const kept = roles.value;
    const usual = rolesFor(answer.columns, project.current?.columns ?? null);
    roles.value = Object.fromEntries(
      answer.columns.map(({ name }) => [name, kept[name] ?? usual[name] ?? ('ignore' as const)]),
    );
    for (const role of single) keepOne(role, withRole(role)[0]);
    noticeSeparator(answer);
  }
  const previewSoon = debounce(() => void loadPreview(), previewDelay);

  async function choose(next: string): Promise<void> {
    path.value = next.trim();
    typedPath.value = path.value;
    options.value = {};
    roles.value = {};
    preview.value = null;
    check.value = null;
    severalInCell.value = false;
    separatorNoticed.value = false;
    await loadPreview();
    // A file that cannot be opened: the chooser comes back, with what was typed.
    if (preview.value === null && path.value === next.trim()) clearFile();
  }

  function clearFile(): void {
    asked += 1;
    previewSoon.cancel();
    path.value = '';
    preview.value = null;
    previewing.value = false;
    check.value = null;
  }

  /** Changes how the file is read; the preview follows shortly after. */
  function setOptions(patch: ReadOptions): void {
    options.value = { ...options.value, ...patch };
    previewSoon();
  }

  function setRole(column: string, role: ChoosableRole): void {
    roles.value = { ...roles.value, [column]: role };
    const isList = preview.value?.columns.some(({ name, lists }) => name === column && lists === true) === true;
    if (role === 'label' && isList) readAsList();
    if (single.includes(role)) keepOne(role, column);
  }

  /** Takes a role that only one column can have from the others. */
  function keepOne(role: ChoosableRole, column: string | undefined): void {
    roles.value = Object.fromEntries(
      Object.entries(roles.value).map(([name, its]) => [name, its === role && name !== column ? 'ignore' : its]),
    );
  }

  /**
   * Cells are read as those of the project's earlier files; in a first file those that seem to hold several labels are
   * read so from the start. The person can say otherwise.
   */
  function noticeSeparator({ columns }: ImportPreview): void {
    if (separatorNoticed.value) return;
    separatorNoticed.value = true;
    const usual = labelCellsOf(project.current?.columns ?? null);
    const label = columns.find((c) => roles.value[c.name] === 'label');
    if (label?.lists === true && usual?.severalInCell !== false) {
      readAsList();
      return;
    }
    if (usual !== null) {
      ({ severalInCell: severalInCell.value, separator: separator.value } = usual);
      return;
    }
    if (label?.suggestedSeparator === undefined) return;
    severalInCell.value = true;
    separator.value = label.suggestedSeparator;
  }

  /** Lists say themselves where a label ends, whatever parts the labels of the project's other files. */
  function readAsList(): void {
    severalInCell.value = true;
    separator.value = LIST_SEPARATOR;
  }

  /** Keeps what was pasted as a file of the project and looks at it. */
  async function paste(text: string): Promise<void> {
    const answer = await errors.guard(() => call('import.paste', { text }));
    if (answer !== null) await choose(answer.path);
  }

  async function checkFile(): Promise<void> {
    checking.value = true;
    check.value = await errors.guard(() => call('import.check', { path: path.value, options: options.value }), true);
    checking.value = false;
  }

  async function start(request: {
    path: string;
    options: ReadOptions;
    columns: ColumnChoice;
    role: ImportRole;
  }): Promise<void> {
    const answer = await errors.guard(() => call('import.run', request), true);
    if (answer !== null) jobId.value = answer.jobId;
  }

  async function run(): Promise<void> {
    if (choice.value === null) return;
    await start({ path: path.value, options: options.value, columns: choice.value, role: importAs.value });
  }

  async function cancel(): Promise<void> {
    if (jobId.value !== null) await jobs.cancel(jobId.value);
  }

  async function loadFiles(): Promise<void> {
    files.value = await call('import.files', {});
  }

  // The end of the import job: its summary takes the place of the preview.
  watch(
    () => job.value?.state,
    (state) => {
      if (state === undefined || isLive(job.value)) return;
      jobId.value = null;
      if (state !== 'done') return;
      clearFile();
      typedPath.value = '';
      void errors.guard(loadFiles);
    },
  );

  function clear(): void {
    clearFile();
    typedPath.value = '';
    files.value = [];
    jobId.value = null;
    importAs.value = 'data';
  }

  return {
    path,
    typedPath,
    options,
    preview,
    previewing,
    roles,
    severalInCell,
    separator,
    importAs,
    check,
    checking,
    job,
    count,
    running,
    files,
    textColumns,
    labelColumns,
    choice,
    choose,
    clearFile,
    setOptions,
    setRole,
    paste,
    checkFile,
    start,
    run,
    cancel,
    loadFiles,
    clear,
  };
});
