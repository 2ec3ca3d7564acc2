import { useTranslation } from '../../shared/i18n/index.ts';
import css from './test-dots.module.css';

const MOST_DOTS = 16;

/** Tests as dots: full passed, crossed failed, hollow skipped. */
export function TestDots({ tests }: { tests: { passed: number; failed: number; skipped: number } }) {
  const { t } = useTranslation('app');
  const words = t('class.card.tests', tests);
  const dots = [
    ...Array.from({ length: tests.failed }, () => 'failed' as const),
    ...Array.from({ length: tests.passed }, () => 'passed' as const),
    ...Array.from({ length: tests.skipped }, () => 'skipped' as const),
  ];
  return (
    <span className={css.dots} role="img" aria-label={words} title={words}>
      {dots.slice(0, MOST_DOTS).map((outcome, index) => (
        <span key={index} className={css[outcome]} />
      ))}
      <span className={css.count}>
        {tests.passed}/{dots.length}
      </span>
    </span>
  );
}
