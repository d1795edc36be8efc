import type { BilikFailure } from 'bilik/element';
import { useState } from 'react';

const site = import.meta.env.VITE_SITE;

/** An article with the lookup in it. What is typed there never reaches this app: it is a frame of the election's own site. */
export function App() {
  const [status, setStatus] = useState('memuat…');
  const [theme, setTheme] = useState<'light' | 'dark'>('light');
  const explain = ({ reason }: BilikFailure) =>
    reason === 'refused' ? 'situs ini memiliki pemilu atau kunci lain' : 'tidak bisa dihubungi';
  return (
    <main style={{ maxWidth: '40rem', margin: '0 auto' }}>
      <h1>Rabu ini kita memilih</h1>
      <bilik-lookup
        mirrors={site}
        theme={theme}
        loading="eager"
        onbilik-ready={() => setStatus('siap')}
        onbilik-error={({ detail }) => setStatus(explain(detail))}
      >
        <a href={site}>Cari TPS Anda</a>
      </bilik-lookup>
      <p>
        Pencarian: <output>{status}</output>{' '}
        <button type="button" onClick={() => setTheme(theme === 'light' ? 'dark' : 'light')}>
          Ganti tema
        </button>
      </p>
    </main>
  );
}
