import type { CoverageBody } from '@lineage/contracts';
import { useMemo } from 'react';
import { useFormat, useTranslation } from '../../../shared/i18n/index.ts';
import { cx } from '../../../shared/ui/index.ts';
import type { Source } from '../output-line.tsx';
import { PlaceInSource } from '../place-in-source.tsx';
import css from './coverage-pane.module.css';
import { gapsOf, packagesOf, sumOf, type CoverageSum } from './line-coverage.ts';

/** More places of one file would hide the others; the editor marks them all. */
const SHOWN_GAPS = 12;

type Props = { files: readonly CoverageBody[]; source: Source };

/** What of the code the tests ran, by package and file, with the places where nothing did. */
export function CoveragePane({ files, source }: Props) {
  const { t } = useTranslation('coverage');
  const { share } = useFormat();
  const packages = useMemo(() => packagesOf(files), [files]);
  const total = sumOf(files);
  if (total.statements === 0) return <p className={cx(css.pane, css.dim)}>{t('none')}</p>;
  return (
    <div className={css.pane} role="region" tabIndex={0} aria-label={t('region')}>
      <p className={css.total}>
        {t('total', {
          share: share(total.covered / total.statements),
          covered: total.covered,
          count: total.statements,
        })}{' '}
        <span className={css.dim}>{t('hint')}</span>
      </p>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('file')}</th>
            <th scope="col">{t('ran')}</th>
            <th scope="col">{t('statements')}</th>
            <th scope="col">{t('missed')}</th>
          </tr>
        </thead>
        {packages.map(([name, own]) => (
          <tbody key={name}>
            {(own.length > 1 || packages.length > 1) && (
              <tr className={css.package}>
                <th scope="rowgroup">
                  <code>{name}</code>
                </th>
                <Ran sum={sumOf(own)} />
                <td />
              </tr>
            )}
            {own.map((file) => (
              <FileRow key={file.path} file={file} source={source} />
            ))}
          </tbody>
        ))}
      </table>
      <p className={css.dim}>{t('selfReported')}</p>
    </div>
  );
}

function FileRow({ file: { path, blocks }, source }: { file: CoverageBody; source: Source }) {
  const { t } = useTranslation('coverage');
  const gaps = gapsOf(blocks);
  return (
    <tr>
      <th scope="row">
        <PlaceInSource file={path} line={gaps[0]?.from ?? 1} source={source}>
          {path}
        </PlaceInSource>
      </th>
      <Ran sum={sumOf([{ blocks }])} />
      <td className={css.gaps}>
        {gaps.length === 0 && <span className={css.dim}>{t('all')}</span>}
        {gaps.slice(0, SHOWN_GAPS).map(({ from, to }) => (
          <PlaceInSource key={from} file={path} line={from} source={source}>
            {from === to ? t('line', { line: from }) : t('lines', { from, to })}
          </PlaceInSource>
        ))}
        {gaps.length > SHOWN_GAPS && (
          <span className={css.dim}>{t('more', { count: gaps.length - SHOWN_GAPS })}</span>
        )}
      </td>
    </tr>
  );
}

function Ran({ sum: { covered, statements } }: { sum: CoverageSum }) {
  const { t } = useTranslation('coverage');
  const { share } = useFormat();
  const part = statements === 0 ? 1 : covered / statements;
  return (
    <>
      <td className={css.ran}>
        <span className={css.bar} aria-hidden="true">
          <span style={{ width: `${part * 100}%` }} />
        </span>
        {share(part)}
      </td>
      <td>{t('of', { covered, count: statements })}</td>
    </>
  );
}
