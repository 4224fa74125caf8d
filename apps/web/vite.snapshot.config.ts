import { createHash } from 'node:crypto';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The same page as one file for snapshots: dist/snapshot.html, beside the page that vite.config.ts has built. */
export default defineConfig({
  plugins: [react(), oneFile()],
  worker: { format: 'iife' },
  build: {
    target: 'es2023',
    emptyOutDir: false,
    copyPublicDir: false,
    cssCodeSplit: false,
    assetsInlineLimit: Infinity,
    modulePreload: false,
    rollupOptions: { input: 'snapshot.html', output: { codeSplitting: false } },
  },
});

/**
 * Puts script and style into the page, and a policy before them: this script and these styles, workers made by it, and
 * nothing from outside, whatever the run in it says.
 */
function oneFile(): Plugin {
  return {
    name: 'observe-one-file',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = bundle['snapshot.html'];
      if (page?.type !== 'asset') throw new Error('vite made no snapshot.html');
      let script = '';
      let style = '';
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type === 'chunk') script += file.code;
        else if (name.endsWith('.css')) style += text(file.source);
        else continue;
        delete bundle[name];
      }
      // An inline script ends at the first `</script`, wherever it stands.
      const safe = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
      const policy = [
        `default-src 'none'`,
        `script-src '${hashOf(safe)}'`,
        `style-src '${hashOf(style)}'`,
        `worker-src blob:`,
        `img-src data:`,
        `base-uri 'none'`,
        `form-action 'none'`,
      ].join('; ');
      page.source = text(page.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, '')
        .replace(/\s*<link rel="stylesheet"[^>]*>/, '')
        .replace(
          '<meta charset="utf-8" />',
          (meta) => `${meta}\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
        )
        .replace('</head>', () => `  <style>${style}</style>\n  </head>`)
        .replace('</body>', () => `  <script type="module">${safe}</script>\n  </body>`);
    },
  };
}

const text = (source: string | Uint8Array): string =>
  typeof source === 'string' ? source : new TextDecoder().decode(source);
const hashOf = (content: string): string => `sha256-${createHash('sha256').update(content).digest('base64')}`;
