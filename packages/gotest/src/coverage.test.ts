import { recordingText } from '@observe/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createCoverageReader,
  percentOf,
  summarizeCoverage,
  type CoverageLimits,
  type CoverageProfile,
} from './index.ts';

function read(text: string, limits?: Partial<CoverageLimits>): CoverageProfile {
  const reader = createCoverageReader(limits);
  for (const line of text.split('\n')) reader.push(line);
  return reader.end();
}

const faultsOf = ({ faults }: CoverageProfile): string[] => faults.map(({ kind, line }) => `${line} ${kind}`);

/** Blocks as the profile writes them. */
const blocksOf = ({ files, blocks: b }: CoverageProfile): string[] =>
  Array.from(
    { length: b.length },
    (_, i) =>
      `${files[b.file[i] as number]}:${b.startLine[i]}.${b.startColumn[i]},${b.endLine[i]}.${b.endColumn[i]} ${b.statements[i]} ${b.count[i]}`,
  );

test.each(['set', 'count', 'atomic'])(
  '%s: two test binaries told each block, and it counts once, as in go tool cover',
  (mode) => {
    const profile = read(recordingText(`profiles/go1.26/${mode}.cover`));
    const { total, files, packages } = summarizeCoverage(profile);
    expect(profile).toMatchObject({ mode, faults: [], repeated: 20 });
    expect(total).toEqual({ statements: 20, covered: 15 });
    const said = /\(statements\)\s+([\d.]+)%/.exec(
      recordingText(`profiles/go1.26/${mode === 'atomic' ? 'count' : mode}.cover.func`),
    );
    expect(percentOf(total)?.toFixed(1)).toBe(said?.[1]);
    expect(files.map(({ file, covered, statements }) => `${file} ${covered}/${statements}`)).toEqual([
      'example.com/profiles/busy/busy.go 8/8',
      'example.com/profiles/price/price.go 7/9',
      'example.com/profiles/price/tax.go 0/3',
    ]);
    expect(packages).toEqual([
      { package: 'example.com/profiles/busy', statements: 8, covered: 8 },
      { package: 'example.com/profiles/price', statements: 12, covered: 7 },
    ]);
  },
);

test('counts of one block are added in count and atomic, and only covered or not in set', () => {
  const twice = 'm/a.go:1.1,2.2 3 2\nm/a.go:1.1,2.2 3 4\n';
  expect(blocksOf(read(`mode: count\n${twice}`))).toEqual(['m/a.go:1.1,2.2 3 6']);
  expect(blocksOf(read(`mode: atomic\n${twice}`))).toEqual(['m/a.go:1.1,2.2 3 6']);
  expect(blocksOf(read(`mode: set\n${twice}`))).toEqual(['m/a.go:1.1,2.2 3 1']);
});

test('files are sorted by name, blocks by where they begin', () => {
  const profile = read('mode: set\nm/b.go:1.1,1.9 1 1\nm/a.go:12.1,13.1 1 0\nm/a.go:2.10,3.1 1 1\nm/a.go:2.9,2.10 1 0');
  expect(blocksOf(profile)).toEqual([
    'm/a.go:2.9,2.10 1 0',
    'm/a.go:2.10,3.1 1 1',
    'm/a.go:12.1,13.1 1 0',
    'm/b.go:1.1,1.9 1 1',
  ]);
  expect(faultsOf(profile)).toEqual([]);
});

test('profiles put behind each other are one, if their modes agree', () => {
  const [a, b] = ['m/a.go:1.1,2.2 1 5', 'm/b.go:1.1,2.2 1 0'];
  expect(read(`mode: count\n${a}\nmode: count\n${b}\n`)).toMatchObject({ mode: 'count', faults: [] });
  const mixed = read(`mode: count\n${a}\nmode: set\n${b}\nmode: set\n`);
  expect(mixed.mode).toBe('mixed');
  expect(faultsOf(mixed)).toEqual(['3 mixed-modes']);
  expect(blocksOf(mixed)).toEqual(['m/a.go:1.1,2.2 1 1', 'm/b.go:1.1,2.2 1 0']);
});

