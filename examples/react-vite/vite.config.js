import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // The client finds its worker and its module beside itself, where the development server must leave it.
  optimizeDeps: { exclude: ['bilik'] },
});
