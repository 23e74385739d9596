import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { createMockConsole } from './dev/mock-console.ts';

/** A console whose API the development server uses, such as `http://127.0.0.1:8080`. Without it, the mock in `dev` answers. */
const host = process.env['CONSOLE_HOST'];

const mock: Plugin = {
  name: 'mock-console',
  configureServer: (server) => {
    const mockConsole = createMockConsole();
    server.middlewares.use((request, response, next) => {
      mockConsole.handle(request, response).then((isDone) => {
        if (!isDone) next();
      }, next);
    });
  },
};

export default defineConfig({
  plugins: host === undefined ? [react(), mock] : [react()],
  // The host serves the files below `/console/`, and `index.html` for every page.
  build: {
    assetsDir: 'console/assets',
    manifest: 'console/manifest.json',
    license: { fileName: 'console/licenses.md' },
    // Scripts and pictures as data: URLs would need exceptions in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome123', 'firefox120', 'safari17.5'],
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    sourcemap: false,
  },
  server: {
    host: '127.0.0.1',
    ...(host === undefined ? {} : { proxy: { '/console/api': { target: host, changeOrigin: true } } }),
  },
});