test('a block that contradicts is said, and the first counts', () => {
  const profile = read('mode: count\nm/a.go:1.1,2.2 3 2\nm/a.go:1.1,2.2 4 9\n');
  expect(faultsOf(profile)).toEqual(['3 contradiction']);
  expect(blocksOf(profile)).toEqual(['m/a.go:1.1,2.2 3 2']);
});

test('blocks of two versions of a file are said, once', () => {
  const profile = read('mode: set\nm/a.go:1.1,5.2 1 1\nm/a.go:3.1,6.2 1 1\nm/a.go:5.1,7.2 1 1\n');
  expect(faultsOf(profile)).toEqual(['3 overlap']);
});

test('bad lines are said with their number, good ones are kept', () => {
  const profile = read(
    'mode: set\r\nm/a.go:1.1,2.2 1 1\r\nhello\nm/a.go:1.1 1 1\nm/a.go:9.1,2.2 1 1\n\nc:/m m/b.go:1.1,2.2 1 0',
  );
  expect(faultsOf(profile)).toEqual(['3 bad-line', '4 bad-line', '5 bad-line']);
  expect(profile.files).toEqual(['c:/m m/b.go', 'm/a.go']);
});

test('without a mode, and with one of a later Go', () => {
  const none = read('m/a.go:1.1,2.2 1 7\nm/a.go:3.1,4.2 1 7\n');
  expect(none.mode).toBeUndefined();
  expect(faultsOf(none)).toEqual(['1 no-mode']);
  expect(blocksOf(none)).toEqual(['m/a.go:1.1,2.2 1 1', 'm/a.go:3.1,4.2 1 1']);
  expect(faultsOf(read('mode: branch\nm/a.go:1.1,2.2 1 7\n'))).toEqual(['1 bad-line', '2 no-mode']);
});

test('nothing covered is 0 percent; no statements have none', () => {
  expect(percentOf(summarizeCoverage(read('mode: set\nm/a.go:1.1,2.2 2 0\n')).total)).toBe(0);
  expect(percentOf(summarizeCoverage(read('mode: set\n')).total)).toBeUndefined();
});

test('past a limit, known blocks count on', () => {
  const profile = read('mode: count\nm/a.go:1.1,2.2 1 1\nm/a.go:3.1,4.2 1 1\nm/a.go:5.1,6.2 1 1\nm/a.go:1.1,2.2 1 1', {
    blocks: 1,
  });
  expect(faultsOf(profile)).toEqual(['3 too-large']);
  expect(blocksOf(profile)).toEqual(['m/a.go:1.1,2.2 1 2']);
  expect(read('x\n'.repeat(1000), { faults: 3 })).toMatchObject({ faults: { length: 3 }, droppedFaults: 997 });
});

test('any text is a profile with faults', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom('mode: set', 'mode: count', 'm/a.go:1.1,2.2 3 1', 'm/a.go:1.1,2.2 4 1', 'm/a.go:1.5,9.1 1 0', '\r'),
    fc
      .tuple(fc.string(), fc.array(fc.nat(1e10), { minLength: 6, maxLength: 6 }))
      .map(([file, [a, b, c, d, e, f]]) => `${file}:${a}.${b},${c}.${d} ${e} ${f}`),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      const profile = read(lines.join('\n'));
      const { total, files } = summarizeCoverage(profile);
      expect(total.covered).toBeLessThanOrEqual(total.statements);
      expect(files.map(({ file }) => file)).toEqual(profile.files);
      expect(blocksOf(read(['mode: count', ...blocksOf(profile)].join('\n')))).toEqual(blocksOf(profile));
    }),
    { numRuns: 500 },
  );
});

test.each(['1', ':1', ' ', '1.1,', 'm/a.go:1.1,2.2 ', '\0'])(
  'a line of nothing but %j is read in linear time',
  (piece) => {
    const profile = read(`mode: set\n${piece.repeat(1_000_000)}`, { lineChars: 10_000_000 });
    expect(faultsOf(profile)).toEqual(['2 bad-line']);
  },
);

test('blocks that all begin at one place are read in linear time', () => {
  const lines = Array.from({ length: 100_000 }, (_, i) => `m/a.go:1.1,${i + 1}.2 1 1`);
  expect(read(['mode: set', ...lines, ...lines].join('\n'))).toMatchObject({
    repeated: 100_000,
    blocks: { length: 100_000 },
  });
});
