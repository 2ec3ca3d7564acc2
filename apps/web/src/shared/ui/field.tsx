import { Eye, EyeOff } from 'lucide-react';
import { useId, useState, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from 'react';
import { cx } from './class-names.ts';
import css from './field.module.css';

type Around = {
  /** Above the field; a field without one has an `aria-label`. */
  label?: string | undefined;
  /** What is asked for, before it went wrong. */
  description?: string | undefined;
  /** What is wrong with it; read out with the field. */
  error?: string | undefined;
  /** `xs` stands in a row of buttons. Default `sm`. */
  size?: 'xs' | 'sm';
};
type InputProps = Around & Omit<InputHTMLAttributes<HTMLInputElement>, 'size'>;
type SelectProps = Around &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, 'size'> & {
    data: readonly { readonly value: string; readonly label: string }[];
  };

/** A line of text with its label. */
export function TextField({ label, description, error, size, className, ...rest }: InputProps) {
  return (
    <Field {...{ label, description, error, className }}>
      {(wiring) => <input {...rest} {...wiring} className={cx(css.input, size === 'xs' && css.small)} />}
    </Field>
  );
}

type PasswordProps = Omit<InputProps, 'type' | 'size'> & {
  /** What the button beside it is called, which shows the password. */
  showLabel: string;
};

/** A password that can be looked at. */
export function PasswordField({ label, description, error, showLabel, ...rest }: PasswordProps) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <Field {...{ label, description, error }}>
      {(wiring) => (
        <span className={css.withButton}>
          <input {...rest} {...wiring} type={shown ? 'text' : 'password'} className={css.input} />
          <button
            type="button"
            className={css.look}
            aria-label={showLabel}
            aria-pressed={shown}
            title={showLabel}
            onClick={() => setShown((is) => !is)}
          >
            <Icon size={16} aria-hidden="true" />
          </button>
        </span>
      )}
    </Field>
  );
}

/** A choice of few; the platform's own list, so that it works on every phone and reader. */
export function SelectField({ label, description, error, size, data, className, ...rest }: SelectProps) {
  return (
    <Field {...{ label, description, error, className }}>
      {(wiring) => (
        <select {...rest} {...wiring} className={cx(css.input, css.select, size === 'xs' && css.small)}>
          {data.map(({ value, label: words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

type Wiring = { id: string; 'aria-invalid': true | undefined; 'aria-describedby': string | undefined };

function Field({
  label,
  description,
  error,
  className,
  children,
}: Omit<Around, 'size'> & { className?: string | undefined; children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const described = [description !== undefined && `${id}-about`, error !== undefined && `${id}-error`]
    .filter((part) => part !== false)
    .join(' ');
  return (
    <div className={cx(css.field, className)}>
      {label !== undefined && (
        <label htmlFor={id} className={css.label}>
          {label}
        </label>
      )}
      {description !== undefined && (
        <p id={`${id}-about`} className={css.about}>
          {description}
        </p>
      )}
      {children({
        id,
        'aria-invalid': error === undefined ? undefined : true,
        'aria-describedby': described === '' ? undefined : described,
      })}
      {error !== undefined && (
        <p id={`${id}-error`} className={css.error}>
          {error}
        </p>
      )}
    </div>
  );
}
