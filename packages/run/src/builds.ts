import type { TestEvent } from '@observe/gotest';
import { readBuildHeader } from '@observe/gotest';
import { mark, type BuildDraft, type PackageDraft, type RunDraft } from './draft.ts';
import { addOutput } from './output.ts';
import { NONE } from './state.ts';

/** `build-output` and `build-fail` (1.24+): they name what was being built, not the package that it broke. */
export function foldBuildEvent(draft: RunDraft, event: TestEvent, seq: number): void {
  const importPath = event.more?.ImportPath;
  if (typeof importPath !== 'string') return;
  const build = buildNamed(draft, importPath) ?? draft.addBuild(importPath, 'compile');
  if (event.action === 'build-fail') {
    build.isFailed = true;
    return;
  }
  const text = event.output ?? '';
  if (text.startsWith('# [')) build.kind = 'vet'; // vet's second header names the package in brackets
  addText(build, text, event.endsLine, seq);
}

/** A stray line: part of a build's text when a `# package` line came before (Go before 1.24, or stderr mixed in). */
export function foldStrayBuild(draft: RunDraft, text: string, seq: number): void {
  const header = readBuildHeader(text);
  if (header !== undefined) {
    const build = buildNamed(draft, header) ?? draft.addBuild(header, 'text');
    draft.run.strayBuild = build.row;
    addText(build, text, true, seq);
  } else if (draft.run.strayBuild !== NONE && !text.startsWith('go: ')) {
    addText(draft.build(draft.run.strayBuild), text, true, seq);
  }
}

/** Ties a package that failed to build to the build that broke it. */
export function linkFailedBuild(draft: RunDraft, pkg: PackageDraft, failedBuild: string | undefined): void {
  const step = pkg.scan.failedStep;
  if (failedBuild === undefined && step === undefined) return;
  let build = failedBuild === undefined ? textBuildOf(draft, pkg.name) : buildNamed(draft, failedBuild);
  if (build === undefined && failedBuild !== undefined) build = draft.addBuild(failedBuild, 'compile');
  pkg.failedBuildPath = failedBuild ?? build?.importPath;
  if (build === undefined) return;
  if (step === 'setup') build.kind = 'setup';
  if (failedBuild === undefined) mark(pkg, 'text-build');
  build.isFailed = true;
  build.packages = [...build.packages, pkg.row];
  pkg.failedBuild = build.row;
}

function addText(build: BuildDraft, text: string, endsLine: boolean, seq: number): void {
  let lines = endsLine ? 1 : 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  build.output = addOutput(build.output, seq, true, text.length + (endsLine ? 1 : 0), lines);
}

/** Builds that fail are few, and most come in a row: the newest first. */
function buildNamed(draft: RunDraft, importPath: string): BuildDraft | undefined {
  for (let row = draft.buildCount - 1; row >= 0; row--) {
    if (draft.peekBuild(row)?.importPath === importPath) return draft.build(row);
  }
  return undefined;
}

/** `p [p.test]`, `p.test` or `p_test [p.test]` were built for package `p`. */
function textBuildOf(draft: RunDraft, pkg: string): BuildDraft | undefined {
  for (let row = draft.buildCount - 1; row >= 0; row--) {
    const build = draft.peekBuild(row);
    if (build?.kind !== 'text') continue;
    const [path, forTest] = build.importPath.split(' ');
    if (path === pkg || path === `${pkg}.test` || forTest === `[${pkg}.test]`) return draft.build(row);
  }
  return undefined;
}
