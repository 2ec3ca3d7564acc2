import type { Agent } from '@lineage/contracts';
import { Check, X } from 'lucide-react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Badge } from '../../shared/ui/index.ts';
import css from './operations.module.css';

const tones = { full: 'ok', restricted: 'warn', refused: 'bad' } as const;

/** One agent: what it is, and what each layer was found to hold. */
export function AgentTable({ agent }: { agent: Agent }) {
  const { t } = useTranslation('operations');
  const { version, goVersion, level, lacks, buildSlots, runSlots, layers } = agent;
  return (
    <>
      <p className={css.agent}>
        <strong>{t('agent', { version, go: goVersion })}</strong>
        <Badge tone={tones[level]}>{t(`level.${level}`)}</Badge>
        <span className={css.dim}>{t('capacity', { builds: buildSlots, runs: runSlots })}</span>
      </p>
      {lacks !== '' && (
        <p className={css.dim} lang="en">
          {lacks}
        </p>
      )}
      <div className={css.wide} role="region" tabIndex={0} aria-label={t('agents')}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('layer')}</th>
              <th scope="col">{t('holds')}</th>
              <th scope="col">{t('tried')}</th>
            </tr>
          </thead>
          <tbody>
            {layers.map(({ name, holds, detail }) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                  <Meaning layer={name} />
                </th>
                <td className={holds ? css.ok : css.bad}>
                  {holds ? <Check size={14} aria-hidden="true" /> : <X size={14} aria-hidden="true" />}{' '}
                  {t(holds ? 'yes' : 'no')}
                </td>
                <td lang="en">{detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** What a layer does, in words; an agent that is newer than this page may have others. */
function Meaning({ layer }: { layer: string }) {
  const { t } = useTranslation('operations');
  const key = `layerMeans.${layer}`;
  const words = t(key);
  return words === key ? null : <div className={css.dim}>{words}</div>;
}
