import { useTranslation } from '../../shared/i18n/index.ts';
import css from './history.module.css';
import type { PastFile } from './moments.ts';

type Props = {
  files: readonly PastFile[];
  shown: PastFile | null;
  onShow: (id: string) => void;
};

/** The files that there were; one is in front. */
export function PastFiles({ files, shown, onShow }: Props) {
  const { t } = useTranslation('history');
  return (
    <div className={css.files} role="group" aria-label={t('file')}>
      {files.map(({ id, path }) => (
        <button
          key={id}
          type="button"
          className={css.file}
          aria-pressed={id === shown?.id}
          onClick={() => onShow(id)}
        >
          {path}
        </button>
      ))}
    </div>
  );
}
