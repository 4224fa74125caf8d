import { testOutcome, type TestOutcome } from '@observe/protocol';
import { RUN_SELECTION, type Selection } from './selection.ts';
import { SORTS, type Sort } from './tree.ts';

/** Version of the link. A change of meaning bumps it and upgrades older ones here. */
export const LINK_VERSION = 1;

export const TABS = ['output', 'goroutines', 'dumps', 'facts'] as const;
export type Tab = (typeof TABS)[number];

/** What of time is in sight. `fit`: all of it, also while it grows; `follow`: the last `spanNs` up to now. */
export type Range =
  | { readonly kind: 'fit' }
  | { readonly kind: 'follow'; readonly spanNs: number }
  | { readonly kind: 'fixed'; readonly fromNs: number; readonly toNs: number };

/** All that a link carries: a page opened with it shows the same. */
export interface View {
  readonly selection: Selection;
  readonly range: Range;
  readonly outcomes: ReadonlySet<TestOutcome>;
  readonly text: string;
  readonly sort: Sort;
  readonly tab: Tab;
}

export const FIT: Range = { kind: 'fit' };
export const DEFAULT_VIEW: View = {
  selection: RUN_SELECTION,
  range: FIT,
  outcomes: new Set(),
  text: '',
  sort: 'start',
  tab: 'output',
};

/** Only what differs from the default, so that a plain link stays short. Without leading `?`. */
export function encodeView(view: View): string {
  const query = new URLSearchParams();
  const { selection, range } = view;
  if (selection.kind === 'build') query.set('build', selection.importPath);
  if (selection.kind === 'package' || selection.kind === 'test') query.set('pkg', selection.package);
  if (selection.kind === 'test') query.set('test', selection.test);
  if (selection.kind === 'test' && selection.occurrence !== 1) query.set('n', String(selection.occurrence));
  if (view.tab !== DEFAULT_VIEW.tab) query.set('tab', view.tab);
  if (view.outcomes.size > 0)
    query.set('show', testOutcome.options.filter((outcome) => view.outcomes.has(outcome)).join(','));
  if (view.text !== '') query.set('q', view.text);
  if (view.sort !== DEFAULT_VIEW.sort) query.set('sort', view.sort);
  if (range.kind === 'follow') query.set('t', `live:${Math.round(range.spanNs)}`);
  if (range.kind === 'fixed') query.set('t', `${Math.round(range.fromNs)}:${Math.round(range.toNs)}`);
  const text = query.toString();
  return text === '' ? '' : `v=${LINK_VERSION}&${text}`;
}

/** A link is typed, cut and mailed by people: what cannot be read is the default, never an error. */
export function decodeView(text: string): View {
  const query = new URLSearchParams(text);
  const outcomes = (query.get('show') ?? '').split(',').flatMap((word) => testOutcome.safeParse(word).data ?? []);
  return {
    selection: readSelection(query),
    range: readRange(query.get('t') ?? ''),
    outcomes: new Set(outcomes),
    text: query.get('q') ?? '',
    sort: SORTS.find((sort) => sort === query.get('sort')) ?? DEFAULT_VIEW.sort,
    tab: TABS.find((tab) => tab === query.get('tab')) ?? DEFAULT_VIEW.tab,
  };
}

/** Whether the link was made by a page newer than this one: then parts of it may be lost on us. */
export const isNewerLink = (text: string): boolean =>
  Number(new URLSearchParams(text).get('v') ?? LINK_VERSION) > LINK_VERSION;

function readSelection(query: URLSearchParams): Selection {
  const importPath = query.get('build');
  if (importPath !== null) return { kind: 'build', importPath };
  const pkg = query.get('pkg');
  if (pkg === null) return RUN_SELECTION;
  const test = query.get('test');
  if (test === null) return { kind: 'package', package: pkg };
  const occurrence = Number(query.get('n') ?? 1);
  return {
    kind: 'test',
    package: pkg,
    test,
    occurrence: Number.isSafeInteger(occurrence) && occurrence > 0 ? occurrence : 1,
  };
}

function readRange(text: string): Range {
  const [first = '', second = ''] = text.split(':');
  const to = Number(second);
  if (second === '' || !Number.isFinite(to)) return FIT;
  if (first === 'live') return to > 0 ? { kind: 'follow', spanNs: to } : FIT;
  const from = Number(first);
  return first !== '' && Number.isFinite(from) && from < to ? { kind: 'fixed', fromNs: from, toNs: to } : FIT;
}
