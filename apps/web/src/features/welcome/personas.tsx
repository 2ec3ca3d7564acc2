import { useCommand, useRoute } from '../../shared/api/index.ts';
import { useFormat, useTranslation } from '../../shared/i18n/index.ts';
import { cx, ErrorLine, Skeleton } from '../../shared/ui/index.ts';
import { useSignedIn } from './use-signed-in.ts';
import css from './welcome.module.css';

/** The demo's doors: one button per persona. */
export function Personas() {
  const { t } = useTranslation('app');
  const { pick } = useFormat();
  const personas = useRoute('listPersonas');
  const signIn = useCommand('demoSignIn');
  const signedIn = useSignedIn();
  const enter = (persona: string): void =>
    signIn.mutate({ body: { persona } }, { onSuccess: () => void signedIn() });
  return (
    <section className={css.demo} aria-labelledby="demo-doors">
      <h2 id="demo-doors">{t('welcome.demo')}</h2>
      <p className={css.hint}>{t('welcome.demoHint')}</p>
      {personas.isPending && <Skeleton rows={[100, 100, 100]} />}
      <ErrorLine error={personas.error ?? signIn.error} />
      <ul className={css.doors}>
        {personas.data?.personas.map(({ persona, name, label, role, groupName }) => (
          <li key={persona}>
            <button
              type="button"
              className={cx(css.door, role === 'instructor' && css.first)}
              aria-busy={signIn.isPending && signIn.variables.body.persona === persona}
              onClick={() => enter(persona)}
            >
              <strong>{pick(label)}</strong>
              <span>{groupName === null ? name : `${name} · ${groupName}`}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
