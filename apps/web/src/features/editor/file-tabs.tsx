import { createFile, deleteFile, renameFile, type FileEntry, type RoomPerson } from '@lineage/collab';
import { FilePlus, FolderArchive, Pencil, Trash2, TriangleAlert, UserPen } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import type * as Y from 'yjs';
import { useTranslation } from '../../shared/i18n/index.ts';
import { useCommands } from '../../shared/keyboard/index.ts';
import { announce, IconButton, inLittleRoom } from '../../shared/ui/index.ts';
import css from './file-tabs.module.css';
import { PathForm } from './path-form.tsx';
import { peopleByAccount } from './room/active-room.ts';
import { neighbour } from './state/shown-file.ts';
import { UndoDelete, type DeletedFile } from './undo-delete.tsx';

/** Origin of changes to the tree: kept apart from typing, so that undo of text never touches files. */
const TREE_ORIGIN = Symbol('tree');

type Props = {
  doc: Y.Doc;
  files: readonly FileEntry[];
  shown: FileEntry | null;
  canWrite: boolean;
  people: ReadonlyMap<number, RoomPerson>;
  panelId: string;
  /** Whether it is shown who wrote each line. */
  blame: boolean;
  onBlame: (shown: boolean) => void;
  onArchive: () => void;
  onShow: (id: string) => void;
};

type Form = { readonly kind: 'create' } | { readonly kind: 'rename'; readonly file: FileEntry };

/** The files as tabs, in order of the tree, with what can be done to them. */
export function FileTabs(props: Props) {
  const { doc, files, shown, canWrite, people, panelId, blame, onBlame, onArchive, onShow } = props;
  const { t } = useTranslation('editor');
  const [form, setForm] = useState<Form | null>(null);
  const [deleted, setDeleted] = useState<DeletedFile | null>(null);

  const create = (path: string): void => {
    onShow(doc.transact(() => createFile(doc, path), TREE_ORIGIN));
    setForm(null);
  };
  const rename = (file: FileEntry, path: string): void => {
    doc.transact(() => renameFile(doc, file.id, path), TREE_ORIGIN);
    setForm(null);
  };
  const remove = (file: FileEntry): void => {
    setDeleted({ doc, id: file.id, path: file.ownPath, content: file.text.toString() });
    doc.transact(() => deleteFile(doc, file.id), TREE_ORIGIN);
    announce(t('files.deleted', { path: file.path }));
  };
  const restore = (file: DeletedFile): void => {
    doc.transact(() => createFile(doc, file.path, file.content, file.id), TREE_ORIGIN);
    onShow(file.id);
    setDeleted(null);
  };
  useFileCommands({
    files,
    shown,
    canWrite,
    onShow,
    onCreate: () => setForm({ kind: 'create' }),
    onRename: (file) => setForm({ kind: 'rename', file }),
    onDelete: remove,
    onBlame: () => onBlame(!blame),
    onArchive,
  });

  return (
    <>
      <div className={css.bar}>
        <TabList {...{ files, shown, people, panelId, onShow }} />
        <div className={css.actions}>
          {shown !== null && (
            <IconButton name={t('blame')} aria-pressed={blame} onClick={() => onBlame(!blame)}>
              <UserPen size={16} />
            </IconButton>
          )}
          <IconButton name={t('archive')} onClick={onArchive}>
            <FolderArchive size={16} />
          </IconButton>
          {canWrite && (
            <>
              <IconButton name={t('files.new')} onClick={() => setForm({ kind: 'create' })}>
                <FilePlus size={16} />
              </IconButton>
              {shown !== null && (
                <>
                  <IconButton
                    name={t('files.renameNamed', { path: shown.path })}
                    onClick={() => setForm({ kind: 'rename', file: shown })}
                  >
                    <Pencil size={15} />
                  </IconButton>
                  <IconButton
                    name={t('files.deleteNamed', { path: shown.path })}
                    onClick={() => remove(shown)}
                  >
                    <Trash2 size={15} />
                  </IconButton>
                </>
              )}
            </>
          )}
        </div>
      </div>
      {canWrite && form !== null && (
        <PathForm
          key={form.kind === 'rename' ? form.file.id : 'create'}
          files={files}
          renaming={form.kind === 'rename' ? form.file : null}
          onDone={(path) => (form.kind === 'rename' ? rename(form.file, path) : create(path))}
          onCancel={() => setForm(null)}
        />
      )}
      {deleted !== null && deleted.doc === doc && (
        <UndoDelete
          key={deleted.id}
          file={deleted}
          onUndo={canWrite ? () => restore(deleted) : null}
          onGone={() => setDeleted(null)}
        />
      )}
    </>
  );
}

