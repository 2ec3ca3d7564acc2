import { useTranslation } from '../../shared/i18n/index.ts';
import { useAllCommands } from '../../shared/keyboard/index.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Keys } from '../../shared/ui/index.ts';
import css from './keys-sheet.module.css';

/** The keys of this screen, by heading. */
export function KeysSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('app');
  const commands = useAllCommands();
  const groups = Map.groupBy(
    commands.flatMap(({ keys, ...command }) => (keys === undefined ? [] : [{ ...command, keys }])),
    ({ group }) => group,
  );
  return (
    <Dialog title={t('command.keys')} opened onClose={onClose}>
      <div className={css.groups}>
        {[...groups].map(([group, members]) => (
          <section key={group}>
            <h3 className={css.head}>{group}</h3>
            <dl className={css.list}>
              {members.map(({ id, name, keys }) => (
                <div key={id} className={css.row}>
                  <dt>{name}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
