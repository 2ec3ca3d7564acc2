import { config } from 'zod';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { loadCatalogue } from './app/i18n/catalogue.ts';
import { preload } from './app/router.tsx';
import { startTranslation } from './shared/i18n/index.ts';
import { startNavigation } from './shared/navigation/index.ts';
import './shared/theme/theme.css';
import { startTheme } from './shared/theme/index.ts';

// The page's policy forbids making functions from text; zod then need not try.
config({ jitless: true });

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');
startTheme();
startNavigation();
preload(location.pathname);
await startTranslation(loadCatalogue);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
