import type { Artifact } from '@lineage/contracts';
import { Copy, Download, Link2 } from 'lucide-react';
import { useState } from 'react';
import { useCommand } from '../../shared/api/index.ts';
import { useTranslation } from '../../shared/i18n/index.ts';
import { LazyDialog } from '../../shared/ui/lazy-dialog.tsx';
import { Button, buttonClass, ErrorLine } from '../../shared/ui/index.ts';
import { ProfileLinks } from './profile-links.tsx';
import { contentAddress } from './use-profile.ts';

/** The raw file, the command that opens it with Go's own tool, and the links that such commands have. */
export function ProfileFileActions({ artifact }: { artifact: Artifact }) {
  const { t } = useTranslation('profile');
  const [copied, setCopied] = useState(false);
  const [looking, setLooking] = useState(false);
  const link = useCommand('createArtifactLink');
  const command = link.data === undefined ? null : `go tool pprof -http=: '${link.data.url}'`;
  const copy = (): void => {
    setCopied(false);
    link.mutate(
      { params: { artifactId: artifact.id }, body: {} },
      {
        onSuccess: ({ url }) => {
          // A browser may keep the clipboard to itself: then the command stands where it can be taken by hand.
          writeClipboard(`go tool pprof -http=: '${url}'`).then(
            () => setCopied(true),
            () => setLooking(true),
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
      {command !== null && (
        <Button look="quiet" icon={<Link2 size={14} aria-hidden="true" />} onClick={() => setLooking(true)}>
          {t('links.open')}
        </Button>
      )}
      <ErrorLine error={link.error} />
      <LazyDialog title={t('links.title')} opened={looking} onClose={() => setLooking(false)} size={620}>
        <ProfileLinks artifactId={artifact.id} command={command} />
      </LazyDialog>
    </>
  );
}

/** Rejects where there is no clipboard at all, as on a page without TLS. */
const writeClipboard = async (text: string): Promise<void> => {
  if (!('clipboard' in navigator)) throw new Error('no clipboard');
  await navigator.clipboard.writeText(text);
};
