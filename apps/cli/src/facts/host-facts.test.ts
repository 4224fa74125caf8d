import { expect, test } from 'vitest';
import { readGitStatus } from './host-facts.ts';

test('reads revision, branch and changes from git status', () => {
  const head = '# branch.oid 0123abcd\n# branch.head main\n# branch.upstream origin/main\n# branch.ab +1 -0\n';
  expect(readGitStatus(head)).toEqual({ gitRevision: '0123abcd', gitBranch: 'main', isGitDirty: false });
  expect(readGitStatus(head + '1 .M N... 100644 100644 100644 aa bb a.go\n')).toMatchObject({ isGitDirty: true });
});

test('a new repository has no revision, a detached head no branch', () => {
  expect(readGitStatus('# branch.oid (initial)\n# branch.head main\n')).toEqual({
    gitBranch: 'main',
    isGitDirty: false,
  });
  expect(readGitStatus('# branch.oid 0123abcd\n# branch.head (detached)\n')).toEqual({
    gitRevision: '0123abcd',
    isGitDirty: false,
  });
});
