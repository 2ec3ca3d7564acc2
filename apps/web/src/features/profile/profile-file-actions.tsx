import type { Artifact } from '@lineage/contracts';
import { Copy, Download } from 'lucide-react';
import { useState } from 'react';
import { useCommand } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { Button, buttonClass, ErrorLine } from '../../shared/ui/index.ts';
import { contentAddress } from './use-profile.ts';

/** The raw file, and the command that opens it with Go's own tool. */
export function ProfileFileActions({ artifact }: { artifact: Artifact }) {
  const { t } = useTranslation('profile');
  const [copied, setCopied] = useState(false);
  const link = useCommand('createArtifactLink');
  const copy = (): void => {
    link.mutate(
      { params: { artifactId: artifact.id }, body: {} },
      {
        onSuccess: ({ url }) => {
          navigator.clipboard.writeText(`go tool pprof -http=: '${url}'`).then(
            () => setCopied(true),
            () => setCopied(false),
          );
        },
      },
    );
  };
  return (
    <>
      <a className={buttonClass('quiet')} href={contentAddress(artifact)} download={artifact.name}>
        <Download size={14} aria-hidden="true" /> {t('download')}
      </a>
      <Button look="quiet" icon={<Copy size={14} aria-hidden="true" />} busy={link.isPending} onClick={copy}>
        {t('copyCommand')}
      </Button>
      <span role="status">{copied ? t('copied') : ''}</span>
      <ErrorLine error={link.error} />
    </>
  );
}
