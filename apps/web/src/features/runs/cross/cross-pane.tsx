import type { CrossBody } from '@lineage/contracts';
import { useTranslation } from '../../../shared/i18n/index.ts';
import { useAmount } from '../findings/use-amount.ts';
import type { Source } from '../output-line.tsx';
import { PlaceInSource } from '../place-in-source.tsx';
import { useDuration } from '../use-duration.ts';
import css from './cross-pane.module.css';

/** What else is wrong with a build is beside the lines. */
const SHOWN_PROBLEMS = 3;

type Props = { built: readonly CrossBody[]; source: Source };

/** What came out of building for other systems, one row each, in the order in which they were asked for. */
export function CrossPane({ built, source }: Props) {
  const { t } = useTranslation('cross');
  return (
    <div className={css.pane} role="region" tabIndex={0} aria-label={t('region')}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('target')}</th>
            <th scope="col">{t('size')}</th>
            <th scope="col">{t('format')}</th>
            <th scope="col">{t('linking')}</th>
            <th scope="col">{t('time')}</th>
          </tr>
        </thead>
        <tbody>
          {built.map((one) => (
            <tr key={one.target}>
              <th scope="row">
                <code>{one.target}</code>
              </th>
              {one.built ? <Made made={one} /> : <NotMade made={one} source={source} />}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Made({ made }: { made: CrossBody }) {
  const { t } = useTranslation('cross');
  const amount = useAmount();
  const duration = useDuration();
  return (
    <>
      <td>{amount(made.sizeBytes, 'bytes')}</td>
      <td>{made.format}</td>
      <td>
        {made.static
          ? t('static')
          : made.libraries.length === 0
            ? t('loadsSome')
            : t('loads', { libraries: made.libraries.map(baseName).join(', ') })}
      </td>
      <td>{duration(made.buildMs)}</td>
    </>
  );
}

function NotMade({ made: { limit, diagnostics }, source }: { made: CrossBody; source: Source }) {
  const { t } = useTranslation('cross');
  return (
    <td colSpan={4}>
      <span className={css.bad}>{limit === null ? t('notBuilt') : t(`limit.${limit}`)}</span>
      <ul className={css.problems}>
        {diagnostics.slice(0, SHOWN_PROBLEMS).map(({ path, line, message }, at) => (
          <li key={at}>
            <PlaceInSource file={path} line={line} source={source}>
              {path}:{line}
            </PlaceInSource>{' '}
            <code lang="en">{message}</code>
          </li>
        ))}
      </ul>
    </td>
  );
}

const baseName = (library: string): string => library.slice(library.lastIndexOf('/') + 1);
