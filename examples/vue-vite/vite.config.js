import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  // The tag is an element of the browser, no component of Vue's.
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'bilik-lookup' } } })],
  optimizeDeps: { exclude: ['bilik'] },
});
