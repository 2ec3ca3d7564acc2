import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { navigate } from './history.ts';
import { useNavigation } from './navigation.ts';

type Props = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & { to: string };

/** A link within the client. What it leads to is loaded when the pointer or the focus reaches it. */
export function Link({ to, onClick, ...rest }: Props) {
  const { preload, place } = useNavigation();
  const [path = ''] = to.split('?');
  const reach = (): void => preload(path);
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (event.defaultPrevented || elsewhere) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a
      {...rest}
      href={to}
      aria-current={path === place.pathname ? 'page' : undefined}
      onClick={follow}
      onPointerEnter={reach}
      onFocus={reach}
    />
  );
}
