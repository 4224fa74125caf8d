import { posix } from 'node:path';
import ts from 'typescript';

/**
 * Which way imports may go; `floors.json` is one.
 *
 * @typedef {object} Room
 * @property {number} floor an import goes to a lower floor; never sideways, never up
 * @property {'pure' | 'node' | 'browser'} platform `pure`: no platform at all; it may be imported from everywhere above
 * @property {boolean} [isTestOnly] only tests may import it
 * @property {boolean} [isTest] all of its files are tests
 * @property {readonly string[]} [mayImport] these rooms and no others, where the floor alone would allow more
 *
 * @typedef {object} FloorPlan
 * @property {Readonly<Record<string, Room>>} rooms key: the room's folder, from the repository root
 * @property {readonly string[]} islands folders whose subfolders must not import one another
 * @property {readonly Debt[]} debts violations that are known and tolerated, each with its reason
 *
 * @typedef {{ from: string, to: string, why: string }} Debt `from`: a file; `to`: the import as written
 * @typedef {{ from: string, to: string, message: string }} Violation
 * @typedef {{ to: string, isTypeOnly: boolean }} Import
 */

/**
 * Every violation of the plan in `files` (path from the root, with `/` → source text), sorted by file.
 * A debt that nothing needs any more is one too: the list only shrinks.
 *
 * @param {FloorPlan} plan
 * @param {ReadonlyMap<string, string>} files
 * @returns {Violation[]}
 */
export function checkFloors(plan, files) {
  /** @type {Violation[]} */
  const found = [];
  /** @type {Map<string, string[]>} */
  const graph = new Map();
  for (const [from, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const room = roomOf(plan, from);
    if (room === undefined) {
      found.push({ from, to: '', message: 'is in no room of floors.json' });
      continue;
    }
    /** @type {string[]} */
    const edges = [];
    for (const { to, isTypeOnly } of importsOf(from, text)) {
      const message = judge(plan, from, room, to);
      if (message !== undefined) found.push({ from, to, message });
      if (to.startsWith('.') && !isTypeOnly) edges.push(posix.join(posix.dirname(from), to));
    }
    graph.set(from, edges);
  }
  found.push(...cyclesOf(graph));
  const isDebt = (/** @type {Violation} */ v) => plan.debts.some((d) => d.from === v.from && d.to === v.to);
  const paid = plan.debts
    .filter((d) => !found.some((v) => v.from === d.from && v.to === d.to))
    .map(({ from, to }) => ({ from, to, message: 'is paid: take this debt out of floors.json' }));
  return [...found.filter((v) => !isDebt(v)), ...paid];
}

/** @type {(plan: FloorPlan, file: string) => string | undefined} */
const roomOf = (plan, file) => Object.keys(plan.rooms).find((room) => file.startsWith(`${room}/`));

/**
 * Why the room's file must not have this import; undefined when it may.
 *
 * @param {FloorPlan} plan
 * @param {string} from
 * @param {string} room
 * @param {string} to
 */
function judge(plan, from, room, to) {
  const here = /** @type {Room} */ (plan.rooms[room]);
  if (to.startsWith('.')) return judgeRelative(plan, room, from, posix.join(posix.dirname(from), to));
  const isTest = here.isTest === true || /\.test\.tsx?$|\/test\//.test(from);
  if (to.startsWith('node:')) {
    if (here.platform === 'node' || isTest) return undefined;
    return `${room} has no Node: take what you need as an argument`;
  }
  if (!to.startsWith('@observe/')) return undefined;
  const [, name = '', ...deep] = to.split('/');
  if (deep.length > 0) return `a deep import: the only door is @observe/${name}`;
  const target = [`packages/${name}`, `apps/${name}`].find((key) => key in plan.rooms);
  if (target === undefined) return 'no such room in floors.json';
  const there = /** @type {Room} */ (plan.rooms[target]);
  if (there.isTestOnly === true) return isTest ? undefined : `${target} is for tests`;
  if (there.floor >= here.floor) {
    return `goes ${there.floor > here.floor ? 'up' : 'sideways'}: floor ${here.floor} → floor ${there.floor}`;
  }
  if (there.platform === 'node' && here.platform !== 'node') return `${target} needs Node, ${room} has none`;
  if (here.mayImport !== undefined && !here.mayImport.includes(target)) return `${room} may not import ${target}`;
  return undefined;
}

/**
 * @param {FloorPlan} plan
 * @param {string} room
 * @param {string} from
 * @param {string} target the imported file, from the root
 */
function judgeRelative(plan, room, from, target) {
  if (!target.startsWith(`${room}/`)) return 'reaches out of its room by a path: import the other room by its name';
  for (const folder of plan.islands) {
    const [mine, its] = [from, target].map((file) => partUnder(folder, file));
    if (mine !== undefined && its !== undefined && mine !== its) return `${mine} and ${its} must not know each other`;
  }
  return undefined;
}

/** @type {(folder: string, file: string) => string | undefined} */
const partUnder = (folder, file) =>
  file.startsWith(`${folder}/`) ? file.slice(folder.length + 1).split('/')[0] : undefined;

/**
 * All imports of a file as written: static, re-exported, dynamic (of a literal), and `import('…')` in types.
 *
 * @param {string} file
 * @param {string} text
 * @returns {Import[]}
 */
export function importsOf(file, text) {
  /** @type {Import[]} */
  const imports = [];
  /** @type {(node: import('typescript').Node | undefined, isTypeOnly: boolean) => void} */
  const add = (node, isTypeOnly) => {
    if (node !== undefined && ts.isStringLiteralLike(node)) imports.push({ to: node.text, isTypeOnly });
  };
  /** @type {(node: import('typescript').Node) => void} */
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return imports;
}

/**
 * One violation a cycle of files (imports of types alone make none: they are gone when the program runs).
 *
 * @param {ReadonlyMap<string, readonly string[]>} graph
 * @returns {Violation[]}
 */
function cyclesOf(graph) {
  /** @type {Violation[]} */
  const found = [];
  /** @type {Set<string>} */
  const done = new Set();
  /** @type {string[]} */
  const path = [];
  /** @type {(file: string) => void} */
  const visit = (file) => {
    const at = path.indexOf(file);
    if (at >= 0) {
      const cycle = [...path.slice(at), file];
      found.push({ from: file, to: cycle[1] ?? file, message: `a cycle: ${cycle.join(' → ')}` });
    }
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return found;
}
