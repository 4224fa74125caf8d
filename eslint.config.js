import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** One door a package: named exports, each named (docs: style, habit 19). */
const exportAll = {
  selector: 'ExportAllDeclaration',
  message: 'Export by name: index.ts is the list of what is public.',
};
/** A parser or a detector is a value; module state allows one at a time and binds tests to an order. */
const topLevelLet = [
  'Program > VariableDeclaration[kind="let"]',
  'Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]',
].map((selector) => ({ selector, message: 'No module state: make it a value that the caller holds.' }));

export default defineConfig(
  globalIgnores(['**/dist/', '**/test-results/', '**/playwright-report/', 'e2e/recordings/', 'examples/']),
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400 }],
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
      'no-restricted-syntax': ['error', exportAll],
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          'tsconfig.pure.json',
          'tsconfig.node.json',
          'tsconfig.e2e.json',
          'apps/web/tsconfig.json',
          'apps/web/tsconfig.test.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `async` also says "this seam is asynchronous": the in-memory twin of a store need not await.
      '@typescript-eslint/require-await': 'off',
      // Our objects are closures (`createX(): X`): there is no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['packages/**/*.ts'], rules: { 'no-restricted-syntax': ['error', exportAll, ...topLevelLet] } },
  {
    files: ['apps/web/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  // Plain JavaScript runs before anything is installed or built; TypeScript checks its names (tsconfig.node.json).
  { files: ['**/*.js', '**/*.mjs'], rules: { 'no-undef': 'off' } },
  { files: ['**/*.config.{ts,js}'], rules: { 'no-restricted-exports': 'off' } },
);