function TabList({
  files,
  shown,
  people,
  panelId,
  onShow,
}: Pick<Props, 'files' | 'shown' | 'people' | 'panelId' | 'onShow'>) {
  const { t } = useTranslation('editor');
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const ends = { Home: files[0], End: files.at(-1) };
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : null;
    const next =
      event.key === 'Home' || event.key === 'End'
        ? ends[event.key]
        : step !== null && shown !== null
          ? neighbour(files, shown.id, step)
          : null;
    if (next === null || next === undefined) return;
    event.preventDefault();
    onShow(next.id);
    document.getElementById(`${panelId}-${next.id}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={t('files.label')} className={css.tabs} onKeyDown={onKeyDown}>
      {files.map((file) => {
        const selected = file.id === shown?.id;
        const here = peopleByAccount(people).filter(({ cursor }) => cursor?.file === file.id);
        const names = here.map(({ user }) => user.name).join(', ');
        return (
          <button
            key={file.id}
            id={`${panelId}-${file.id}`}
            type="button"
            role="tab"
            aria-selected={selected}
            aria-controls={selected ? panelId : undefined}
            tabIndex={selected ? 0 : -1}
            className={css.tab}
            title={here.length === 0 ? file.path : `${file.path} (${t('files.present', { names })})`}
            onClick={() => onShow(file.id)}
          >
            {file.path !== file.ownPath && (
              <TriangleAlert size={13} className={css.conflict} aria-hidden="true" />
            )}
            {file.path}
            {here.length > 0 && (
              <span className={css.here}>
                <span className="ln-hidden">{t('files.present', { names })}</span>
                {here.slice(0, 3).map(({ user }) => (
                  <span
                    key={user.id}
                    aria-hidden="true"
                    className={css.dot}
                    style={{ '--person': `var(--ln-person-${user.colour % 12})` } as React.CSSProperties}
                  >
                    {inLittleRoom(user.initials)}
                  </span>
                ))}
              </span>
            )}
          </button>
        );
      })}
    </div>
  );
}

type FileCommands = Pick<Props, 'files' | 'shown' | 'canWrite' | 'onShow'> & {
  onCreate: () => void;
  onRename: (file: FileEntry) => void;
  onDelete: (file: FileEntry) => void;
  onBlame: () => void;
  onArchive: () => void;
};

function useFileCommands({
  files,
  shown,
  canWrite,
  onShow,
  onCreate,
  onRename,
  onDelete,
  onBlame,
  onArchive,
}: FileCommands): void {
  const { t } = useTranslation('editor');
  const group = t('command.group');
  const step = (by: 1 | -1) => () => {
    const next = shown === null ? null : neighbour(files, shown.id, by);
    if (next !== null) onShow(next.id);
  };
  const several = files.length > 1;
  const onShown = (act: (file: FileEntry) => void) => () => {
    if (shown !== null) act(shown);
  };
  const canChange = canWrite && shown !== null;
  useCommands([
    { id: 'file.next', name: t('command.next'), keys: ']', group, enabled: several, run: step(1) },
    { id: 'file.previous', name: t('command.previous'), keys: '[', group, enabled: several, run: step(-1) },
    { id: 'file.blame', name: t('blame'), keys: 'g b', group, enabled: shown !== null, run: onBlame },
    { id: 'file.archive', name: t('archive'), group, run: onArchive },
    { id: 'file.new', name: t('files.new'), group, enabled: canWrite, run: onCreate },
    {
      id: 'file.rename',
      name: t('files.rename'),
      keys: 'F2',
      group,
      enabled: canChange,
      run: onShown(onRename),
    },
    { id: 'file.delete', name: t('files.delete'), group, enabled: canChange, run: onShown(onDelete) },
  ]);
}
