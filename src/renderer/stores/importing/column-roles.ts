import type { Column, ColumnChoice, ColumnRole } from '../../../shared/data-types';

/** The roles that can be given to a column now. */
export const choosableRoles = [
  'text',
  'label',
  'split',
  'group',
  'time',
  'id',
  'ignore',
] as const satisfies readonly ColumnRole[];
/** One of {@link choosableRoles}. */
export type ChoosableRole = (typeof choosableRoles)[number];

/** What each column of a file is. */
export type Roles = Readonly<Record<string, ChoosableRole>>;

/** How several labels stand in one cell. */
export interface LabelCells {
  readonly severalInCell: boolean;
  readonly separator: string;
}

/**
 * What the columns of a file are: those of the project's names are what they were in its earlier files, the others what
 * they look like, unless the project's own columns for that are all here.
 */
export function rolesFor(columns: readonly Column[], project: ColumnChoice | null): Roles {
  const before = project === null ? [] : columnsByRole(project);
  const here = new Set(columns.map(({ name }) => name));
  const known = new Map(before.flatMap(({ role, names }) => names.map((name) => [name, role] as const)));
  const settled = new Set<ColumnRole>(
    before.filter(({ names }) => names.length > 0 && names.every((name) => here.has(name))).map(({ role }) => role),
  );
  return Object.fromEntries(
    columns.map(({ name, suggestedRole }) => [
      name,
      known.get(name) ?? (settled.has(suggestedRole) ? 'ignore' : suggestedRole),
    ]),
  );
}

/** How the project's labels stand in their cells; null where it has no label column yet. */
export function labelCellsOf(project: ColumnChoice | null): LabelCells | null {
  if (project === null || project.labelColumns.length === 0) return null;
  const { multiLabel, labelColumns, labelSeparator } = project;
  const severalInCell = labelSeparator !== null || (multiLabel && labelColumns.length === 1);
  return { severalInCell, separator: labelSeparator ?? ';' };
}

function columnsByRole(choice: ColumnChoice): { readonly role: ChoosableRole; readonly names: readonly string[] }[] {
  const only = (name: string | undefined): readonly string[] => (name === undefined ? [] : [name]);
  return [
    { role: 'text', names: choice.textColumns },
    { role: 'label', names: choice.labelColumns },
    { role: 'split', names: only(choice.splitColumn) },
    { role: 'group', names: only(choice.groupColumn) },
    { role: 'time', names: only(choice.timeColumn) },
    { role: 'id', names: only(choice.idColumn) },
  ];
}
