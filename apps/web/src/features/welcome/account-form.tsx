import { emailSchema, passwordSchema, personNameSchema } from '@lineage/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from '../../shared/i18n/index.ts';
import { PasswordField, TextField } from '../../shared/ui/field.tsx';
import { Button, ErrorLine } from '../../shared/ui/index.ts';
import css from './account-form.module.css';
import { loginProblem } from './login-problem.ts';

export type AccountFields = { name: string; email: string; password: string };
type Problems = Partial<Record<keyof AccountFields, string>>;

type Props = {
  /** A new account also wants a name and a password of a certain length. */
  isNew: boolean;
  verb: string;
  onSubmit: (fields: AccountFields) => Promise<void>;
  footer?: ReactNode;
};

/** E-mail and password, for signing in or for a new account. */
export function AccountForm({ isNew, verb, onSubmit, footer }: Props) {
  const { t } = useTranslation('app');
  const [problems, setProblems] = useState<Problems>({});
  const submit = useMutation({ mutationFn: onSubmit, networkMode: 'always' });
  const check = ({ name, email, password }: AccountFields): Problems => ({
    ...(isNew && !personNameSchema.safeParse(name).success ? { name: t('welcome.problem.name') } : {}),
    ...(emailSchema.safeParse(email).success ? {} : { email: t('welcome.problem.email') }),
    ...(isNew && !passwordSchema.safeParse(password).success
      ? { password: t('welcome.problem.password') }
      : {}),
  });
  const onForm = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (key: string): string => String(form.get(key) ?? '');
    const fields = { name: text('name').trim(), email: text('email').trim(), password: text('password') };
    const found = check(fields);
    setProblems(found);
    const [first] = Object.keys(found);
    if (first === undefined) submit.mutate(fields);
    else event.currentTarget.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
  };
  const problem = loginProblem(submit.error);
  return (
    <form className={css.form} onSubmit={onForm} noValidate>
      {isNew && <TextField name="name" label={t('welcome.name')} autoComplete="name" error={problems.name} />}
      <TextField
        name="email"
        type="email"
        label={t('welcome.email')}
        autoComplete="email"
        error={problems.email}
      />
      <PasswordField
        name="password"
        label={t('welcome.password')}
        description={isNew ? t('welcome.passwordRule') : undefined}
        autoComplete={isNew ? 'new-password' : 'current-password'}
        error={problems.password}
        showLabel={t('welcome.showPassword')}
      />
      {problem === null ? (
        <ErrorLine error={submit.error} />
      ) : (
        <p role="alert" className={css.problem}>
          {t(`welcome.login.${problem}`)}
        </p>
      )}
      <div className={css.actions}>
        <Button type="submit" look="primary" busy={submit.isPending}>
          {verb}
        </Button>
        {footer}
      </div>
    </form>
  );
}
