import { dirname, relative, resolve, sep } from 'node:path';

/**
 * Who may import whom. A file's place in `src` names its room; a room may import the rooms and packages listed here and
 * nothing else (Node's own modules are allowed in every room that is not in the browser).
 */
const MAIN_SHELL = ['shared', 'main/host', 'main/platform', 'main/window', 'main/security', 'main/ipc'];
const MAIN_ENGINE = ['shared', 'engine', 'main/platform', 'main/host', 'main/workers'];
export const ROOMS = {
  shared: { rooms: ['shared'], packages: [/^zod$/], node: false },
  'engine/store': {
    rooms: ['shared', 'engine'],
    packages: [/^@duckdb\/node-api$/, /^(zod|iconv-lite|chardet)$/],
    node: true,
  },
  'engine/data': {
    rooms: ['shared', 'engine'],
    packages: [/^@duckdb\/node-api$/, /^(zod|iconv-lite|chardet)$/],
    node: true,
  },
  engine: {
    rooms: ['shared', 'engine'],
    packages: [/^(zod|entities|fflate|iconv-lite|chardet)(\/|$)/, /^@tensorflow\/tfjs-core$/],
    node: true,
  },
  'main/platform': { rooms: ['shared', 'main/platform'], packages: [/^zod$/], node: true },
  'main/host': { rooms: MAIN_ENGINE, packages: [/^zod$/], node: true },
  'main/workers': { rooms: MAIN_ENGINE, packages: [/^@tensorflow\//, /^zod$/], node: true },
  'main/cli': { rooms: [...MAIN_ENGINE, 'main/cli'], packages: [/^(zod|commander)$/], node: true },
  'main/window': { rooms: MAIN_SHELL, packages: [/^electron$/, /^zod$/], node: true },
  'main/security': { rooms: MAIN_SHELL, packages: [/^electron$/, /^zod$/], node: true },
  'main/ipc': { rooms: MAIN_SHELL, packages: [/^electron$/, /^zod$/], node: true },
  main: { rooms: MAIN_SHELL, packages: [/^electron$/], node: true },
  preload: { rooms: ['shared', 'preload'], packages: [/^electron$/], node: false },
  renderer: {
    rooms: ['shared', 'renderer'],
    packages: [/^(vue|pinia|vue-i18n|echarts|reka-ui|@tanstack\/vue-virtual|zod)(\/|$)/, /^@intlify\//],
    node: false,
  },
};

/** The room of a path below `src` ('engine/text/rules.ts' → 'engine'); the longest name that fits. */
export function roomOf(path) {
  const names = Object.keys(ROOMS).sort((a, b) => b.length - a.length);
  return names.find((name) => path.startsWith(`${name}/`)) ?? null;
}

/** Whether a room listed as allowed holds another one: 'engine' holds 'engine/store', 'main' holds only its own files. */
function holds(allowed, room) {
  return allowed.some((name) => name === room || (name === 'engine' && room.startsWith('engine/')));
}

/**
 * Why an import breaks the table, or null when it is allowed.
 * @param {string} file path of the importing file below `src`, with forward slashes
 * @param {string} source what stands in the import
 */
export function refusal(file, source) {
  const room = roomOf(file);
  if (room === null) return null;
  const { rooms, packages, node } = ROOMS[room];
  if (source.startsWith('.')) {
    const target = relative(resolve('/'), resolve('/', dirname(file), source))
      .split(sep)
      .join('/');
    const targetRoom = roomOf(target);
    if (targetRoom === null)
      return source.includes('.json') || source.endsWith('.css') ? null : `${room} may not import from outside of src`;
    return targetRoom === room || holds(rooms, targetRoom)
      ? null
      : `${room} may not import ${targetRoom} (only ${rooms.join(', ')})`;
  }
  if (source.startsWith('node:')) return node ? null : `${room} may not use Node (${source})`;
  return packages.some((pattern) => pattern.test(source)) ? null : `${room} may not import the package ${source}`;
}

function sourceOf(node) {
  if (node.type === 'CallExpression') {
    const name = node.callee.type === 'MemberExpression' ? node.callee.object.name : node.callee.name;
    return name === 'require' || name === 'load' ? node.arguments[0] : null;
  }
  return node.source;
}

/** The table as an ESLint rule: imports, re-exports, dynamic imports and `require`. */
export const importTable = {
  meta: { type: 'problem', docs: { description: 'keeps to the table of who may import whom' }, schema: [] },
  create(context) {
    const file = relative(resolve(context.cwd, 'src'), context.filename).split(sep).join('/');
    if (file.startsWith('..')) return {};
    const check = (node) => {
      const source = sourceOf(node);
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const why = refusal(file, source.value.replace(/\?.*$/, ''));
      if (why !== null)
        context.report({ node: source, message: `${why}. The table is in scripts/lint/import-table.mjs.` });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      CallExpression: check,
    };
  },
};
