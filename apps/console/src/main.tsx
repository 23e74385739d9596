import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { guardDrops } from './upload/guard-drops.ts';
import './styles/tokens.css';
import './styles/base.css';

const element = document.getElementById('app');
if (element === null) throw new Error('the page has no element #app');
guardDrops(window);
createRoot(element).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
