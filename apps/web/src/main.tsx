import { config } from 'zod';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { loadCatalogue } from './app/i18n/catalogue.ts';
import { startTranslation } from './shared/i18n/index.ts';

// The page's policy forbids making functions from text; zod then need not try.
config({ jitless: true });

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');
await startTranslation(loadCatalogue);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
