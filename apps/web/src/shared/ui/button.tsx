import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import css from './button.module.css';
import { cx } from './class-names.ts';

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
  /** `primary` is the one thing to do on a screen; `quiet` has no border. Default `plain`. */
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  size?: 'normal' | 'large';
  icon?: ReactNode;
  /** Something is on its way: pressing again does nothing, the words stay. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
};

/** A button with words. */
export function Button({
  look = 'plain',
  size = 'normal',
  icon,
  busy = false,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: Props) {
  return (
    <button
      {...rest}
      type={type}
      className={cx(css.button, css[look], css[size], className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {icon}
      {children}
    </button>
  );
}

type IconProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> & {
  name: string;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
};

/** A button with an icon alone; `name` is what it is called. */
export function IconButton({ name, className, children, type = 'button', ...rest }: IconProps) {
  return (
    <button
      {...rest}
      type={type}
      className={cx(css.button, css.icon, className)}
      aria-label={name}
      title={name}
    >
      {children}
    </button>
  );
}

/** The class names of a button, for a link that looks like one. */
export function buttonClass(
  look: 'primary' | 'plain' | 'quiet' = 'plain',
  size: 'normal' | 'large' = 'normal',
): string {
  return cx(css.button, css[look], css[size]);
}
