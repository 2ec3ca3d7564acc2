import { useTranslation } from '../../shared/i18n/index.ts';
import css from './operations.module.css';
import { RoomsOverviewView } from './rooms-overview-view.tsx';
import { RunnerOverviewView } from './runner-overview-view.tsx';

/** What an operator looks at while people work: the runner, then the rooms. */
export function OperationsView() {
  const { t } = useTranslation('operations');
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>{t('title')}</h1>
        <span className={css.dim}>{t('live')}</span>
      </header>
      <RunnerOverviewView />
      <RoomsOverviewView />
    </div>
  );
}
