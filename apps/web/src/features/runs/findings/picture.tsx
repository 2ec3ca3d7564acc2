import { useTranslation } from '../../../shared/i18n/index.ts';
import css from './runtime-pane.module.css';
import { lastOf, mostOf, pathOf, type Series, type Unit } from './series.ts';
import { useAmount } from './use-amount.ts';

const WIDTH = 240;
const HEIGHT = 44;

type Props = { name: string; series: Series; unit: Unit };

/** One measure over time, small: its line, what it is now and what it was at most. */
export function Picture({ name, series, unit }: Props) {
  const { t } = useTranslation('findings');
  const amount = useAmount();
  const [now, most] = [amount(lastOf(series), unit), amount(mostOf(series), unit)];
  return (
    <figure className={css.picture}>
      <figcaption>
        <span>{name}</span> <strong>{now}</strong>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('pictureOf', { what: name, now, most })}
      >
        <path d={pathOf(series, WIDTH, HEIGHT)} vectorEffect="non-scaling-stroke" />
      </svg>
      <span className={css.most}>{t('most', { most })}</span>
    </figure>
  );
}
