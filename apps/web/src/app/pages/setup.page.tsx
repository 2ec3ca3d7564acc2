import { FirstOwner } from '../../features/welcome/index.ts';

/** `/setup#token`. */
export function SetupPage() {
  return <FirstOwner />;
}
