import { Button } from '../../../shared/ui/index.ts';
import { kib, limitNumbers } from './archive-limits.ts';
import { useArchiveTexts } from './archive-texts.ts';
import css from './archive.module.css';
import type { UploadPlan } from './plan-upload.ts';

/** What would go in and what would not, with the button that does it. */
export function ZipPlan({ plan, onPutIn }: { plan: UploadPlan; onPutIn: () => void }) {
  const { t } = useArchiveTexts();
  const changing = plan.files.filter(({ kind }) => kind !== 'same').length;
  return (
    <>
      {plan.files.length > 0 && (
        <ul className={css.list} aria-label={t('files')} tabIndex={0}>
          {plan.files.map(({ path, kind }) => (
            <li key={path}>
              <code>{path}</code> <span className={css.dim}>{t(`kind.${kind}`)}</span>
            </li>
          ))}
        </ul>
      )}
      {plan.leftOut.length > 0 && (
        <>
          <h4 className={css.head}>{t('leftOut')}</h4>
          <ul className={css.list} aria-label={t('leftOut')} tabIndex={0}>
            {plan.leftOut.map(({ path, why }, index) => (
              <li key={index}>
                <code>{path}</code> <span className={css.dim}>{t(`why.${why}`)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {plan.tooMuch !== null && (
        <p role="alert" className={css.bad}>
          {t(`tooMuch.${plan.tooMuch}`, {
            ...limitNumbers,
            files: plan.fileCount,
            kib: kib(plan.textBytes),
          })}
        </p>
      )}
      {changing === 0 && <p role="status">{t('nothing')}</p>}
      {changing > 0 && plan.tooMuch === null && (
        <div className={css.actions}>
          <Button look="primary" onClick={onPutIn}>
            {t('putIn', { count: changing })}
          </Button>
        </div>
      )}
    </>
  );
}
